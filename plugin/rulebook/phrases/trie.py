"""All phrases of a language at once: words become numbers once, and a trie of numbers finds every phrase in one pass.

The cost grows with the text and with what is found in it, not with the number of phrases.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any, NamedTuple

from plugin.rulebook.phrases.language import Language
from plugin.rulebook.phrases.vocabulary import Vocabulary, Word

#: Found places of one phrase in one text; more say nothing new and would let a text of one word cost too much.
MOST_HITS = 32
_REMEMBERED = 50_000

#: Phrases that end here, and where other words lead.
Node = tuple[list[int], dict[int, Any]]
#: What a token may begin, and the numbers of the words that it may be. Empty: it is no word of a rule.
Entry = tuple[tuple[Node, ...], tuple[int, ...]] | tuple[()]


class Run(NamedTuple):
    """Where words of a phrase stand: numbers of the first and of the last token."""

    phrase: int
    first: int
    last: int


class Trie:
    """The phrases that are active for some languages."""

    def __init__(self, languages: Sequence[Language], known: frozenset[str]) -> None:
        self._root: Node = ([], {})
        self._memory = _Memory(self)
        self._unlimited: dict[int, int] = {}
        self.words = Vocabulary(languages, known)

    def add(
        self, words: Iterable[Word], phrase: int, languages: Sequence[Language], *, unlimited: bool = False
    ) -> None:
        """Take up a phrase; its inflected words follow the grammar of each of the languages.

        `unlimited`: all of its places are wanted.
        """
        if unlimited:
            self._unlimited[phrase] = -(1 << 60)
        node = self._root
        for word in words:
            node = node[1].setdefault(self.words.number(word, languages), ([], {}))
        node[0].append(phrase)

    def ready(self) -> None:
        """To be called after the last `add`."""
        self.words.ready()

    def entry(self, token: bytes | str) -> Entry:
        """What a token may be."""
        numbers = self.words.look_up(token.decode("ascii") if isinstance(token, bytes) else token)
        if not numbers:
            return ()
        steps = self._root[1]
        return (tuple(steps[number] for number in numbers if number in steps), numbers)

    def find(self, tokens: Sequence[bytes | str]) -> list[Run]:
        """Every place of every phrase, overlapping ones too; at most MOST_HITS of each that is limited."""
        if len(self._memory) > _REMEMBERED:
            self._memory.clear()
            self.words.typo_of.clear()
        entries = list(map(self._memory.__getitem__, tokens))
        runs: list[Run] = []
        seen = self._unlimited.copy()
        for first, entry in enumerate(entries):
            if entry:
                for node in entry[0]:
                    _walk(node, first, first, entries, runs, seen)
        return runs


def _walk(node: Node, first: int, last: int, entries: list[Entry], runs: list[Run], seen: dict[int, int]) -> None:
    """Note the phrases that end at `last`, and go on."""
    phrases, steps = node
    for phrase in phrases:
        seen[phrase] = count = seen.get(phrase, 0) + 1
        if count <= MOST_HITS:
            runs.append(Run(phrase, first, last))
    last += 1
    if steps and last < len(entries) and (entry := entries[last]):
        for number in entry[1]:
            if number in steps:
                _walk(steps[number], first, last, entries, runs, seen)


class _Memory(dict[bytes | str, Entry]):
    """Tokens that were seen before; each is looked into once."""

    def __init__(self, trie: Trie) -> None:
        super().__init__()
        self._trie = trie

    def __missing__(self, token: bytes | str) -> Entry:
        self[token] = found = self._trie.entry(token)
        return found
