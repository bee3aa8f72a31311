"""What counts as a mention of a phrase: mentions.txt, one sentence a line."""

from __future__ import annotations

import pytest

from plugin.rulebook.matcher import Text
from tests.rulebook.making import HERE, matcher

ROWS = [
    [cell.strip() for cell in line.split("|")]
    for line in (HERE / "mentions.txt").read_text("utf-8").splitlines()
    if line.strip() and not line.startswith("#")
]


@pytest.mark.parametrize(("code", "phrase", "wanted", "sentence"), ROWS, ids=[f"{r[0]}: {r[3]}" for r in ROWS])
def test_a_sentence_mentions_a_phrase(code: str, phrase: str, wanted: str, sentence: str) -> None:
    """In the language of the sentence, and with all languages at once."""
    own = code if not phrase.startswith("any:") else "any"
    found = matcher((phrase.removeprefix("any:"), own)).find(Text(sentence), code)
    got = "no" if not found else "negated" if all(hit.negated for hit in found[0]) else "yes"
    assert got == wanted


@pytest.mark.parametrize(("code", "phrase", "wanted", "sentence"), [r for r in ROWS if r[2] != "no"])
def test_it_does_so_too_when_the_language_is_not_sure(code: str, phrase: str, wanted: str, sentence: str) -> None:
    """All languages at once find at least what one finds."""
    own = code if not phrase.startswith("any:") else "any"
    found = matcher((phrase.removeprefix("any:"), own)).find(Text(sentence), None)
    assert ("negated" if all(hit.negated for hit in found[0]) else "yes") == wanted
