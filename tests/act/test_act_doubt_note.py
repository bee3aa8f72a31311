"""Who is told that a reply is in doubt: the agents of a desk elsewhere, by the way that the desk has."""

from __future__ import annotations

from pathlib import Path

from making_mails import decision, settings

from plugin.act.effects import doubt_note

NOTES = frozenset({"note"})


def test_a_desk_that_takes_notes_gets_a_note(tmp_path: Path) -> None:
    made = doubt_note(decision(), 7, 17, "reply@acme.example", settings(tmp_path, desk="zammad"), NOTES)
    assert made is not None
    assert (made.key, made.kind) == ("note:7:doubt", "note")
    assert "antesala resolve 17 send" in made.payload["text"]
    assert "ana@casa.example" not in made.payload["text"]


def test_a_desk_that_has_a_mailbox_gets_a_mail_in_the_conversation(tmp_path: Path) -> None:
    given = settings(tmp_path, desk="gateway", gateway_addresses={"*": "desk@desk.example"})
    made = doubt_note(decision(), 7, 17, "reply@acme.example", given, frozenset())
    assert made is not None
    assert (made.kind, made.payload["to"]) == ("gateway", "desk@desk.example")
    assert "In-Reply-To: <reply@acme.example>" in made.payload["mail"]
    assert doubt_note(decision(), 7, 17, "reply@acme.example", given, frozenset()) == made, "the same for ever"


def test_where_nothing_is_written_to_the_desk_nothing_is(tmp_path: Path) -> None:
    shadow = settings(tmp_path, desk="zammad", desk_mode="shadow")
    assert doubt_note(decision(), 7, 17, "reply@acme.example", shadow, NOTES) is None
    assert doubt_note(decision(), 7, 17, "reply@acme.example", settings(tmp_path), frozenset()) is None
