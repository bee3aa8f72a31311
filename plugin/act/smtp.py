"""Mail out by SMTP, with the one seam that matters: before the final dot everything may be tried again.

After the final dot and without an answer nobody knows whether the mail was taken (RFC 1047); such a
mail is *uncertain* and never sent again by itself. So that this stays rare, "it may have happened" is
recorded between the last line of the mail and the dot: a server must not take a mail whose connection
ended before it (RFC 5321 section 4.1.1.4). STARTTLS is never given up when it is missing.
"""

from __future__ import annotations

import smtplib
import socket
import ssl
from collections.abc import Callable
from dataclasses import replace
from typing import Protocol

from plugin.act.outcome import EffectError, Outcome
from plugin.intake.oauth2 import access_token
from plugin.settings import Smtp

CONNECT_SECONDS = 30.0
AUTH_SECONDS = 300.0  #: pause after a refused log-in
ANSWER_SECONDS = 120.0  #: for the answer to the final dot; RFC 5321 section 4.5.3.2.6 allows ten minutes


class Mailer(Protocol):
    """A way for mail to go out."""

    harmless: bool  #: a mail with the same Message-ID is taken once only, so that sending again does no harm

    def open(self, sender: str, recipient: str, copy: str = "") -> Session:
        """Everything up to the mail itself; `copy` is a second envelope recipient, without which it goes out too.

        Raises EffectError; nothing was given away then.
        """


class Session(Protocol):
    """A mail about to be given away."""

    def deliver(self, data: bytes, commit: Callable[[], bool]) -> Outcome | None:
        """Give it away, after `commit` has recorded that this may have happened; None where that says no.

        Raises only what `commit` raises, and then nothing was given away.
        """

    def close(self) -> None:
        """Let go of the connection. Never raises."""


def send(
    mailer: Mailer, sender: str, recipient: str, data: bytes, commit: Callable[[], bool], copy: str = ""
) -> Outcome | None:
    """Send a mail to one recipient, and to `copy`; `commit` records that it may have happened from here on.

    None if `commit` said that the mail is no longer ours to send.
    """
    try:
        session = mailer.open(sender, recipient, copy)
    except EffectError as error:
        return error.outcome
    try:
        return session.deliver(data, commit)
    finally:
        session.close()


class SmtpMailer:
    """A submission server or relay; `name` is what we call ourselves in EHLO."""

    harmless = False

    def __init__(self, smtp: Smtp, name: str) -> None:
        self._smtp = smtp
        self._name = name

    def open(self, sender: str, recipient: str, copy: str = "") -> SmtpSession:
        """Connect, TLS, log in, MAIL and RCPT."""
        if not _usable(recipient):
            raise EffectError(Outcome("dead", error="AddressUnusable"))
        server: smtplib.SMTP | None = None
        fault = True  # until we are logged in, trouble is the server's and concerns every mail
        try:
            server = self._connected()
            assert server.sock is not None
            # The final dot must not wait for the server to say that it has the lines before it (RFC 896): 40 ms a mail.
            server.sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            self._logged_in(server)
            fault = False
            _addressed(server, sender, recipient)
            refused = _copied(server, copy) if copy else 0
        except EffectError:
            _quit(server)
            raise
        except (smtplib.SMTPException, OSError, ValueError) as error:
            _quit(server)
            raise EffectError(_trouble(error, fault=fault)) from None
        return SmtpSession(server, f", the copy was refused ({refused})" if refused else "")

    def _connected(self) -> smtplib.SMTP:
        smtp = self._smtp
        if smtp.tls == "tls":
            return smtplib.SMTP_SSL(
                smtp.host, smtp.port, local_hostname=self._name, timeout=CONNECT_SECONDS, context=self._context()
            )
        return smtplib.SMTP(smtp.host, smtp.port, local_hostname=self._name, timeout=CONNECT_SECONDS)

    def _logged_in(self, server: smtplib.SMTP) -> None:
        smtp = self._smtp
        server.ehlo_or_helo_if_needed()
        if smtp.tls == "starttls":
            if not server.has_extn("starttls"):
                raise EffectError(Outcome("again", error="StartTlsMissing", fault=True))
            code, _ = server.starttls(context=self._context())
            if code != 220:
                raise EffectError(Outcome("again", error=f"StartTls {code}", fault=True))
            server.ehlo()
        if smtp.oauth2:
            token = access_token(smtp.oauth2)
            try:
                _bearer(server, smtp.user, token)
            except smtplib.SMTPAuthenticationError:  # withdrawn before its end: one fresh token, then it is a refusal
                _bearer(server, smtp.user, access_token(smtp.oauth2, stale=token))
        elif smtp.user:
            server.login(smtp.user, smtp.password.value)

    def _context(self) -> ssl.SSLContext:
        return ssl.create_default_context(cafile=self._smtp.ca_file or None)


