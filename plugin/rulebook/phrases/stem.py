"""Inflection: which words of a text a word of a rule stands for.

Snowball alone merges too much (importe, importar, importante) and misses irregular forms. So the word of the *rule*
chooses how it is matched: by its stem if that is long enough or the word is a verb, else in singular and plural only.
Words of a text offer all their keys; a match is one key in common. The data files add irregular families and words
that must stay apart.
"""

from __future__ import annotations

from functools import lru_cache

import Stemmer

from plugin.rulebook.phrases.fold import clean, fold
from plugin.rulebook.phrases.language import Language

#: What a key starts with: a stem, a family of irregular forms, a plain form.
STEM, FAMILY, PLAIN = "s:", "f:", "p:"
_LIGATURES = (("ss", "ß"), ("oe", "œ"), ("ae", "æ"))


@lru_cache(32)
def _stemmer(name: str) -> Stemmer.Stemmer:
    return Stemmer.Stemmer(name)


def stem(word: str, lang: Language) -> str:
    """The Snowball stem, folded."""
    return fold(str(_stemmer(lang.stemmer).stemWord(word)))


def rule_keys(word: str, lang: Language) -> frozenset[str]:
    """The keys that a word of a rule, as its author wrote it, answers to."""
    word = clean(word).text.lower()
    keys: set[str] = set()
    for spelling in _spellings(word, lang):
        keys |= _rule_keys(fold(spelling), spelling, lang)
    return frozenset(keys)


def _rule_keys(folded: str, written: str, lang: Language) -> set[str]:
    keys = {PLAIN + form for form in _singulars(folded, lang)}
    if folded in lang.families:
        keys.add(FAMILY + lang.families[folded])
    if folded in lang.apart:
        return keys
    short = stem(folded, lang)
    verb = len(folded) > 4 and written.endswith(lang.verb_endings)
    if len(short) >= lang.shortest_stem or (verb and len(short) > 2):
        keys |= {STEM + short, STEM + stem(written, lang)}
        keys |= {STEM + stem(inner, lang) for inner in _inner(folded, lang)}
    return keys


def text_keys(folded: str, lang: Language) -> set[str]:
    """The keys that a folded word of a text offers."""
    keys = {PLAIN + form for form in _singulars(folded, lang)}
    if folded in lang.families:
        keys.add(FAMILY + lang.families[folded])
    if folded not in lang.apart:
        snowball = _stemmer(lang.stemmer).stemWord
        keys.add(STEM + snowball(folded))
        for inner in _inner(folded, lang):
            keys.add(STEM + snowball(inner))
            if inner in lang.families:
                keys.add(FAMILY + lang.families[inner])
    return keys


def _singulars(word: str, lang: Language) -> list[str]:
    forms = [word]
    for ending, singular in lang.plurals:
        if word.endswith(ending) and len(word) - len(ending) >= 3:
            forms.append(word[: len(word) - len(ending)] + singular)
    return forms


def _inner(word: str, lang: Language) -> list[str]:
    """The verb inside a word: without pronouns written onto it, or without the marks of a form."""
    inner = []
    if word.endswith(lang.clitics):
        for clitic in lang.clitics:
            rest = word[: -len(clitic)]
            if word.endswith(clitic) and len(rest) >= 4 and rest.endswith(lang.before_clitics):
                inner.append(rest)
    for beginning, ending, instead in lang.affixes:
        at = word.find(beginning, 0, 8) if beginning else 0
        if at >= 0 and word.endswith(ending) and len(word) - len(beginning) - len(ending) >= 3:
            inner.append(word[:at] + word[at + len(beginning) : len(word) - len(ending)] + instead)
    return inner


def _spellings(word: str, lang: Language) -> set[str]:
    words = {word}
    for written, letter in (*_LIGATURES, *lang.spellings):
        words |= {w.replace(written, letter) for w in words} | {w.replace(letter, written) for w in words}
    return words
