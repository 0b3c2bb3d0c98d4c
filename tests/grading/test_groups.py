"""Rows that are alike are found once for all; the units of targets."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tieraddin.grading.groups import ByGroup
from tieraddin.grading.targets import decimals_of, rounded_beyond, rounded_up

ANSWERS = st.lists(st.tuples(st.integers(0, 2), st.integers(0, 2), st.booleans()), max_size=40)


@given(ANSWERS)
def test_groups_answer_as_each_row_would(rows):
    first, second, third = (np.array([row[k] for row in rows]) for k in range(3))
    calls = []

    def make(group):
        calls.append(group)
        if group.ask(first) == 1:
            return "one"
        if group.told(third[group.rows]):
            return f"third {group.ask(second)}"
        return f"else {group.ask(first)}"

    found = ByGroup(len(rows), make)
    wanted = ["one" if a == 1 else f"third {b}" if c else f"else {a}" for a, b, c in rows]
    assert [found[i] for i in range(len(rows))] == wanted
    paths = {a if a == 1 else (a, c, b if c else None) for a, b, c in rows}
    assert len(calls) == len(paths)


@pytest.mark.parametrize(
    "numbers, decimals",
    [
        ([1, 2, 3e9, np.nan], 0),
        ([], 0),
        ([1.25, 3], 2),
        ([0.5, 0.125], 5),
        ([5000.123, 1], 2),
        ([5.1234], 4),
        ([-0.001], 7),
    ],
)
def test_targets_are_named_in_the_data_s_own_unit(numbers, decimals):
    assert decimals_of(np.array(numbers, float)) == decimals


@given(st.floats(-1e9, 1e9), st.integers(0, 4))
def test_rounding_never_falls_short(number, decimals):
    unit = 10.0**-decimals
    up, beyond = (float(f(np.array([number]), decimals)[0]) for f in (rounded_up, rounded_beyond))
    assert number <= up < number + unit * 1.001 + 1e-6
    assert number < beyond <= number + unit * 1.001 + 1e-6
    assert round(up, decimals) == up
    assert round(beyond, decimals) == beyond
