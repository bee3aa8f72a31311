"""The disk: a full one loses nothing; a damaged or locked file is named."""

from __future__ import annotations

import os
import resource
import sqlite3
import subprocess
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path

import pytest
from house import House, mail
from servers.dovecot import PASSWORD, Dovecot
from servers.ground import free_port, wait_for
from servers.postgres import Postgres
from storm import SECRET, ask, health, payload, post, ready, unmarked

from plugin.model import Arrival
from plugin.service.health import of_store
from plugin.settings import Secret, Settings
from plugin.store import Store, StoreError, StoreUnavailable, engine, open_store


def settings(home: Path, **more: object) -> Settings:
    url = Secret(f"sqlite:///{home}/antesala.db")
    return Settings(home=home, database_url=url, **more)  # type: ignore[arg-type]


def arrival(number: int, size: int = 100) -> Arrival:
    return Arrival("mail", mail(number, "x" * size), datetime.now(UTC), "box")


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A file system of 6 MB."""
    if os.geteuid() != 0:
        pytest.skip("only root can make a small file system")
    path = tmp_path / "disk"
    path.mkdir()
    subprocess.run(["mount", "-t", "tmpfs", "-o", "size=6m", "tmpfs", str(path)], check=True)
    yield path
    subprocess.run(["umount", "-l", str(path)], check=True)


@pytest.mark.server
def test_a_full_disk_loses_nothing_and_work_goes_on_when_there_is_room_again(
    build: Callable[..., House], small_disk: Path
) -> None:
    house = build(f"sqlite:///{small_disk}/antesala.db", ANTESALA_MAX_MESSAGE_BYTES="1000000")
    taken = [house.accept(mail(number)) for number in range(5)]
    assert house.store.has_room()
    ballast = small_disk / "ballast"
    fill(ballast)
    assert not house.store.has_room()
    reasons = set()
    for number in range(100, 140):
        try:
            taken.append(house.store.accept(arrival(number, 20_000)))
        except StoreUnavailable as error:
            reasons.add(str(error))
    assert reasons <= {"the disk is full", "the disk reports an error"}
    assert reasons
    house.start()
    time.sleep(3)
    ballast.unlink()
    assert house.store.has_room()
    wait_for(house.settled, message=house.states)
    assert house.arrivals() == house.decisions() == len(taken)
    assert sorted(house.sent().values()) == [1] * len(taken)
    with sqlite3.connect(small_disk / "antesala.db") as conn:
        assert conn.execute("PRAGMA integrity_check").fetchone() == ("ok",)
    house.close()


@pytest.mark.server
def test_a_whole_installation_takes_nothing_while_the_disk_is_full_and_goes_on_by_itself(
    build: Callable[..., House], small_disk: Path, dovecot: Dovecot, box: str
) -> None:
    port, name = free_port(), f"mailbox {box}@localhost/INBOX"
    house = build(
        f"sqlite:///{small_disk}/antesala.db",
        ANTESALA_MAX_MESSAGE_BYTES="1000000",
        ANTESALA_MAILBOXES=f"imap://{box.replace('@', '%40')}:{PASSWORD}@localhost:{dovecot.imap}/INBOX",
        ANTESALA_WEBHOOK_SECRETS=SECRET,
        ANTESALA_LISTEN_PORT=str(port),
    )
    house.start("run")
    wait_for(lambda: ready(port))
    dovecot.deliver(box, mail(1))
    wait_for(lambda: house.decisions() == 1 and house.settled() and not unmarked(dovecot, box), message=house.states)
    fill(small_disk / "ballast")

    answer, said = post(port, "msg_2", payload(2))
    assert (answer.status, answer.getheader("Retry-After")) == (503, "30"), said
    dovecot.deliver(box, mail(3))
    wait_for(lambda: name in health(port)[1], message=lambda: health(port))
    status, reasons = health(port)
    assert status == 503
    assert "The disk is nearly full" in reasons["store"]
    assert "The disk is nearly full" in reasons[name]
    assert len(unmarked(dovecot, box)) == 1, "it stays where it is"
    assert house.arrivals() == 1

    (small_disk / "ballast").unlink()
    taken = ask(port, "msg_2", payload(2))
    assert taken is not None
    assert taken["new"]
    wait_for(lambda: not unmarked(dovecot, box), 60.0, "the mailbox does not go on within a minute")
    wait_for(lambda: house.settled() and health(port) == (200, {}), message=lambda: (house.states(), health(port)))
    assert house.arrivals() == house.decisions() == 3
    assert sorted(house.sent().values()) == [1, 1, 1]


def fill(ballast: Path) -> None:
    """To the last byte."""
    with ballast.open("wb", buffering=0) as handle, suppress(OSError):
        while True:
            handle.write(b"x" * 65536)


def test_a_database_that_reached_its_limit_refuses_and_recovers(tmp_path: Path) -> None:
    store = open_store(settings(tmp_path))
    store.accept(arrival(1))
    pages = _pragma(store, "page_count")

    with store.engine.connect() as conn:
        conn.exec_driver_sql(f"PRAGMA max_page_count={pages + 10}")
        with pytest.raises(StoreUnavailable, match="the disk is full"), engine.translated():
            conn.exec_driver_sql("INSERT INTO bucket VALUES (?, 1, '2026-01-01')", ("x" * 200_000,))
        conn.rollback()
        conn.exec_driver_sql(f"PRAGMA max_page_count={pages + 10_000}")
    assert store.accept(arrival(2, 200_000)).new
    store.close()


def _pragma(store: Store, name: str) -> int:
    with store.engine.connect() as conn:
        return int(conn.exec_driver_sql(f"PRAGMA {name}").scalar_one())


def test_the_pragmas_hold_on_every_connection(tmp_path: Path) -> None:
    store = open_store(settings(tmp_path))
    conns = [store.engine.raw_connection() for _ in range(3)]
    for conn in conns:
        names = ("journal_mode", "synchronous", "foreign_keys", "secure_delete", "auto_vacuum")
        cursor = conn.cursor()
        assert [cursor.execute(f"PRAGMA {name}").fetchone()[0] for name in names] == ["wal", 2, 1, 1, 2]
    for conn in conns:
        conn.close()
    store.close()


def test_a_locked_database_is_waited_for_and_then_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(engine, "BUSY_MS", 700)
    store = open_store(settings(tmp_path))
    store.accept(arrival(1))
    other = sqlite3.connect(tmp_path / "antesala.db", isolation_level=None, check_same_thread=False)
    other.execute("BEGIN EXCLUSIVE")
    with pytest.raises(StoreUnavailable, match="locked by another process"):
        store.accept(arrival(2))
    assert told(store) == ("failing", True)
    assert len(store.requests()) == 0, "readers go on"
    store.close()
    monkeypatch.setattr(engine, "BUSY_MS", 60_000)
    other.execute("ROLLBACK")  # what opens it looks at its schema
    store = open_store(settings(tmp_path))
    other.execute("BEGIN EXCLUSIVE")
    timer = threading.Timer(0.3, lambda: other.execute("ROLLBACK"))
    timer.start()
    assert store.accept(arrival(2)).new
    assert told(store) == ("ok", False)
    timer.join()
    other.close()
    store.close()


def told(store: Store) -> tuple[str, bool]:
    """What the health page says of the store, and whether it names the lock."""
    part = of_store(store)[0]
    return part.state, "locked by another process" in part.reason


def test_a_worker_gets_over_a_locked_database(build: Callable[..., House], tmp_path: Path) -> None:
    house = build(f"sqlite:///{tmp_path}/antesala.db")
    for number in range(5):
        house.accept(mail(number))
    house.start()
    wait_for(lambda: house.decisions() >= 1)
    other = sqlite3.connect(tmp_path / "antesala.db", isolation_level=None, timeout=20)
    other.execute("BEGIN EXCLUSIVE")
    time.sleep(5)
    other.execute("ROLLBACK")
    other.close()
    wait_for(house.settled, message=house.states)
    assert sorted(house.sent().values()) == [1] * 5


def test_a_disk_that_became_read_only_under_us_is_seen_by_health_and_recovers(tmp_path: Path) -> None:
    """The files are open, as a transaction may begin: only a write tells."""
    store = open_store(settings(tmp_path))
    assert store.accept(arrival(1)).new
    limits = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, limits[1]))
    try:
        health = of_store(store)[0]
        with pytest.raises(StoreUnavailable, match="the disk reports an error"):
            store.accept(arrival(2))
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, limits)
    assert (health.state, "Nothing can be kept: the disk reports an error" in health.reason) == ("failing", True)
    assert store.accept(arrival(2)).new
    assert of_store(store)[0].state == "ok"
    store.close()


@pytest.mark.server
def test_a_postgresql_that_became_read_only_is_trouble_that_passes(tmp_path: Path, postgres: Postgres) -> None:
    store = open_store(Settings(home=tmp_path, database_url=Secret(postgres.database())))
    name = store.engine.url.database
    for value, state in (("on", "failing"), ("off", "ok")):
        with store.engine.connect() as conn:
            conn.exec_driver_sql("SET default_transaction_read_only = off")
            conn.commit()
            conn.exec_driver_sql(f'ALTER DATABASE "{name}" SET default_transaction_read_only = {value}')
            conn.commit()
        store.engine.dispose()
        assert of_store(store)[0].state == state
        if value == "on":
            assert "the database is read-only" in of_store(store)[0].reason
            with pytest.raises(StoreUnavailable, match="the database is read-only"):
                store.accept(arrival(1))
    assert store.accept(arrival(1)).new
    store.close()


DAMAGE = {
    "zeros in the middle": lambda data: data[: len(data) // 2] + bytes(4096) + data[len(data) // 2 + 4096 :],
    "no database": lambda data: b"x" * len(data),
    "cut off": lambda data: data[: len(data) // 2],
}


@pytest.mark.parametrize("damage", DAMAGE.values(), ids=DAMAGE)
def test_a_damaged_file_is_refused_at_start_with_what_to_do(tmp_path: Path, damage: Callable[[bytes], bytes]) -> None:
    store = open_store(settings(tmp_path))
    for number in range(30):
        store.accept(arrival(number, 3000))
    store.close()
    file = tmp_path / "antesala.db"
    with sqlite3.connect(file) as conn:
        conn.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    conn.close()
    before = damage(file.read_bytes())
    file.write_bytes(before)
    with pytest.raises(StoreError, match="damaged; stop, keep the file, and restore the last backup"):
        open_store(settings(tmp_path))
    assert file.read_bytes()[:4096] == before[:4096], "it is not touched"


def test_a_file_that_is_damaged_while_it_is_in_use_is_named_and_nothing_is_taken(tmp_path: Path) -> None:
    store = open_store(settings(tmp_path))
    for number in range(30):
        store.accept(arrival(number, 3000))
    store.close()
    file = tmp_path / "antesala.db"
    file.write_bytes(file.read_bytes()[:8192] + b"\xff" * (file.stat().st_size - 8192))
    with pytest.raises(StoreUnavailable, match="damaged; restore a backup"):
        store.accept(arrival(99))
    assert "damaged; restore a backup" in of_store(store)[0].reason
    store.close()


@pytest.mark.parametrize("url", ["mysql://x/y", "sqlite://", "sqlite:///:memory:", "no url"])
def test_a_database_that_cannot_be_used_is_refused_by_the_name_of_its_setting(tmp_path: Path, url: str) -> None:
    with pytest.raises(StoreError, match="ANTESALA_DATABASE_URL"):
        open_store(Settings(home=tmp_path, database_url=Secret(url)))
