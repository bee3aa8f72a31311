"""A real SMTP server on loopback that does what it is told to: refuse, defer, stall, cut the line.

`faults` maps a step to an answer (a string beginning with a code) or to one of the deeds below:
connect, ehlo, mail, rcpt, "rcpt <address>", data (before the mail), dot (after it).
    "cut"    close the connection without a word
    "stall"  say nothing until the client gives up
    "half"   begin an answer of several lines and close the connection
With `keep` the mail is kept although the answer says otherwise, as `smtp-sink -q .` does.
"""

from __future__ import annotations

import socket
import ssl
import threading
from base64 import b64decode
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from types import TracebackType


@dataclass
class Taken:
    """One mail that the server has."""

    sender: str
    recipients: list[str]
    options: list[str]
    data: bytes
    tls: bool
    login: str


@dataclass
class SmtpServer:
    """Starts on creation. Speaks enough SMTP for one client and many faults."""

    faults: dict[str, str] = field(default_factory=dict)
    keep: bool = True
    extensions: tuple[str, ...] = ("DSN", "8BITMIME", "PIPELINING")
    certificate: tuple[Path, Path] | None = None  #: offers STARTTLS
    login: tuple[str, str] | None = None  #: user and password, or user and bearer token
    on_mail: Callable[[Taken], None] | None = None
    mails: list[Taken] = field(default_factory=list)
    connections: int = 0
    ended: int = 0  #: connections that are over

    def __post_init__(self) -> None:
        self._socket = socket.create_server(("127.0.0.1", 0))
        self.port: int = self._socket.getsockname()[1]
        self._open = True
        threading.Thread(target=self._accept, daemon=True).start()

    def close(self) -> None:
        self._open = False
        with suppress(OSError):
            self._socket.shutdown(socket.SHUT_RDWR)
        self._socket.close()

    def __enter__(self) -> SmtpServer:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, value: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def _accept(self) -> None:
        while self._open:
            try:
                connection, _ = self._socket.accept()
            except OSError:
                return
            self.connections += 1
            threading.Thread(target=self._talk, args=(connection,), daemon=True).start()

    def _talk(self, connection: socket.socket) -> None:
        with suppress(OSError, ssl.SSLError, _Over), connection:
            _Talk(self, connection).run()
        self.ended += 1


class _Over(Exception):
    pass


class _Talk:
    def __init__(self, server: SmtpServer, connection: socket.socket) -> None:
        self.server, self.socket = server, connection
        self.file = connection.makefile("rb")
        self.tls, self.user = False, ""
        self.sender, self.options, self.recipients = "", [], []  # type: ignore[var-annotated]

    def run(self) -> None:
        self.answer("connect", "220 test ESMTP")
        while line := self.file.readline().decode("latin-1").strip():
            word, _, rest = line.partition(" ")
            deed: Mapping[str, Callable[[str], None]] = {
                "EHLO": self.ehlo, "HELO": self.ehlo, "STARTTLS": self.starttls, "AUTH": self.auth,
                "MAIL": self.mail, "RCPT": self.rcpt, "DATA": self.data, "QUIT": self.quit,
                "RSET": lambda _: self.say("250 ok"), "NOOP": lambda _: self.say("250 ok"),
            }  # fmt: skip
            deed.get(word.upper(), lambda _: self.say("502 what?"))(rest)

    def say(self, text: str) -> None:
        self.socket.sendall(text.encode("latin-1") + b"\r\n")

    def answer(self, step: str, fine: str) -> bool:
        fault = self.server.faults.get(step)
        if fault == "cut":
            with suppress(OSError):
                self.socket.shutdown(socket.SHUT_RDWR)
            raise _Over
        if fault == "half":
            self.socket.sendall(b"250-and\r\n")
            self.socket.shutdown(socket.SHUT_RDWR)
            raise _Over
        if fault == "stall":
            self.socket.settimeout(60)
            self.file.read(1)
            raise _Over
        self.say(fault or fine)
        return not fault

    def ehlo(self, _: str) -> None:
        more = list(self.server.extensions)
        if self.server.certificate and not self.tls:
            more.append("STARTTLS")
        if self.server.login:
            more.append("AUTH PLAIN XOAUTH2")
        self.answer("ehlo", "\r\n".join([*(f"250-{text}" for text in ("test", *more)), "250 HELP"]))

    def starttls(self, _: str) -> None:
        assert self.server.certificate
        if not self.answer("starttls", "220 go"):
            return
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(*self.server.certificate)
        self.socket = context.wrap_socket(self.socket, server_side=True)
        self.file, self.tls = self.socket.makefile("rb"), True

    def auth(self, rest: str) -> None:
        how, _, token = rest.partition(" ")
        text = b64decode(token).decode()
        right = self.server.login or ("", "")
        if how == "PLAIN":
            good = text.split("\0")[1:] == list(right)
        else:
            good = text == f"user={right[0]}\x01auth=Bearer {right[1]}\x01\x01"
        self.user = right[0] if good else ""
        self.say("235 welcome" if good else "535 5.7.8 no")

    def mail(self, rest: str) -> None:
        if self.server.login and not self.user:
            self.say("530 log in first")
        elif self.answer("mail", "250 ok"):
            self.sender, _, options = rest.partition("<")[2].partition(">")
            self.recipients, self.options = [], options.split()

    def rcpt(self, rest: str) -> None:
        recipient, _, options = rest.partition("<")[2].partition(">")
        if self.answer(f"rcpt {recipient}" if f"rcpt {recipient}" in self.server.faults else "rcpt", "250 ok"):
            self.recipients.append(recipient)
            self.options += options.split()

    def data(self, _: str) -> None:
        if not self.answer("data", "354 go on"):
            return
        lines = []
        while (line := self.file.readline()) not in (b".\r\n", b""):
            lines.append(line[1:] if line.startswith(b".") else line)
        if line == b"":
            return
        fault = self.server.faults.get("dot")
        if not fault or (self.server.keep and not fault[:1].isdigit()):
            taken = Taken(self.sender, self.recipients, self.options, b"".join(lines), self.tls, self.user)
            self.server.mails.append(taken)
            if self.server.on_mail:
                self.server.on_mail(taken)
        self.answer("dot", "250 2.0.0 taken")

    def quit(self, _: str) -> None:
        self.say("221 bye")
        raise _Over
