"""Phrases and patterns as rules write them -> numbers of the matcher. The same phrase gets the same number."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from plugin.model import Place
from plugin.rulebook.matcher import Phrase
from plugin.rulebook.phrases.fold import clean, fold, letter
from plugin.rulebook.phrases.vocabulary import Word
from plugin.rulebook.regexes import PatternError, Regex, compile_pattern

SHORTEST_PREFIX = 3
MOST_PHRASE_WORDS = 12
MOST_PATTERNS = 5_000


class PhraseError(ValueError):
    """A phrase that cannot be matched; `hint` says what to write instead."""

    def __init__(self, text: str, hint: str = "") -> None:
        super().__init__(text)
        self.hint = hint


@dataclass
class PhraseBook:
    """Collects the phrases and patterns of a rulebook while it is compiled."""

    phrases: list[Phrase] = field(default_factory=list)
    places: list[Place] = field(default_factory=list)  #: where each phrase is first written
    patterns: list[Regex] = field(default_factory=list)
    _numbers: dict[Phrase, int] = field(default_factory=dict)
    _pattern_numbers: dict[str, int] = field(default_factory=dict)

    def phrase(self, text: str, language: str, place: Place, excepted: Sequence[str] = ()) -> int:
        """The number of a phrase. Raises PhraseError."""
        others = tuple(self.phrase(other, language, place) for other in excepted)
        phrase = Phrase(text, language, parts(text), others)
        number = self._numbers.setdefault(phrase, len(self.phrases))
        if number == len(self.phrases):
            self.phrases.append(phrase)
            self.places.append(place)
        return number

    def pattern(self, text: str) -> int:
        """The number of a pattern. Raises PatternError."""
        if text not in self._pattern_numbers:
            if len(self.patterns) >= MOST_PATTERNS:
                raise PatternError(f"there are more than {MOST_PATTERNS} patterns", "use `mentions` for words")
            self.patterns.append(Regex(text, compile_pattern(text)))
            self._pattern_numbers[text] = len(self.patterns) - 1
        return self._pattern_numbers[text]


def parts(text: str) -> tuple[tuple[Word, ...], ...]:
    """What is written in a phrase: its words, in parts where `..` leaves a gap. Raises PhraseError."""
    found: list[list[Word]] = [[]]
    for written in text.split():
        if written == "..":
            found.append([])
        else:
            found[-1].extend(_words(written))
    if not all(found):
        raise PhraseError(f"'{text}' has no words on one side of a gap", "write words before and after `..`")
    if sum(map(len, found)) > MOST_PHRASE_WORDS:
        raise PhraseError(
            f"'{text[:60]}' has more than {MOST_PHRASE_WORDS} words", "customers never write the same long sentence"
        )
    return tuple(tuple(words) for words in found)


def _words(token: str) -> list[Word]:
    how = "inflected"
    if token.startswith("="):
        how, token = "exact", token[1:]
    elif token.endswith("*"):
        how, token = "prefix", token[:-1]
        if len(fold(token).strip()) < SHORTEST_PREFIX:
            raise PhraseError(f"'{token}*' begins too many words", f"write at least {SHORTEST_PREFIX} letters before *")
    if "*" in token or "=" in token:
        raise PhraseError(
            f"'{token}': * may stand at the end of a word, = at its beginning, nowhere else", "use `matches` for more"
        )
    pieces = _pieces(token)
    if not pieces:
        raise PhraseError(f"'{token}' holds no letter or digit", "write words; use `matches` for punctuation")
    if how == "prefix":
        return [*(Word(piece, "inflected") for piece in pieces[:-1]), Word(pieces[-1], "prefix")]
    return [Word(piece, how) for piece in pieces]


def _pieces(token: str) -> list[str]:
    """A written word as messages are split: at everything that is no letter or digit, accents kept."""
    return "".join(char if letter(char) != " " else " " for char in clean(token).text).split()
