"""Three-valued conditions: against all ways in which what is not known could turn out."""

from __future__ import annotations

from itertools import product

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import TypeAdapter

from tieraddin.grading.conditions import NO, UNKNOWN, YES, Truths, compare, needed, truth
from tieraddin.grading.explain import Explainer
from tieraddin.grading.readings import Reading
from tieraddin.models.conditions import Condition

CONDITION = TypeAdapter(Condition)


def flags(*values):
    """A reading of flags; None is not known."""
    known = np.array([value is not None for value in values])
    return Reading("flag", np.array([bool(v) for v in values]), known, np.zeros(len(values), np.int16), [])


def numbers(*values, words=()):
    """A reading of numbers; None is not known, a text is one of ``words``."""
    n = len(values)
    word = np.array([words.index(v) if isinstance(v, str) else -1 for v in values], np.int8)
    held = np.array([v if isinstance(v, (int, float)) else np.nan for v in values], float)
    known = np.array([v is not None for v in values])
    return Reading("number", held, known, np.zeros(n, np.int16), [], word=word if words else None, words=list(words))


def leaf(k):
    return {"field": f"f{k}", "is": True}


TREES = st.recursive(
    st.integers(0, 4).map(leaf),
    lambda parts: st.one_of(
        st.lists(parts, min_size=1, max_size=4).map(lambda p: {"all": p}),
        st.lists(parts, min_size=1, max_size=4).map(lambda p: {"any": p}),
        st.lists(parts, min_size=1, max_size=4).flatmap(
            lambda p: st.integers(1, len(p)).map(lambda k: {"at_least_k": k, "of": p})
        ),
        parts.map(lambda p: {"not": p}),
    ),
    max_leaves=8,
)


def held(tree, values):
    """Python's own logic, all values known."""
    if "field" in tree:
        return values[int(tree["field"][1:])]
    if "not" in tree:
        return not held(tree["not"], values)
    parts = [held(part, values) for part in tree.get("all") or tree.get("any") or tree["of"]]
    return all(parts) if "all" in tree else any(parts) if "any" in tree else sum(parts) >= tree["at_least_k"]


def no_leaf_twice(tree, seen):
    if "field" in tree:
        new = tree["field"] not in seen
        seen.add(tree["field"])
        return new
    parts = [tree["not"]] if "not" in tree else tree.get("all") or tree.get("any") or tree["of"]
    new = [no_leaf_twice(part, seen) for part in parts]
    return all(new)


@given(TREES, st.lists(st.tuples(*[st.sampled_from([True, False, None])] * 5), min_size=1, max_size=6))
def test_what_is_not_known_is_told_as_far_as_it_can_be(tree, rows):
    readings = {f"f{k}": flags(*(row[k] for row in rows)) for k in range(5)}
    found = truth(CONDITION.validate_python(tree), readings).tolist()
    for row, answer in zip(rows, found, strict=True):
        ways = product(*[(True, False) if value is None else (value,) for value in row])
        possible = {held(tree, way) for way in ways}
        if answer != UNKNOWN:
            assert possible == {answer == YES}
        elif no_leaf_twice(tree, set()):  # else parts that exclude each other are still not known
            assert possible == {True, False}


@given(TREES)
def test_no_tree_is_unknown_where_all_is_known(tree):
    rows = list(product([True, False], repeat=5))
    readings = {f"f{k}": flags(*(row[k] for row in rows)) for k in range(5)}
    found = Truths(readings)(CONDITION.validate_python(tree))
    assert found.dtype == np.int8
    assert found.tolist() == [YES if held(tree, row) else NO for row in rows]


@pytest.mark.parametrize(
    "tree, holds, fails",
    [
        ({"all": [leaf(0), leaf(1), leaf(2)]}, 3, 1),
        ({"any": [leaf(0), leaf(1), leaf(2)]}, 1, 3),
        ({"at_least_k": 2, "of": [leaf(0), leaf(1), leaf(2)]}, 2, 2),
        ({"not": leaf(0)}, 1, 1),
    ],
)
def test_how_many_parts_decide(tree, holds, fails):
    condition = CONDITION.validate_python(tree)
    assert (needed(condition), needed(condition, wanted=False)) == (holds, fails)


@pytest.mark.parametrize(
    "test, answers",
    [
        ({"at_least": 5}, [NO, YES, YES, YES, YES, UNKNOWN]),
        ({"above": 5}, [NO, NO, NO, NO, YES, UNKNOWN]),
        ({"at_most": 5}, [YES, YES, YES, YES, NO, UNKNOWN]),
        ({"below": 5}, [YES, NO, NO, NO, NO, UNKNOWN]),
        ({"at_least": {"field": "other"}}, [NO, YES, YES, YES, YES, UNKNOWN]),
        ({"below": {"field": "other"}}, [YES, NO, NO, NO, NO, UNKNOWN]),
        ({"above": {"field": "other", "plus": -1}}, [NO, YES, YES, YES, YES, UNKNOWN]),
        ({"at_most": {"field": "other", "plus": 1}}, [YES, YES, YES, YES, YES, UNKNOWN]),
    ],
)
def test_edges_within_a_billionth(test, answers):
    readings = {"x": numbers(4, 5 - 1e-10, 5, 5 + 1e-10, 6, None), "other": numbers(5, 5, 5, 5, 5, 5)}
    assert compare(CONDITION.validate_python({"field": "x"} | test), readings).tolist() == answers


