"""Names across files: what is named exists, and nothing is there twice."""

from __future__ import annotations

import zoneinfo
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from plugin.model import Place
from plugin.rulebook import placeholders
from plugin.rulebook.compile import days_of
from plugin.rulebook.documents import Documents, flat
from plugin.rulebook.grammar import Use
from plugin.rulebook.hours import HoursError, parse_hours
from plugin.rulebook.node import Node
from plugin.rulebook.problems import Problem
from plugin.rulebook.schema import meant

#: What carries ids: the kind of file, the key of its list, the word for one entry, the name space it belongs to.
_LISTS = (
    ("groups", "groups", "group", "group"),
    ("items", "items", "item", "item"),
    ("flags", "flags", "flag", "flag"),
    ("routes", "routes", "route", "rule"),
    ("channels", "channels", "channel rule", "rule"),
    ("articles", "articles", "article", "article"),
    ("tests", "cases", "case", "case"),
)


@dataclass(frozen=True)
class Names:
    """All names of a rulebook."""

    documents: Documents
    vocabularies: Mapping[str, Node]
    known: Mapping[str, frozenset[str]]  #: by what they name: group, intent, item, flag, vocabulary

    def problems(self, uses: Iterable[Use]) -> Iterator[Problem]:
        """Everything that is named but does not exist, or is there twice."""
        yield from self._desk()
        yield from self._repeated()
        for use in (*uses, *self._uses()):
            if use.name not in self.known[use.kind] and not self._may_be_in_broken(use.kind):
                yield undefined(use, self.known[use.kind])
        yield from self._languages()
        yield from self._away()
        for document in self.documents.by_kind.get("replies", ()):
            texts = document.get("texts")
            for name, text in flat(texts) if texts is not None else ():
                yield from placeholders.problems(text, name)

    def _may_be_in_broken(self, kind: str) -> bool:
        """Whether names of a kind may stand in a file that is left out because of other mistakes."""
        homes = {"desk": "desk", "intent": "intent", "vocabulary": "words", "member": "groups"} | {
            space: kind for kind, _, _, space in _LISTS
        }
        return bool(self.documents.broken & {homes[kind], ""})

    def _desk(self) -> Iterator[Problem]:
        desks = self.documents.by_kind.get("desk", [])
        if not desks and not self._may_be_in_broken("desk"):
            hint = "add desk.yaml; `antesala init` writes one"
            yield Problem(Place("", 1), "error", "no-desk", "there is no file of the kind 'desk'", hint)
        for desk in desks[1:]:
            text = f"there is a second desk, the first is {desks[0].place.file}"
            yield Problem(desk.place, "error", "repeated-id", text, "keep one of them")
        for owner in (*desks[:1], *self._entries("groups", "groups")):
            hours = owner.get("hours")
            zone = owner.get("time_zone")
            if zone is not None and str(zone.value) not in zoneinfo.available_timezones():
                hint = meant(str(zone.value), zoneinfo.available_timezones()) or "write it as in Europe/Madrid"
                yield Problem(zone.place, "error", "bad-value", f"there is no time zone '{zone.value}'", hint)
            if hours is not None:
                try:
                    parse_hours(hours.plain(), "UTC")
                except HoursError as error:
                    yield Problem(hours.place, "error", "bad-hours", str(error), error.hint)

    def _repeated(self) -> Iterator[Problem]:
        first: dict[tuple[str, str], Place] = {}
        entries = [("intent", "intent", node) for node in self.documents.by_kind.get("intent", ())]
        entries += [(w, space, node) for kind, key, w, space in _LISTS for node in self._entries(kind, key)]
        for word, space, node in entries:
            known = first.setdefault((space, node.text("id")), node.place)
            if known != node.place:
                text = f"the {word} '{node.text('id')}' is there twice, first in {known}"
                yield Problem(node["id"].place, "error", "repeated-id", text, "give one of them another id")
        for document in self.documents.by_kind.get("words", ()):
            for name, node in document["words"].items():
                if self.vocabularies[name] is not node:
                    text = f"the vocabulary '{name}' is there twice, the other in {self.vocabularies[name].place}"
                    yield Problem(document["words"].key_place(name), "error", "repeated-id", text, "put both together")

    def _uses(self) -> Iterator[Use]:
        """Names that stand outside of conditions."""
        desk = self.documents.one("desk")
        if desk is not None:
            yield from _named("group", desk.children("fallback_group"))
            yield from _named("intent", (*desk.children("fallback_intent"), *desk.children("confirm_except")))
        for group in self._entries("groups", "groups"):
            yield from _named("item", group.children("asks_first"))
            yield from _named("group", group.children("fallback"))
        for away in self._entries("away", "away"):
            yield from _named("group", away.children("group"))
            yield from _named("member", away.children("member"))
        for intent in self.documents.by_kind.get("intent", ()):
            yield from _named("group", intent.children("group"))
            lines = (line.get("item") or line for line in intent.children("checklist"))
            yield from _named("item", lines)
        for flag in self._entries("flags", "flags"):
            yield from _named("group", flag.children("copy_to"))
        for route in self._entries("routes", "routes"):
            then = route["then"]
            yield from _named("group", (*then.children("group"), *then.children("copy_to")))

    def _languages(self) -> Iterator[Problem]:
        desk = self.documents.one("desk")
        if desk is None:
            return
        default = desk["default_language"]
        if str(default.value) not in desk.texts("languages"):
            hint = "name one of " + ", ".join(desk.texts("languages"))
            text = f"default_language is '{default.value}', in which no replies are written"
            yield Problem(default.place, "error", "bad-value", text, hint)

    def _away(self) -> Iterator[Problem]:
        for entry in self._entries("away", "away"):
            days = days_of(entry)
            if days is None:
                hint = "write it like '2026-12-24'"
                yield Problem(entry.place, "error", "bad-value", "`from` or `to` is a day that does not exist", hint)
            elif days[1] < days[0]:
                text = f"`to` ({days[1]}) is before `from` ({days[0]})"
                yield Problem(entry.place, "error", "bad-value", text, "both days belong to the time away")
            if ("group" in entry) == ("member" in entry):
                text = "this names " + ("both a group and a member" if "group" in entry else "nobody")
                yield Problem(entry.place, "error", "bad-value", text, "write either `group` or `member`")

    def _entries(self, kind: str, key: str) -> Iterator[Node]:
        return self.documents.entries(kind, key)


