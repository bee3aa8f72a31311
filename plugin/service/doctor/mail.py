"""The mailboxes that mail comes from, and the server that it goes out by."""

from __future__ import annotations

import errno
import os
import ssl
from email.utils import parseaddr
from pathlib import Path

from plugin.act.outcome import EffectError
from plugin.act.smtp import SmtpMailer
from plugin.intake.oauth2 import OAuth2Error, access_token
from plugin.intake.session import Session
from plugin.intake.trouble import trouble
from plugin.service.doctor.findings import Finding, failing, give, warning, well
from plugin.settings import FolderMailbox, ImapMailbox, Settings

_LOG = "See the server's own log."
_SMTP_REMEDIES = {
    "SMTPAuthenticationError": "The log-in is refused: check ANTESALA_SMTP_URL, or ANTESALA_OAUTH2_*.",
    "StartTlsMissing": "The server offers no STARTTLS: use smtps:// (port 465), or another port.",
    "SSLCertVerificationError": "The certificate is refused: use the name it was made for, or ANTESALA_SMTP_CA_FILE.",
    "SSLError": "TLS could not be agreed: smtps:// is for port 465, smtp:// (STARTTLS) for 587.",
    "gaierror": "There is no such host: check ANTESALA_SMTP_URL.",
    "ConnectionRefusedError": "Nobody listens there: check the port in ANTESALA_SMTP_URL, and whether the server runs.",
    "SMTPServerDisconnected": "The server hung up: smtp:// (STARTTLS) is for port 587, smtps:// for 465; or it wants "
    "nothing from this machine, which its log says.",
    "TimeoutError": "No answer: a firewall in between, or the wrong port in ANTESALA_SMTP_URL.",
    "MailFrom": "The envelope sender is refused: set ANTESALA_BOUNCE_ADDRESS to an address that the server accepts.",
    "RcptTo": "Mail to our own address is refused: check ANTESALA_MAIL_FROM, and whether the log-in may relay.",
}


def mailbox(box: ImapMailbox | FolderMailbox, settings: Settings) -> Finding:
    """One mailbox."""
    if isinstance(box, FolderMailbox):
        return _folder(f"mailbox {box.name}", box.path)
    name = f"mailbox {box.name}"
    try:
        session = Session(box, settings.max_message_bytes)
    except Exception as error:
        return failing(name, *_of_imap(error, box))
    try:
        return _marking(name, session) or well(name, _described(session))
    finally:
        session.close()


def sent(settings: Settings) -> Finding:
    """Where mails in doubt are looked for."""
    box = settings.sent
    if box is None:
        remedy = "Set ANTESALA_SENT_FOLDER, so that a mail that a server did not confirm is looked for."
        return warning("sent mail", "Where it lies is not known: a person is asked about each mail in doubt.", remedy)
    name = f"sent mail {box.name}"
    try:
        session = Session(box, settings.max_message_bytes, read_only=True)
    except Exception as error:
        what, remedy = _of_imap(error, box)
        return failing(name, what, remedy.replace("ANTESALA_MAILBOXES", "ANTESALA_SENT_FOLDER"))
    try:
        return well(name, f"Log-in works; {session.folder.exists} mails.")
    finally:
        session.close()


def _described(session: Session) -> str:
    box = session.mailbox
    way = {"tls": "TLS", "starttls": "STARTTLS", "none": "no TLS (loopback)"}[box.tls]
    push = f"IDLE, windows of {box.idle} s" if session.can_idle else f"no IDLE, looked at every {box.poll} s"
    return f"Log-in works; {way}; {session.folder.exists} mails; {push}; marks: {box.mark}."


def _marking(name: str, session: Session) -> Finding | None:
    mark = session.mailbox.mark
    if session.folder.read_only:
        return warning(
            name, "The folder is read-only for this user: mails are taken, but not marked.", "Give the user rights."
        )
    if mark == "keyword" and not session.folder.keywords:
        return warning(
            name,
            "The server keeps no keywords: mails are taken, but not marked.",
            "Set ANTESALA_MAILBOX_MARK to seen or move:<folder> if people look into this mailbox.",
        )
    return None


