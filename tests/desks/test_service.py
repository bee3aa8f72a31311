"""A customer's message through a desk and back: sorted, noted, answered, once; whatever the desk does meanwhile."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from grounds import MOCKS, REAL
from mocks.server import wait_for
from mocks.world import SECRET
from reals.mails import mail
from reals.proxy import EachAnswerLost, Weather
from reals.running import running

from plugin.desks.words import same_words
from plugin.settings import Secret

REFUND = "Quiero un reembolso, por favor. Me habéis cobrado dos veces el plan Pro."
RUNNING = [pytest.param(name, marks=[pytest.mark.server, pytest.mark.timeout(900)]) for name in REAL]
EVERY = [*MOCKS, *RUNNING]
SOME = ["zammad", *RUNNING]


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


@pytest.mark.parametrize("name", SOME)
def test_a_hook_is_answered_at_once_and_its_ticket_fetched_once_it_is_visible(settle, name):
    house = settle(name, desk_secrets=_secrets(name))
    ticket = house.ground.customer_writes(REFUND, subject="Cobro doble")
    headers, body = wait_for(lambda: house.ground.deliveries(ticket))[0]
    house.ground.calls.clear()
    assert house.deliver(headers, body).status_code == 202
    assert house.ground.calls == [], "the desk was asked while its hook waited"
    assert house.number(ticket) is None
    assert house.deliver(headers, body).status_code == 202  # the same once more
    house.ground.hide(ticket, 2)  # its own transaction is not over
    house.settled()
    assert house.number(ticket) is not None
    assert len(house.ours(ticket, public=True)) == 1
    assert len(house.jobs("triage")) == 1
    assert house.deliver(headers, body + b" ").status_code in (
        (401,) if house.ground.kind.hook.scheme.header else (202,)
    )


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


@pytest.mark.parametrize("name", RUNNING)
def test_no_write_is_doubled_when_the_first_answer_to_each_is_lost(settle, name):
    house = settle(name)
    house.ground.faults.append(EachAnswerLost("lost", times=99))
    ticket = house.ground.customer_writes(REFUND, subject="Reembolso doble")
    wait_for(lambda: house.look() or house.jobs("fetch"))
    house.settled()
    assert house.ground.faults[0].seen, "nothing was lost"
    assert len(house.ours(ticket, public=False)) == 1
    assert len(house.ours(ticket, public=True)) == 1
    assert len(wait_for(lambda: house.ground.mailed(ticket))) == 1
    assert house.now(ticket).group == house.ground.groups[1]
    assert {state for kind in ("desk", "note", "reply") for state, _ in house.jobs(kind)} == {"done"}


@pytest.mark.parametrize("name", SOME)
def test_when_three_calls_in_ten_fail_for_a_while_all_is_done_at_last_and_nothing_twice(settle, name):
    house = settle(name)
    tickets = (
        _from_five_people(house.ground) if name in MOCKS else [house.ground.customer_writes(REFUND, subject="F-1")]
    )
    count = len(tickets)
    wait_for(lambda: house.look() or len(house.jobs("fetch")) == count)
    bad = Weather(times=8 * count, ways=("lost", 429, 500, 503) if name in MOCKS else Weather.ways)
    house.ground.faults.append(bad)
    house.settled()
    assert bad.times <= 5 * count, "the desk was hardly at fault"
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
    for kind in ("note", "reply"):
        with house.store.engine.begin() as conn:  # as if it had died right after the write
            conn.exec_driver_sql("update job set state = 'sending', lease_until = '2000-01-01' where kind = ?", (kind,))
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


@pytest.mark.parametrize("name", RUNNING)
def test_none_of_500_tickets_of_a_desk_is_missed_after_an_hour_away(settle, name):
    house = settle(name, desk_mode="shadow")
    house.ground.customer_writes("Hola", subject="Antes")
    with house.ground.many(500) as tickets:
        house.look()
    with house.store.engine.connect() as conn:
        lanes = conn.exec_driver_sql("select distinct lane from job where kind = 'fetch' and state = 'ready'")
        assert set(tickets) <= {lane.removeprefix("fetch:") for lane in lanes.scalars()}
    assert len(tickets) == 500


@pytest.mark.parametrize("mode", ["shadow", "note"])
@pytest.mark.parametrize("name", SOME)
def test_a_careful_mode_says_nothing_to_customers(settle, name, mode):
    house = settle(name, desk_mode=mode)
    can = house.ground.kind.abilities
    ticket = house.ground.customer_writes(REFUND, subject="Devolución")
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
    assert {"refund"} <= now.tags or "tags" not in can
    (note,) = house.ours(ticket, public=False)
    assert "Draft of an answer" in note.text
    assert "mode note" in note.text


@pytest.mark.parametrize("name", SOME)
def test_a_note_that_the_customer_can_see_stops_all_notes(settle, name):
    house = settle(name)
    ticket = house.ground.customer_writes(REFUND, subject="Cuota")
    with house.ground.leaking():  # a desk that has a fault
        house.follow(ticket)
    assert house.jobs("note") == [("dead", "NoteIsPublic")]
    assert [stop.name for stop in house.store.breakers()] == ["note"]
    if name in REAL:
        return
    second = house.ground.customer_writes(REFUND, subject="Otro")
    house.follow(second)
    assert house.ours(second, public=False) == []


@pytest.mark.parametrize("name", SOME)
def test_a_person_who_moves_a_ticket_is_heeded_and_listed(settle, name):
    house = settle(name)
    ticket = house.ground.customer_writes(REFUND, subject="Cargo")
    house.follow(ticket)
    other = house.ground.groups[2] if len(house.ground.groups) > 2 else house.ground.groups[0]
    house.ground.agent_moves(ticket, other)
    house.ground.agent_tags(ticket, add="vip", remove="refund")
    house.ground.agent_notes(ticket, "Es cosa de otros.")  # not every desk counts a change of fields as one
    wait_for(lambda: house.look() or len(house.store.desk.corrections()) == 3 or (house.work(), False)[1])
    house.work()
    found = {(c.change.what, c.change.was, c.change.now) for c in house.store.desk.corrections()}
    assert found == {
        ("group", "billing", other),
        ("tag-added", "", "vip"),
        ("tag-removed", "refund", ""),
    }
    house.ground.customer_writes("Es el cargo del 3 de mayo, 120 euros.", subject="Cargo", ticket=ticket)
    wait_for(lambda: house.look() or len(house.jobs("triage")) > 1 or (house.work(), False)[1])
    house.work()
    now = house.now(ticket)
    assert now.group == other, "what a person decided stays"
    assert "refund" not in now.tags
    assert len(house.store.desk.corrections()) == 3


@pytest.mark.parametrize("name", SOME)
def test_what_a_person_has_answered_is_left_to_them(settle, name):
    house = settle(name)
    ticket = house.ground.customer_writes(REFUND, subject="Pago")
    house.ground.agent_replies(ticket, "Lo miro enseguida")
    house.ground.customer_writes("Gracias, otra cosa: el calendario no carga.", subject="Pago", ticket=ticket)
    house.follow(ticket)
    (first, second) = (house.store.decision(number) for number in (1, 2))
    assert first
    assert second
    assert second.no_reply == "agent-replied"
    request = house.store.request(1)
    assert request
    assert request.agent_replied


@pytest.mark.parametrize("name", SOME)
def test_a_person_who_is_faster_than_our_answer_is_left_to_it(settle, name):
    house = settle(name)
    ticket = house.ground.customer_writes(REFUND, subject="Abono")
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


# --- what the desk does by itself is nobody's correction ---


@pytest.mark.parametrize(
    "name", ["zammad", "zendesk", *(param for param in RUNNING if param.values[0] != "django-helpdesk")]
)
def test_what_a_rule_of_the_desk_moved_stays_there_and_is_no_correction(settle, name):
    house = settle(name)
    ticket = house.ground.customer_writes(REFUND, subject="Escalado")
    house.follow(ticket)
    other = house.ground.groups[-1] if len(house.ground.groups) > 2 else house.ground.groups[0]
    house.ground.rule_moves(ticket, other, "overdue")
    house.until(lambda: house.store.request(1).moved_to)
    assert house.store.request(1).moved_to == other
    assert house.store.desk.corrections() == ()
    house.ground.customer_writes("Es el cargo del 3 de mayo, 120 euros.", subject="Escalado", ticket=ticket)
    house.until(lambda: len(house.jobs("triage")) > 1)
    assert house.now(ticket).group == other
    assert "overdue" in house.now(ticket).tags


def test_other_programs_of_the_desk_are_no_people(settle):
    house = settle(desk_options={"programs": "77 102"})  # carol is one
    ticket = house.ground.customer_writes(REFUND)
    house.ground.agent_replies(ticket, "Su caso ha sido recibido.")
    house.ground.agent_takes(ticket)
    house.follow(ticket)
    house.ground.agent_moves(ticket, house.ground.groups[0])
    house.look()
    house.work()
    request = house.store.request(1)
    assert (request.agent_replied, request.taken_at) == (False, None)
    assert request.moved_to == house.ground.groups[0]
    assert house.store.desk.corrections() == ()
    assert len(house.ours(ticket, public=True)) == 1


@pytest.mark.parametrize("name", SOME)
def test_a_ticket_that_an_agent_has_taken_in_the_desk_is_picked_up(settle, name):
    house = settle(name)
    ticket = house.ground.customer_writes(REFUND, subject="Tomado")
    house.follow(ticket)
    assert house.store.request(1).taken_at is None
    house.ground.agent_takes(ticket)
    house.ground.agent_notes(ticket, "Es mío.")
    house.until(lambda: house.store.request(1).taken_at)
    assert house.store.request(1).taken_by
    house.late("pick-up")
    house.work()
    assert [receipt for _, receipt in house.jobs("due") if "picked up" in receipt]
    assert house.jobs("notify") == []
    assert house.store.request(1).group == "billing"


# --- tags that a desk does not take ---


@pytest.mark.parametrize("name", ["zammad", RUNNING[-1]])
def test_a_tag_that_the_desk_does_not_take_is_named_in_a_note_and_nothing_is_set_aside(settle, name):
    house = settle(name)
    house.settings.desk_groups.update(dict.fromkeys(house.rulebook.groups, house.ground.groups[1]))
    text = "El calendario no se actualiza en Booking desde ayer, las reservas no se sincronizan."
    house.ground.closed_tags = {"problem", "question", "other"}  # the real desk was never told of them
    ticket = house.ground.customer_writes(text, subject="Calendario")
    house.follow(ticket)
    house.settled()
    wanted = set(house.store.request(1).tags)
    missing = sorted(wanted - house.now(ticket).tags)
    assert missing, "nothing was refused"
    (told,) = [note for note in house.ours(ticket, public=False) if "did not take" in note.text]
    assert all(tag in told.text for tag in missing)
    assert {state for kind in ("desk", "note", "reply") for state, _ in house.jobs(kind)} == {"done"}
    assert house.store.failed() == ()


# --- what it cannot do is done by mail ---

_BY_MAIL = ["chatwoot", RUNNING[-1]]


@pytest.mark.parametrize("name", _BY_MAIL)
@pytest.mark.parametrize("source", ["mail", "form"])
def test_a_desk_that_opens_no_tickets_for_programs_gets_them_by_mail(settle, name, source):
    house = settle(name, gateway_addresses={"*": "support@desk.test"})
    subject = f"Reembolso por {source}"
    if source == "mail":
        house.arrive(mail("luis@casa.example", subject, REFUND, f"{name}-{source}@casa.example"))
    else:
        house.arrive_form("luis@casa.example", subject, REFUND)
    house.work()
    (handed,) = [sent for sent in house.outbox() if sent["X-Antesala-Effect"]]
    assert (handed["From"], handed["Subject"]) == (handed["From"], subject)
    assert "luis@casa.example" in handed["From"]
    ticket = house.ground.mail_in(handed.as_bytes())
    house.look()
    house.settled()
    now = house.now(ticket)
    assert house.number(ticket) == 1
    assert house.store.request(2) is None, "what the desk made of the mail is no other request"
    assert now.requester.email == "luis@casa.example"
    assert now.group == house.ground.groups[1]
    (note,) = [entry for entry in house.ours(ticket, public=False) if "Opened by mail" in entry.text]
    assert "refund" in note.text
    assert len([sent for sent in house.outbox() if sent["X-Antesala-Effect"]]) == 1
    assert len(house.jobs("reply")) == 1
    assert house.store.failed() == ()


def test_without_an_address_the_ticket_waits_and_health_says_what_to_do(settle):
    house = settle("chatwoot")
    house.arrive(mail("luis@casa.example", "Reembolso", REFUND, "noaddress@casa.example"))
    house.work()
    part = house.worker.part()
    assert (part.state, "ANTESALA_GATEWAY_ADDRESSES" in part.reason) == ("warning", True)
    for _ in range(3):
        house.hurry()
        house.work()
    assert house.jobs("desk") == [("ready", "NoAddressForTickets")]
    assert house.store.failed() == ()
    house.settings.gateway_addresses["*"] = "support@desk.test"
    house.hurry()
    house.work()
    (handed,) = [sent for sent in house.outbox() if sent["X-Antesala-Effect"]]
    ticket = house.ground.mail_in(handed.as_bytes())
    house.settled()
    assert house.number(ticket) == 1
    assert house.worker.part() is None


@pytest.mark.parametrize("name", SOME)
def test_a_person_who_answers_in_the_desk_is_faster_than_our_mail(settle, name):
    house = settle(name, gateway_addresses={"*": "support@desk.test"})
    subject = f"Pago duplicado {name}"
    message_id = f"faster-{name}@casa.example"
    ticket = house.ground.customer_writes(REFUND, subject=subject, message_id=message_id)  # both read the mailbox
    house.arrive(mail(house.ground.customer.email, subject, REFUND, message_id))
    while not house.number(ticket) and house.worker.run_once():
        pass
    assert house.number(ticket)
    assert house.jobs("reply")[0][0] == "ready"
    house.ground.agent_replies(ticket, "Ya lo he devuelto.")
    house.work()
    assert house.jobs("reply") == [("done", "not sent: an agent has answered")]
    assert house.outbox() == []


def test_a_desk_that_is_away_holds_up_no_mail(settle):
    house = settle()
    house.arrive(mail("ana@casa.example", "Reembolso", REFUND, "away@casa.example"))
    while not house.jobs("reply") or not house.number("".join(map(str, house.ground.tickets))):
        assert house.worker.run_once()
    house.ground.fault(503, times=50)
    house.work()
    assert house.jobs("reply")[0][0] == "done"
    assert len(house.outbox()) == 1


# --- limits ---


def test_the_rate_of_a_desk_counts_every_call_and_a_call_beyond_it_waits(settle, monkeypatch):
    house = settle(desk_rate=1 / 3600)
    house.ground.calls.clear()
    naps = []

    def nap(seconds):  # an hour goes by in a moment
        naps.append(seconds)
        with house.store.engine.begin() as conn:
            conn.exec_driver_sql("update bucket set tokens = 1.0 where name = 'desk'")

    monkeypatch.setattr("plugin.desks.http.time.sleep", nap)
    ticket = house.ground.customer_writes(REFUND)
    house.follow(ticket)
    assert all(house.jobs(kind) for kind in ("fetch", "desk", "note", "reply"))
    assert len(naps) == len(house.ground.calls) > 10
    assert set(naps) == {5.0}


def test_people_see_the_number_that_the_desk_shows_and_not_its_id(settle):
    house = settle()
    ticket = house.ground.customer_writes(REFUND, subject="Reembolso")
    house.follow(ticket)
    number = house.ground.tickets[int(ticket)].number
    assert number != ticket
    request = house.store.request(1)
    assert request
    assert (request.ticket, request.ticket_number) == (ticket, number)
    first = mail("ana@casa.example", f"RE: [Ticket#{number}] Reembolso", "Es del 3 de mayo.", "n1@casa.example")
    house.arrive(first)
    house.work()
    assert len(house.jobs("triage")) == 2
    assert house.store.request(2) is None, "the number of a subject leads to its ticket"
    other = mail(
        "ana@casa.example", f"[Ticket#{ticket}] Otra cosa", "El calendario no carga en la app.", "n2@casa.example"
    )
    house.arrive(other)
    house.work()
    assert house.store.request(2) is not None, "an id that nobody is shown is no number of a ticket"


def _from_five_people(ground):
    for number in range(5):
        opened = ground.open(f"Factura {number}", 11, ground.person(f"c{number}@casa{number}.example"))
        ground.write(opened, opened.requester, f"{REFUND} Factura F-{number}.", True, kind="email")
    return [str(ticket) for ticket in ground.tickets]


def _secrets(name):
    return (Secret(running(name).secret if name in REAL else SECRET),)
