"""The whole assessment of a message, in the order in which each part needs the one before."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from plugin.assess import going_on
from plugin.assess.answers import answers
from plugin.assess.checklist import complete
from plugin.assess.checklist import learn as learn_items
from plugin.assess.encoder import Encoder, NoEncoder
from plugin.assess.examples import Reading
from plugin.assess.flags import flags_of
from plugin.assess.issues import divide
from plugin.assess.judge import issue_of, steps_of
from plugin.assess.learned import Learned
from plugin.assess.learned_kept import learned_of
from plugin.assess.matter import goes_on, matter
from plugin.assess.parts import narrow
from plugin.assess.recall import KEY as RECALL
from plugin.assess.recall import recall_of, recalled
from plugin.assess.vectors import Remembering
from plugin.model import Assessment, History, Issue, Step, Understood
from plugin.rulebook import Rulebook, Scan, scan

_KEY = "judgement"


@dataclass(frozen=True)
class Judgement:
    """What was learned from a rulebook, and the encoder that it was learned with."""

    learned: Learned
    encoder: Encoder


def learn(rulebook: Rulebook, encoder: Encoder | None, cache: Path | None) -> Mapping[str, Any]:
    """Learn from the rulebook's examples and signals; the result becomes `Rulebook.learned`.

    Without an encoder, words and signals decide alone. `cache` is a folder that keeps vectors and what
    was learned; None keeps nothing.
    """
    chosen = encoder or NoEncoder()
    remembering = Remembering(chosen, cache)
    reading = Reading(rulebook)
    judgement = Judgement(learned_of(rulebook, remembering, cache, reading), chosen)
    items = learn_items(rulebook, remembering, cache, reading)
    remembering.save()
    return {_KEY: judgement, "checklist": items, RECALL: recall_of(rulebook, cache)}


def assess(understood: Understood, rulebook: Rulebook, history: History, *, found: Scan | None = None) -> Assessment:
    """Issues, flags and the checklist of the principal issue. Pure. `found`: its scan, where there is one already."""
    judgement = rulebook.learned.get(_KEY)
    if not isinstance(judgement, Judgement):
        raise RuntimeError("the rulebook was loaded without learning; load it with learn=plugin.assess.learn")
    learned = judgement.learned
    encode = Remembering(judgement.encoder, None).encode  # every text of this message once
    found = found or scan(understood, rulebook)
    division = divide(found, learned, rulebook, encode)
    alone = tuple(issue_of(verdict, found, learned) for verdict in division.verdicts)
    flags, flag_steps = flags_of(division, found, learned, rulebook)
    about = matter(found, alone[0], rulebook, history)
    before = about.history
    given = answers(understood.message, before.questions, rulebook.words)
    parts = [narrow(found, verdict.part) for verdict in division.verdicts]
    if goes_on(before):
        issues = going_on.issues_of(before, alone, given, rulebook, divided=len(alone) > 1)
        flags = _all_flags(before, flags, rulebook)
        steps = going_on.steps_of(given, about.because)
        scans = [found] * len(issues)
    else:
        issues, scans = alone, parts if len(alone) > 1 else [found]
        steps = [Step("issues", "issues", None, len(issues) > 1, division.because, division.evidence)]
        if history.earlier or about.new_matter:
            steps.append(Step("issues", "conversation", None, False, about.because))
        for verdict, issue in zip(division.verdicts, issues, strict=True):
            steps += steps_of(verdict, issue, rulebook)
    listed: list[Issue] = []
    item_steps: list[Step] = []
    for issue, part in zip(issues, scans, strict=True):
        known = division.known if part is found else recalled(part, rulebook)
        done, seen = complete(
            understood, rulebook, issue, before, scan=part, flags=flags, known=known, encode=encode, given=given
        )
        listed.append(replace(issue, completeness=done))
        item_steps += seen
    return Assessment(
        issues=tuple(listed),
        completeness=listed[0].completeness or done,
        flags=flags,
        steps=(*steps, *flag_steps, *item_steps),
        goes_on=about.goes_on,
        new_matter=about.new_matter,
        by_itself=alone[0].intent if goes_on(before) else "",
        answered=_answered(before, listed),
        declined=tuple(one.item for one in given if one.declined),
    )


def _all_flags(history: History, found: tuple[str, ...], rulebook: Rulebook) -> tuple[str, ...]:
    """Those of the conversation, and of this message those that a later message may still raise."""
    raised = {*history.flags, *(flag for flag in found if not rulebook.flags[flag].opening)}
    return tuple(flag for flag in rulebook.flags if flag in raised)


def _answered(history: History, issues: list[Issue]) -> tuple[str, ...]:
    """Items of our questions that are given now and were not before."""
    present = {item.id for issue in issues if issue.completeness for item in issue.completeness.items if item.present}
    was = {
        item.id for issue in history.issues if issue.completeness for item in issue.completeness.items if item.present
    }
    return tuple(q.item for q in history.questions if q.item in present - was)
