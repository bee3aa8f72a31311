"""What is known about a language: its data file, as a frozen value. A new language is a new file."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from plugin.rulebook.phrases.fold import fold

#: Words that may stand between "I don't want" and what is not wanted.
LONGEST_REACH = 4
FOLDER = Path(__file__).resolve().parent.parent / "languages"


@dataclass(frozen=True, slots=True)
class Cue:
    """Words that take back what stands beside them."""

    words: str
    reach: int  #: at most so many words between the cue and what it negates
    after: bool = False  #: stands behind what it negates


@dataclass(frozen=True, slots=True)
class Language:
    """One file of `languages/`. All words are folded."""

    code: str
    stemmer: str  #: name of the Snowball algorithm
    shortest_stem: int  #: shorter stems merge too much, so such words match in singular and plural only
    verb_endings: tuple[str, ...]  #: a word with one of these is a verb: its stem is used even if it is short
    plurals: tuple[tuple[str, str], ...]  #: (ending, what stands there in the singular)
    clitics: tuple[str, ...]  #: pronouns written onto verbs, the longest first
    before_clitics: tuple[str, ...]  #: endings of verbs that take them
    affixes: tuple[tuple[str, str, str], ...]  #: forms that Snowball misses: beginning, ending, what is put for it
    spellings: tuple[tuple[str, str], ...]  #: other ways to type a letter: ("ue", "ü"); not folded
    families: dict[str, str]  #: irregular form -> head of its family
    apart: frozenset[str]  #: words that only look related to others
    known: frozenset[str]  #: words that are no typo of another; all of `apart` and `families` are such as well
    cues: tuple[Cue, ...]
    despite: frozenset[str]  #: between cue and mention: it is meant all the same ("not only")
    breaks: frozenset[str]  #: words that begin a new clause


@cache
def language(code: str) -> Language | None:
    """The language of a two-letter code, or None if there is no file for it."""
    path = FOLDER / f"{code}.toml"
    if not (code.isalpha() and path.is_file()):
        return None
    data = tomllib.loads(path.read_text("utf-8"))
    negation = data["negation"]
    families = {form: _words(line)[0] for line in data["families"] for form in _words(line)}
    apart = _all(data["apart"])
    return Language(
        code=code,
        stemmer=data["stemmer"],
        shortest_stem=data["shortest_stem"],
        verb_endings=tuple(data["verb_endings"]),
        plurals=tuple((a, b) for a, b in data["plurals"]),
        clitics=tuple(sorted(data.get("clitics", ()), key=len, reverse=True)),
        before_clitics=tuple(data.get("before_clitics", ())),
        affixes=tuple((a, b, c) for a, b, c in data.get("affixes", ())),
        spellings=tuple((a, b) for a, b in data.get("spellings", ())),
        families=families,
        apart=apart,
        known=apart.union(_all(data["known"]), families),
        cues=(
            *(Cue(text, LONGEST_REACH) for text in negation["wanting"]),
            *(Cue(text, 1) for text in negation["being"]),
            *(Cue(text, 1, after=True) for text in negation["after"]),
        ),
        despite=frozenset(fold(word) for word in negation["despite"]),
        breaks=frozenset(fold(word) for word in negation["breaks"]),
    )


@cache
def languages() -> tuple[str, ...]:
    """Codes of all languages that there are files for."""
    return tuple(sorted(path.stem for path in FOLDER.glob("*.toml")))


def _all(lines: list[str]) -> frozenset[str]:
    return frozenset(word for line in lines for word in _words(line))


def _words(line: str) -> list[str]:
    return fold(line).split()
