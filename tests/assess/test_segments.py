"""Sentences, and the places at which a text may turn to another matter."""

from __future__ import annotations

import time

import pytest

from plugin.assess.segments import sentences, turns

SURELY = ["otra cosa", "nada que ver", "rien à voir", "separate thing"]
PERHAPS = ["also", "además", "and tell me"]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Hola. ¿Qué tal? Bien", ["Hola.", "¿Qué tal?", "Bien"]),
        ("El Sr. Ruiz llega el 3.5. Gracias", ["El Sr. Ruiz llega el 3.5.", "Gracias"]),
        ("D. Luis y Mme. Roy\nno entran", ["D. Luis y Mme. Roy", "no entran"]),
        ("Une erreur… puis rien !", ["Une erreur… puis rien !"]),
        ("", []),
        ("\n \n...\n", []),
        ("sin punto", ["sin punto"]),
    ],
)
def test_sentences(text: str, expected: list[str]) -> None:
    assert [text[start:end] for start, end in sentences(text)] == expected


@pytest.mark.parametrize(
    ("text", "after", "surely"),
    [
        ("El calendario no carga nada. Otra cosa: falta la factura.", "Otra cosa: falta la factura.", True),
        ("Le prix est faux ce soir. Rien à voir mais la clé manque.", "Rien à voir mais la clé manque.", True),
        (
            "the site wont publish at all, oh and separate thing do u have a plan",
            "separate thing do u have",
            True,
        ),
        ("1) The lock is dead since Sunday\n2) The app closes", "The app closes", True),
        ("The lock is dead since Sunday. Also the app closes.", "Also the app closes.", False),
        ("Hello, 1) the rates stay at zero, 2) the invoice is missing", "the invoice is missing", True),
        ("1) l'appli plante sur mon Samsung 2) le virement est faux", "le virement est faux", True),
        ("Good day. Send the invoice and tell me how rates work", "and tell me how rates work", False),
    ],
)
def test_a_turn_begins_where_the_other_matter_begins(text: str, after: str, surely: bool) -> None:
    (turn,) = turns(text, SURELY, PERHAPS)
    assert text[turn.at :].startswith(after)
    assert turn.surely is surely


@pytest.mark.parametrize(
    "text",
    [
        "Otra cosa: el calendario no carga.",  # the start of the text turns to nothing
        "Pasos:\n1) entrar\n2) pulsar\n3) guardar\n4) mirar\n5) salir",  # a list of points is one matter
        "El calendario no carga desde ayer por la tarde.",
        "La reserva de la habitación 2) no aparece en la lista",  # a bracket without a first point is no list
        "",
    ],
)
def test_what_is_no_turn(text: str) -> None:
    assert turns(text, SURELY, PERHAPS) == ()


@pytest.mark.parametrize(
    "text", ["a.b. " * 40_000, "otra cosa " * 20_000, "2) " * 60_000, "(" * 200_000, "\n" * 200_000]
)
def test_hostile_texts_take_no_time(text: str) -> None:
    start = time.process_time()
    turns(text, SURELY, PERHAPS)
    assert time.process_time() - start < 3
