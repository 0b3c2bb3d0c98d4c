"""What holds for every shipped model, on tables drawn for its own fields: better input, and the step to a better grade.

Which input is better is data: `BETTER` names, for every ordered model, the fields of which more (1) or less (-1) is
never worse, or the words from worst to best; models and fields left out stand in `NOT_MONOTONE` with the reason.
"""

from __future__ import annotations

import datetime as dt

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.models.conftest import MODELS
from tieraddin.grading.groups import Group
from tieraddin.grading.improve import Improver
from tieraddin.models.load import find_model

from .conftest import DAY, bound_model, grade_rows

ORDERED = [id for id in MODELS if find_model(id).model.ordered]
LOW_HIGH, LETTERS = ["low", "high"], ["D", "C", "B", "A"]


def plus(*names):
    return dict.fromkeys(names, 1)


BETTER = {
    "abcd-four-factors": plus("purchases", "amount", "loyalty") | {"complaints": -1},
    "annual-composite": plus("annual_sales", "price_level", "collection_rate"),
    "client-ownership": plus("last_callback", "last_agreement", "asked_by_name") | {"forgot_or_dissatisfied": -1},
    "customer-assessment": plus("buying_power", "purchase_frequency", "repeat", "referral", "ability_to_pay", "credit"),
    "customer-checklist": plus(
        "strong_demand", "profitable_prompt", "low_service_cost", "loyal_low_risk", "pushes_us", "high_lifetime_value"
    )
    | {"buys_little_asks_much": -1, "bad_credit": -1, "asks_the_unsuited": -1},
    "customer-pyramid": plus("value"),
    "deal-quality": {"means": LOW_HIGH, "willingness": LOW_HIGH},
    "eight-levels": plus(
        "orders_this_year", "annual_agreement", "platform_buyer", "high_social_value", "frequent_user", "endorses"
    ),
    "funnel-stage": plus("contacted", "qualified", "bought", "repeat_orders"),
    "loss-ratio": {"loss_ratio": -1},
    "lowest-item-intent": dict.fromkeys(("need", "area", "product", "price", "means", "process"), LETTERS)
    | {"closing_days": -1},
    "loyalty-four": plus("spend", "frequency") | {"days_since_last": -1},
    "management-span": {"customers": -1},
    "opportunity-20": plus(*(f.name for f in find_model("opportunity-20").model.fields if f.name != "small_deal")),
    "park-intent": plus(*(f"mark_{k}" for k in range(1, 8)), "funds_ample", "price_accepted"),
    "potential-quadrant": plus("contribution", "intent"),
    "present-quadrant": plus("contribution", "stability"),
    "rank-abc": plus("value"),
    "ten-stages": plus(
        "key_facts_known", "trade_allowed", "size_in_range", "considering_new_supplier", "dissatisfied_with_current",
        "talking_to_new_supplier", "asked_for_material", "agreed_next_contact", "asked_about_us", "needs_met",
        "accepts_us", "knows_quote", "affordable", "price_acceptable", "agreed_orally", "took_real_step",
        "buys_within_2_months", "signed", "purchased", "paid", "used_up", "all_paid", "no_open_promise",
    ),
    "three-intents": plus("knowledge", "comparison", "loyalty", "buying"),
    "trade-abc": plus("annual_volume") | {"overdue_share": -1},
    "value-abc": plus("value"),
    "value-matrix": plus("short_term", "long_term"),
    "value-tiers": plus("value") | {"service_cost": -1},
    "volume-gates": plus("annual_volume", "wants_partnership", "good_credit")
    | {"late_payments": -1, "uncollected_goods": -1, "current_risk": -1, "unlawful_record": -1},
}  # fmt: skip
NOT_MONOTONE = {
    "followup-duty": "keeps the grade that it is given",
    "rfm": "a segment is a pattern of three scores, not a rank; the scores are, see test_properties.py",
    "client-ownership: first_callback": "a late one may have lost the client already",
    "client-ownership: first_visit": "a later visit starts the term anew: no better customer",
    "customer-checklist: large_customer": "large is not the same as good",
    "deal-quality: calls_made": "told beside the grade only",
    "eight-levels: breaks_contracts": "the level free stands between others, by whether contracts are kept",
    "eight-levels: deals": "two counts that tell new from dormant",
    "lowest-item-intent: contact": "an aid that does not lower the grade",
    "opportunity-20: small_deal": "asks for the light form: another yardstick, no better deal",
    "park-intent: visits, contact, motive, urgent": "to come again without contact fits none",
    "ten-stages: from_decider, knows_us, considered, refused": "they make a refusal count as well",
    "volume-gates: prior_dealings": "D is for those without dealings, C for those with",
}
NO_STEP = {
    "client-ownership": "time decides, and a call-back is a date: nothing to set",
    "followup-duty": "keeps the grade that it is given",
}
"""Ordered models that name no step, with the reason."""


def days_before(days):
    return (DAY - dt.timedelta(days=days)).isoformat()