def names(documents: Documents, vocabularies: Mapping[str, Node]) -> Names:
    """The names of a rulebook."""
    known = {
        "intent": frozenset(node.text("id") for node in documents.by_kind.get("intent", ())),
        "vocabulary": frozenset(vocabularies),
    }
    members = (member for group in documents.entries("groups", "groups") for member in group.children("members"))
    known["member"] = frozenset(member.text("id") for member in members)
    for kind, key, _, space in _LISTS:
        known[space] = frozenset(node.text("id") for node in documents.entries(kind, key))
    return Names(documents, vocabularies, known)


def example_uses(documents: Documents) -> Iterator[Use]:
    """Names that examples use as labels."""
    for example in documents.examples:
        pairs = [("intent", example.intent), ("group", example.group)]
        for intent, group in example.issues:
            pairs += [("intent", intent), ("group", group)]
        pairs += [("flag", flag) for flag in sorted(example.flags or ())]
        pairs += [("item", item) for item in example.items]
        for kind, name in dict.fromkeys(pairs):
            if name is not None:
                yield Use(kind, name, Node(example.place, name))


def undefined(use: Use, known: Iterable[str]) -> Problem:
    """A name that does not exist."""
    options = sorted(known)
    listed = ", ".join(options[:12]) + (" …" if options[12:] else "")
    there_are = f"there are {listed}" if len(options) > 1 else f"there is only {listed}"
    hint = meant(use.name.lower(), options) or (there_are if options else f"no {use.kind} is defined")
    return Problem(use.node.place, "error", f"undefined-{use.kind}", f"there is no {use.kind} '{use.name[:60]}'", hint)


def _named(kind: str, nodes: Iterable[Node]) -> Iterator[Use]:
    for node in nodes:
        if node.value not in (None, ""):
            yield Use(kind, str(node.value), node)
