"""Which language a message is in, from three words to a page."""

from __future__ import annotations

import json
import time
from pathlib import Path

import pytest

from plugin.understand.language import language

HERE = Path(__file__).parent
REQUESTS = HERE.parents[2] / "shared" / "requests"
RECOGNISED = ("es", "fr", "en", "pt", "de", "it")
SHORT = [tuple(line.split("\t")) for line in (HERE / "language_short.tsv").read_text("utf-8").splitlines()]


@pytest.mark.parametrize(("code", "text"), SHORT)
def test_few_words_are_told_apart(code: str, text: str) -> None:
    assert language(text, among=RECOGNISED, fallback="es")[0] == code


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param("", ("fr", False), id="nothing"),
        pytest.param("INV-2026-0142 12.50 EUR", ("fr", False), id="numbers only"),
        pytest.param("https://app.example.com/why/is/this/not/working", ("fr", False), id="a link only"),
        pytest.param("```\nplease return the value\n``` C:\\temp\\why", ("fr", False), id="code only"),
        pytest.param(
            "Goedemorgen, de kalender werkt niet meer sinds gisteren en ik kan niet inloggen", ("fr", False), id="Dutch"
        ),
        pytest.param("Привет, календарь не работает со вчерашнего дня и я не могу войти", ("fr", False), id="Russian"),
        pytest.param(
            "Bon dia, no em funciona el calendari de la casa i no puc entrar al compte des de ahir, gràcies",
            ("es", False),
            id="Catalan reads Spanish",
        ),
        pytest.param(
            "Ola, o calendario non funciona dende onte e non podo entrar na miña conta, grazas",
            ("es", False),
            id="Galician",
        ),
        pytest.param(
            'Al guardar me sale "Your session has expired, please log in again to continue working" y no entra',
            ("es", True),
            id="an English error message quoted in Spanish",
        ),
        pytest.param(
            "Mes voyageurs reçoivent « Your reservation has been cancelled by the host, please contact us » pourquoi",
            ("fr", True),
            id="an English mail quoted in French",
        ),
        pytest.param("NO FUNCIONA EL CALENDARIO DESDE AYER", ("es", True), id="shouting"),
        pytest.param("No me deja entrar 😡😡😡 https://x.example.com", ("es", True), id="emoji and a link"),
    ],
)  # fmt: skip
def test_what_does_not_count(text: str, expected: tuple[str, bool]) -> None:
    assert language(text, among=RECOGNISED, fallback="fr") == expected


def test_the_conversation_stands_in_where_the_text_does_not_tell() -> None:
    assert language("F-2291", "Re: Invoice", among=RECOGNISED, fallback="en", inherited="fr") == ("fr", False)
    assert language("ok", among=RECOGNISED, fallback="en", inherited="de") == ("de", False)
    text = "I changed my mind, please keep the booking as it is."
    assert language(text, among=RECOGNISED, fallback="es", inherited="fr") == ("en", True)


def test_the_subject_counts_only_beside_few_words() -> None:
    assert language("Villa Azul", "No puedo bloquear noches", among=RECOGNISED, fallback="en")[0] == "es"
    body = "Bonjour, depuis hier le calendrier ne se met plus à jour et les voyageurs réservent des nuits prises."
    assert language(body, "Calendar not updating", among=RECOGNISED, fallback="en") == ("fr", True)


def test_only_the_recognised_languages_come_out() -> None:
    text = "Der Kalender geht seit gestern nicht mehr und ich kann mich nicht anmelden, bitte helfen Sie mir"
    assert language(text, among=("es", "fr", "en"), fallback="en") == ("en", False)
    assert language("hola", among=("xx",), fallback="en")[0] == "en"


def test_hostile_text_costs_little() -> None:
    started = time.perf_counter()
    for text in ('"' * 200_000, "«" * 200_000, "a." * 100_000, "ñ-" * 100_000, "\ud800" * 1000, "\x00" * 5000):
        language(text, text, among=RECOGNISED, fallback="en")
    assert time.perf_counter() - started < 30


def test_labelled_requests() -> None:
    if not REQUESTS.is_dir():
        pytest.skip("the labelled requests are not beside this clone")
    rows = [
        json.loads(line) for path in sorted(REQUESTS.glob("*.jsonl")) for line in path.read_text("utf-8").splitlines()
    ]
    wrong = [
        row["id"]
        for row in rows
        if language(row["body"], row["subject"] or "", among=RECOGNISED, fallback="es")[0]
        != row["gold"].get("language", row["lang"])
    ]
    assert len(wrong) <= len(rows) // 100, wrong
