"""Lorenz, Gini and computed ABC, held to their definitions."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tieraddin.kernels.concentration import abc_analysis, abc_limits, gini, lorenz

NAN = float("nan")
columns = st.lists(
    st.one_of(st.integers(-5, 40).map(float), st.floats(0, 1e9, allow_subnormal=False), st.just(NAN)), max_size=40
)


@pytest.mark.parametrize(
    "values, expected",
    [
        ([7, 7, 7], 0),
        ([0, 0, 0, 5], 0.75),
        ([1, 2, 3, 4], 0.25),
        ([1, 3], 0.25),
        ([1, 3, NAN, NAN], 0.25),
        ([0, 5, -5], 2 / 3),  # a negative value counts as nothing held
        ([1e308, 1e308], 0),
        ([0, -1], NAN),
        ([], NAN),
    ],
)
def test_gini_by_hand(values, expected):
    assert gini(values) == pytest.approx(expected, abs=1e-15, nan_ok=True)


@given(columns)
def test_gini_is_half_the_relative_mean_difference(values):
    held = np.array([max(v, 0.0) for v in values if v == v])
    if not held.any():
        assert np.isnan(gini(values))
        return
    difference = np.abs(held[:, None] - held[None, :]).mean()
    assert gini(values) == pytest.approx(difference / (2 * held.mean()), abs=1e-12)


@given(columns)
def test_the_lorenz_curve_sags_from_0_to_1(values):
    customers, held = lorenz(values)
    if not len(customers):
        assert not any(v > 0 for v in values)
        return
    assert len(customers) == len(held) == 1 + sum(v == v for v in values)
    assert (customers[0], held[0], customers[-1], held[-1]) == (0, 0, 1, 1)
    assert (np.diff(held) >= 0).all()
    assert (np.diff(held, 2) >= -1e-15).all()


def test_the_lorenz_curve_by_hand():
    customers, held = lorenz([3, NAN, 1])
    assert customers.tolist() == [0, 0.5, 1]
    assert held.tolist() == [0, 0.25, 1]


@given(columns)
def test_abc_limits_on_a_fine_grid(values):
    limits = abc_limits(values)
    held = np.sort([max(v, 0.0) for v in values if v == v])[::-1]
    if not held.any():
        assert np.isnan(limits).all()
        return
    grid = np.linspace(0, 1, 20_001)
    share = np.append(0, np.cumsum(held)) / held.sum()
    curve = np.interp(grid, np.linspace(0, 1, len(share)), share)

    def nearest(x: float) -> float:
        return float(grid[np.argmin(np.hypot(grid - x, curve - 1))])

    break_even = float((held >= held.mean() * (1 - 1e-9)).mean())
    a_share, later = sorted([nearest(0), break_even])
    assert limits.a_share == pytest.approx(a_share, abs=2e-4)
    assert limits.b_share == pytest.approx(nearest(later), abs=2e-4)
    assert {limits.a_value, limits.b_value} <= set(held.tolist())
    assert limits.a_value >= limits.b_value


@given(columns)
def test_equal_values_share_a_class(values):
    codes = abc_analysis(values).tolist()
    classes: dict[float, set[int]] = {}
    for v, code in zip(values, codes, strict=True):
        assert (code == -1) == (v != v or not any(x > 0 for x in values))
        if v == v:
            classes.setdefault(max(v, 0.0), set()).add(code)
    assert all(len(found) == 1 for found in classes.values())
    ordered = [found.pop() for _, found in sorted(classes.items(), reverse=True)]
    assert ordered == sorted(ordered)


@pytest.mark.parametrize("function", [gini, lorenz, abc_limits, abc_analysis])
def test_infinite_values_are_refused(function):
    with pytest.raises(ValueError, match="finite"):
        function([np.inf])
