"""What went wrong with a mailbox, as a sentence that an admin can act on.

Texts of exceptions are not repeated, since a library puts lines of mail into them; only a server's own refusal of a
log-in or a folder is.
"""

from __future__ import annotations

import imaplib
import re
import socket
import ssl

from imapclient.exceptions import CapabilityError, LoginError, ProtocolError

_HINT = re.compile(r"Backoff Time: (\d{1,9})")  # of Exchange, in milliseconds


class Trouble(Exception):
    """A mailbox cannot be read now. `lasting`: trying again soon will not help and may lock the account."""

    def __init__(self, sentence: str, *, lasting: bool = False, wait: float = 0.0) -> None:
        super().__init__(sentence)
        self.sentence = sentence
        self.lasting = lasting
        self.wait = wait  #: seconds that the server asked us to wait


class LiteralTooLarge(imaplib.IMAP4.abort):
    """The server announced more bytes than it may send; the connection cannot be used any more."""


def trouble(error: BaseException, where: str) -> Trouble:
    """Any exception of a library as a Trouble with the mailbox or server `where`."""
    if isinstance(error, Trouble):
        return error
    if isinstance(error, LoginError):
        wait = _hint(str(error))
        return Trouble(
            f"{where} refused the log-in ({_said(str(error))}). Check user and password; with Microsoft 365 and Gmail "
            "use ANTESALA_OAUTH2_*.",
            lasting=not wait,
            wait=wait,
        )
    if isinstance(error, ssl.SSLCertVerificationError):
        return Trouble(
            f"{where}: the certificate is not accepted ({error.verify_message or 'verification failed'}). Use the name "
            "that the certificate was made for, renew it, or name your own CA in ANTESALA_MAILBOX_CA_FILE.",
            lasting=True,
        )
    if isinstance(error, CapabilityError):
        return Trouble(f"{where} does not offer what the settings ask for (STARTTLS or log-in method).", lasting=True)
    if isinstance(error, ProtocolError):
        return Trouble(f"{where} answered in a way that IMAP does not allow.")
    if isinstance(error, LiteralTooLarge):
        return Trouble(f"{where} sent more bytes than it had announced; the connection was cut.")
    return Trouble(f"{where}: {_of_network(error)}", wait=_hint(str(error)))


def _of_network(error: BaseException) -> str:
    if isinstance(error, socket.gaierror):
        return "there is no such host; check the name and the DNS."
    if isinstance(error, TimeoutError):
        return (
            "no answer in time; the server may be stopped, a firewall in between, or the port may be one for the other "
            "kind of TLS (imaps:// is for port 993, imap+starttls:// for 143)."
        )
    if isinstance(error, ConnectionRefusedError):
        return "nobody listens there; check the port and whether the server runs."
    if isinstance(error, ssl.SSLError):
        return "TLS could not be agreed; imaps:// is for port 993, imap+starttls:// for port 143."
    if isinstance(error, imaplib.IMAP4.abort | OSError | EOFError):
        return "the connection was lost."
    if isinstance(error, imaplib.IMAP4.error):
        return "the server refused a command."
    return f"an unexpected {error.__class__.__name__}."


def _hint(text: str) -> float:
    found = _HINT.search(text[:2000])
    return min(int(found[1]) / 1000, 3600.0) if found else 0.0


def _said(text: str) -> str:
    """A server's refusal, shortened and without control characters."""
    text = text.removeprefix("b'").strip("'")
    return "".join(char if char.isprintable() else " " for char in text)[:160] or "no reason given"
