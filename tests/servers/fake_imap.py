"""An IMAP server that misbehaves on demand, for faults that a real one cannot be brought to.

Knows just enough: one folder, UIDs, whole mails. A test replaces single answers with functions of its own.
"""

from __future__ import annotations

import contextlib
import re
import socket
import threading
from collections.abc import Callable
from dataclasses import dataclass, field

CAPABILITIES = "IMAP4rev1 IDLE MOVE UIDPLUS"


@dataclass
class Connection:
    """One client. `tag` is that of the command at hand."""

    sock: socket.socket
    number: int  #: which connection this is, from 1
    tag: str = ""
    line: str = ""
    buffer: bytes = b""

    def send(self, data: bytes | str) -> None:
        self.sock.sendall(data.encode() if isinstance(data, str) else data)

    def ok(self, text: str = "done") -> None:
        self.send(f"{self.tag} OK {text}\r\n")

    def read_line(self) -> str:
        while b"\r\n" not in self.buffer:
            data = self.sock.recv(4096)
            if not data:
                raise ConnectionResetError
            self.buffer += data
        line, _, self.buffer = self.buffer.partition(b"\r\n")
        return line.decode("utf-8", "replace")

    def hang(self) -> None:
        """Say nothing more until the client goes away."""
        while self.sock.recv(4096):
            pass

    def close(self) -> None:
        raise ConnectionResetError


Answer = Callable[[Connection], None]


@dataclass
class FakeImap:
    """A context manager. `answers` replaces the answer to a command (by its word, e.g. "IDLE", "FETCH BODY")."""

    mails: dict[int, bytes] = field(default_factory=dict)
    answers: dict[str, Answer] = field(default_factory=dict)
    greeting: bytes = b"* OK ready\r\n"
    uidvalidity: int = 1
    capabilities: str = CAPABILITIES
    connections: int = 0
    commands: list[str] = field(default_factory=list)

    def __enter__(self) -> FakeImap:
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port = int(self._listener.getsockname()[1])
        self._open: list[socket.socket] = []
        threading.Thread(target=self._listen, daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        with contextlib.suppress(OSError):
            self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        for sock in self._open:
            with contextlib.suppress(OSError):
                sock.shutdown(socket.SHUT_RDWR)
            sock.close()

    def _listen(self) -> None:
        while True:
            try:
                sock, _ = self._listener.accept()
            except OSError:
                return
            self.connections += 1
            self._open.append(sock)
            threading.Thread(target=self._serve, args=(Connection(sock, self.connections),), daemon=True).start()

    def _serve(self, connection: Connection) -> None:
        try:
            connection.send(self.greeting)
            while True:
                connection.tag, _, connection.line = connection.read_line().partition(" ")
                self.commands.append(connection.line)
                answer = self._answer(connection.line)
                answer(connection)
        except (OSError, ValueError):
            with contextlib.suppress(OSError):
                connection.sock.close()

    def _answer(self, line: str) -> Answer:
        words = line.upper().removeprefix("UID ").split()
        word = words[0]
        if word == "FETCH" and "BODY.PEEK[" in line.upper():
            word = "FETCH HEADER" if "HEADER" in line.upper() else "FETCH BODY"
        return self.answers.get(word) or getattr(self, "_" + word.lower().replace(" ", "_"), self._other)

    def _other(self, connection: Connection) -> None:
        connection.ok()

    def _capability(self, connection: Connection) -> None:
        connection.send(f"* CAPABILITY {self.capabilities}\r\n")
        connection.ok()

    def _select(self, connection: Connection) -> None:
        top = max(self.mails, default=0) + 1
        connection.send(
            f"* {len(self.mails)} EXISTS\r\n* OK [UIDVALIDITY {self.uidvalidity}] x\r\n* OK [UIDNEXT {top}] x\r\n"
            "* OK [PERMANENTFLAGS (\\Seen \\Deleted \\*)] x\r\n"
        )
        connection.ok("[READ-WRITE] selected")

    def _search(self, connection: Connection) -> None:
        start = int(re.search(r"(\d+):", connection.line)[1])  # type: ignore[index]
        found = [uid for uid in sorted(self.mails) if uid >= start] or sorted(self.mails)[-1:]
        connection.send("* SEARCH " + " ".join(map(str, found)) + "\r\n")
        connection.ok()

    def uids(self, connection: Connection) -> list[int]:
        """The UIDs that a FETCH asks for."""
        words = connection.line.split()
        asked = {int(uid) for uid in words[2].split(",")}
        return [uid for uid in sorted(self.mails) if uid in asked]

    def _fetch(self, connection: Connection) -> None:
        for uid in self.uids(connection):
            size, date = len(self.mails[uid]), "17-Nov-2026 10:24:00 +0100"
            connection.send(f'* {uid} FETCH (UID {uid} RFC822.SIZE {size} INTERNALDATE "{date}")\r\n')
        connection.ok()

    def _fetch_body(self, connection: Connection) -> None:
        for uid in self.uids(connection):
            self.send_body(connection, uid)
        connection.ok()

    def send_body(self, connection: Connection, uid: int) -> None:
        raw = self.mails[uid]
        connection.send(f"* {uid} FETCH (UID {uid} BODY[] {{{len(raw)}}}\r\n".encode() + raw + b")\r\n")

    def _fetch_header(self, connection: Connection) -> None:
        for uid in self.uids(connection):
            raw = self.mails[uid].partition(b"\r\n\r\n")[0] + b"\r\n\r\n"
            connection.send(f"* {uid} FETCH (UID {uid} BODY[HEADER]<0> {{{len(raw)}}}\r\n".encode() + raw + b")\r\n")
        connection.ok()

    def _idle(self, connection: Connection) -> None:
        connection.send("+ idling\r\n")
        connection.read_line()
        connection.ok("idle over")

    def _logout(self, connection: Connection) -> None:
        connection.send("* BYE\r\n")
        connection.ok()
        connection.close()
