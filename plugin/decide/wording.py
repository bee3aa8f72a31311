"""The texts of a language: looked up from the special to the general, filled from a fixed list of values."""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from string import Template

from plugin.rulebook import Rulebook

_LONGEST = 200  #: characters of a value; links may be longer
_LONGEST_LINK = 500


class MissingText(LookupError):
    """The pack has no such text in that language; `antesala check` reports it before it can happen."""


@dataclass(frozen=True, slots=True)
class Wording:
    """The texts of one language."""

    language: str
    texts: Mapping[str, str]

    def find(self, name: str, /, *variants: str) -> str | None:
        """The text `name.a.b`, `name.a`, `name.b` or `name`, the first that there is."""
        for end in (".".join(variants), *variants):
            if end and f"{name}.{end}" in self.texts:
                return self.texts[f"{name}.{end}"]
        return self.texts.get(name)

    def phrase(self, name: str, /, *variants: str, **values: str) -> str:
        """The same, filled in. Raises MissingText if there is none."""
        found = self.find(name, *variants)
        if found is None:
            raise MissingText(f"the replies in '{self.language}' have no text '{name}'")
        return fill(found, values)

    def say(self, name: str, /, *variants: str, **values: str) -> str:
        """The same as a sentence: it may begin with a value, and begins with a capital all the same."""
        text = self.phrase(name, *variants, **values)
        return text[:1].upper() + text[1:]


def fill(text: str, values: Mapping[str, str]) -> str:
    """Put values in the place of ${names}; nothing in a value is ever looked at again."""
    cleaned = {k: clean(v, _LONGEST_LINK if k == "link" else _LONGEST) for k, v in values.items()}
    return Template(text).safe_substitute(cleaned)


def clean(value: str, longest: int) -> str:
    """One line without control, format or bidi characters, cut to size."""
    if not value.isprintable():
        value = "".join(" " if c.isspace() else c for c in value if c.isspace() or unicodedata.category(c)[0] != "C")
    return " ".join(value.split())[:longest].rstrip()


def wording(rulebook: Rulebook, language: str) -> Wording:
    """The texts for a customer's language, or the desk's default language where we do not write it."""
    desk = rulebook.desk
    spoken = language if language in desk.languages and language in rulebook.replies else desk.default_language
    return Wording(spoken, rulebook.replies.get(spoken, {}))
