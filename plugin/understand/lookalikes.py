"""Letters of other alphabets that look like Latin ones, as in "rеfund" with a Cyrillic е.

Such a word reads well and matches nothing, which is why forged mails use them. Here it is read as it looks. Words
that are Russian or Greek throughout are left alone. (Unicode Technical Standard 39 lists the pairs; these are the ones
that people cannot tell apart.)
"""

from __future__ import annotations

import re
from collections.abc import Iterator

_CYRILLIC = ("аеорсухіјѕԁԛԝһӏвмнтк" + "АЕОРСУХІЈЅВМНТКӀԚԜ", "aeopcyxijsdqwhlbmhtk" + "AEOPCYXIJSBMHTKIQW")
_GREEK = ("οαινυκρχτ" + "ΑΒΕΖΗΙΚΜΝΟΡΤΥΧ", "oaivukpxt" + "ABEZHIKMNOPTYX")
#: What each letter looks like, one for one, so that offsets stay.
LOOKS = str.maketrans(_CYRILLIC[0] + _GREEK[0], _CYRILLIC[1] + _GREEK[1])
_OTHER = re.compile("[\u0370-\u03ff\u0400-\u052f]")  # Greek, Cyrillic
_WORD = re.compile(r"[^\W\d_]+")


def disguised(text: str) -> Iterator[tuple[int, int]]:
    """Start and end of each word that mixes Latin letters with others that only look like such."""
    if text.isascii() or _OTHER.search(text) is None:
        return
    for match in _WORD.finditer(text):
        word = match.group()
        others = _OTHER.findall(word)
        if others and len(others) < len(word) and all(ord(letter) in LOOKS for letter in others):
            yield match.start(), match.end()


def as_it_looks(text: str) -> str:
    """`text` with these words in Latin letters; as long as before."""
    places = list(disguised(text))
    if not places:
        return text
    out, at = [], 0
    for start, end in places:
        out += [text[at:start], text[start:end].translate(LOOKS)]
        at = end
    return "".join([*out, text[at:]])
