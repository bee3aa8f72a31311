"""Jobs are done once: claims exclude each other, leases lapse, fences hold, tries end."""

from __future__ import annotations

import threading
from collections.abc import Callable
from datetime import timedelta

import pytest
import sqlalchemy as sa

from plugin.act.outcome import Outcome
from plugin.service.health import of_store, overall
from plugin.store import Job, Store, queue
from plugin.store.bucket import Rate
from plugin.store.engine import clock, writing
from plugin.store.tables import job as table

DONE, AGAIN = Outcome("done"), Outcome("again", error="Http 503")


def add(store: Store, key: str, kind: str = "reply", **more: object) -> int:
    with writing(store.engine) as conn:
        found = queue.enqueue(conn, key=key, kind=kind, **more)  # type: ignore[arg-type]
    assert found is not None
    return found


def claim(store: Store, *kinds: str) -> Job:
    found = store.claim(kinds or ("reply",))
    assert found is not None
    return found


def row(store: Store, job_id: int) -> sa.Row[tuple[object, ...]]:
    with store.engine.connect() as conn:
        return conn.execute(sa.select(table).where(table.c.id == job_id)).one()


def shift(store: Store, job_id: int, **columns: timedelta) -> None:
    """Move times of a job, as if so much time had passed (or, for the clock, not passed)."""
    values = {name: table.c[name] for name in columns}
    with writing(store.engine) as conn:
        now = conn.execute(sa.select(*values.values()).where(table.c.id == job_id)).one()
        moved = {name: value + columns[name] for name, value in zip(columns, now, strict=True)}
        conn.execute(table.update().where(table.c.id == job_id).values(**moved))


def lapse(store: Store, job_id: int) -> None:
    shift(store, job_id, lease_until=-queue.LEASE - timedelta(seconds=1))


def test_a_key_is_enqueued_once_and_a_rollback_leaves_nothing(store: Store) -> None:
    add(store, "reply:1")
    with writing(store.engine) as conn:
        assert queue.enqueue(conn, key="reply:1", kind="reply") is None
    with store.engine.connect() as conn:
        queue.enqueue(conn, key="reply:2", kind="reply")
        conn.rollback()
    assert claim(store).key == "reply:1"
    assert store.claim(["reply"]) is None


def test_four_workers_never_claim_the_same_job(opened: Callable[[], Store]) -> None:
    stores = [opened() for _ in range(4)]
    for number in range(200):
        add(stores[0], f"reply:{number}")
    claimed: list[str] = []

    def work(store: Store) -> None:
        while job := store.claim(["reply"]):
            claimed.append(job.key)
            assert store.finish(job, DONE)

    threads = [threading.Thread(target=work, args=(store,)) for store in stores]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(claimed) == sorted(f"reply:{number}" for number in range(200))


def test_of_a_lane_one_job_is_in_flight(store: Store) -> None:
    for number in (1, 2):
        add(store, f"desk:{number}", "desk", lane="request:7")
    add(store, "desk:3", "desk", lane="request:8")
    first, other = claim(store, "desk"), claim(store, "desk")
    assert (first.key, other.key) == ("desk:1", "desk:3")
    assert store.claim(["desk"]) is None
    store.finish(first, DONE)
    assert claim(store, "desk").key == "desk:2"


def test_the_database_itself_refuses_two_jobs_of_a_lane_in_flight(store: Store) -> None:
    one, two = (add(store, f"desk:{n}", "desk", lane="request:7") for n in (1, 2))
    with pytest.raises(sa.exc.IntegrityError), store.engine.begin() as conn:
        conn.execute(table.update().where(table.c.id.in_([one, two])).values(state="running"))


def test_a_lapsed_job_is_done_by_another_and_the_sleeper_changes_nothing(store: Store) -> None:
    add(store, "reply:1")
    sleeper = claim(store)
    lapse(store, sleeper.id)
    assert store.sweep().again == 1
    shift(store, sleeper.id, run_at=timedelta(hours=-1))
    other = claim(store)
    assert other.id == sleeper.id
    late = (store.sending(sleeper), store.finish(sleeper, DONE), store.renew(sleeper), store.release(sleeper))
    assert not any(late)
    assert store.sending(other)
    assert store.finish(other, DONE)


