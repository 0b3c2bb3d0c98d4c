"""Every contact of the days to come: which are late, which are due today, which follow (P10)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, fields

import numpy as np
from numpy.typing import NDArray

from tieraddin.followup.cadence import not_published
from tieraddin.followup.calendars import Calendar
from tieraddin.followup.walk import Walk, of_grade, or_none, tracks_of
from tieraddin.followup.windows import window_on
from tieraddin.kernels.arrays import Ints
from tieraddin.models.sections import Cadence
from tieraddin.tables.dates import FIRST_DAY, NO_DAY, Days
from tieraddin.tables.values import Mask

FIRST = -1
"""In place of a contact's position: the first touch of a customer never contacted."""


@dataclass(frozen=True, slots=True, eq=False)
class Schedule:
    """The contacts of some days, m of them, by customer and date.

    Attributes
    ----------
    row
        which customer: a position among the n rows.
    contact
        which duty: a position in the cadence's contacts, or `FIRST`.
    due, latest
        the first day on which it is to be made, and the last on which it is not late.
    planned
        the day to make it: ``due``, or for one that was due before, the first working day from the day of the run.
    plain_week
        whether ``planned`` lies in a year without published days off.
    """

    row: NDArray[np.intp]
    contact: Ints
    due: Days
    latest: Days
    planned: Days
    plain_week: Mask

    def __len__(self) -> int:
        return len(self.row)

    def days_late(self, as_of: int) -> Days:
        """Calendar days by which each contact is late on day ``as_of``, 0 for none."""
        return np.maximum(0, as_of - self.latest)

    def take(self, at: NDArray[np.intp]) -> Schedule:
        """The contacts at ``at``, in that order."""
        return Schedule(*(getattr(self, field.name)[at] for field in fields(self)))


def schedule(
    cadence: Cadence,
    grades: Sequence[str | None],
    last_contact: Days,
    *,
    as_of: int,
    days: int,
    first_visit: Days | None = None,
    event: Days | None = None,
    calendar: Calendar | None = None,
) -> Schedule:
    """Every contact that is late on day ``as_of``, or due on it or one of the ``days`` - 1 days after it.

    Each channel goes its own way. What is late is to be made once, on the first working day; the contacts after it are
    counted from there. A customer never contacted has one first touch, due on the day of the first visit, and the
    contacts of the grade after it. Nothing is counted from a day that no cell shows as a date.

    Parameters
    ----------
    grades
        n grades; None, or a grade without contacts, is never due.
    last_contact, first_visit, event, calendar
        as `tieraddin.followup.cadence.due_dates` takes them.
    """
    calendar = calendar or Calendar.of_country(cadence.calendar)
    first_visit, event = or_none(first_visit, last_contact), or_none(event, last_contact)
    start, end = calendar.from_day(as_of), as_of + days - 1
    parts: list[tuple[Ints, ...]] = []
    for grade, tracks in tracks_of(cadence).items():
        held = of_grade(grades, grade)
        fresh = np.flatnonzero(held & (last_contact == NO_DAY) & (first_visit >= FIRST_DAY) & (first_visit <= end))
        visit = first_visit[fresh]
        touched = np.where(visit >= as_of, visit, start)
        parts.append((fresh, np.full(len(fresh), FIRST), visit, visit, touched))
        known = np.flatnonzero(held & (last_contact >= FIRST_DAY))
        rows, from_ = np.append(known, fresh), np.append(last_contact[known], touched)
        for track in tracks:
            walk, at = Walk(cadence, track, from_, event[rows], calendar), rows
            while len(at):
                step = walk.step()
                there = (step.due != NO_DAY) & (step.due <= end)
                walk.keep(there)
                at, due = at[there], step.due[there]
                planned = np.where(due >= as_of, due, start)
                walk.at(due < as_of, planned)
                parts.append((at, step.contact[there], due, step.latest[there], planned))
    columns = [np.concatenate([part[k] for part in parts]) for k in range(5)]
    order = np.lexsort((columns[1], columns[4], columns[0]))
    row, contact, due, latest, planned = (column[order] for column in columns)
    return Schedule(row, contact, due, latest, planned, not_published(calendar, planned))


def review_days(window: tuple[str, str] | None, as_of: int, days: int, calendar: Calendar) -> list[tuple[int, int]]:
    """The working days from and to which a yearly review is held, for each review of the days to come.

    Parameters
    ----------
    window
        the first and the last day of the year's review, ``("03-25", "03-30")``; None for no review.
    """
    found: list[tuple[int, int]] = []
    last = as_of - 1
    while window is not None:
        first, last = window_on(window, last + 1)
        if first >= as_of + days:
            break
        opens = calendar.from_day(first)
        found.append((opens, max(opens, int(calendar.move_to_workday(last, first - 1)))))
    return found
