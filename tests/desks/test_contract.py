"""What every desk must do, whichever it is: create, hook, group, tags, priority, note, reply, read back."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from grounds import MOCKS, REAL
from kit import connected
from mocks.server import wait_for

from plugin.desks.protocol import ABILITIES, Answer, DeskError, Opening, Placement
from plugin.desks.registry import KINDS
from plugin.desks.words import equal_words, same_words

NOTE = "Interno: falta la factura · 4,50 € <b>no</b> & «sí»\n\n1. un punto\n2. otro punto\n\nAntesala"


def needs(ability):
    """Only for desks that can do it."""

    def keep(test):
        test.wanted = lambda kind: ability in kind.abilities
        return test

    return keep


def pytest_generate_tests(metafunc):
    if "ground" not in metafunc.fixturenames:
        return
    wanted = getattr(metafunc.function, "wanted", lambda kind: True)
    names = [name for name in (*MOCKS, *REAL) if wanted(KINDS[name])]
    params = [
        pytest.param(name, marks=[pytest.mark.server, pytest.mark.timeout(900)] if name in REAL else ())
        for name in names
    ]
    metafunc.parametrize("ground", params, indirect=True, scope="module")


@pytest.fixture(scope="module")
def ground(request):
    with {**MOCKS, **REAL}[request.param]() as ground:
        yield ground


@pytest.fixture
def desk(ground):
    desk = connected(ground)
    yield desk
    desk.close()


def just_now():
    return datetime.now(UTC) - timedelta(seconds=5)


def opening(ground, **given):
    values = {
        "requester": ground.customer,
        "subject": "Reembolso de mayo",
        "text": "Me cobraron dos veces.\n\n¿Me lo devolvéis?",
        "group": ground.groups[1],
        "priority": "high",
        "tags": frozenset({"refund"}),
    }
    return Opening(**{**values, **given})


def test_the_names_are_the_same_everywhere(ground, desk):
    assert ground.kind.name == desk.name
    assert ground.kind.abilities == desk.abilities <= ABILITIES
    assert KINDS[desk.name] is ground.kind
    assert {"group", "note", "reply"} <= desk.abilities


# --- reading ---


def test_what_a_customer_wrote_is_read(ground, desk):
    began = just_now()
    ticket = ground.customer_writes(
        "¿Dónde está mi reembolso?\nGracias", subject="Reembolso", message_id="a1@casa.example"
    )
    now = desk.read(ticket)
    assert now.id == ticket
    assert now.subject == "Reembolso"
    assert now.group == ground.groups[0]
    assert now.requester
    assert now.requester.email == ground.customer.email
    assert now.open
    (entry,) = now.entries
    assert (entry.author, entry.public) == ("customer", True)
    assert equal_words(entry.text, "¿Dónde está mi reembolso?\nGracias")
    assert entry.sender
    assert entry.sender.email == ground.customer.email
    assert began <= entry.at + timedelta(seconds=1)
    assert entry.at <= datetime.now(UTC) + timedelta(seconds=60)
    assert entry.message_id in ("", "a1@casa.example")


def test_who_wrote_what_and_who_may_see_it(ground, desk):
    ticket = ground.customer_writes("Primero")
    ground.agent_replies(ticket, "Buenas tardes, lo miro")
    ground.agent_notes(ticket, "Cliente difícil")
    ground.customer_writes("Segundo", ticket=ticket)
    entries = desk.read(ticket).entries
    told = [(entry.author, entry.public) for entry in entries if entry.author != "system"]
    assert told == [("customer", True), ("agent", True), ("agent", False), ("customer", True)]
    assert len({entry.id for entry in entries}) == len(entries)
    assert [entry.at for entry in entries] == sorted(entry.at for entry in entries)


def test_all_of_a_long_conversation_is_read(ground, desk):
    ticket = ground.customer_writes("Mensaje 0")
    for number in range(1, 8):
        ground.customer_writes(f"Mensaje {number}", ticket=ticket)
    texts = [entry.text for entry in desk.read(ticket).entries if entry.author == "customer"]
    assert [text for text in texts if text.startswith("Mensaje")] == [f"Mensaje {number}" for number in range(8)]


def test_what_people_changed_is_read(ground, desk):
    ticket = ground.customer_writes("Hola")
    ground.agent_moves(ticket, ground.groups[1])
    assert desk.read(ticket).group == ground.groups[1]
    if "tags" in desk.abilities:
        ground.agent_tags(ticket, add="vip")
        assert "vip" in desk.read(ticket).tags
        ground.agent_tags(ticket, remove="vip")
        assert "vip" not in desk.read(ticket).tags


def test_a_ticket_that_is_not_there_is_asked_for_again(desk):
    with pytest.raises(DeskError) as caught:
        desk.read("987654321")
    assert (caught.value.outcome.state, caught.value.outcome.error) == ("again", "NotVisible")


@pytest.mark.parametrize("odd", ["../users/me", "1/notes", "", "１", "-1", "1?x=1"])
def test_a_ticket_id_leads_nowhere_else(ground, desk, odd):
    with pytest.raises(DeskError) as caught:
        desk.note(odd, "Interno")
    assert caught.value.outcome.state in ("dead", "again")


def test_a_wrong_token_stops_the_line_and_sets_nothing_aside(ground):
    desk = ground.kind.connect(replace(ground.access, token="of-somebody-else", user="nobody@desk.example"))
    ticket = ground.customer_writes("Hola")
    with pytest.raises(DeskError) as caught:
        desk.read(ticket)
    desk.close()
    assert caught.value.outcome.state == "again"
    assert caught.value.outcome.fault


def test_a_desk_that_is_away_is_waited_for(ground):
    desk = ground.kind.connect(replace(ground.access, url="http://127.0.0.1:9"))
    with pytest.raises(DeskError) as caught:
        desk.read("1")
    desk.close()
    assert (caught.value.outcome.state, caught.value.outcome.fault) == ("again", True)


# --- placing ---


def test_group_priority_and_tags_are_set_and_nobody_loses_a_tag(ground, desk):
    ticket = ground.customer_writes("Hola")
    now = desk.read(ticket)
    if "tags" in desk.abilities:
        ground.agent_tags(ticket, add="set-by-carol")  # after we looked
    add = frozenset({"refund", "lang-es"}) if "tags" in desk.abilities else frozenset()
    desk.place(now, Placement(ground.groups[1], "high" if "priority" in desk.abilities else None, add))
    after = desk.read(ticket)
    assert after.group == ground.groups[1]
    assert after.priority == "high" or "priority" not in desk.abilities
    if add:
        assert after.tags == now.tags | add | {"set-by-carol"}
        desk.place(after, Placement(remove_tags=frozenset({"refund", "not-there"})))
        assert desk.read(ticket).tags == now.tags | {"lang-es", "set-by-carol"}
    assert ground.mailed(ticket) == []


@needs("priority")
def test_each_priority_is_read_as_it_was_set(ground, desk):
    ticket = ground.customer_writes("Hola")
    for priority in ("low", "normal", "high", "urgent"):
        wanted = ground.kind.lacks.get(priority, priority)
        desk.place(desk.read(ticket), Placement(priority=wanted))
        assert desk.read(ticket).priority == wanted


def test_placing_twice_changes_nothing_more(ground, desk):
    ticket = ground.customer_writes("Hola")
    tags = frozenset({"refund"}) if "tags" in desk.abilities else frozenset()
    for _ in range(2):
        desk.place(desk.read(ticket), Placement(ground.groups[1], None, tags))
    now = desk.read(ticket)
    assert (now.group, now.tags >= tags) == (ground.groups[1], True)


def test_a_group_that_is_not_there_is_an_error_or_read_back_as_not_done(ground, desk):
    ticket = ground.customer_writes("Hola")
    try:
        desk.place(desk.read(ticket), Placement(group="No such group"))
    except DeskError as error:
        assert error.outcome.state == "dead"  # noqa: PT017 - a desk may as well say yes and do nothing
    assert desk.read(ticket).group == ground.groups[0]


# --- writing ---


def test_a_note_is_never_seen_by_the_customer(ground, desk):
    ticket = ground.customer_writes("Hola")
    ground.agent_replies(ticket, "Buenas")  # the last thing was public: no flag may be taken over from it
    mailed = ground.mailed(ticket)
    desk.note(ticket, NOTE)
    entry = next(entry for entry in desk.read(ticket).entries if entry.author == "bot")
    assert entry.public is False
    assert equal_words(entry.text, NOTE)
    assert not same_words(ground.seen_by_customer(ticket), "falta la factura")
    assert ground.mailed(ticket) == mailed


def test_a_note_on_a_ticket_that_begins_with_a_note_is_internal_too(ground, desk):
    ticket = ground.customer_writes("Hola")
    ground.agent_notes(ticket, "Cliente difícil")
    desk.note(ticket, NOTE)
    desk.reply(desk.read(ticket), Answer("Hola Ana: ¿qué factura es?"))
    desk.note(ticket, "Segunda nota: nada que ver")
    seen = ground.seen_by_customer(ticket)
    assert not same_words(seen, "falta la factura")
    assert not same_words(seen, "Segunda nota")
    assert same_words(seen, "Hola Ana: ¿qué factura es?")


def test_a_reply_reaches_the_customer_once(ground, desk):
    ticket = ground.customer_writes("Hola", subject="Factura", message_id="b1@casa.example")
    text = "Hola, Ana:\n\n¿Qué factura es & de qué mes <número>?\n\nUn saludo"
    desk.reply(desk.read(ticket), Answer(text, subject="Re: Factura"))
    entry = next(entry for entry in desk.read(ticket).entries if entry.author == "bot")
    assert entry.public is True
    assert same_words(entry.text, text)
    mails = wait_for(lambda: ground.mailed(ticket))
    assert len(mails) == 1
    assert same_words(mails[0], text)


@needs("files")
def test_a_reply_carries_its_files(ground, desk):
    ticket = ground.customer_writes("¿Dónde firmo?")
    form = ("autorizacion.txt", "Yo, la abajo firmante, autorizo la operación.\n")
    desk.reply(desk.read(ticket), Answer("Adjunto la autorización.", files=(form,)))
    entry = next(entry for entry in desk.read(ticket).entries if entry.author == "bot")
    assert [(file.name, file.size) for file in entry.attachments] == [(form[0], len(form[1].encode()))]
    assert same_words(entry.text, "Adjunto la autorización.")
    if hasattr(ground, "files_mailed"):
        assert wait_for(lambda: ground.files_mailed(ticket)) == [form]


def test_what_a_customer_wrote_is_never_run_as_a_template(ground, desk):
    """Desks fill in agents' texts, and ours may quote a customer."""
    ticket = ground.customer_writes("Hola")
    text = "Cita: {{contact.email}} {{ticket.requester.email}} {% assign x = 1 %}{#z#} {{{a}}} fin {{"
    desk.note(ticket, text)
    desk.reply(desk.read(ticket), Answer(text))
    written = [entry.text for entry in desk.read(ticket).entries if entry.author == "bot"]
    assert len(written) == 2
    for one in written:
        assert same_words(one, text)
    for mail in wait_for(lambda: ground.mailed(ticket)):
        assert "FILLED IN" not in mail
        ours = mail[mail.index("Cita:") : mail.index("fin")]  # beside it the desk's own link may name the customer
        assert ground.customer.email not in ours


