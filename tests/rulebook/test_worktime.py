"""Working time, minute by minute: what `after` and `between` say is what counting every open minute says."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from plugin.rulebook.hours import Hours, parse_hours
from plugin.rulebook.worktime import after, between

MINUTE = timedelta(minutes=1)
#: Where the clocks change, and half an hour beside everybody else; Lord Howe changes by half an hour.
ZONES = ("Europe/Madrid", "America/New_York", "Asia/Kolkata", "Australia/Lord_Howe", "UTC")
#: Around both changes in Madrid and New York, and Christmas.
STARTS = (
    datetime(2026, 3, 27, tzinfo=UTC),
    datetime(2026, 3, 6, tzinfo=UTC),
    datetime(2026, 10, 23, tzinfo=UTC),
    datetime(2026, 10, 30, tzinfo=UTC),
    datetime(2026, 12, 23, tzinfo=UTC),
    datetime(2026, 4, 3, tzinfo=UTC),
)


def madrid(*open_: str, **more: object) -> Hours:
    return parse_hours({"week": [{"days": "mon-fri", "open": list(open_)}], **more}, "Europe/Madrid")


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).astimezone(UTC)


@st.composite
def some_hours(draw: st.DrawFn) -> Hours:
    """Any week of up to two intervals a day, with or without holidays and days of one's own."""
    week = []
    for days in draw(st.sampled_from((("mon-fri",), ("mon-fri", "sat-sun"), ("sun-thu",), ("sat",)))):
        marks = sorted(draw(st.sets(st.integers(0, 96), min_size=2, max_size=4)))
        open_ = [
            f"{a // 4}:{a % 4 * 15:02}-{b // 4}:{b % 4 * 15:02}" for a, b in zip(marks[::2], marks[1::2], strict=False)
        ]
        week.append({"days": days, "open": open_})
    raw: dict[str, object] = {"week": week, "holidays": draw(st.sampled_from(([], ["ES"], ["ES", "US"])))}
    if draw(st.booleans()):
        raw["dates"] = [{"date": "2026-12-24", "open": ["09:00-11:00"]}, {"date": "2026-03-30", "open": []}]
    return parse_hours(raw, draw(st.sampled_from(ZONES)))


@settings(max_examples=40, deadline=None)
@given(some_hours(), st.sampled_from(STARTS), st.integers(0, 3 * 1440), st.integers(1, 40 * 60))
def test_every_open_minute_counts_and_no_other(hours: Hours, day: datetime, late: int, wanted: int) -> None:
    """All hours begin and end at whole minutes, so counting minutes is exact."""
    start = day + late * MINUTE
    left, moment = wanted, start
    horizon = start + timedelta(days=21)
    while left and moment < horizon:
        left -= hours.is_open(moment)
        moment += MINUTE
    found = after(hours, start, wanted * MINUTE)
    if left:  # it takes longer than three weeks: counted no further
        assert found >= horizon or not hours.next_open(start)
        assert between(hours, start, horizon) == (wanted - left) * MINUTE
    else:
        assert found == moment
        assert between(hours, start, found) == wanted * MINUTE


@pytest.mark.parametrize(
    ("start", "hours", "ends"),
    [
        pytest.param("2026-11-18T10:00+01:00", 4, "2026-11-18T16:00+01:00", id="over noon"),
        pytest.param("2026-11-18T16:00+01:00", 1.5, "2026-11-18T17:30+01:00", id="ends at closing time, not later"),
        pytest.param("2026-11-20T17:00+01:00", 1, "2026-11-23T08:30+01:00", id="over a weekend"),
        pytest.param("2026-11-21T12:00+01:00", 1, "2026-11-23T09:00+01:00", id="from a closed day"),
        pytest.param("2026-12-24T16:00+01:00", 3, "2026-12-28T09:30+01:00", id="over Christmas, a Friday"),
        pytest.param("2026-03-27T17:00+01:00", 1, "2026-03-30T08:30+02:00", id="clocks go forward"),
        pytest.param("2026-10-23T17:00+02:00", 1, "2026-10-26T08:30+01:00", id="clocks go back"),
    ],
)
def test_the_end_in_the_wall_clock_s_words(start: str, hours: float, ends: str) -> None:
    office = madrid("08:00-12:00", "14:00-17:30", holidays=["ES"])
    assert after(office, at(start), timedelta(hours=hours)) == at(ends)


@pytest.mark.parametrize(
    ("zone", "start", "ends"),
    [
        ("Europe/Madrid", "2026-03-29T01:30+01:00", "2026-03-29T03:30+02:00"),  # an hour is not there
        ("Europe/Madrid", "2026-10-25T01:30+02:00", "2026-10-25T02:30+02:00"),  # the first of two half past two
        ("America/New_York", "2026-03-08T01:30-05:00", "2026-03-08T03:30-04:00"),
        ("America/New_York", "2026-11-01T00:30-04:00", "2026-11-01T01:30-04:00"),
        ("Asia/Kolkata", "2026-03-29T01:30+05:30", "2026-03-29T02:30+05:30"),
    ],
)
def test_an_hour_around_the_clock_is_an_hour_when_the_clocks_change(zone: str, start: str, ends: str) -> None:
    always = parse_hours({"week": [{"days": "mon-sun", "open": ["00:00-24:00"]}]}, zone)
    assert after(always, at(start), timedelta(hours=1)) == at(ends)


def test_days_of_23_and_25_hours_have_as_much_working_time() -> None:
    always = parse_hours({"week": [{"days": "mon-sun", "open": ["00:00-24:00"]}]}, "Europe/Madrid")
    for day, hours in (("2026-03-29T00:00+01:00", 23), ("2026-10-25T00:00+02:00", 25)):
        assert after(always, at(day), timedelta(hours=hours)).astimezone(always.zone).strftime("%H:%M") == "00:00"


def test_who_never_opens_does_not_stop_a_deadline() -> None:
    never = parse_hours({"week": []}, "Europe/Madrid")
    start = at("2026-11-18T10:00+01:00")
    assert after(never, start, timedelta(hours=4)) == start + timedelta(hours=4)
    assert between(never, start, start + timedelta(days=9)) == timedelta(0)


def test_nothing_wanted_is_now() -> None:
    start = at("2026-11-22T10:00+01:00")  # a Sunday
    assert after(madrid("08:00-12:00"), start, timedelta(0)) == start