def test_an_unknown_bound_is_not_known():
    readings = {"x": numbers(4, 5), "other": numbers(None, 5)}
    condition = CONDITION.validate_python({"field": "x", "at_least": {"field": "other"}})
    assert compare(condition, readings).tolist() == [UNKNOWN, YES]


@pytest.mark.parametrize(
    "test, answers",
    [
        ({"is": "never"}, [NO, YES, NO, UNKNOWN]),
        ({"is": ["never", "later"]}, [NO, YES, YES, UNKNOWN]),
        ({"at_least": 3}, [YES, NO, NO, UNKNOWN]),
        ({"below": 3}, [NO, NO, NO, UNKNOWN]),
    ],
)
def test_a_word_in_place_of_a_number(test, answers):
    reading = numbers(7, "never", "later", None, words=("never", "later"))
    assert compare(CONDITION.validate_python({"field": "x"} | test), {"x": reading}).tolist() == answers


def test_words_of_a_choice():
    names = ["oem", "dealer"]
    codes = np.array([0, 1, 0, -1], np.int32)
    reading = Reading("code", codes, codes >= 0, np.zeros(4, np.int16), [], names)
    one, some, none = ({"field": "x", "is": words} for words in ("oem", ["oem", "dealer"], ["bank"]))
    answers = [compare(CONDITION.validate_python(test), {"x": reading}).tolist() for test in (one, some, none)]
    assert answers == [[YES, NO, YES, UNKNOWN], [YES, YES, YES, UNKNOWN], [NO, NO, NO, UNKNOWN]]


KNOWN = """
[[steps]]
block = "ladder"
otherwise = "C"
rules = [
  { grade = "A", when = { all = [{ field = "x", known = true }, { field = "x", at_least = 5 }] } },
  { grade = "B", when = { all = [{ field = "x", known = false }, { field = "y", at_least = 5 }] } },
]
"""


def test_a_blank_can_be_asked_for_and_what_cannot_be_read_is_no_blank(grade, model_of):
    model = model_of(KNOWN, {"x": 'kind = "number"', "y": 'kind = "number"'}, ["A", "B", "C"])
    rows = [
        {"x": 5, "y": 0},
        {"x": 4, "y": 9},
        {"x": None, "y": 5},
        {"x": None, "y": 4},
        {"x": "?", "y": 9},
        {"y": None},
    ]
    assert grade(model, rows).grades == ["A", "C", "B", "C", None, None]
    assert grade(model, [{"y": 9}]).grades == ["B"], "a field without a column is blank"


def test_a_value_that_is_lacking_is_named(grade, model_of):
    ladder = '[[steps]]\nblock = "ladder"\nrules = [{ grade = "A", when = { field = "x", known = true } }]\n'
    model = model_of(ladder, {"x": 'kind = "number"'}, ["A"])
    grading = grade(model, [{"x": 1}, {"x": None}])
    assert grading.grades == ["A", None]
    assert Explainer(grading, "en").reason(1) == "No grade fits. A needs x: a value."
    assert Explainer(grading, "zh").reason(1).endswith("x项要有值。")
    assert Explainer(grading, "en").next_step(1) is None


DATES = """
[[steps]]
id = "age"
block = "bands"
input = "last_deal.days"
bands = [{ grade = "fresh", below = 30 }, { grade = "stale", at_least = 30 }]
[[steps]]
block = "ladder"
otherwise = "C"
rules = [
  { grade = "A", when = { all = [{ field = "age", is = "fresh" }, { field = "x", at_least = 5 }] } },
  { grade = "B", when = { field = "last_deal.days", at_most = 365 } },
]
"""


def test_a_date_can_be_held_against_the_day_of_the_run(grade, model_of):
    model = model_of(DATES, {"x": 'kind = "number"', "last_deal": 'kind = "date"'}, ["A", "B", "C"])
    dates = ["2026-02-19", "2026-02-18", "2025-03-20", "2025-03-19", None, "soon"]  # 29, 30, 365, 366 days ago
    grading = grade(model, [{"x": 5, "last_deal": day} for day in dates])
    assert grading.grades == ["A", "B", "B", "C", None, None]
    explain = Explainer(grading, "en")
    assert explain.reason(4) == "Not graded: last_deal is blank."
    assert "soon" in explain.reason(5)
    assert explain.next_step(2) is None, "no one can make time pass"
    small = grade(model, [{"x": 4, "last_deal": "2026-02-19"}])
    assert Explainer(small, "en").next_step(0) == "For A: x of at least 5 (1 more)."


def test_the_days_since_a_date_have_words(grade, model_of):
    ladder = '[[steps]]\nblock = "ladder"\nrules = [{ grade = "A", when = { field = "d.days", above = 30 } }]\n'
    grading = grade(model_of(ladder, {"d": 'kind = "date"'}, ["A"]), [{"d": "2026-03-19"}])
    assert Explainer(grading, "en").reason(0) == "No grade fits. A needs Days since d above 30 (now 1)."
    assert "距d项的天数" in Explainer(grading, "zh").reason(0)
