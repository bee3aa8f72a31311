"""The database comes from a backup, while the mailbox has gone on: who was answered is not answered again."""

from __future__ import annotations

import signal
import sqlite3
from collections import Counter
from collections.abc import Callable
from contextlib import closing
from email import message_from_bytes
from pathlib import Path

import pytest
from house import House, mail
from servers.dovecot import PASSWORD, Dovecot
from servers.ground import wait_for
from storm import unmarked

pytestmark = pytest.mark.server


def test_what_was_answered_after_the_backup_comes_back_as_a_ticket_and_is_not_answered_again(
    build: Callable[..., House], tmp_path: Path, dovecot: Dovecot, box: str
) -> None:
    file, backup = tmp_path / "antesala.db", tmp_path / "backup.db"
    url = f"imap://{box.replace('@', '%40')}:{PASSWORD}@localhost:{dovecot.imap}/INBOX"
    house = build(f"sqlite:///{file}", ANTESALA_MAILBOXES=url)

    def over(mails: int) -> bool:
        return house.decisions() == mails and house.settled() and not unmarked(dovecot, box)

    def come(number: int) -> None:
        dovecot.deliver(box, mail(number))
        wait_for(lambda: over(number), message=house.states)

    running = house.start("run - LISTEN_PORT=0")
    come(1)
    back_up(file, backup)
    come(2)
    house.kill(running)
    restore(house, file, backup)
    assert house.decisions() == 1, "it has forgotten the second"

    dovecot.deliver(box, mail(3))
    house.start("run - LISTEN_PORT=0")
    wait_for(lambda: over(3), message=house.states)
    assert answered(house) == {f"ana{number}@casa{number}.example": 1 for number in (1, 2, 3)}
    ticket = next(request for request in house.store.requests() if request.requester == "ana2@casa2.example")
    assert "marked as taken" in ticket.note
    assert "Draft of an answer" in ticket.note


def test_what_was_waiting_to_be_sent_is_let_go_of_by_a_dry_run(build: Callable[..., House], tmp_path: Path) -> None:
    file, backup = tmp_path / "antesala.db", tmp_path / "backup.db"
    house = build(f"sqlite:///{file}")
    house.accept(mail(1))
    back_up(file, backup)
    running = house.start()
    wait_for(lambda: house.decisions() == 1 and house.settled(), message=house.states)
    house.kill(running)
    restore(house, file, backup)
    dry = house.start("worker - DRY_RUN=yes")
    wait_for(lambda: house.decisions() == 1 and house.settled(), message=house.states)
    house.kill(dry, signal.SIGTERM)
    house.start()
    house.accept(mail(2))
    wait_for(lambda: house.decisions() == 2 and house.settled(), message=house.states)
    assert answered(house) == {f"ana{number}@casa{number}.example": 1 for number in (1, 2)}


def back_up(file: Path, backup: Path) -> None:
    with closing(sqlite3.connect(file)) as conn, closing(sqlite3.connect(backup)) as copy:
        conn.backup(copy)


def restore(house: House, file: Path, backup: Path) -> None:
    house.store.close()
    for lost in file.parent.glob(f"{file.name}*"):
        lost.unlink()
    backup.rename(file)


def answered(house: House) -> Counter[str]:
    """How often each customer was."""
    return Counter(str(message_from_bytes(taken.data)["To"]) for taken in house.smtp.mails)
