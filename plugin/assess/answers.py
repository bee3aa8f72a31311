"""Which of our questions a message answers, and with which words, however people answer.

Below each question of our quoted mail; with the numbers of the questions; in as many lines as there were questions; or
in a sentence, where there was but one. What is free text beyond that is found by the items' own rules.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Literal

from plugin.assess.said import Words, says, without
from plugin.model import Message, Question
from plugin.understand.fold import fold
from plugin.understand.mask import mask

How = Literal["below", "number", "line", "only"]
_LINES = 2_000  #: that are looked at
_LONGEST = 600  #: characters of an answer
_WORDS = re.compile(r"\w+")
_BRIEF = 12  #: words of a line that answers a question by its place alone
_REFUSAL = 10  #: words of an answer that may say that there is none
_MARKS = re.compile(r"[\s>|]*")


@dataclass(frozen=True, slots=True)
class Given:
    """An answer to one question."""

    item: str
    text: str
    how: How
    declined: bool = False  #: the customer does not know or have it

    @property
    def because(self) -> str:
        """For the trail and the note."""
        return {
            "below": "answered below our question",
            "number": "answered by the number of our question",
            "line": "answered in the order of our questions",
            "only": "answered what we asked",
        }[self.how]


def answers(message: Message, questions: Sequence[Question], words: Words) -> tuple[Given, ...]:
    """The answers to our last questions, in their order; nothing where there were no questions."""
    if not questions:
        return ()
    for how, found in (
        ("below", _below(message, questions)),
        ("number", _numbered(message.newest, len(questions))),
        ("line", _by_line(message.newest, len(questions), words)),
        ("only", _only(message.newest, len(questions), words)),
    ):
        given = tuple(_given(questions[number], text, how, words) for number, text in sorted(found.items()))  # type: ignore[arg-type]
        if given:
            return given
    return ()


def numbered(message: Message, questions: Sequence[Question]) -> bool:
    """Whether the numbers in a message are those of our questions, and not those of several matters."""
    return bool(questions) and bool(_numbered(message.newest, len(questions)))


def _given(question: Question, text: str, how: How, words: Words) -> Given:
    brief = len(text.split()) <= _REFUSAL and not any(c.isdigit() for c in text)
    declined = text.strip(" .-–—?") == "" or (brief and says(text, "does-not-have", words) is not None)
    return Given(question.item, mask(text[:_LONGEST]), how, declined)


# --- below our questions ----------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Place:
    """Where a question stands in a quotation: the line that it ends in, and where it ends there."""

    number: int
    first: int
    last: int
    end: int


def _below(message: Message, questions: Sequence[Question]) -> dict[int, str]:
    lines = message.text.splitlines()[:_LINES]
    places = sorted(_places(lines, questions), key=lambda place: place.first)
    if not places:
        return {}
    own = {line.strip() for line in message.newest.splitlines() if line.strip()}
    ends = [place.first for place in places[1:]] + [len(lines)]
    found = {}
    for place, end in zip(places, ends, strict=True):
        if text := _between(lines, place, end, own):
            found[place.number] = text
    return found


def _places(lines: Sequence[str], questions: Sequence[Question]) -> Iterator[_Place]:
    """Each question once, wherever its words stand in a row; line breaks and marks between them do not count."""
    tokens = [
        (word.group(), number, word.end()) for number, line in enumerate(lines) for word in _WORDS.finditer(fold(line))
    ]
    stream = " ".join(["", *(token for token, _, _ in tokens), ""])
    starts = {}
    at = 1
    for index, (token, _, _) in enumerate(tokens):
        starts[at] = index
        at += len(token) + 1
    for number, question in enumerate(questions):
        asked = _WORDS.findall(fold(question.text))
        at = stream.find(f" {' '.join(asked)} ") + 1 if asked else 0
        if at > 0:
            first = starts[at]
            _, line, end = tokens[first + len(asked) - 1]
            yield _Place(number, tokens[first][1], line, end)


def _between(lines: Sequence[str], place: _Place, end: int, own: set[str]) -> str:
    """What the customer wrote between the end of a question and the next one."""
    quoted = lines[place.last].lstrip().startswith(">")
    rest = lines[place.last][place.end :].strip(" ?!.:)\u00a0")
    found = [rest] if rest and not quoted else []
    paragraph = not quoted
    for line in lines[place.last + 1 : end]:
        bare = line.strip()
        if not bare:
            paragraph = False
        elif bare in own or (paragraph and not bare.startswith(">")):
            found.append(bare)
        elif found:
            break
    return " ".join(found)


# --- with numbers, by lines, in a sentence ------------------------------------------------------


def _numbered(text: str, count: int) -> dict[int, str]:
    """`1. 45 € 2. 3 de mayo`, on one line or on several. At least the 1, or two numbers in order."""
    marks = []
    at = 0
    for number in range(1, count + 1):
        mark = re.compile(
            rf"(?:^|(?<=\s)|(?<=\())(?:n[º°o]\s?)?{number}\s?(?:[.):º°-]+|\s-)(?=\s|[^\W\d])", re.MULTILINE
        )
        found = mark.search(text, at)
        if found:
            marks.append((number - 1, found.start(), found.end()))
            at = found.end()
    begins = bool(marks) and _MARKS.fullmatch(text[: marks[0][1]].rpartition("\n")[2]) is not None
    if not marks or not begins or (len(marks) == 1 and marks[0][0] != 0):
        return {}
    ends = [start for _, start, _ in marks[1:]] + [len(text)]
    pieces = {number: text[start:end] for (number, _, start), end in zip(marks, ends, strict=True)}
    last = marks[-1][0]
    pieces[last] = pieces[last].split("\n\n")[0]  # what follows is a closing
    return {number: " ".join(piece.split()) for number, piece in pieces.items() if piece.strip()}


def _by_line(text: str, count: int, words: Words) -> dict[int, str]:
    """As many short lines as questions, politeness aside."""
    lines = [line.strip(" -•*\t") for line in text.splitlines()]
    said = [line for line in lines if line and without(line, "polite", words)]
    brief = all(len(line.split()) <= _BRIEF and not line.endswith("?") for line in said)
    return dict(enumerate(said)) if count > 1 and len(said) == count and brief else {}


def _only(text: str, count: int, words: Words) -> dict[int, str]:
    """There was one question: whatever is said and is no question itself answers it."""
    if count != 1:
        return {}
    ends = [0, *(match.end() for match in re.finditer(r"[.!?\n]+", text)), len(text)]
    sentences = [text[a:b].strip() for a, b in pairwise(ends)]
    said = [one for one in sentences if one and not one.endswith("?") and without(one, "polite", words)]
    return {0: " ".join(said)} if said and says(text, "asks-again", words) is None else {}
