"""Fold text for comparison without moving a single character.

Every character of the text becomes exactly one character, so that an offset in the folded text is an offset in
the text. Case and accents go, typographic quotes, dashes and blanks become plain ones.
"""

from __future__ import annotations

import unicodedata

from plugin.understand.lookalikes import as_it_looks

_PLAIN = {
    "ß": "s", "æ": "a", "œ": "o", "ø": "o", "đ": "d", "ł": "l", "ı": "i", "ð": "d", "þ": "t",
    "’": "'", "‘": "'", "ʼ": "'", "´": "'", "`": "'", "′": "'",
    "“": '"', "”": '"', "„": '"', "‟": '"', "″": '"',
    "‐": "-", "‑": "-", "‒": "-", "–": "-", "—": "-", "―": "-", "−": "-",
    "\t": " ", "\r": " ", "\x0b": " ", "\x0c": " ", "…": ".",
}  # fmt: skip


class _Table(dict[int, str]):
    """Fills itself with the folded form of each character that it is asked for."""

    def __missing__(self, code: int) -> str:
        folded = _fold_character(chr(code))
        if len(self) < 20_000:  # hostile text must not grow it without bound
            self[code] = folded
        return folded


def _fold_character(character: str) -> str:
    lower = character.lower()
    if lower in _PLAIN:
        return _PLAIN[lower]
    if character.isspace() and character != "\n":
        return " "
    if unicodedata.category(character) in ("Cf", "Cs"):  # zero-width signs, lone surrogates
        return " "
    for base in unicodedata.normalize("NFKD", lower):
        if not unicodedata.combining(base):
            return _PLAIN.get(base, base)
    return " "


_TABLE = _Table()


def fold(text: str) -> str:
    """`text` in lower case without accents, of the same length. Line ends and punctuation stay.

    Letters of other alphabets that are put into Latin words are read as they look.
    """
    return as_it_looks(text).translate(_TABLE)
