"""What vendors do that would hurt: defaults that publish, sets that replace, answers that get lost, limits."""

import json
import threading
import time
from datetime import UTC, datetime, timedelta

import httpx
import pytest
from grounds import MOCKS
from kit import connected
from mocks import zammad
from mocks.world import TOKEN

from plugin.desks.protocol import Answer, Delivery, DeskError, Opening, Placement
from plugin.desks.signatures import verify

SECRET = b"secret-of-the-hooks-8mWx2"
ALL = sorted(MOCKS)


def pytest_generate_tests(metafunc):
    if "world" in metafunc.fixturenames:
        metafunc.parametrize("world", getattr(metafunc.function, "only", ALL), indirect=True)


def only(*names):
    def keep(test):
        test.only = names
        return test

    return keep


@pytest.fixture
def world(request):
    with MOCKS[request.param]() as world:
        yield world


@pytest.fixture
def desk(world):
    desk = connected(world)
    yield desk
    desk.close()


def outcome_of(act):
    with pytest.raises(DeskError) as caught:
        act()
    return caught.value.outcome


def writes(world):
    return [call for call in world.calls if call.method != "GET"]


# --- notes stay inside ---

#: How each vendor says that a text is for agents only: where in the request, and what stands there.
INTERNAL = {
    "zammad": lambda body: (body["internal"], body["type"]) == (True, "note"),
    "zendesk": lambda body: body["ticket"]["comment"]["public"] is False,
    "freshdesk": lambda body: body["private"] is True,
    "chatwoot": lambda body: body["private"] is True,
}
#: The same request without the flag.
WITHOUT = {
    "zammad": lambda body: {name: value for name, value in body.items() if name != "internal"},
    "zendesk": lambda body: {"ticket": {"comment": {"body": body["ticket"]["comment"]["body"]}}},
    "freshdesk": lambda body: {"body": body["body"]},
    "chatwoot": lambda body: {name: value for name, value in body.items() if name != "private"},
}


def test_the_flag_that_keeps_a_note_internal_is_in_every_request_that_writes_one(world, desk):
    ticket = world.customer_writes("Hola")
    world.calls.clear()
    desk.note(ticket, "Interno")
    (call,) = writes(world)
    assert INTERNAL[desk.name](call.body)


def test_a_note_without_that_flag_would_be_public_in_the_mock_as_it_is_at_the_vendor(world, desk):
    """Otherwise the tests above would hold for a desk's file that forgets the flag."""
    ticket = world.customer_writes("Hola")
    desk.note(ticket, "Interno")
    assert "Interno" not in world.seen_by_customer(ticket)
    call = writes(world)[-1]
    world.agent_replies(ticket, "Buenas")
    keep = ("authorization", "api_access_token", "content-type")
    headers = {name: value for name, value in call.headers.items() if name in keep}
    again = httpx.request(call.method, world.url + call.path, json=WITHOUT[desk.name](call.body), headers=headers)
    assert again.is_success
    assert "Interno" in world.seen_by_customer(ticket)
    assert [e.public for e in desk.read(ticket).entries if e.author == "bot"] == [False, True]


def test_a_reply_says_that_it_is_public(world, desk):
    ticket = world.customer_writes("Hola")
    world.agent_notes(ticket, "Cliente difícil")
    desk.reply(desk.read(ticket), Answer("¿Qué factura es?"))
    assert world.mailed(ticket) == ["¿Qué factura es?"]


def test_placing_writes_no_text_and_leaves_alone_what_it_was_not_asked_for(world, desk):
    ticket = world.customer_writes("Hola")
    world.agent_tags(ticket, add="vip")
    now = desk.read(ticket)
    world.calls.clear()
    desk.place(now, Placement(add_tags=frozenset({"refund"})))
    told = json.dumps([call.body for call in writes(world)])
    for word in ("comment", "article", "assignee", "status", "state", "group", "priority"):
        assert word not in told
    after = desk.read(ticket)
    assert (after.group, after.priority, after.entries) == (now.group, now.priority, now.entries)


def test_nothing_is_written_to_place_a_ticket_that_stands_right(world, desk):
    ticket = world.customer_writes("Hola")
    world.agent_tags(ticket, add="refund")
    world.calls.clear()
    desk.place(desk.read(ticket), Placement(add_tags=frozenset({"refund"}), remove_tags=frozenset({"other"})))
    assert writes(world) == []


