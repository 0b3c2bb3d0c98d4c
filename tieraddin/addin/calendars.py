"""The calendar that a formula names: a country, or a company's own list of days."""

from __future__ import annotations

from functools import lru_cache

import numpy as np

from tieraddin.addin.blocks import Block, CallError, PassedOnError, first_error
from tieraddin.addin.kinds import read_text
from tieraddin.followup.calendars import Calendar
from tieraddin.tables.coerce import Problem, coerce

CHINA = "CN"


@lru_cache(maxsize=16)
def read_calendar(block: Block | None) -> Calendar:
    """The calendar of a country code (default: China), or of rows of a date and whether it is worked.

    Raises
    ------
    CallError
        rows of another width, or a cell that is no date or no yes or no; a header row is passed over.
    UsageError
        a country without a calendar.
    """
    if block is None:
        return Calendar.of_country(CHINA)
    if block.is_single:
        return Calendar.of_country(read_text(block))
    if error := first_error(block.cells):
        raise PassedOnError(error)
    if block.width != 2:
        raise CallError("#VALUE!", "calendar_shape", argument="calendar")
    dates, works = coerce(block.columns[0], "date"), coerce(block.columns[1], "flag")
    there = dates.problem != Problem.BLANK
    there[0] &= dates.problem[0] == Problem.OK
    wrong = there & ((dates.problem != Problem.OK) | (works.problem != Problem.OK))
    if wrong.any():
        raise CallError("#VALUE!", "calendar_row", argument="calendar", row=int(np.argmax(wrong)) + 1)
    return Calendar.of_rows(dates.values[there], works.values[there])
