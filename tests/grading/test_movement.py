"""Promotion and demotion, case by case from the documents' rules."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tieraddin.grading.explain import Explainer
from tieraddin.tables.values import CellError

KNOWN = {"trade": "dealer", "annual_volume": 1000, "prior_dealings": True, "good_credit": True}  # fits C
FRESH = {"trade": "dealer", "annual_volume": 1000, "prior_dealings": False}  # fits D
NOBODY = KNOWN | {"good_credit": False}  # fits nothing
BREACH, GOOD = {"breach": "是"}, {"good_period": True}

GATES = {
    "a C that breaches": (KNOWN | {"current_grade": "C"} | BREACH, "D", "D", "within 5 days"),
    "the entry rules are told too": (KNOWN | {"current_grade": "C"} | BREACH, "D", "D", "rules it would be C."),
    "a C without a breach": (KNOWN | {"current_grade": "C"}, "C", None, "Meets every condition of C"),
    "a D stays D": (KNOWN | {"current_grade": "D"}, "D", None, "Stays D; by the entry rules it would be C"),
    "until a good period": (KNOWN | {"current_grade": "d"} | GOOD, "C", "C", "Did well"),
    "a D with a breach and a good period": (KNOWN | {"current_grade": "D"} | GOOD | BREACH, "C", "C", "Did well"),
    "a C by movement keeps it": (FRESH | {"current_grade": "C"}, "C", None, "Stays C; by the entry rules"),
    "no current grade": (KNOWN | BREACH, "C", None, "Meets every condition of C"),
    "a current grade that is none": (KNOWN | {"current_grade": "?"} | BREACH, "C", None, "Meets every condition of C"),
    "a current A moves by the entry rules": (KNOWN | {"current_grade": "A"} | BREACH, "C", None, "Meets"),
    "an unreadable breach is none": (KNOWN | {"current_grade": "C", "breach": CellError("#N/A")}, "C", None, "Meets"),
    "a breach though no grade fits": (NOBODY | {"current_grade": "C"} | BREACH, "D", "D", "rules no grade fits."),
    "no grade fits, nothing moves": (NOBODY | {"current_grade": "D"}, None, None, "No grade fits."),
    "what is blank is not moved": (
        KNOWN | {"current_grade": "C", "annual_volume": None} | BREACH,
        None,
        None,
        "Annual volume is blank",
    ),
}


@pytest.mark.parametrize("row, wanted, move, words", GATES.values(), ids=GATES)
def test_volume_gates(grade, row, wanted, move, words):
    grading = grade("volume-gates", [row])
    assert grading.grades == [wanted]
    assert grading.move_to(0) == move
    assert words in Explainer(grading, "en").reason(0)


def test_chinese_reasons_of_moves(grade):
    rows = [KNOWN | {"current_grade": "C"} | BREACH, KNOWN | {"current_grade": "D"}]
    explain = Explainer(grade("volume-gates", rows), "zh")
    assert "由 C 降为 D" in explain.reason(0)
    assert "按入级条件应为 C" in explain.reason(0)
    assert explain.reason(1).startswith("维持 D；按入级条件应为 C")


@pytest.mark.parametrize(
    "row, move, words",
    [
        ({"current_grade": "A", "grade_since": "2026-03-13"}, "B", "Undecided after a week"),
        ({"current_grade": "A", "grade_since": "2026-03-14"}, None, "Keeps its grade A"),
        ({"current_grade": "A"}, None, "Keeps its grade A"),
        ({"current_grade": "B", "grade_since": "2026-03-13", "fading": "是"}, "C", "from B to C"),
        ({"current_grade": "B", "grade_since": "2026-03-13"}, None, "Keeps its grade B"),
        ({"current_grade": "B", "grade_since": "2026-03-14", "fading": "是"}, None, "Keeps its grade B"),
        ({"current_grade": "C", "grade_since": "2026-03-01", "fading": 1}, "D", "This move needs approval first."),
        ({"current_grade": "D", "grade_since": "2026-03-01", "fading": 1}, None, "Keeps its grade D"),
    ],
)
def test_followup_duty_proposes(grade, row, move, words):
    grading = grade("followup-duty", [row])
    assert grading.grades == [row["current_grade"]]
    assert grading.move_to(0) == move
    assert words in Explainer(grading, "en").reason(0)


def test_an_approved_proposal_needs_no_approval(grade):
    row = {"current_grade": "C", "grade_since": "2026-03-01", "fading": True, "approved": "yes"}
    assert "approval" not in Explainer(grade("followup-duty", [row]), "en").reason(0)


@pytest.fixture
def approving(model_of):
    """C by rank, else D; moves of its own: C to D after 7 days with approval, D to B at once."""
    body = """
        common = ["current_grade", "grade_since", "approved"]
        [[steps]]
        block = "bands"
        input = "x"
        bands = [{ grade = "D", below = 5 }, { grade = "C", at_least = 5 }]
        [[movement.moves]]
        from = ["C"]
        to = "D"
        after_days = 7
        needs_approval = true
        reason = { zh = "降", en = "down" }
        [[movement.moves]]
        from = ["D"]
        to = "B"
        when = { field = "star", is = true }
        needs_approval = true
        reason = { zh = "升", en = "up" }
    """
    return model_of(body, {"x": 'kind = "number"', "star": 'kind = "flag"'}, ["B", "C", "D"])


SINCE = {"x": 9, "current_grade": "C"}
ASKS, ELSE_C = "This move needs approval first.", "By the entry rules it would be C."
ELSE_D = "by the entry rules it would be D, but the way there is:"


@pytest.mark.parametrize(
    "row, wanted, move, reason",
    [
        (SINCE | {"grade_since": "2026-03-13"}, "C", "D", f"down {ASKS}"),
        (SINCE | {"grade_since": "2026-03-13", "approved": 1}, "D", "D", f"down {ELSE_C}"),
        (SINCE | {"grade_since": "2026-03-14", "approved": 1}, "C", None, "so C"),
        ({"x": 9, "current_grade": "D", "star": 1}, "D", "B", f"up {ASKS} {ELSE_C}"),
        ({"x": 9, "current_grade": "D", "star": 1, "approved": 1}, "B", "B", f"up {ELSE_C}"),
        ({"x": 1, "current_grade": "C"}, "C", None, f"Stays C; {ELSE_D} down"),
        ({"x": 9, "current_grade": "B"}, "C", None, "so C"),
    ],
)
def test_moves_that_need_approval(grade, approving, row, wanted, move, reason):
    grading = grade(approving, [row])
    assert (grading.grades, grading.move_to(0)) == ([wanted], move)
    assert Explainer(grading, "en").reason(0) == reason


@pytest.mark.parametrize(
    "row, step",
    [
        ({"x": 1}, "For C: x of at least 5 (4 more)."),
        ({"x": 1, "star": 1}, "For B: Approved to be yes."),
        ({"x": 9, "current_grade": "C"}, None),
    ],
)
def test_the_next_step_by_a_move(grade, approving, row, step):
    assert Explainer(grade(approving, [row]), "en").next_step(0) == step


CURRENT = st.sampled_from(["A", "B", "C", "D", None])
ROWS = st.tuples(st.sampled_from([KNOWN, FRESH, NOBODY]), CURRENT, st.booleans(), st.booleans())


@given(st.lists(ROWS, min_size=1))
def test_a_c_put_to_d_stays_there_until_a_good_period(grade, cases):
    """The rule itself, row by row, in plain Python."""
    entry = {id(KNOWN): "C", id(FRESH): "D", id(NOBODY): None}
    rows = [row | {"current_grade": now, "breach": bad, "good_period": good} for row, now, bad, good in cases]
    wanted = []
    for row, now, bad, good in cases:
        by_rules = entry[id(row)]
        if now == "C" and bad:
            wanted.append("D")
        elif now == "D" and good:
            wanted.append("C")
        elif now in ("C", "D") and by_rules is not None:
            wanted.append(now)
        else:
            wanted.append(by_rules)
    assert grade("volume-gates", rows).grades == wanted
