"""The checklist of the principal issue: what is there, what is missing, and the score."""

from __future__ import annotations

from collections.abc import Collection
from pathlib import Path
from typing import Any

from plugin.assess.encoder import Encoder
from plugin.model import Completeness, History, Issue, Item, Step, Understood
from plugin.rulebook import Rulebook, Scan, View, holds


def learn(rulebook: Rulebook, encoder: Encoder, cache: Path | None) -> Any:  # noqa: ARG001
    """What items learn from the examples: nothing, their conditions decide."""
    return None


def complete(
    understood: Understood,  # noqa: ARG001
    rulebook: Rulebook,
    issue: Issue,
    history: History,
    *,
    scan: Scan,
    flags: Collection[str],
) -> tuple[Completeness, tuple[Step, ...]]:
    """The items that apply to the issue, each with its evidence, and a step for each."""
    view: View = {"intent": issue.intent, "group": issue.group, "flag": flags}
    items: list[Item] = []
    steps: list[Step] = []
    for line in rulebook.intents[issue.intent].checklist:
        if line.when is not None and not holds(line.when, scan, view).held:
            continue
        rule = rulebook.items[line.item]
        outcome = holds(rule.found, scan, view)
        present = outcome.held or line.item in history.given
        items.append(Item(rule.id, present, rule.weight, outcome.evidence, line.recommended))
        steps.append(Step("item", rule.id, rule.place, present, outcome.because, outcome.evidence))
    whole = sum(item.weight for item in items)
    there = sum(item.weight for item in items if item.present)
    return Completeness(round(100 * there / whole) if whole else 100, tuple(items)), tuple(steps)
