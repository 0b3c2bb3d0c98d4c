"""Classes by position, held to plain counting."""

from __future__ import annotations

import math
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tieraddin.kernels.ranks import rank_classes, rank_cutoffs, ranks

NAN = float("nan")
columns = st.lists(
    st.one_of(st.integers(-3, 9).map(float), st.floats(allow_infinity=False, allow_nan=False), st.just(NAN)),
    max_size=70,
)
shares_of = st.lists(st.integers(1, 99), min_size=1, max_size=4, unique=True).map(sorted)


@pytest.mark.parametrize(
    "values, codes",
    [
        (list(range(20, 0, -1)), [0] + [1] * 3 + [2] * 16),
        (list(range(21, 0, -1)), [0] * 2 + [1] * 3 + [2] * 16),  # 1.05 and 4.2 are rounded up
        ([9, 9, 9, 1, 1], [0, 0, 0, 2, 2]),  # a tie takes the better class
        ([5, NAN, 0, -3, 2], [0, -1, 2, 2, 2]),  # zeros and negative values have a position
        ([NAN], [-1]),
        ([], []),
    ],
)
def test_worked_cases(values, codes):
    assert rank_classes(values, (0.05, 0.20)).tolist() == codes


@given(columns, shares_of)
def test_the_count_is_rounded_up_and_ties_take_the_better_class(values, percents):
    there = sorted((v for v in values if v == v), reverse=True)
    codes = rank_classes(values, [percent / 100 for percent in percents])
    counts = [math.ceil(Fraction(percent, 100) * len(there)) for percent in percents]
    for v, code in zip(values, codes.tolist(), strict=True):
        if v != v:
            assert code == -1
        else:
            best = there.index(v)  # how many are better
            assert code == sum(best >= count for count in counts)


@given(columns)
def test_ranks_count_the_larger_values(values):
    expected = [0 if v != v else 1 + sum(x > v for x in values) for v in values]
    assert ranks(values).tolist() == expected


def test_cutoffs_are_values_or_blank():
    assert rank_cutoffs([1, 2, 3, 4], [0.25, 0.5]).tolist() == [4, 3]
    assert np.isnan(rank_cutoffs([NAN], [0.25, 0.5])).all()


@pytest.mark.parametrize("function", [rank_classes, rank_cutoffs, ranks])
def test_infinite_values_are_refused(function):
    with pytest.raises(ValueError, match="finite"):
        function([np.inf])


def test_shares_must_ascend():
    with pytest.raises(ValueError, match="ascend"):
        rank_classes([1.0], [0.2, 0.05])
