"""Weighted means."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tieraddin.kernels.scorecard import weighted_scores

NAN = float("nan")


@pytest.mark.parametrize(
    "items, weights, missing, scores",
    [
        ([[10, 0], [0, 10]], [3, 1], "none", [7.5, 2.5]),
        ([[10, 0], [0, 10]], [0.75, 0.25], "none", [7.5, 2.5]),
        ([[10, NAN, NAN], [4, 4, NAN]], [1, 1], "none", [7, NAN, NAN]),
        ([[10, NAN, NAN], [4, 4, NAN]], [1, 1], "reweight", [7, 4, NAN]),
        ([[10, NAN], [4, 4]], [1, 0], "reweight", [10, NAN]),  # what is left has no weight
        ([[]], [1], "none", []),
    ],
)
def test_worked_cases(items, weights, missing, scores):
    np.testing.assert_allclose(weighted_scores(items, weights, missing), scores, rtol=1e-15)


@given(
    st.integers(1, 5).flatmap(
        lambda k: st.tuples(
            st.lists(st.lists(st.one_of(st.floats(0, 100), st.just(NAN)), min_size=k, max_size=k), min_size=1),
            st.lists(st.integers(1, 9), min_size=k, max_size=k),
        )
    )
)
def test_each_customer_for_itself(case):
    rows, weights = case
    scores = weighted_scores(list(zip(*rows, strict=True)), weights, "reweight")
    for row, score in zip(rows, scores, strict=True):
        there = [(mark, weight) for mark, weight in zip(row, weights, strict=True) if mark == mark]
        expected = sum(m * w for m, w in there) / sum(w for _, w in there) if there else NAN
        assert score == pytest.approx(expected, nan_ok=True)


@pytest.mark.parametrize(
    "items, weights, missing, words",
    [
        ([[1]], [1, 2], "none", "as many weights"),
        ([[1]], [-1], "none", "negative"),
        ([[1]], [0], "none", "not all 0"),
        ([[1]], [NAN], "none", "weights"),
        ([[np.inf]], [1], "none", "finite"),
        ([[1]], [1], "zero", "missing"),
        ([[1], [1, 2]], [1, 1], "none", "shape"),
    ],
)
def test_faults(items, weights, missing, words):
    with pytest.raises(ValueError, match=words):
        weighted_scores(items, weights, missing)
