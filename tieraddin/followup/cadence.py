"""Follow-up dates (P10): the contacts that a grade asks for, one after the other, and how late the next one is.

Days are int64, days since 1970-01-01; `NO_DAY` stands for none.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from tieraddin.followup.calendars import Calendar, years_of
from tieraddin.kernels.arrays import Ints
from tieraddin.models.sections import Cadence, Contact
from tieraddin.tables.dates import NO_DAY, Days
from tieraddin.tables.values import Mask

_NEVER = np.iinfo(np.int64).max


@dataclass(frozen=True, slots=True, eq=False)
class Due:
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


def due_dates(
    cadence: Cadence,
    grades: Sequence[str | None],
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
        n grades; None, or a grade without contacts, is never due.
    last_contact, first_visit, event
        n days each, `NO_DAY` where not known; ``event`` is the cadence's anchor event, such as the opening day.
    calendar
        the working days (default: the country that the cadence names).
    """
    calendar = calendar or Calendar.of_country(cadence.calendar)
    first_visit, event = or_none(first_visit, last_contact), or_none(event, last_contact)
    n = len(last_contact)
    due, latest = np.full(n, NO_DAY, np.int64), np.full(n, NO_DAY, np.int64)
    for grade, tracks in tracks_of(cadence).items():
        held = of_grade(grades, grade)
        fresh = held & (last_contact == NO_DAY)
        due[fresh] = latest[fresh] = first_visit[fresh]
        rows = np.flatnonzero(held & (last_contact != NO_DAY))
        for track in tracks:
            step = Walk(cadence, track, last_contact[rows], event[rows], calendar).step()
            sooner = (step.due != NO_DAY) & ((due[rows] == NO_DAY) | (step.due < due[rows]))
            due[rows[sooner]], latest[rows[sooner]] = step.due[sooner], step.latest[sooner]
    return Due(due, latest, not_published(calendar, due) & (last_contact != NO_DAY))


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
