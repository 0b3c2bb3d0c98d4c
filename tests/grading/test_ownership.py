"""The day on which a customer is released: by hand for both edges, and against the states of all days one by one."""

from __future__ import annotations

import datetime as dt

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tieraddin.grading.evaluate import EPOCH
from tieraddin.grading.ownership import release_days
from tieraddin.tables.dates import NO_DAY

from .conftest import DAY, bound_model

MODEL = "client-ownership"


def releases(grade, rows, as_of=DAY):
    readings = grade(MODEL, rows, as_of, columns=["last_agreement"]).readings
    days = release_days(bound_model(MODEL, "{}").ownership, readings, (as_of - EPOCH).days)
    return [None if day == NO_DAY else EPOCH + dt.timedelta(days=int(day)) for day in days]


VISITED = {"first_visit": "2026-03-01", "first_callback": "2026-03-02"}


@pytest.mark.parametrize(
    "row, wanted",
    [
        ({"first_visit": "2026-03-20"}, "2026-03-30"),  # ten days without a first call-back
        ({"first_visit": "2026-03-11"}, "2026-03-21"),
        ({"first_visit": "2026-03-10"}, "2026-03-20"),  # that day is today
        ({"first_visit": "2026-03-01"}, "2026-03-11"),  # released nine days ago
        (VISITED | {"last_callback": "2026-03-20"}, "2026-04-05"),  # more than 15 days, the 16th
        (VISITED | {"last_callback": "2026-03-05"}, "2026-03-21"),
        (VISITED | {"last_callback": "2026-03-04"}, "2026-03-20"),
        (VISITED | {"last_callback": "2026-03-04", "last_agreement": "2026-03-15"}, "2026-03-31"),
        (VISITED | {"last_callback": "2026-01-04", "asked_by_name": True}, None),
        ({"first_visit": "2026-03-19", "forgot_or_dissatisfied": True}, None),  # by a yes, on no day of its own
        ({}, None),
    ],
)
def test_the_day_of_a_release(grade, row, wanted):
    assert [str(day) if day else None for day in releases(grade, [row])] == [wanted]


DATE = st.one_of(st.none(), st.dates(dt.date(2026, 2, 20), dt.date(2026, 3, 31)))
ROWS = st.fixed_dictionaries(
    {"first_visit": DATE, "first_callback": DATE, "last_callback": DATE, "last_agreement": DATE,
     "asked_by_name": st.booleans(), "forgot_or_dissatisfied": st.booleans()}
)  # fmt: skip


@settings(max_examples=12)
@given(st.lists(ROWS, min_size=1, max_size=5))
def test_as_the_states_of_all_days_say(grade, rows):
    """Released now: since the first day from which all are; else the first day to come that is."""
    span = [DAY + dt.timedelta(days=k) for k in range(-60, 61)]
    states = {day: grade(MODEL, rows, day, columns=list(rows[0])).grades for day in span}
    for i, (row, found) in enumerate(zip(rows, releases(grade, rows), strict=True)):
        if states[DAY][i] == "released":
            before = [day for day in span if day < DAY and states[day][i] != "released"]
            wanted = max(before) + dt.timedelta(days=1) if before else None
            by_a_yes = row["forgot_or_dissatisfied"] and not row["asked_by_name"]
            assert found == (None if by_a_yes else wanted)
        else:
            assert found == next((day for day in span if day > DAY and states[day][i] == "released"), None)
