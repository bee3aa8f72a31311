"""Which channel fits: the rules of channels.yaml, then the intent's own, then whether the group staffs the chat."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime

from plugin.decide.view import view
from plugin.model import CHANNELS, Assessment, Channel, History, Issue, Place, Step
from plugin.rulebook import Rulebook, fired
from plugin.rulebook.hours import Hours
from plugin.rulebook.scan import Scan


@dataclass(frozen=True, slots=True)
class Fit:
    """The channel, and why."""

    channel: Channel
    because: str
    steps: tuple[Step, ...] = ()
    chat_closed: bool = False  #: it would be chat if the chat were open


def channel_fit(assessment: Assessment, group: str, scan: Scan, rulebook: Rulebook) -> Fit:
    """The strictest fit among all issues; `group` is the one that the principal issue was routed to."""
    principal, *others = assessment.issues
    issues = (replace(principal, group=group), *others)
    fits = [_of_issue(issue, assessment, scan, rulebook) for issue in issues]
    strictest = max(fits, key=lambda fit: CHANNELS.index(fit.channel))
    return replace(strictest, steps=tuple(step for fit in fits for step in fit.steps))


def principal_first(assessment: Assessment, scan: Scan, rulebook: Rulebook, history: History) -> Assessment:
    """With the issue first whose group gets the ticket: that of the text, or the strictest where the desk says so.

    A conversation that goes on keeps its order.
    """
    if rulebook.desk.raw.get("several") != "strictest" or history.issues or len(assessment.issues) < 2:
        return assessment
    strict = [CHANNELS.index(_of_issue(issue, assessment, scan, rulebook).channel) for issue in assessment.issues]
    first = assessment.issues[strict.index(max(strict))]
    others = tuple(issue for issue in assessment.issues if issue is not first)
    return replace(assessment, issues=(first, *others), completeness=first.completeness or assessment.completeness)


def at_this_hour(fit: Fit, hours: Hours, now: datetime) -> Fit:
    """Chat becomes ticket while nobody staffs the chat."""
    if fit.channel != "chat" or hours.is_open(now):
        return fit
    because = "the chat is closed at this hour, so a ticket it is"
    step = Step("channel", "chat-hours", None, True, because)
    return Fit("ticket", because, (*fit.steps, step), chat_closed=True)


def _of_issue(issue: Issue, assessment: Assessment, scan: Scan, rulebook: Rulebook) -> Fit:
    steps: list[Step] = []
    for hit in fired(rulebook.channels, scan, view(assessment, issue)):
        rule, outcome = hit.entry, hit.outcome
        steps.append(Step("channel", rule.id, rule.place, True, outcome.because, outcome.evidence, rule.trial))
        if rule.then.channel and not rule.trial:
            return Fit(rule.then.channel, rule.description, tuple(steps))
    return _declared(issue, rulebook, steps)


def _declared(issue: Issue, rulebook: Rulebook, steps: list[Step]) -> Fit:
    """What intent and group say about themselves."""
    intent, group = rulebook.intents.get(issue.intent), rulebook.groups.get(issue.group)
    if intent and intent.channel:
        because, rule, channel = f"{intent.id} is always handled as {intent.channel}", intent.id, intent.channel
        place: Place | None = intent.place
    elif group and not group.chat:
        because, rule, channel = f"{group.id} does not staff the live chat", group.id, CHANNELS[1]
        place = group.place
    else:
        because = f"{issue.group} staffs the live chat, and nothing about {issue.intent} speaks against it"
        rule, channel, place = issue.group, CHANNELS[0], group.place if group else None
    steps.append(Step("channel", rule, place, True, because))
    return Fit(channel, because, tuple(steps))
