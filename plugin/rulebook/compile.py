"""Parsed files -> the frozen Rulebook. The files have passed their schemas before."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import chain
from typing import Any, TypeVar

from plugin.rulebook.conditions import Condition
from plugin.rulebook.documents import Documents, flat
from plugin.rulebook.grammar import OPERATORS, Grammar
from plugin.rulebook.matcher import Matcher
from plugin.rulebook.node import Node
from plugin.rulebook.regexes import Regexes, samples
from plugin.rulebook.rulebook import (
    Article,
    Away,
    Case,
    Desk,
    Flag,
    Group,
    Intent,
    ItemRule,
    Line,
    Member,
    PickUp,
    Rule,
    Rulebook,
    Sentence,
    Signal,
    Then,
    Waiting,
)
from plugin.rulebook.rules import Rules
from plugin.rulebook.taught import taught

T = TypeVar("T")
_CONDITION = frozenset(OPERATORS)


@dataclass
class Compiler:
    """Builds the parts of a rulebook."""

    documents: Documents
    grammar: Grammar

    def parts(self) -> dict[str, Any]:
        """Everything that conditions are compiled for; `grammar` then holds what is wrong with them."""
        docs = self.documents
        return {
            "groups": _by_id(self.group(node) for node in docs.entries("groups", "groups")),
            "intents": _by_id(self.intent(node) for node in docs.by_kind.get("intent", ())),
            "flags": _by_id(self.flag(node) for node in docs.entries("flags", "flags")),
            "items": _by_id(self.item(node) for node in docs.entries("items", "items")),
            "channels": Rules(self.rule(node) for node in docs.entries("channels", "channels")),
            "routes": Rules(self.rule(node) for node in docs.entries("routes", "routes")),
            "articles": Rules(self.article(node) for node in docs.entries("articles", "articles")),
            "replies": self.replies(),
            "away": tuple(self.away(node) for node in docs.entries("away", "away")),
            "cases": tuple(self.case(node) for node in docs.entries("tests", "cases")),
        }

    def rulebook(
        self, parts: dict[str, Any], digest: str, counts: Mapping[str, int], known: frozenset[str]
    ) -> Rulebook:
        """The whole, from its parts. `known` are words that are no typos of others."""
        book = self.grammar.book
        return Rulebook(
            **parts,
            digest=digest,
            desk=self.desk(),
            intent_signals=_signals(parts["intents"]),
            group_signals=_signals(parts["groups"]),
            flag_signals=_signals(parts["flags"]),
            item_signals=_signals(parts["items"]),
            words={name: _vocabulary(node) for name, node in self.grammar.vocabularies.items()},
            examples=tuple(self.documents.examples),
            matcher=Matcher(book.phrases, Regexes(book.patterns).proven(self._samples(parts["cases"])), known),
            counts=counts,
            taught=taught(self.documents, self.grammar.vocabularies, known),
        )

    def _samples(self, cases: Iterable[Case]) -> Iterator[bytes]:
        """What the pack itself holds of messages, to prove the patterns with."""
        texts = chain(
            (f"{case.message.get('subject', '')}\n{case.message.get('body', '')}" for case in cases),
            (f"{example.subject}\n{example.body}" for example in self.documents.examples),
        )
        return samples(texts, len(self.grammar.book.patterns))

    def desk(self) -> Desk:
        """desk.yaml."""
        node = self.documents.one("desk")
        assert node is not None
        raw = node.plain()
        return Desk(
            name=node.text("name"),
            languages=node.texts("languages"),
            recognise=tuple(dict.fromkeys((*node.texts("languages"), *node.texts("recognise")))),
            default_language=node.text("default_language"),
            time_zone=node.text("time_zone", "UTC"),
            hours=raw.get("hours") or {},
            fallback_group=node.text("fallback_group"),
            fallback_intent=node.text("fallback_intent"),
            place=node.place,
            rounds=raw.get("rounds", 1),
            max_asks=raw.get("max_asks", 3),
            addresses=tuple(address.lower() for address in node.texts("addresses")),
            signature=raw.get("signature") or {},
            waiting=_waiting(raw.get("waiting") or {}),
            pick_up=_pick_up(raw.get("pick_up")),
            notify=node.texts("notify"),
            raw=raw,
        )

    def group(self, node: Node) -> Group:
        """An entry of groups.yaml."""
        return Group(
            id=node.text("id"),
            description=node.text("description"),
            place=node.place,
            tier=_plain(node, "tier", 1),
            chat=_plain(node, "chat", False),
            hours=_plain(node, "hours", None),
            name=_plain(node, "name", {}),
            signals=self.signals(node),
            examples=_sentences(node),
            asks_first=node.texts("asks_first"),
            pick_up=_pick_up(_plain(node, "pick_up", None)),
            notify=node.texts("notify"),
            fallback=_plain(node, "fallback", None),
            members=tuple(Member(m.text("id"), m.text("notify")) for m in node.children("members")),
        )

    def away(self, node: Node) -> Away:
        """An entry of away.yaml; what is no date is one of `names.py`'s problems."""
        first, last = days_of(node) or (date.max, date.min)
        return Away(
            place=node.place,
            first=first,
            last=last,
            group=_plain(node, "group", None),
            member=_plain(node, "member", None),
            because=node.text("because"),
        )

    def intent(self, node: Node) -> Intent:
        """A file of intents/."""
        return Intent(
            id=node.text("id"),
            description=node.text("description"),
            place=node.place,
            name=_plain(node, "name", {}),
            signals=self.signals(node),
            examples=_sentences(node),
            checklist=tuple(self.line(line) for line in node.children("checklist")),
            channel=_plain(node, "channel", None),
            group=_plain(node, "group", None),
            tags=node.texts("tags"),
            priority=_plain(node, "priority", None),
            asks_for_nothing=_plain(node, "asks_for_nothing", False),
        )

    def line(self, node: Node) -> Line:
        """A line of a checklist: an item, or an item with more about it."""
        if not isinstance(node.value, dict):
            return Line(str(node.value), node.place)
        when = node.get("when")
        condition = None if when is None else self.grammar.condition(when)
        return Line(node.text("item"), node.place, _plain(node, "recommended", False), condition)

    def signals(self, node: Node) -> tuple[Signal, ...]:
        """The signals of an intent, a group or a flag: conditions with a weight beside them."""
        owner = node.text("id")
        out = []
        for number, entry in enumerate(node.children("signals"), 1):
            others = frozenset(key for key, _ in entry.items()) - _CONDITION
            when = self.grammar.condition(entry, leave=others)
            name = entry.text("id", f"{owner}/{number}")
            out.append(Signal(name, owner, when, float(_plain(entry, "weight", 1)), entry.place))
        return tuple(out)

    def item(self, node: Node) -> ItemRule:
        """An entry of items.yaml."""
        return ItemRule(
            id=node.text("id"),
            description=node.text("description"),
            place=node.place,
            weight=float(_plain(node, "weight", 1)),
            found=self.grammar.condition(node["found"]),
            question=_plain(node, "question", {}),
            signals=self.signals(node),
            raw=node.plain(),
        )

    def flag(self, node: Node) -> Flag:
        """An entry of flags.yaml."""
        when = node.get("when")
        return Flag(
            id=node.text("id"),
            description=node.text("description"),
            place=node.place,
            when=None if when is None else self.grammar.condition(when),
            signals=self.signals(node),
            examples=_sentences(node),
            copy_to=node.texts("copy_to"),
            tags=node.texts("tags"),
            opening=node.text("only_in") == "first-message",
        )

    def rule(self, node: Node) -> Rule:
        """An entry of routes.yaml or channels.yaml."""
        then = node.get("then") or node
        return Rule(
            id=node.text("id"),
            description=node.text("description"),
            place=node.place,
            when=self._when(node),
            then=Then(
                group=_plain(then, "group", None),
                priority=_plain(then, "priority", None),
                channel=_plain(then, "channel", None),
                tags=then.texts("tags"),
                copy_to=then.texts("copy_to"),
            ),
            goes_on=_plain(node, "continue", False),
            trial=_plain(node, "trial", False),
        )

    def article(self, node: Node) -> Article:
        """An entry of articles.yaml."""
        link = _plain(node, "link", "")
        languages = _plain(node, "title", {})
        links = link if isinstance(link, dict) else dict.fromkeys(languages, link)
        return Article(node.text("id"), node.place, languages, links, self._when(node))

    def case(self, node: Node) -> Case:
        """A case of tests/*.yaml."""
        expect = node["expect"]
        places = {key: expect.key_place(key) for key, _ in expect.items()}
        return Case(node.text("id"), node.place, node["message"].plain(), expect.plain(), places, node.plain())

    def replies(self) -> Mapping[str, Mapping[str, str]]:
        """The texts of replies/: by language, then by name; nested names are joined with dots."""
        out: dict[str, dict[str, str]] = {}
        for document in self.documents.by_kind.get("replies", ()):
            texts = document.get("texts")
            if texts is not None:
                own = out.setdefault(document.text("language"), {})
                own.update({name: str(text.value) for name, text in flat(texts)})
        return out

    def _when(self, node: Node) -> Condition:
        return self.grammar.condition(node["when"])