def _of_imap(error: Exception, box: ImapMailbox) -> tuple[str, str]:
    """What is wrong, and what to do."""
    if isinstance(error, OAuth2Error):
        return _of_token(error)
    return _halves(trouble(error, f"{box.host}:{box.port}").sentence.removeprefix(f"{box.name}: "), _LOG)


def _of_token(error: OAuth2Error) -> tuple[str, str]:
    return _halves(error.sentence, "Check ANTESALA_OAUTH2_TOKEN_URL, and whether this machine gets there.")


def _halves(sentence: str, otherwise: str) -> tuple[str, str]:
    """The first sentence says what is wrong, the rest what to do, or else it is `otherwise`."""
    for sign in (". ", "; "):
        what, found, remedy = sentence.partition(sign)
        if found:
            word = remedy.partition(" ")[0]
            return _begun(what) + ".", remedy if "://" in word else _begun(remedy)
    return _begun(sentence), otherwise


def _begun(sentence: str) -> str:
    """With a capital, but for the name of a host."""
    return sentence if "." in sentence.partition(" ")[0] else sentence[:1].upper() + sentence[1:]


def _folder(name: str, path: Path) -> Finding:
    try:
        path.mkdir(parents=True, exist_ok=True)
        if not os.access(path, os.R_OK | os.W_OK | os.X_OK):
            raise PermissionError(errno.EACCES, os.strerror(errno.EACCES))
    except OSError as error:
        return failing(name, f"{path} cannot be read and written: {error.strerror}.", f"{give(path)}.")
    waiting = sum(1 for _ in path.glob("*.eml")) + sum(1 for _ in path.glob("new/*"))
    return well(name, f"Readable and writable; {waiting} mails waiting.")


def smtp(settings: Settings) -> Finding:
    """The way out: up to the recipient, without a mail."""
    out = settings.smtp
    if out.scheme == "maildir":
        found = _folder("smtp", out.maildir)
        if found.state != "ok":
            return found
        said = f"Replies are put into the folder {out.maildir}; nothing is sent."
        if settings.dry_run or all(isinstance(box, FolderMailbox) for box in settings.mailboxes):
            return well("smtp", said)
        return warning("smtp", f"Mail is read from a mailbox. {said}", "Set ANTESALA_SMTP_URL and ANTESALA_MAIL_FROM.")
    name = f"smtp {out.host}:{out.port}"
    if wrong := _unreadable(out.ca_file):
        remedy = "Name a readable file in PEM in ANTESALA_SMTP_CA_FILE."
        return failing(name, f"The CA file {out.ca_file} cannot be used: {wrong}.", remedy)
    if out.oauth2 is not None:
        try:
            access_token(out.oauth2)
        except OAuth2Error as error:
            return failing(name, *_of_token(error))
    if what := _refusal(settings, settings.bounce_address):
        kind = what.split()[0]
        # most servers object to the sender only at RCPT; with a sender of our own it shows
        if kind == "RcptTo" and not settings.bounce_address and not _refusal(settings, _own(settings)):
            kind = "MailFrom"
        return failing(name, f"It does not take our mail: {what}.", _SMTP_REMEDIES.get(kind, _LOG))
    way = {"tls": "TLS", "starttls": "STARTTLS", "none": "no TLS (loopback)"}[out.tls]
    sender = settings.bounce_address or "the null sender"
    return well(name, f"{way}; {'log-in works; ' if out.user else ''}takes mail from {sender}. Nothing was sent.")


def _unreadable(ca_file: str) -> str:
    """Why a CA file is none; empty if it can be used, or none is set."""
    try:
        ssl.create_default_context(cafile=ca_file or None)
    except ssl.SSLError:
        return "it is not PEM"
    except OSError as error:
        return error.strerror or error.__class__.__name__
    return ""


def _refusal(settings: Settings, sender: str) -> str:
    """Why no mail from `sender` to ourselves would be taken, as codes and class names; empty if it would."""
    try:
        SmtpMailer(settings.smtp, settings.message_id_domain).open(sender, _own(settings)).close()
    except EffectError as error:
        return error.outcome.error or "unknown"
    return ""


def _own(settings: Settings) -> str:
    return parseaddr(settings.mail_from)[1]
