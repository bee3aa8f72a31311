"""Negation: "I don't want a refund" mentions no refund, "I have not received the refund" does.

Not every *not* takes a mention back, only being unwanted or not being the matter does. So the cues are phrases, each
with a reach, in the data file of the language. A cue reaches within its clause only, and not past words like "only".
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from plugin.rulebook.phrases.language import Cue, Language

_CLAUSE_END = re.compile(r"[,;:.!?()\n]")


@dataclass(frozen=True, slots=True)
class Negations:
    """The cues that stand in one text."""

    text: str
    tokens: Sequence[bytes | str]
    starts: Sequence[int]  #: offset of each token
    cues: tuple[tuple[int, int, Cue, Language], ...]  #: first token, last token, cue and its language

    def cover(self, first: int, last: int) -> bool:
        """Whether the words from token `first` to token `last` are taken back."""
        for begin, end, cue, lang in self.cues:
            if cue.after and begin > last and self._near(last, begin, cue.reach, lang):
                return True
            if not cue.after and end < first and self._near(end, first, cue.reach, lang):
                return True
        return False

    def _near(self, left: int, right: int, reach: int, lang: Language) -> bool:
        """Whether nothing but a few words of the same clause stands between two tokens."""
        between = [_word(token) for token in self.tokens[left + 1 : right]]
        if len(between) > reach or not lang.despite.isdisjoint(between) or not lang.breaks.isdisjoint(between):
            return False
        end = self.starts[left] + len(self.tokens[left])
        return _CLAUSE_END.search(self.text, end, self.starts[right]) is None


def _word(token: bytes | str) -> str:
    return token.decode("ascii") if isinstance(token, bytes) else token
