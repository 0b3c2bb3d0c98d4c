"""The calendar of movement: both edges of each count of days, worked out by hand from the documents' rules."""

from __future__ import annotations

import calendar
import datetime as dt

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tieraddin.grading.evaluate import EPOCH
from tieraddin.grading.readings import read_field
from tieraddin.grading.review import FIELDS, add_months, next_review, review_rows, window_of
from tieraddin.models.load import common_fields, find_model
from tieraddin.models.parts import FieldSpec
from tieraddin.models.sections import Movement
from tieraddin.tables.dates import NO_DAY
from tieraddin.tables.values import Column

from .conftest import DAY

SHARED = {field["name"]: FieldSpec.model_validate(field) for field in common_fields()}


def day(text: str | dt.date) -> int:
    return (dt.date.fromisoformat(str(text)) - EPOCH).days


def shown(number: int) -> str | None:
    return None if number == NO_DAY else str(EPOCH + dt.timedelta(days=int(number)))


def reviewed(grade, model, rows, as_of=DAY, approved=False):
    """The review of rows given as field -> cell."""
    grading = grade(model, rows, as_of)
    extra = {
        name: read_field(SHARED[name], Column.of(row.get(name) for row in rows), 1.0, len(rows))
        for name in (*FIELDS, "current_grade")
        if name not in grading.readings
    }
    return grading, review_rows(grading, grading.readings | extra, day(as_of), approved)


def told(grading, review, i=0, days=14):
    """(to, due, deadline, days late, whether today, whether it waits, whether it comes due)."""
    to = int(review.to[i])
    return (
        grading.model.grade_ids[to] if to >= 0 else None,
        shown(review.moves.due[i]),
        shown(review.moves.deadline[i]),
        int(review.moves.late(review.as_of)[i]),
        bool(review.today[i]),
        bool(review.waits[i]),
        bool(review.coming(days)[i]),
    )


C = {"trade": "dealer", "annual_volume": 1000, "prior_dealings": True, "good_credit": True, "current_grade": "C"}
BREACH = C | {"breach": True}


@pytest.mark.parametrize(
    "row, wanted",
    [
        (BREACH | {"breach_on": "2026-03-20"}, ("D", "2026-03-20", "2026-03-25", 0, True, False, False)),
        (BREACH | {"breach_on": "2026-03-15"}, ("D", "2026-03-20", "2026-03-20", 0, True, False, False)),
        (BREACH | {"breach_on": "2026-03-14"}, ("D", "2026-03-20", "2026-03-19", 1, True, False, False)),
        (BREACH, ("D", "2026-03-20", None, 0, True, False, False)),
        (C | {"breach_on": "2026-03-14"}, (None, None, None, 0, False, False, False)),
        (C | {"current_grade": "D", "good_period": 1}, ("C", "2026-03-20", None, 0, True, False, False)),
        (C | {"current_grade": "D"}, (None, None, None, 0, False, False, False)),
        (C | {"current_grade": None}, ("C", "2026-03-20", None, 0, True, False, False)),
        (C | {"annual_volume": None, "breach": 1}, (None, None, None, 0, False, False, False)),
    ],
)
def test_a_breach_must_be_carried_out_within_five_days(grade, row, wanted):
    grading, review = reviewed(grade, "volume-gates", [row])
    assert told(grading, review) == wanted


NOTHING = (None, None, None, 0, False, False, False)


@pytest.mark.parametrize(
    "row, wanted",
    [
        ({"current_grade": "A", "grade_since": "2026-03-13"}, ("B", "2026-03-20", "2026-03-20", 0, True, False, False)),
        ({"current_grade": "A", "grade_since": "2026-03-12"}, ("B", "2026-03-19", "2026-03-19", 1, True, False, False)),
        ({"current_grade": "A", "grade_since": "2026-03-14"}, ("B", "2026-03-21", "2026-03-21", 0, False, False, True)),
        ({"current_grade": "A"}, NOTHING),
        ({"current_grade": "B", "grade_since": "2026-03-13"}, NOTHING),
        (
            {"current_grade": "B", "grade_since": "2026-03-13", "fading": 1},
            ("C", "2026-03-20", "2026-03-20", 0, True, False, False),
        ),
        (
            {"current_grade": "C", "grade_since": "2026-03-13", "fading": 1},
            ("D", "2026-03-20", "2026-03-20", 0, True, True, False),
        ),
        (
            {"current_grade": "C", "grade_since": "2026-03-13", "fading": 1, "approved": "是"},
            ("D", "2026-03-20", "2026-03-20", 0, True, False, False),
        ),
        (
            {"current_grade": "C", "grade_since": "2026-03-20", "fading": 1},
            ("D", "2026-03-27", "2026-03-27", 0, False, True, True),
        ),
        ({"current_grade": "D", "grade_since": "2026-03-01", "fading": 1}, NOTHING),
    ],
)
def test_a_stale_cycle(grade, row, wanted):
    grading, review = reviewed(grade, "followup-duty", [row])
    assert told(grading, review) == wanted
    assert bool(review.applicable[0]) == (wanted[4] and not wanted[5])


