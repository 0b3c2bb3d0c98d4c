"""The mix of grades against norms, what it says, groups, concentration, risks and loads: worked by hand."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tieraddin.grading.exposure import concentration_of, loads_of, people_needed, risks_of
from tieraddin.grading.portfolio import Labels, groups, holds, mix_of, ratio_of
from tieraddin.models.load import find_model
from tieraddin.models.sections import MixTest

ABC = find_model("value-abc").model
OPENING = find_model("opening-grid").model
MATRIX = find_model("value-matrix").model
LOSS = find_model("loss-ratio").model


def codes(**counts: int) -> Any:
    """Codes of ABC, a count a grade; ``none`` for rows without a grade."""
    return np.repeat([*range(3), -1], [counts.get(name, 0) for name in ("A", "B", "C", "none")]).astype(np.int32)


def of_grades(model: Any, grades: str) -> Any:
    return np.array([model.grade_ids.index(grade) for grade in grades], np.int32)


def verdicts(mix: Any) -> dict[str, str]:
    return {cell.grade: cell.of_customers.verdict for cell in mix.cells if cell.of_customers.verdict}


# The norm is 20, 30 and 50 %; ten percentage points away is still within it.
@pytest.mark.parametrize(
    "counts, expected",
    [
        ({"A": 20, "B": 30, "C": 50}, {}),
        ({"A": 30, "B": 20, "C": 50}, {}),
        ({"A": 31, "B": 20, "C": 49}, {"A": "too_many"}),
        ({"A": 30, "B": 19, "C": 51}, {"B": "too_few"}),
        ({"A": 9, "B": 30, "C": 61}, {"A": "too_few", "C": "too_many"}),
        ({"A": 31, "B": 20, "C": 49, "none": 500}, {"A": "too_many"}),
        ({"A": 10}, {"A": "too_many", "B": "too_few", "C": "too_few"}),
        ({"A": 9}, {}),
        ({"A": 1}, {}),
        ({}, {}),
    ],
)
def test_a_share_further_from_its_norm_than_the_tolerance_is_told(counts: dict[str, int], expected: Any) -> None:
    assert verdicts(mix_of(ABC, codes(**counts))) == expected


def test_tolerance_and_smallest_group_can_be_set() -> None:
    rows = codes(A=2, B=2, C=4)  # 25, 25 and 50 %
    assert verdicts(mix_of(ABC, rows)) == {}
    assert verdicts(mix_of(ABC, rows, smallest=8)) == {}
    assert verdicts(mix_of(ABC, rows, smallest=8, tolerance=0.05)) == {}
    assert verdicts(mix_of(ABC, rows, smallest=8, tolerance=0.049)) == {"A": "too_many", "B": "too_few"}
    assert not mix_of(ABC, rows).judged
    assert mix_of(ABC, rows, smallest=8).judged


def test_shares_of_the_value_leave_out_negative_amounts_and_rows_without_a_grade() -> None:
    values = np.array([60.0, -40.0, 30.0, np.nan, 10.0, 1000.0])
    mix = mix_of(ABC, np.array([0, 0, 1, 1, 2, -1], np.int32), values)
    assert mix.value == 100
    assert (mix.customers, mix.ungraded) == (5, 1)
    assert [(c.customers, c.value, c.of_value.share) for c in mix.cells if c.of_value] == [
        (2, 60, 0.6),
        (2, 30, 0.3),
        (1, 10, 0.1),
    ]


def test_the_value_has_norms_of_its_own() -> None:
    values = np.array([60.0] + [40 / 9] * 9)
    mix = mix_of(ABC, np.array([0] * 2 + [1] * 3 + [2] * 5, np.int32), values)
    # A holds 60 + 4.4 of 100 against 80, B 13.3 against 15, C 22.2 against 5
    assert [c.of_value.verdict for c in mix.cells if c.of_value] == ["too_few", None, "too_many"]
    assert verdicts(mix) == {}


def test_no_value_at_all_has_no_shares() -> None:
    for values in (np.zeros(3), np.full(3, np.nan), np.full(3, -1.0)):
        mix = mix_of(ABC, np.array([0, 1, 2], np.int32), values)
        assert [cell.of_value for cell in mix.cells] == [None] * 3
        assert mix.share(["A"], "value") is None
        assert concentration_of(values) is None


@given(st.lists(st.integers(-1, 2), max_size=60))
def test_shares_add_up(rows: list[int]) -> None:
    mix = mix_of(ABC, np.array(rows, np.int32), np.ones(len(rows)))
    there = [row for row in rows if row >= 0]
    assert (mix.customers, mix.ungraded) == (len(there), rows.count(-1))
    assert [cell.customers for cell in mix.cells] == [rows.count(k) for k in range(3)]
    if there:
        assert sum(cell.of_customers.share for cell in mix.cells) == pytest.approx(1)
        assert mix.share([]) == max(rows.count(k) for k in range(3)) / len(there)


# ------------------------------------------------------------ what a mix says


@pytest.mark.parametrize(
    "grades, begins",
    [
        ("GGGGHHHHEEEEBBBCCCDF", []),
        ("AHHHHHEEEEEEBBBBCCCC", ["Behind on our own ground (A) and nowhere ahead there (G)"]),
        ("AGHHHHEEEEEEBBBBCCCC", []),  # one G is enough
        ("A" + "HEBC" * 8, []),  # 3 % of A
        ("AADDDFGGGGHE", ["Too often not ahead on our own ground"]),
        ("BBBBBGGGEEEFFCCC", ["Always behind on neutral ground"]),
        ("CCCCCHHHEEEFFBBB", ["Mostly the second bidder"]),
        ("DDGGGGGHHHHEEEEBBBBC", ["Rivals draw level on our ground"]),
        ("DDFGGGGHHHHEEEEBBBBC", []),
        ("IIGGGGGHHHHEEEEBBBBC", ["Quite often ahead on rivals' ground"]),
        ("AH", []),  # too few to judge
    ],
)
def test_openings_say_what_ails_the_team(grades: str, begins: list[str]) -> None:
    said = [finding.text.en for finding in mix_of(OPENING, of_grades(OPENING, grades)).findings]
    assert len(said) == len(begins)
    assert all(text.startswith(begin) for text, begin in zip(said, begins, strict=True))


@pytest.mark.parametrize(
    "grades, too_many, crowded",
    [
        ("111222333444", [], False),
        ("111112222334", ["1"], False),  # 42, 33, 17, 8 %
        ("111111222334", ["1"], True),
        ("122222233344", ["2"], True),
        ("122233333344", ["3"], True),
        ("122233444444", ["4"], True),
    ],
)
def test_a_type_that_takes_too_much_has_a_fault_and_a_remedy(grades: str, too_many: list[str], crowded: bool) -> None:
    mix = mix_of(MATRIX, of_grades(MATRIX, grades))
    assert [grade for grade, verdict in verdicts(mix).items() if verdict == "too_many"] == too_many
    assert bool(mix.findings) == crowded
    norms = {norm.grade: norm for norm in MATRIX.portfolio.norms}  # type: ignore[union-attr]
    assert all(norms[grade].too_many for grade in "1234")


@pytest.mark.parametrize(
    "test, expected",
    [
        ({"grades": ["A"], "at_least": 0.5}, True),
        ({"grades": ["A"], "at_least": 0.51}, False),
        ({"grades": ["A", "B"], "at_most": 0.75}, True),
        ({"grades": ["A", "B"], "at_most": 0.74}, False),
        ({"grades": ["B"], "at_least": 0.1, "at_most": 0.3}, True),
        ({"at_least": 0.5}, True),
        ({"at_least": 0.6}, False),
        ({"at_most": 0.4}, False),
        ({"grades": ["A"], "of": "value", "at_least": 0.9}, True),
        ({"grades": ["A"], "of": "value", "at_most": 0.8}, False),
    ],
)
def test_tests_of_a_mix(test: dict[str, Any], expected: bool) -> None:
    mix = mix_of(ABC, np.array([0, 0, 1, 2], np.int32), np.array([90.0, 0, 5, 5]))
    assert holds(MixTest(**test), mix) is expected


def test_a_test_of_the_value_never_holds_without_one() -> None:
    assert not holds(MixTest(of="value", at_least=0), mix_of(ABC, codes(A=1)))
    assert not holds(MixTest(at_least=0), mix_of(ABC, codes()))


# ------------------------------------------------------------ groups


def test_groups_by_two_columns_keep_blanks_apart() -> None:
    region = Labels("region", np.array([0, 1, 0, -1, 1], np.int32), ["N", "S"])
    kind = Labels("kind", np.array([0, 0, 0, 1, -1], np.int32), ["x", "y"])
    found = {names: rows.tolist() for names, rows in groups([region, kind])}
    assert found == {("N", "x"): [0, 2], ("S", "x"): [1], ("", "y"): [3], ("S", ""): [4]}
    assert next(iter(found)) == ("N", "x")
    assert list(groups([Labels("region", np.zeros(0, np.int32), [])])) == []


@pytest.mark.parametrize(
    "ratios, weights, expected",
    [
        ([0.5, 0.7], None, (0.6, "target")),
        ([0.5, 0.72], None, (0.61, "ordinary")),
        ([0.5, 1.0], [3.0, 1.0], (0.625, "ordinary")),
        ([0.5, 1.0], [1.0, 3.0], (0.875, "high")),
        ([1.2], None, (1.2, "excluded")),
        ([np.nan, 0.8], None, (0.8, "high")),
        ([np.nan], None, (None, None)),
        ([], None, (None, None)),
        ([0.5, 0.9], [0.0, -1.0], (None, None)),
    ],
)
def test_a_group_of_ratios_has_a_ratio_and_a_grade_of_its_own(ratios: Any, weights: Any, expected: Any) -> None:
    ratio, grade = ratio_of(LOSS, np.array(ratios, float), None if weights is None else np.array(weights))
    assert grade == expected[1]
    assert ratio == (None if expected[0] is None else pytest.approx(expected[0]))


def test_only_models_that_grade_ratios_by_bands_have_a_ratio() -> None:
    assert ratio_of(ABC, np.array([0.5])) == (None, None)
    assert ratio_of(find_model("management-span").model, np.array([90.0])) == (None, None)


# ------------------------------------------------------------ concentration, risks, loads


def test_concentration_by_hand() -> None:
    there = concentration_of(np.array([10.0, 40, 30, np.nan, 20, -5]))
    assert there is not None
    # of 0, 10, 20, 30, 40: the largest holds 40 of 100, the largest three 90; a fifth of five is one
    assert there.customers == 5
    assert there.largest == {1: pytest.approx(0.4), 3: pytest.approx(0.9)}
    assert (there.top_customers, there.top_value) == (1, pytest.approx(0.4))
    assert there.lorenz == [(pytest.approx(k / 5), pytest.approx(h)) for k, h in enumerate([0, 0, 0.1, 0.3, 0.6, 1])]
    # mean difference: the sum over all pairs |x - y| is 2 * 200 = 400; 400 / (2 * 25 * 20)
    assert there.gini == pytest.approx(0.4)


def test_equal_customers_are_not_concentrated() -> None:
    there = concentration_of(np.full(1000, 7.0))
    assert there is not None
    assert there.gini == pytest.approx(0, abs=1e-12)
    assert there.top_value == pytest.approx(0.2)
    assert len(there.lorenz) == 101
    one = concentration_of(np.array([3.0]))
    assert one is not None
    assert (one.largest, one.top_value, one.gini) == ({1: 1.0}, 1.0, 0.0)


def test_the_four_risks_of_large_customers_are_counted(grade: Any) -> None:
    marks = ("owes_much", "squeezes_margin", "disrupts_market", "may_leave")
    rows = [{"large_customer": "yes", mark: "yes"} for mark in marks]
    rows += [{"large_customer": "yes", "owes_much": "yes"}, {"large_customer": "no", "owes_much": "yes"}, {}]
    grading = grade("customer-checklist", rows)
    values = np.array([50.0, 10, 10, 10, 20, 0, 0])
    found = {risk.warning.id: risk for risk in risks_of(grading.model, grading.readings, values)}
    assert {id: found[id].customers for id in found if id.startswith("large_")} == {
        "large_money_owed": 2,
        "large_margin": 1,
        "large_management": 1,
        "large_loss": 1,
    }
    assert found["large_money_owed"].value_share == pytest.approx(0.7)
    assert found["large_money_owed"].share == pytest.approx(2 / 7)
    assert risks_of(ABC, {}) == []


@pytest.mark.parametrize(
    "reps, counts, limit, expected, needed",
    [
        ([0, 0, 0, 1], None, 2, [("Ann", 3, 1), ("Bob", 1, 0)], 2),
        ([0, 1], [100.0, 80.0], 80, [("Ann", 100, 20), ("Bob", 80, 0)], 3),
        ([0, 1, 0], [50.0, 40.0, 30.0], 80, [("Ann", 80, 0), ("Bob", 40, 0)], 2),
        ([-1, 0], None, 1, [("", 1, 0), ("Ann", 1, 0)], 2),
        ([1, 1], [np.nan, 5.0], 4, [("Bob", 5, 1)], 2),
        ([], None, 5, [], 0),
    ],
)
def test_customers_of_each_person(reps: Any, counts: Any, limit: int, expected: Any, needed: int) -> None:
    names = Labels("rep", np.array(reps, np.int32), ["Ann", "Bob"])
    loads = loads_of(names, limit, None if counts is None else np.array(counts))
    assert [(load.rep, load.customers, load.over) for load in loads] == expected
    assert people_needed(loads) == needed
