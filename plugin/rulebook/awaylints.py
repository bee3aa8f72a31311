"""Whether somebody is there whenever somebody else is not."""

from __future__ import annotations

from collections.abc import Iterator

from plugin.rulebook.away import absence, fallback, fallbacks
from plugin.rulebook.problems import Problem
from plugin.rulebook.rulebook import Away, Rulebook


def absences(rulebook: Rulebook) -> Iterator[Problem]:
    """Groups that nobody can take over from."""
    circles: set[frozenset[str]] = set()
    for group in rulebook.groups.values():
        if group.fallback == group.id:
            text = f"the group '{group.id}' is its own fallback"
            yield Problem(group.place, "warning", "circular-fallback", text, "name another group")
            continue
        circle = _circle(rulebook, group.id)
        if circle and frozenset(circle) not in circles and rulebook.desk.fallback_group not in circle:
            circles.add(frozenset(circle))
            text = f"{' hands over to '.join((*circle, circle[0]))}: nothing ever leaves this circle"
            hint = f"name the desk's fallback group, '{rulebook.desk.fallback_group}', in one of them"
            yield Problem(group.place, "warning", "circular-fallback", text, hint)
    for away in rulebook.away:
        yield from _nobody_there(away, rulebook)


def _circle(rulebook: Rulebook, group: str) -> tuple[str, ...]:
    """The groups that the fallbacks of a group go round in, itself among them; () if it is in no circle."""
    chain = (group, *fallbacks(rulebook, group))
    return chain if len(chain) > 1 and fallback(rulebook, chain[-1]) == group else ()


def _nobody_there(away: Away, rulebook: Rulebook) -> Iterator[Problem]:
    """The first day of a time away on which a group and all its fallbacks are away."""
    days = sorted({other.first for other in rulebook.away if away.covers(other.first)})
    for group in rulebook.groups:
        for day in days:
            if absence(rulebook, group, day) is not away:
                continue
            others = fallbacks(rulebook, group)
            if all(absence(rulebook, other, day) for other in others):
                also = (
                    f"{', '.join(others)} {'are' if others[1:] else 'is'} away as well"
                    if others
                    else "it has no fallback"
                )
                text = f"on {day} nobody stands in for '{group}': {also}"
                yield Problem(away.place, "warning", "nobody-there", text, "give the group a `fallback` that is there")
                break
