"""Deciding about one message has a bound, so that none keeps the others waiting."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from contextlib import suppress

import pytest
from running import Service, customer_mail

from plugin.service import triage_job
from plugin.service.limit import Limit, TooLong

LITTLE = 0.3  #: seconds of the processor's time


def compute(seconds: float) -> int:
    """Use up the processor."""
    end, count = time.thread_time() + seconds, 0
    while time.thread_time() < end:
        count += 1
    return count


def test_what_takes_too_long_is_ended() -> None:
    with pytest.raises(TooLong), Limit(LITTLE):
        compute(60)


def test_who_takes_it_for_another_error_and_goes_on_is_ended_again() -> None:
    swallowed = 0
    with pytest.raises(TooLong), Limit(LITTLE):  # noqa: PT012 - that it goes on is the point
        for _ in range(2):
            try:
                compute(60)
            except Exception:
                swallowed += 1
    assert swallowed == 2


def test_what_ends_in_time_is_left_alone() -> None:
    for _ in range(200):
        with Limit(60):
            assert compute(0) == 0


def test_waiting_is_no_work() -> None:
    with Limit(LITTLE):
        time.sleep(1.0)


def test_another_thread_is_left_alone() -> None:
    found: list[int] = []
    other = threading.Thread(target=lambda: found.append(compute(1.0)))
    with pytest.raises(TooLong), Limit(LITTLE):  # noqa: PT012 - both at once is the point
        other.start()
        compute(60)
    other.join()
    assert found


def test_nothing_comes_after_the_end() -> None:
    for _ in range(5):
        with suppress(TooLong), Limit(0.0):  # ended or not, as it happens
            compute(0.26)
        compute(0.3)


def test_a_message_that_cannot_be_decided_in_time_is_set_aside_and_the_next_one_is_decided(
    service: Service, monkeypatch: pytest.MonkeyPatch
) -> None:
    real: Callable[..., object] = triage_job.triage

    def slow(message: object, *rest: object, **more: object) -> object:
        if "hostile" in message.subject:  # type: ignore[attr-defined]
            compute(60)
        return real(message, *rest, **more)

    monkeypatch.setattr(triage_job, "triage", slow)
    monkeypatch.setattr(triage_job, "DECIDE_SECONDS", LITTLE)
    hostile = service.accept(customer_mail(message_id="hostile@casa.example", subject="hostile"))
    for _ in range(3):
        service.work()
        with service.store.engine.begin() as conn:
            conn.exec_driver_sql("UPDATE job SET run_at = created_at WHERE state = 'ready'")
    monkeypatch.setattr(triage_job, "DECIDE_SECONDS", 120.0)
    good = service.accept(customer_mail(message_id="good@casa.example"))
    service.work()
    (failed,) = service.store.failed()
    assert (failed.inbound_id, failed.state, failed.attempts) == (hostile.inbound_id, "dead", 3)
    assert failed.error.startswith("TooLong")
    assert service.store.request_of(good.inbound_id) is not None
    kept = service.store.inbound(hostile.inbound_id)
    assert kept is not None
    assert kept.raw is not None