def test_who_approves_approves_all(grade):
    row = {"current_grade": "C", "grade_since": "2026-03-13", "fading": 1}
    _, review = reviewed(grade, "followup-duty", [row], approved=True)
    assert not review.waits.any()
    assert review.applicable.all()
    assert review.unapproved.all()


@pytest.mark.parametrize("days, comes", [(0, False), (1, True), (14, True)])
def test_how_far_it_looks_ahead(grade, days, comes):
    row = {"current_grade": "A", "grade_since": "2026-03-14"}
    _, review = reviewed(grade, "followup-duty", [row])
    assert bool(review.coming(days)[0]) == comes


NEXT_DAY = ("A", "2026-03-21", "2026-03-21", 0, False, False, True)
"""Twenty customers: the largest is the top 5 %, an A."""


@pytest.mark.parametrize(
    "dates, wanted",
    [
        ({"grade_since": "2026-02-20"}, ("A", "2026-03-20", "2026-03-20", 0, True, False, False)),
        ({"grade_since": "2026-02-21"}, NEXT_DAY),
        ({"grade_since": "2026-01-31"}, ("A", "2026-02-28", "2026-02-28", 20, True, False, False)),
        ({"grade_since": "2026-01-31", "reviewed_on": "2026-02-21"}, NEXT_DAY),
        ({"grade_since": "2026-02-21", "reviewed_on": "2026-01-01"}, NEXT_DAY),
        ({}, ("A", "2026-03-20", None, 0, True, False, False)),
    ],
)
def test_a_month_between_two_rankings(grade, dates, wanted):
    rows = [{"value": 1000, "current_grade": "B"} | dates, *({"value": k, "current_grade": "C"} for k in range(1, 20))]
    grading, review = reviewed(grade, "rank-abc", rows)
    assert told(grading, review) == wanted


ANNUAL = {"annual_sales": 999999, "price_level": 1, "collection_rate": 0.79}  # a C
"""Wanted: to, days from and to, today; then the day to look at the grade, whether it is a new customer's."""


@pytest.mark.parametrize(
    "as_of, row, wanted, looks",
    [
        ("2026-03-24", {"grade_since": "2025-03-28"}, ("C", "2026-03-25", "2026-03-30", 0, False, False, True), None),
        ("2026-03-25", {"grade_since": "2025-03-28"}, ("C", "2026-03-25", "2026-03-30", 0, True, False, False), None),
        ("2026-03-30", {"grade_since": "2025-03-24"}, ("C", "2025-03-25", "2025-03-30", 365, True, False, False), None),
        ("2026-03-30", {"grade_since": "2026-03-24"}, ("C", "2026-03-25", "2026-03-30", 0, True, False, False), None),
        ("2026-03-31", {"grade_since": "2026-03-24"}, ("C", "2026-03-25", "2026-03-30", 1, True, False, False), None),
        ("2026-03-31", {"grade_since": "2026-03-25"}, ("C", "2027-03-25", "2027-03-30", 0, False, False, False), None),
        (
            "2026-03-31",
            {"grade_since": "2020-01-01", "reviewed_on": "2026-03-30"},
            ("C", "2027-03-25", "2027-03-30", 0, False, False, False),
            None,
        ),
        # a new customer: provisional for 183 days from 2026-01-01, that is until 2026-07-03, then assessed
        (
            "2026-07-02",
            {"grade_since": "2026-05-01", "customer_since": "2026-01-01"},
            ("C", "2026-07-02", None, 0, True, False, False),
            "2026-07-03",
        ),
        (
            "2026-07-03",
            {"grade_since": "2026-05-01", "customer_since": "2026-01-01"},
            ("C", "2026-07-03", "2026-07-03", 0, True, False, False),
            "2026-07-03",
        ),
        (
            "2026-07-05",
            {"grade_since": "2026-05-01", "customer_since": "2026-01-01"},
            ("C", "2026-07-03", "2026-07-03", 2, True, False, False),
            "2026-07-03",
        ),
        (
            "2026-07-05",
            {"grade_since": "2026-07-03", "customer_since": "2026-01-01"},
            ("C", "2027-03-25", "2027-03-30", 0, False, False, False),
            None,
        ),
    ],
)
def test_a_year_and_a_provisional_time(grade, as_of, row, wanted, looks):
    row = ANNUAL | {"current_grade": "A"} | row
    grading, review = reviewed(grade, "annual-composite", [row], dt.date.fromisoformat(as_of))
    assert told(grading, review) == wanted
    assert bool(review.provisional[0]) == (looks is not None)
    if looks:
        assert shown(review.looks.due[0]) == looks


def test_no_grade_is_for_life(grade):
    """An A that nothing speaks against is looked at again each year all the same."""
    best = {"annual_sales": 5000000, "price_level": 1, "collection_rate": 1, "current_grade": "A"}
    rows = [best | {"grade_since": "2025-03-24"}, best | {"grade_since": "2026-03-25"}, best]
    _, review = reviewed(grade, "annual-composite", rows, dt.date(2026, 4, 1))
    assert review.to.tolist() == [-1, -1, -1]
    assert review.to_look_at().tolist() == [True, False, False]
    assert review.looks.late(review.as_of).tolist() == [367, 0, 0]  # 30 March 2025 to 1 April 2026
    assert review.looks_coming(358).tolist() == [False, True, False]  # 25 March 2027
    assert review.looks_coming(357).tolist() == [False, False, False]


