"""Conditions: one grammar for `when`, `unless`, `found` and signals.

A mapping means all of its keys, a list any of its entries. Every condition says whether it holds, on which words, and
in a sentence why or why not.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Protocol

from plugin.model import Evidence, Place
from plugin.rulebook.scan import Scan, Span

View = Mapping[str, object]
#: What must be true for a condition to hold, as a key: ("phrase", 7), ("is", "group", "billing") …
Atom = tuple[object, ...]


@dataclass(frozen=True)
class Outcome:
    """What became of a condition."""

    held: bool
    evidence: tuple[Evidence, ...]
    say: Callable[[], str]

    @cached_property
    def because(self) -> str:
        """Why it held, or which part of it did not and what it saw instead."""
        return self.say()


@dataclass(frozen=True, slots=True)
class Sight:
    """What a condition is held against."""

    scan: Scan
    view: View  #: what was decided so far
    within: Span | None = None  #: the part of the message that is looked at


class Condition(Protocol):
    """A compiled condition."""

    @property
    def place(self) -> Place:
        """Where it stands."""

    def test(self, sight: Sight) -> Outcome:
        """Whether it holds for a message, as far as is known."""

    def gate(self) -> frozenset[Atom] | None:
        """Atoms of which at least one must be true; None if it may hold without any."""


def holds(condition: Condition, scan: Scan, view: View, within: Span | None = None) -> Outcome:
    """Whether a condition holds; `within` limits what is looked at to a part of the message."""
    return condition.test(Sight(scan, view, within))


@dataclass(frozen=True, slots=True)
class All:
    """Every part holds. Without parts it always holds."""

    place: Place
    parts: tuple[Condition, ...]

    def test(self, sight: Sight) -> Outcome:
        """The first part that does not hold is the reason."""
        outcomes = []
        for part in self.parts:
            outcome = part.test(sight)
            if not outcome.held:
                return outcome
            outcomes.append(outcome)
        return Outcome(
            True,
            tuple(e for outcome in outcomes for e in outcome.evidence),
            lambda: " and ".join(outcome.because for outcome in outcomes) or "it always holds",
        )

    def gate(self) -> frozenset[Atom] | None:
        """The part that is true most rarely."""
        gates = [gate for part in self.parts if (gate := part.gate()) is not None]
        return min(gates, key=_commonness) if gates else None


@dataclass(frozen=True, slots=True)
class AnyOf:
    """At least one part holds; all that do give evidence."""

    place: Place
    parts: tuple[Condition, ...]

    def test(self, sight: Sight) -> Outcome:
        """All parts are looked at, so that all evidence is there."""
        outcomes = [part.test(sight) for part in self.parts]
        held = [outcome for outcome in outcomes if outcome.held]
        if held:
            evidence = tuple(e for outcome in held for e in outcome.evidence)
            return Outcome(True, evidence, lambda: held[0].because)
        return Outcome(False, (), lambda: "none of: " + "; ".join(outcome.because for outcome in outcomes))

    def gate(self) -> frozenset[Atom] | None:
        """All gates together; none if a part has none."""
        atoms: set[Atom] = set()
        for part in self.parts:
            gate = part.gate()
            if gate is None:
                return None
            atoms |= gate
        return frozenset(atoms)


@dataclass(frozen=True, slots=True)
class Unless:
    """Holds if the other condition does not."""

    place: Place
    part: Condition

    def test(self, sight: Sight) -> Outcome:
        """Evidence of what is not there does not exist."""
        outcome = self.part.test(sight)
        if outcome.held:
            return Outcome(False, outcome.evidence, lambda: f"the `unless` holds: {outcome.because}")
        return Outcome(True, (), outcome.say)

    def gate(self) -> frozenset[Atom] | None:
        """Nothing must be true for something to be false."""
        return None


def _commonness(gate: frozenset[Atom]) -> tuple[int, int]:
    kinds = {"pattern": 0, "phrase": 0, "has": 1, "missing": 1, "is": 2}
    return max((kinds[str(atom[0])] for atom in gate), default=0), len(gate)
