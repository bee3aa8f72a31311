"""Folding: lower case, no accents, one character for one character, so that offsets need no map.

Text in Latin letters, which is nearly all, takes the quick way: one encode and one translate of bytes. Text with other
letters takes `str.translate`. Both give the same words for Latin letters.
"""

from __future__ import annotations

import codecs
import re
import unicodedata
from bisect import bisect_left
from dataclasses import dataclass
from functools import lru_cache

from plugin.understand.lookalikes import as_it_looks

#: Letters whose fold is not their decomposition. One for one, so that lengths stay; rule words are spelt both ways.
_LETTERS = {"ß": "s", "œ": "o", "æ": "a", "ø": "o", "ł": "l", "đ": "d", "ð": "d", "þ": "t", "ı": "i", "ŀ": "l"}
_MOST_ACCENTS = 8  #: characters that are composed into one; no language needs more
_COMBINING = "".join(char for code in range(0x300, 0x20000) if unicodedata.combining(char := chr(code)))
_HEAPED_ACCENTS = re.compile(f"[{_COMBINING}]{{{_MOST_ACCENTS}}}")
#: Characters that are not seen: taken out before folding.
_UNSEEN = tuple(
    "\u00ad\u200b\u200c\u200d\u2060\ufeff\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"
)
#: Punctuation outside Latin-1 that is common, and what patterns see instead.
_PUNCTUATION = {
    "€": "¤",
    "’": "'",
    "‘": "'",
    "´": "'",
    "`": "'",
    "“": '"',
    "”": '"',
    "«": '"',
    "»": '"',
    "–": "-",
    "—": "-",
    "‑": "-",
    "−": "-",
    "…": ".",
}
#: Stands for a letter outside Latin in the punctuated fold: a letter, but none that a pattern can name.
_OTHER_LETTER = "\xaa"


class _NotLatin(Exception):
    """A letter that has no Latin fold: the quick way cannot take it."""


class _Unclean(Exception):
    """A character that must be put together with others, or taken out, first."""


@lru_cache(4096)
def letter(char: str) -> str:
    """The fold of one character as one character; a blank if it is not part of a word."""
    char = char.lower()[:1]
    if char in _LETTERS:
        return _LETTERS[char]
    plain = unicodedata.normalize("NFKD", char)
    for part in plain:
        if part.isalnum():
            return _LETTERS.get(part.lower()[:1], part.lower()[:1])
    return " "


def _quick_letter(char: str) -> str:
    folded = letter(char)
    if not folded.isascii():
        raise _NotLatin
    return folded


_SOFT_HYPHEN = "\u00ad"
_NEEDS_CLEANING = frozenset((*_UNSEEN, *_COMBINING))


def _quick(error: UnicodeError) -> tuple[bytes, int]:
    assert isinstance(error, UnicodeEncodeError)
    return "".join(map(_quick_letter, error.object[error.start : error.end])).encode("ascii"), error.end


def _quick_if_clean(error: UnicodeError) -> tuple[bytes, int]:
    assert isinstance(error, UnicodeEncodeError)
    if not _NEEDS_CLEANING.isdisjoint(error.object[error.start : error.end]):
        raise _Unclean
    return _quick(error)


def _marked(error: UnicodeError) -> tuple[bytes, int]:
    assert isinstance(error, UnicodeEncodeError)
    return "".join(map(mark, error.object[error.start : error.end])).encode("latin-1"), error.end


@lru_cache(4096)
def mark(char: str) -> str:
    """Like `letter`, but punctuation stays; a letter that is not Latin becomes one stand-in."""
    if char in _PUNCTUATION:
        return _PUNCTUATION[char]
    if char.isascii():
        return char.lower()
    folded = letter(char)
    if folded == " ":
        return char if ord(char) < 256 else " "
    return folded if folded.isascii() else _OTHER_LETTER


codecs.register_error("antesala.words", _quick)
codecs.register_error("antesala.clean", _quick_if_clean)
codecs.register_error("antesala.marks", _marked)
_WORDS = bytes(ord(f) if (f := letter(chr(code))).isascii() else 32 for code in range(256))
_MARKS = bytes(code if chr(code) == _OTHER_LETTER else ord(mark(chr(code))) for code in range(256))


class _Table(dict[int, str]):
    def __missing__(self, code: int) -> str:
        folded = letter(chr(code))
        if len(self) < 10_000:
            self[code] = folded
        return folded


_TABLE = _Table()


def words(text: str) -> bytes | str:
    """Lower case without accents, everything that is no letter or digit a blank. As long as `text`."""
    try:
        return text.encode("latin-1", "antesala.words").translate(_WORDS)
    except _NotLatin:
        return text.translate(_TABLE)


def marks(text: str) -> bytes:
    """Lower case without accents in Latin-1, punctuation and line breaks kept. As long as `text`."""
    return text.encode("latin-1", "antesala.marks").translate(_MARKS)


def fold(word: str) -> str:
    """A word or phrase of a rule, folded as messages are."""
    folded = clean(word).words
    return folded.decode("ascii") if isinstance(folded, bytes) else folded


@dataclass(frozen=True, slots=True)
class Clean:
    """Text that can be folded, its words, and where its characters stood before; None if nothing moved."""

    text: str
    words: bytes | str
    offsets: list[int] | None = None

    def back(self, offset: int) -> int:
        """The offset in the text before it was cleaned."""
        return offset if self.offsets is None else self.offsets[offset]

    def forth(self, offset: int) -> int:
        """The offset in the clean text of an offset in the text before."""
        return offset if self.offsets is None else bisect_left(self.offsets, offset)


def clean(text: str) -> Clean:
    """Compose accents and drop unseen characters, which would break words apart; read letters as they look."""
    if not text.isascii():
        text = as_it_looks(text)
        for char, plain in _PUNCTUATION.items():
            if char in text:
                text = text.replace(char, plain)
    try:
        if _SOFT_HYPHEN not in text:
            return Clean(text, text.encode("latin-1", "antesala.clean").translate(_WORDS))
    except _Unclean:
        pass
    except _NotLatin:
        heaped = _HEAPED_ACCENTS.search(text) is not None  # composing those takes time that grows with their square
        if not heaped and unicodedata.is_normalized("NFC", text) and not any(char in text for char in _UNSEEN):
            return Clean(text, text.translate(_TABLE))
    chars: list[str] = []
    offsets: list[int] = []
    for start, end in _clusters(text):
        for char in unicodedata.normalize("NFC", text[start : min(end, start + _MOST_ACCENTS)]):
            if char not in _UNSEEN:
                chars.append(char)
                offsets.append(start)
    offsets.append(len(text))
    composed = "".join(chars)
    return Clean(composed, words(composed), offsets)


def _clusters(text: str) -> list[tuple[int, int]]:
    """Where a character and the accents behind it begin and end."""
    starts = [i for i, char in enumerate(text) if i == 0 or not unicodedata.combining(char)]
    return list(zip(starts, [*starts[1:], len(text)], strict=True))
