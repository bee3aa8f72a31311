"""The subject is the only text of a stranger that goes back out."""

from __future__ import annotations

import unicodedata

import pytest

from plugin.decide.subject import MAX_CHARACTERS, reply_subject


@pytest.mark.parametrize(
    ("subject", "reply"),
    [
        ("Calendario", "Re: Calendario"),
        ("Re: Calendario", "Re: Calendario"),
        ("RE: Re: RV: Calendario", "Re: Calendario"),
        ("AW: Kalender", "Re: Kalender"),
        ("", "Re: Support"),
        (" \t ", "Re: Support"),
        ("Re:", "Re: Support"),
        ("hola\r\nBcc: victim@example.com", "Re: hola Bcc: victim@example.com"),
        ("hola\x00\x1b[31m", "Re: hola[31m"),
        ("factura \u202egnp.exe", "Re: factura gnp.exe"),
        ("a\u200bb\u2066c", "Re: abc"),
        ("nota\u2028otra\u2029línea\x85fin", "Re: nota otra línea fin"),
        ("Urgente: no funciona", "Re: Urgente: no funciona"),
        ("\ud83d suelto", "Re: suelto"),
    ],
)
def test_subjects(subject: str, reply: str) -> None:
    assert reply_subject(subject, "Support") == reply


@pytest.mark.parametrize("unit", ["a", "é", "e\u0301", "👩🏽", "\u202e", "Re: ", "字"])
def test_a_subject_of_ten_thousand_characters_is_cut(unit: str) -> None:
    reply = reply_subject(unit * 10_000, "Support")
    assert len(reply) <= MAX_CHARACTERS
    assert not any(unicodedata.category(c)[0] == "C" for c in reply)


def test_the_cut_does_not_part_a_letter_from_its_accent() -> None:
    reply = reply_subject("e\u0301" * 200, "Support")
    assert reply.removesuffix("…").endswith("e\u0301")