def test_our_own_echo_is_known_as_ours(ground, desk):
    ticket = ground.customer_writes("Hola")
    desk.note(ticket, "Nota")
    desk.reply(desk.read(ticket), Answer("¿Qué factura es?"))
    ground.customer_writes("> ¿Qué factura es?\n\nLa de mayo", ticket=ticket)
    ours = [entry.author for entry in desk.read(ticket).entries if entry.author != "system"]
    assert ours == ["customer", "bot", "bot", "customer"]


@needs("create")
def test_a_ticket_is_opened_for_the_customer_and_found_again(ground, desk):
    began = just_now()
    wanted = opening(ground, message_id="c1@casa.example", text="Me cobraron dos veces en mayo. Caso c1.")
    assert desk.find(wanted, began) is None
    ticket = desk.create(wanted)
    now = desk.read(ticket)
    assert (now.subject, now.group, now.priority) == (wanted.subject, wanted.group, "high")
    assert wanted.tags <= now.tags or "tags" not in desk.abilities
    assert now.requester
    assert now.requester.email == ground.customer.email
    assert now.entries[0].author == "bot", "what we wrote ourselves is not another message of the customer"
    assert same_words(now.entries[0].text, wanted.text)
    assert desk.find(wanted, began) == ticket
    assert desk.find(wanted, datetime.now(UTC) + timedelta(hours=1)) is None
    assert desk.find(opening(ground, message_id="c2@casa.example", text="Otra cosa. Caso c2."), began) is None