# --- desks that are busy, away, or do not tell ---


def test_too_many_calls_are_waited_for_as_long_as_the_desk_says(world, desk):
    ticket = world.customer_writes("Hola")
    world.fault(429, headers={"Retry-After": "93"})
    ended = outcome_of(lambda: desk.read(ticket))
    assert (ended.state, ended.fault, ended.wait) == ("again", True, 93.0)
    assert desk.read(ticket).id == ticket


def test_a_note_refused_for_too_many_calls_was_not_written(world, desk):
    ticket = world.customer_writes("Hola")
    world.fault(429, method="POST", headers={"Retry-After": "5"})
    world.fault(429, method="PUT", headers={"Retry-After": "5"})
    ended = outcome_of(lambda: desk.note(ticket, "Interno"))
    assert (ended.state, ended.wait) == ("again", 5.0)
    assert len(desk.read(ticket).entries) == 1


@pytest.mark.parametrize("write", ["note", "reply"])
def test_an_answer_that_is_lost_leaves_it_open_and_reading_settles_it(world, desk, write):
    ticket = world.customer_writes("Hola")
    now = desk.read(ticket)
    act = {"note": lambda: desk.note(ticket, "Interno"), "reply": lambda: desk.reply(now, Answer("¿Cuál?"))}[write]
    world.fault("lost", method="POST")
    world.fault("lost", method="PUT")
    ended = outcome_of(act)
    assert ended.state == "uncertain"
    assert ended.wait
    written = [entry for entry in desk.read(ticket).entries if entry.author == "bot"]
    assert [entry.public for entry in written] == [write == "reply"]


@pytest.mark.parametrize("status", [500, 502, 504])
def test_a_desk_that_fails_while_writing_leaves_it_open(world, desk, status):
    ticket = world.customer_writes("Hola")
    world.fault(status, method="POST")
    world.fault(status, method="PUT")
    assert outcome_of(lambda: desk.note(ticket, "Interno")).state == "uncertain"


@pytest.mark.parametrize("status", [500, 502, 503, 504, "lost"])
def test_a_desk_that_fails_while_reading_or_placing_is_asked_again(world, desk, status):
    ticket = world.customer_writes("Hola")
    now = desk.read(ticket)
    world.fault(status)
    assert outcome_of(lambda: desk.read(ticket)).state == "again"
    world.faults.clear()
    world.fault(status, method="POST")
    world.fault(status, method="PUT")
    assert outcome_of(lambda: desk.place(now, Placement(group=world.groups[1]))).state == "again"
    world.faults.clear()
    desk.place(now, Placement(group=world.groups[1]))
    assert desk.read(ticket).group == world.groups[1]


def test_a_ticket_that_is_not_visible_yet_is_asked_for_again(world, desk):
    ticket = world.customer_writes("Hola")
    world.hide(ticket, 2)
    for _ in range(2):
        assert outcome_of(lambda: desk.read(ticket)).error == "NotVisible"
    assert desk.read(ticket).id == ticket


def test_a_missing_right_holds_up_this_ticket_alone(world, desk):
    ticket = world.customer_writes("Hola")
    world.fault(403)
    ended = outcome_of(lambda: desk.read(ticket))
    assert (ended.state, ended.fault) == ("again", False)


def test_no_error_holds_what_the_desk_said(world, desk):
    ticket = world.customer_writes("Hola")
    for status in (400, 401, 403, 409, 422, 500):
        world.fault(status)
        with pytest.raises(DeskError) as caught:
            desk.read(ticket)
        assert "ordered" not in f"{caught.value} {caught.value.outcome}"


@pytest.mark.parametrize("text", [b"<html>the proxy is tired</html>", b"", b"[]", b"null", b'{"id": {}}'])
def test_an_answer_that_makes_no_sense_is_no_crash(world, desk, text, monkeypatch):
    ticket = world.customer_writes("Hola")
    answer = httpx.Response(200, content=text, request=httpx.Request("GET", world.url))
    monkeypatch.setattr(httpx.Client, "request", lambda *_, **__: answer)
    try:
        now = desk.read(ticket)
    except DeskError as error:
        assert error.outcome.state in ("again", "dead")  # noqa: PT017 - either is right
    else:
        assert now.entries == () or now.requester is None