def test_a_lease_that_is_renewed_does_not_lapse(store: Store) -> None:
    add(store, "reply:1")
    job = claim(store)
    lapse(store, job.id)
    assert store.renew(job)
    assert store.sweep() == type(store.sweep())()
    assert store.finish(job, DONE)


def test_what_was_sending_when_its_worker_died_is_in_doubt_and_never_tried_again(store: Store) -> None:
    job_id = add(store, "reply:1")
    job = claim(store)
    assert store.sending(job)
    lapse(store, job.id)
    assert store.sweep().uncertain == 1
    assert store.claim(["reply"]) is None
    assert [(f.id, f.state, f.error) for f in store.failed()] == [(job_id, "uncertain", "LeaseLapsed")]


def test_who_held_a_job_in_doubt_may_still_say_how_it_ended(store: Store) -> None:
    job_id = add(store, "reply:1")
    job = claim(store)
    store.sending(job)
    lapse(store, job.id)
    store.sweep()
    assert store.finish(job, Outcome("done", receipt="250"))
    assert (row(store, job_id).state, store.failed()) == ("done", ())


def test_a_kind_that_is_harmless_to_repeat_is_repeated(store: Store) -> None:
    add(store, "reply:1")
    job = claim(store)
    store.sending(job)
    lapse(store, job.id)
    assert store.sweep(harmless=frozenset({"reply"})).again == 1


def test_a_worker_that_starts_alone_takes_back_everything_at_once(store: Store) -> None:
    add(store, "triage:1", "triage")
    add(store, "reply:1")
    claim(store, "triage")
    store.sending(claim(store))
    assert store.sweep() == type(store.sweep())()
    swept = store.sweep(everyone=True)
    assert (swept.again, swept.uncertain) == (1, 1)


def test_tries_end_and_their_history_is_kept(store: Store) -> None:
    job_id = add(store, "triage:1", "triage", max_attempts=3)
    for attempt in (1, 2, 3):
        job = claim(store, "triage")
        assert job.attempts == attempt
        store.finish(job, Outcome("again", error=f"ValueError {attempt}"))
        shift(store, job_id, run_at=timedelta(hours=-1))
    failed = store.failed()[0]
    assert (failed.state, failed.attempts, failed.error) == ("dead", 3, "ValueError 3")
    assert [entry["error"] for entry in failed.history] == ["ValueError 1", "ValueError 2", "ValueError 3"]


def test_a_worker_that_dies_on_the_same_mail_three_times_leaves_it_aside(store: Store) -> None:
    job_id = add(store, "triage:1", "triage", max_attempts=3)
    for _ in range(3):
        claim(store, "triage")
        lapse(store, job_id)
        store.sweep()
        shift(store, job_id, run_at=timedelta(hours=-1))
    assert store.claim(["triage"]) is None
    assert [f.error for f in store.failed()] == ["LeaseLapsed"]


def test_an_operator_retries_what_was_set_aside(store: Store) -> None:
    job_id = add(store, "triage:1", "triage", max_attempts=1)
    store.finish(claim(store, "triage"), AGAIN)
    assert store.retry(job_id)
    assert claim(store, "triage").attempts == 1
    assert not store.retry(job_id)


def test_an_operator_settles_what_is_in_doubt(store: Store) -> None:
    jobs = [add(store, f"reply:{n}") for n in (1, 2)]
    for _ in jobs:
        store.finish(claim(store), Outcome("uncertain", error="NoAnswerAfterData"))
    assert store.resolve(jobs[0], "sent")
    assert store.resolve(jobs[1], "send")
    assert not store.resolve(jobs[0], "send")
    assert row(store, jobs[0]).state == "done"
    assert claim(store).id == jobs[1]
    with pytest.raises(ValueError, match="sent, send or leave"):
        store.resolve(jobs[0], "maybe")


