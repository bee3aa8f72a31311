"""Two rulebooks, one request: what differs, and which rule makes the difference."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from plugin.model import Decision, History, Message, Step
from plugin.pipeline import triage
from plugin.rulebook import Rulebook
from plugin.understand.own import Own

#: What is compared, in the order that it matters to an admin.
ASPECTS = ("group", "intent", "channel", "questions", "issues", "flags", "priority", "tags", "answered")
_NOTHING = "nothing"


@dataclass(frozen=True, slots=True)
class Past:
    """A request as it was: the message and the time that it is decided as of."""

    name: str  #: how a person finds it again: a file, or the number of the request
    message: Message
    now: datetime


@dataclass(frozen=True, slots=True)
class Change:
    """One aspect that would be different."""

    aspect: str
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class Compared:
    """One request under both rulebooks."""

    name: str
    changes: tuple[Change, ...]
    because: tuple[Step, ...]  #: what holds under one rulebook only; the new one's first


@dataclass(frozen=True, slots=True)
class Totals:
    """All requests together."""

    requests: int
    changed: int
    aspects: tuple[tuple[str, int], ...]  #: how many requests change in each aspect; none left out

    @property
    def share(self) -> float:
        """How many of the requests change in anything, 0 to 1."""
        return self.changed / self.requests if self.requests else 0.0


def compare(past: Past, old: Rulebook, new: Rulebook, own: Own) -> Compared:
    """Decide about a request under both, with the same clock and without history."""
    before = triage(past.message, old, History(), past.now, own=own)
    after = triage(past.message, new, History(), past.now, own=own)
    was, becomes = _aspects(before), _aspects(after)
    changes = tuple(Change(name, was[name], becomes[name]) for name in ASPECTS if was[name] != becomes[name])
    return Compared(past.name, changes, _difference(before, after) if changes else ())


def totals(compared: Iterable[Compared]) -> Totals:
    """How many change, and in what."""
    count: Counter[str] = Counter()
    requests = changed = 0
    for one in compared:
        requests += 1
        changed += bool(one.changes)
        count.update(change.aspect for change in one.changes)
    return Totals(requests, changed, tuple((name, count[name]) for name in ASPECTS))


def _aspects(decision: Decision) -> dict[str, str]:
    refused = decision.suppressed or decision.no_reply
    return {
        "group": decision.group,
        "intent": decision.intent,
        "channel": decision.channel,
        "questions": _listed(decision.reply.asks if decision.reply else ()),
        "issues": _listed(sorted(f"{issue.intent}/{issue.group}" for issue in decision.issues)),
        "flags": _listed(sorted(decision.flags)),
        "priority": decision.priority,
        "tags": _listed(sorted(decision.tags)),
        "answered": "yes" if decision.reply else f"no: {refused or _NOTHING}",
    }


def _listed(names: Iterable[str]) -> str:
    return ", ".join(names) or _NOTHING


def _difference(before: Decision, after: Decision) -> tuple[Step, ...]:
    """The steps that held under one rulebook only."""
    held = {(step.stage, step.rule) for step in before.trail if step.matched}
    holds = {(step.stage, step.rule) for step in after.trail if step.matched}
    gained = [step for step in after.trail if step.matched and (step.stage, step.rule) not in held]
    lost = [step for step in before.trail if step.matched and (step.stage, step.rule) not in holds]
    return tuple(gained + lost)
