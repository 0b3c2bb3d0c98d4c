"""Whatever cells hold, a function answers with cells, in the shape of its ranges, and never fails."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tieraddin.addin.registry import Function
from tieraddin.tables.values import CellError
from udfs import FUNCTIONS

LARGEST, SMALLEST = 9.99999999999999e307, 1e-200
"""The largest number that can be typed into a cell; and one as small as numbers of customers may get."""
NUMBERS = st.floats(-LARGEST, LARGEST).filter(lambda number: number == 0 or abs(number) > SMALLEST)
WORDS = [
    "", "value-abc", "rfm", "opening-grid", "followup-duty", "A", "B", "Sales", "销售额", "1,200", "80%", "2026-01-05",
    "zh", "in", "543", "0.8,0.95", "CN", "crossing=out", "as_of=2026-01-05",
]  # fmt: skip
CELLS = st.one_of(
    st.none(),
    st.booleans(),
    NUMBERS,
    st.integers(-(10**9), 10**9),
    st.text(max_size=6),
    st.sampled_from(WORDS),
    st.dates(dt.date(1900, 1, 1), dt.date(9999, 12, 31)),
    st.datetimes(dt.datetime(1990, 1, 1)),
    st.sampled_from([CellError(text) for text in ("#N/A", "#DIV/0!", "#REF!")]),
)
BLOCKS = st.integers(1, 3).flatmap(
    lambda width: st.lists(st.lists(CELLS, min_size=width, max_size=width), min_size=1, max_size=5)
)
ARGUMENTS = st.lists(st.one_of(CELLS, BLOCKS), max_size=7)
LIKELY = {
    "model": st.sampled_from(["value-abc", "loss-ratio", "opening-grid", "followup-duty", "rfm"]),
    "k": st.integers(1, 4), "groups": st.integers(2, 9), "count": st.integers(1, 5),
    "lang": st.sampled_from(["zh", "en"]),
    "edges": st.just("1,2"), "labels": st.just("a,b,c"), "grade": st.sampled_from(["A", "B", "C"]),
}  # fmt: skip
"""Values with which calls get as far as the work itself."""


def _is_cell(value: Any) -> bool:
    return isinstance(value, (bool, int, float, str, dt.datetime)) and value == value


def _holds(result: Any) -> None:
    if not isinstance(result, list):
        assert _is_cell(result), result
        return
    assert len({len(line) for line in result}) == 1
    assert all(_is_cell(cell) for line in result for cell in line), result


@pytest.mark.parametrize("function", FUNCTIONS.values(), ids=lambda function: function.name)
@settings(max_examples=60)
@given(data=st.data())
def test_anything(function: Function, data: st.DataObject) -> None:
    _holds(function(*data.draw(ARGUMENTS)))


@pytest.mark.parametrize("function", FUNCTIONS.values(), ids=lambda function: function.name)
@settings(max_examples=60)
@given(data=st.data())
def test_anything_in_the_ranges(function: Function, data: st.DataObject) -> None:
    column = data.draw(st.lists(CELLS.map(lambda cell: [cell]), min_size=1, max_size=6))
    given_ = [
        data.draw(LIKELY[each.name]) if each.name in LIKELY else column if each.required else None
        for each in function.arguments
    ]
    result = function(*given_)
    _holds(result)
    if isinstance(result, list) and function.name not in ("NATURAL_BREAKS", "TIER_MODELS", "PARETO_CUTOFF"):
        assert len(result) == len(column)
