"""All phrases of a language at once: words become numbers once, and a trie of numbers finds every phrase in one pass.

The cost grows with the text and with what is found in it, not with the number of phrases.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

from plugin.rulebook.phrases.fold import fold
from plugin.rulebook.phrases.language import Language
from plugin.rulebook.phrases.stem import STEM, rule_keys, stem, text_keys
from plugin.rulebook.phrases.typos import SHORTEST, Typos

#: Found places of one phrase in one text; more say nothing new and would let a text of one word cost too much.
MOST_HITS = 32
_REMEMBERED = 50_000
_LONGEST_WORD = 64
_LEAF = -1


@dataclass(frozen=True, slots=True)
class Word:
    """A word of a phrase and how it is matched."""

    text: str  #: as written, without the mark
    how: str  #: "inflected", "exact" or "prefix"


class Run(NamedTuple):
    """Where words of a phrase stand: numbers of the first and of the last token."""

    phrase: int
    first: int
    last: int


class Trie:
    """The phrases that are active for some languages."""

    def __init__(self, active: Sequence[Language], known: frozenset[str]) -> None:
        self._languages = tuple(active)
        self._numbers: dict[Word, int] = {}
        self._exact: dict[str, set[int]] = {}
        self._prefixes: dict[int, dict[str, set[int]]] = {}
        self._keys: dict[str, dict[str, set[int]]] = {lang.code: {} for lang in active}
        self._root: dict[int, dict[int, Any]] = {}
        self._surface: dict[str, dict[str, set[int]]] = {lang.code: {} for lang in active}
        self._known = known
        self._typos: dict[str, Typos] = {}
        self.typo_of: dict[str, str] = {}  #: misspelt word of a text -> what it was taken for
        self.tokens = _Memory(self)

    def add(self, words: Iterable[Word], phrase: int, languages: Sequence[Language]) -> None:
        """Take up a phrase; its inflected words follow the grammar of each of the languages."""
        node: Any = self._root
        for word in words:
            node = node.setdefault(self._number(word, languages), {})
        node.setdefault(_LEAF, []).append(phrase)

    def ready(self) -> None:
        """To be called after the last `add`."""
        for code, words in self._surface.items():
            known = next(lang.known for lang in self._languages if lang.code == code)
            self._typos[code] = Typos(words, known | self._known)

    def _number(self, word: Word, languages: Sequence[Language]) -> int:
        number = self._numbers.setdefault(word, len(self._numbers))
        folded = fold(word.text)
        if word.how == "exact":
            self._exact.setdefault(folded, set()).add(number)
        elif word.how == "prefix":
            self._prefixes.setdefault(len(folded), {}).setdefault(folded, set()).add(number)
        else:
            self._exact.setdefault(folded, set()).add(number)
            for lang in languages:
                for key in rule_keys(word.text, lang):
                    self._keys[lang.code].setdefault(key, set()).add(number)
                    self._surface[lang.code].setdefault(key[2:], set()).add(number)
                self._surface[lang.code].setdefault(folded, set()).add(number)
        return number

    def numbers(self, word: str) -> tuple[int, ...]:
        """The numbers of all rule words that a folded word of a text stands for."""
        if not word or len(word) > _LONGEST_WORD:
            return ()
        found = set(self._exact.get(word, ()))
        for length, prefixes in self._prefixes.items():
            found |= prefixes.get(word[:length], set())
        for lang in self._languages:
            keys = self._keys[lang.code]
            for key in text_keys(word, lang):
                if key in keys:
                    found |= keys[key]
        return tuple(sorted(found or self._misspelt(word)))

    def _misspelt(self, word: str) -> set[int]:
        found: set[int] = set()
        for lang in self._languages:
            typos = self._typos[lang.code]
            for near in typos.meant(word) or self._stem_typos(word, typos, lang):
                found |= self._surface[lang.code][near]
                self.typo_of.setdefault(word, near)
        return found

    def _stem_typos(self, word: str, typos: Typos, lang: Language) -> list[str]:
        """Inflected words with a wrong letter in their stem."""
        if typos.knows(word) or len(word) < SHORTEST:
            return []
        short = stem(word, lang)
        keys = self._keys[lang.code]
        return [near for near in typos.meant(short) if len(near) == len(short) and STEM + near in keys]

    def entry(self, token: bytes | str) -> Entry:
        """What a token may be, as numbers and as first steps into the trie."""
        numbers = self.numbers(token.decode("ascii") if isinstance(token, bytes) else token)
        return (tuple(self._root[n] for n in numbers if n in self._root), numbers)

    def find(self, tokens: Sequence[bytes | str]) -> list[Run]:
        """Every place of every phrase, overlapping ones too; at most MOST_HITS of each."""
        if len(self.tokens) > _REMEMBERED:
            self.tokens.clear()
            self.typo_of.clear()
        entries = list(map(self.tokens.__getitem__, tokens))
        runs: list[Run] = []
        seen: dict[int, int] = {}
        for first, (starts, _) in enumerate(entries):
            for node in starts:
                self._walk(node, first, first, tokens, entries, runs, seen)
        return runs

    def _walk(
        self,
        node: Any,
        first: int,
        last: int,
        tokens: Sequence[bytes | str],
        entries: Sequence[Entry],
        runs: list[Run],
        seen: dict[int, int],
    ) -> None:
        for phrase in node.get(_LEAF, ()):
            seen[phrase] = seen.get(phrase, 0) + 1
            if seen[phrase] <= MOST_HITS:
                runs.append(Run(phrase, first, last))
        if len(node) == 1 and _LEAF in node:
            return
        following = last + 1
        while following < len(tokens) and not tokens[following]:
            following += 1
        if following < len(tokens):
            for number in entries[following][1]:
                if number in node:
                    self._walk(node[number], first, following, tokens, entries, runs, seen)


Entry = tuple[tuple[Any, ...], tuple[int, ...]]


class _Memory(dict[bytes | str, Entry]):
    """Tokens that were seen before; each is looked into once."""

    def __init__(self, trie: Trie) -> None:
        super().__init__()
        self._trie = trie

    def __missing__(self, token: bytes | str) -> Entry:
        self[token] = found = self._trie.entry(token)
        return found
