"""The environment, read once into one frozen value. The only reader of secrets.

Every setting is an `ANTESALA_*` variable; a `.env` file in the working folder may give them, the
environment wins. A secret may also stand in a file: `ANTESALA_SMTP_URL_FILE=/run/secrets/smtp`.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from difflib import get_close_matches
from pathlib import Path
from urllib.parse import SplitResult, unquote, urlsplit

from dotenv import dotenv_values

ROOT = Path(__file__).resolve().parent.parent


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
    rules: Path = ROOT / "rules"
    database_url: Secret = Secret("sqlite:///var/antesala.db")
    mailboxes: tuple[ImapMailbox | FolderMailbox, ...] = ()
    smtp: Smtp = field(default_factory=Smtp)
    mail_from: str = "Support <support@localhost>"
    bounce_address: str = ""  #: envelope sender of replies; empty means the null sender
    own_addresses: frozenset[str] = frozenset()
    message_id_domain: str = "antesala.localhost"
    authserv_id: str = ""  #: whose Authentication-Results are believed (RFC 8601); empty: nobody's
    desk: str = "builtin"  #: builtin or gateway here; the issue of desks adds more
    gateway_note: str = "second"  #: the note in the mail gateway: "second" mail or first "part"
    gateway_addresses: Mapping[str, str] = field(default_factory=dict)  #: group id -> address; "*" for the rest
    webhook_secrets: tuple[Secret, ...] = ()  #: incoming, `whsec_…`; two while one is being replaced
    hook_url: str = ""  #: outgoing webhook for every decision
    hook_secret: Secret = Secret("")
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
    dry_run: bool = False  #: decide and record, do nothing in the world


def load(environ: Mapping[str, str] | None = None, dotenv: Path | None = Path(".env")) -> Settings:
    """Read the settings.

    Raises SettingsError for a value that cannot be used, naming the variable.
    """
    given: dict[str, str] = {}
    if dotenv is not None and dotenv.is_file():
        given.update({k: v for k, v in dotenv_values(dotenv).items() if v is not None})
    given.update(os.environ if environ is None else environ)
    read = _Reader(given)
    home = Path(read.text("HOME", "var"))
    mail_from = read.text("MAIL_FROM", "Support <support@localhost>")
    mailboxes = tuple(_mailbox(read, text, i) for i, text in enumerate(read.lines("MAILBOXES"), 1))
    read.refuse_unknown()
    return Settings(
        home=home,
        rules=Path(read.text("RULES", str(ROOT / "rules"))),
        database_url=Secret(read.text("DATABASE_URL", f"sqlite:///{home / 'antesala.db'}")),
        mailboxes=mailboxes or (FolderMailbox(home / "inbox"),),
        smtp=_smtp(read, home),
        mail_from=mail_from,
        bounce_address=read.text("BOUNCE_ADDRESS", ""),
        own_addresses=frozenset(a.lower() for a in read.lines("OWN_ADDRESSES")),
        message_id_domain=read.text("MESSAGE_ID_DOMAIN", _domain(mail_from)),
        authserv_id=read.text("AUTHSERV_ID", "").lower(),
        desk=read.choice("DESK", "builtin", ("builtin", "gateway")),
        gateway_note=read.choice("GATEWAY_NOTE", "second", ("second", "part")),
        gateway_addresses=read.pairs("GATEWAY_ADDRESSES"),
        webhook_secrets=tuple(Secret(s) for s in read.lines("WEBHOOK_SECRETS")),
        hook_url=read.text("HOOK_URL", ""),
        hook_secret=Secret(read.text("HOOK_SECRET", "")),
        listen_host=read.text("LISTEN_HOST", "127.0.0.1"),
        listen_port=read.number("LISTEN_PORT", 8925, 0, 65535),
        hosts=tuple(name.lower() for name in read.lines("HOSTS")),
        admin_password=_password(read),
        signing_key=Secret(read.text("SIGNING_KEY", "")),
        max_message_bytes=read.number("MAX_MESSAGE_BYTES", 25 * 1024 * 1024, 1024, 2**31),
        max_webhook_bytes=read.number("MAX_WEBHOOK_BYTES", 256 * 1024, 1024, 2**30),
        meaning=read.flag("MEANING", True),
        sentry_dsn=Secret(read.text("SENTRY_DSN", "")),
        log_format=read.choice("LOG_FORMAT", "text", ("text", "json")),
        dry_run=read.flag("DRY_RUN", False),
    )


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
    "MAIL_FROM": "the From of replies",
    "BOUNCE_ADDRESS": "envelope sender of replies; empty is the null sender, which RFC 3834 asks for",
    "OWN_ADDRESSES": "further addresses that are ours: aliases, the desk's notification address",
    "MESSAGE_ID_DOMAIN": "right side of our Message-IDs",
    "AUTHSERV_ID": "name of your mail server in Authentication-Results; mail that it says fails DMARC is not answered",
    "DESK": "builtin (the ticket list here) or gateway (any desk that has a mailbox)",
    "GATEWAY_NOTE": "the note in the mail gateway: second (a mail of its own) or part (first text part)",
    "GATEWAY_ADDRESSES": "group=address pairs for the mail gateway, * for all other groups",
    "WEBHOOK_SECRETS": "secrets (whsec_…) that sign incoming webhooks; two while one is being replaced",
    "HOOK_URL": "where to post every decision, signed",
    "HOOK_SECRET": "secret (whsec_…) that signs outgoing webhooks",
    "LISTEN_HOST": "address that the web part listens on",
    "LISTEN_PORT": "port that the web part listens on",
    "HOSTS": "host names that the web part answers to, e.g. desk.example.com; empty means any, on a public address",
    "ADMIN_PASSWORD": "opens the pages to other computers, at least 15 characters; without it they are for this machine",
    "SIGNING_KEY": "signs our Message-IDs; made and kept under HOME when not given",
    "MAX_MESSAGE_BYTES": "largest mail that is taken",
    "MAX_WEBHOOK_BYTES": "largest webhook that is taken",
    "MEANING": "yes or no: match examples by meaning as well as by words",
    "SENTRY_DSN": "error reports to Sentry, without customer text; off when empty",
    "LOG_FORMAT": "text or json",
    "DRY_RUN": "yes or no: decide and record, but send and change nothing",
}


class _Reader:
    """Reads variables and says what is wrong with them."""

    def __init__(self, given: Mapping[str, str]) -> None:
        self.given = given

    def text(self, name: str, default: str) -> str:
        key = f"ANTESALA_{name}"
        if file := self.given.get(f"{key}_FILE"):
            try:
                return Path(file).read_text("utf-8").strip()
            except (OSError, UnicodeDecodeError) as error:
                raise SettingsError(f"{key}_FILE: cannot read {file}: {error.__class__.__name__}") from None
        return self.given.get(key, "").strip() or default

    def lines(self, name: str) -> list[str]:
        return self.text(name, "").split()

    def number(self, name: str, default: int, low: int, high: int) -> int:
        text = self.text(name, str(default))
        if not (text.isascii() and text.isdigit() and low <= int(text) <= high):
            raise SettingsError(f"ANTESALA_{name}: expected a whole number from {low} to {high}")
        return int(text)

    def flag(self, name: str, default: bool) -> bool:
        text = self.text(name, "yes" if default else "no").lower()
        if text not in ("yes", "no", "true", "false", "1", "0", "on", "off"):
            raise SettingsError(f"ANTESALA_{name}: expected yes or no")
        return text in ("yes", "true", "1", "on")

    def choice(self, name: str, default: str, options: tuple[str, ...]) -> str:
        text = self.text(name, default)
        if text not in options:
            raise SettingsError(f"ANTESALA_{name}: expected one of {', '.join(options)}")
        return text

    def pairs(self, name: str) -> Mapping[str, str]:
        out = {}
        for pair in self.lines(name):
            key, sep, value = pair.partition("=")
            if not (key and sep and value):
                raise SettingsError(f"ANTESALA_{name}: expected name=value pairs separated by blanks")
            out[key] = value
        return out

    def refuse_unknown(self) -> None:
        for key in self.given:
            name = key.removeprefix("ANTESALA_").removesuffix("_FILE")
            if key.startswith("ANTESALA_") and name not in VARIABLES and key.removeprefix("ANTESALA_") not in VARIABLES:
                near = get_close_matches(name, VARIABLES, 1)
                hint = f"; did you mean ANTESALA_{near[0]}?" if near else ""
                raise SettingsError(f"{key}: there is no such setting{hint}")


def _password(read: _Reader) -> Secret:
    text = read.text("ADMIN_PASSWORD", "")
    if text and len(text) < 15:
        raise SettingsError("ANTESALA_ADMIN_PASSWORD: expected at least 15 characters")
    return Secret(text)


def _oauth2(read: _Reader) -> OAuth2 | None:
    url = read.text("OAUTH2_TOKEN_URL", "")
    if not url:
        return None
    return OAuth2(
        url,
        read.text("OAUTH2_CLIENT_ID", ""),
        Secret(read.text("OAUTH2_CLIENT_SECRET", "")),
        Secret(read.text("OAUTH2_REFRESH_TOKEN", "")),
        read.text("OAUTH2_SCOPE", ""),
    )


def _mailbox(read: _Reader, text: str, number: int) -> ImapMailbox | FolderMailbox:
    where = f"ANTESALA_MAILBOXES, entry {number}"
    if "://" not in text:
        return FolderMailbox(Path(text))
    url, host, port = _url(text, where, {"imaps": 993, "imap+starttls": 143, "imap": 143})
    tls = {"imaps": "tls", "imap+starttls": "starttls", "imap": "none"}[url.scheme]
    if tls == "none" and not _loopback(host):
        raise SettingsError(f"{where}: imap:// would send the password in clear; write imaps:// or imap+starttls://")
    mark = read.text("MAILBOX_MARK", "keyword")
    if mark not in ("keyword", "seen") and not (mark.startswith("move:") and mark[5:]):
        raise SettingsError("ANTESALA_MAILBOX_MARK: expected keyword, seen or move:<folder>")
    folder = unquote(url.path.lstrip("/")) or "INBOX"
    user = unquote(url.username or "")
    if not user:
        raise SettingsError(f"{where}: the user is missing; write imaps://user:password@host/INBOX")
    password = Secret(unquote(url.password or ""))
    return ImapMailbox(
        name=f"{user}@{host}/{folder}",
        host=host,
        port=port,
        user=user,
        password=password,
        folder=folder,
        tls=tls,
        mark=mark,
        ca_file=read.text("MAILBOX_CA_FILE", ""),
        oauth2=None if password else _oauth2(read),
        idle=read.number("MAILBOX_IDLE", 30, 1, 1500),
        poll=read.number("MAILBOX_POLL", 60, 1, 3600),
    )


def _smtp(read: _Reader, home: Path) -> Smtp:
    text = read.text("SMTP_URL", f"maildir:{home / 'outbox'}")
    if text.startswith("maildir:"):
        return Smtp(maildir=Path(text[len("maildir:") :]))
    url, host, port = _url(text, "ANTESALA_SMTP_URL", {"smtps": 465, "smtp": 587, "smtp+plain": 25})
    tls = {"smtps": "tls", "smtp": "starttls", "smtp+plain": "none"}[url.scheme]
    if tls == "none" and not _loopback(host):
        raise SettingsError("ANTESALA_SMTP_URL: smtp+plain:// is for loopback only; write smtp:// or smtps://")
    password = Secret(unquote(url.password or ""))
    user = unquote(url.username or "")
    return Smtp(
        scheme="smtp",
        host=host,
        port=port,
        user=user,
        password=password,
        tls=tls,
        ca_file=read.text("SMTP_CA_FILE", ""),
        oauth2=_oauth2(read) if user and not password else None,
    )


def _url(text: str, where: str, schemes: Mapping[str, int]) -> tuple[SplitResult, str, int]:
    try:
        url = urlsplit(text)
        host, port = url.hostname or "", url.port
    except ValueError:
        raise SettingsError(f"{where}: not a URL; a password with special characters must be %-encoded") from None
    if url.scheme not in schemes or not host:
        raise SettingsError(f"{where}: expected {' or '.join(s + '://' for s in schemes)} with a host")
    return url, host, port or schemes[url.scheme]


def _loopback(host: str) -> bool:
    return host in ("localhost", "::1") or host.startswith("127.")


def _domain(mail_from: str) -> str:
    domain = mail_from.rsplit("@", 1)[-1].rstrip("> ")
    return domain if "." in domain else "antesala.localhost"