# --- one vendor each ---


@only("zendesk")
def test_tags_are_added_although_somebody_is_faster(world, desk):
    ticket = world.customer_writes("Hola")
    world.race = 3
    desk.place(desk.read(ticket), Placement(add_tags=frozenset({"refund"})))
    assert {"refund", "raced-0", "raced-1", "raced-2"} <= desk.read(ticket).tags


@only("zendesk")
def test_somebody_who_is_always_faster_does_not_hold_us_for_ever(world, desk):
    ticket = world.customer_writes("Hola")
    world.race = 99
    assert (
        outcome_of(lambda: desk.place(desk.read(ticket), Placement(add_tags=frozenset({"refund"})))).error == "Http 409"
    )
    assert world.race == 99 - 5


@only("zendesk")
def test_a_ticket_whose_answer_was_lost_is_not_opened_twice(world, desk):
    opening = Opening(world.customer, "Reembolso", "Hola", world.groups[0], "normal", message_id="z1@casa.example")
    world.fault("lost", method="POST")
    assert outcome_of(lambda: desk.create(opening)).state == "uncertain"
    assert desk.create(opening) == desk.find(opening, datetime.now(UTC) - timedelta(minutes=1))
    assert len(world.tickets) == 1


@only("zendesk")
def test_the_export_is_never_asked_for_the_last_minute(world, desk):
    ticket = world.customer_writes("Hola")
    assert ticket in {change.ticket for change in desk.changed_since(datetime.now(UTC))}


@only("zendesk")
def test_an_agent_cannot_export_and_is_told_so(world, desk):
    world.admin = False
    missing = [probe for probe in desk.probe(world.groups[0]) if not probe.ok]
    assert [probe.needed for probe in missing] == ["changes"]
    assert outcome_of(lambda: list(desk.changed_since(datetime.now(UTC)))).error == "Http 403"


@only("zammad")
def test_a_ticket_that_we_open_is_not_answered_by_the_trigger_that_zammad_ships(world, desk):
    world.trigger = True
    assert world.mailed(world.customer_writes("Hola")) == ["Your request has been received."]
    opening = Opening(world.customer, "Reembolso", "Hola", world.groups[0], "normal", message_id="y1@casa.example")
    assert world.mailed(desk.create(opening)) == []


@only("zammad")
def test_an_internal_article_of_type_email_would_be_mailed(world, desk):
    """What Zammad's documentation warns of; so a note never has that type."""
    ticket = world.customer_writes("Hola")
    article = {"ticket_id": int(ticket), "type": "email", "internal": True, "sender": "Agent", "body": "Interno"}
    headers = {"authorization": f"Token token={TOKEN}"}
    assert httpx.post(f"{world.url}/api/v1/ticket_articles", json=article, headers=headers).status_code == 201
    assert world.mailed(ticket) == ["Interno"]


@only("zammad")
def test_a_link_takes_the_id_of_the_one_and_the_number_of_the_other(world, desk):
    earlier, ticket = world.customer_writes("Antes"), world.customer_writes("Ahora")
    desk.link(desk.read(ticket), earlier)
    (call,) = [call for call in world.calls if call.path == "/api/v1/links/add"]
    assert call.body["link_object_target_value"] == int(ticket)
    assert call.body["link_object_source_number"] == world.tickets[int(earlier)].number != earlier


@only("zammad")
def test_without_elasticsearch_the_doctor_says_that_changes_are_not_seen(world, desk, monkeypatch):
    world.customer_writes("Hola")
    monkeypatch.setattr(zammad.ZammadMock, "_search", lambda *_: [])
    missing = [probe for probe in desk.probe(world.groups[0]) if not probe.ok]
    assert [probe.needed for probe in missing] == ["changes"]
    assert "Elasticsearch" in missing[0].remedy


@only("freshdesk")
def test_a_tag_that_was_added_while_we_merged_is_kept_unless_it_came_between_two_calls(world, desk):
    ticket = world.customer_writes("Hola")
    now = desk.read(ticket)
    world.agent_tags(ticket, add="vip")
    world.calls.clear()
    desk.place(now, Placement(add_tags=frozenset({"refund"})))
    assert [call.method for call in world.calls] == ["GET", "PUT"], "nothing else may stand between the two"
    assert desk.read(ticket).tags == {"vip", "refund"}


