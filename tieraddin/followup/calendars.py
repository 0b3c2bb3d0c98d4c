"""Working days of a country, or of a company's own calendar, as far as they are published.

Days are int64, days since 1970-01-01 (numpy's ``datetime64[D]``), in arrays of any shape. A blank is no day: leave it
out before you ask.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache, partial
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import ArrayLike

from tieraddin.errors import UsageError
from tieraddin.kernels import workdays
from tieraddin.kernels.arrays import Ints
from tieraddin.kernels.workdays import MONDAY_TO_FRIDAY, NO_DAYS, Week

NO_CONTACT = np.datetime64("NaT", "D").astype(np.int64)
"""The day of a contact that never was: before every day."""


class YearDays(NamedTuple):
    """What one year has against its week pattern: days off, and days worked (make-up days)."""

    off: Ints
    on: Ints


def years_of(days: ArrayLike) -> Ints:
    """The calendar year of each day."""
    years: Ints = np.asarray(days, np.int64).astype("datetime64[D]").astype("datetime64[Y]").astype(np.int64) + 1970
    return years


def _days_of(year: int) -> Ints:
    return np.arange(np.datetime64(f"{year:04d}-01-01"), np.datetime64(f"{year + 1:04d}-01-01")).astype(np.int64)


@cache
def _country(code: str) -> Any:
    import holidays

    try:
        return holidays.country_holidays(code.upper())
    except NotImplementedError as error:
        raise UsageError("followup.calendar_unknown", code=code) from error


def _is_published(country: Any, year: int) -> bool:
    if not max(country.start_year, dt.MINYEAR) <= year <= min(country.end_year, dt.MAXYEAR - 1):
        return False
    if country.has_substituted_holidays:  # days are swapped by a notice each year, kept by year
        notices = country.special_public_holidays
        return bool(min(notices) <= year <= max(notices))
    country.get(dt.date(year, 1, 1))  # fills in the year
    marks = [
        country.tr(label).replace("%s", "").strip()
        for label in (getattr(country, name, "") for name in ("estimated_label", "observed_estimated_label"))
        if label
    ]
    names = (name for day, name in country.items() if day.year == year)
    return all(mark not in name for name in names for mark in marks)


@cache
def _published(code: str, year: int) -> YearDays | None:
    country = _country(code)
    if not _is_published(country, year):
        return None
    days = _days_of(year)
    works = np.array([country.is_working_day(day) for day in days.astype("datetime64[D]").tolist()])
    usual = _week(code)[workdays.weekday(days)]
    return YearDays(days[usual & ~works], days[works & ~usual])


def _week(code: str) -> Week:
    return ~np.isin(np.arange(7), list(_country(code).weekend))


@dataclass(frozen=True, eq=False)
class Calendar:
    """Which days are working days.

    A year is *known* when its days off are published. For a country whose government swaps working days by a notice
    each year (China: the State Council's, make-up Saturdays and Sundays counted as working days), these are the years
    from the first to the last for which the package ``holidays`` holds a notice; for other countries, the years that it
    covers and in which it marks no holiday as estimated (moon-sighting feasts are, years ahead). In a year that is not
    known the plain week holds, and `unknown_years` says which years those are, so that a reason can say so.

    Attributes
    ----------
    name
        the country's code, or what the company calls its calendar.
    week
        the plain week: 7 booleans from Monday, True for a working day.
    read
        the days off and the make-up days of a year; None for one that is not known.
    """

    name: str
    week: Week
    read: Callable[[int], YearDays | None]

    @classmethod
    @cache
    def of_country(cls, code: str = "CN") -> Calendar:
        """The calendar of a country, by its ISO 3166 code (``CN``, ``DE``, ...).

        Raises
        ------
        UsageError
            for a code that the package ``holidays`` does not hold.
        """
        return cls(code.upper(), _week(code), partial(_published, code.upper()))

    @classmethod
    def of_rows(cls, dates: ArrayLike, working: ArrayLike, name: str = "", week: Week = MONDAY_TO_FRIDAY) -> Calendar:
        """A calendar of one's own: dates that are off (``working`` False) or worked (True) against the plain week.

        Years in which there is a row are known.

        Parameters
        ----------
        dates
            n days.
        working
            n booleans.
        """
        days, works = np.asarray(dates, np.int64), np.asarray(working, bool)
        years = years_of(days)
        by_year = {
            int(year): YearDays(days[(years == year) & ~works], days[(years == year) & works])
            for year in np.unique(years)
        }
        return cls(name, week, by_year.get)

    @classmethod
    def of_every_day(cls) -> Calendar:
        """A calendar on which every day is worked."""
        return cls("", np.ones(7, bool), lambda year: _PLAIN)

    def known(self, year: int) -> bool:
        """Whether the days off of ``year`` are published."""
        return self.read(year) is not None

    def unknown_years(self, days: ArrayLike) -> list[int]:
        """The years among ``days`` that are not known, ascending."""
        return [year for year in np.unique(years_of(days)).tolist() if not self.known(year)]

    def is_workday(self, days: ArrayLike) -> Week:
        """Whether each day is a working day: booleans of the same shape."""
        return workdays.is_workday(days, self.week, *self._days(np.unique(years_of(days)).tolist()))

    def shift(self, days: ArrayLike, by: ArrayLike) -> Ints:
        """The working day ``by`` working days after each day (before it if negative; 0 gives the day itself)."""
        spare = 1 + int(np.abs(np.asarray(by, np.int64)).max(initial=0)) // 100  # more working days than that in a year
        return workdays.workday_shift(days, by, self.week, *self._days(self._span(spare, days)))

    def between(self, start: ArrayLike, end: ArrayLike) -> Ints:
        """Working days from start to end, both counted; negative where the end comes first."""
        return workdays.workdays_between(start, end, self.week, *self._days(self._span(0, start, end)))

    def move_to_workday(self, days: ArrayLike, last_contact: ArrayLike = NO_CONTACT) -> Ints:
        """Each day off moved to the working day before it or, if that is not after the last contact, the one after.

        Parameters
        ----------
        days, last_contact
            days, arrays that broadcast to one shape; `NO_CONTACT` where there was none.
        """
        before, after = self.shift(days, np.reshape([-1, 1], (2, *[1] * np.ndim(days))))
        moved = np.where(before > np.asarray(last_contact, np.int64), before, after)
        return np.where(self.is_workday(days), np.asarray(days, np.int64), moved)

    def from_day(self, day: int) -> int:
        """``day`` itself where it is worked, else the next working day."""
        return day if self.is_workday(day) else int(self.shift(day, 1))

    def _span(self, spare: int, *days: ArrayLike) -> range:
        years = np.concatenate([years_of(array).ravel() for array in days])
        if not years.size:
            return range(0)
        return range(max(int(years.min()) - spare, dt.MINYEAR), min(int(years.max()) + spare, dt.MAXYEAR) + 1)

    def _days(self, years: range | list[int]) -> YearDays:
        found = [days for days in map(self.read, years) if days is not None]
        return YearDays(*(np.concatenate([NO_DAYS, *part]) for part in zip(*found, strict=True))) if found else _PLAIN


_PLAIN = YearDays(NO_DAYS, NO_DAYS)
