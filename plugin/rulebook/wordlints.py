"""Words of different vocabularies that the stemmer takes for one word."""

from __future__ import annotations

from collections.abc import Iterator

from plugin.rulebook.grammar import Grammar
from plugin.rulebook.matcher import ANY
from plugin.rulebook.node import Node
from plugin.rulebook.phrasebook import PhraseError, parts
from plugin.rulebook.phrases.fold import fold
from plugin.rulebook.phrases.language import Language, language
from plugin.rulebook.phrases.stem import FAMILY, PLAIN, STEM, rule_keys
from plugin.rulebook.problems import Problem

#: Longer stems hardly ever merge words that mean different things.
_LONGEST_STEM = 5


def merged_words(grammar: Grammar) -> Iterator[Problem]:
    """Pairs of single words of different vocabularies that differ at the end of a short stem."""
    seen: dict[tuple[str, str], tuple[str, str, Node]] = {}
    used = {use.name for use in grammar.uses if use.kind == "vocabulary"}
    for name, vocabulary in grammar.vocabularies.items():
        if name not in used:
            continue
        for lang, node, word in _words(vocabulary):
            for stem in _short_stems(word, lang):
                other, home, first = seen.setdefault((lang.code, stem), (word, name, node))
                if home != name and not _inflected(word, other, lang):
                    text = f"'{word}' and '{other}' of ${home} ({first.place}) are the same word for the matcher"
                    yield Problem(
                        node.place, "warning", "merged-words", text, f"write ={word} where only that form is meant"
                    )


def _words(vocabulary: Node) -> Iterator[tuple[Language, Node, str]]:
    """The single inflected words of a vocabulary."""
    for code, phrases in vocabulary.items():
        lang = language(code) if code != ANY else None
        for node in phrases.each() if lang is not None else ():
            try:
                words = parts(str(node.value)) if isinstance(node.value, str) and node.value[:1] != "$" else ()
            except PhraseError:
                continue
            if lang is not None and len(words) == 1 and len(words[0]) == 1 and words[0][0].how == "inflected":
                yield lang, node, words[0][0].text


def _short_stems(word: str, lang: Language) -> Iterator[str]:
    for key in rule_keys(word, lang):
        stem = key.removeprefix(STEM)
        if key.startswith(STEM) and len(stem) <= _LONGEST_STEM:
            yield key


def _inflected(one: str, other: str, lang: Language) -> bool:
    """Whether two words are surely forms of one word: singular and plural, a family of the data, or a verb's."""
    if one.lower().endswith(lang.verb_endings) or other.lower().endswith(lang.verb_endings) or lang.code == "en":
        return True
    if fold(one) + "n" == fold(other) or fold(other) + "n" == fold(one):
        return True
    return any(key.startswith((PLAIN, FAMILY)) for key in rule_keys(one, lang) & rule_keys(other, lang))
