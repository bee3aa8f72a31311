"""Mailboxes and mail servers as URLs."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from urllib.parse import SplitResult, unquote, urlsplit

from plugin.settings.checked import is_loopback
from plugin.settings.reader import Reader
from plugin.settings.values import FolderMailbox, ImapMailbox, OAuth2, Secret, SettingsError, Smtp


def password(read: Reader) -> Secret:
    text = read.text("ADMIN_PASSWORD", "")
    if text and len(text) < 15:
        raise SettingsError("ANTESALA_ADMIN_PASSWORD: expected at least 15 characters")
    return Secret(text)


def _oauth2(read: Reader, where: str) -> OAuth2:
    """What a URL without a password needs instead."""
    url = read.text("OAUTH2_TOKEN_URL", "")
    if not url:
        raise SettingsError(
            f"{where}: no password; write user:password@host, or set ANTESALA_OAUTH2_TOKEN_URL for OAuth2"
        )
    for name in ("OAUTH2_CLIENT_ID", "OAUTH2_REFRESH_TOKEN"):
        if not read.text(name, ""):
            raise SettingsError(f"ANTESALA_{name}: needed with ANTESALA_OAUTH2_TOKEN_URL; see docs/connecting.md")
    return OAuth2(
        url,
        read.text("OAUTH2_CLIENT_ID", ""),
        Secret(read.text("OAUTH2_CLIENT_SECRET", "")),
        Secret(read.text("OAUTH2_REFRESH_TOKEN", "")),
        read.text("OAUTH2_SCOPE", ""),
    )


def mailbox(read: Reader, text: str, number: int) -> ImapMailbox | FolderMailbox:
    where = f"ANTESALA_MAILBOXES, entry {number}"
    if "://" not in text:
        if "/" not in text and ("." in text.strip(".") or "@" in text):  # would be a new, empty folder for ever
            raise SettingsError(
                f"{where}: reads like a mail server; write imaps://user:password@host/INBOX, or ./name for a folder"
            )
        return FolderMailbox(Path(text))
    return _imap(read, text, where)


def sent_folder(read: Reader, mailboxes: Sequence[ImapMailbox | FolderMailbox]) -> ImapMailbox | None:
    """Where a mail of ours is found again: a folder of the first IMAP mailbox, or a mailbox of its own."""
    text = read.text("SENT_FOLDER", "")
    if not text:
        return None
    if "://" in text:
        return _imap(read, text, "ANTESALA_SENT_FOLDER")
    first = next((box for box in mailboxes if isinstance(box, ImapMailbox)), None)
    if first is None:
        raise SettingsError("ANTESALA_SENT_FOLDER: there is no IMAP mailbox; write imaps://user:password@host/folder")
    return replace(first, name=f"{first.user}@{first.host}/{text}", folder=text)


def _imap(read: Reader, text: str, where: str) -> ImapMailbox:
    url, host, port = _url(text, where, {"imaps": 993, "imap+starttls": 143, "imap": 143})
    tls = {"imaps": "tls", "imap+starttls": "starttls", "imap": "none"}[url.scheme]
    if tls == "none" and not is_loopback(host):
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
        oauth2=None if password else _oauth2(read, where),
        idle=read.number("MAILBOX_IDLE", 30, 1, 1500),
        poll=read.number("MAILBOX_POLL", 60, 1, 3600),
    )


def smtp(read: Reader, home: Path) -> Smtp:
    text = read.text("SMTP_URL", f"maildir:{home / 'outbox'}")
    if text.startswith("maildir:"):
        return Smtp(maildir=Path(text[len("maildir:") :]))
    url, host, port = _url(text, "ANTESALA_SMTP_URL", {"smtps": 465, "smtp": 587, "smtp+plain": 25})
    tls = {"smtps": "tls", "smtp": "starttls", "smtp+plain": "none"}[url.scheme]
    if tls == "none" and not is_loopback(host):
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
        oauth2=_oauth2(read, "ANTESALA_SMTP_URL") if user and not password else None,
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


def domain_of(mail_from: str) -> str:
    domain = mail_from.rsplit("@", 1)[-1].rstrip("> ")
    return domain if "." in domain else "antesala.localhost"
