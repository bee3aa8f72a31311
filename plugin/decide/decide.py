"""The order of deciding, readable at a glance."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from plugin.assess.matter import settled
from plugin.decide import note
from plugin.decide.answer import Refusal, refusal
from plugin.decide.ask import Asking, Checklist, choose
from plugin.decide.channel import Fit, at_this_hour, channel_fit, principal_first
from plugin.decide.going_on import carried_on
from plugin.decide.plan import Kind, plan
from plugin.decide.reply import Letter, compose
from plugin.decide.route import Routed, route
from plugin.decide.standing import standing
from plugin.decide.veil import veil
from plugin.decide.view import view
from plugin.decide.wording import wording
from plugin.model import Assessment, Decision, History, Reply, Step, Understood
from plugin.rulebook import Article, Fired, Rulebook, Scan, fired, scan
from plugin.rulebook.opening import group_hours


def decide(
    understood: Understood,
    assessment: Assessment,
    rulebook: Rulebook,
    history: History,
    now: datetime,
    *,
    found: Scan | None = None,
) -> Decision:
    """What is done about a message; `now` is aware. `found`: its scan, where there is one already."""
    history = settled(history, assessment)
    found, hidden = found or scan(understood, rulebook), veil(understood)
    assessment = principal_first(hidden.assessment(assessment), found, rulebook, history)
    routed = standing(route(assessment, found, rulebook), rulebook, history, now)
    routed = carried_on(routed, rulebook, history)
    hours = group_hours(rulebook, routed.group)
    fit = at_this_hour(_fit(assessment, routed, found, rulebook), hours, now)
    asking = choose(_checklists(assessment, routed, rulebook), rulebook, history)
    refused = refusal(understood, rulebook, history, now)
    planned = _planned(refused, plan(understood, assessment, asking, rulebook, history, now))
    articles = _articles(assessment, routed, found, rulebook)
    answer: Reply | None = None
    if isinstance(planned, Kind):
        asks = asking.items if planned is Kind.ASK else ()
        words = wording(rulebook, _language(understood, history))
        pages = tuple(hit.entry for hit in articles)
        letter = Letter(planned, understood, assessment, rulebook, words, routed.group, fit, asks, pages, hours, now)
        about, number = asking.about if asks else (), _number(understood, history)
        answer = compose(replace(letter, about=about, number=number, priority=routed.priority))
    silence = planned if isinstance(planned, Refusal) else None
    own = (*routed.steps, *fit.steps, *_reply_steps(planned, asking), *_read(articles))
    steps = (*assessment.steps, *(hidden.step(step) for step in own))
    found_out = note.Findings(
        understood, hidden, assessment, rulebook, routed, fit, asking, planned, answer, steps, history
    )
    return Decision(
        language=understood.language,
        intent=assessment.issues[0].intent,
        group=routed.group,
        channel=fit.channel,
        priority=routed.priority,
        issues=assessment.issues,
        completeness=assessment.completeness,
        flags=assessment.flags,
        tags=routed.tags,
        suppressed=silence.name if silence and silence.never else None,
        reply=answer,
        no_reply=silence.name if silence and not silence.never else None,
        note=note.write(found_out),
        copies=routed.copies,
        rulebook=rulebook.digest,
        decided_at=now,
        goes_on=assessment.goes_on,
        new_matter=assessment.new_matter,
        linked=history.linked,
        trail=steps,
    )


def _planned(refused: Refusal | None, wanted: Kind | Refusal) -> Kind | Refusal:
    """A cap is the reason only where something was to be said: else it would open the breaker for nothing."""
    if refused is None or (refused.cap and isinstance(wanted, Refusal)):
        return wanted
    return refused


def _checklists(assessment: Assessment, routed: Routed, rulebook: Rulebook) -> list[Checklist]:
    """Of every issue; the first was routed."""
    groups = [routed.group, *(issue.group for issue in assessment.issues[1:])]
    return [
        Checklist(checklist, rulebook.groups.get(group))
        for checklist, group in zip(assessment.checklists, groups, strict=True)
    ]


def _number(understood: Understood, history: History) -> str:
    """The number that the customer may know the request by: the desk's, where it has one of its own."""
    found = understood.message if understood.message.ticket else history
    return found.ticket_number or found.ticket or (str(history.number) if history.number else "")


def _fit(assessment: Assessment, routed: Routed, found: Scan, rulebook: Rulebook) -> Fit:
    fit = channel_fit(assessment, routed.group, found, rulebook)
    if routed.channel is None:
        return fit
    return replace(fit, channel=routed.channel, because="a route says so")


def _language(understood: Understood, history: History) -> str:
    """The message's, unless it is too short to tell and the conversation has one."""
    return understood.language if understood.language_sure else history.language or understood.language


def _articles(assessment: Assessment, routed: Routed, found: Scan, rulebook: Rulebook) -> list[Fired[Article]]:
    seen = view(assessment, replace(assessment.issues[0], group=routed.group))
    return fired(rulebook.articles, found, seen)


def _read(articles: list[Fired[Article]]) -> tuple[Step, ...]:
    return tuple(
        Step("article", hit.entry.id, hit.entry.place, True, hit.outcome.because, hit.outcome.evidence)
        for hit in articles
    )


def _reply_steps(planned: Kind | Refusal, asking: Asking) -> tuple[Step, ...]:
    if isinstance(planned, Refusal):
        return (Step("reply", planned.name, None, False, planned.because),)
    if planned is Kind.ASK:
        return (Step("reply", planned.value, None, True, asking.because), *asking.steps)
    return (Step("reply", planned.value, None, True, asking.because),)
