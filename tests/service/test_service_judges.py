"""Deciding happens in processes of its own: no message keeps the others waiting or takes the service along."""

from __future__ import annotations

import os
import signal
import threading
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from running import Service, customer_mail
from servers.ground import alive, wait_for
from stuck import BROKEN, DEADLY, ENDLESS, Stuck

from plugin.assess.assess import Judgement
from plugin.model import History, Message
from plugin.rulebook import Rulebook
from plugin.service.judges import JudgeFailed, Judges, TooLong
from plugin.service.judging import Bench, Case, judged
from plugin.service.turns import Turns
from plugin.understand.child import Child
from plugin.understand.mail import read_mail
from plugin.understand.own import Own

NOW = datetime(2026, 11, 18, 10, 0, tzinfo=UTC)
SECRET = "4556 7375 8689 9855"


@pytest.fixture(scope="module")
def judges() -> Iterator[Judges]:
    """Judges that find the encoder of this folder."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("PYTHONPATH", str(Path(__file__).parent))
        found = Judges(Own(), seconds=2.0)
        yield found
        found.close()


@pytest.fixture(scope="module")
def book(rulebook: Rulebook) -> Rulebook:
    """The pack with an encoder that can be made to fail."""
    known = rulebook.learned["judgement"]
    assert isinstance(known, Judgement)
    return rulebook.with_learned({**rulebook.learned, "judgement": replace(known, encoder=Stuck())})


def case(text: str) -> Case:
    return Case(message(text), History(), NOW)


def message(text: str) -> Message:
    return read_mail(customer_mail(text), NOW)


def pids(judges: Judges) -> list[int]:
    return [judge._child.pid for judge in judges._idle if judge._child.pid is not None]


def test_a_judge_decides_as_anybody_does(judges: Judges, book: Rulebook) -> None:
    one = case(f"Quiero un reembolso, mi tarjeta es {SECRET}.")
    decision = judges.decide(one, book)
    assert decision == judged(one, Bench(book, Own()))
    assert decision.rulebook == book.digest
    assert SECRET not in repr(decision)


@pytest.mark.parametrize(("word", "error"), [(ENDLESS, TooLong), (BROKEN, JudgeFailed), (DEADLY, JudgeFailed)])
def test_what_fails_costs_that_message_only(
    judges: Judges, book: Rulebook, word: str, error: type[JudgeFailed]
) -> None:
    with pytest.raises(error) as caught:
        judges.decide(case(f"Quiero un reembolso {word}."), book)
    assert "reembolso" not in str(caught.value)
    assert judges.decide(case("Quiero un reembolso."), book).intent


def test_an_error_names_its_place(judges: Judges, book: Rulebook) -> None:
    with pytest.raises(JudgeFailed, match=r"^ArithmeticError stuck\.py:\d+$"):
        judges.decide(case(BROKEN), book)


def test_a_judge_that_was_killed_is_replaced(judges: Judges, book: Rulebook) -> None:
    judges.decide(case("Quiero un reembolso."), book)
    (pid,) = pids(judges)
    os.kill(pid, signal.SIGKILL)
    wait_for(lambda: not alive(pid))
    assert judges.decide(case("Quiero un reembolso."), book).intent
    assert pids(judges) != [pid]


def test_another_rulebook_is_in_force_at_once(judges: Judges, book: Rulebook) -> None:
    other = replace(book, digest="another")
    decided = [judges.decide(case("Quiero un reembolso."), one).rulebook for one in (book, other, book)]
    assert decided == [book.digest, "another", book.digest]
    assert len(pids(judges)) == 1


def test_told_to_stop_a_judge_leaves_it_to_its_parent(judges: Judges, book: Rulebook) -> None:
    judges.decide(case("Quiero un reembolso."), book)
    (pid,) = pids(judges)
    os.kill(pid, signal.SIGTERM)
    os.kill(pid, signal.SIGINT)
    judges.decide(case("Quiero un reembolso."), book)
    assert pids(judges) == [pid]


def test_a_judge_ends_with_the_process_that_it_decides_for() -> None:
    child = Child("plugin.service.judging", ("1",))
    child.start()
    assert child._process is not None
    assert child._process.stdin is not None
    child._process.stdin.close()  # as the kernel does when that process is killed
    assert child._process.wait(120) == 0
    child.close()


def test_a_message_that_cannot_be_decided_is_set_aside_and_the_next_one_is_decided(
    service: Service, book: Rulebook, judges: Judges
) -> None:
    service.rulebook, service.worker._triager.judges = book, judges
    hostile = service.accept(customer_mail(f"Quiero un reembolso {BROKEN}.", message_id="hostile@casa.example"))
    for _ in range(3):
        service.work()
        with service.store.engine.begin() as conn:
            conn.exec_driver_sql("UPDATE job SET run_at = created_at WHERE state = 'ready'")
    good = service.accept(customer_mail(message_id="good@casa.example"))
    service.work()
    (failed,) = service.store.failed()
    assert (failed.inbound_id, failed.state, failed.attempts) == (hostile.inbound_id, "dead", 3)
    assert failed.error.startswith("JudgeFailed: ArithmeticError")
    assert service.store.request_of(good.inbound_id) is not None
    kept = service.store.inbound(hostile.inbound_id)
    assert kept is not None
    assert kept.raw is not None


def decide_in_turns(claimed: list[tuple[int, str]], read: list[int]) -> list[int]:
    """The jobs (each with its sender) in the order in which they are decided, if they are read in that order."""
    turns, done, threads = Turns(), [], []
    for job, _ in claimed:
        turns.enter(job)
    senders = dict(claimed)

    def decide(job: int) -> None:
        turns.wait(job, frozenset({senders[job]}))
        done.append(job)
        turns.leave(job)

    for job in read:
        threads.append(threading.Thread(target=decide, args=(job,)))
        threads[-1].start()
    for thread in threads:
        thread.join(60)
    assert not any(thread.is_alive() for thread in threads)
    return done


TURNS: list[tuple[list[tuple[int, str]], list[int], Callable[[list[int]], bool]]] = [
    ([(1, "ana"), (2, "ana"), (3, "ana")], [3, 2, 1], lambda done: done == [1, 2, 3]),
    ([(1, "ana"), (2, "bea"), (3, "ana")], [3, 2, 1], lambda done: done.index(1) < done.index(3)),
    ([(5, "ana"), (2, "ana")], [2, 5], lambda done: done == [5, 2]),  # as claimed, not as numbered
]


@pytest.mark.parametrize(("claimed", "read", "right"), TURNS)
def test_a_conversation_is_decided_in_the_order_it_came(
    claimed: list[tuple[int, str]], read: list[int], right: Callable[[list[int]], bool]
) -> None:
    for _ in range(20):
        assert right(decide_in_turns(claimed, read))


def test_another_conversation_does_not_wait() -> None:
    turns = Turns()
    for job in (1, 2, 3):
        turns.enter(job)
    turns.wait(1, frozenset({"ana"}))  # in hand, and never done
    turns.wait(2, frozenset({"bea"}))
    turns.wait(3, frozenset({"carla"}))
