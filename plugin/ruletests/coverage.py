"""Which parts of a rulebook no case reaches."""

from __future__ import annotations

from collections.abc import Iterable

from plugin.model import Place
from plugin.rulebook import Rulebook
from plugin.ruletests.run import Result


def unreached(rulebook: Rulebook, results: Iterable[Result]) -> tuple[tuple[str, str, Place], ...]:
    """Kind, id and place of every rule, intent, group, flag and item that no case's decision rests on."""
    decisions = [result.decision for result in results if result.decision]
    matched = {(step.stage, step.rule) for decision in decisions for step in decision.trail if step.matched}
    reached = {
        "intent": {issue.intent for decision in decisions for issue in decision.issues},
        "group": {issue.group for d in decisions for issue in d.issues} | {d.group for d in decisions},
        "flag": {flag for decision in decisions for flag in decision.flags},
        "item": {item.id for decision in decisions for item in decision.completeness.items if item.present},
        **{kind: {rule for stage, rule in matched if stage == kind} for kind in ("channel", "route", "article")},
    }
    parts = [
        *(("intent", intent.id, intent.place) for intent in rulebook.intents.values()),
        *(("group", group.id, group.place) for group in rulebook.groups.values()),
        *(("flag", flag.id, flag.place) for flag in rulebook.flags.values()),
        *(("item", item.id, item.place) for item in rulebook.items.values()),
        *(("channel", rule.id, rule.place) for rule in rulebook.channels),
        *(("route", rule.id, rule.place) for rule in rulebook.routes),
        *(("article", article.id, article.place) for article in rulebook.articles),
    ]
    return tuple((kind, name, place) for kind, name, place in parts if name not in reached[kind])
