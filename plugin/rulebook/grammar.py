"""Conditions as written -> compiled conditions."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from plugin.rulebook.conditions import All, AnyOf, Condition, Unless
from plugin.rulebook.matcher import ANY
from plugin.rulebook.node import Node
from plugin.rulebook.operators import Compare, Has, Is, Matches, Mentions, Missing
from plugin.rulebook.phrasebook import PhraseBook, PhraseError
from plugin.rulebook.problems import Problem
from plugin.rulebook.regexes import PatternError
from plugin.rulebook.scan import DEFAULT, FIELDS, Field

OPERATORS = ("mentions", "matches", "where", "is", "has", "missing", "at_least", "below", "and", "unless")


@dataclass
class Use:
    """A name that a condition uses, to be looked up across files."""

    kind: str  #: "vocabulary", "intent", "group", "flag", "item"
    name: str
    node: Node


@dataclass
class Grammar:
    """Compiles conditions; notes what is wrong and which names they use."""

    book: PhraseBook
    vocabularies: Mapping[str, Node]
    problems: list[Problem] = field(default_factory=list)
    uses: list[Use] = field(default_factory=list)
    _compiled: dict[str, tuple[int, ...]] = field(default_factory=dict)
    _open: set[str] = field(default_factory=set)  #: vocabularies that are being compiled

    def condition(self, node: Node, leave: frozenset[str] = frozenset()) -> Condition:
        """A condition; `leave` names keys of the mapping that are not part of it."""
        if isinstance(node.value, list):
            return AnyOf(node.place, tuple(self.condition(child) for child in node.value))
        parts = [part for key, child in node.items() if key not in leave for part in self._part(key, child, node)]
        return parts[0] if len(parts) == 1 else All(node.place, tuple(parts))

    def _part(self, key: str, child: Node, parent: Node) -> Iterator[Condition]:
        place = parent.key_place(key)
        if key == "mentions":
            phrases = tuple(dict.fromkeys(self.phrases(child, ANY)))
            yield Mentions(place, phrases, self._name(child), _fields(parent), frozenset(phrases))
        elif key == "matches":
            patterns = [p for entry in child.each() if (p := self._pattern(entry, parent)) is not None]
            yield patterns[0] if len(patterns) == 1 else AnyOf(place, tuple(patterns))
        elif key == "is":
            for name, values in child.items():
                wanted = frozenset(_plain(value) for value in values.each())
                self.uses += [Use(name, str(v.value), v) for v in values.each() if name in ("intent", "group", "flag")]
                yield Is(child.key_place(name), name, wanted)
        elif key == "has":
            yield Has(place, tuple(str(kind.value) for kind in child.each()))
        elif key == "missing":
            self.uses += [Use("item", str(item.value), item) for item in child.each()]
            yield Missing(place, frozenset(str(item.value) for item in child.each()))
        elif key in ("at_least", "below"):
            for name, number in child.items():
                yield Compare(child.key_place(name), name, float(number.value), key == "below")
        elif key == "and":
            yield self.condition(child)
        elif key == "unless":
            yield Unless(place, self.condition(child))

    def _pattern(self, node: Node, parent: Node) -> Condition | None:
        try:
            number = self.book.pattern(str(node.value))
        except PatternError as error:
            self.problems.append(Problem(node.place, "error", "bad-pattern", f"matches: {error}", error.hint))
            return None
        return Matches(node.place, number, str(node.value), _fields(parent))

    def phrases(self, node: Node, language: str) -> Iterator[int]:
        """The numbers of the phrases of a `mentions`: a phrase, a list, a vocabulary, or a mapping by language."""
        if isinstance(node.value, list):
            for child in node.value:
                yield from self.phrases(child, language)
        elif "phrase" in node:
            yield from self._phrase(node["phrase"], language, node.texts("except"))
        elif isinstance(node.value, dict):
            for code, child in node.items():
                yield from self.phrases(child, code)
        elif str(node.value).startswith("$"):
            yield from self._vocabulary(str(node.value)[1:], node)
        else:
            yield from self._phrase(node, language, ())

    def _phrase(self, node: Node, language: str, excepted: tuple[str, ...]) -> Iterator[int]:
        try:
            yield self.book.phrase(str(node.value), language, node.place, excepted)
        except PhraseError as error:
            self.problems.append(Problem(node.place, "error", "bad-phrase", f"mentions: {error}", error.hint))

    def _vocabulary(self, name: str, node: Node) -> Iterator[int]:
        self.uses.append(Use("vocabulary", name, node))
        if name in self._open:
            text = f"the vocabulary '{name}' is made of itself"
            self.problems.append(Problem(node.place, "error", "circular-words", text, "take the name out"))
            return
        if name not in self._compiled and name in self.vocabularies:
            self._open.add(name)
            self._compiled[name] = tuple(dict.fromkeys(self.phrases(self.vocabularies[name], ANY)))
            self._open.discard(name)
        yield from self._compiled.get(name, ())

    def _name(self, node: Node) -> str:
        """A `mentions` as sentences name it."""
        texts = list(_texts(node))
        return " or ".join(f"“{text}”" if text[:1] != "$" else text for text in texts[:4]) + (
            " or …" if texts[4:] else ""
        )


def _texts(node: Node) -> Iterator[str]:
    if isinstance(node.value, list):
        for child in node.value:
            yield from _texts(child)
    elif "phrase" in node:
        yield str(node["phrase"].value)
    elif isinstance(node.value, dict):
        for _, child in node.items():
            yield from _texts(child)
    else:
        yield str(node.value)


def _fields(parent: Node) -> tuple[Field, ...]:
    wanted = parent.texts("where")
    return tuple(f for f in FIELDS if f in wanted) if wanted else DEFAULT


def _plain(node: Node) -> str:
    return str(node.value).lower() if isinstance(node.value, bool) else str(node.value)
