"""Opening hours: several intervals a day, public holidays, own dates, any time zone.

Hours are wall-clock times of the desk's zone and become instants day by day, so that opening and closing are exact
to the minute when the clocks change: a time that does not exist that day is the moment of the change, a time that
exists twice is its first occurrence. An interval includes its opening minute and excludes its closing minute.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from functools import lru_cache
from itertools import pairwise
from typing import Any
from zoneinfo import ZoneInfo

import holidays

DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_HORIZON = 366  #: days ahead that are searched for the next opening


class HoursError(ValueError):
    """Opening hours that cannot be used; the text says which part, `hint` what to write instead."""

    def __init__(self, text: str, hint: str) -> None:
        super().__init__(text)
        self.hint = hint


@dataclass(frozen=True, slots=True, order=True)
class Interval:
    """From `start` to `end` of one day, in minutes since midnight on the wall clock; 24:00 is 1440."""

    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Hours:
    """When people work. `week` holds the intervals of Monday to Sunday."""

    zone: ZoneInfo
    week: tuple[tuple[Interval, ...], ...]
    holidays: tuple[str, ...] = ()
    dates: tuple[tuple[date, tuple[Interval, ...]], ...] = ()

    def intervals(self, day: date) -> tuple[Interval, ...]:
        """The opening intervals of a day: own dates first, then holidays, then the week."""
        for own, intervals in self.dates:
            if own == day:
                return intervals
        if any(is_holiday(calendar, day) for calendar in self.holidays):
            return ()
        return self.week[day.weekday()]

    def spans(self, day: date) -> Iterator[tuple[datetime, datetime]]:
        """The same as instants in UTC; empty ones (swallowed by a clock change) are left out."""
        for interval in self.intervals(day):
            start, end = instant(day, interval.start, self.zone), instant(day, interval.end, self.zone)
            if start < end:
                yield start, end

    def closes(self, at: datetime) -> datetime | None:
        """When the interval that `at` is in ends, or None if it is closed then."""
        day = at.astimezone(self.zone).date()
        for start, end in self.spans(day):
            if start <= at < end:
                return end
        return None

    def is_open(self, at: datetime) -> bool:
        """Whether somebody works at that instant."""
        return self.closes(at) is not None

    def next_open(self, at: datetime) -> datetime | None:
        """The first open instant at or after `at`; None if there is none within a year."""
        if self.is_open(at):
            return at
        first = at.astimezone(self.zone).date()
        for offset in range(_HORIZON):
            for start, _ in self.spans(first + timedelta(days=offset)):
                if start >= at:
                    return start
        return None


def instant(day: date, minute: int, zone: tzinfo) -> datetime:
    """The wall-clock minute of a day as an instant in UTC (see the module's text for clock changes)."""
    days, rest = divmod(minute, 1440)
    wall = datetime.combine(day + timedelta(days=days), time(rest // 60, rest % 60), tzinfo=zone)
    found = wall.astimezone(UTC)
    if found.astimezone(zone).replace(tzinfo=None, fold=0) == wall.replace(tzinfo=None):
        return found
    return _clock_change(wall.replace(fold=1).astimezone(UTC), found, zone)


def _clock_change(before: datetime, after: datetime, zone: tzinfo) -> datetime:
    """The instant between the two at which the zone's offset changes; to the second."""
    offset = before.astimezone(zone).utcoffset()
    while after - before > timedelta(seconds=1):
        middle = (before + (after - before) / 2).replace(microsecond=0)
        if middle.astimezone(zone).utcoffset() == offset:
            before = middle
        else:
            after = middle
    return after


def parse_hours(raw: Mapping[str, Any], default_zone: str) -> Hours:
    """Hours from their YAML form.

    Raises HoursError with a sentence for the admin.
    """
    week: list[tuple[Interval, ...]] = [()] * 7
    for entry in raw.get("week", ()):
        intervals = parse_intervals(entry.get("open", ()))
        days = entry["days"]
        for day in parse_days(days if isinstance(days, str) else ", ".join(map(str, days))):
            week[day] = tuple(sorted((*week[day], *intervals)))
    for intervals in week:
        _refuse_overlap(intervals)
    calendars = tuple(str(c) for c in raw.get("holidays", ()))
    for calendar in calendars:
        is_holiday(calendar, date(2026, 1, 1))
    dates = tuple((_date(entry["date"]), parse_intervals(entry.get("open", ()))) for entry in raw.get("dates", ()))
    return Hours(parse_zone(str(raw.get("time_zone", default_zone))), tuple(week), calendars, dates)


def parse_zone(name: str) -> ZoneInfo:
    """A zone of the IANA database."""
    try:
        return ZoneInfo(name)
    except (KeyError, ValueError, OSError) as fault:
        raise HoursError(f"there is no time zone '{name}'", "write it as in Europe/Madrid") from fault


def parse_days(text: str) -> tuple[int, ...]:
    """`mon`, `mon-fri`, `fri-mon` or `mon, wed` as numbers from 0 (Monday)."""
    days: list[int] = []
    for part in text.lower().split(","):
        first, _, last = (p.strip() for p in part.partition("-"))
        if first not in DAYS or (last and last not in DAYS):
            raise HoursError(f"'{part.strip()}' is not a day", "write mon, tue, wed, thu, fri, sat, sun or mon-fri")
        start, end = DAYS.index(first), DAYS.index(last or first)
        days.extend((start + i) % 7 for i in range((end - start) % 7 + 1))
    return tuple(days)


def parse_intervals(texts: Sequence[str]) -> tuple[Interval, ...]:
    """`08:00-12:00` and the like, in order and without overlaps; 24:00 ends a day."""
    found = []
    for text in texts:
        start, dash, end = str(text).partition("-")
        interval = Interval(_minute(start), _minute(end)) if dash else Interval(0, 0)
        if interval.start >= interval.end:
            hint = "write it like 08:00-12:00; midnight is 24:00"
            raise HoursError(f"'{text}' is not an interval of one day", hint)
        found.append(interval)
    intervals = tuple(sorted(found))
    _refuse_overlap(intervals)
    return intervals


def _refuse_overlap(intervals: Sequence[Interval]) -> None:
    for one, two in pairwise(intervals):
        if two.start < one.end:
            raise HoursError(
                f"{clock(two.start)} falls into the interval that ends at {clock(one.end)}", "join the two"
            )


def _minute(text: str) -> int:
    hours, _, minutes = text.strip().partition(":")
    if hours.isascii() and hours.isdigit() and minutes.isascii() and minutes.isdigit() and len(minutes) == 2:
        value = int(hours) * 60 + int(minutes)
        if int(minutes) < 60 and value <= 1440:
            return value
    raise HoursError(f"'{text.strip()}' is not a time", "write it like 17:30")


def _date(value: object) -> date:
    if isinstance(value, date):
        return value
    try:
        return date.fromisoformat(str(value))
    except ValueError as fault:
        raise HoursError(f"'{value}' is not a date", "write it like 2026-12-24") from fault


def clock(minute: int) -> str:
    """Minutes since midnight as 8:00."""
    return f"{minute // 60}:{minute % 60:02}"


@lru_cache(maxsize=64)
def _calendar(name: str) -> holidays.HolidayBase:
    country, _, region = name.partition("-")
    try:
        return holidays.country_holidays(country, subdiv=region or None)
    except NotImplementedError as fault:
        raise HoursError(
            f"holidays '{name}' are unknown", "write a country, as ES, or with a region, as ES-MD"
        ) from fault


def is_holiday(calendar: str, day: date) -> bool:
    """Whether a day is a public holiday there. Raises HoursError for an unknown country or region."""
    return day in _calendar(calendar)
