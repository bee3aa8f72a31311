"""What stays of a conversation when it is decided about again: priority, tags, groups that are told.

Nothing that a message brought is taken back because the next one does not repeat it. Only what a route says about the
state of the request (something is missing, the score is low) comes and goes with that state.
"""

from __future__ import annotations

from dataclasses import replace

from plugin.decide.route import Routed
from plugin.model import PRIORITIES, History
from plugin.rulebook import Rulebook
from plugin.rulebook.conditions import All, AnyOf, Condition, Unless
from plugin.rulebook.operators import Compare, Missing


def carried_on(routed: Routed, rulebook: Rulebook, history: History) -> Routed:
    """A route after an earlier one of the same conversation."""
    if history.priority is None:
        return routed
    passing = {tag for rule in rulebook.routes if _of_state(rule.when) for tag in rule.then.tags}
    passing |= {*rulebook.desk.waiting.incomplete_tags}  # of a silence that has ended
    kept = (tag for tag in history.tags if tag not in passing)
    return replace(
        routed,
        priority=max(routed.priority, history.priority, key=PRIORITIES.index),
        tags=tuple(dict.fromkeys((*kept, *routed.tags))),
    )


def _of_state(condition: Condition) -> bool:
    """Whether it asks how complete the request is."""
    if isinstance(condition, All | AnyOf):
        return any(_of_state(part) for part in condition.parts)
    if isinstance(condition, Unless):
        return _of_state(condition.part)
    return isinstance(condition, Missing | Compare)
