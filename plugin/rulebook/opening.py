"""The opening hours of a group: its own, or those of the desk."""

from __future__ import annotations

from plugin.rulebook.hours import Hours, parse_hours
from plugin.rulebook.rulebook import Rulebook


def group_hours(rulebook: Rulebook, group: str) -> Hours:
    """The hours of a group, or the desk's. Raises HoursError for hours that `antesala check` refuses."""
    found = rulebook.groups.get(group)
    raw = found.hours if found and found.hours else rulebook.desk.hours
    return parse_hours(raw, rulebook.desk.time_zone)
