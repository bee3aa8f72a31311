"""Opening hours, exact to the minute, also on the days when the clocks change."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from plugin.rulebook.hours import Hours, HoursError, instant, parse_days, parse_hours, parse_intervals

MADRID = ZoneInfo("Europe/Madrid")
OFFICE = {
    "week": [{"days": "mon-fri", "open": ["08:00-12:00", "14:00-17:30"]}],
    "holidays": ["ES"],
    "dates": [{"date": "2026-12-24", "open": ["08:00-14:00"]}, {"date": "2026-12-23", "open": []}],
}


def hours(raw: dict = OFFICE, zone: str = "Europe/Madrid") -> Hours:
    return parse_hours(raw, zone)


def local(text: str, zone: ZoneInfo = MADRID) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=zone).astimezone(UTC)


@pytest.mark.parametrize(
    ("at", "open_then"),
    [
        ("2026-11-18 07:59:59", False),
        ("2026-11-18 08:00:00", True),
        ("2026-11-18 11:59:59", True),
        ("2026-11-18 12:00:00", False),
        ("2026-11-18 13:59:59", False),
        ("2026-11-18 14:00:00", True),
        ("2026-11-18 17:29:59", True),
        ("2026-11-18 17:30:00", False),
        ("2026-11-21 10:00:00", False),  # Saturday
        ("2026-12-08 10:00:00", False),  # Inmaculada
        ("2026-12-24 13:59:59", True),  # own date
        ("2026-12-24 14:00:00", False),
        ("2026-12-23 10:00:00", False),  # own date, closed
    ],
)
def test_open_and_close_are_exact(at: str, open_then: bool) -> None:
    assert hours().is_open(local(at)) is open_then


@pytest.mark.parametrize(
    ("at", "expected"),
    [
        ("2026-11-18 10:00", "2026-11-18 10:00"),
        ("2026-11-18 12:00", "2026-11-18 14:00"),
        ("2026-11-18 17:30", "2026-11-19 08:00"),
        ("2026-11-20 18:00", "2026-11-23 08:00"),  # Friday evening -> Monday
        ("2026-12-22 18:00", "2026-12-24 08:00"),  # over a closed own date
        ("2026-03-27 18:00", "2026-03-30 08:00"),  # over the change of clocks
    ],
)
def test_the_next_opening(at: str, expected: str) -> None:
    assert hours().next_open(local(at)) == local(expected)


def test_hours_stay_on_the_wall_clock_when_the_clocks_change() -> None:
    before, after = hours().next_open(local("2026-03-27 07:00")), hours().next_open(local("2026-03-30 07:00"))
    assert before is not None
    assert after is not None
    assert (before.hour, after.hour) == (7, 6)  # UTC


@pytest.mark.parametrize("zone", ["Europe/Madrid", "America/New_York", "Australia/Lord_Howe", "America/Santiago"])
def test_every_minute_around_a_clock_change_agrees_with_the_wall_clock(zone: str) -> None:
    """Open from 01:30 to 02:30: a minute is open exactly if it lies between the two instants."""
    tz = ZoneInfo(zone)
    always = parse_hours({"week": [{"days": "mon-sun", "open": ["01:30-02:30"]}]}, zone)
    changes = [d for d in _days_of_2026() if _offset(d, tz) != _offset(d + timedelta(days=1), tz)]
    assert len(changes) == 2
    for day in changes:
        start, end = instant(day, 90, tz), instant(day, 150, tz)
        midnight = instant(day, 0, tz)
        for minute in range(6 * 60):
            at = midnight + timedelta(minutes=minute)
            assert always.is_open(at) is (start <= at < end)


def test_a_time_that_does_not_exist_is_the_moment_of_the_change() -> None:
    assert instant(date(2026, 3, 29), 150, MADRID) == datetime(2026, 3, 29, 1, 0, tzinfo=UTC)


def test_a_time_that_exists_twice_is_its_first_occurrence() -> None:
    assert instant(date(2026, 10, 25), 150, MADRID) == datetime(2026, 10, 25, 0, 30, tzinfo=UTC)


def test_midnight_as_an_end_reaches_into_the_next_day() -> None:
    night = hours({"week": [{"days": "mon", "open": ["22:00-24:00"]}, {"days": "tue", "open": ["00:00-02:00"]}]})
    assert night.is_open(local("2026-11-16 23:59"))
    assert night.is_open(local("2026-11-17 00:00"))
    assert not night.is_open(local("2026-11-17 02:00"))


def test_never_open_has_no_next_opening() -> None:
    assert hours({"week": []}).next_open(local("2026-11-18 10:00")) is None


def test_days_may_be_a_list() -> None:
    weekend = hours({"week": [{"days": ["sat", "sun"], "open": ["10:00-14:00"]}]})
    assert weekend.is_open(local("2026-11-21 10:00"))
    assert not weekend.is_open(local("2026-11-20 10:00"))


def test_regional_holidays() -> None:
    madrid = hours({**OFFICE, "holidays": ["ES-MD"]})
    assert not madrid.is_open(local("2026-11-02 10:00"))
    assert hours().is_open(local("2026-11-02 10:00"))


@pytest.mark.parametrize(
    ("text", "days"), [("mon", (0,)), ("mon-fri", (0, 1, 2, 3, 4)), ("fri-mon", (4, 5, 6, 0)), ("mon, wed", (0, 2))]
)
def test_days(text: str, days: tuple[int, ...]) -> None:
    assert parse_days(text) == days


@pytest.mark.parametrize(
    ("call", "says"),
    [
        (lambda: parse_days("lunes"), "'lunes' is not a day"),
        (lambda: parse_intervals(["8-12"]), "'8' is not a time"),
        (lambda: parse_intervals(["12:00-08:00"]), "not an interval of one day"),
        (lambda: parse_intervals(["08:00"]), "not an interval"),
        (lambda: parse_intervals(["08:00-24:01"]), "'24:01' is not a time"),
        (lambda: parse_intervals(["08:00-12:00", "11:00-13:00"]), "11:00 falls into"),
        (lambda: hours({"week": [], "holidays": ["XX"]}), "holidays 'XX' are unknown"),
        (lambda: hours({"week": [], "dates": [{"date": "24.12.2026"}]}), "'24.12.2026' is not a date"),
        (lambda: hours({"week": []}, "Europe/Madird"), "there is no time zone 'Europe/Madird'"),
    ],
)
def test_mistakes_are_told_in_a_sentence(call, says: str) -> None:
    with pytest.raises(HoursError, match=says) as found:
        call()
    assert found.value.hint


def _days_of_2026() -> list[date]:
    return [date(2026, 1, 1) + timedelta(days=i) for i in range(364)]


def _offset(day: date, zone: ZoneInfo) -> timedelta | None:
    return datetime(day.year, day.month, day.day, tzinfo=zone).utcoffset()
