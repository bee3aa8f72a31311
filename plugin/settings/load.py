"""From the environment to Settings."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path

from plugin.settings.addresses import domain_of, mailbox, password, sent_folder, smtp
from plugin.settings.checked import bare, by_group, sender, sentry, several, webhook
from plugin.settings.desk import desk
from plugin.settings.dotenv import lines_of
from plugin.settings.reader import Reader
from plugin.settings.shipped import RULES
from plugin.settings.values import FolderMailbox, Secret, Settings


def load(environ: Mapping[str, str] | None = None, dotenv: Path | None = Path(".env")) -> Settings:
    """Read the settings.

    Raises SettingsError for a value that cannot be used, naming the variable, or for a line of `.env`.
    """
    given: dict[str, str] = {}
    if dotenv is not None and dotenv.exists():
        given.update(lines_of(dotenv))
    given.update(os.environ if environ is None else environ)
    read = Reader(given)
    home = Path(read.text("HOME", "var"))
    mail_from = sender(read, "MAIL_FROM", "Support <support@localhost>")
    mailboxes = tuple(mailbox(read, text, i) for i, text in enumerate(read.lines("MAILBOXES"), 1))
    read.refuse_unknown()
    return Settings(
        home=home,
        rules=Path(read.text("RULES", str(RULES))),
        database_url=Secret(read.text("DATABASE_URL", f"sqlite:///{home / 'antesala.db'}")),
        mailboxes=mailboxes or (FolderMailbox(home / "inbox"),),
        smtp=smtp(read, home),
        sent=sent_folder(read, mailboxes),
        sent_wait=read.number("SENT_WAIT", 900, 1, 7 * 86400),
        copy_to=bare(read, "COPY_TO"),
        mail_rate=read.rate("MAIL_RATE"),
        desk_rate=read.rate("DESK_RATE"),
        hook_rate=read.rate("HOOK_RATE"),
        mail_from=mail_from,
        bounce_address=bare(read, "BOUNCE_ADDRESS"),
        own_addresses=several(read, "OWN_ADDRESSES"),
        message_id_domain=read.text("MESSAGE_ID_DOMAIN", domain_of(mail_from)),
        authserv_id=read.text("AUTHSERV_ID", "").lower(),
        **desk(read),
        gateway_note=read.choice("GATEWAY_NOTE", "second", ("second", "part")),
        gateway_addresses=by_group(read, "GATEWAY_ADDRESSES"),
        webhook_secrets=tuple(Secret(s) for s in read.lines("WEBHOOK_SECRETS")),
        **webhook(read),
        notify=read.named("NOTIFY"),
        listen_host=read.text("LISTEN_HOST", "127.0.0.1"),
        listen_port=read.number("LISTEN_PORT", 8925, 0, 65535),
        hosts=tuple(name.lower() for name in read.lines("HOSTS")),
        admin_password=password(read),
        signing_key=Secret(read.text("SIGNING_KEY", "")),
        max_message_bytes=read.number("MAX_MESSAGE_BYTES", 25 * 1024 * 1024, 1024, 2**31),
        max_webhook_bytes=read.number("MAX_WEBHOOK_BYTES", 256 * 1024, 1024, 2**30),
        meaning=read.flag("MEANING", True),
        sentry_dsn=sentry(read),
        log_format=read.choice("LOG_FORMAT", "text", ("text", "json")),
        retention_days=read.number("RETENTION_DAYS", 90, 1, 36500),
        dry_run=read.flag("DRY_RUN", False),
    )
