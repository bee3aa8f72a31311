"""Words with letters of another alphabet that only look Latin are read as they look, and named."""

from __future__ import annotations

import pytest

from plugin.assess.examples import from_text
from plugin.rulebook import Rulebook, load, scan
from plugin.understand.facts import facts_of_text
from plugin.understand.fold import fold
from plugin.understand.lookalikes import LOOKS, as_it_looks, disguised
from tests.assess.conftest import ROOT


@pytest.mark.parametrize(
    ("text", "looks"),
    [
        ("a r\u0435fund, please", "a refund, please"),
        ("\u0420ayPal", "PayPal"),
        ("mi calend\u0430ri\u043e", "mi calendario"),
        ("une factur\u03b1", "une factura"),
        ("plain words", "plain words"),
        ("caf\u00e9 \u00fc\u00df", "caf\u00e9 \u00fc\u00df"),
        ("\u043f\u0440\u0438\u0432\u0435\u0442 Anna",) * 2,  # a Russian word stays
        ("VIP-\u0433\u043e\u0441\u0442\u044c", "VIP-\u0433\u043e\u0441\u0442\u044c"),  # each part has one alphabet
        ("5\u03bcm", "5\u03bcm"),  # a sign of science
        ("", ""),
    ],
)  # fmt: skip
def test_a_word_is_read_as_it_looks(text: str, looks: str) -> None:
    assert as_it_looks(text) == looks
    assert len(fold(text)) == len(text)
    assert [text[start:end] for start, end in disguised(text)] == [
        word for word in text.replace(",", "").split() if word not in looks.replace(",", "").split()
    ]


def test_every_letter_looks_like_one_latin_letter() -> None:
    assert all(chr(code).isalpha() and chr(latin).isascii() for code, latin in LOOKS.items())


def test_the_word_is_a_fact_with_its_place() -> None:
    (fact,) = [fact for fact in facts_of_text("I want a r\u0435fund.") if fact.kind == "look-alike"]
    assert (fact.value, fact.evidence.text, fact.evidence.start) == ("refund", "r\u0435fund", 9)


def test_many_such_words_are_named_up_to_a_limit() -> None:
    assert sum(fact.kind == "look-alike" for fact in facts_of_text("r\u0435fund " * 1000)) == 20


@pytest.fixture(scope="module")
def book() -> Rulebook:
    return load(ROOT / "rules")


@pytest.mark.parametrize("word", ["refund", "r\u0435fund", "\uff52\uff45\uff46\uff55\uff4e\uff44", "re\u200bfund"])
def test_phrases_match_however_the_word_is_written(book: Rulebook, word: str) -> None:
    found = scan(from_text("t", "", f"I want a {word} for March.", "en"), book)
    assert word in [found.texts["body"].original[h.start : h.end] for hits in found.phrases.values() for _, h in hits]
