"""Follow-up dates (P10): when each customer is due by its grade, how late it is, and the dates that follow.

Days are int64, days since 1970-01-01; `NO_DAY` stands for none.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from tieraddin.followup.calendars import Calendar, years_of
from tieraddin.followup.walk import Walk, of_grade, or_none, tracks_of
from tieraddin.kernels.arrays import Ints
from tieraddin.models.sections import Cadence
from tieraddin.tables.dates import FIRST_DAY, LAST_DAY, NO_DAY, Days
from tieraddin.tables.values import Codes, Mask

_NEVER = np.iinfo(np.int64).max

_PERIOD, _LONGEST = 1024, 8 * 1024
"""Days: what is due is worked out once for a contact on each day of whole periods, then looked up; where last contacts
lie further apart than the longest, for each row by itself."""


class Due(NamedTuple):
    """When each of n customers is due.

    Attributes
    ----------
    next_contact
        the day from which on the next contact is due, moved off days that are not worked; `NO_DAY` for none.
    latest
        the last day on which it is not yet overdue: the day itself, or the last of the days that the grade leaves.
    plain_week
        whether the date lies in a year for which no working days are published: Monday to Friday then count as worked.
    """

    next_contact: Days
    latest: Days
    plain_week: Mask

    def overdue_days(self, as_of: int) -> Days:
        """Calendar days by which each customer is late on day ``as_of``, 0 for none."""
        return np.where(self.next_contact == NO_DAY, 0, np.maximum(0, as_of - self.latest))

    def take(self, rows: Ints) -> Due:
        """Those of ``rows``, in that order."""
        return Due(self.next_contact[rows], self.latest[rows], self.plain_week[rows])

    def put(self, rows: Ints, dates: Due) -> None:
        """Put ``dates`` in the places of ``rows``."""
        for mine, theirs in zip(self, dates, strict=True):
            mine[rows] = theirs


def due_dates(
    cadence: Cadence,
    grades: Codes,
    names: Sequence[str],
    last_contact: Days,
    *,
    first_visit: Days | None = None,
    event: Days | None = None,
    calendar: Calendar | None = None,
) -> Due:
    """When each customer is due, by its grade: the earliest of the contacts that its grade asks for.

    A customer never contacted is due on the first visit itself; none is due where no cell shows the last contact or the
    day as a date (programs write 0001-01-01 for never and 9999-12-31 for ever). A date on a day off moves to the
    working day before, unless that is not after the last contact, then to the one after (S23, 客户分级跟踪回访要求).

    Parameters
    ----------
    grades
        n indexes into ``names``, -1 for none; none, or a grade without contacts, is never due.
    last_contact, first_visit, event
        n days each, `NO_DAY` where not known; ``event`` is the cadence's anchor event, such as the opening day.
    calendar
        the working days (default: the country that the cadence names).
    """
    calendar = calendar or Calendar.of_country(cadence.calendar)
    first_visit, event = or_none(first_visit, last_contact), or_none(event, last_contact)
    asking = list(tracks_of(cadence))
    held = np.array([*(asking.index(name) if name in asking else -1 for name in names), -1])[grades]
    due = np.where((held >= 0) & (last_contact == NO_DAY), first_visit, NO_DAY)
    found = Due(due, due.copy(), np.zeros(len(due), bool))
    rows = np.flatnonzero((held >= 0) & (last_contact >= FIRST_DAY))
    if len(rows):
        found.put(rows, _after_contact(cadence, calendar, held[rows], last_contact[rows], event[rows]))
    shown = (found.next_contact >= FIRST_DAY) & (found.next_contact <= LAST_DAY)
    if not shown.all():
        for facts, nothing in zip(found, (NO_DAY, NO_DAY, False), strict=True):
            facts[~shown] = nothing
    return found


def _after_contact(cadence: Cadence, calendar: Calendar, held: Ints, last_contact: Days, event: Days) -> Due:
    """As `due_dates`, for customers contacted before; ``held``: which of the grades of `tracks_of`."""
    first = int(last_contact.min()) // _PERIOD * _PERIOD
    days = int(last_contact.max() - first) // _PERIOD * _PERIOD + _PERIOD
    if days > _LONGEST or (event != NO_DAY).any():
        return _walked(cadence, calendar, held, last_contact, event)
    return _of_period(cadence, calendar, first, days).take(held * days + last_contact - first)


@lru_cache(maxsize=32)
def _of_period(cadence: Cadence, calendar: Calendar, first: int, days: int) -> Due:
    """As `_after_contact`, without the event: for one grade after the other, for a contact on each of some days."""
    grades = len(tracks_of(cadence))
    last_contact = np.tile(np.arange(first, first + days), grades)
    return _walked(cadence, calendar, np.repeat(np.arange(grades), days), last_contact, or_none(None, last_contact))


def _walked(cadence: Cadence, calendar: Calendar, held: Ints, last_contact: Days, event: Days) -> Due:
    """As `_after_contact`, each row by itself."""
    due, latest = or_none(None, held), or_none(None, held)
    for grade, tracks in enumerate(tracks_of(cadence).values()):
        rows = np.flatnonzero(held == grade)
        for track in tracks:
            step = Walk(cadence, track, last_contact[rows], event[rows], calendar).step()
            sooner = (step.due != NO_DAY) & ((due[rows] == NO_DAY) | (step.due < due[rows]))
            due[rows[sooner]], latest[rows[sooner]] = step.due[sooner], step.latest[sooner]
    return Due(due, latest, not_published(calendar, due))


def next_dates(
    cadence: Cadence,
    grades: Sequence[str | None],
    last_contact: Days,
    count: int,
    *,
    event: Days | None = None,
    calendar: Calendar | None = None,
) -> Days:
    """The next ``count`` days on which each customer is to be contacted, those of all its channels together.

    Parameters
    ----------
    grades
        n grades; None, or a grade without contacts, is never due.
    last_contact, event, calendar
        as `due_dates` takes them.

    Returns
    -------
    int64 of shape (count, n), in order of time; `NO_DAY` where there is none.
    """
    calendar = calendar or Calendar.of_country(cadence.calendar)
    event = or_none(event, last_contact)
    dates = np.full((count, len(last_contact)), NO_DAY, np.int64)
    for grade, tracks in tracks_of(cadence).items():
        rows = np.flatnonzero(of_grade(grades, grade) & (last_contact >= FIRST_DAY))
        walks = [Walk(cadence, track, last_contact[rows], event[rows], calendar) for track in tracks]
        steps = np.stack([walk.step().due for walk in walks for _ in range(count)])
        steps[(steps == NO_DAY) | (steps > LAST_DAY)] = _NEVER
        steps.sort(axis=0)
        steps[1:][steps[1:] == steps[:-1]] = _NEVER  # two channels on one day
        steps.sort(axis=0)
        dates[:, rows] = np.where(steps == _NEVER, NO_DAY, steps)[:count]
    return dates


def not_published(calendar: Calendar, days: Days) -> Mask:
    """Where a day lies in a year for which ``calendar`` knows no days off."""
    there = days != NO_DAY
    unknown: NDArray[np.bool_] = np.zeros(len(days), bool)
    if years := calendar.unknown_years(days[there]):
        unknown[there] = np.isin(years_of(days[there]), years)
    return unknown
