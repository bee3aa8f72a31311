"""Negation: "I don't want a refund" mentions no refund, "I have not received the refund" does.

Not every *not* takes a mention back, only being unwanted or not being the matter does. So the cues are phrases, each
with a reach, in the data file of the language. A cue reaches within its clause only, and not past words like "only".
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from plugin.rulebook.phrases.language import LONGEST_REACH, Cue, Language

_CLAUSE_END = re.compile(r"[,;:.!?()\n\"«»“”]")


#: First and last token of a cue, the cue, its language.
Found = tuple[int, int, Cue, Language]


class Negations:
    """The cues that stand in one text. Looking costs the same however many there are."""

    def __init__(self, text: str, tokens: Sequence[bytes | str], starts: Sequence[int], cues: Iterable[Found]) -> None:
        self._text = text
        self._tokens = tokens
        self._starts = starts
        self._before: dict[int, list[Found]] = {}  #: by last token
        self._after: dict[int, list[Found]] = {}  #: by first token
        for found in cues:
            first, last, cue, _ = found
            (self._after.setdefault(first, []) if cue.after else self._before.setdefault(last, [])).append(found)

    def cover(self, first: int, last: int) -> bool:
        """Whether the words from token `first` to token `last` are taken back."""
        for gap in range(LONGEST_REACH + 1):
            for _, end, cue, lang in self._before.get(first - 1 - gap, ()):
                if gap <= cue.reach and self._same_clause(end, first, lang):
                    return True
            for begin, _, cue, lang in self._after.get(last + 1 + gap, ()):
                if gap <= cue.reach and self._same_clause(last, begin, lang):
                    return True
        return False

    def _same_clause(self, left: int, right: int, lang: Language) -> bool:
        """Whether nothing that ends a clause or keeps the meaning stands between two tokens."""
        between = [_word(token) for token in self._tokens[left + 1 : right]]
        if not lang.despite.isdisjoint(between) or not lang.breaks.isdisjoint(between):
            return False
        end = self._starts[left] + len(self._tokens[left])
        return _CLAUSE_END.search(self._text, end, self._starts[right]) is None


def _word(token: bytes | str) -> str:
    return token.decode("ascii") if isinstance(token, bytes) else token
