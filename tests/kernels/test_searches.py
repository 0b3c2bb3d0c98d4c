"""Cutoffs found over partitions are those found with all values at hand, to the last bit."""

from __future__ import annotations

from fractions import Fraction
from functools import reduce

import numpy as np
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from tieraddin.kernels.pareto import pareto_cutoffs
from tieraddin.kernels.quantiles import quantile_edges
from tieraddin.kernels.ranks import rank_cutoffs
from tieraddin.kernels.searches import Search, quantile_search, rank_search, share_search
from tieraddin.kernels.tally import FINITE, Span, Tally, Wish, keys_of, tallies, values_of

MOST_PASSES = 8

any_number = st.floats(allow_nan=True, allow_infinity=False, allow_subnormal=True)
tied = st.sampled_from([0.0, -0.0, 1.0, 1.0 + 2**-52, 2.0, 100.0, -5.0, 0.01, 5e-324, np.nan])
money = st.integers(-100, 10_000).map(lambda cents: cents / 100)
partitions = st.lists(
    st.lists(st.one_of(money, tied, any_number.filter(lambda x: not abs(x) > 1e300)), max_size=30),
    min_size=1,
    max_size=6,
)
shares = st.lists(st.integers(1, 99), min_size=1, max_size=4, unique=True).map(lambda c: [x / 100 for x in sorted(c)])


def searched(search: Search, parts: list[np.ndarray]) -> tuple[np.ndarray, int]:
    """What a search finds, and in how many passes; each pass looks at the partitions in another order."""
    wish, passes = next(search), 0
    while True:
        passes += 1
        parts = parts[1:] + parts[:1]
        answers = [tallies(part, wish) for part in parts]
        merged = [reduce(Tally.merged, of_span) for of_span in zip(*answers, strict=True)]
        try:
            wish = search.send(merged)
        except StopIteration as done:
            return done.value, passes


def split(parts: list[list[float]]) -> tuple[list[np.ndarray], np.ndarray]:
    arrays = [np.array(part, float) for part in parts]
    return arrays, np.concatenate(arrays)


def same(found: np.ndarray, wanted: np.ndarray) -> None:
    np.testing.assert_array_equal(found, wanted)


@given(partitions, shares, st.sampled_from(["in", "out"]))
@example([[]], [0.8], "in")
@example([[np.nan], []], [0.8], "out")
@example([[7.0]], [0.5, 0.9], "out")
@example([[3.0, 3.0], [3.0], [], [3.0]], [0.8, 0.95], "out")
@example([[-1.0, 0.0], [-3.0]], [0.8], "in")
def test_share(parts, cuts, crossing):
    arrays, values = split(parts)
    found, passes = searched(share_search(cuts, crossing), arrays)
    same(found, pareto_cutoffs(values, cuts, crossing))
    assert passes <= MOST_PASSES


@given(partitions, shares)
@example([[0.0, -0.0], [-0.0]], [0.5])
def test_rank(parts, top_shares):
    arrays, values = split(parts)
    same(searched(rank_search(top_shares), arrays)[0], rank_cutoffs(values, top_shares))


@given(partitions, st.integers(2, 12))
@example([[2.0]], 5)
@example([[1.0], [2.0]], 5)
def test_quantile(parts, groups):
    arrays, values = split(parts)
    same(searched(quantile_search(groups), arrays)[0], quantile_edges(values, groups))


@given(partitions, shares)
def test_a_share_is_reached_by_exact_sums_too(parts, cuts):
    """Held against fractions: above a cutoff less than the share, with it at least the share, to within 1e-9."""
    arrays, values = split(parts)
    positive = values[values > 0]
    found, _ = searched(share_search(cuts, "in"), arrays)
    total = sum(map(Fraction, positive.tolist()))
    for cut, cutoff in zip(cuts, found.tolist(), strict=True):
        if not len(positive):
            assert np.isnan(cutoff)
            continue
        above = sum(map(Fraction, positive[positive > cutoff].tolist()))
        reached = sum(map(Fraction, positive[positive >= cutoff].tolist()))
        slack = Fraction(2, 10**9) * total
        assert above < Fraction(cut) * total + slack
        assert reached >= Fraction(cut) * total - slack


@pytest.mark.parametrize("seed", range(4))
@pytest.mark.parametrize("crossing", ["in", "out"])
def test_many_values_in_crowded_buckets(seed, crossing):
    rng = np.random.default_rng(seed)
    columns = [
        np.round(rng.lognormal(8, 2, 60_000), 2), 1e6 + rng.random(60_000) / 1e3, rng.integers(0, 50, 60_000) * 100.0,
        rng.normal(0, 1, 60_000) * 10.0 ** rng.integers(-300, 300, 60_000),
    ]  # fmt: skip
    values = columns[seed]
    parts = np.split(values, [10, 10, 20_000, 59_999])
    for cuts in ([0.8, 0.95], [0.001, 0.5, 0.999999]):
        same(searched(share_search(cuts, crossing), parts)[0], pareto_cutoffs(values, cuts, crossing))
        same(searched(rank_search(cuts), parts)[0], rank_cutoffs(values, cuts))
    found, passes = searched(quantile_search(9), parts)
    same(found, quantile_edges(values, 9))
    assert passes <= MOST_PASSES


@given(st.lists(any_number.filter(lambda x: x == x), min_size=2))
def test_keys_ascend_as_the_values_do(values):
    array = np.array(values)
    keys = keys_of(array)
    assert np.array_equal(np.less.outer(array, array), np.less.outer(keys, keys))
    assert np.array_equal(values_of(keys), array)


@given(partitions, partitions)
def test_tallies_are_small_and_count_each_value_once(some, others):
    wish = Wish((FINITE, Span.between(0.5, 100.0)))
    (_, a), (_, b) = split(some), split(others)
    for tally, one, two in zip(tallies(np.concatenate([a, b]), wish), tallies(a, wish), tallies(b, wish), strict=True):
        for left, right in zip(tally, one.merged(two), strict=True):
            assert np.array_equal(left, right)
    inside = np.concatenate([a, b])
    assert tallies(inside, wish)[1].sums.sum() == np.count_nonzero((inside >= 0.5) & (inside <= 100))
    assert len(tallies(inside, wish)[0].buckets) <= 1 << 16