@needs("create")
def test_opening_a_ticket_mails_nobody(ground, desk):
    ticket = desk.create(opening(ground, message_id="d1@casa.example", text="Caso d1"))
    assert ground.mailed(ticket) == []


@needs("append")
def test_more_from_the_customer_is_added_without_a_mail(ground, desk):
    ticket = ground.customer_writes("Hola")
    desk.append(desk.read(ticket), "Se me olvidaba: es la de mayo", ground.customer)
    assert any(same_words(entry.text, "Se me olvidaba: es la de mayo") for entry in desk.read(ticket).entries)
    assert ground.mailed(ticket) == []


@needs("link")
def test_a_ticket_is_linked_to_an_earlier_one(ground, desk):
    earlier, ticket = ground.customer_writes("Antes"), ground.customer_writes("Ahora")
    for _ in range(2):  # a second time changes nothing
        desk.link(desk.read(ticket), earlier)
        assert earlier in desk.read(ticket).links


@needs("child")
def test_a_second_want_gets_a_ticket_of_its_own(ground, desk):
    ticket = ground.customer_writes("Dos cosas")
    wanted = opening(ground, text="La segunda cosa", parent=ticket)
    child = desk.child(desk.read(ticket), wanted)
    assert child != ticket
    now = desk.read(child)
    assert now.group == ground.groups[1]
    assert now.requester
    assert now.requester.email == ground.customer.email
    if "link" in desk.abilities:
        assert child in desk.read(ticket).links


