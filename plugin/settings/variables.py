"""The names of all settings."""

from __future__ import annotations

from collections.abc import Mapping

#: Every variable there is, with what it means; `.env.example` and the docs are held against it by a test.
VARIABLES: Mapping[str, str] = {
    "HOME": "folder for the database, the embedded mailbox folders and caches",
    "RULES": "folder of the rulebook",
    "DATABASE_URL": "sqlite:///var/antesala.db or postgresql+psycopg://user:password@host/name",
    "MAILBOXES": "mailboxes to read, separated by blanks: imaps://user:password@host:993/INBOX or a folder",
    "MAILBOX_MARK": "what is done to a mail after it is stored: keyword, seen, or move:<folder>",
    "MAILBOX_CA_FILE": "a CA of one's own for IMAP, in PEM",
    "MAILBOX_IDLE": "seconds of one IDLE window",
    "MAILBOX_POLL": "seconds between looks at a mailbox without IDLE",
    "OAUTH2_TOKEN_URL": "token endpoint for XOAUTH2 (Microsoft 365, Gmail), used where there is no password",
    "OAUTH2_CLIENT_ID": "client id for XOAUTH2",
    "OAUTH2_CLIENT_SECRET": "client secret for XOAUTH2, if the application has one",
    "OAUTH2_REFRESH_TOKEN": "refresh token for XOAUTH2",
    "OAUTH2_SCOPE": "scope for XOAUTH2, if the provider wants one",
    "SMTP_URL": "smtp://user:password@host:587, smtps://…:465, or maildir:var/outbox",
    "SMTP_CA_FILE": "a CA of one's own for SMTP, in PEM",
    "SENT_FOLDER": "where a mail is looked for whose sending is in doubt: auto, a folder of the first mailbox, or imaps://…",
    "SENT_WAIT": "seconds that it is looked for, before a person is asked",
    "COPY_TO": "an address that gets a copy of every mail that goes out, e.g. of the mailbox in SENT_FOLDER",
    "MAIL_RATE": "mails that go out at most, on all hosts together: 30/minute, 1000/hour; empty is no limit",
    "MAIL_FROM": "the From of replies",
    "BOUNCE_ADDRESS": "envelope sender of replies; empty is the null sender, which RFC 3834 asks for",
    "OWN_ADDRESSES": "further addresses that are ours: aliases, the desk's notification address",
    "MESSAGE_ID_DOMAIN": "right side of our Message-IDs",
    "AUTHSERV_ID": "name of your mail server in Authentication-Results; mail that it says fails DMARC is not answered",
    "DESK": "builtin (the ticket list here), gateway (any desk that has a mailbox), or the name of a help desk",
    "DESK_URL": "address of the help desk",
    "DESK_TOKEN": "the bot's token for the desk's API",
    "DESK_USER": "the bot's name or address, for desks that log in by it",
    "DESK_SECRETS": "secrets that prove a webhook to be the desk's; two while one is being replaced",
    "DESK_MODE": "shadow (decides, writes nothing), note (internal notes and tags only) or live",
    "DESK_GROUPS": "group=name pairs with commas between, where the desk's name of a group is not its id",
    "DESK_OPTIONS": "name=value pairs with commas between: what one desk alone needs; see its page",
    "DESK_CHILDREN": "yes or no: open a ticket of its own for each further want; otherwise the note proposes it",
    "DESK_POLL": "seconds between looks at what changed in the desk, beside its webhooks",
    "DESK_RATE": "calls to the desk at most, on all hosts together: 300/minute; empty is no limit",
    "GATEWAY_NOTE": "the note in the mail gateway: second (a mail of its own) or part (first text part)",
    "GATEWAY_ADDRESSES": "group=address pairs for the mail gateway, * for all other groups",
    "WEBHOOK_SECRETS": "secrets (whsec_…) that sign incoming webhooks; two while one is being replaced",
    "HOOK_URL": "where to post every decision, signed",
    "HOOK_SECRET": "secret (whsec_…) that signs outgoing webhooks",
    "HOOK_RATE": "outgoing webhooks at most, on all hosts together: 10/second; empty is no limit",
    "LISTEN_HOST": "address that the web part listens on",
    "LISTEN_PORT": "port that the web part listens on",
    "HOSTS": "host names that the web part answers to, e.g. desk.example.com; empty means any, on a public address",
    "ADMIN_PASSWORD": "opens the pages to other computers, at least 15 characters; otherwise only this one sees them",
    "SIGNING_KEY": "signs our Message-IDs; made and kept under HOME when not given",
    "MAX_MESSAGE_BYTES": "largest mail that is taken",
    "MAX_WEBHOOK_BYTES": "largest webhook that is taken",
    "MEANING": "yes or no: match examples by meaning as well as by words",
    "SENTRY_DSN": "error reports to Sentry, without customer text; off when empty",
    "LOG_FORMAT": "text or json",
    "RETENTION_DAYS": "days that texts, addresses and attachments are kept; decisions stay without them",
    "DRY_RUN": "yes or no: decide and record, but send and change nothing",
}

#: Beginnings of names that an installation chooses the rest of.
GROUPS: Mapping[str, str] = {
    "NOTIFY": "ANTESALA_NOTIFY_<NAME>: an Apprise address (https://github.com/caronc/apprise) of people who are told, "
    "by the name that `notify` has in the rules: NIGHT_SHIFT is night-shift",
}
