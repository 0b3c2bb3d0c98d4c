"""Blocks: what hosts hand over, and when two of them are the same."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from itertools import combinations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tieraddin.addin.blocks import Block, CallError, ToldError
from tieraddin.tables.values import CellError, Column

APART = [
    None, "", " ", 0.0, -0.0, 0, False, True, 1, 1.0, "0", "1", "TRUE", "None", 1e-300, "#N/A", CellError("#N/A"),
    CellError("#NUM!"), dt.datetime(2026, 1, 5), dt.datetime(2026, 1, 5, 0, 0, 1), 46027.0, "2026-01-05 00:00:00",
    "datetime", "甲", "乙",
]  # fmt: skip
"""Cells that all differ from each other."""

cells = st.one_of(st.none(), st.booleans(), st.floats(allow_nan=False), st.text(max_size=3), st.sampled_from(APART))


@pytest.mark.parametrize("one, other", list(combinations(range(len(APART)), 2)))
def test_cells_that_differ_make_blocks_that_differ(one: int, other: int) -> None:
    assert Block.of([[7.0], [APART[one]]]) != Block.of([[7.0], [APART[other]]])


def _told(cell: object) -> tuple[str, str]:
    return type(cell).__name__, repr(cell)


@given(st.lists(cells, min_size=1, max_size=6), st.lists(cells, min_size=1, max_size=6))
def test_equal_exactly_where_all_cells_are(one: list[object], other: list[object]) -> None:
    blocks = [Block.of([[cell] for cell in column]) for column in (one, other)]
    alike = list(map(_told, one)) == list(map(_told, other))
    assert (blocks[0] == blocks[1]) == alike
    assert not alike or hash(blocks[0]) == hash(blocks[1])


def test_equal_texts_are_equal_however_they_came_about() -> None:
    parts = ["重要", "客户"]
    assert Block.of([["重要客户"], ["重要客户"]]) == Block.of([["".join(parts)], ["".join(parts)]])


def test_the_shape_tells_blocks_apart() -> None:
    assert Block.of([[1, 2], [3, 4]]) != Block.of([[1, 2, 3, 4]])
    assert Block.of([[1], [2]]) != Block.of([[1, 2]])
    assert Block.of([[1]]) == Block.of(1)


@pytest.mark.parametrize(
    "raw, shape, taken",
    [
        (5, (1, 1), [5]),
        ([1, 2], (1, 2), [1, 2]),
        (((1, 2), (3, None)), (2, 2), [1, 2, 3, None]),
        ([[1], [2], [3]], (3, 1), [1, 2, 3]),
        (np.array([[1.5, 2.5]]), (1, 2), [1.5, 2.5]),
        ([[np.float64(2), np.bool_(True), Decimal("1.5")]], (1, 3), [2.0, True, 1.5]),
        (type("Text", (str,), {})("x"), (1, 1), ["x"]),
        ([[dt.date(2026, 1, 5)]], (1, 1), [dt.datetime(2026, 1, 5)]),
    ],
)
def test_what_hosts_hand_over(raw: object, shape: tuple[int, int], taken: list[object]) -> None:
    block = Block.of(raw)
    assert block.shape == shape
    assert list(map(_told, block.cells)) == list(map(_told, taken))


@pytest.mark.parametrize(
    "raw, key", [([[1], [2, 3]], "ragged"), ([[1], 2], "ragged"), ([], "empty"), ([[]], "empty"), ([[object()]], "no_")]
)
def test_what_is_no_range(raw: object, key: str) -> None:
    with pytest.raises(CallError) as fault:
        Block.of(raw)
    assert fault.value.key.startswith(f"addin.fault_{key}")


def test_a_told_error_taken_in_again_is_the_plain_error() -> None:
    error = ToldError.of(CallError("#NUM!", "range_k", argument="k"))
    (cell,) = Block.of(error).cells
    assert type(cell) is CellError
    assert cell == "#NUM!"


@given(st.lists(st.one_of(st.none(), st.floats(allow_nan=False, allow_infinity=False), st.integers(-9, 9))))
def test_numbers_are_read_quickly_and_rightly(values: list[float | None]) -> None:
    if not values:
        return
    quick, plain = Block.of([[value] for value in values]).column, Column.of(values)
    assert quick.kinds.tolist() == plain.kinds.tolist()
    assert np.array_equal(quick.numbers, plain.numbers, equal_nan=True)


def test_rows_and_columns() -> None:
    block = Block.of([["a", 1], ["b", 2], ["c", 3]])
    assert block.rows == [["a", 1], ["b", 2], ["c", 3]]
    assert block.below(1).cells == ["b", 2, "c", 3]
    assert [column.cells() for column in block.columns] == [["a", "b", "c"], [1, 2, 3]]
    assert block.spread([1, 2, 3, 4, 5, 6]) == [(1, 2), (3, 4), (5, 6)]