def _bearer(server: smtplib.SMTP, user: str, token: str) -> None:
    """XOAUTH2 (https://developers.google.com/gmail/imap/xoauth2-protocol): a refusal comes as a challenge that is
    answered with nothing, then as 535."""
    text = f"user={user}\x01auth=Bearer {token}\x01\x01"
    server.auth("XOAUTH2", lambda challenge=None: text if challenge is None else "")


def _usable(recipient: str) -> bool:
    """Can plain SMTP carry it, and will no reader take it for an encoded word?"""
    return (
        recipient.isascii() and recipient.isprintable() and not any(sign in recipient for sign in (" ", "<", ">", "=?"))
    )


def _addressed(server: smtplib.SMTP, sender: str, recipient: str) -> None:
    code, _ = server.mail(sender)
    if code == 552:
        raise EffectError(Outcome("dead", error="MailFrom 552"))
    if code != 250:
        # Refusing the null sender concerns every mail: a setting must be changed, no mail is lost.
        raise EffectError(Outcome("again", error=f"MailFrom {code}", fault=True))
    code = _recipient(server, recipient)
    if code not in (250, 251):
        state, refused = ("dead", True) if 500 <= code < 600 else ("again", False)
        raise EffectError(Outcome(state, error=f"RcptTo {code}", refused=refused))  # type: ignore[arg-type]


def _copied(server: smtplib.SMTP, copy: str) -> int:
    """The copy goes the same way in the same breath; a refused one is no reason to keep a customer waiting."""
    if not _usable(copy):
        return 553
    code = _recipient(server, copy)
    return 0 if code in (250, 251) else code


def _recipient(server: smtplib.SMTP, address: str) -> int:
    never = ["NOTIFY=NEVER"] if server.has_extn("dsn") else []
    code, _ = server.rcpt(address, never)
    if code == 421:
        raise EffectError(Outcome("again", error="RcptTo 421", fault=True))
    return code


class SmtpSession:
    """After RCPT."""

    def __init__(self, server: smtplib.SMTP, remark: str = "") -> None:
        self._server = server
        self._remark = remark
        self._open = False  #: inside a mail that was not ended

    def deliver(self, data: bytes, commit: Callable[[], bool]) -> Outcome | None:
        """DATA, the mail, then `commit`, then the final dot."""
        server = self._server
        try:
            code, _ = server.docmd("DATA")
            if code != 354:
                return _answer("Data", code)
            self._open = True
            server.send(_stuffed(data))
        except (smtplib.SMTPException, OSError) as error:
            # The final dot was not sent, so no server may have taken the mail.
            return Outcome("again", error=f"DuringData {error.__class__.__name__}")
        if not commit():
            return None
        self._open = False
        try:
            if server.sock is not None:
                server.sock.settimeout(ANSWER_SECONDS)
            server.send(b".\r\n")
            code, _ = server.getreply()
        except (smtplib.SMTPException, OSError, ValueError) as error:
            return Outcome("uncertain", error=f"NoAnswerAfterData {error.__class__.__name__}")
        outcome = _answer("AfterData", code)
        return replace(outcome, receipt=outcome.receipt + self._remark) if outcome.state == "done" else outcome

    def close(self) -> None:
        """QUIT, or the line is cut: inside a mail QUIT would be a line of it."""
        if self._open:
            self._server.close()
        else:
            _quit(self._server)


def _answer(where: str, code: int) -> Outcome:
    if code == 250 and where == "AfterData":
        return Outcome("done", receipt="250")
    if 400 <= code < 500:
        return Outcome("again", error=f"{where} {code}")
    if 500 <= code < 600:
        return Outcome("dead", error=f"{where} {code}")
    # An answer that is none: after the mail nobody can tell, before it nothing has happened.
    return Outcome("uncertain" if where == "AfterData" else "again", error=f"{where} {code}")


def _stuffed(data: bytes) -> bytes:
    """CRLF line ends, and a dot before each dot that begins a line (RFC 5321 section 4.5.2)."""
    lines = data.replace(b"\r\n", b"\n").replace(b"\r", b"\n").replace(b"\n", b"\r\n")
    lines = lines if lines.endswith(b"\r\n") else lines + b"\r\n"
    stuffed = lines.replace(b"\r\n.", b"\r\n..")
    return b"." + stuffed if stuffed.startswith(b".") else stuffed


def _trouble(error: Exception, *, fault: bool) -> Outcome:
    """Before DATA nothing was given away, so whatever it was, try again."""
    code = getattr(error, "smtp_code", None)
    name = error.__class__.__name__
    # A wrong password is not put right by asking often, and asking often locks accounts.
    wait = AUTH_SECONDS if isinstance(error, smtplib.SMTPAuthenticationError) else None
    return Outcome("again", error=f"{name} {code}" if code else name, fault=fault, wait=wait)


def _quit(server: smtplib.SMTP | None) -> None:
    if server is None:
        return
    try:
        if server.sock is not None:
            server.sock.settimeout(5.0)
        server.quit()
    except (smtplib.SMTPException, OSError, ValueError):
        server.close()
