"""What all kernels share."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tieraddin.kernels.arrays import rounded

half_way = st.integers(-(10**14), 10**14).map(lambda k: (k + 0.5) / 1e6)
beside_it = half_way.flatmap(lambda x: st.sampled_from([float(np.nextafter(x, end)) for end in (-np.inf, np.inf)]))


numbers = st.one_of(st.floats(allow_nan=False, allow_infinity=False), st.floats(0, 1), half_way, beside_it)


@given(st.lists(numbers), st.integers(0, 6))
def test_numbers_are_rounded_as_python_rounds_them(values, decimals):
    found = rounded(np.array(values, np.float64), decimals).tolist()
    assert list(map(repr, found)) == [repr(round(value, decimals)) for value in values]


@pytest.mark.parametrize("value", [2.675, 1.005, 0.5, 1.5, 2.5, 0.285, 1e22, 123456789012.345678, 2.0**47, -1.7e308])
def test_the_exact_value_decides(value):
    assert rounded(np.array([value, np.nan]), 2)[0] == round(value, 2)


def test_a_blank_stays_blank():
    assert np.isnan(rounded(np.array([np.nan]), 6)).all()
