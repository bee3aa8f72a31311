"""Working time: how much of it lies between two instants, and when so much of it has passed."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta

from plugin.rulebook.hours import Hours

_HORIZON = 3 * 366  #: days ahead that are looked at


def after(hours: Hours, start: datetime, wanted: timedelta) -> datetime:
    """The instant at which `wanted` working time has passed since `start`.

    A whole interval used up ends at its closing time, not at the next opening. Hours that do not hold so much within
    three years count as open all the time: a deadline is never lost because somebody is never there.
    """
    if wanted <= timedelta(0):
        return start
    left = wanted
    for begin, end in _spans(hours, start):
        begin = max(begin, start)
        if end - begin >= left:
            return begin + left
        left -= end - begin
    return start + wanted


def between(hours: Hours, start: datetime, end: datetime) -> timedelta:
    """The working time from `start` to `end`; nothing if `end` is not later."""
    total = timedelta(0)
    for begin, close in _spans(hours, start):
        if begin >= end:
            break
        total += min(close, end) - max(begin, start)
    return total


def _spans(hours: Hours, start: datetime) -> Iterator[tuple[datetime, datetime]]:
    """Open spans that end after `start`, in order."""
    first = start.astimezone(hours.zone).date() - timedelta(days=1)  # 24:00 may be an instant of the next day
    for offset in range(_HORIZON):
        for begin, end in hours.spans(first + timedelta(days=offset)):
            if end > start:
                yield begin, end
