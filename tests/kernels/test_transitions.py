"""Transition matrices, shares held against chance, rank correlation: judged by counting every case out."""

from __future__ import annotations

from itertools import permutations
from statistics import fmean, pstdev
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tieraddin.kernels.transitions import expected_same, held_shares, rank_correlation, transition_matrix

few = st.lists(st.tuples(st.integers(0, 2), st.integers(0, 2), st.integers(0, 9)), min_size=1, max_size=6)


def test_a_matrix_by_hand() -> None:
    matrix = transition_matrix([0, 0, 1, 2, 0], [0, 1, 1, 0, 1], 3)
    assert matrix.tolist() == [[1, 2, 0], [0, 1, 0], [1, 0, 0]]
    assert transition_matrix([], [], 2).tolist() == [[0, 0], [0, 0]]


@pytest.mark.parametrize("before, after", [([0], [0, 1]), ([3], [0]), ([0], [-1]), ([[0]], [[0]])])
def test_classes_that_can_not_be(before: Any, after: Any) -> None:
    with pytest.raises(ValueError):
        transition_matrix(before, after, 3)


@given(few)
def test_how_many_stay_by_chance_is_the_mean_over_all_ways_to_deal(rows: list[tuple[int, int, int]]) -> None:
    before, after = [row[0] for row in rows], [row[1] for row in rows]
    ways = [sum(map(int.__eq__, before, dealt)) for dealt in permutations(after)]
    assert expected_same(transition_matrix(before, after, 3)) == pytest.approx(fmean(ways))


@given(few)
def test_what_chance_would_hold_is_counted_out(rows: list[tuple[int, int, int]]) -> None:
    classes, values = [row[0] for row in rows], [row[2] for row in rows]
    total = sum(values)
    held = held_shares(classes, values, 3)
    if not total:
        assert all(np.isnan(part).all() for part in held)
        return
    for k in range(3):
        ways = [sum(v for c, v in zip(dealt, values, strict=True) if c == k) / total for dealt in permutations(classes)]
        assert held.expected[k] == pytest.approx(fmean(ways))
        assert held.deviation[k] == pytest.approx(pstdev(ways), abs=1e-12)
        assert held.share[k] == pytest.approx(sum(v for c, v in zip(classes, values, strict=True) if c == k) / total)


def test_blanks_and_negative_values_hold_nothing_and_large_ones_do_not_overflow() -> None:
    assert held_shares([0, 1, 1, 0], [3.0, np.nan, -5.0, 1.0], 2).share.tolist() == [1, 0]
    assert held_shares([0, 1], [1e300, 1e300], 2).share.tolist() == [0.5, 0.5]
    assert held_shares([0], [7.0], 2).deviation.tolist() == [0, 0]


@given(st.lists(st.tuples(st.integers(0, 5), st.integers(0, 5)), min_size=2, max_size=30))
def test_rank_correlation_is_that_of_pandas(pairs: list[tuple[int, int]]) -> None:
    frame = pd.DataFrame(pairs, columns=["x", "y"], dtype=float)
    ranks = frame.rank()
    if (ranks.nunique() < 2).any():
        assert np.isnan(rank_correlation(frame["x"], frame["y"]))
    else:
        assert rank_correlation(frame["x"], frame["y"]) == pytest.approx(np.corrcoef(ranks["x"], ranks["y"])[0, 1])


def test_rank_correlation_of_too_few() -> None:
    assert np.isnan(rank_correlation([], []))
    assert np.isnan(rank_correlation([1.0], [2.0]))
    assert rank_correlation([1, 2, 3], [10, 20, 1000]) == pytest.approx(1)
    assert rank_correlation([1, 2, 3], [3, 2, 1]) == pytest.approx(-1)
    with pytest.raises(ValueError):
        rank_correlation([1.0, np.inf], [1.0, 2.0])
