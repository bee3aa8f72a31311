"""Where a text may be divided: sentences, and the places at which a customer turns to another matter.

Plain string work on the folded text, linear in its length. Offsets count characters of the text.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from itertools import islice

from plugin.understand.fold import fold

#: Words that a full stop ends without ending the sentence.
_SHORT = frozenset(
    (
        *("sr", "sra", "srta", "dr", "dra", "dna", "dona", "ing", "lic", "arq", "dott", "avv", "sig"),
        *("mr", "mrs", "ms", "st", "mme", "mlle", "mm", "no", "nro", "num", "nr", "art", "etc", "ej", "pag"),
        *("tel", "vs", "approx", "e.g", "i.e", "z.b", "bzw", "ca", "hr", "fr", "inc", "ltd", "ref", "env"),
    )
)
_END = re.compile(r"[.!?]+[\"')\]»]*(?=\s|$)|\n")
_MOST = 200  #: sentences that are looked at; the rest of the text is one more
_NUMBERED = re.compile(
    r"(?:^|(?<=[\n.:;!?)])[ ]?)[ ]*\(?([2-9])\s?[.)º°-]+[ ]+(?=\S)|(?:^|(?<=\n))[ ]*\(?([2-9b])[)][ ]*"
)
_FIRST = re.compile(r"(?:^|(?<=\s))\(?1\)[ ]*(?=\S)")  # where the numbers stand within a line, the first is there too
_INLINE = re.compile(r"(?<=\s)\(?([2-9])\)[ ]*(?=\S)")
_FAR = 8_000  #: characters in which another matter is looked for
_MANY = 60  #: places that are looked at
_LIST = 4  #: so many numbers from 2 on are the points of one matter, not several matters
_REACH = 9  #: words between the start of a sentence and the phrase that makes it another matter
_CLAUSE = re.compile(r"[,;:(\-]\s|\s(?:y|e|et|and|und|oh|ah|pero|mais|but|aber|ma)\s")
_JOINS = ("and ", "y ", "et ", "e ", "und ")


@dataclass(frozen=True, slots=True)
class Turn:
    """A place at which another matter may begin, and the words that say so."""

    at: int  #: where the other matter begins
    start: int  #: the words
    end: int
    surely: bool  #: the words say so outright, or a number of a list does


def sentences(text: str) -> tuple[tuple[int, int], ...]:
    """Start and end of each sentence or line that holds a word. At most about 200."""
    folded = fold(text)
    out: list[tuple[int, int]] = []
    start = 0
    for match in _END.finditer(folded):
        if len(out) >= _MOST:
            break
        if match.group() == "." and _goes_on(text, folded, start, match.start()):
            continue
        _add(out, text, start, match.end())
        start = match.end()
    _add(out, text, start, len(text))
    return tuple(out)


def _goes_on(text: str, folded: str, start: int, stop: int) -> bool:
    """Whether the stop is that of an abbreviation, or an ellipsis within a sentence."""
    if text[stop] == "…" and text[stop + 1 : stop + 3].strip().islower():
        return True
    word = folded[max(start, stop - 12) : stop].rsplit(" ", 1)[-1].rsplit("\n", 1)[-1].lstrip("(")
    return word in _SHORT or (len(word) == 1 and word.isalpha())


def _add(out: list[tuple[int, int]], text: str, start: int, end: int) -> None:
    piece = text[start:end]
    if any(character.isalnum() for character in piece):
        begin = start + len(piece) - len(piece.lstrip())
        out.append((begin, start + len(piece.rstrip())))


def turns(text: str, surely: Iterable[str], perhaps: Iterable[str]) -> tuple[Turn, ...]:
    """The places at which the text may turn to another matter, in order.

    `surely` are words such as "another thing" or "rien à voir", `perhaps` words such as "also"; a second
    number of a list counts with the former. The start of the text is no such place.
    """
    text = text[:_FAR]
    folded = fold(text)
    found: dict[int, Turn] = {}
    starts = [start for start, _ in sentences(text)]
    for phrases, sure in ((surely, True), (perhaps, False)):
        for start, end in islice(_places(folded, _folded(tuple(phrases))), _MANY):
            at = _begin(folded, starts, start)
            known = found.get(at)
            if known is None or (known.surely == sure and end - start > known.end - known.start):
                found[at] = Turn(at, start, end, sure)  # the longest phrase says it best
    numbers = list(islice(_numbers(folded), _LIST))
    for match in numbers if len(numbers) < _LIST else ():
        found.setdefault(match.end(), Turn(match.end(), match.start(), match.end(), True))
    return tuple(turn for _, turn in sorted(found.items()) if _words(folded[: turn.at]) >= 3)


def _numbers(folded: str) -> Iterator[re.Match[str]]:
    """The numbers of a list from the second on, each at the start of a line or sentence, or all within lines."""
    first = _FIRST.search(folded)
    return _NUMBERED.finditer(folded) if first is None else _INLINE.finditer(folded, first.end())


@lru_cache(maxsize=64)
def _folded(phrases: tuple[str, ...]) -> tuple[str, ...]:
    """Phrases of a rulebook, each once, in order."""
    return tuple(sorted({fold(phrase) for phrase in phrases}))


def _places(folded: str, phrases: Iterable[str]) -> Iterator[tuple[int, int]]:
    for phrase in phrases:
        at = folded.find(phrase)
        while at >= 0:
            end = at + len(phrase)
            if not folded[at - 1 : at].isalnum() and not folded[end : end + 1].isalnum():
                yield at, end
            at = folded.find(phrase, end)


def _begin(folded: str, starts: list[int], at: int) -> int:
    """Where the clause begins that holds the phrase at `at`: its sentence, or the last joint before it."""
    sentence = starts[bisect_right(starts, at) - 1] if starts and starts[0] <= at else 0
    if folded.startswith(_JOINS, at):
        return at  # "and tell me" begins a clause of its own, however short the one before it is
    if _words(folded[sentence:at]) <= _REACH and sentence > 0:
        return sentence
    joints = [match.end() for match in _CLAUSE.finditer(folded, max(sentence, at - 60), at + 1)]
    return joints[-1] if joints and _words(folded[joints[-1] : at]) <= 6 else at


def _words(folded: str) -> int:
    return len(folded.split())
