"""Text that is made to hurt: time grows with its length, hits are capped, nothing is misread."""

from __future__ import annotations

import time
import unicodedata

import pytest

from plugin.rulebook import look
from plugin.rulebook.matcher import Matcher, Text
from plugin.rulebook.phrasebook import PhraseBook
from plugin.rulebook.phrases import fold
from plugin.rulebook.phrases.trie import MOST_HITS
from plugin.rulebook.regexes import Regexes
from tests.rulebook.making import PLACE, understood

PHRASES = ["a", "a a", "a a a", "a a a a", "refund", "a .. b", "no quiero .. refund", "refund money", "reembols*"]
HOSTILE = {
    "one word": "a ",
    "one long word": "a",
    "words of rules": "refund money ",
    "negations": "i don't want a refund ",
    "cues only": "no quiero ",
    "blanks": "refund \t ",
    "line breaks": "a\n\n",
    "full stops": "a. ",
    "accents on one letter": "\u0301\u0323",
    "unseen characters": "re\u200bfund ",
    "another alphabet": "рефунд ",
    "typos": "refnud ",
    "brackets": "((((",
}


def matcher() -> Matcher:
    book = PhraseBook()
    for phrase in PHRASES:
        book.phrase(phrase, "any", PLACE)
    for pattern in ("(a+)+$", "(x+x+)+y", "([a-z0-9._-]+)*@", "refund.{0,40}money"):
        try:
            book.pattern(pattern)
        except ValueError:
            book.pattern(pattern.replace("*@", "*@x"))
    return Matcher(book.phrases, Regexes(book.patterns))


MATCHER = matcher()


def seconds(one: Matcher, text: str) -> float:
    start = time.process_time()
    look(understood(text, sure=False), one)
    return time.process_time() - start


@pytest.mark.parametrize("name", HOSTILE)
def test_time_grows_with_the_text_and_no_faster(name: str) -> None:
    """Ten times the text takes about ten times as long, far less than the hundred times of a square."""
    piece = HOSTILE[name]
    seconds(MATCHER, piece * 10)
    short = min(seconds(MATCHER, piece * (5_000 // len(piece))) for _ in range(3))
    long = min(seconds(MATCHER, piece * (50_000 // len(piece))) for _ in range(3))
    assert long < 40 * max(short, 0.002)
    assert long < 1


def test_hits_of_a_phrase_are_capped() -> None:
    found = matcher().find(Text("a " * 50_000), "en")
    assert found
    assert max(len(hits) for hits in found.values()) == MOST_HITS


@pytest.mark.parametrize("text", ["ｒｅｆｕｎｄ", "re\u200bfund", "re\u00adfund", "REFUND", "réfünd", "\u202erefund"])
def test_disguised_words_are_read(text: str) -> None:
    book = PhraseBook()
    book.phrase("refund", "en", PLACE)
    (hit,) = Matcher(book.phrases, Regexes([])).find(Text(f"my {text}!"), "en")[0]
    assert text.strip("\u202e") in f"my {text}!"[hit.start : hit.end]


def test_a_look_alike_of_another_alphabet_is_read_as_it_looks() -> None:
    book = PhraseBook()
    for phrase in ("refund", "card", "банк"):
        book.phrase(phrase, "en", PLACE)
    text = "r\u0435fund, c\u0430rd, \u0431\u0430\u043d\u043a"  # the last is Russian throughout
    found = Matcher(book.phrases, Regexes([])).find(Text(text), "en")
    assert [text[hits[0].start : hits[0].end] for _, hits in sorted(found.items())] == text.split(", ")


@pytest.mark.parametrize("sample", ["İstanbul ß œ æ", "e\u0301\u0301", "ﬁ ﬃ", "ǅ", "Ⅷ", "½", "\ud83d", "🏳️‍🌈", "ΐ"])
def test_folding_keeps_the_length(sample: str) -> None:
    cleaned = fold.clean(sample).text
    assert len(fold.words(cleaned)) == len(cleaned)
    assert len(fold.marks(cleaned)) == len(cleaned)


def test_folding_keeps_the_length_of_every_character() -> None:
    for code in range(0x3000):
        char = chr(code)
        assert len(fold.words(char)) == 1, f"U+{code:04X}"
        assert len(fold.marks(char)) == 1, f"U+{code:04X}"


def test_offsets_lead_back_to_the_text() -> None:
    text = "caf" + unicodedata.normalize("NFD", "é") + " re\u200bfund " + "x" + "\u0301\u0323" * 30 + " end"
    cleaned = fold.clean(text)
    for word in ("café", "refund", "end"):
        at = cleaned.text.index(word)
        begin, end = cleaned.back(at), cleaned.back(at + len(word))
        assert fold.clean(text[begin:end]).text == word
        assert cleaned.forth(begin) == at
    assert cleaned.back(len(cleaned.text)) == len(text)
