"""A mailbox of 2,000 mails whose server is killed, stands still and counts anew meanwhile: each is one request."""

from __future__ import annotations

import os
import signal
import threading
from collections import Counter
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
import sqlalchemy as sa
from servers.dovecot import PASSWORD, Dovecot
from servers.ground import wait_for

from plugin.intake import wire
from plugin.intake.imap import ImapLoop
from plugin.model import Arrival, Receipt
from plugin.settings import ImapMailbox, Secret, Settings
from plugin.store import Cursor, Store, open_store
from plugin.store.tables import inbound, job

pytestmark = pytest.mark.server
MAILS = 2000
ADDRESS = "support@desk.test"
LONG = 120.0  #: seconds; nothing here takes long, but a machine may be busy


class Troubled:
    """The store as the mailbox sees it; `faults` happen while the mail of that number is being stored."""

    def __init__(self, store: Store, faults: dict[int, Callable[[], object]]) -> None:
        self.store, self.faults, self.taken = store, faults, 0

    def accept(self, arrival: Arrival, /) -> Receipt:
        self.taken += 1
        if fault := self.faults.pop(self.taken, None):
            fault()
        return self.store.accept(arrival)

    def cursor(self, mailbox: str, /) -> Cursor | None:
        return self.store.cursor(mailbox)

    def advance(self, mailbox: str, uidvalidity: int, last_uid: int, /) -> None:
        self.store.advance(mailbox, uidvalidity, last_uid)

    def has_room(self) -> bool:
        return self.store.has_room()


def mail(number: int) -> bytes:
    return (
        f"From: Ana <ana@guest{number}.example>\r\nTo: {ADDRESS}\r\nSubject: Reembolso {number}\r\n"
        f"Message-ID: <{number}@guest.example>\r\n\r\nQuiero un reembolso.\r\n"
    ).encode()


def fill(server: Dovecot) -> None:
    """Put the mails into the mailbox; a few of them twice, as after a copy or a second delivery."""
    server.deliver(ADDRESS, mail(0))
    new = server.home / "mail" / "desk.test" / "support" / "Maildir" / "new"
    owner = new.stat()
    for place, number in enumerate([*range(1, MAILS), *range(0, MAILS, 100)]):
        path: Path = new / f"{2_000_000_000 + place}.M{place}.host"
        path.write_bytes(mail(number))
        os.chown(path, owner.st_uid, owner.st_gid)


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    opened = open_store(Settings(home=tmp_path, database_url=Secret(f"sqlite:///{tmp_path}/antesala.db")))
    yield opened
    opened.close()


def test_a_mailbox_in_all_kinds_of_trouble(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(wire, "READ", 5.0)  # soon noticed that the server stands still
    for number in range(0, MAILS, 40):  # a desk has handed these on before the mailbox is read
        assert store.accept(Arrival("mail", mail(number), datetime.now(UTC), "webhook")).new
    with Dovecot() as server:
        fill(server)
        box = ImapMailbox(ADDRESS, "127.0.0.1", server.imap, ADDRESS, Secret(PASSWORD), tls="none", idle=5)

        def count_anew(number: int) -> None:
            server.admin("mailbox", "update", "-u", ADDRESS, "--uid-validity", str(number), "INBOX")
            server.signal_sessions(signal.SIGTERM)

        keeper = Troubled(
            store,
            {
                300: server.kill,
                700: lambda: server.signal_sessions(signal.SIGSTOP),
                1100: lambda: count_anew(1_900_000_000),
            },
        )
        stop = threading.Event()
        loop = ImapLoop(box, keeper, max_bytes=1_000_000)
        thread = threading.Thread(target=loop.run, args=(stop,), daemon=True)
        thread.start()
        try:
            wait_for(lambda: 300 not in keeper.faults and not loop.state.connected, LONG, "the kill went unnoticed")
            server.start()
            wait_for(lambda: 700 not in keeper.faults and not loop.state.connected, LONG, "standing still: unnoticed")
            server.signal_sessions(signal.SIGCONT)
            wait_for(lambda: 1100 not in keeper.faults, LONG, "it did not go on")
            server.deliver(ADDRESS, mail(MAILS))
            wait_for(lambda: arrived(store) == MAILS + 1, LONG, "mails are missing")
            count_anew(1_950_000_000)
            server.deliver(ADDRESS, mail(MAILS + 1))
            wait_for(lambda: read_to_the_end(store, box, 1_950_000_000), LONG, "it was not read anew")
        finally:
            stop.set()
            thread.join(LONG)
        assert not thread.is_alive()
    with store.engine.connect() as conn:
        texts = Counter(
            bytes(raw).partition(b"\r\n\r\n")[0][-40:] for raw in conn.execute(sa.select(inbound.c.raw)).scalars()
        )
        jobs = Counter(conn.execute(sa.select(job.c.inbound_id).where(job.c.kind == "triage")).scalars())
    assert len(texts) == MAILS + 2
    assert set(texts.values()) == {1}
    assert (len(jobs), set(jobs.values())) == (MAILS + 2, {1}), "one request each"


def arrived(store: Store) -> int:
    with store.engine.connect() as conn:
        return int(conn.execute(sa.select(sa.func.count()).select_from(inbound)).scalar_one())


def read_to_the_end(store: Store, box: ImapMailbox, uidvalidity: int) -> bool:
    cursor = store.cursor(box.name)
    return cursor is not None and cursor.uidvalidity == uidvalidity and arrived(store) == MAILS + 2