def test_what_a_desk_cannot_do_it_refuses_by_itself(ground, desk):
    ticket = ground.customer_writes("Hola")
    now = desk.read(ticket)
    tries = {
        "create": lambda: desk.create(opening(ground)),
        "append": lambda: desk.append(now, "Más", ground.customer),
        "link": lambda: desk.link(now, ticket),
        "child": lambda: desk.child(now, opening(ground, parent=ticket)),
    }
    for ability in tries.keys() - desk.abilities:
        with pytest.raises(DeskError) as caught:
            tries[ability]()
        assert caught.value.outcome.state == "dead"
    assert desk.read(ticket) == now


# --- what changed ---


@needs("changes")
def test_what_changed_is_listed_and_nothing_is_missed(ground, desk):
    began = just_now()
    tickets = [ground.customer_writes(f"Hola {number}") for number in range(7)]
    ground.customer_writes("Una cosa más", ticket=tickets[0])
    changed = wait_for(lambda: _all(desk.changed_since(began), tickets))
    times = [change.at for change in changed]
    assert times == sorted(times)
    assert all(at >= began - timedelta(minutes=2) for at in times)


@needs("changes")
def test_our_own_writing_is_a_change_too(ground, desk):
    ticket = ground.customer_writes("Hola")
    desk.note(ticket, "Nota")
    assert wait_for(lambda: _all(desk.changed_since(just_now()), [ticket]))


def _all(changes, tickets):
    found = list(changes)
    return found if set(tickets) <= {change.ticket for change in found} else None


# --- hooks and permissions ---


def having_hooks(test):
    test.wanted = lambda kind: kind.hook is not None
    return test


@having_hooks
def test_a_hook_names_the_ticket(ground):
    ticket = ground.customer_writes("Hola")
    assert wait_for(lambda: ground.deliveries(ticket))


def test_every_permission_that_is_needed_is_there(ground, desk):
    probes = desk.probe(ground.groups[1])
    assert probes
    assert all(probe.ok for probe in probes), [probe for probe in probes if not probe.ok]


def test_a_group_that_is_not_there_is_told_with_what_to_do(desk):
    missing = [probe for probe in desk.probe("No such group") if not probe.ok]
    assert missing
    for probe in missing:
        assert probe.needed == "group"
        assert probe.remedy


@pytest.mark.server
@pytest.mark.timeout(900)
def test_a_field_of_request_tracker_to_select_from_takes_only_its_own_values():
    with REAL["rt"]() as ground:
        desk = ground.kind.connect(replace(ground.access, options={"tags": "Kinds"}))
        assert desk.unknown(frozenset({"refund", "vip"})) == {"vip"}
        any_text = connected(ground)
        assert any_text.unknown(frozenset({"refund", "vip"})) == frozenset()
        any_text.close()
        desk.close()


def test_trying_permissions_leaves_no_trace(ground, desk):
    ticket = ground.customer_writes("Hola")
    before = desk.read(ticket)
    desk.probe(ground.groups[1])
    assert desk.read(ticket) == before
