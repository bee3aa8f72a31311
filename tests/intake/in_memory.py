"""A keeper that stores in memory, and a mailbox loop in a thread."""

from __future__ import annotations

import hashlib
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from servers.dovecot import PASSWORD, Dovecot
from servers.ground import PATIENCE, wait_for

from plugin.intake.imap import ImapLoop
from plugin.model import Arrival, Receipt
from plugin.settings import ImapMailbox, Secret


@dataclass(frozen=True)
class At:
    uidvalidity: int
    last_uid: int


@dataclass
class Memory:
    """A keeper like the store's: the same bytes are one mail; may be told to fail."""

    mails: dict[str, Arrival] = field(default_factory=dict)
    order: list[Arrival] = field(default_factory=list)  #: every call, duplicates included
    cursors: dict[str, At] = field(default_factory=dict)
    room: bool = True
    fail: Callable[[Arrival], None] = lambda arrival: None
    before: Callable[[], None] = lambda: None

    def accept(self, arrival: Arrival, /) -> Receipt:
        self.fail(arrival)
        key = hashlib.sha256(arrival.raw).hexdigest()
        new = key not in self.mails
        self.mails.setdefault(key, arrival)
        self.order.append(arrival)
        return Receipt(len(self.mails), new)

    def cursor(self, mailbox: str, /) -> At | None:
        return self.cursors.get(mailbox)

    def advance(self, mailbox: str, uidvalidity: int, last_uid: int, /) -> None:
        self.cursors[mailbox] = At(uidvalidity, last_uid)

    def has_room(self) -> bool:
        return self.room

    @property
    def subjects(self) -> list[str]:
        """Of the mails that are stored, in the order of their first arrival."""
        return [subject(arrival.raw) for arrival in self.mails.values()]


def subject(raw: bytes) -> str:
    return raw.partition(b"Subject: ")[2].partition(b"\r\n")[0].decode()


def mail(text: str, body: str = "No me deja bloquear noches.") -> bytes:
    return (
        f"From: Ana <ana@guest.example>\r\nTo: support@desk.test\r\nSubject: {text}\r\n"
        f"Message-ID: <{text}@guest.example>\r\n\r\n{body}\r\n"
    ).encode()


def box(server: Dovecot, address: str, **more: object) -> ImapMailbox:
    values: dict[str, object] = {
        "name": f"{address}/INBOX",
        "host": "localhost",
        "port": server.imaps,
        "user": address,
        "password": Secret(PASSWORD),
        "tls": "tls",
        "ca_file": str(server.ca),
        "idle": 30,
        "poll": 1,
    }
    return ImapMailbox(**{**values, **more})  # type: ignore[arg-type]


@contextmanager
def running(mailbox: ImapMailbox, memory: Memory, *, max_bytes: int = 1_000_000) -> Iterator[ImapLoop]:
    """The loop of a mailbox in a thread; it has to end when it is told to."""
    loop = ImapLoop(mailbox, memory, max_bytes=max_bytes)
    stop = threading.Event()
    thread = threading.Thread(target=loop.run, args=(stop,), daemon=True)
    thread.start()
    try:
        yield loop
    finally:
        stop.set()
        thread.join(PATIENCE)
        assert not thread.is_alive(), "the loop does not end"


def until_subjects(memory: Memory, *expected: str) -> None:
    wait_for(lambda: memory.subjects == list(expected), message=f"expected {expected}")
