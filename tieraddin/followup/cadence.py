"""Follow-up dates (P10): the contacts that a grade asks for, one after the other, and how late the next one is.

Days are int64, days since 1970-01-01; `NO_DAY` stands for none.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from tieraddin.followup.calendars import Calendar, years_of
from tieraddin.kernels.arrays import Ints
from tieraddin.models.sections import Cadence, Contact
from tieraddin.tables.dates import NO_DAY, Days
from tieraddin.tables.values import Codes, Mask

_NEVER = np.iinfo(np.int64).max

_PERIOD, _LONGEST = 1024, 8 * 1024
"""Days: what is due is worked out once for all days of whole periods, where last contacts lie within the longest."""


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

    A customer never contacted is due on the first visit itself. A date on a day off moves to the working day before,
    unless that is not after the last contact, then to the one after (S23, 客户分级跟踪回访要求).

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
    rows = np.flatnonzero((held >= 0) & (last_contact != NO_DAY))
    if len(rows):
        found.put(rows, _after_contact(cadence, calendar, held[rows], last_contact[rows], event[rows]))
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
    grades, last_contact, event, calendar
        as `due_dates` takes them.

    Returns
    -------
    int64 of shape (count, n), in order of time; `NO_DAY` where there is none.
    """
    calendar = calendar or Calendar.of_country(cadence.calendar)
    event = or_none(event, last_contact)
    dates = np.full((count, len(last_contact)), NO_DAY, np.int64)
    for grade, tracks in tracks_of(cadence).items():
        rows = np.flatnonzero(of_grade(grades, grade) & (last_contact != NO_DAY))
        walks = [Walk(cadence, track, last_contact[rows], event[rows], calendar) for track in tracks]
        steps = np.stack([walk.step().due for walk in walks for _ in range(count)])
        steps[steps == NO_DAY] = _NEVER
        steps.sort(axis=0)
        steps[1:][steps[1:] == steps[:-1]] = _NEVER  # two channels on one day
        steps.sort(axis=0)
        dates[:, rows] = np.where(steps == _NEVER, NO_DAY, steps)[:count]
    return dates


Track = list[int]
"""Contacts, by their position in the cadence, of which one at most is asked for at a time."""


@cache
def tracks_of(cadence: Cadence) -> dict[str, list[Track]]:
    """The contacts of each grade as tracks: each its own, but those through one channel that go by the event."""
    found: dict[str, dict[object, Track]] = {}
    for k, contact in enumerate(cadence.contacts):
        found.setdefault(contact.grade, {}).setdefault(contact.channel if contact.when else k, []).append(k)
    return {grade: list(tracks.values()) for grade, tracks in found.items()}


@dataclass(frozen=True, slots=True, eq=False)
class Step:
    """The next contact of each row on a track.

    Attributes
    ----------
    contact
        int64, which contact it is: a position in the cadence; -1 for none.
    due
        the day from which on it is due; `NO_DAY` for none.
    latest
        the last day on which it is not yet late.
    """

    contact: Ints
    due: Days
    latest: Days


class Walk:
    """Contacts along one track, step by step, for n rows.

    Days are counted from the last contact as long as the same contact is asked for, not from each date as it was moved
    off a weekend: so two a week are spread over the week, and a year of fortnights holds 26. A window of days
    whose date had to wait for the end of the days off is counted from there: it says how soon the next one may be.

    Parameters
    ----------
    last_contact, event
        n days each; all rows have a last contact.
    """

    def __init__(self, cadence: Cadence, track: Track, last_contact: Days, event: Days, calendar: Calendar) -> None:
        self.contacts = [(k, cadence.contacts[k]) for k in track]
        self.event, self.calendar = event, calendar
        self.current = np.full(len(last_contact), -1, np.int64)
        self.at(np.ones(len(last_contact), bool), last_contact)

    def at(self, rows: Mask, days: Days) -> None:
        """Count anew for ``rows`` (a mask), as if they were last contacted on ``days`` (of all rows)."""
        if rows.all():
            self.position, self.anchor = days.copy(), days.copy()
            self.count = np.zeros(len(days), np.int64)
        else:
            self.position[rows] = self.anchor[rows] = days[rows]
            self.count[rows] = 0

    def keep(self, rows: Mask) -> None:
        """Go on with ``rows`` only."""
        for name in ("event", "current", "position", "anchor", "count"):
            setattr(self, name, getattr(self, name)[rows])

    def step(self) -> Step:
        """The next contact of each row; it counts as made then, for the step after it."""
        n = len(self.position)
        which, due = np.full(n, -1, np.int64), np.full(n, NO_DAY, np.int64)
        grace = np.zeros(n, np.int64)
        for k, contact in self.contacts:
            rows = (which < 0) & applies(contact, self.position, self.event)
            which[rows] = k
            self.at(rows & (self.current != k), self.position)
            times, days = contact.rhythm
            passed = self.position - self.anchor + 1
            self.count[rows] = np.maximum(self.count + 1, -(-passed * times // days))[rows]
            due[rows] = (self.anchor + self.count * days // times)[rows]
            grace[rows] = 0 if contact.latest is None else contact.latest - contact.interval
        self._soon_after_event(which, due, grace)
        there = which >= 0
        latest = due + grace
        asked = due.copy()
        due[there] = self.calendar.move_to_workday(due[there], self.position[there])
        self.current, self.position = which, np.where(there, due, self.position)
        self.at(there & (due > asked) & (grace > 0), due)
        return Step(which, due, np.where(there, np.maximum(due, np.where(grace > 0, latest, due)), NO_DAY))

    def _soon_after_event(self, which: Ints, due: Days, grace: Ints) -> None:
        """Who was last contacted before the event, or on it, is contacted no later than so many days after it."""
        for k, contact in self.contacts:
            if contact.after_event is None and contact.when != "after_event":
                continue
            rows = (self.event != NO_DAY) & (self.position <= self.event)
            if contact.after_event is None:
                rows &= which < 0
            soon = self.event + (contact.interval if contact.after_event is None else contact.after_event)
            due[rows] = np.where(which < 0, soon, np.minimum(due, soon))[rows]
            rows &= due > self.event
            which[rows], self.anchor[rows] = k, due[rows]
            self.count[rows] = grace[rows] = 0


def of_grade(grades: Sequence[str | None], grade: str) -> Mask:
    """Where ``grades`` are ``grade``."""
    return np.array([other == grade for other in grades], bool)


def or_none(days: Days | None, like: Days) -> Days:
    """``days``, or as many as ``like`` holds that are not known."""
    return np.full(len(like), NO_DAY, np.int64) if days is None else days


def not_published(calendar: Calendar, days: Days) -> Mask:
    """Where a day lies in a year for which ``calendar`` knows no days off."""
    there = days != NO_DAY
    unknown: NDArray[np.bool_] = np.zeros(len(days), bool)
    if years := calendar.unknown_years(days[there]):
        unknown[there] = np.isin(years_of(days[there]), years)
    return unknown


def applies(contact: Contact, position: Days, event: Days) -> Mask:
    """Where a contact is asked for: always, or only before, from or without the event."""
    known = event != NO_DAY
    match contact.when:
        case "before_event":
            return np.asarray(known & (position < event))
        case "after_event":
            return np.asarray(known & (position >= event))
        case "no_event":
            return np.asarray(~known)
        case _:
            return np.ones(len(position), bool)
