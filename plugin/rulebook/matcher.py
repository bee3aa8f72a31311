"""Everything that the rules look for in texts, found in one pass over each text."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple

import numpy as np

from plugin.rulebook.phrases import fold
from plugin.rulebook.phrases.language import Cue, Language, language, languages
from plugin.rulebook.phrases.negation import Negations
from plugin.rulebook.phrases.trie import Run, Trie
from plugin.rulebook.phrases.vocabulary import Word
from plugin.rulebook.regexes import Regexes

ANY = "any"  #: the language of phrases that hold in every language
MOST_WORDS_BETWEEN = 5  #: of `a .. b`
_SENTENCE_END = re.compile(r"[.!?][\s\"')]|\n[ \t\r]*\n")


@dataclass(frozen=True, slots=True)
class Phrase:
    """A phrase as it was compiled: one part, or several with a gap between."""

    text: str  #: as written
    language: str  #: two letters, or `any`
    parts: tuple[tuple[Word, ...], ...]
    excepted: tuple[int, ...] = ()  #: phrases that take it back where they overlap it


class Hit(NamedTuple):
    """A place of a phrase; offsets count characters of the text."""

    start: int
    end: int
    note: str = ""
    negated: bool = False


@dataclass(frozen=True)
class Text:
    """One text as the matcher sees it."""

    original: str

    @cached_property
    def clean(self) -> fold.Clean:
        """Without unseen characters."""
        return fold.clean(self.original)

    @cached_property
    def folded(self) -> bytes | str:
        """Its words, divided by blanks, at the places where they stand."""
        return self.clean.words

    @cached_property
    def tokens(self) -> list[bytes] | list[str]:
        """Its words, folded."""
        return self.folded.split()

    @cached_property
    def starts(self) -> list[int]:
        """Offset of each word in the clean text."""
        folded = self.folded
        filled = (
            np.frombuffer(folded, np.uint8)
            if isinstance(folded, bytes)
            else np.frombuffer(folded.encode("utf-32-le"), "<u4")
        ) != ord(" ")
        begins = filled.copy()
        begins[1:] &= ~filled[:-1]
        return np.flatnonzero(begins).tolist()

    @cached_property
    def marks(self) -> bytes:
        """Folded with punctuation, for regexes."""
        return fold.marks(self.clean.text)

    def crosses(self, first: int, last: int) -> bool:
        """Whether a sentence ends between two tokens."""
        if first == last:
            return False
        begin = self.starts[first] + len(self.tokens[first])
        return _SENTENCE_END.search(self.clean.text, begin, self.starts[last]) is not None


@dataclass(frozen=True)
class _Active:
    """The phrases of one language (or of all), ready to search."""

    trie: Trie
    cues: Mapping[int, tuple[Cue, Language]]


class Matcher:
    """Phrases and regexes of a whole rulebook."""

    def __init__(self, phrases: Sequence[Phrase], regexes: Regexes, known: frozenset[str] = frozenset()) -> None:
        self.phrases = tuple(phrases)
        self.regexes = regexes
        self._known = known
        self._active: dict[str, _Active] = {}
        self._excepting = any(phrase.excepted for phrase in self.phrases)
        self._gaps = [number for number, phrase in enumerate(self.phrases) if len(phrase.parts) > 1]
        self._part_count = len(self.phrases)
        self._parts: dict[int, tuple[int, ...]] = {}
        for number in self._gaps:
            parts = range(self._part_count, self._part_count + len(self.phrases[number].parts))
            self._parts[number] = tuple(parts)
            self._part_count = parts.stop
        self._opens: dict[int, int] = {parts[0]: number for number, parts in self._parts.items()}

    def warm(self, codes: Iterable[str | None]) -> None:
        """Get the phrases of some languages ready now, so that the first message of each does not wait for it."""
        for code in codes:
            self.active(code)

    def active(self, code: str | None) -> _Active:
        """The phrases for messages of a language; None and unknown languages: all of them."""
        key = code if code is not None and language(code) is not None else "*"
        if key not in self._active:
            self._active[key] = self._build(key)
        return self._active[key]

    def _build(self, key: str) -> _Active:
        codes = languages() if key == "*" else (key,)
        found = [lang for code in codes if (lang := language(code)) is not None]
        trie = Trie(found, self._known)
        for number, phrase in enumerate(self.phrases):
            own: Iterable[Language] = found
            if phrase.language != ANY:
                if phrase.language not in codes:
                    continue
                own = [lang for lang in found if lang.code == phrase.language]
            for part, words in zip(self._parts.get(number, (number,)), phrase.parts, strict=True):
                trie.add(words, part, tuple(own))
        cues: dict[int, tuple[Cue, Language]] = {}
        for lang in found:
            for cue in lang.cues:
                number = self._part_count + len(cues)
                trie.add((Word(w, "exact") for w in fold.fold(cue.words).split()), number, (lang,), unlimited=True)
                cues[number] = (cue, lang)
        trie.ready()
        return _Active(trie, cues)

    def find(self, text: Text, code: str | None) -> dict[int, list[Hit]]:
        """Every phrase that stands in a text, with its places in order."""
        active = self.active(code)
        runs = active.trie.find(text.tokens)
        if not runs:
            return {}
        cues = tuple((r.first, r.last, *active.cues[r.phrase]) for r in runs if r.phrase in active.cues)
        negations = Negations(text.clean.text, text.tokens, text.starts, cues)
        hits: dict[int, list[Hit]] = {}
        for run in self._joined(runs):
            if run.phrase < len(self.phrases) and not text.crosses(run.first, run.last):
                negated = bool(cues) and negations.cover(run.first, run.last)
                hits.setdefault(run.phrase, []).append(_hit(run, text, active.trie.words.typo_of, negated))
        return self._without_excepted(hits) if self._excepting else hits

    def _joined(self, runs: Sequence[Run]) -> list[Run]:
        """The runs, and one for each phrase with gaps whose parts stand in order near enough."""
        if self._opens.keys().isdisjoint(run.phrase for run in runs):
            return list(runs)
        by_phrase: dict[int, list[Run]] = {}
        for run in runs:
            by_phrase.setdefault(run.phrase, []).append(run)
        joined = list(runs)
        for opening in self._opens.keys() & by_phrase.keys():
            number = self._opens[opening]
            for run in by_phrase[opening]:
                last = self._follow(run.last, self._parts[number][1:], by_phrase)
                if last is not None:
                    joined.append(Run(number, run.first, last))
        return joined

    @staticmethod
    def _follow(last: int, parts: Sequence[int], runs: Mapping[int, list[Run]]) -> int | None:
        for part in parts:
            following = next((run for run in runs.get(part, ()) if run.first > last), None)
            if following is None:
                return None
            if following.first - last - 1 > MOST_WORDS_BETWEEN:
                return None
            last = following.last
        return last

    def _without_excepted(self, hits: dict[int, list[Hit]]) -> dict[int, list[Hit]]:
        for number in list(hits):
            excepted = [hit for other in self.phrases[number].excepted for hit in hits.get(other, ())]
            if excepted:
                left = [h for h in hits[number] if not any(e.start < h.end and h.start < e.end for e in excepted)]
                if left:
                    hits[number] = left
                else:
                    del hits[number]
        return hits


def _hit(run: Run, text: Text, typo_of: Mapping[str, str], negated: bool) -> Hit:
    start = text.starts[run.first]
    end = text.starts[run.last] + len(text.tokens[run.last])
    if text.clean.offsets is not None:
        start, end = text.clean.back(start), text.clean.back(end)
    return Hit(start, end, _typos(run, text, typo_of) if typo_of else "", negated)


def _typos(run: Run, text: Text, typo_of: Mapping[str, str]) -> str:
    words = (t.decode("ascii") if isinstance(t, bytes) else t for t in text.tokens[run.first : run.last + 1])
    return ", ".join(f"typo of {typo_of[word]}" for word in words if word in typo_of)
