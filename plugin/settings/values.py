"""Settings as values: typed, frozen, secrets that do not show themselves."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from plugin.settings.shipped import RULES

#: Ways to sign a webhook: the rows of plugin/desks/signatures.py.
SIGNATURES = (
    "zammad",
    "zendesk",
    "chatwoot",
    "helpscout",
    "freescout",
    "intercom",
    "front",
    "escalated",
    "rt",
    "header",
    "path",
)
#: Where tickets may live: the list here, a mailbox, or one of the files of plugin/desks.
DESKS = ("builtin", "gateway", "rt", "django-helpdesk", "escalated", "zammad", "zendesk", "freshdesk", "chatwoot")
DESK_MODES = ("shadow", "note", "live")
MIN_DESK_SECRET = 16  #: characters; a shorter one can be guessed


class SettingsError(ValueError):
    """A setting cannot be used; the text names the variable and says what to write instead."""


@dataclass(frozen=True, slots=True)
class Secret:
    """A value that does not show itself in logs, tracebacks or tables."""

    value: str

    def __repr__(self) -> str:
        return "Secret(***)" if self.value else "Secret()"

    __str__ = __repr__

    def __bool__(self) -> bool:
        return bool(self.value)


@dataclass(frozen=True, slots=True)
class OAuth2:
    """What XOAUTH2 needs to get access tokens (RFC 6749 section 6)."""

    token_url: str
    client_id: str
    client_secret: Secret
    refresh_token: Secret
    scope: str = ""


@dataclass(frozen=True, slots=True)
class ImapMailbox:
    """One mailbox to read: `imaps://user:password@host:993/INBOX`."""

    name: str  #: unique: user@host/folder
    host: str
    port: int
    user: str
    password: Secret
    folder: str = "INBOX"
    tls: str = "tls"  #: tls, starttls or none (none only for loopback)
    mark: str = "keyword"  #: what is done after the commit: keyword, seen, or move:<folder>
    ca_file: str = ""  #: a CA of one's own, in PEM
    oauth2: OAuth2 | None = None
    idle: int = 30  #: seconds of one IDLE window; a server that stalls is noticed after it
    poll: int = 60  #: seconds between searches where there is no IDLE


@dataclass(frozen=True, slots=True)
class FolderMailbox:
    """A Maildir on this machine; `.eml` files dropped into it are taken too."""

    path: Path

    @property
    def name(self) -> str:
        return f"folder:{self.path}"


@dataclass(frozen=True, slots=True)
class Smtp:
    """Where replies go: `smtp://user:password@host:587` (STARTTLS), `smtps://…:465`, `maildir:PATH`."""

    scheme: str = "maildir"
    host: str = ""
    port: int = 0
    user: str = ""
    password: Secret = Secret("")
    tls: str = "none"  #: tls, starttls or none (none only for loopback)
    ca_file: str = ""
    oauth2: OAuth2 | None = None
    maildir: Path = Path("var/outbox")


@dataclass(frozen=True, slots=True)
class Settings:
    """All of it, with the embedded defaults."""

    home: Path = Path("var")
    rules: Path = RULES
    database_url: Secret = Secret("sqlite:///var/antesala.db")
    mailboxes: tuple[ImapMailbox | FolderMailbox, ...] = ()
    smtp: Smtp = field(default_factory=Smtp)
    sent: ImapMailbox | None = None  #: where mails of ours can be looked for; folder "auto": the server's Sent folder
    sent_wait: int = 900  #: seconds that a mail in doubt is looked for
    copy_to: str = ""  #: gets every mail of ours too, as a second envelope recipient
    mail_rate: float = 0.0  #: mails a second that go out at most, on all hosts together; 0: no limit
    desk_rate: float = 0.0  #: the same for calls to the desk
    hook_rate: float = 0.0  #: the same for outgoing webhooks
    mail_from: str = "Support <support@localhost>"
    bounce_address: str = ""  #: envelope sender of replies; empty means the null sender
    own_addresses: frozenset[str] = frozenset()
    message_id_domain: str = "antesala.localhost"
    authserv_id: str = ""  #: whose Authentication-Results are believed (RFC 8601); empty: nobody's
    desk: str = "builtin"  #: one of DESKS
    desk_url: str = ""
    desk_token: Secret = Secret("")
    desk_user: str = ""  #: the bot's name or address, where the desk logs in by it
    desk_secrets: tuple[Secret, ...] = ()  #: prove that a hook is the desk's; two while one is being replaced
    desk_mode: str = "live"  #: shadow (writes nothing), note (internal notes and tags only) or live
    desk_groups: Mapping[str, str] = field(default_factory=dict)  #: group id -> the desk's own name, if it is another
    desk_options: Mapping[str, str] = field(default_factory=dict)  #: the desk's own, e.g. names of custom fields
    desk_children: bool = False  #: open a ticket for each further issue of another group; else the note proposes it
    desk_poll: int = 60  #: seconds between looks at what changed in the desk
    gateway_note: str = "second"  #: the note in the mail gateway: "second" mail or first "part"
    gateway_addresses: Mapping[str, str] = field(default_factory=dict)  #: group id -> address; "*" for the rest
    webhook_secrets: tuple[Secret, ...] = ()  #: incoming, `whsec_…`; two while one is being replaced
    hook_url: str = ""  #: outgoing webhook for every decision
    hook_secret: Secret = Secret("")
    notify: Mapping[str, Secret] = field(default_factory=dict)  #: name, as groups say it -> address for Apprise
    listen_host: str = "127.0.0.1"
    listen_port: int = 8925
    hosts: tuple[str, ...] = ()  #: names that the web part answers to, where it listens beyond this machine
    admin_password: Secret = Secret("")  #: without it the pages are for this machine alone
    signing_key: Secret = Secret("")  #: signs our Message-IDs; made and kept in `home` when not given
    max_message_bytes: int = 25 * 1024 * 1024
    max_webhook_bytes: int = 256 * 1024
    meaning: bool = True  #: match examples by meaning
    sentry_dsn: Secret = Secret("")
    log_format: str = "text"  #: text or json
    retention_days: int = 90  #: that texts, addresses and attachments are kept
    dry_run: bool = False  #: decide and record, do nothing in the world
