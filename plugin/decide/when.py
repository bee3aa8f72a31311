"""Opening hours and the next opening in a customer's words."""

from __future__ import annotations

from datetime import datetime, timedelta

from plugin.decide.wording import Wording
from plugin.rulebook.hours import Hours, Interval


def clock(at: datetime, wording: Wording) -> str:
    """8:00, or "8 h" where a language writes full hours shorter; `at` is local time."""
    return _clock(at.hour * 60 + at.minute, wording)


def opening_hours(hours: Hours, wording: Wording) -> str:
    """Such as "Monday to Friday, from 8:00 to 20:00"; days with the same hours are told together."""
    rules = [_rule(first, last, times, wording) for first, last, times in _runs(hours)]
    return wording.phrase("hours.list").join(rules)


def next_opening(hours: Hours, now: datetime, wording: Wording) -> str | None:
    """Such as "tomorrow, Thursday, at 8:00"; None if it never opens."""
    found = hours.next_open(now)
    if found is None:
        return None
    local, today = found.astimezone(hours.zone), now.astimezone(hours.zone).date()
    values = {"from": clock(local, wording), "day": _day(local.weekday(), wording)}
    if local.date() == today:
        return wording.phrase("next_open", "today", **values)
    if local.date() == today + timedelta(days=1):
        return wording.phrase("next_open", "tomorrow", **values)
    month = wording.phrase("months").split("|")[local.month - 1]
    date = wording.phrase("date", number=str(local.day), month=month)
    return wording.phrase("next_open", "later", date=date, **values)


def place(hours: Hours) -> str:
    """The city whose clock the hours follow, as the zone's name says."""
    return hours.zone.key.rpartition("/")[2].replace("_", " ")


def _runs(hours: Hours) -> list[tuple[int, int, tuple[Interval, ...]]]:
    """Days in a row with the same hours, as (first, last, intervals); closed days are left out."""
    runs: list[tuple[int, int, tuple[Interval, ...]]] = []
    for day, intervals in enumerate(hours.week):
        if runs and runs[-1][1] == day - 1 and runs[-1][2] == intervals:
            runs[-1] = (runs[-1][0], day, intervals)
        elif intervals:
            runs.append((day, day, intervals))
    return runs


def _rule(first: int, last: int, times: tuple[Interval, ...], wording: Wording) -> str:
    days = _day(first, wording)
    if last != first:
        days = wording.phrase("hours.days", first=days, last=_day(last, wording))
    spans = [
        wording.phrase("hours.times", **{"from": _clock(t.start, wording), "until": _clock(t.end, wording)})
        for t in times
    ]
    return wording.phrase("hours.rule", days=days, times=wording.phrase("hours.and").join(spans))


def _day(number: int, wording: Wording) -> str:
    return wording.phrase("days").split("|")[number]


def _clock(minutes: int, wording: Wording) -> str:
    hour, minute = divmod(minutes, 60)
    variant = "" if minute else "full"
    return wording.phrase("time", *([variant] if variant else []), hour=str(hour), minute=f"{minute:02}")
