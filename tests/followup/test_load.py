"""How much work a cadence is, and how many people it takes."""

from __future__ import annotations

import datetime as dt

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tieraddin.followup.load import contacts_per_week, shared_out
from tieraddin.models.load import find_model
from tieraddin.tables.dates import NO_DAY

TODAY = (dt.date(2026, 3, 17) - dt.date(1970, 1, 1)).days


@pytest.mark.parametrize(
    "model, grade, event, expected",
    [
        ("followup-duty", "A", TODAY + 30, 2),
        ("followup-duty", "A", TODAY, 1),
        ("followup-duty", "A", NO_DAY, 1),
        ("followup-duty", "B", TODAY, 7 / 3),
        ("followup-duty", "C", TODAY, 1),
        ("followup-duty", "D", TODAY, 0),
        ("followup-duty", None, TODAY, 0),
        ("eight-levels", "VIP", NO_DAY, 1),
        ("eight-levels", "honoured", NO_DAY, 1.5),
        ("eight-levels", "model", NO_DAY, 7 / 30),
        ("rank-abc", "A", NO_DAY, 4 * 7 / 365),
        ("rank-abc", "B", NO_DAY, 7 / 365),
    ],
)
def test_contacts_a_week(model, grade, event, expected):
    cadence = find_model(model).model.cadence
    rates = contacts_per_week(cadence, [grade], as_of=TODAY, event=np.array([event]))
    assert rates.shape == (len(cadence.contacts), 1)
    assert rates.sum() == pytest.approx(expected)


SHARED = [
    ({"A": 3, "B": 5}, {"A": 2, "B": 1}, 20, 80, [{"A": 3, "B": 5}]),
    ({"A": 3, "B": 5}, {"A": 2, "B": 1}, 11, 80, [{"A": 3, "B": 5}]),  # just what one can do
    ({"A": 3, "B": 5}, {"A": 2, "B": 1}, 10, 80, [{"A": 3, "B": 4}, {"B": 1}]),
    ({"A": 3, "B": 5}, {"A": 2, "B": 1}, 5, 80, [{"A": 2}, {"A": 1, "B": 3}, {"B": 2}]),
    ({"A": 3, "B": 5}, {"A": 2, "B": 1}, None, 4, [{"A": 3, "B": 1}, {"B": 4}]),
    ({"A": 3, "B": 5}, {"A": 2, "B": 1}, None, None, [{"A": 3, "B": 5}]),
    ({"A": 2, "C": 9}, {"A": 5}, 1, 80, [{"A": 1}, {"A": 1}, {"C": 9}]),  # one customer is never shared
    ({"A": 0, "B": 0}, {}, 5, 5, []),
    ({"A": 200}, {"A": 0}, None, 80, [{"A": 80}, {"A": 80}, {"A": 40}]),
    ({"B": 3}, {"B": 7 / 3}, 7, None, [{"B": 3}]),  # 3 times 7/3 is 7, whatever the last digit
]


@pytest.mark.parametrize("held, per_week, capacity, span, expected", SHARED)
def test_customers_shared_over_people(held, per_week, capacity, span, expected):
    assert shared_out(held, per_week, capacity, span) == expected


@given(
    held=st.dictionaries(st.sampled_from("ABCD"), st.integers(0, 300), max_size=4),
    rate=st.lists(st.floats(0, 5), min_size=4, max_size=4),
    capacity=st.none() | st.floats(1, 60),
    span=st.none() | st.integers(1, 100),
)
def test_nobody_is_lost_and_nobody_overloaded(held, rate, capacity, span):
    per_week = dict(zip("ABCD", rate, strict=True))
    people = shared_out(held, per_week, capacity, span)
    for grade, count in held.items():
        assert sum(person.get(grade, 0) for person in people) == count
    for person in people:
        size = sum(person.values())
        assert size >= 1
        assert span is None or size <= span
        work = sum(per_week[grade] * count for grade, count in person.items())
        assert capacity is None or size == 1 or work <= capacity + 1e-6
