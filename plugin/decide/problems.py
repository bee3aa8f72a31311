"""What only deciding knows to be wrong with a rulebook: opening hours that cannot be."""

from __future__ import annotations

from collections.abc import Iterator

from plugin.decide.hours import HoursError, parse_hours
from plugin.model import Place
from plugin.rulebook import Problem, Rulebook


def problems(rulebook: Rulebook) -> Iterator[Problem]:
    """Mistakes that the rulebook's own check cannot see; `load` and `check` take this as `further`."""
    yield from _hours("the desk", rulebook.desk.hours, rulebook.desk.place, rulebook)
    for group in rulebook.groups.values():
        if group.hours is not None:
            yield from _hours(f"the group '{group.id}'", group.hours, group.place, rulebook)


def _hours(owner: str, raw: object, place: Place, rulebook: Rulebook) -> Iterator[Problem]:
    try:
        parse_hours(raw if isinstance(raw, dict) else {}, rulebook.desk.time_zone)
    except HoursError as error:
        hint = "several intervals a day are written as ['08:00-12:00', '14:00-17:30']"
        yield Problem(place, "error", "bad-hours", f"hours of {owner}: {error}", hint)
