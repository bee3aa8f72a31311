"""What a message adds to a conversation: its issues stay, its checklists fill up.

An answer rarely repeats what was wanted, so it is not sorted anew. The group changes only where none of the specialists
had it yet and the answer says whose it is; a further want is added where the message turns to another matter.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from plugin.assess.answers import Given
from plugin.assess.matter import wordless
from plugin.model import Evidence, History, Issue, Item, Step
from plugin.rulebook import Rulebook

_SURE = 0.5  #: from this on a further want, or another group, is believed


def issues_of(
    history: History, found: Sequence[Issue], given: Sequence[Given], rulebook: Rulebook, *, divided: bool
) -> tuple[Issue, ...]:
    """The issues of the conversation after this message.

    `found`: what it wants when read by itself; `divided`: that holds for each of its parts.
    """
    before = [issue for issue in history.issues if issue.intent in rulebook.intents and issue.group in rulebook.groups]
    if not before and history.intent in rulebook.intents:
        before = [Issue(history.intent or "", history.group or rulebook.desk.fallback_group)]
    if not before or wordless(history):
        return tuple(found)
    before[0] = _placed(before[0], found[0], history, rulebook)
    if not divided or given:
        return tuple(before)
    known = {issue.intent for issue in before}
    more = [issue for issue in found if issue.intent not in known and issue.score >= _SURE]
    return (*before, *more[: len(found) - 1])


def carried(issue: Issue) -> dict[str, Item]:
    """What earlier messages gave for an issue, with their words."""
    if issue.completeness is None:
        return {}
    return {item.id: replace(item, evidence=tuple(_old(e) for e in item.evidence)) for item in issue.completeness.items}


def steps_of(given: Sequence[Given], because: str) -> list[Step]:
    """For the trail."""
    steps = [Step("issues", "conversation", None, True, because)]
    for one in given:
        said = "the customer does not have it" if one.declined else one.because
        steps.append(Step("item", one.item, None, not one.declined, said, (Evidence(one.text),)))
    return steps


def _placed(issue: Issue, found: Issue, history: History, rulebook: Rulebook) -> Issue:
    """In the group of specialists that the answer names, if nobody in particular has it yet."""
    fixed = {rulebook.intents[one.intent].group for one in (issue, found)} != {None}
    general = issue.group == rulebook.desk.fallback_group
    if fixed or not general or history.moved_to or found.score < _SURE:
        return issue
    return replace(issue, group=found.group)


def _old(evidence: Evidence) -> Evidence:
    """Its place is in another message."""
    return replace(evidence, start=0, end=0)
