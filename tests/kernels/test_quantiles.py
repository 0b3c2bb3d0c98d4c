"""Quantile scores, held to the standard library's statistics."""

from __future__ import annotations

import statistics

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tieraddin.kernels.quantiles import quantile_edges, quantile_scores

NAN = float("nan")
columns = st.lists(
    st.one_of(st.integers(-9, 9).map(float), st.floats(-1e9, 1e9), st.just(NAN)), min_size=2, max_size=60
).filter(lambda values: sum(v == v for v in values) > 1)


@given(columns, st.integers(2, 12))
def test_edges_are_inclusive_quantiles(values, groups):
    there = [v for v in values if v == v]
    expected = statistics.quantiles(there, n=groups, method="inclusive")
    edges = quantile_edges(values, groups)
    assert edges == pytest.approx(expected, rel=1e-9, abs=1e-6)
    assert (np.diff(edges) >= 0).all()


@given(columns, st.integers(2, 12), st.booleans())
def test_scores_count_the_edges_strictly_below(values, groups, descending):
    edges = quantile_edges(values, groups)
    scores = quantile_scores(values, groups, descending=descending).tolist()
    for v, score in zip(values, scores, strict=True):
        if v != v:
            assert score == 0
            continue
        below = sum(edge < v - 1e-9 * max(1, abs(edge)) for edge in edges.tolist())
        assert score == (groups - below if descending else 1 + below)


@pytest.mark.parametrize(
    "values, options, scores",
    [
        (range(1, 11), {"groups": 5}, [1, 1, 2, 2, 3, 3, 4, 4, 5, 5]),
        (range(1, 11), {"groups": 5, "descending": True}, [5, 5, 4, 4, 3, 3, 2, 2, 1, 1]),
        ([7, 7, 7], {"groups": 5}, [1, 1, 1]),
        ([7, 7, 7], {"groups": 5, "descending": True}, [5, 5, 5]),
        ([0.1, 0.2, 0.1 + 0.2, 0.4, 0.5], {"groups": 4}, [1, 1, 2, 3, 4]),  # on an edge is not above it
        ([10, 30, 31, 90, NAN], {"edges": [30, 60]}, [1, 1, 2, 3, 0]),
        ([10, 30, 31, 90, NAN], {"edges": [30, 60], "descending": True}, [3, 3, 2, 1, 0]),
        ([NAN], {"groups": 3}, [0]),
        ([], {"groups": 3}, []),
        ([4], {"groups": 3}, [1]),
    ],
)
def test_worked_cases(values, options, scores):
    result = quantile_scores(list(values), **options)
    assert result.dtype == np.int8
    assert result.tolist() == scores


@pytest.mark.parametrize("groups", [1, 0, -5, 101])
def test_groups_out_of_range(groups):
    with pytest.raises(ValueError, match="groups"):
        quantile_edges([1.0], groups)


def test_faults():
    assert np.isnan(quantile_edges([NAN], 3)).all()
    with pytest.raises(ValueError, match="fewer than"):
        quantile_scores([1.0], edges=np.arange(100))
    with pytest.raises(ValueError, match="ascend"):
        quantile_scores([1.0], edges=[2, 1])
    with pytest.raises(ValueError, match="finite"):
        quantile_scores([np.inf])
