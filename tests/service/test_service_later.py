"""More requests than the mailbox may answer: nobody is forgotten, and nothing goes out until a person has looked."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from email.utils import parseaddr

import pytest
import sqlalchemy as sa
from running import Service, customer_mail

from plugin.model import Arrival
from plugin.rulebook import Rulebook
from plugin.store.tables import job

CAP = 3  #: answers an hour


class Flood:
    """A service with a small cap, on a clock that is moved."""

    def __init__(self, service: Service, rulebook: Rulebook) -> None:
        caps = {
            **rulebook.desk.raw.get("caps", {}),
            "per_mailbox_1h": CAP,
            "per_domain_1h": 1000,
            "same_words_1h": 1000,
        }
        service.rulebook = replace(rulebook, desk=replace(rulebook.desk, raw={**rulebook.desk.raw, "caps": caps}))
        self.service, self.now = service, datetime.now(UTC)
        service.store.engine = service.store.engine.execution_options(clock=lambda: self.now)

    def customers(self, *numbers: int) -> None:
        for number in numbers:
            self.write(number, customer_mail(f"Quiero un reembolso, es el caso {number}.", f"{number}@casa.example"))

    def write(self, number: int, mail: bytes) -> None:
        """The customer of that number writes."""
        raw = mail.replace(b"ana@casa.example", b"ana@casa%d.example" % number)
        self.service.store.accept(Arrival("mail", raw, self.now, "box"))
        self.service.work()

    def later(self, **span: float) -> None:
        self.now += timedelta(**span)
        self.service.work()

    def answered(self) -> list[str]:
        return [parseaddr(str(mail["To"]))[1].partition("@")[2] for mail in self.service.outbox()]

    def replies(self) -> Counter[str]:
        with self.service.store.engine.connect() as conn:
            return Counter(conn.execute(sa.select(job.c.state).where(job.c.kind == "reply")).scalars())


@pytest.fixture
def flood(service: Service, rulebook: Rulebook) -> Flood:
    return Flood(service, rulebook)


def test_answers_beyond_the_cap_wait_and_go_out_one_by_one_once_a_person_has_looked(flood: Flood) -> None:
    flood.customers(*range(8))
    assert len(flood.answered()) == CAP
    assert flood.replies() == {"done": CAP, "ready": 8 - CAP}
    assert [stop.kind for stop in flood.service.store.breakers()] == ["breaker"]
    flood.later(hours=5)
    assert len(flood.answered()) == CAP, "it does not end by itself"
    assert flood.service.store.resume("reply")
    counted = []
    for _ in range(6):
        flood.later(minutes=20.1)
        counted.append(len(flood.answered()))
    assert counted == [5, 6, 7, 8, 8, 8], "as many an hour as the cap lets through"
    assert Counter(flood.answered()) == {f"casa{number}.example": 1 for number in range(8)}


def test_the_agent_reads_that_the_answer_waits(flood: Flood) -> None:
    flood.customers(*range(CAP + 1))
    last = flood.service.store.request(CAP + 1)
    assert last is not None
    assert "The answer waits (mailbox-cap)" in last.note
    assert last.state == "waiting"
    decision = flood.service.store.decision(CAP + 1)
    assert decision is not None
    assert decision.no_reply == "mailbox-cap"
    assert decision.reply is not None


def test_what_has_waited_for_a_day_is_called_off(flood: Flood) -> None:
    flood.customers(*range(CAP + 2))
    flood.later(hours=25)
    flood.customers(100)
    assert flood.service.store.resume("reply")
    flood.later(hours=3)
    assert flood.replies() == {"done": CAP + 1, "cancelled": 2}
    assert "casa100.example" in flood.answered()


def test_who_has_an_answer_from_an_agent_gets_none_from_us(flood: Flood) -> None:
    flood.customers(*range(CAP + 1))
    flood.service.store.desk.agent_replied(CAP + 1)
    assert flood.service.store.resume("reply")
    flood.later(hours=1)
    assert len(flood.answered()) == CAP
    assert flood.replies() == {"done": CAP + 1}


def test_who_sends_the_details_meanwhile_is_not_asked_for_them(flood: Flood) -> None:
    flood.customers(*range(CAP + 1))
    asked = flood.service.store.decision(CAP + 1)
    assert asked is not None
    assert asked.reply is not None
    assert asked.reply.asks
    details = "Factura F-2291, pedido 4711, 89 euros del 3 de noviembre, cobrado dos veces, pagado con tarjeta."
    flood.write(CAP, customer_mail(details, "more@casa.example", in_reply_to=f"<{CAP}@casa.example>"))
    follow = flood.service.store.decision(CAP + 2)
    assert follow is not None
    assert not set(asked.reply.asks) & set(follow.completeness.missing)
    assert flood.replies()["cancelled"] == 1
