"""Dates as cells hold them: serials of the 1900 system, numbers such as 20260131, and text. Days count from 1970."""

from __future__ import annotations

import datetime as dt
import re
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from tieraddin.tables.numerals import narrow
from tieraddin.tables.values import EPOCH, Column, Floats, Kind, to_serial

Days = NDArray[np.int64]

NO_DAY = np.iinfo(np.int64).min
"""Stands for no date; ``days.view("datetime64[D]")`` shows it as NaT."""

_UNIX = dt.date(1970, 1, 1).toordinal()
FIRST_DAY, LAST_DAY = (day.toordinal() - _UNIX for day in (dt.date(1900, 1, 1), dt.date(9999, 12, 31)))
"""The days that a cell can show as dates."""
_SHIFT = _UNIX - EPOCH.toordinal()
_LAST_SERIAL = 2_958_466.0
_BARE_SERIALS = to_serial(dt.date(1950, 1, 1)), to_serial(dt.date(2100, 1, 1))
_HALF_MILLISECOND = 0.5 / 86_400_000

_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_MONTH = rf"(?P<name>{'|'.join(_MONTHS)})[a-z]*\.?"
_TIME = (
    r"(?:[T\s]\s*(?:[上下]午)?[0-9]{1,2}[:时点][0-9]{0,2}(?:[:分][0-9]{0,2}秒?(?:\.[0-9]+)?)?"
    r"\s*(?:[AP]M|Z|[+-][0-9]{2}:?[0-9]{2})?)?"
)
_NUMERIC = re.compile(
    r"(?P<y>[0-9]{4})(?:\s*(?P<mark>[-/.])\s*(?P<m>[0-9]{1,2})\s*(?P=mark)\s*(?P<d>[0-9]{1,2})"
    r"|\s*年\s*(?P<m2>[0-9]{1,2})\s*月\s*(?P<d2>[0-9]{1,2})\s*[日号]?"
    rf"|(?P<m3>[0-9]{{2}})(?P<d3>[0-9]{{2}})){_TIME}",
    re.IGNORECASE,
)
_NAMED = re.compile(
    rf"(?:(?P<d>[0-9]{{1,2}})[\s-]{_MONTH}[\s,-]\s*|{_MONTH.replace('name', 'name2')}\s+(?P<d2>[0-9]{{1,2}}),?\s+)"
    rf"(?P<y>[0-9]{{4}}){_TIME}",
    re.IGNORECASE,
)


def _day(year: int, month: int, day: int) -> int:
    try:
        return dt.date(year, month, day).toordinal() - _UNIX
    except ValueError:
        return NO_DAY


@lru_cache(maxsize=10_000)  # the same dates stand in table after table
def read_date(text: str) -> int:
    """The day that ``text`` says; `NO_DAY` where it is no date, an impossible one, or could be read in two ways.

    Read are: the year first (``2026-01-31``, ``2026/1/31``, ``2026.1.31``, ``20260131``, ``2026年1月31日``) and the
    month by its English name (``31 Jan 2026``, ``January 31, 2026``), each with or without a time. ``1/2/2026`` is not
    read: it is January in one country and February in another.
    """
    text = narrow(text)
    if found := _NUMERIC.fullmatch(text):
        month = found["m"] or found["m2"] or found["m3"]
        return _day(int(found["y"]), int(month), int(found["d"] or found["d2"] or found["d3"]))
    if found := _NAMED.fullmatch(text):
        month_name = found["name"] or found["name2"]
        return _day(int(found["y"]), _MONTHS.index(month_name.lower()) + 1, int(found["d"] or found["d2"]))
    return NO_DAY


def column_of_days(days: Days) -> Column:
    """Days as cells: a date each, blank for `NO_DAY`."""
    column, known = Column.blank(len(days)), days != NO_DAY
    serials = (days[known] + _SHIFT).astype(np.float64)
    column.kinds[known], column.numbers[known] = Kind.DATE, serials - (serials < 61)
    return column


def days_of_serials(serials: Floats) -> Days:
    """The days of cells shown as dates; `NO_DAY` for serials that Excel itself can't show."""
    days = np.full(len(serials), NO_DAY, np.int64)
    real = (serials >= 0) & (serials < _LAST_SERIAL)
    days[real] = np.floor(serials[real] + (serials[real] < 61) + _HALF_MILLISECOND).astype(np.int64) - _SHIFT
    return days


def days_of_numbers(numbers: Floats) -> Days:
    """The days of plain numbers: serials of the years 1950 to 2099, or whole numbers such as 20260131."""
    first, end = _BARE_SERIALS
    days = np.where((numbers >= first) & (numbers < end), days_of_serials(numbers), NO_DAY)
    written = np.flatnonzero((numbers >= 1900_01_01) & (numbers <= 9999_12_31) & (numbers == np.floor(numbers)))
    distinct, back = np.unique(numbers[written].astype(np.int64), return_inverse=True)
    read = [_day(ymd // 10_000, ymd // 100 % 100, ymd % 100) for ymd in distinct.tolist()]
    days[written] = np.array(read, np.int64)[back]
    return days
