"""How much work a cadence asks for, and how many people it takes (P10; S34, 进行客户分级管理的条件)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from tieraddin.followup.walk import applies, of_grade, or_none
from tieraddin.models.sections import Cadence
from tieraddin.tables.dates import Days
from tieraddin.tables.values import Floats

WEEK = 7


def contacts_per_week(
    cadence: Cadence, grades: Sequence[str | None], *, as_of: int, event: Days | None = None
) -> Floats:
    """How many contacts a week each customer asks for, at the rhythm of day ``as_of``.

    A contact every 3 to 5 days counts as one every 3: so it is planned.

    Parameters
    ----------
    grades
        n grades; None, or a grade without contacts, asks for none.
    event
        n days, `NO_DAY` where not known, of the cadence's anchor event.

    Returns
    -------
    float64 of shape (k, n): a row for each of the cadence's contacts.
    """
    day = np.full(len(grades), as_of, np.int64)
    event = or_none(event, day)
    held = {grade: of_grade(grades, grade) for grade in {contact.grade for contact in cadence.contacts}}
    rates = np.zeros((len(cadence.contacts), len(grades)))
    for rate, contact in zip(rates, cadence.contacts, strict=True):
        times, days = contact.rhythm
        rate[held[contact.grade] & applies(contact, day, event)] = WEEK * times / days
    return rates


def shared_out(
    held: Mapping[str, int], per_week: Mapping[str, float], capacity: float | None, span: int | None
) -> list[dict[str, int]]:
    """Customers shared over as many people as it takes, level by level: the best stay with the first.

    Parameters
    ----------
    held
        how many customers of each grade there are, the best grade first.
    per_week
        contacts a week that one customer of a grade asks for.
    capacity
        contacts a week that one person can make; None for no such limit. A single customer is never shared.
    span
        customers that one person can look after; None for no such limit.

    Returns
    -------
    list of dict
        for each person how many customers of which grade.
    """
    left = {grade: count for grade, count in held.items() if count}
    people = []
    while left:
        person: dict[str, int] = {}
        contacts, places = np.inf if capacity is None else capacity, np.inf if span is None else span
        for grade, count in left.items():
            rate = per_week.get(grade, 0.0)
            fits = min(count, places, np.floor(contacts / rate + 1e-9) if rate else count)
            taken = int(fits) if fits >= 1 or person else 1
            if taken:
                person[grade] = taken
            contacts, places = contacts - taken * rate, places - taken
            if taken < count or contacts < 0:
                break
        left = {grade: rest for grade, count in left.items() if (rest := count - person.get(grade, 0))}
        people.append(person)
    return people
