"""Each kind of fact, in each language: a new case is a new row of cases.tsv."""

from __future__ import annotations

import time
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from plugin.model import Attachment, Message
from plugin.understand.facts import SECRET, facts, facts_of_text

CASES = [
    row.split("\t")
    for row in (Path(__file__).parent / "cases.tsv").read_text("utf-8").splitlines()
    if row and not row.startswith("#")
]


@pytest.mark.parametrize(("kind", "text", "expected"), CASES, ids=[f"{case[0]}: {case[1][:40]}" for case in CASES])
def test_a_fact_is_found_where_it_stands(kind: str, text: str, expected: str) -> None:
    code = "es" if text.startswith("Son once") else ""
    found = [fact.evidence for fact in facts_of_text(text, day=date(2026, 11, 18), language=code) if fact.kind == kind]
    words = [text[evidence.start : evidence.end] for evidence in found]
    assert [word.strip() for word in words] == ([] if expected == "-" else expected.split("|"))
    assert words == [evidence.text for evidence in found]


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("desde ayer", "2026-11-17"),
        ("hoy", "2026-11-18"),
        ("on Monday", "2026-11-16"),
        ("le 9 novembre", "2026-11-09"),
        ("el 20 de diciembre", "2026-12-20"),
        ("el 20 de febrero", "2026-02-20"),
        ("03/02/2026", "2026-02-03"),
        ("2026-02-03", "2026-02-03"),
    ],
)
def test_a_date_is_told_from_the_day_of_the_message(text: str, value: str) -> None:
    found = [fact.value for fact in facts_of_text(text, day=date(2026, 11, 18)) if fact.kind in ("date", "deadline")]
    assert found == [value]


def test_attachments_are_facts_by_kind() -> None:
    picture = Attachment("error.png", "image", "image/png", 10, "00")
    now = datetime(2026, 11, 18, tzinfo=UTC)
    message = Message("mail", "x", None, "asunto", "texto", "texto", now, attachments=(picture,))
    assert [fact.kind for fact in facts(message) if fact.evidence.where == "attachment"] == [
        "attachment",
        "attachment.image",
    ]


def test_facts_of_the_subject_say_so() -> None:
    message = Message("mail", "x", None, "Reserva HMX4Q2", "Hola", "Hola", datetime(2026, 11, 18, tzinfo=UTC))
    assert [(fact.kind, fact.evidence.where) for fact in facts(message)] == [("identifier.reservation", "subject")]


@pytest.mark.parametrize(
    "text",
    [
        "1" * 50_000,
        "a" * 50_000,
        "1 " * 25_000,
        "el 3 de " * 7_000,
        "contraseña es " * 4_000,
        "A " * 25_000,
        "«" * 25_000,
        "a@" * 25_000,
        "http://" * 8_000,
        "lunes " * 9_000,
        "ES91 " * 10_000,
        "Villa Azul " * 5_000,
    ],
    ids=lambda text: text[:12],
)
def test_hostile_text_takes_no_longer_than_its_length(text: str) -> None:
    started = time.process_time()
    facts_of_text(text)
    assert time.process_time() - started < 5


@settings(max_examples=200, deadline=None)
@given(st.text(max_size=300))
def test_any_text_gives_facts_that_stand_in_it(text: str) -> None:
    for fact in facts_of_text(text, day=date(2026, 11, 18)):
        assert text[fact.evidence.start : fact.evidence.end] == fact.evidence.text
        assert fact.kind not in SECRET or fact.evidence.text not in fact.value  # only the value may be repeated
