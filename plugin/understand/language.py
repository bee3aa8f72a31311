"""Which language a message is written in, also when it is only three words long.

py3langid's byte model decides; a list of telling words (language_words.py) adds to it in proportion to how many of the
text's words are on it, which matters for texts of a few words and hardly for longer ones.
"""

from __future__ import annotations

import math
import re
import unicodedata
from collections.abc import Iterable, Mapping
from functools import cache

import re2
from py3langid.langid import MODEL_FILE, LanguageIdentifier

from plugin.understand.fold import fold
from plugin.understand.language_words import NAMELESS, NEAR, TELLING

_CAP = 6000  #: characters looked at
_ENOUGH = 8  #: words of body that make the subject needless
_SHORT = 6  #: words up to which capitals are taken for shouting or a title, not for German
_WORDS_WEIGHT = 3.0  #: how much a text made of one language's words alone adds to that language's log probability
_SURE = 0.5  #: probability from which the language counts as sure
_FOREIGN_SURE = 0.9  #: probability from which a language that is not recognised is believed
_FOREIGN_WORDS = 8  #: words from which it is looked for at all

_NOISE = re2.compile(
    r"(?s)```.*?```"  # fenced code
    r"|(?i:\b(?:https?://|www\.)\S+)"  # links
    r"|\S+@\S+"  # addresses
    r"|\S*[\d_/\\<>{}=]\S*"  # numbers, ids, paths, tags, code
    r"|\b[a-zA-Z][\w-]*(?:\.[a-zA-Z][\w-]*)+\b"  # domains, dotted names, exceptions
)
_QUOTED = re2.compile(r'"[^"\n]*"|“[^”\n]*”|«[^»\n]*»|„[^“”\n]*[“”]')
_PREFIX = re2.compile(r"(?i)^(?:\s*(?:re|rv|fw|fwd|aw|wg|sv|tr|r|i|enc|res|ref)\s*(?:\[\d+\])?\s*:)+")
_JOINTS = "'’-"  #: what may stand between the letters of a word, one at a time
_SEVERAL = re.compile(f"[{_JOINTS}]{{2,}}")


class _Letters(dict[int, str]):
    """Fills itself: letters and joints of words stay, everything else is a blank."""

    def __missing__(self, code: int) -> str:
        character = chr(code)
        kept = character if character in _JOINTS or unicodedata.category(character)[0] == "L" else " "
        if len(self) < 20_000:  # hostile text must not grow it without bound
            self[code] = kept
        return kept


_LETTERS = _Letters()


def language(
    text: str, subject: str = "", *, among: Iterable[str], fallback: str, inherited: str | None = None
) -> tuple[str, bool]:
    """The two-letter code of the language of `text`, and whether that is sure.

    `among` are the codes that are recognised. Words quoted from a screen, code, links, addresses, numbers and product
    names do not count. `inherited`, the language of the conversation so far, stands in where the text itself does not
    tell; after it comes the best guess, and `fallback` where there are no words at all. Neighbours that are not in
    `among` go to the language their speakers read with ease (Catalan and Galician to Spanish), every other foreign
    language to `fallback`, both marked as not sure.
    """
    codes = tuple(dict.fromkeys(code for code in among if code in _model().labels)) or (fallback,)
    # within a conversation the subject is usually what somebody else wrote first
    words = _own_words(text, "" if inherited else subject)
    if not words:
        return inherited or fallback, False
    raw = _raw_scores(words)
    if (foreign := _foreign(raw, codes, len(words))) is not None:
        near = NEAR.get(foreign)
        return (near if near in codes else inherited or fallback), False
    hits = _hits(words)
    chances = _chances(raw, codes, hits)
    best = max(codes, key=chances.__getitem__)
    if chances[best] >= _SURE and (len(words) >= 3 or (best in hits and chances[best] >= 0.8)):
        return best, True
    # "reembolso" is as good Portuguese as Spanish: among equals the desk's own language is the likelier
    near_tie = chances.get(fallback, 0.0) * 3 >= chances[best]
    told = chances[best] >= _SURE or best in hits
    return inherited or (best if told and not near_tie else fallback), False


def _own_words(text: str, subject: str) -> list[str]:
    """The words that the customer chose, without what was pasted; the subject's only if the body has few."""
    words = _words(text[:_CAP].encode("utf-8", "replace").decode())  # lone surrogates stop RE2
    if len(words) < _ENOUGH:
        words = _words(_PREFIX.sub("", subject[:500].encode("utf-8", "replace").decode())) + words
    shouted = sum(word.isupper() for word in words) * 2 > len(words)
    return [word.lower() for word in words] if len(words) <= _SHORT or shouted else words


def _words(text: str) -> list[str]:
    clean = _NOISE.sub(" ", text)
    own = _QUOTED.sub(" ", clean)
    words = _kept(own)
    return words if len(words) >= 4 else _kept(clean)


def _kept(text: str) -> list[str]:
    stretches = _SEVERAL.sub(" ", text.translate(_LETTERS)).split()
    words = (stretch.strip(_JOINTS) for stretch in stretches)
    return [word for word in words if word and word.casefold() not in NAMELESS]


@cache
def _model() -> LanguageIdentifier:
    return LanguageIdentifier.from_model_file(MODEL_FILE)


def _raw_scores(words: list[str]) -> Mapping[str, float]:
    """The byte model's log scores of every language it knows, scaled so that long texts do not explode."""
    text = unicodedata.normalize("NFC", " ".join(words))
    scale = 1.0 / math.sqrt(max(1, len(text.encode("utf-8", "surrogatepass"))))
    return {code: score * scale for code, score in _model().rank(text)}


def _foreign(raw: Mapping[str, float], codes: tuple[str, ...], words: int) -> str | None:
    """A language outside `codes` that the text is surely written in, or None."""
    best = max(raw, key=raw.__getitem__)
    if best in codes or words < _FOREIGN_WORDS:
        return None
    total = math.fsum(math.exp(score - raw[best]) for score in raw.values())
    return best if 1.0 / total >= _FOREIGN_SURE else None


def _chances(raw: Mapping[str, float], codes: tuple[str, ...], hits: Mapping[str, float]) -> dict[str, float]:
    scores = {code: raw[code] + _WORDS_WEIGHT * hits.get(code, 0.0) for code in codes}
    top = max(scores.values())
    weights = {code: math.exp(score - top) for code, score in scores.items()}
    total = math.fsum(weights.values())
    return {code: weight / total for code, weight in weights.items()}


def _hits(words: list[str]) -> dict[str, float]:
    """Which part of the words tells of each language; a word that several share counts a part for each."""
    out: dict[str, float] = {}
    for word in fold(" ".join(words)).split():
        for code, weight in _weights().get(word, ()):
            out[code] = out.get(code, 0.0) + weight / len(words)
    return out


@cache
def _weights() -> Mapping[str, tuple[tuple[str, float], ...]]:
    folded = {code: {fold(word) for word in words} for code, words in TELLING.items()}
    out: dict[str, tuple[tuple[str, float], ...]] = {}
    for word in set().union(*folded.values()):
        codes = [code for code, words in folded.items() if word in words]
        out[word] = tuple((code, 1.0 / len(codes)) for code in codes)
    return out
