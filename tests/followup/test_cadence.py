"""When the next contact is due: dates counted by hand on China's calendar of 2026.

Off for Spring Festival: 15 to 23 February (14 and 28 February, Saturdays, are worked); for National Day: 1 to 7 October
(20 September and 10 October are worked). State Council notice of November 2025.
"""

from __future__ import annotations

import datetime as dt
import random

import holidays
import numpy as np
import pytest

from tieraddin.followup.cadence import due_dates
from tieraddin.followup.calendars import Calendar
from tieraddin.kernels.workdays import week_of
from tieraddin.models.load import find_model
from tieraddin.tables.dates import NO_DAY

EPOCH = dt.date(1970, 1, 1)


def day(text):
    return NO_DAY if not text else (dt.date.fromisoformat(text) - EPOCH).days


def shown(number):
    return "" if number == NO_DAY else (EPOCH + dt.timedelta(days=int(number))).isoformat()


def due_of(model, rows, calendar=None):
    """Rows of grade, last contact, first visit and opening day."""
    model = find_model(model).model
    last, first, event = (np.array([day(row[k]) for row in rows], np.int64) for k in (1, 2, 3))
    grades = np.array([model.grade_ids.index(row[0]) if row[0] else -1 for row in rows], np.int32)
    return due_dates(model.cadence, grades, model.grade_ids, last, first_visit=first, event=event, calendar=calendar)


FOLLOWUP = {
    "A before opening day": ("A", "2026-03-16", "", "2026-04-30", "2026-03-19"),
    "A to a Saturday: the Friday before": ("A", "2026-03-18", "", "2026-04-30", "2026-03-20"),
    "A on opening day: two days later": ("A", "2026-03-16", "", "2026-03-16", "2026-03-18"),
    "A two days after a Friday: Monday, not the last contact": ("A", "2026-03-20", "", "2026-03-20", "2026-03-23"),
    "A on the eve of opening day": ("A", "2026-03-17", "", "2026-03-18", "2026-03-20"),
    "A after opening day": ("A", "2026-03-17", "", "2026-03-16", "2026-03-24"),
    "A without opening day": ("A", "2026-03-17", "2026-03-01", "", "2026-03-24"),
    "B": ("B", "2026-03-16", "", "", "2026-03-19"),
    "B minds no opening day": ("B", "2026-03-16", "", "2026-03-16", "2026-03-19"),
    "B to a Sunday": ("B", "2026-03-19", "", "", "2026-03-20"),
    "C": ("C", "2026-03-16", "", "", "2026-03-23"),
    "C to a Sunday": ("C", "2026-03-15", "", "", "2026-03-20"),
    "D is not called": ("D", "2026-03-16", "2026-03-01", "", ""),
    "no grade": (None, "2026-03-16", "2026-03-01", "", ""),
    "no contact yet": ("A", "", "2026-03-17", "", "2026-03-17"),
    "no contact yet, seen on a Sunday": ("C", "", "2026-03-15", "2026-04-30", "2026-03-15"),
    "no contact yet, D": ("D", "", "2026-03-17", "", ""),
    "nothing known": ("B", "", "", "2026-04-30", ""),
    "Spring Festival: the Saturday worked before": ("C", "2026-02-10", "", "", "2026-02-14"),
    "Spring Festival, B": ("B", "2026-02-13", "", "", "2026-02-14"),
    "Spring Festival: not after the last contact, so the day after": ("C", "2026-02-14", "", "", "2026-02-24"),
    "a Saturday that is worked": ("C", "2026-02-21", "", "", "2026-02-28"),
    "National Day": ("C", "2026-09-29", "", "", "2026-09-30"),
    "2027 is not published: Monday to Friday": ("C", "2026-12-26", "", "", "2027-01-01"),
}


@pytest.mark.parametrize("grade, last, first, event, due", FOLLOWUP.values(), ids=FOLLOWUP)
def test_followup_duty(grade, last, first, event, due):
    found = due_of("followup-duty", [(grade, last, first, event)])
    assert shown(found.next_contact[0]) == due
    assert bool(found.plain_week[0]) == due.startswith("2027")


def test_all_rows_at_once_are_as_each_alone():
    found = due_of("followup-duty", [row[:4] for row in FOLLOWUP.values()])
    assert [shown(number) for number in found.next_contact] == [row[4] for row in FOLLOWUP.values()]
    assert found.plain_week.tolist() == [row[4].startswith("2027") for row in FOLLOWUP.values()]


