"""The mail server at fault, at every step: what is tried again is sent once, and what is in doubt is never sent twice.

Expected outcomes: RFC 5321 section 4.2 (4yz: again, 5yz: never) and RFC 1047 (no answer after the final dot: nobody
knows).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable

import pytest
from quick import Quick
from servers.postgres import Postgres
from servers.smtp import SmtpServer

from plugin.act import smtp as module
from plugin.service.health import of_store, overall

pytestmark = pytest.mark.server

#: step, fault
PASSING = [
    ("connect", "421 4.3.2 busy"),
    ("connect", "stall"),
    ("connect", "cut"),
    ("mail", "451 4.7.1 later"),
    ("mail", "550 5.1.7 no null sender here"),
    ("rcpt", "450 4.2.0 greylisted"),
    ("rcpt", "stall"),
    ("data", "451 4.3.0 later"),
    ("data", "cut"),
    ("dot", "450 4.3.0 later"),
    ("dot", "421 4.3.2 closing"),
]
LASTING = [("rcpt", "550 5.1.1 no such user"), ("data", "500 5.5.1 what"), ("dot", "554 5.7.1 refused")]
DOUBTFUL = [("dot", "cut"), ("dot", "stall"), ("dot", "half")]


@pytest.fixture
def break_(smtp: SmtpServer, monkeypatch: pytest.MonkeyPatch) -> Callable[[str, str], None]:
    """Put a fault at a step, or mend the server; nobody waits long for a server that is known to say nothing."""

    def put(step: str = "", fault: str = "") -> None:
        smtp.faults = {step: fault} if step else {}
        for name, seconds in (("CONNECT_SECONDS", 60.0), ("ANSWER_SECONDS", 120.0)):
            monkeypatch.setattr(module, name, 1.0 if fault == "stall" else seconds)

    return put


Break = Callable[..., None]


def names(rows: list[tuple[str, str]]) -> list[str]:
    return [f"{step} {fault}" for step, fault in rows]


def passes(house: Quick, break_: Break, step: str, fault: str) -> None:
    done = house.written
    break_(step, fault)
    house.write(2)
    assert house.states("reply") == Counter(done=done, ready=2)
    assert house.states("desk") == Counter(done=done + 2), "the tickets do not wait for the mail server"
    assert len(house.smtp.mails) == done
    break_()
    house.pass_time(house.settled)
    assert house.states("reply") == {"done": done + 2}
    assert list(house.sent().values()) == [1] * (done + 2)
    assert house.store.failed() == ()


@pytest.mark.parametrize(("step", "fault"), PASSING, ids=names(PASSING))
def test_what_passes_is_tried_again_and_sent_once(
    quick: Callable[..., Quick], break_: Break, step: str, fault: str
) -> None:
    passes(quick(), break_, step, fault)


def test_one_fault_after_the_other_on_postgresql(
    quick: Callable[..., Quick], break_: Break, postgres: Postgres
) -> None:
    house = quick(postgres.database())
    for step, fault in PASSING:
        passes(house, break_, step, fault)


@pytest.mark.parametrize(("step", "fault"), LASTING, ids=names(LASTING))
def test_a_refusal_for_good_is_set_aside_and_nothing_behind_it_waits(
    quick: Callable[..., Quick], break_: Break, step: str, fault: str
) -> None:
    house = quick()
    break_(step, fault)
    house.write(1)
    break_()
    house.write(2)
    house.pass_time(house.settled)
    (failed,) = house.store.failed()
    assert (failed.kind, failed.state) == ("reply", "dead")
    assert list(house.sent().values()) == [1, 1]
    assert house.store.retry(failed.id)
    house.pass_time(house.settled)
    assert list(house.sent().values()) == [1, 1, 1]
    assert house.store.failed() == ()


def test_a_reply_that_was_refused_for_a_day_is_set_aside_and_still_there(
    quick: Callable[..., Quick], break_: Break
) -> None:
    house = quick()
    break_("rcpt", "450 4.2.0 greylisted")
    house.write(1)
    house.wait(hours=12)
    assert house.states("reply") == {"ready": 1}
    house.wait(hours=36)
    (failed,) = house.store.failed()
    assert (failed.kind, failed.state, failed.error) == ("reply", "dead", "RcptTo 450")
    break_()
    assert house.store.retry(failed.id)
    house.pass_time(house.settled)
    assert list(house.sent().values()) == [1]


@pytest.mark.parametrize(("step", "fault"), DOUBTFUL, ids=names(DOUBTFUL))
@pytest.mark.parametrize("taken", [True, False], ids=["taken", "not taken"])
def test_without_an_answer_a_person_decides(
    quick: Callable[..., Quick], break_: Break, step: str, fault: str, taken: bool
) -> None:
    house = quick()
    house.smtp.keep = taken
    break_(step, fault)
    house.write(2)
    break_()
    house.wait(hours=12)
    assert house.states("reply") == {"uncertain": 2}
    assert house.states("desk") == {"done": 2}, "each ticket has its note all the same"
    assert len(house.smtp.mails) == (2 if taken else 0)
    assert overall(of_store(house.store)) == "warning"
    for failed in house.store.failed():
        assert house.store.resolve(failed.id, "sent" if taken else "send")
    house.pass_time(house.settled)
    assert list(house.sent().values()) == [1, 1]
    assert house.store.failed() == ()


def test_what_is_in_doubt_when_its_customer_is_forgotten_is_not_sent_any_more(
    quick: Callable[..., Quick], break_: Break
) -> None:
    house = quick()
    house.smtp.keep = False
    break_("dot", "cut")
    house.write(1)
    break_()
    house.store.forget("ana@casa1.example")
    (doubt,) = house.store.failed()
    assert house.store.resolve(doubt.id, "send")
    house.pass_time(house.settled)
    (failed,) = house.store.failed()
    assert (failed.id, failed.state, failed.error) == (doubt.id, "dead", "BytesDeleted")
    assert house.sent() == {}
