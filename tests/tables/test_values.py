from __future__ import annotations

import datetime as dt

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from openpyxl.utils.datetime import from_excel, to_excel

from tieraddin.tables.values import CellError, Column, Kind, from_serial, to_serial

MILLISECONDS = st.datetimes(dt.datetime(1900, 3, 1), dt.datetime(9999, 12, 30)).map(
    lambda moment: moment.replace(microsecond=moment.microsecond // 1000 * 1000)
)
CELLS = (
    st.none()
    | st.booleans()
    | st.floats(allow_nan=False)
    | st.text()
    | MILLISECONDS
    | st.sampled_from([CellError("#N/A"), CellError("#REF!")])
)


@pytest.mark.parametrize(
    "date, serial",
    [
        (dt.date(1900, 1, 1), 1),
        (dt.date(1900, 2, 28), 59),
        (dt.date(1900, 3, 1), 61),
        (dt.datetime(2026, 1, 31, 18), 46053.75),
        (dt.date(9999, 12, 31), 2_958_465),
    ],
)
def test_serials(date, serial):
    assert to_serial(date) == serial
    assert from_serial(serial) == dt.datetime.combine(date, getattr(date, "time", dt.time)())


@given(MILLISECONDS)
def test_serials_as_openpyxl_has_them(moment):
    assert to_serial(moment) == pytest.approx(to_excel(moment), abs=1e-6)
    assert abs(from_serial(to_serial(moment)) - from_excel(to_excel(moment))) < dt.timedelta(milliseconds=2)
    assert from_serial(to_serial(moment)) == moment


@given(st.lists(CELLS))
def test_cells_come_back(cells):
    column = Column.of(cells)
    back = [column[i] for i in range(len(column))]
    assert back == cells
    assert [isinstance(cell, CellError) for cell in back] == [isinstance(cell, CellError) for cell in cells]
    assert [isinstance(cell, bool) for cell in back] == [isinstance(cell, bool) for cell in cells]
    assert column.cells() == cells
    assert list(map(type, column.cells())) == list(map(type, back))
    assert len(set(column.texts)) == len(column.texts)
    np.testing.assert_array_equal(column.codes >= 0, np.isin(column.kinds, [Kind.TEXT, Kind.ERROR]))


@given(st.lists(st.text(max_size=2), max_size=6), st.data())
def test_texts_with_their_places_come_back(texts, data):
    codes = data.draw(st.lists(st.integers(-1, len(texts) - 1), max_size=9))
    column = Column.of_texts(np.array(codes, np.int32), texts)
    assert [column[i] for i in range(len(column))] == [None if code < 0 else texts[code] for code in codes]
    assert len(set(column.texts)) == len(column.texts)
    assert [kind == Kind.TEXT for kind in column.kinds] == [code >= 0 for code in codes]
    assert (column.kinds.dtype, column.codes.dtype) == (np.uint8, np.int32)


@given(st.lists(CELLS, min_size=1), st.data())
def test_cells_taken(cells, data):
    rows = data.draw(st.lists(st.integers(0, len(cells) - 1)))
    taken = Column.of(cells).take(np.array(rows, np.intp))
    assert [taken[i] for i in range(len(taken))] == [cells[row] for row in rows]


def test_a_column_without_texts_reads_none_of_another_s():
    column = Column.of(["a", "b", 1.0, None]).take(np.array([2, 3]))
    at, results = column.read_texts(lambda text: (1.0, 2), np.float64)
    assert (at.tolist(), results.reshape(-1, 2).tolist()) == ([], [])


def test_texts_are_read_once_and_only_where_used():
    column = Column.of(["a", "b", "a", CellError("#N/A"), None, "c"]).take(np.array([0, 2, 3, 4, 5]))
    asked = []
    at, results = column.read_texts(lambda text: asked.append(text) or len(asked), np.int8)
    assert asked == ["a", "c"]
    assert (at.tolist(), results.tolist()) == ([0, 1, 4], [1, 1, 2])
