"""Who really gets it: nothing goes to people who are away, and what was moved stays where it was moved to."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from plugin.decide.route import Routed
from plugin.model import History, Step
from plugin.rulebook import Rulebook
from plugin.rulebook.away import absence, local_day, stand_in


def standing(routed: Routed, rulebook: Rulebook, history: History, now: datetime) -> Routed:
    """The same with the group that a person or an escalation chose, or with those who stand in for the absent."""
    if history.moved_to in rulebook.groups and history.moved_to is not None:
        group, steps = history.moved_to, _moved(routed.group, history.moved_to)
    else:
        group, steps = _present(routed.group, rulebook, now)
    copies = []
    for name in routed.copies:
        there, told = _present(name, rulebook, now)
        copies.append(there)
        steps += told
    kept = tuple(name for name in dict.fromkeys(copies) if name != group)
    return replace(routed, group=group, copies=kept, steps=(*routed.steps, *steps))


def _moved(group: str, to: str) -> tuple[Step, ...]:
    if group == to:
        return ()
    return (Step("route", "moved", None, True, f"the ticket was moved to {to}; there it stays"),)


def _present(group: str, rulebook: Rulebook, now: datetime) -> tuple[str, tuple[Step, ...]]:
    away = absence(rulebook, group, local_day(rulebook, group, now))
    if away is None:
        return group, ()
    there = stand_in(rulebook, group, now)
    why = f" ({away.because})" if away.because else ""
    gone = f"{group} is away until {away.last}{why}" if away.group else f"everybody of {group} is away{why}"
    if absence(rulebook, there, local_day(rulebook, there, now)) is not None:
        because = f"{gone}, and so is everybody who stands in: {there} has it, and nobody looks"
    else:
        because = f"{gone}: {there} has it"
    return there, (Step("route", f"away/{group}", away.place, True, because),)