@pytest.mark.parametrize(
    "window, on, wanted",
    [
        (("03-25", "03-30"), "2026-03-24", ("2026-03-25", "2026-03-30")),
        (("03-25", "03-30"), "2026-03-25", ("2026-03-25", "2026-03-30")),
        (("03-25", "03-30"), "2026-03-30", ("2026-03-25", "2026-03-30")),
        (("03-25", "03-30"), "2026-03-31", ("2027-03-25", "2027-03-30")),
        (("12-28", "01-05"), "2026-01-05", ("2025-12-28", "2026-01-05")),
        (("12-28", "01-05"), "2026-01-06", ("2026-12-28", "2027-01-05")),
        (("02-25", "02-29"), "2028-02-29", ("2028-02-25", "2028-02-29")),
        (("02-25", "02-29"), "2027-03-01", ("2028-02-25", "2028-02-29")),
    ],
)
def test_the_window_that_is_open_or_next(window, on, wanted):
    movement = Movement.model_validate({"review_window": window})
    assert tuple(map(shown, window_of(movement, day(on)))) == wanted


def test_without_a_window():
    assert window_of(Movement.model_validate({"recomputed": "weekly"}), 0) is None


@pytest.mark.parametrize("window", [("3-25", "03-30"), ("03-25", "13-01"), ("03-32", "04-01")])
def test_a_window_is_a_month_and_a_day(window):
    with pytest.raises(ValueError):
        Movement.model_validate({"review_window": window})


@given(st.dates(dt.date(1970, 1, 1), dt.date(2099, 12, 31)), st.integers(0, 40))
def test_months_later(start, months):
    """By the calendar module of Python's library."""
    year, month = start.year + (start.month - 1 + months) // 12, (start.month - 1 + months) % 12 + 1
    wanted = dt.date(year, month, min(start.day, calendar.monthrange(year, month)[1]))
    assert shown(add_months(np.array([day(start)], np.int64), months)[0]) == str(wanted)


@pytest.mark.parametrize(
    "cycle, wanted", [("weekly", "2026-02-07"), ("monthly", "2026-02-28"), ("yearly", "2027-01-31")]
)
def test_cycles(cycle, wanted):
    due, last = next_review(Movement.model_validate({"recomputed": cycle}), np.array([day("2026-01-31")], np.int64))
    assert shown(due[0]) == shown(last[0]) == wanted


GRADES = st.sampled_from(["A", "B", "C", "D", None])
DATES = st.one_of(st.none(), st.dates(dt.date(2026, 2, 1), dt.date(2026, 3, 25)))
GATED = st.fixed_dictionaries(
    {"current_grade": GRADES, "grade_since": DATES, "reviewed_on": DATES, "breach": st.booleans(),
     "good_period": st.booleans(), "good_credit": st.booleans(), "prior_dealings": st.booleans()}
)  # fmt: skip
FADED = st.fixed_dictionaries(
    {"current_grade": GRADES, "grade_since": DATES, "reviewed_on": DATES, "fading": st.booleans(),
     "approved": st.booleans()}
)  # fmt: skip
RANKED = st.fixed_dictionaries(
    {"current_grade": GRADES, "grade_since": DATES, "reviewed_on": DATES, "value": st.integers(1, 50)}
)


@pytest.mark.parametrize("model, rows", [("volume-gates", GATED), ("followup-duty", FADED), ("rank-abc", RANKED)])
@given(data=st.data())
def test_what_was_moved_today_is_not_moved_again_today(grade, model, rows, data):
    table = data.draw(st.lists(rows, min_size=1, max_size=12))
    if model == "volume-gates":
        table = [{"trade": "dealer", "annual_volume": 1} | row for row in table]
    _, review = reviewed(grade, model, table)
    moves, ids = review.applicable.tolist(), find_model(model).model.grade_ids
    after = [
        row | {"current_grade": ids[to], "grade_since": DAY, "reviewed_on": DAY} if moves[i] else row
        for i, (row, to) in enumerate(zip(table, review.to.tolist(), strict=True))
    ]
    _, again = reviewed(grade, model, after)
    assert not (again.today & review.applicable).any()


@given(st.lists(GATED, min_size=1, max_size=12))
def test_a_review_and_a_re_tier_agree_where_moves_apply(grade, rows):
    """Without a calendar every change of grade that a re-tier would make is one that the review names, and no other."""
    rows = [{"trade": "dealer", "annual_volume": 1} | row for row in rows]
    grading, review = reviewed(grade, "volume-gates", rows)
    ids = [*grading.model.grade_ids, None]
    for i, (row, new) in enumerate(zip(rows, grading.grades, strict=True)):
        assert ids[review.to[i]] == (new if new is not None and new != row["current_grade"] else None)
