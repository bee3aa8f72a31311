"""The operators of conditions: what a single key asks of a message."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass

from plugin.model import Evidence, Place
from plugin.rulebook.conditions import Atom, Outcome, Sight, View
from plugin.rulebook.scan import DEFAULT, Field, Scan


@dataclass(frozen=True, slots=True)
class Mentions:
    """The text mentions one of some phrases."""

    place: Place
    phrases: tuple[int, ...]
    name: str  #: for people: "$guest-refund", or the first phrases
    fields: tuple[Field, ...] = DEFAULT
    wanted: frozenset[int] = frozenset()

    def test(self, sight: Sight) -> Outcome:
        """Negated mentions do not count, but are named as the reason."""
        found = [e for n in self._of(sight.scan.phrases) for e in sight.scan.phrase(n, self.fields, sight.within)]
        if found:
            found.sort(key=lambda e: (e.where != "subject", e.start, e.end))
            return Outcome(True, tuple(found), lambda: f"{_where(self.fields)} mentions {_quote(found)}")
        return Outcome(False, (), lambda: self._why_not(sight))

    def _of(self, places: Mapping[int, object]) -> list[int]:
        """Those of the phrases that stand somewhere, in their order: few of a vocabulary's hundreds."""
        return sorted(self.wanted.intersection(places), key=self.phrases.index)

    def _why_not(self, sight: Sight) -> str:
        places = self._of(sight.scan.negated)
        negated = [e for n in places for e in sight.scan.taken_back(n, self.fields, sight.within)]
        if negated:
            return f"{_where(self.fields)} mentions {_quote(negated)}, but takes it back"
        return f"{_where(self.fields)} does not mention {self.name}"

    def gate(self) -> frozenset[Atom] | None:
        """One of the phrases."""
        return frozenset(("phrase", number) for number in self.phrases)


@dataclass(frozen=True, slots=True)
class Matches:
    """A pattern matches somewhere."""

    place: Place
    number: int
    pattern: str
    fields: tuple[Field, ...] = DEFAULT

    def test(self, sight: Sight) -> Outcome:
        """The first match of each field is the evidence."""
        found = sight.scan.pattern(self.number, self.fields, sight.within)
        if found:
            return Outcome(True, tuple(found), lambda: f"{_where(self.fields)} has {_quote(found)}")
        return Outcome(False, (), lambda: f"{_where(self.fields)} has nothing like {self.pattern}")

    def gate(self) -> frozenset[Atom] | None:
        """The pattern."""
        return frozenset({("pattern", self.number)})


@dataclass(frozen=True, slots=True)
class Is:
    """A value is one of some."""

    place: Place
    field: str
    values: frozenset[str]

    def test(self, sight: Sight) -> Outcome:
        """A value that is not known yet is none of them."""
        seen = known(self.field, sight.scan, sight.view)
        wanted = " or ".join(sorted(self.values))
        if seen is not None and not self.values.isdisjoint(seen):
            shared = ", ".join(sorted(self.values & seen))
            return Outcome(True, (), _said(f"{self.field} is {shared}"))
        if seen is None:
            return Outcome(False, (), _said(f"{self.field} is not known here, it would have to be {wanted}"))
        was = ", ".join(sorted(seen)) or "none"
        return Outcome(False, (), _said(f"{self.field} would have to be {wanted}, but is {was}"))

    def gate(self) -> frozenset[Atom] | None:
        """One of the values."""
        return frozenset(("is", self.field, value) for value in self.values)


@dataclass(frozen=True, slots=True)
class Has:
    """A fact or an attachment of one of some kinds is there."""

    place: Place
    kinds: tuple[str, ...]

    def test(self, sight: Sight) -> Outcome:
        """Attachments belong to the whole message, whatever part of it is looked at."""
        evidence = [fact.evidence for kind in self.kinds for fact in sight.scan.facts(kind, sight.within)]
        for attachment in sight.scan.understood.message.attachments:
            if "attachment" in self.kinds or f"attachment.{attachment.kind}" in self.kinds:
                evidence.append(Evidence(attachment.name, "attachment"))
        if evidence:
            return Outcome(True, tuple(evidence), lambda: f"it has {' or '.join(self.kinds)}: {_quote(evidence)}")
        return Outcome(False, (), lambda: f"it has no {' or '.join(self.kinds)}")

    def gate(self) -> frozenset[Atom] | None:
        """One of the kinds."""
        return frozenset(("has", kind) for kind in self.kinds)


@dataclass(frozen=True, slots=True)
class Missing:
    """An item of the checklist is missing."""

    place: Place
    items: frozenset[str]

    def test(self, sight: Sight) -> Outcome:
        """Known only after the checklist was gone through."""
        missing = _strings(sight.view.get("missing"))
        wanted = " or ".join(sorted(self.items))
        if missing is None:
            return Outcome(False, (), _said(f"it is not known here whether {wanted} is missing"))
        if not self.items.isdisjoint(missing):
            return Outcome(True, (), _said(f"{' and '.join(sorted(self.items & missing))} is missing"))
        return Outcome(False, (), _said(f"{wanted} is not missing"))

    def gate(self) -> frozenset[Atom] | None:
        """One of the items."""
        return frozenset(("missing", item) for item in self.items)


@dataclass(frozen=True, slots=True)
class Compare:
    """A number is at least, or below, another."""

    place: Place
    name: str
    number: float
    below: bool

    def test(self, sight: Sight) -> Outcome:
        """A number that is not known yet is neither."""
        seen = sight.view.get(self.name, sight.scan.counts.get(self.name))
        relation = "below" if self.below else "at least"
        if not isinstance(seen, (int, float)):
            return Outcome(
                False, (), _said(f"{self.name} is not known here, it would have to be {relation} {self.number:g}")
            )
        if (seen < self.number) == self.below:
            return Outcome(True, (), _said(f"{self.name} is {seen:g}, {relation} {self.number:g}"))
        return Outcome(False, (), _said(f"{self.name} would have to be {relation} {self.number:g}, but is {seen:g}"))

    def gate(self) -> frozenset[Atom] | None:
        """Numbers are not looked up."""
        return None


def known(field: str, scan: Scan, view: View) -> frozenset[str] | None:
    """The values of a field of `is`; None if it is not known yet."""
    if field in view:
        return _strings(view[field])
    return scan.values.get(field)


def _strings(value: object) -> frozenset[str] | None:
    if value is None:
        return None
    if isinstance(value, str):
        return frozenset({value})
    return frozenset(map(str, value)) if isinstance(value, Collection) else None


def _said(text: str) -> Callable[[], str]:
    return lambda: text


def _where(fields: tuple[Field, ...]) -> str:
    if fields == DEFAULT:
        return "the text"
    return "the " + " or the ".join(field.replace("-", " ") for field in fields)


def _quote(evidence: list[Evidence]) -> str:
    return ", ".join(f"“{e.text}”" + (f" ({e.note})" if e.note else "") for e in evidence[:3])
