"""Does a message say what our own letters say? Then it is an echo: a robot, or another Antesala.

Headers get lost on the way, and a robot may change subject and sender with every turn; what it sends back is still our
text. The texts of the rulebook are known, so nothing has to be remembered: their words between placeholders are looked
for in what was newly written, whatever the marks, numbers and line breaks.
"""

from __future__ import annotations

import re
from functools import lru_cache

from plugin.rulebook import Rulebook
from plugin.understand.fold import fold

_PLACEHOLDER = re.compile(r"\$\{[a-z_]*\}")
_SENTENCE_END = re.compile(r"[.!?:;]")
_NO_LETTER = re.compile(r"[\W\d_]+")
_FEW = 3  #: words; shorter pieces might be anybody's
_CHARS = 20_000  #: of a message that are looked at; our letters have eight thousand at most
_MOST_OURS = 0.5  #: share of the words from which a message is an echo
_ENOUGH = 12  #: own words from which it can be one


def is_echo(text: str, rulebook: Rulebook) -> bool:
    """Whether most of a text are words of our letters."""
    words = _words(text[:_CHARS])
    total = words.count(" ") - 1
    if total < _ENOUGH:
        return False
    left = words
    for piece in _pieces(_letters(rulebook)):
        if piece in left:
            left = left.replace(piece, " ")
    ours = total - len(left.split())
    return ours >= _ENOUGH and ours >= _MOST_OURS * total


def _letters(rulebook: Rulebook) -> tuple[str, ...]:
    """All texts of letters and all questions."""
    written = [text for language in rulebook.replies.values() for text in language.values()]
    return (*written, *(text for item in rulebook.items.values() for text in item.question.values()))


@lru_cache(maxsize=2)  # by the texts: who remembers a rulebook keeps all that it learned in memory
def _pieces(written: tuple[str, ...]) -> tuple[str, ...]:
    """The words of letters between placeholders and ends of sentences, the longest first."""
    found = {
        _words(sentence)
        for text in written
        for part in _PLACEHOLDER.split(text)
        for sentence in _SENTENCE_END.split(part)
    }
    long = (piece for piece in found if piece.count(" ") > _FEW)  # a blank before, after and between the words
    return tuple(sorted(long, key=lambda piece: (-len(piece), piece)))


def _words(text: str) -> str:
    """Folded words with one blank around each."""
    return f" {' '.join(_NO_LETTER.sub(' ', fold(text)).split())} "
