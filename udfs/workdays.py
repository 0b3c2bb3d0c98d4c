"""Working days as they are published: days off, and weekends worked to make up for them."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from tieraddin.addin.answers import day_cells
from tieraddin.addin.blocks import CallError, Rows, ToldError
from tieraddin.addin.calendars import Workdays
from tieraddin.addin.kinds import Dates, Numbers
from tieraddin.addin.registry import udf
from tieraddin.addin.rows import Matched
from tieraddin.followup.calendars import Calendar, years_of
from tieraddin.tables.values import Cell

CHINA = "CN"
FARTHEST = 100_000
"""Working days, some 400 years."""


@udf("calendar")
def workday_cn(start: Dates, days: Numbers, calendar: Workdays | None = None) -> Rows:
    """The working day so many working days after ``start`` (before it for a negative number); 0 is the day itself."""
    chosen = calendar or Calendar.of_country(CHINA)
    matched = Matched(start, days)
    good = matched.good
    first, by = matched.of(start)[good], np.trunc(matched.of(days)[good])
    if (np.abs(by) > FARTHEST).any():
        raise CallError("#NUM!", "range_days", argument="days", most=FARTHEST)
    last = chosen.shift(first, by.astype(np.int64))
    return _answer(matched, chosen, first, last, day_cells(last))


@udf("calendar")
def workdays_between_cn(start_date: Dates, end_date: Dates, calendar: Workdays | None = None) -> Rows:
    """How many working days there are from one date to the other, both counted; negative where the end comes first."""
    chosen = calendar or Calendar.of_country(CHINA)
    matched = Matched(start_date, end_date)
    good = matched.good
    first, last = matched.of(start_date)[good], matched.of(end_date)[good]
    return _answer(matched, chosen, first, last, chosen.between(first, last).tolist())


def _answer(
    matched: Matched, calendar: Calendar, first: NDArray[np.int64], last: NDArray[np.int64], found: list[Cell]
) -> Rows:
    """``found`` at the good rows; #N/A where a year from ``first`` to ``last`` is not published."""
    cells: list[Cell] = [""] * len(matched)
    low, high = years_of(np.minimum(first, last)), years_of(np.maximum(first, last))
    years = range(int(low.min(initial=9999)), int(high.max(initial=0)) + 1)
    unknown = np.append(0, np.cumsum([not calendar.known(year) for year in years]))
    open_ = unknown[high + 1 - years.start] > unknown[low - years.start] if years else np.zeros(0, bool)
    for i, cell, is_open in zip(np.flatnonzero(matched.good).tolist(), found, open_.tolist(), strict=True):
        cells[i] = cell
        if is_open:
            cells[i] = ToldError.of(CallError("#N/A", "not_published", argument="calendar", calendar=calendar.name))
    return matched.answer(cells)