@only("freshdesk")
def test_the_tag_on_tickets_of_ours_is_shown_to_nobody_and_stays(world, desk):
    opening = Opening(world.customer, "Reembolso", "Hola", world.groups[0], "normal", frozenset({"refund"}))
    ticket = desk.create(opening)
    desk.place(desk.read(ticket), Placement(remove_tags=frozenset({"refund"}), add_tags=frozenset({"billing"})))
    assert desk.read(ticket).tags == {"billing"}
    assert "opened-by-antesala" in world.tickets[int(ticket)].tags
    assert desk.read(ticket).entries[0].author == "bot"


@only("chatwoot")
def test_a_team_is_assigned_without_an_agent_whose_presence_would_undo_it(world, desk):
    ticket = world.customer_writes("Hola")
    desk.place(desk.read(ticket), Placement(group=world.groups[1]))
    (call,) = [call for call in world.calls if call.path.endswith("/assignments")]
    assert list(call.body) == ["team_id"]


# --- many changes, and changes while reading ---


def test_five_hundred_changes_are_all_seen(world, desk):
    began = datetime.now(UTC) - timedelta(hours=1)
    author = world.person("bea@casa.example", "Bea")
    made = set()
    for number in range(500):
        ticket = world.open(f"Caso {number}", 11, author)
        ticket.updated = began.replace(microsecond=0) + timedelta(seconds=number // 3)  # three within each second
        made.add(str(ticket.id))
    found = list(desk.changed_since(began.replace(microsecond=0)))
    assert {change.ticket for change in found} == made
    assert len(found) <= 2 * len(made)


def test_tickets_that_change_while_the_list_is_read_hide_no_others(world, desk):
    """They move to the end of the list, and what stood behind them slips onto the page before."""
    began = (datetime.now(UTC) - timedelta(hours=1)).replace(microsecond=0)
    author = world.person("bea@casa.example", "Bea")
    for number in range(250):
        world.open(f"Caso {number}", 11, author).updated = began + timedelta(seconds=number)
    made = {str(ticket) for ticket in world.tickets}
    early = list(world.tickets.values())[:40]
    serve, pages = world.handle, []

    def shifting(call):
        answer = serve(call)
        if "tickets" in call.path or "conversations" in call.path:
            pages.append(call.path)
            if len(pages) == 1:
                for ticket in early:
                    world.touch(ticket)
        return answer

    world.handle = shifting
    assert made <= {change.ticket for change in desk.changed_since(began)}


# --- hooks, as the mock sends them ---


def test_every_hook_of_the_mock_passes_its_scheme_and_no_changed_one_does(world):
    ticket = world.customer_writes("Hola")
    (headers, body) = world.deliveries(ticket)[0]
    scheme, now = world.kind.hook.scheme, time.time()
    assert verify(scheme, [SECRET], list(headers.items()), "", body, now) == "ok"
    assert verify(scheme, [b"another-secret-1234"], list(headers.items()), "", body, now) == "mismatch"
    if scheme.digest:
        assert verify(scheme, [SECRET], list(headers.items()), "", body + b" ", now) == "mismatch"
    if scheme.time:
        assert verify(scheme, [SECRET], list(headers.items()), "", body, now + 600) == "outside-tolerance"


def test_our_own_writing_is_told_by_hooks_too(world, desk):
    """So echoes do come, and must be known as such."""
    ticket = world.customer_writes("Hola")
    before = len(world.deliveries(ticket))
    desk.note(ticket, "Interno")
    assert len(world.deliveries(ticket)) == before + 1
    lowered = {name.lower(): value for name, value in world.sent[-1][0].items()}
    assert world.kind.hook.events(Delivery(lowered, world.sent[-1][1]))[0].ticket == ticket


# --- one client, many threads ---


def test_many_threads_share_one_client(world, desk):
    tickets = [world.customer_writes(f"Hola {number}") for number in range(8)]
    trouble = []

    def work(ticket):
        try:
            desk.note(ticket, f"Nota {ticket}")
            assert any(entry.text == f"Nota {ticket}" for entry in desk.read(ticket).entries)
        except Exception as error:
            trouble.append(error)

    threads = [threading.Thread(target=work, args=(ticket,)) for ticket in tickets]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(120)
    assert trouble == []