def test_a_try_that_failed_waits_longer_each_time_and_as_long_as_it_was_told(store: Store) -> None:
    add(store, "webhook:1", "webhook")
    job = claim(store, "webhook")
    store.finish(job, Outcome("again", error="Http 429", wait=120.0))
    with store.engine.connect() as conn:
        wait = (row(store, job.id).run_at - clock(conn)).total_seconds()
    assert 110 < wait <= 120
    assert all(0.5 * 2**n <= queue.backoff(n) <= 2**n for n in range(1, 11))
    assert queue.backoff(60) <= queue.WAIT_CAP


def test_a_fault_of_the_server_pauses_its_kind_and_costs_no_try(store: Store) -> None:
    for number in (1, 2):
        add(store, f"reply:{number}", max_attempts=1)
    add(store, "desk:1", "desk")
    store.finish(claim(store), Outcome("again", error="ConnectionRefusedError", fault=True))
    assert store.claim(["reply"]) is None
    assert claim(store, "desk").key == "desk:1"
    assert [(s.name, s.kind) for s in store.breakers()] == [("reply", "pause")]
    assert overall(of_store(store)) == "warning"
    store.resume("reply")
    assert claim(store).key == "reply:2"
    assert store.failed() == ()


def test_work_given_back_costs_no_try(store: Store) -> None:
    add(store, "triage:1", "triage")
    assert store.release(claim(store, "triage"))
    assert claim(store, "triage").attempts == 1


def test_what_is_being_sent_is_not_given_back(store: Store) -> None:
    add(store, "reply:1")
    job = claim(store)
    store.sending(job)
    assert not store.release(job)


def test_a_clock_that_goes_back_leaves_nothing_waiting(store: Store) -> None:
    hour = timedelta(hours=1)
    waiting, held = add(store, "reply:1"), add(store, "reply:2")
    shift(store, waiting, run_at=hour, set_at=hour)
    claim(store)
    shift(store, held, lease_until=hour)
    store.sweep()
    assert claim(store).id == waiting
    assert row(store, held).state == "ready"


def test_a_rate_is_kept_to_over_several_processes(opened: Callable[[], Store]) -> None:
    stores = [opened() for _ in range(2)]
    for number in range(10):
        add(stores[0], f"webhook:{number}", "webhook")
    rates = {"webhook": Rate(per_second=0.001, burst=3)}
    claimed = [store.claim(["webhook"], rates) for _ in range(5) for store in stores]
    assert sum(job is not None for job in claimed) == 3


def test_kinds_that_go_to_one_server_share_its_rate(store: Store) -> None:
    for kind in ("reply", "gateway"):
        for number in range(4):
            add(store, f"{kind}:{number}", kind)
    rate = Rate(per_second=0.001, burst=3, bucket="mail")
    claimed = [store.claim(["reply", "gateway"], {"reply": rate, "gateway": rate}) for _ in range(8)]
    assert sum(job is not None for job in claimed) == 3


AWAY = Outcome("again", error="ConnectError", fault=True)


def states(store: Store, job_id: int, *after: timedelta) -> list[str]:
    """How each try of a job ends while its server is away, so long after the one before."""
    found, now = [], store.clock()
    for wait in after:
        now += wait
        values = queue.settled(row(store, job_id), AWAY, now)
        found.append(values["state"])
        with writing(store.engine) as conn:
            conn.execute(table.update().where(table.c.id == job_id).values(**values))
    return found


@pytest.mark.parametrize(("kind", "days"), [("reply", 1), ("webhook", 5)])
def test_what_waits_for_a_server_at_fault_is_set_aside_in_the_end(store: Store, kind: str, days: int) -> None:
    job_id = add(store, f"{kind}:1", kind)
    often = [timedelta(minutes=20)] * (72 * days)
    assert states(store, job_id, *often, timedelta(hours=1)) == [*(["ready"] * len(often)), "dead"]
    assert store.retry(job_id)
    assert set(states(store, job_id, *often)) == {"ready"}, "a person gave it the whole time again"


def test_what_waits_for_somebody_waits_without_an_end(store: Store) -> None:
    job_id = add(store, "desk:1", "desk", max_attempts=1)
    for _ in range(3):
        assert store.finish(claim(store, "desk"), Outcome("again", error="NoAddress", patient=True)) == "ready"
        shift(store, job_id, run_at=timedelta(days=-9))
