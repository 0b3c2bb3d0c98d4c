"""Two gradings held against each other, worked by hand."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from tieraddin.grading.stability import Stability, compare

A, B, NONE, AWAY = 0, 1, 2, 3


def of(rows: list[tuple[int, int, float, float]]) -> Stability:
    """Customers: grade before and after, value before and after."""
    columns = list(zip(*rows, strict=True)) or [(), (), (), ()]
    before, after = (np.array(column, np.int32) for column in columns[:2])
    return compare(["A", "B"], before, after, np.array(columns[2], float), np.array(columns[3], float))


SIX = of([
    (A, A, 100, 90), (A, B, 80, 10), (B, A, 20, 60), (B, AWAY, 10, 0), (B, NONE, 5, -3), (AWAY, A, 0, 40),
])  # fmt: skip


def test_the_matrix_holds_new_gone_and_ungraded_customers() -> None:
    assert SIX.matrix.tolist() == [[1, 1, 0, 0], [1, 0, 1, 1], [0, 0, 0, 0], [1, 0, 0, 0]]
    assert (SIX.both, SIX.stayed) == (3, 1)
    # of three graded twice A A, A B, B A: by chance (2 x 2 + 1 x 1) / 3 stay
    assert SIX.expected_stayed == pytest.approx(5 / 3)


def test_what_each_grade_kept() -> None:
    a, b = SIX.kept
    assert (a.grade, a.customers, a.stayed, a.gone, a.before, a.after) == ("A", 2, 1, 0, 180, 100)
    assert (b.grade, b.customers, b.stayed, b.gone, b.before, b.after) == ("B", 3, 0, 1, 35, 60)
    assert (a.share, b.share) == (pytest.approx(100 / 160), pytest.approx(60 / 160))  # a return counts as nothing
    assert (a.expected, b.expected) == (0.4, pytest.approx(0.6))
    assert a.lift == pytest.approx(100 / 160 / 0.4)
    assert SIX.value_of_new == 40


@pytest.mark.parametrize(
    "after, verdict",
    [
        ([50.0] * 10 + [1.0] * 30, "predicts"),
        ([1.0] * 10 + [50.0] * 30, "inverse"),
        ([5.0, 1.0] * 20, "chance"),
        ([5.0] * 40, "unknown"),
        ([0.0] * 40, "unknown"),
    ],
)
def test_the_verdict_on_the_best_grade(after: list[float], verdict: str) -> None:
    found = of([(A if k < 10 else B, A, 1, value) for k, value in enumerate(after)])
    assert found.kept[0].verdict == verdict


def test_correlations() -> None:
    rows: list[Any] = [(A, A, 4, 40), (A, A, 3, 30), (B, B, 2, 20), (B, AWAY, 1, 0)]
    assert of(rows).value_correlation == pytest.approx(1)
    # ranks of grades 3.5 3.5 1.5 1.5 against 4 3 2 1: 4 / sqrt(4 x 5)
    assert of(rows).grade_correlation == pytest.approx(4 / 20**0.5)
    same = of([(A, A, 4, 40), (A, A, 3, 40)])
    assert np.isnan([same.grade_correlation, same.value_correlation]).all()


def test_nobody_and_one() -> None:
    nobody = of([])
    assert (nobody.both, nobody.expected_stayed, nobody.kept[0].verdict) == (0, 0, "unknown")
    one = of([(A, B, 5, 5)])
    assert (one.both, one.stayed, one.expected_stayed) == (1, 0, 0)
    assert one.kept[0].verdict == "unknown"
    assert np.isnan(one.kept[1].lift)
