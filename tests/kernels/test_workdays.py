"""Counting working days, held to walking the calendar day by day and to numpy's business days."""

from __future__ import annotations

import datetime as dt

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tieraddin.kernels.workdays import MONDAY_TO_FRIDAY, is_workday, week_of, weekday, workday_shift, workdays_between

days = st.integers(-40_000, 40_000)
near = st.lists(st.integers(-30, 30), max_size=12)
weeks = st.lists(st.booleans(), min_size=7, max_size=7).filter(any)


def works(day: int, week: list[bool], off: list[int], on: list[int]) -> bool:
    date = dt.date(1970, 1, 1) + dt.timedelta(days=day)
    return day in on or (week[date.weekday()] and day not in off)


def arrays(week, off, on):
    return np.array(week), np.array(off, np.int64), np.array(on, np.int64)


@given(days, near, weeks, near, near)
def test_workdays_by_walking(start, offsets, week, off, on):
    off, on = [start + d for d in off], [start + d for d in on]
    plan = arrays(week, off, on)
    ends = np.array([start + d for d in offsets], np.int64)
    assert is_workday(ends, *plan).tolist() == [works(day, week, off, on) for day in ends.tolist()]
    counts = [
        sum(works(day, week, off, on) for day in range(min(start, end), max(start, end) + 1))
        * (1 if end >= start else -1)
        for end in ends.tolist()
    ]
    assert workdays_between(start, ends, *plan).tolist() == counts


@given(days, st.lists(st.integers(-25, 25), max_size=10), weeks, near, near)
def test_shift_by_walking(start, steps, week, off, on):
    off, on = [start + d for d in off], [start + d for d in on]
    expected = []
    for step in steps:
        day, left = start, abs(step)
        while left:
            day += 1 if step > 0 else -1
            left -= works(day, week, off, on)
        expected.append(day)
    assert workday_shift(start, np.array(steps, np.int64), *arrays(week, off, on)).tolist() == expected


@given(st.lists(days, min_size=1, max_size=20), st.integers(-300, 300), near)
def test_numpy_counts_the_same(starts, step, off):
    start = np.array(starts, np.int64)
    off = np.array(off, np.int64)
    dates, holidays = start.astype("datetime64[D]"), off.astype("datetime64[D]")
    roll = "backward" if step > 0 else "forward"
    if step:
        expected = np.busday_offset(dates, step, roll=roll, holidays=holidays).astype(np.int64)
        assert workday_shift(start, step, MONDAY_TO_FRIDAY, off).tolist() == expected.tolist()
    end = start + abs(step)
    expected = np.busday_count(dates, end.astype("datetime64[D]") + 1, holidays=holidays)
    assert workdays_between(start, end, MONDAY_TO_FRIDAY, off).tolist() == expected.tolist()


def test_weekdays_are_those_of_the_calendar():
    span = np.arange(-700_000, 2_900_000, 9_973)
    assert weekday(span).tolist() == [date.weekday() for date in span.astype("datetime64[D]").tolist()]


@pytest.mark.parametrize(
    "weekend, pattern",
    [
        (1, "0000011"),
        (2, "1000001"),
        (3, "1100000"),
        (7, "0000110"),
        (11, "0000001"),
        (12, "1000000"),
        (17, "0000010"),
        ("0010001", "0010001"),
        ("1111111", "1111111"),
    ],
)
def test_weekends_as_excel_numbers_them(weekend, pattern):
    assert week_of(weekend).tolist() == [day == "0" for day in pattern]


@pytest.mark.parametrize("weekend", [0, 8, 10, 18, -1, "", "000001", "0000012", "00000111"])
def test_weekends_that_are_none(weekend):
    with pytest.raises(ValueError, match="weekend"):
        week_of(weekend)


def test_no_working_day_at_all():
    never = week_of("1111111")
    assert workdays_between(0, 100, never) == 0
    assert workday_shift(5, 0, never) == 5
    with pytest.raises(ValueError, match="without a working day"):
        workday_shift(5, 1, never)


def test_nothing_asked():
    assert workday_shift([], 3).tolist() == []
    assert workdays_between([], 3).tolist() == []


def test_a_blank_is_no_day():
    blank = np.datetime64("NaT", "D").astype(np.int64)
    with pytest.raises(ValueError, match="blank"):
        workdays_between([0, blank], 5)
    with pytest.raises(ValueError, match="blank"):
        workday_shift([0, blank], 5)
