"""Bands, edge by edge."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tieraddin.kernels.bands import band_codes

NAN = float("nan")


@pytest.mark.parametrize(
    "values, edges, closed, codes",
    [
        ([59.9, 60, 74.9, 75, 80], [60, 75], [True, False], [0, 0, 1, 2, 2]),  # target <= 60 %, high >= 75 %
        ([1, 2, 3, NAN], [2, 3], False, [0, 1, 2, -1]),
        ([1, 2, 3, NAN], [2, 3], True, [0, 0, 1, -1]),
        ([2 - 1e-10, 2 + 1e-10, 2 - 1e-8, 2 + 1e-8], [2], False, [1, 1, 0, 1]),
        ([2 - 1e-10, 2 + 1e-10, 2 - 1e-8, 2 + 1e-8], [2], True, [0, 0, 0, 1]),
        ([0.1 + 0.2], [0.3], True, [0]),
        ([4_999_999.999, 4_999_999.9], [5_000_000], False, [1, 0]),  # 1e-9 of the edge's size
        ([-1, 0, 1], [0], False, [0, 1, 1]),
        ([1, 2, 3], [2, 2], False, [0, 2, 2]),
        ([1, 2, 3], [2, 2], [False, True], [0, 1, 2]),
        ([-1e308, 1e308], [-1e308, 1e308], False, [1, 2]),
        ([5], [], True, [0]),
        ([], [1], True, []),
    ],
)
def test_worked_cases(values, edges, closed, codes):
    assert band_codes(values, edges, closed).tolist() == codes


@given(
    st.lists(st.one_of(st.integers(-50, 50).map(float), st.just(NAN)), max_size=40),
    st.lists(st.tuples(st.integers(-50, 50), st.booleans()), max_size=6).map(sorted),
)
def test_a_value_is_above_each_edge_it_has_passed(values, edges):
    codes = band_codes(values, [float(edge) for edge, _ in edges], [closed for _, closed in edges])
    expected = [-1 if v != v else sum(v > edge if closed else v >= edge for edge, closed in edges) for v in values]
    assert codes.tolist() == expected


@pytest.mark.parametrize("count, dtype", [(127, np.int8), (128, np.int16), (1000, np.int16)])
def test_codes_are_as_wide_as_needed(count, dtype):
    codes = band_codes([-1.0, count + 1, NAN], np.arange(count))
    assert codes.dtype == dtype
    assert codes.tolist() == [0, count, -1]


@pytest.mark.parametrize(
    "edges, closed, words",
    [
        ([2, 1], False, "ascend"),
        ([NAN], False, "ascend"),
        ([np.inf], False, "finite"),
        ([1, 2], [True], "upper_closed"),
    ],
)
def test_faults(edges, closed, words):
    with pytest.raises(ValueError, match=words):
        band_codes([1.0], edges, closed)
