"""Several workers on one PostgreSQL: one that dies is replaced, one that sleeps through its lease does no harm."""

from __future__ import annotations

import os
import signal
import time
from collections.abc import Callable

import pytest
from house import House, mail
from servers.ground import wait_for
from servers.postgres import Postgres
from servers.smtp import SmtpServer

pytestmark = pytest.mark.server
LEASE = 3.0


def working(house: House) -> bool:
    return sum(number for (_, state), number in house.states().items() if state in ("running", "sending")) >= 2


def test_the_work_of_a_host_that_never_comes_back_is_done_within_two_leases(
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
    house = build(postgres.database(), lease=LEASE)
    house.accept(mail(1))
    dying = house.start("worker before-record")
    wait_for(lambda: house.states()["triage", "running"] == 1)
    house.kill(dying)
    dead_since = time.monotonic()
    other = house.start()
    wait_for(lambda: house.decisions() == 1)
    assert time.monotonic() - dead_since < 2 * LEASE + 60  # a minute for a slow machine to start a process
    wait_for(house.settled)
    house.kill(other, signal.SIGTERM)
    assert list(house.sent().values()) == [1]


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
