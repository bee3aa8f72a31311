"""Several workers on one PostgreSQL: one that dies is replaced, one that sleeps through its lease does no harm."""

from __future__ import annotations

import os
import signal
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
import sqlalchemy as sa
from house import House, mail
from servers.ground import alive, free_port, wait_for
from servers.postgres import Postgres
from servers.smtp import SmtpServer
from storm import SECRET, ask, payload, ready

from plugin.store.engine import reading
from plugin.store.tables import job

pytestmark = [pytest.mark.server, pytest.mark.timeout(900)]
LEASE = 3.0
LONG_LEASE, SLACK = 10.0, 5.0  #: seconds; a busy machine may be late by a few


def working(house: House) -> bool:
    return sum(number for (_, state), number in house.states().items() if state in ("running", "sending")) >= 2


def test_the_work_of_a_host_that_never_comes_back_is_done_by_another(
    build: Callable[..., House], postgres: Postgres
) -> None:
    house = build(postgres.database(), lease=LEASE)
    for number in range(30):
        house.accept(mail(number))
    doomed, _other = house.start(), house.start()
    wait_for(lambda: house.decisions() >= 5 and working(house))
    house.kill(doomed)
    held = house.states()
    wait_for(house.settled, message=house.states)
    states = house.states()
    assert house.decisions() == 30
    assert max(house.sent().values()) == 1
    assert states["reply", "done"] + states["reply", "uncertain"] == 30
    assert states["reply", "uncertain"] <= held["reply", "sending"] + 1


def test_what_a_dead_worker_held_is_taken_over_within_two_leases(
    build: Callable[..., House], postgres: Postgres
) -> None:
    house = build(postgres.database(), lease=LONG_LEASE)
    other = house.start()
    house.accept(mail(1))
    wait_for(lambda: house.decisions() == 1 and house.settled(), message=house.states)
    os.kill(other, signal.SIGSTOP)  # it is ready to work, and leaves the next mail to the one that dies
    house.accept(mail(2))
    dying = house.start("worker before-record")
    wait_for(lambda: not alive(dying), message="it never came to the seam")
    killed, held_by = house.store.clock(), holder(house)
    assert held_by
    os.kill(other, signal.SIGCONT)
    wait_for(lambda: holder(house) not in (held_by, None) or house.decisions() == 2, message=house.states)
    waited = (house.store.clock() - killed).total_seconds()
    assert waited < 2 * LONG_LEASE + SLACK, f"it was left alone for {waited:.0f} s"
    wait_for(house.settled, message=house.states)
    assert house.decisions() == 2
    assert sorted(house.sent().values()) == [1, 1]


def holder(house: House) -> str | None:
    """The token of the worker that decides about a mail just now."""
    with reading(house.store.engine) as conn:
        return conn.execute(
            sa.select(job.c.lease_owner).where(job.c.kind == "triage", job.c.state == "running")
        ).scalar()


def test_a_worker_that_sleeps_through_its_lease_and_wakes_up_does_nothing_twice(
    build: Callable[..., House], postgres: Postgres, smtp: SmtpServer
) -> None:
    house = build(postgres.database(), lease=1.0)
    smtp.on_mail = lambda _: time.sleep(0.05)
    for number in range(40):
        house.accept(mail(number))
    sleeper, _other = house.start(), house.start()
    wait_for(lambda: house.decisions() >= 3)
    for _ in range(6):
        os.kill(sleeper, signal.SIGSTOP)
        time.sleep(2.2)
        os.kill(sleeper, signal.SIGCONT)
        time.sleep(0.7)
    wait_for(house.settled, message=house.states)
    states = house.states()
    assert house.decisions() == 40
    assert max(house.sent().values()) == 1
    assert states["reply", "done"] + states["reply", "uncertain"] == 40
    assert len(house.sent()) >= states["reply", "done"]
    assert len(set(house.sent()) | house.doubtful()) == 40


@pytest.mark.parametrize("sig", [signal.SIGINT, signal.SIGQUIT], ids=["restart", "crash"])
def test_postgresql_goes_away_and_comes_back(build: Callable[..., House], sig: signal.Signals) -> None:
    with Postgres() as server:
        house = build(server.database(), lease=5.0)
        for number in range(15):
            house.accept(mail(number))
        house.start()
        wait_for(lambda: house.decisions() >= 3)
        server.stop(sig)
        time.sleep(2.0)
        server.start()
        wait_for(house.settled, message=house.states)
        states = house.states()
        assert house.decisions() == 15
        assert states["reply", "done"] + states["reply", "uncertain"] == 15
        assert sorted(house.sent().values()) == [1] * len(house.sent())
        assert len(house.sent()) + states["reply", "uncertain"] >= 15
        house.close()


def test_the_same_webhook_five_times_at_once_on_two_hosts_is_one_request(
    build: Callable[..., House], postgres: Postgres
) -> None:
    house = build(postgres.database(), ANTESALA_WEBHOOK_SECRETS=SECRET)
    ports = (free_port(), free_port())
    for port in ports:
        house.start(f"web - LISTEN_PORT={port}")
    wait_for(lambda: all(map(ready, ports)))
    with ThreadPoolExecutor(5) as pool:
        for number in range(10):
            name, body = f"msg_{number}", payload(number)
            same = [pool.submit(ask, ports[turn % 2], name, body) for turn in range(5)]
            said = [found for future in same if (found := future.result())]
            assert len(said) == 5
            assert len({answer["id"] for answer in said}) == 1
            assert sorted(answer["new"] for answer in said) == [False] * 4 + [True]
    assert house.arrivals() == 10
    assert house.states() == {("triage", "ready"): 10}


@pytest.mark.parametrize(("database", "kind"), [("sqlite", "run"), ("postgresql", "worker")], indirect=["database"])
def test_told_to_stop_it_ends_and_gives_back_what_it_cannot_end(
    build: Callable[..., House], database: str, smtp: SmtpServer, tmp_path: Path, kind: str
) -> None:
    smtp.faults["rcpt"] = "stall"
    house = build(database, ANTESALA_LISTEN_PORT=str(free_port()), ANTESALA_MAILBOXES=str(tmp_path / "inbox"))
    house.accept(mail(1))
    pid = house.start(kind)
    wait_for(lambda: house.states()["reply", "running"] == 1)
    house.kill(pid, signal.SIGTERM)
    assert house.states()["reply", "ready"] == 1, "nothing was sent, so another may do it at once"
    assert "child failed" not in (house.home / "processes.log").read_text()
    smtp.faults.clear()
    house.start(kind)
    wait_for(house.settled, message=house.states)
    assert list(house.sent().values()) == [1]
