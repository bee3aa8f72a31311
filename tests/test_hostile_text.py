"""Long texts that no customer writes: what a decision costs grows with the text at most, and has an end.

Counted are calls of functions, not seconds, so that a slow machine proves the same.
"""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from types import FrameType
from typing import Any

import numpy as np
import pytest

from plugin.assess import learn
from plugin.assess.encoder import MAX_CHARACTERS, Vectors
from plugin.model import Address, History, Message
from plugin.pipeline import triage
from plugin.rulebook import Rulebook, load
from plugin.understand.facts import facts_of_text

ROOT = Path(__file__).resolve().parent.parent
NOW = datetime(2026, 3, 2, 10, tzinfo=UTC)
HOSTILE = {
    "one letter": "x",
    "one digit": "0",
    "letters and full stops": "a.",
    "digits and commas": "1,",
    "letters and hyphens": "a-",
    "mail addresses": "a@",
    "another alphabet": "\u65e5",
    "links": "www.a",
    "quotation marks": '"',
    "brackets": "(",
    "quoted": "> ",
    "words": "hello you ",
    "sentences": "Refund please now. ",
    "lines": "Refund please\n",
    "halves of characters": "\ud83d ",
}


class Counting:
    """An encoder that only says how much it was asked."""

    def __init__(self) -> None:
        self.asked: list[int] = []

    def name(self) -> str:
        return "counting/4"

    def encode(self, texts: Any) -> Vectors:
        self.asked += [len(text) for text in texts]
        return np.full((len(texts), 4), 0.5, np.float32)


ENCODER = Counting()


@pytest.fixture(scope="module")
def book() -> Rulebook:
    """The default rules, taught by a few examples: what is learned costs a message the same."""
    rulebook = load(ROOT / "rules")
    rulebook = replace(rulebook, examples=rulebook.examples[:80])
    return rulebook.with_learned(learn(rulebook, ENCODER, None))


def message(text: str) -> Message:
    sender = Address("ana@casa.example")
    return Message(source="webhook", id="1", sender=sender, subject="Hi", text=text, newest=text, received_at=NOW)


def calls(work: Callable[[], object]) -> int:
    """How many functions `work` calls, ours and built in."""
    counted: Counter[str] = Counter()

    def count(_: FrameType, event: str, __: object) -> None:
        counted[event] += 1

    sys.setprofile(count)
    try:
        work()
    finally:
        sys.setprofile(None)
    return counted["call"] + counted["c_call"]


@pytest.mark.parametrize("name", HOSTILE)
def test_work_grows_with_the_text_and_no_faster(name: str, book: Rulebook) -> None:
    """Six times the text takes about six times the calls at most, far less than the 36 times of a square."""
    piece = HOSTILE[name]
    triage(message(piece * 10), book, History(), NOW)
    ENCODER.asked.clear()
    short, long = (calls(partial(triage, message((piece * n)[:n]), book, History(), NOW)) for n in (4_000, 24_000))
    assert long < 10 * short
    assert long < 700_000
    assert ENCODER.asked
    assert sum(min(size, MAX_CHARACTERS) for size in ENCODER.asked) <= 2 * 10 * MAX_CHARACTERS


def test_half_a_character_hides_nothing() -> None:
    found = {fact.kind: fact for fact in facts_of_text("\ud83d 89,50 EUR, HM12345678, 3 March \ude00")}
    assert {"amount", "date"} <= found.keys()
    assert found["amount"].evidence.start == 2
