"""Who is away, and who stands in: nothing is routed to people who are not there."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

if TYPE_CHECKING:
    from plugin.rulebook.rulebook import Away, Group, Rulebook


def absence(rulebook: Rulebook, group: str, day: date) -> Away | None:
    """Why nobody of a group is there on a day: the group is away, or every member of it. None: somebody is."""
    for away in rulebook.away:
        if away.group == group and away.covers(day):
            return away
    found = rulebook.groups.get(group)
    gone = [_member(rulebook, member.id, day) for member in found.members] if found else []
    return gone[0] if gone and all(gone) else None


def present_members(rulebook: Rulebook, group: Group, day: date) -> Iterator[str]:
    """The names under which those members are told who are there on a day."""
    for member in group.members:
        if member.notify and _member(rulebook, member.id, day) is None:
            yield member.notify


def local_day(rulebook: Rulebook, group: str, at: datetime) -> date:
    """The day on the wall calendar of a group."""
    found = rulebook.groups.get(group)
    zone = (found.hours or {}).get("time_zone") if found else None
    return at.astimezone(ZoneInfo(str(zone or rulebook.desk.time_zone))).date()


def fallback(rulebook: Rulebook, group: str) -> str | None:
    """The group that takes over; None for the last one, which nobody stands in for."""
    found = rulebook.groups.get(group)
    named = (found.fallback if found else None) or rulebook.desk.fallback_group
    return None if named == group else named


def fallbacks(rulebook: Rulebook, group: str) -> tuple[str, ...]:
    """All that may take over, the next first; each once, also where the rules go round in a circle."""
    chain: list[str] = []
    following = fallback(rulebook, group)
    while following is not None and following != group and following not in chain:
        chain.append(following)
        following = fallback(rulebook, following)
    return tuple(chain)


def stand_in(rulebook: Rulebook, group: str, now: datetime) -> str:
    """The first of a group and its fallbacks that is there; the last of them if nobody is: somebody has to have it."""
    chain = (group, *fallbacks(rulebook, group))
    there = (name for name in chain if absence(rulebook, name, local_day(rulebook, name, now)) is None)
    return next(there, chain[-1])


def unmanned(rulebook: Rulebook, now: datetime) -> tuple[str, ...]:
    """Groups that nobody is there for, and nobody of those who may take over either."""
    return tuple(
        group
        for group in rulebook.groups
        if absence(rulebook, there := stand_in(rulebook, group, now), local_day(rulebook, there, now)) is not None
    )


def _member(rulebook: Rulebook, member: str, day: date) -> Away | None:
    return next((away for away in rulebook.away if away.member == member and away.covers(day)), None)
