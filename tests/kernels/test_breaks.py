"""Classes that follow the gaps, held to trying every partition."""

from __future__ import annotations

from itertools import combinations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tieraddin.kernels import breaks
from tieraddin.kernels.breaks import adcm, head_tail_breaks, natural_breaks

NAN = float("nan")
columns = st.lists(
    st.one_of(st.integers(-20, 20).map(float), st.floats(-1e6, 1e6), st.just(NAN)), min_size=1, max_size=14
)


def spread(values: list[float], bounds: list[float]) -> float:
    """Sum of the squared distances to the class means."""
    column = np.array([v for v in values if v == v])
    codes = np.searchsorted(bounds, column)
    return float(sum(((column[codes == c] - column[codes == c].mean()) ** 2).sum() for c in np.unique(codes)))


@given(columns, st.integers(1, 5))
def test_no_other_partition_is_better(values, k):
    distinct = sorted({v for v in values if v == v})
    bounds = natural_breaks(values, k).tolist()
    assert len(bounds) == min(k, len(distinct))
    assert sorted(set(bounds)) == bounds
    assert set(bounds) <= set(distinct)
    if distinct:
        assert bounds[-1] == distinct[-1]
        others = combinations(distinct[:-1], len(bounds) - 1)
        best = min(spread(values, [*other, distinct[-1]]) for other in others)
        scale = max(abs(v) for v in distinct) ** 2 * len(values)
        assert spread(values, bounds) <= best + 1e-12 * scale


@settings(deadline=None, max_examples=40)
@given(st.integers(0, 2**32 - 1), st.integers(2, 9), st.sampled_from([5, 50, 400]))
def test_twins_agree(seed, k, n):
    values = np.random.default_rng(seed).lognormal(3, 1, n)
    table = natural_breaks(values, k)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(breaks, "_SMALL", 0)
        assert natural_breaks(values, k).tolist() == table.tolist()


def test_many_values_with_known_clusters():
    rng = np.random.default_rng(7)
    centres = np.array([0.0, 100.0, 1_000.0])
    clusters = [centre + rng.uniform(-5, 5, 20_000) for centre in centres]
    assert natural_breaks(np.concatenate(clusters), 3).tolist() == [cluster.max() for cluster in clusters]


def test_squares_do_not_overflow():
    assert natural_breaks([1e308, 1.1e308, -1e308, -1.1e308], 2).tolist() == [-1e308, 1.1e308]


@pytest.mark.parametrize(
    "values, minority, bounds",
    [
        ([1, 1, 1, 1, 6], 0.4, [2, 6]),
        ([1, 2, 3, 4], 0.4, [4]),  # half lies above the mean: no tail
        ([1, 2, 3, 4], 0.5, [2.5, 3.5, 4]),
        ([5, 5, NAN], 0.4, [5]),
        ([NAN], 0.4, []),
        ([], 0.4, []),
    ],
)
def test_head_and_tail(values, minority, bounds):
    assert head_tail_breaks(values, minority).tolist() == pytest.approx(bounds)


@pytest.mark.parametrize(
    "values, bounds, deviation",
    [([1, 2, 6, 10, 11, NAN], [6, 11], 6), ([1, 2, 6], [6], 5), ([3, 3], [3], 0), ([NAN], [1], 0)],
)
def test_deviation_around_medians(values, bounds, deviation):
    assert adcm(values, bounds) == deviation


def test_faults():
    with pytest.raises(ValueError, match="classes"):
        natural_breaks([1.0], 0)
    with pytest.raises(ValueError, match="finite"):
        head_tail_breaks([np.inf])
