"""Why a rule did not hold: the condition that failed and what it saw. For `antesala test` and `explain --why-not`."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from difflib import get_close_matches

from plugin.decide.view import view
from plugin.model import Assessment, Decision, Place, Understood
from plugin.rulebook import Condition, Rule, Rulebook, holds, scan


@dataclass(frozen=True, slots=True)
class Why:
    """One rule and how it fared."""

    kind: str  #: intent, group, flag, item, channel, route or article
    rule: str
    place: Place
    held: bool
    because: str


class UnknownRule(LookupError):
    """There is no rule of that name; the text says which come close."""


def why(rule: str, understood: Understood, assessment: Assessment, rulebook: Rulebook) -> tuple[Why, ...]:
    """Every condition of the rule of that id, held against the message.

    Raises UnknownRule.
    """
    conditions = [(kind, place, when) for kind, name, place, when in _conditions(rulebook) if name == rule]
    if not conditions:
        names = sorted({name for _, name, _, _ in _conditions(rulebook)})
        close = get_close_matches(rule, names, 3, 0.6)
        hint = f"did you mean {' or '.join(close)}?" if close else f"there are {', '.join(names)}"
        raise UnknownRule(f"no rule is called '{rule}'; {hint}")
    found, seen = scan(understood, rulebook), view(assessment, assessment.issues[0])
    outcomes = [(kind, place, holds(when, found, seen)) for kind, place, when in conditions]
    return tuple(Why(kind, rule, place, outcome.held, outcome.because) for kind, place, outcome in outcomes)


def _conditions(rulebook: Rulebook) -> Iterator[tuple[str, str, Place, Condition]]:
    """Kind, id, place and condition of everything that has one; an intent has one for each signal."""
    for kind, signals in (
        ("intent", rulebook.intent_signals),
        ("group", rulebook.group_signals),
        ("flag", rulebook.flag_signals),
    ):
        for signal in signals:
            yield kind, signal.owner, signal.place, signal.when
    for flag in rulebook.flags.values():
        if flag.when:
            yield "flag", flag.id, flag.place, flag.when
    for item in rulebook.items.values():
        yield "item", item.id, item.place, item.found
    for kind, rules in (("channel", rulebook.channels), ("route", rulebook.routes)):
        for rule in rules:
            yield kind, rule.id, rule.place, rule.when
    for article in rulebook.articles:
        yield "article", article.id, article.place, article.when


def nearest(
    key: str, expected: object, decision: Decision, seen: tuple[Understood, Assessment], rulebook: Rulebook
) -> str:
    """The rule that would have given what was expected, and why it did not; empty if there is none."""
    for value in expected if isinstance(expected, list) else [expected]:
        name = value[0] if isinstance(value, list) and value else value
        for candidate in _candidates(key, name, rulebook):
            tried = why(candidate, *seen, rulebook)
            if not any(one.held for one in tried):
                return f"nearest: {tried[0].kind} {candidate} ({tried[0].place}): {tried[0].because}"
        for step in decision.trail:
            if step.rule == name and not step.matched:
                return f"{step.stage} {step.rule}" + (f" ({step.place})" if step.place else "") + f": {step.because}"
    return ""


def _candidates(key: str, wanted: object, rulebook: Rulebook) -> list[str]:
    """Ids of rules that speak about this value."""

    def gives(rule: Rule) -> bool:
        then = rule.then
        values = {"group": (then.group,), "priority": (then.priority,), "channel": (then.channel,)}
        return wanted in {**values, "tags": then.tags, "copies": then.copy_to}.get(key, ())

    rules = [rule.id for rules in (rulebook.routes, rulebook.channels) for rule in rules if gives(rule)]
    named = {"intent": rulebook.intents, "issues": rulebook.intents, "group": rulebook.groups, "flags": rulebook.flags}
    named |= {"missing": rulebook.items, "present": rulebook.items}
    known = {name for _, name, _, _ in _conditions(rulebook)}
    own = [str(wanted)] if wanted in named.get(key, ()) and wanted in known else []
    return rules + own
