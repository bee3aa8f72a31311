"""Deadlines in the store: held back and let go, fenced, once, whatever the clock does."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
import sqlalchemy as sa
from verdicts import decide, decision, mail, message, reply_effect, take_in

from plugin.model import Effect, History, Message, Pending
from plugin.service.health import of_store, overall
from plugin.store import Job, Lost, Store, Verdict
from plugin.store.deadlines import Settlement
from plugin.store.tables import job

DUE = {"what": "hand-over", "round": 1}


def soon(store: Store) -> datetime:
    return store.clock() - timedelta(seconds=1)


def open_request(
    store: Store, *, held: bool = False, message_id: str = "one@casa.example", asks: tuple[str, ...] = ("date",)
) -> int:
    """A request that asks, with a deadline that is due and perhaps a ticket that is held back."""
    about, now = message(message_id), soon(store)
    claimed = take_in(store, mail(message_id))
    assert claimed.inbound_id is not None
    effects = (
        Effect(f"desk:{claimed.inbound_id}", "desk", {}, held=held),
        Effect(f"due:hand-over:{claimed.inbound_id}", "due", DUE, at=now),
    )
    return store.record(claimed, Verdict(about, decision(asks), effects, store.known(about, now), now))


def due(store: Store) -> Job:
    claimed = store.claim(["due"])
    assert claimed is not None
    return claimed


def hand_over(*effects: Effect, **more: object) -> Callable[[Pending, datetime], Settlement]:
    values: dict[str, object] = {"state": "handed-over", "tags": ("no-answer",), "note": "Silence\n", **more}
    return lambda _pending, _now: Settlement("handed over", effects=effects, **values)  # type: ignore[arg-type]


def states(store: Store) -> dict[str, str]:
    with store.engine.connect() as conn:
        rows = conn.execute(sa.select(job.c.key, job.c.state).where(job.c.kind != "triage"))
        return {row.key: row.state for row in rows}


def test_a_deadline_waits_for_its_time(store: Store) -> None:
    about, now = message(), store.clock()
    claimed = take_in(store, mail(about.id))
    later = Effect("due:remind:1", "due", DUE, at=now + timedelta(hours=1))
    store.record(claimed, Verdict(about, decision(), (later,), store.known(about, now), now))
    assert store.claim(["due"]) is None
    assert overall(of_store(store)) == "ok"
    assert [entry.kind for entry in store.timeline(1)] == ["message"]  # told about once it came


def test_the_request_is_judged_as_it_is_now_and_changed_with_the_end_of_the_job(store: Store) -> None:
    number = open_request(store)
    seen: list[Pending] = []

    def judge(pending: Pending, now: datetime) -> Settlement:
        seen.append(pending)
        return hand_over()(pending, now)

    store.meet(due(store), message(), judge)
    (pending,) = seen
    assert (pending.number, pending.state, pending.group, pending.rounds) == (number, "waiting", "billing", 1)
    assert (pending.missing, pending.held, pending.taken) == (("date",), False, False)
    assert pending.history.replies_to_request == 0  # the reply of this decision went into no queue
    assert pending.decision.reply is not None
    request = store.request(number)
    assert request is not None
    assert (request.state, request.tags, request.note) == (
        "handed-over",
        ("refund", "no-answer"),
        "Wants money back.Silence\n",
    )
    assert states(store)["due:hand-over:1"] == "done"
    assert [e.text for e in store.timeline(number) if e.kind == "due"] == ["handed over"]


def test_whoever_lost_the_job_changes_nothing(store: Store) -> None:
    number = open_request(store)
    slow = due(store)
    with store.engine.begin() as conn:
        conn.execute(job.update().where(job.c.id == slow.id).values(lease_until=soon(store)))
    assert store.sweep().again == 1
    with store.engine.begin() as conn:
        conn.execute(job.update().where(job.c.id == slow.id).values(run_at=soon(store)))
    quick = due(store)
    with pytest.raises(Lost):
        store.meet(slow, message(), hand_over(reply_effect(1)))
    request = store.request(number)
    assert request is not None
    assert (request.state, request.tags) == ("waiting", ("refund",))
    assert "reply:1:ask" not in states(store)
    store.meet(quick, message(), hand_over(reply_effect(1)))
    assert states(store)["reply:1:ask"] == "ready"


def test_a_judge_that_fails_leaves_everything_as_it_was(store: Store) -> None:
    number = open_request(store)

    def judge(_pending: Pending, _now: datetime) -> Settlement:
        raise ZeroDivisionError

    claimed = due(store)
    with pytest.raises(ZeroDivisionError):
        store.meet(claimed, message(), judge)
    assert states(store)["due:hand-over:1"] == "running"
    store.meet(claimed, message(), hand_over())  # still ours
    request = store.request(number)
    assert request is not None
    assert request.state == "handed-over"


def test_a_reminder_is_counted_in_the_ledger_and_known_by_its_id(store: Store) -> None:
    number = open_request(store)
    remind = replace(reply_effect(1), key="reply:1:remind")
    store.meet(due(store), message(), hand_over(remind, asks=("date",)))
    answer = message("two@casa.example", in_reply_to=(remind.payload["message_id"],))
    known = store.known(answer, store.clock())
    assert known.request == number
    assert (known.history.replies_to_request, known.history.replies_to_sender_24h) == (1, 1)


def test_what_is_held_back_is_let_go_by_a_decision_that_asks_nothing(store: Store) -> None:
    number = open_request(store, held=True)
    request = store.request(number)
    assert request is not None
    assert request.routed_at is None
    assert store.claim(["desk"]) is None
    assert states(store)["desk:1"] == "held"
    answer = message("two@casa.example", in_reply_to=("one@casa.example",))
    assert store.known(answer, store.clock()).history.held
    decide(store, take_in(store, mail("two@casa.example")), answer, decision(asks=()), store.clock())
    assert (states(store)["desk:1"], states(store)["desk:2"]) == ("ready", "ready")
    request = store.request(number)
    assert request is not None
    assert request.routed_at is not None
    assert not store.known(answer, store.clock()).history.held


def test_an_automatic_message_does_not_let_it_go(store: Store) -> None:
    open_request(store, held=True)
    away = message("two@casa.example", in_reply_to=("one@casa.example",))
    robot = decision(asks=(), suppressed="auto-submitted")
    decide(store, take_in(store, mail("two@casa.example")), away, robot, store.clock())
    assert states(store)["desk:1"] == "held"


def test_what_is_held_back_is_let_go_when_time_is_up(store: Store) -> None:
    number = open_request(store, held=True)
    store.meet(due(store), message(), hand_over(release=True))
    assert states(store)["desk:1"] == "ready"
    request = store.request(number)
    assert request is not None
    assert request.routed_at is not None


def test_a_move_is_kept_for_later_decisions(store: Store) -> None:
    number = open_request(store)
    store.meet(due(store), message(), hand_over(group="customer-care"))
    request = store.request(number)
    assert request is not None
    assert (request.group, request.moved_to) == ("customer-care", "customer-care")
    follow = message("two@casa.example", in_reply_to=("one@casa.example",))
    assert store.known(follow, store.clock()).history.moved_to == "customer-care"


def test_the_first_who_takes_it_has_it(store: Store) -> None:
    number = open_request(store)
    assert store.take(number, "ana")
    assert not store.take(number, "luis")
    assert not store.take(99, "luis")
    request = store.request(number)
    assert request is not None
    assert request.taken_by == "ana"
    taken: list[bool] = []
    store.meet(due(store), message(), lambda pending, now: (taken.append(pending.taken), hand_over()(pending, now))[1])
    assert taken == [True]


def test_a_request_that_is_forgotten_has_no_deadlines(store: Store) -> None:
    open_request(store)
    store.forget("ana@casa.example")
    assert states(store)["due:hand-over:1"] == "cancelled"


def test_a_deadline_whose_message_was_deleted_counts_nobody(store: Store) -> None:
    open_request(store)
    histories: list[History] = []
    gone: Message | None = None

    def judge(pending: Pending, now: datetime) -> Settlement:
        histories.append(pending.history)
        return hand_over()(pending, now)

    store.meet(due(store), gone, judge)
    assert histories[0].replies_to_sender_24h == 0


def test_a_clock_that_goes_back_leaves_a_deadline_the_time_it_had(store: Store) -> None:
    ahead = datetime.now(UTC) + timedelta(days=8)
    with store.engine.begin() as conn:
        values = {"inbound_id": None, "payload": {}, "state": "ready", "attempts": 0, "max_attempts": 3}
        for kind in ("due", "reply"):
            row = {"key": kind, "kind": kind, "set_at": ahead, "run_at": ahead + timedelta(hours=5), **values}
            conn.execute(job.insert().values(**row, created_at=ahead))
    store.sweep()
    now = datetime.now(UTC)
    with store.engine.connect() as conn:
        found = {row.key: row.run_at for row in conn.execute(sa.select(job))}
    assert timedelta(hours=4, minutes=58) < found["due"] - now <= timedelta(hours=5)
    assert found["reply"] <= now
