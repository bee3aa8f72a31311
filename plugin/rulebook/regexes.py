"""Patterns of `matches`: RE2 only, all of them over a text at once, the span of those that hit on demand."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from copy import copy
from dataclasses import dataclass
from typing import Any

import re2

from plugin.rulebook.phrases.fold import clean, mark, marks

_SHARD = 500
_SET_MEMORY = 256 << 20
_BLOCK = 4_000  #: characters of a text that sets are proven with
LONGEST = 500  #: characters of a pattern
LARGEST = 1000  #: instructions of the compiled program


class PatternError(ValueError):
    """A pattern that is refused; `hint` says what to write instead."""

    def __init__(self, text: str, hint: str) -> None:
        super().__init__(text)
        self.hint = hint


#: What RE2 says -> what we say.
_REASONS = (
    ("(?=", "look-ahead is not possible", "write what must not be there as `unless: {matches: …}`"),
    ("(?!", "look-ahead is not possible", "write what must not be there as `unless: {matches: …}`"),
    ("(?<", "look-behind is not possible", "match the words before as well, or use `unless: {matches: …}`"),
    ("invalid escape sequence: \\Z", "\\Z is not known here", "write \\z for the end of the text"),
    ("repetition size", "a repeat may count to 1000 at most", "repeat less often, as in `.{0,40}`"),
    ("bad repetition operator", "possessive and doubled repeats are not possible", "write a single *, + or ?"),
    ("too large", "the pattern is too large", "repeat less often or split it into several"),
    ("missing )", "a bracket is not closed", "close it, or write \\( for a bracket in the text"),
    ("unexpected )", "a bracket is closed that was not opened", "write \\) for a bracket in the text"),
    ("missing ]", "a [ is not closed", "close it, or write \\[ for a bracket in the text"),
    ("no argument for repetition", "there is nothing to repeat", "write \\* or \\+ for the character itself"),
)


def options(memory: int = 8 << 20) -> Any:
    """Options of all our patterns."""
    chosen = re2.Options()
    chosen.log_errors = False
    chosen.max_mem = memory
    chosen.encoding = re2.Options.Encoding.LATIN1
    return chosen


def compile_pattern(pattern: str) -> Any:
    """Compile a pattern as its author wrote it, for text that is folded with punctuation.

    Raises PatternError.
    """
    if len(pattern) > LONGEST:
        raise PatternError(f"the pattern has {len(pattern)} characters, {LONGEST} are the most", "split it")
    try:
        compiled = re2.compile(folded(pattern).encode("latin-1"), options())
    except re2.error as error:
        raise _refusal(str(error.args[0] if error.args else error)) from None
    if compiled.programsize > LARGEST:
        raise PatternError("the pattern is too large", "repeat less often or split it into several")
    if compiled.search(b"") is not None:
        raise PatternError(
            "the pattern matches nothing at all, so it would match every text", "let it need a character"
        )
    return compiled


def _refusal(reason: str) -> PatternError:
    reason = reason.removeprefix("b'").rstrip("'").replace("\\\\", "\\")
    if "invalid escape sequence: \\" in reason and reason.rsplit("\\", 1)[-1][:1].isdigit():
        return PatternError("back-references are not possible", "write the words out, or use two conditions")
    for part, text, hint in _REASONS:
        if part in reason:
            return PatternError(text, hint)
    return PatternError(f"not a valid pattern: {reason}", "see docs/rules.md for what patterns may hold")


def folded(pattern: str) -> str:
    """The pattern with its letters folded as messages are; escapes stay as they are."""
    out: list[str] = []
    at = 0
    while at < len(pattern):
        if pattern[at] == "\\":
            end = at + 2
            if pattern[at + 1 : at + 2] in ("p", "P", "x") and pattern[at + 2 : at + 3] == "{":
                end = pattern.find("}", at) + 1 or len(pattern)
            elif pattern[at + 1 : at + 2] == "x":
                end = at + 4
            out.append(pattern[at:end])
            at = end
        else:
            out.append(mark(pattern[at]))
            at += 1
    return "".join(out)


@dataclass(frozen=True, slots=True)
class Regex:
    """One pattern."""

    text: str  #: as written
    compiled: Any

    def __reduce__(self) -> tuple[Any, ...]:
        """What RE2 compiled stays in its process."""
        return _compiled, (self.text,)


def _compiled(text: str) -> Regex:
    return Regex(text, compile_pattern(text))


class Regexes:
    """All patterns of a rulebook.

    They are searched for in sets. A set cannot say that it ran out of memory: it finds less, and nobody is told
    (google/re2#136). So `proven` holds each set against its patterns one by one, and a set that misses something, like
    one that cannot be built at all, is not used: its patterns are then searched for singly, which is slower and right.
    """

    def __init__(self, patterns: Sequence[Regex]) -> None:
        self.patterns = tuple(patterns)
        self.single: tuple[int, ...] = ()  #: patterns that are searched for one by one
        self._shards: list[tuple[range, Any]] = []
        for first in range(0, len(self.patterns), _SHARD):
            numbers = range(first, min(first + _SHARD, len(self.patterns)))
            try:
                self._shards.append((numbers, self._set(numbers)))
            except re2.error:
                self.single += tuple(numbers)

    def __getstate__(self) -> dict[str, Any]:
        """What RE2 compiled stays in its process."""
        return {**self.__dict__, "_shards": [numbers for numbers, _ in self._shards]}

    def __setstate__(self, state: dict[str, Any]) -> None:
        self.__dict__.update(state)
        self._shards = [(numbers, self._set(numbers)) for numbers in state["_shards"]]

    def _set(self, numbers: range) -> Any:
        shard = re2.Set.SearchSet(options(_SET_MEMORY))
        for number in numbers:
            shard.Add(folded(self.patterns[number].text).encode("latin-1"))
        shard.Compile()
        return shard

    def proven(self, samples: Iterable[bytes]) -> Regexes:
        """The same patterns without the sets that miss one of them in the samples, texts folded by `marks`."""
        texts = tuple(samples)
        good = [(numbers, shard) for numbers, shard in self._shards if self._agrees(numbers, shard, texts)]
        if len(good) == len(self._shards):
            return self
        proven = copy(self)
        proven._shards = good
        covered = {number for numbers, _ in good for number in numbers}
        proven.single = tuple(number for number in range(len(self.patterns)) if number not in covered)
        return proven

    def _agrees(self, numbers: range, shard: Any, texts: Sequence[bytes]) -> bool:
        return all(
            set(shard.Match(text) or ()) == {n - numbers.start for n in self._one_by_one(numbers, text)}
            for text in texts
        )

    def _one_by_one(self, numbers: Iterable[int], text: bytes) -> set[int]:
        return {number for number in numbers if self.patterns[number].compiled.search(text) is not None}

    def hit(self, text: bytes) -> set[int]:
        """The numbers of the patterns that match somewhere in a text folded by `marks`."""
        found = {numbers.start + number for numbers, shard in self._shards for number in shard.Match(text) or ()}
        return found | self._one_by_one(self.single, text) if self.single else found

    def span(self, number: int, text: bytes, start: int, end: int) -> tuple[int, int] | None:
        """The first place of a pattern between two offsets."""
        found = self.patterns[number].compiled.search(text, start, end)
        return None if found is None else found.span()


def samples(texts: Iterable[str], patterns: int) -> Iterator[bytes]:
    """Texts to prove sets with, in blocks; fewer the more patterns there are, so that it is quick."""
    block, size, left = [], 0, max(4, min(50, 50_000 // max(1, patterns)))
    for text in texts:
        block.append(text)
        size += len(text)
        if size >= _BLOCK:
            yield marks(clean("\n\n".join(block)).text)
            block, size, left = [], 0, left - 1
            if not left:
                return
    yield marks(clean("\n\n".join(block)).text)
