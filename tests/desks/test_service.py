"""A customer's message through a desk and back: sorted, noted, answered, once; whatever the desk does meanwhile."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from random import Random

import pytest
from grounds import MOCKS, REAL
from mocks.server import Call, Fault, wait_for
from reals.mails import mail

from plugin.desks.words import same_words

REFUND = "Quiero un reembolso, por favor. Me habéis cobrado dos veces el plan Pro."
EVERY = [*MOCKS, *(pytest.param(name, marks=[pytest.mark.server, pytest.mark.timeout(900)]) for name in REAL)]


@pytest.mark.parametrize("name", EVERY)
def test_a_request_is_sorted_noted_and_answered(settle, name):
    house = settle(name)
    ticket = house.ground.customer_writes(REFUND, subject="Reembolso")
    house.follow(ticket)
    now, can = house.now(ticket), house.ground.kind.abilities
    assert now.group == house.ground.groups[1]
    assert {"refund", "incomplete"} <= now.tags or "tags" not in can
    (note,) = house.ours(ticket, public=False)
    assert "refund" in note.text
    (reply,) = house.ours(ticket, public=True)
    assert len(wait_for(lambda: house.ground.mailed(ticket))) == 1
    seen = house.ground.seen_by_customer(ticket)
    assert not same_words(seen, note.text)
    assert same_words(seen, reply.text.splitlines()[-1])
    house.look()  # our own echo
    house.work()
    house.ground.customer_writes("Es el cargo del 3 de mayo, 120 euros.", subject="Reembolso", ticket=ticket)
    wait_for(lambda: house.look() or len(house.jobs("triage")) > 1)
    house.work()
    assert len(house.jobs("triage")) == 2, "our own writing was taken for the customer's"
    assert len(house.ours(ticket, public=False)) == 2
    assert house.now(ticket).group == house.ground.groups[1]


def test_the_hook_is_answered_at_once_and_the_ticket_fetched_later(settle):
    house = settle(desk_secrets=_secrets())
    ticket = house.ground.customer_writes(REFUND)
    calls = len(house.ground.calls)
    headers, body = wait_for(lambda: house.ground.deliveries(ticket))[0]
    assert _deliver(house, headers, body).status_code == 202
    assert len(house.ground.calls) == calls, "the desk was asked while its hook waited"
    assert house.number(ticket) is None
    assert _deliver(house, headers, body).status_code == 202  # the same once more
    house.work()
    assert len(house.ours(ticket, public=True)) == 1
    assert len(house.jobs("triage")) == 1


def test_a_ticket_that_is_not_visible_yet_is_tried_again(settle):
    house = settle(desk_secrets=_secrets())
    ticket = house.ground.customer_writes(REFUND)
    house.ground.hide(ticket, 2)
    _deliver(house, *wait_for(lambda: house.ground.deliveries(ticket))[0])
    for _ in range(3):
        house.work()
        house.hurry()
    assert house.number(ticket) is not None
    assert len(house.ours(ticket, public=True)) == 1


@pytest.mark.parametrize("path", ["tickets", "ticket_articles", "tags"])
@pytest.mark.parametrize("status", ["lost", 500, 503, 429, 403])
def test_a_write_of_which_nobody_knows_is_looked_for_and_never_doubled(settle, path, status):
    house = settle()
    house.ground.customer_writes(REFUND)
    for method in ("POST", "PUT"):
        house.ground.fault(status, method=method, path=path)
    (ticket,) = house.ground.tickets
    wait_for(lambda: house.look() or house.jobs("fetch"))
    for _ in range(6):
        house.work()
        house.hurry()
    assert len(house.ours(str(ticket), public=False)) == 1
    assert len(house.ours(str(ticket), public=True)) == 1
    assert house.now(str(ticket)).group == house.ground.groups[1]
    assert {state for kind in ("desk", "note", "reply") for state, _ in house.jobs(kind)} == {"done"}


@dataclass
class Weather(Fault):
    """Three calls in ten go wrong, each in a way of its own."""

    luck: Random = field(default_factory=lambda: Random(8))

    def hits(self, call: Call) -> bool:
        if self.times <= 0 or self.luck.random() > 0.3:
            return False
        self.status = self.luck.choice(("lost", 429, 500, 503))
        self.headers = {"Retry-After": "30"} if self.status == 429 else {}
        return True


def test_when_three_calls_in_ten_fail_for_a_while_all_is_done_at_last_and_nothing_twice(settle):
    house = settle()
    for number in range(5):
        opened = house.ground.open(f"Factura {number}", 11, house.ground.person(f"c{number}@casa{number}.example"))
        house.ground.write(opened, opened.requester, f"{REFUND} Factura F-{number}.", True, kind="email")
    tickets = [str(ticket) for ticket in house.ground.tickets]
    wait_for(lambda: house.look() or len(house.jobs("fetch")) == 5)
    bad = Weather(0, times=40)
    house.ground.faults.append(bad)
    for _ in range(40):
        house.work()
        house.hurry()
        if not any(
            state == "ready" for kind in ("fetch", "triage", "desk", "note", "reply") for state, _ in house.jobs(kind)
        ):
            break
    assert bad.times < 25, "the desk was hardly at fault"
    house.ground.faults.clear()
    for ticket in tickets:
        assert len(house.ours(ticket, public=False)) == 1
        assert len(house.ours(ticket, public=True)) == 1
        assert house.now(ticket).group == house.ground.groups[1]
    assert {state for kind in ("fetch", "desk", "note", "reply") for state, _ in house.jobs(kind)} == {"done"}


def test_a_worker_that_dies_while_it_writes_leaves_no_second_note(settle):
    house = settle()
    ticket = house.ground.customer_writes(REFUND)
    house.follow(ticket)
    with house.store.engine.begin() as conn:  # as if it had died right after the write
        conn.exec_driver_sql(
            "update job set state = 'sending', lease_until = '2000-01-01' where kind in ('note','reply')"
        )
    house.store.sweep(everyone=True)
    house.hurry()
    house.work()
    assert len(house.ours(ticket, public=False)) == len(house.ours(ticket, public=True)) == 1
    assert [state for state, _ in house.jobs("reply")] == ["done"]


def test_an_update_that_the_desk_takes_and_does_not_make_is_noticed(settle):
    house = settle()
    ticket = house.ground.customer_writes(REFUND)
    touch = house.ground.group
    house.ground.group = lambda name: 11  # says yes, and leaves the ticket where it is
    wait_for(lambda: house.look() or house.jobs("fetch"))
    for _ in range(8):
        house.work()
        house.hurry()
    house.ground.group = touch
    assert [job for job in house.jobs("desk") if job[0] == "dead" and "NotTaken group" in job[1]]
    assert [failed.error for failed in house.store.failed()] == ["NotTaken group"]
    assert len(house.ours(ticket, public=False)) == 1, "the note is there all the same"


def test_after_an_hour_away_none_of_500_changes_is_missed(settle):
    house = settle(desk_mode="shadow")
    ground = house.ground
    start = datetime.now(UTC).replace(microsecond=0)
    tickets = [ground.open(f"Asunto {number}", 11, ground.person("ana@casa.example")) for number in range(500)]
    for number, ticket in enumerate(tickets):
        ticket.created = ticket.updated = start + timedelta(seconds=7 * number)
        ground.write(ticket, ticket.requester, f"Mensaje {number}", True, kind="email")
    house.look()
    house.look()
    with house.store.engine.connect() as conn:
        query = "select count(distinct lane) from job where kind = 'fetch'"
        assert conn.exec_driver_sql(query).scalar_one() == 500


@pytest.mark.parametrize("mode", ["shadow", "note"])
def test_a_careful_mode_says_nothing_to_customers(settle, mode):
    house = settle(desk_mode=mode)
    ticket = house.ground.customer_writes(REFUND)
    before = house.now(ticket)
    wait_for(lambda: house.look() or house.jobs("fetch"))
    house.work()
    now = house.now(ticket)
    request = house.store.request(1)
    assert request
    assert request.group == "billing", "it is decided and recorded all the same"
    assert (now.group, now.priority) == (before.group, before.priority)
    assert house.ours(ticket, public=True) == []
    assert house.ground.mailed(ticket) == []
    assert house.jobs("reply") == []
    if mode == "shadow":
        assert now == before
        return
    assert {"refund"} <= now.tags
    (note,) = house.ours(ticket, public=False)
    assert "Draft of an answer" in note.text
    assert "mode note" in note.text


def test_a_note_that_the_customer_can_see_stops_all_notes(settle):
    house = settle()
    ticket = house.ground.customer_writes(REFUND)
    write = house.ground._write
    house.ground._write = lambda found, body: write(found, {**body, "internal": False})  # a desk that has a fault
    house.follow(ticket)
    house.ground._write = write
    assert house.jobs("note") == [("dead", "NoteIsPublic")]
    assert [stop.name for stop in house.store.breakers()] == ["note"]
    second = house.ground.customer_writes(REFUND, subject="Otro")
    house.follow(second)
    assert house.ours(second, public=False) == []


def test_a_person_who_moves_a_ticket_is_heeded_and_listed(settle):
    house = settle()
    ticket = house.ground.customer_writes(REFUND)
    house.follow(ticket)
    house.ground.agent_moves(ticket, house.ground.groups[0])
    house.ground.agent_tags(ticket, add="vip", remove="refund")
    wait_for(lambda: house.look() or len(house.store.desk.corrections()) == 3 or (house.work(), False)[1])
    house.work()
    found = {(c.change.what, c.change.was, c.change.now) for c in house.store.desk.corrections()}
    assert found == {
        ("group", "billing", house.ground.groups[0]),
        ("tag-added", "", "vip"),
        ("tag-removed", "refund", ""),
    }
    house.ground.customer_writes("Es el cargo del 3 de mayo, 120 euros.", ticket=ticket)
    wait_for(lambda: house.look() or len(house.jobs("triage")) > 1 or (house.work(), False)[1])
    house.work()
    now = house.now(ticket)
    assert now.group == house.ground.groups[0], "what a person decided stays"
    assert "refund" not in now.tags
    assert len(house.store.desk.corrections()) == 3


def test_what_a_person_has_answered_is_left_to_them(settle):
    house = settle()
    ticket = house.ground.customer_writes(REFUND)
    house.ground.agent_replies(ticket, "Lo miro enseguida")
    house.ground.customer_writes("Gracias, otra cosa: el calendario no carga.", ticket=ticket)
    house.follow(ticket)
    (first, second) = (house.store.decision(number) for number in (1, 2))
    assert first
    assert second
    assert second.no_reply == "agent-replied"
    request = house.store.request(1)
    assert request
    assert request.agent_replied


def test_a_person_who_is_faster_than_our_answer_is_left_to_it(settle):
    house = settle()
    ticket = house.ground.customer_writes(REFUND)
    wait_for(lambda: house.look() or house.jobs("fetch"))
    while not house.jobs("reply"):
        assert house.worker.run_once()
    house.ground.agent_replies(ticket, "Ya lo he devuelto.")
    house.work()
    assert house.ours(ticket, public=True) == []
    assert house.jobs("reply") == [("done", "not sent: an agent has answered")]
    assert len(house.ours(ticket, public=False)) == 1


def test_a_mail_by_both_ways_is_one_request_with_one_ticket(settle):
    house = settle()
    raw = mail("ana@casa.example", "Reembolso", REFUND, "both@casa.example")
    ticket = house.ground.customer_writes(REFUND, subject="Reembolso", message_id="both@casa.example")
    house.arrive(raw)
    house.work()
    wait_for(lambda: house.look() or house.jobs("fetch"))
    house.work()
    assert len(house.ground.tickets) == 1, "the desk had the mail already"
    assert house.number(ticket) == 1
    assert len(house.jobs("triage")) == 1


def test_a_mail_opens_a_ticket_for_the_customer_and_is_answered_by_mail(settle):
    house = settle()
    house.arrive(mail("ana@casa.example", "Reembolso", REFUND, "m1@casa.example"))
    house.work()
    (number,) = house.ground.tickets
    now = house.now(str(number))
    assert now.requester
    assert now.requester.email == "ana@casa.example"
    assert (now.group, now.subject) == (house.ground.groups[1], "Reembolso")
    (note,) = house.ours(str(number), public=False)
    assert "Answered by mail" in note.text
    assert len(list((house.home / "outbox" / "new").iterdir())) == 1
    assert house.ground.mailed(str(number)) == []
    house.arrive(mail("ana@casa.example", "Re: Reembolso", "Es el cargo del 3 de mayo, 120 euros.", "m2@casa.example"))
    house.work()
    assert len(house.ground.tickets) == 1
    assert any(same_words(entry.text, "cargo del 3 de mayo") for entry in house.now(str(number)).entries)


def _secrets():
    from mocks.world import SECRET

    from plugin.settings import Secret

    return (Secret(SECRET),)


def _deliver(house, headers, body):
    return house.web().post(f"/v1/hooks/{house.ground.kind.name}", data=body, headers=headers)
