"""The calendar that a formula names: a country, or a company's own list of days."""

from __future__ import annotations

from functools import lru_cache
from typing import Annotated, TypeAlias

import numpy as np

from tieraddin.addin.blocks import Block, CallError, PassedOnError, first_error
from tieraddin.addin.kinds import Kind, read_text
from tieraddin.followup.calendars import Calendar
from tieraddin.language import say
from tieraddin.tables.coerce import Problem, coerce


@lru_cache(maxsize=16)
def read_calendar(block: Block) -> Calendar:
    """The calendar of a country code, or of rows of a date and whether it is worked.

    Raises
    ------
    CallError
        rows of another width, or a cell that is no date or no yes or no; a header row is passed over.
    UsageError
        a country without a calendar.
    """
    if block.is_single:
        return Calendar.of_country(read_text(block))
    if error := first_error(block.cells):
        raise PassedOnError(error)
    if block.width != 2:
        raise CallError("#VALUE!", "calendar_shape")
    dates, works = coerce(block.columns[0], "date"), coerce(block.columns[1], "flag")
    there = dates.problem != Problem.BLANK
    there[0] &= dates.problem[0] == Problem.OK
    wrong = there & ((dates.problem != Problem.OK) | (works.problem != Problem.OK))
    if wrong.any():
        raise CallError("#VALUE!", "calendar_row", row=int(np.argmax(wrong)) + 1)
    return Calendar.of_rows(dates.values[there], works.values[there], say("addin.own_calendar"))


Workdays: TypeAlias = Annotated[Calendar, Kind("range", read_calendar)]
