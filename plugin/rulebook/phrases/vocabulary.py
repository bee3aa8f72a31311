"""Which words of rules a word of a text stands for: exactly, inflected, by its beginning, or with a typo."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from plugin.rulebook.phrases.fold import fold
from plugin.rulebook.phrases.language import Language
from plugin.rulebook.phrases.stem import STEM, rule_keys, stem, text_keys
from plugin.rulebook.phrases.typos import LONGEST, SHORTEST, Typos

_LONGEST_WORD = 64
_HEAD = 2  #: letters that tell most words apart


@dataclass(frozen=True, slots=True)
class Word:
    """A word of a phrase and how it is matched."""

    text: str  #: as written, without the mark
    how: str  #: "inflected", "exact" or "prefix"


class Vocabulary:
    """The words of all rules for some languages, as numbers."""

    def __init__(self, languages: Sequence[Language], known: frozenset[str]) -> None:
        self._known = known
        self._numbers: dict[Word, int] = {}
        self._exact: dict[str, set[int]] = {}
        self._prefixes: dict[int, dict[str, set[int]]] = {}
        self._inflected = {lang.code: _Inflected(lang) for lang in languages}
        self.typo_of: dict[str, str] = {}  #: misspelt word of a text -> what it was taken for

    def number(self, word: Word, languages: Sequence[Language]) -> int:
        """Take up a word of a rule; inflected in each of the languages."""
        number = self._numbers.setdefault(word, len(self._numbers))
        folded = fold(word.text)
        if word.how == "prefix":
            self._prefixes.setdefault(len(folded), {}).setdefault(folded, set()).add(number)
            return number
        self._exact.setdefault(folded, set()).add(number)
        if word.how == "inflected":
            for lang in languages:
                self._inflected[lang.code].add(word.text, folded, number)
        return number

    def ready(self) -> None:
        """To be called after the last word was taken up."""
        for inflected in self._inflected.values():
            inflected.ready(self._known)

    def look_up(self, word: str) -> tuple[int, ...]:
        """The numbers of all rule words that a folded word of a text stands for."""
        if len(word) > _LONGEST_WORD:
            return ()
        found: set[int] = set()
        found.update(self._exact.get(word, ()))
        for length, prefixes in self._prefixes.items():
            found.update(prefixes.get(word[:length], ()))
        head = word[:_HEAD]
        for inflected in self._inflected.values():
            if head in inflected.heads:
                found |= inflected.find(word)
        if not found and SHORTEST <= len(word) <= LONGEST and word.isalpha():
            found = self._misspelt(word)
        return tuple(sorted(found)) if found else ()

    def _misspelt(self, word: str) -> set[int]:
        found: set[int] = set()
        for inflected in self._inflected.values():
            for meant, numbers in inflected.near(word).items():
                found |= numbers
                self.typo_of.setdefault(word, meant)
        return found


class _Inflected:
    """The inflected words of rules in one language."""

    def __init__(self, lang: Language) -> None:
        self._lang = lang
        self._keys: dict[str, set[int]] = {}
        self._typos = Typos((), frozenset())
        self._firsts: set[str] = set()
        self.surface: dict[str, set[int]] = {}  #: words as typos are held against them
        self._stems: dict[str, set[int]] = {}  #: the same for stems
        self._stem_typos = Typos((), frozenset())
        self.heads: set[str] = set()  #: how words that may have a key begin; saves stemming the others

    def add(self, written: str, folded: str, number: int) -> None:
        for key in rule_keys(written, self._lang):
            self._keys.setdefault(key, set()).add(number)
            if key.startswith(STEM):
                self._stems.setdefault(key.removeprefix(STEM), set()).add(number)
        self.surface.setdefault(folded, set()).add(number)

    def ready(self, known: frozenset[str]) -> None:
        self._typos = Typos(self.surface, self._lang.known | known)
        self._stem_typos = Typos((short for short in self._stems if len(short) > SHORTEST + 1), frozenset())
        used = {key[2:] for key in self._keys}
        forms = {form for form, head in self._lang.families.items() if head in used}
        begins = {beginning for beginning, _, _ in self._lang.affixes if beginning}
        self._firsts = {word[0] for word in self.surface if len(word) >= SHORTEST}
        self.heads = {word[:_HEAD] for word in used | forms | begins}

    def find(self, word: str) -> set[int]:
        """By its inflections."""
        found: set[int] = set()
        for key in text_keys(word, self._lang):
            numbers = self._keys.get(key)
            if numbers is not None:
                found |= numbers
        return found

    def near(self, word: str) -> dict[str, set[int]]:
        """By one typo in the word, or one wrong letter in its stem."""
        if word[0] not in self._firsts or self._typos.knows(word):
            return {}
        near = self._typos.meant(word)
        if near:
            return {meant: self.surface[meant] for meant in near}
        short = stem(word, self._lang)
        return {f"{meant}…": self._stems[meant] for meant in self._stem_typos.meant(short) if len(meant) == len(short)}
