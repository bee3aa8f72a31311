"""Sets of patterns find what each pattern finds alone, also when a set fails: it would say nothing about it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from plugin.rulebook import load, regexes
from plugin.rulebook.regexes import Regex, Regexes, compile_pattern, samples

ROOT = Path(__file__).parent.parent.parent
PATTERNS = ["refund.{0,40}guest", r"\bhm[a-z0-9]{8}\b", "door|lock", "invoice [0-9]+"]
TEXTS = [b"a refund for my guest in hm12345678", b"the lock of the door", b"invoice 12, invoice 13", b"nothing"]
FOUND = [{0, 1}, {2}, {3}, set()]


def made(patterns: list[str]) -> Regexes:
    return Regexes([Regex(pattern, compile_pattern(pattern)) for pattern in patterns])


class Forgetful:
    """A set that loses one pattern without a word, as one does that runs out of memory."""

    def __init__(self, real: Any) -> None:
        self._real = real

    def Match(self, text: bytes) -> list[int]:
        return [number for number in self._real.Match(text) or () if number != 1]


def test_a_set_finds_what_each_pattern_finds() -> None:
    one = made(PATTERNS).proven(TEXTS)
    assert one.single == ()
    assert [one.hit(text) for text in TEXTS] == FOUND


def test_a_set_that_loses_a_pattern_is_not_used(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(regexes, "_SHARD", 3)
    one = made(PATTERNS)
    numbers, shard = one._shards[0]
    one._shards[0] = (numbers, Forgetful(shard))
    assert one.hit(TEXTS[0]) == {0}, "or the test proves nothing"
    assert one.proven([TEXTS[1]]).hit(TEXTS[0]) == {0}, "a sample without the pattern cannot show it"
    proven = one.proven(TEXTS)
    assert proven.single == (0, 1, 2), "the other set is kept"
    assert [proven.hit(text) for text in TEXTS] == FOUND


def test_a_set_that_cannot_be_built_is_not_used(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(regexes, "_SET_MEMORY", 10_000)
    one = made(PATTERNS)
    assert one.single == (0, 1, 2, 3)
    assert [one.hit(text) for text in TEXTS] == FOUND


def test_a_rulebook_is_proven_with_its_own_messages(monkeypatch: pytest.MonkeyPatch) -> None:
    seen: list[bytes] = []
    monkeypatch.setattr(Regexes, "proven", lambda self, texts: seen.extend(texts) or self)
    rulebook = load(ROOT / "rules")
    joined = b"".join(seen)
    assert rulebook.matcher.regexes.patterns
    assert len(joined) > 20_000
    for case in rulebook.cases[:5]:
        assert regexes.marks(str(case.message["body"]).split()[0]) in joined


def test_more_patterns_are_proven_with_fewer_texts() -> None:
    texts = ["x" * 2_000] * 1_000
    assert [len(list(samples(texts, patterns))) for patterns in (1, 1_000, 5_000, 100_000)] == [50, 50, 10, 4]