def days_of(node: Node) -> tuple[date, date] | None:
    """The first and the last day of an entry of away.yaml; None if one of them is no day."""
    first = node.text("from")
    try:
        return date.fromisoformat(first), date.fromisoformat(node.text("to", first))
    except ValueError:
        return None


def _pick_up(raw: Mapping[str, Any] | None) -> PickUp | None:
    if not raw:
        return None
    within = timedelta(hours=raw["within"])
    return PickUp(within, timedelta(hours=raw["then"]) if "then" in raw else within)


def _waiting(raw: Mapping[str, Any]) -> Waiting:
    default = Waiting()
    after, remind = raw.get("hand_over_after"), raw.get("remind_after")
    return Waiting(
        hold_back=raw.get("ticket", "at-once") == "when-complete",
        remind_after=timedelta(hours=remind) if remind else None,
        hand_over_after=timedelta(hours=after) if after is not None else default.hand_over_after,
        incomplete_tags=tuple(raw.get("incomplete_tags") or ()),
    )


def _signals(owners: Mapping[str, Any]) -> Rules[Signal]:
    return Rules(signal for owner in owners.values() for signal in owner.signals)


def _by_id(entries: Iterable[Any]) -> dict[str, Any]:
    return {entry.id: entry for entry in entries}


def _plain(node: Node, key: str, default: Any) -> Any:
    child = node.get(key)
    return default if child is None or child.value is None else child.plain()


def _sentences(node: Node) -> tuple[Sentence, ...]:
    return tuple(Sentence(str(child.value), child.place) for child in node.children("examples"))


def _vocabulary(node: Node) -> dict[str, tuple[str, ...]]:
    def texts(child: Node) -> tuple[str, ...]:
        return tuple(e.text("phrase") if "phrase" in e else str(e.value) for e in child.each())

    if isinstance(node.value, dict) and "phrase" not in node:
        return {code: texts(child) for code, child in node.items()}
    return {"any": texts(node)}
