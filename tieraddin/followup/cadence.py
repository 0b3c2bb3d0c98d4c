"""Follow-up dates (P10): when each customer is to be contacted next, and how late it is.

Days are int64, days since 1970-01-01; `NO_DAY` stands for none.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from tieraddin.followup.calendars import Calendar, years_of
from tieraddin.models.sections import Cadence, Contact
from tieraddin.tables.dates import NO_DAY, Days
from tieraddin.tables.values import Mask


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
    grades: list[str | None],
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
    n = len(last_contact)
    none = np.full(n, NO_DAY, np.int64)
    first_visit, event = (none if days is None else days for days in (first_visit, event))
    due, grace = none.copy(), np.zeros(n, np.int64)
    with_grade = np.array(grades, object)
    for contact in cadence.contacts:
        rows = (with_grade == contact.grade) & (last_contact != NO_DAY) & _applies(contact, last_contact, event)
        days = _days_after(contact, last_contact, event)
        sooner = rows & ((due == NO_DAY) | (last_contact + days < due))
        due[sooner] = (last_contact + days)[sooner]
        grace[sooner] = 0 if contact.latest is None else contact.latest - contact.interval
    moved = _moved(due, last_contact, calendar)
    latest = np.where(grace > 0, np.maximum(moved, due + grace), moved)
    fresh = (last_contact == NO_DAY) & (first_visit != NO_DAY)
    fresh &= np.isin(with_grade, [contact.grade for contact in cadence.contacts])
    next_contact = np.where(fresh, first_visit, moved)
    there = next_contact != NO_DAY
    unknown = np.zeros(n, bool)
    years = calendar.unknown_years(next_contact[there & ~fresh])
    if years:
        unknown[there & ~fresh] = np.isin(years_of(next_contact[there & ~fresh]), years)
    return Due(next_contact, np.where(fresh, first_visit, latest), unknown)


def _applies(contact: Contact, last_contact: Days, event: Days) -> Mask:
    """Where a contact is asked for: always, or only before, from or without the event."""
    known = event != NO_DAY
    match contact.when:
        case "before_event":
            return np.asarray(known & (last_contact < event))
        case "after_event":
            return np.asarray(known & (last_contact >= event))
        case "no_event":
            return np.asarray(~known)
        case _:
            return np.ones(len(last_contact), bool)


def _days_after(contact: Contact, last_contact: Days, event: Days) -> Days:
    """Days from the last contact to the next one: shorter right after the event."""
    days = np.full(len(last_contact), contact.interval, np.int64)
    if contact.after_event is not None:
        days[last_contact == event] = contact.after_event
    return days


def _moved(days: Days, last_contact: Days, calendar: Calendar) -> Days:
    there = days != NO_DAY
    moved = days.copy()
    if there.any():
        moved[there] = calendar.move_to_workday(days[there], last_contact[there])
    return moved
