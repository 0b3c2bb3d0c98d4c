"""Counting working days, as Excel's NETWORKDAYS.INTL and WORKDAY.INTL do, and with make-up days besides.

Days are whole numbers, days since 1970-01-01 (numpy's ``datetime64[D]`` as int64). A week pattern is 7 booleans from
Monday, True for a working day; ``off`` are days off besides it, ``on`` are working days against it (in China a Saturday
worked to make up for a long holiday). ``on`` has the last word.
"""

from __future__ import annotations

from typing import TypeAlias

import numpy as np
from numpy.typing import ArrayLike, NDArray

from tieraddin.kernels.arrays import Ints

Week: TypeAlias = NDArray[np.bool_]
NO_DAYS: Ints = np.empty(0, np.int64)

_LONGEST = 3_652_500  # days

_WEEKENDS = {
    **{1 + i: {(5 + i) % 7, (6 + i) % 7} for i in range(7)},  # 1 Saturday and Sunday, 2 Sunday and Monday ... 7
    **{11 + i: {(6 + i) % 7} for i in range(7)},  # 11 Sunday only, 12 Monday only ... 17
}


def week_of(weekend: int | str = 1) -> Week:
    """The week pattern of Excel's weekend argument.

    Parameters
    ----------
    weekend
        1-7 (two days: Saturday and Sunday, Sunday and Monday, ...), 11-17 (one day: Sunday, Monday, ...), or seven
        characters from Monday, ``1`` for a day off. ``"1111111"`` leaves no working day. (Excel's documentation of
        NETWORKDAYS.INTL and WORKDAY.INTL.)

    Raises
    ------
    ValueError
        for anything else.
    """
    if isinstance(weekend, str):
        if len(weekend) != 7 or set(weekend) - {"0", "1"}:
            raise ValueError(f"a weekend is seven characters 0 or 1 from Monday on, not {weekend!r}")
        return np.array([day == "0" for day in weekend])
    if weekend not in _WEEKENDS:
        raise ValueError(f"a weekend is a number 1-7 or 11-17, not {weekend!r}")
    return np.array([day not in _WEEKENDS[weekend] for day in range(7)])


MONDAY_TO_FRIDAY: Week = week_of(1)


def weekday(days: Ints) -> Ints:
    """0 for a Monday ... 6 for a Sunday."""
    return (days + 3) % 7


def is_workday(days: ArrayLike, week: Week = MONDAY_TO_FRIDAY, off: Ints = NO_DAYS, on: Ints = NO_DAYS) -> Week:
    """Whether each day is a working day: booleans of the same shape."""
    array = np.asarray(days, np.int64)
    return (week[weekday(array)] & ~_among(array, off)) | _among(array, on)


def _among(days: Ints, few: Ints) -> Week:
    """Whether each day is one of a few."""
    if not len(few):
        return np.zeros(days.shape, bool)
    few = np.sort(few)
    return np.asarray(few[np.minimum(np.searchsorted(few, days), len(few) - 1)] == days)


def _counted(first: int, last: int, week: Week, off: Ints, on: Ints) -> tuple[Ints, Ints]:
    """The working days from first to last, and for each of these days, and the next, how many come before it."""
    if last - first > _LONGEST:
        raise ValueError("the days lie more than 10,000 years apart: is a blank among them?")
    span = np.arange(first, last + 1)
    works = is_workday(span, week, off, on)
    return span[works], np.append(0, np.cumsum(works))


def workdays_between(
    start: ArrayLike, end: ArrayLike, week: Week = MONDAY_TO_FRIDAY, off: Ints = NO_DAYS, on: Ints = NO_DAYS
) -> Ints:
    """Working days from start to end, both counted; negative where the end comes first (NETWORKDAYS.INTL).

    Parameters
    ----------
    start, end
        days, arrays that broadcast to one shape.

    Raises
    ------
    ValueError
        for days more than 10,000 years apart.
    """
    first, last = np.broadcast_arrays(np.asarray(start, np.int64), np.asarray(end, np.int64))
    low, high = np.minimum(first, last), np.maximum(first, last)
    if not low.size:
        return np.zeros(low.shape, np.int64)
    origin = int(low.min())
    _, upto = _counted(origin, int(high.max()), week, off, on)
    counts: Ints = upto[high + 1 - origin] - upto[low - origin]
    return np.where(first <= last, counts, -counts)


def workday_shift(
    days: ArrayLike, by: ArrayLike, week: Week = MONDAY_TO_FRIDAY, off: Ints = NO_DAYS, on: Ints = NO_DAYS
) -> Ints:
    """The working day that lies ``by`` working days after each day, before it for a negative ``by`` (WORKDAY.INTL).

    The day itself is not counted; ``by`` 0 gives the day itself, working or not.

    Parameters
    ----------
    days, by
        days and numbers of working days, arrays that broadcast to one shape.

    Raises
    ------
    ValueError
        for a week without a working day, unless every ``by`` is 0; for days more than 10,000 years apart.
    """
    array, steps = np.broadcast_arrays(np.asarray(days, np.int64), np.asarray(by, np.int64))
    if not steps.any():
        return array.copy()
    if not week.any():
        raise ValueError("a week without a working day: there is no day to move to")
    room = 7 * (int(np.abs(steps).max()) + len(off) + 1)  # a week holds a working day, unless it is one of those off
    origin = int(array.min()) - room
    working, upto = _counted(origin, int(array.max()) + room, week, off, on)
    after, before = upto[array + 1 - origin] - 1, upto[array - origin]
    return np.where(steps == 0, array, working[np.where(steps > 0, after, before) + steps])