@pytest.mark.parametrize(
    "grade, last, first, as_of, overdue",
    [
        ("A", "2026-03-10", "", "2026-03-17", 0),
        ("A", "2026-03-10", "", "2026-03-18", 1),
        ("B", "2026-03-10", "", "2026-03-12", 0),  # due on day 3, the 13th
        ("B", "2026-03-10", "", "2026-03-15", 0),  # day 5
        ("B", "2026-03-10", "", "2026-03-16", 1),
        ("B", "2026-02-14", "", "2026-02-24", 0),  # days 3 to 5 are off: due on the 24th
        ("B", "2026-02-14", "", "2026-02-25", 1),
        ("C", "2026-03-15", "", "2026-03-20", 0),  # moved to the Friday before
        ("C", "2026-03-15", "", "2026-03-23", 3),
        ("C", "", "2026-03-15", "2026-03-15", 0),
        ("C", "", "2026-03-15", "2026-03-25", 10),
        ("D", "2026-03-10", "", "2026-03-25", 0),
    ],
)
def test_overdue_days(grade, last, first, as_of, overdue):
    assert due_of("followup-duty", [(grade, last, first, "")]).overdue_days(day(as_of)).tolist() == [overdue]


def test_of_several_duties_the_earliest_is_due():
    # A: two meetings a year, 182 days apart; a visit and a letter a year. B: one meeting a year
    rows = [("A", "2026-01-05", "", ""), ("B", "2025-01-06", "", ""), ("C", "2026-01-05", "", "")]
    assert [shown(number) for number in due_of("rank-abc", rows).next_contact] == ["2026-07-06", "2026-01-06", ""]


def test_a_calendar_of_ones_own():
    off = np.array([day("2026-03-23")])
    own = Calendar.of_rows(off, np.array([False]), week=week_of("0000011"))
    rows = [("C", "2026-03-16", "", ""), ("A", "2026-03-20", "", "2026-03-30")]
    assert [shown(n) for n in due_of("followup-duty", rows, own).next_contact] == ["2026-03-20", "2026-03-24"]


def due_by_hand(cadence, grade, last):
    """One day after the other, on the days off that the package ``holidays`` has."""
    china = holidays.country_holidays("CN")

    def worked(date):
        return china.is_working_day(date) if 2001 <= date.year <= 2026 else date.weekday() < 5

    found = []
    for contact in cadence.contacts:
        if contact.grade == grade and contact.when in (None, "no_event"):
            times, days = contact.rhythm
            due, grace = (
                last + dt.timedelta(days // times),
                dt.timedelta((contact.latest or 0) and contact.latest - days),
            )
            before, after = due, due
            while not worked(before):
                before -= dt.timedelta(1)
            while not worked(after):
                after += dt.timedelta(1)
            moved = before if before > last else after
            found.append((moved, max(moved, due + grace) if grace else moved))
    return min(found, default=None)


@pytest.mark.parametrize("model", ["followup-duty", "rank-abc"])
@pytest.mark.parametrize("years", [1, 15, 40])
def test_many_contacts_of_some_years_are_due_as_each_by_hand(model, years):
    chance, first = random.Random(years), dt.date(2026 - years, 6, 1)
    rows = [
        (chance.choice(["A", "B", "C", "D", None]), first + dt.timedelta(chance.randrange(366 * years)))
        for _ in range(300)
    ]
    model = find_model(model).model
    rows = [row for row in rows if row[0] in (*model.grade_ids, None)]
    found = due_of(model.id, [(grade, last.isoformat(), "", "") for grade, last in rows])
    for i, (grade, last) in enumerate(rows):
        due, latest = due_by_hand(model.cadence, grade, last) or ("", "")
        assert (shown(found.next_contact[i]), shown(found.latest[i])) == (str(due), str(latest)), (grade, last)
        assert bool(found.plain_week[i]) == (bool(due) and not 2001 <= due.year <= 2026)


@pytest.mark.parametrize("country", ["CN", "DE"])
@pytest.mark.parametrize(
    "last, first, due",
    [
        ("9999-12-31", "", ""), ("9999-12-30", "", ""), ("9999-11-01", "", "9999-11-08"), ("0001-01-01", "", ""),
        ("", "0001-01-01", ""), ("1899-12-31", "", ""), ("1900-01-01", "", "1900-01-08"),
        ("", "9999-12-31", "9999-12-31"),
    ],
)  # fmt: skip
def test_what_no_cell_shows_as_a_date_is_never_due(country, last, first, due):
    """Seven days after the last contact; with another customer whose last contact lies millennia apart."""
    every_day = Calendar(country, np.ones(7, bool), Calendar.of_country(country).read)
    rows = [
        ("A", last, first, ""),
        ("A", "2026-03-02", "", ""),
        ("A", "0001-01-01", "", ""),
        ("A", "9999-12-31", "", ""),
    ]
    found = due_of("followup-duty", rows, every_day)
    assert [*map(shown, found.next_contact)] == [due, "2026-03-09", "", ""]
    assert found.overdue_days(day("9999-12-31"))[2:].tolist() == [0, 0]
    assert not found.plain_week[2:].any()


def test_no_rows():
    assert len(due_of("followup-duty", []).next_contact) == 0
