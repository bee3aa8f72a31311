"""What the rules can see of one message: everything they look for, found once, and the counts."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cached_property
from typing import Literal

from plugin.model import Evidence, Fact, Understood, Where
from plugin.rulebook.matcher import Hit, Matcher, Text
from plugin.rulebook.rulebook import Rulebook

Field = Literal["subject", "body", "attachment-name"]
FIELDS: tuple[Field, ...] = ("subject", "body", "attachment-name")
#: Where phrases and patterns are looked for unless the condition says something else.
DEFAULT: tuple[Field, ...] = ("subject", "body")
_WHERE: dict[Field, Where] = {"subject": "subject", "body": "body", "attachment-name": "attachment"}
_STOPS = re.compile(r"[.!?\n]")


@dataclass(frozen=True, slots=True)
class Span:
    """A part of the message that evaluation is limited to. Offsets as in Evidence."""

    where: Where
    start: int
    end: int


@dataclass(frozen=True)
class Scan:
    """One message, looked through once."""

    understood: Understood
    matcher: Matcher
    texts: dict[Field, Text]
    phrases: dict[int, list[tuple[Field, Hit]]]  #: places that count
    negated: dict[int, list[tuple[Field, Hit]]]  #: places that are taken back
    patterns: dict[int, list[Field]]  #: number of a regex -> fields that it matches in

    def phrase(self, number: int, fields: tuple[Field, ...], within: Span | None) -> list[Evidence]:
        """The places of a phrase."""
        return self._evidence(self.phrases.get(number, ()), fields, within)

    def taken_back(self, number: int, fields: tuple[Field, ...], within: Span | None) -> list[Evidence]:
        """The places of a phrase that are negated."""
        return self._evidence(self.negated.get(number, ()), fields, within)

    def _evidence(
        self, places: list[tuple[Field, Hit]] | tuple[()], fields: tuple[Field, ...], within: Span | None
    ) -> list[Evidence]:
        return [
            Evidence(self.texts[field].original[hit.start : hit.end], _WHERE[field], hit.start, hit.end, hit.note)
            for field, hit in places
            if field in fields and _inside(_WHERE[field], hit.start, hit.end, within)
        ]

    def pattern(self, number: int, fields: tuple[Field, ...], within: Span | None) -> list[Evidence]:
        """The first place of a pattern in each field."""
        found = []
        for field in self.patterns.get(number, ()):
            where = _WHERE[field]
            if field not in fields or (within is not None and within.where != where):
                continue
            text = self.texts[field]
            start, end = (0, len(text.original)) if within is None else (within.start, within.end)
            span = self.matcher.regexes.span(number, text.marks, text.clean.forth(start), text.clean.forth(end))
            if span is not None:
                begin, finish = text.clean.back(span[0]), text.clean.back(span[1])
                found.append(Evidence(text.original[begin:finish], where, begin, finish))
        return found

    def facts(self, kind: str, within: Span | None) -> list[Fact]:
        """Facts of a kind as conditions name it."""
        return [
            fact
            for fact in self.named.get(kind, ())
            if _inside(fact.evidence.where, fact.evidence.start, fact.evidence.end, within)
        ]

    @cached_property
    def named(self) -> dict[str, list[Fact]]:
        """The facts by every name that conditions may call them."""
        out: dict[str, list[Fact]] = {}
        for fact in self.understood.facts:
            for name in dict.fromkeys(_names(fact)):
                out.setdefault(name, []).append(fact)
        return out

    @cached_property
    def values(self) -> dict[str, frozenset[str]]:
        """What the message itself says, for `is`."""
        message = self.understood.message
        sender = message.sender.email if message.sender else ""
        return {
            "language": frozenset({self.understood.language}),
            "source": frozenset({message.source}),
            "sender": frozenset({sender} if sender else ()),
            "sender-domain": frozenset(_domains(sender)),
            "recipient": frozenset(a.email for a in (*message.to, *message.cc)),
        }

    @cached_property
    def counts(self) -> dict[str, int]:
        """What can be counted, for `at_least` and `below`."""
        return {
            "words": sum(len(self.texts[field].tokens) for field in DEFAULT),
            "sentences": _sentences(self.understood.message.newest),
            "attachments": len(self.understood.message.attachments),
        }


def _sentences(text: str) -> int:
    """How many stretches between full stops hold a word; in linear time on any text."""
    return sum(1 for stretch in _STOPS.split(text) if any(map(str.isalnum, stretch)))


def scan(understood: Understood, rulebook: Rulebook) -> Scan:
    """Look through a message once, for all rules of the rulebook."""
    return look(understood, rulebook.matcher)


def look(understood: Understood, matcher: Matcher) -> Scan:
    """Like `scan`, for a matcher alone."""
    message = understood.message
    code = understood.language if understood.language_sure else None
    names = "\n\n".join(attachment.name for attachment in message.attachments)
    texts: dict[Field, Text] = {
        "subject": Text(message.subject),
        "body": Text(message.newest),
        "attachment-name": Text(names),
    }
    phrases: dict[int, list[tuple[Field, Hit]]] = {}
    negated: dict[int, list[tuple[Field, Hit]]] = {}
    patterns: dict[int, list[Field]] = {}
    for field, text in texts.items():
        if not text.original:
            continue
        for number, hits in matcher.find(text, code).items():
            for hit in hits:
                (negated if hit.negated else phrases).setdefault(number, []).append((field, hit))
        if matcher.regexes.patterns:
            for number in matcher.regexes.hit(text.marks):
                patterns.setdefault(number, []).append(field)
    return Scan(understood, matcher, texts, phrases, negated, patterns)


def _names(fact: Fact) -> list[str]:
    """What `has` may call a fact: `identifier`, `identifier.reservation`, `identifier.reservation.hm1`."""
    names = f"{fact.kind}.{fact.value}".split(".")
    return [".".join(names[:end]) for end in range(1, fact.kind.count(".") + 2)] + [f"{fact.kind}.{fact.value}"]


def _inside(where: Where, start: int, end: int, within: Span | None) -> bool:
    return within is None or (where == within.where and within.start <= start and end <= within.end)


def _domains(email: str) -> list[str]:
    """The domain of an address and every domain above it, the top-level one left out."""
    labels = email.rpartition("@")[2].split(".")
    return [".".join(labels[i:]) for i in range(max(1, len(labels) - 1))] if email else []