def cells_of(field):
    """Good cells of a field, from worst to best where that is `plain`; numbers on the scale that its unit names."""
    match field.kind:
        case "choice":
            return list(field.values)
        case "flag":
            return [False, True]
        case "date":
            return [days_before(days) for days in (30, 16, 15, 14, 13, 12, 10, 9, 4, 3, 1, 0)]
        case "share":
            return [0.0, 0.3, 0.5, 0.6, 0.601, 0.75, 0.8, 0.9, 0.95, 1.0, 1.01, 1.3]
        case "count":
            return [0, 1, 2, 3, 5, 8, 40, 80, 81]
        case "text":
            return ["x", "y"]
    if field.unit == "0-10":
        return [0, 1.5, 3, 4, 5, 5.9, 6, 6.5, 7, 8, 9, 10]
    if field.unit == "CNY":
        return [0, 1, 50, 999.5, 2000, 150_000, 999_999, 1e6, 4_999_999, 5e6, 1e7, 2e7]
    return [0, 1, 2, 3, 7, 8, 14, 15, 30, 90, 200, 400]


def tables_of(id, blanks):
    """Tables of a model: good cells, and with ``blanks`` some of these where a field may be blank."""
    columns = {}
    for field in bound_model(id, "{}").fields:
        cell = st.sampled_from(cells_of(field))
        columns[field.name] = st.one_of(st.none(), cell) if blanks and not field.required else cell
    for name in ("current_grade", "grade_since", "reviewed_on", "breach", "breach_on", "good_period", "approved"):
        columns.pop(name, None)  # movement has tests of its own
    return st.lists(st.fixed_dictionaries(columns), min_size=1, max_size=8)


TABLES = {id: tables_of(id, blanks=True) for id in ORDERED}
FULL = {id: tables_of(id, blanks=False) for id in BETTER}
"""Without blanks: where one decides there is no grade, which is no worse one."""


def better_cells(field, way, now):
    """The cells of ``field`` that are better than ``now``."""
    cells = way if isinstance(way, list) else cells_of(field)[:: 1 if way == 1 else -1]
    return cells[cells.index(now) + 1 :]


def test_every_ordered_model_is_listed_with_its_fields_or_a_reason():
    assert set(BETTER) | {name for name in NOT_MONOTONE if ":" not in name} == set(ORDERED)
    assert not set(BETTER) & set(NOT_MONOTONE)
    for id, ways in BETTER.items():
        assert set(ways) <= {field.name for field in find_model(id).model.fields}


@pytest.mark.parametrize("id", BETTER)
@given(data=st.data())
@settings(max_examples=40, deadline=None)
def test_better_input_never_gives_a_worse_grade(id, data):
    rows = data.draw(FULL[id])
    model = bound_model(id, "{}")
    i = data.draw(st.integers(0, len(rows) - 1))
    name = data.draw(st.sampled_from(sorted(BETTER[id])))
    choices = better_cells(model.field(name), BETTER[id][name], rows[i][name])
    if not choices:
        return
    changed = rows[i] | {name: data.draw(st.sampled_from(choices))}
    before, after = (int(grade_rows(model, table).codes[i]) for table in (rows, [*rows[:i], changed, *rows[i + 1 :]]))
    if before >= 0:
        assert 0 <= after <= before, (rows[i], name, changed[name])


def taken(model, row, step, i):
    """``row`` after ``step``; where a bound must be passed, by the least that the field's kind allows."""
    row = dict(row)
    for change in step.changes:
        value = float(change.value[i]) if isinstance(change.value, np.ndarray) else change.value
        least = 1 if model.field(change.field).kind == "count" else 1e-4
        row[change.field] = (
            value + {"above": least, "below": -least}.get(change.test, 0) if change.test != "is" else value
        )
    return row


def steps_taken(id, rows):
    """Take the next step of each row alone and hold it to the grade that it names; how many rows name one."""
    model = bound_model(id, "{}")
    grading = grade_rows(model, rows)
    improver = Improver(grading)
    named = 0
    for i, row in enumerate(rows):
        step = improver.next_step(Group(np.array([i])))
        if step is None:
            continue
        after = taken(model, row, step, i)
        if improver.moves and grading.grades[i] is not None:
            after["current_grade"] = grading.grades[i]
        grade = grade_rows(model, [*rows[:i], after, *rows[i + 1 :]]).grades[i]
        assert grade == step.grade, (row, after)
        assert model.grade_ids.index(grade) < (int(grading.codes[i]) % (len(model.grades) + 1))
        named += 1
    return named


@pytest.mark.parametrize("id", ORDERED)
@given(data=st.data())
@settings(max_examples=15, deadline=None)
def test_whoever_takes_the_next_step_reaches_the_grade_that_it_names(id, data):
    steps_taken(id, data.draw(TABLES[id]))


@pytest.mark.parametrize("id", ORDERED)
def test_every_ordered_model_names_steps(id):
    rng = np.random.default_rng(11)
    fields = [f for f in bound_model(id, "{}").fields if f.name not in ("current_grade", "grade_since", "breach")]
    rows = [{f.name: cells_of(f)[rng.integers(len(cells_of(f)))] for f in fields} for _ in range(40)]
    assert (steps_taken(id, rows) > 0) == (id not in NO_STEP)
