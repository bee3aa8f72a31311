"""What a decision makes of a ticket in a help desk, by what the desk can and the mode that it is in."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from plugin.act.desk import by_hand, flowing
from plugin.act.effects import effects
from plugin.model import Address, Completeness, Decision, Issue, Message, Reply
from plugin.settings import Settings

ALL = frozenset(("create", "append", "group", "tags", "priority", "note", "reply", "link", "child", "changes"))
AT = datetime(2026, 11, 20, 10, tzinfo=UTC)
NOTE = "refund · billing\nWhat      Asks for money back.\n          “Hola”\nMissing   date\n"
MESSAGE = Message("desk", "a@b", Address("ana@casa.example"), "Cobro", "Hola", "Hola", AT, ticket="7")
DECISION = Decision(
    language="es",
    intent="refund",
    group="billing",
    channel="ticket",
    priority="normal",
    issues=(Issue("refund", "billing"), Issue("problem", "calendar", "No carga")),
    completeness=Completeness(50),
    flags=(),
    tags=("refund",),
    suppressed=None,
    reply=Reply("es", "Re: Cobro", "¿Qué cargo es?", ("charge",)),
    no_reply=None,
    note=NOTE,
    decided_at=AT,
)


FORM = ("authorisation.txt", "I, the undersigned, agree.\n")
WITH_FORM = replace(DECISION, reply=Reply("en", "Re: Charge", "Please sign the form.", files=(FORM,)))


def made(tmp_path, *, can=ALL, message=MESSAGE, decision=DECISION, ticket=None, shown=None, **more):
    settings = Settings(home=tmp_path, desk="zammad", **more)
    return {effect.kind: effect for effect in effects(decision, message, 1, settings, can, ticket, shown)}


@pytest.mark.parametrize(
    ("given", "kinds"),
    [
        ({}, {"desk", "note", "reply"}),
        ({"desk_mode": "note", "decision": replace(DECISION, reply=None)}, {"desk", "note"}),
        ({"desk_mode": "shadow", "decision": replace(DECISION, reply=None)}, set()),
        ({"desk_children": True}, {"desk", "note", "reply", "child"}),
        ({"ticket": "6"}, {"desk", "note", "reply", "link"}),
        ({"ticket": "6", "can": ALL - {"link"}}, {"desk", "note", "reply"}),
        ({"ticket": "6", "message": replace(MESSAGE, source="mail", ticket=None)}, {"desk", "append", "note", "reply"}),
        ({"can": ALL - {"note"}}, {"desk", "reply"}),
    ],
)
def test_what_is_done(tmp_path, given, kinds):
    assert set(made(tmp_path, **given)) == kinds


def test_an_answer_goes_the_way_that_the_question_came(tmp_path):
    assert made(tmp_path)["reply"].payload["via"] == "desk"
    assert "mail" in made(tmp_path, can=ALL - {"reply"})["reply"].payload
    assert "mail" in made(tmp_path, message=replace(MESSAGE, source="mail", ticket=None))["reply"].payload


@pytest.mark.parametrize(
    ("given", "says"),
    [
        ({}, "- Asks for money back."),
        ({"can": ALL - {"reply"}}, "Answered by mail, past this desk:\n\n¿Qué cargo es?"),
        ({"can": ALL - {"group"}}, "By hand: move it to Cobros"),
        ({"can": ALL - {"tags"}}, "By hand: tags, which this desk does not have: refund"),
        ({"can": ALL - {"priority"}}, "By hand: set the priority normal"),
        ({"ticket": "6", "can": ALL - {"link"}}, "By hand: link it to the earlier ticket 6"),
        ({}, "By hand: open a ticket of its own for problem in calendar"),
        ({"decision": WITH_FORM}, "authorisation.txt stands in the text of the answer"),
        (
            {"can": ALL - {"create"}, "message": replace(MESSAGE, source="mail", ticket=None)},
            "Opened by mail: this desk opens no tickets for programs.",
        ),
        ({"ticket": "6", "shown": "96006", "can": ALL - {"link"}}, "By hand: link it to the earlier ticket 96006"),
        (
            {"ticket": "6", "can": ALL - {"append"}, "message": replace(MESSAGE, source="mail", ticket=None)},
            "The customer wrote again, by another way than this desk:\n\nHola",
        ),
    ],
)
def test_what_the_desk_cannot_do_is_said_in_the_note(tmp_path, given, says):
    assert says in made(tmp_path, desk_groups={"billing": "Cobros"}, **given)["note"].payload["text"]


def test_nothing_is_left_to_do_by_hand_where_the_desk_can_do_it(tmp_path):
    assert by_hand(DECISION, Settings(home=tmp_path, desk="zammad", desk_children=True), ALL) == []


def test_a_note_has_no_columns_in_a_desk():
    assert flowing(NOTE) == "refund · billing\nWhat:\n- Asks for money back.\n- “Hola”\nMissing: date"
    letter = NOTE + "\nDraft of an answer in Spanish, not sent:\n\nEsperamos su respuesta.\n          Sangría\n"
    assert flowing(letter).endswith("Esperamos su respuesta.\n          Sangría")


def test_a_form_goes_along_as_a_file_or_stands_in_the_answer(tmp_path):
    attached = made(tmp_path, decision=WITH_FORM, can=ALL | {"files"})
    assert attached["reply"].payload["files"] == [list(FORM)]
    assert attached["reply"].payload["text"] == "Please sign the form."
    assert FORM[0] not in attached["note"].payload["text"]
    told = made(tmp_path, decision=WITH_FORM)["reply"].payload
    assert "files" not in told
    assert told["text"] == "Please sign the form.\n\n--- authorisation.txt ---\n\nI, the undersigned, agree.\n"
