"""The routes of routes.yaml, in the order of their lines: group, priority, tags, copies, channel."""

from __future__ import annotations

from dataclasses import dataclass

from plugin.decide.view import view
from plugin.model import PRIORITIES, Assessment, Channel, Priority, Step
from plugin.rulebook import Rule, Rulebook, fired
from plugin.rulebook.scan import Scan


@dataclass(frozen=True, slots=True)
class Routed:
    """What the routes made of an assessment."""

    group: str
    priority: Priority
    tags: tuple[str, ...]
    copies: tuple[str, ...]
    channel: Channel | None  #: None: whatever fits
    steps: tuple[Step, ...]


def route(assessment: Assessment, scan: Scan, rulebook: Rulebook) -> Routed:
    """Apply the routes to the principal issue.

    The first rule that holds decides, unless it says `continue: true`; of several, the first that speaks about group,
    priority or channel decides that, tags and copies add up. Conditions see the assessment, not what other rules did.
    """
    principal = assessment.issues[0]
    applied: list[Rule] = []
    steps: list[Step] = []
    for hit in fired(rulebook.routes, scan, view(assessment, principal, priority=_own_priority(assessment, rulebook))):
        rule, outcome = hit.entry, hit.outcome
        steps.append(Step("route", rule.id, rule.place, True, outcome.because, outcome.evidence, rule.trial))
        if rule.trial:
            continue
        applied.append(rule)
        if not rule.goes_on:
            break
    group = next((r.then.group for r in applied if r.then.group), principal.group)
    return Routed(
        group=group,
        priority=next((r.then.priority for r in applied if r.then.priority), _own_priority(assessment, rulebook)),
        tags=_tags(assessment, rulebook, applied),
        copies=_copies(assessment, rulebook, applied, group),
        channel=next((r.then.channel for r in applied if r.then.channel), None),
        steps=tuple(steps),
    )


def _own_priority(assessment: Assessment, rulebook: Rulebook) -> Priority:
    """The highest that the intents of the issues give; normal for those that give none."""
    intents = [rulebook.intents.get(issue.intent) for issue in assessment.issues]
    given: list[Priority] = [(intent.priority if intent else None) or "normal" for intent in intents]
    return max(given, key=PRIORITIES.index)


def _tags(assessment: Assessment, rulebook: Rulebook, applied: list[Rule]) -> tuple[str, ...]:
    """Of every issue's intent, of the flags, of the rules; each once, in that order."""
    intents = [rulebook.intents[i.intent] for i in assessment.issues if i.intent in rulebook.intents]
    flags = [rulebook.flags[f] for f in assessment.flags if f in rulebook.flags]
    sources = [*(i.tags for i in intents), *(f.tags for f in flags), *(r.then.tags for r in applied)]
    return tuple(dict.fromkeys(tag for tags in sources for tag in tags))


def _copies(assessment: Assessment, rulebook: Rulebook, applied: list[Rule], group: str) -> tuple[str, ...]:
    """Groups that are told as well: those of the flags, of the rules, and of the other issues."""
    flags = [rulebook.flags[f].copy_to for f in assessment.flags if f in rulebook.flags]
    sources = [*flags, *(r.then.copy_to for r in applied), tuple(i.group for i in assessment.issues[1:])]
    return tuple(dict.fromkeys(name for names in sources for name in names if name != group))
