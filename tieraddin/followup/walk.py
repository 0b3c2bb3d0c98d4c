"""Contacts along one track of a cadence, step by step, for many rows at once.

Days are int64, days since 1970-01-01; `NO_DAY` stands for none.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

import numpy as np

from tieraddin.followup.calendars import Calendar
from tieraddin.kernels.arrays import Ints
from tieraddin.models.sections import Cadence, Contact
from tieraddin.tables.dates import NO_DAY, Days
from tieraddin.tables.values import Mask

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
