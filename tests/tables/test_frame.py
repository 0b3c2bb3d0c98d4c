from __future__ import annotations

import datetime as dt
import json
from decimal import Decimal

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tieraddin.tables.frame import from_frame, from_records
from tieraddin.tables.values import Kind

DAY = dt.datetime(2026, 1, 31)
NOON = dt.datetime(2026, 1, 31, 12)


def cells(column):
    return [column[i] for i in range(len(column))]


@pytest.mark.parametrize(
    "series, expected",
    [
        (pd.Series([1, 2], dtype="int8"), [1, 2]),
        (pd.Series([1.5, np.nan]), [1.5, None]),
        (pd.Series([1, None], dtype="Int64"), [1, None]),
        (pd.Series([1.5, None], dtype="Float32"), [1.5, None]),
        (pd.Series([True, False]), [True, False]),
        (pd.Series([True, None], dtype="boolean"), [True, None]),
        (pd.Series(["a", None, "a", ""]), ["a", None, "a", ""]),
        (pd.Series(["a", None, "b"], dtype="string"), ["a", None, "b"]),
        (pd.Series(["a", np.nan, "b"], dtype=object), ["a", None, "b"]),
        (pd.Series(["a", None, "b"], dtype="category"), ["a", None, "b"]),
        (pd.Series([3, None, 1], dtype="category"), [3, None, 1]),
        (pd.Series([DAY, pd.NaT, NOON]), [DAY, None, NOON]),
        (pd.Series([NOON]).dt.tz_localize("Asia/Shanghai"), [NOON]),
        (pd.Series([DAY, NOON]).astype("datetime64[s]"), [DAY, NOON]),
        (pd.Series([dt.datetime(1900, 1, 15)]), [dt.datetime(1900, 1, 15)]),
        (pd.Series([DAY.date(), None], dtype=object), [DAY, None]),
        (pd.Series([Decimal("1.25"), None, Decimal("NaN")], dtype=object), [1.25, None, None]),
        (
            pd.Series([1, True, "1", None, pd.NA, pd.NaT, np.nan, np.float32(2)], dtype=object),
            [1, True, "1", *[None] * 4, 2],
        ),
        (pd.Series([None, None], dtype=object), [None, None]),
        (pd.Series([[1], {"a": 1}], dtype=object), ["[1]", "{'a': 1}"]),
        (pd.Series([1.5, None], dtype="float64[pyarrow]"), [1.5, None]),
        (pd.Series([DAY, None], dtype="timestamp[ns][pyarrow]"), [DAY, None]),
        (pd.Series([], dtype=object), []),
    ],
)
def test_columns_of_a_frame(series, expected):
    table = from_frame(series.to_frame("x"))
    found = cells(table.columns[0])
    assert found == expected
    assert [type(cell) is bool for cell in found] == [type(cell) is bool for cell in expected]
    assert table.rows.tolist() == list(range(1, len(expected) + 1))


def test_headers_of_a_frame():
    table = from_frame(pd.DataFrame([[1, 2, 3]], columns=["a", "a", 2024], index=["row"]))
    assert table.headers == ["a", "a", "2024"]
    assert [cells(column) for column in table.columns] == [[1], [2], [3]]


def test_a_million_rows_keep_their_texts_once():
    frame = pd.DataFrame({"city": np.array(["上海", "北京"])[np.arange(1_000_000) % 2]})
    column = from_frame(frame).columns[0]
    assert list(column.texts) == ["上海", "北京"]
    assert column.codes[:4].tolist() == [0, 1, 0, 1]
    assert (column.kinds == Kind.TEXT).all()


def test_records():
    table = from_records([{"name": "Acme", "value": 10}, {"value": 2.5, "vip": True}, {"name": None, "more": [1]}, {}])
    assert table.headers == ["name", "value", "vip", "more"]
    assert [cells(column) for column in table.columns] == [
        ["Acme", None, None, None],
        [10, 2.5, None, None],
        [None, True, None, None],
        [None, None, "[1]", None],
    ]
    assert table.rows.tolist() == [1, 2, 3, 4]
    assert (from_records([]).headers, len(from_records([]))) == ([], 0)


def test_a_number_too_large_for_a_cell_is_text():
    assert cells(from_records([{"a": 10**400}]).columns[0]) == [str(10**400)]


def test_decimals_in_records():
    assert cells(from_records([{"a": Decimal("1.5")}, {"a": Decimal("NaN")}]).columns[0]) == [1.5, None]


SCALARS = st.none() | st.booleans() | st.integers(-(2**53), 2**53) | st.floats(allow_nan=False) | st.text()


@given(st.lists(st.dictionaries(st.sampled_from("abc"), SCALARS)))
def test_json_comes_back(records):
    table = from_records(json.loads(json.dumps(records)))
    for name, column in zip(table.headers, table.columns, strict=True):
        assert cells(column) == [record.get(name) for record in records]


@given(
    st.lists(
        st.tuples(st.floats(), st.text(), st.none() | st.datetimes(dt.datetime(1900, 3, 1), dt.datetime(2200, 1, 1)))
    )
)
def test_frame_and_records_agree(rows):
    rows = [(a, b, c and c.replace(microsecond=0)) for a, b, c in rows]
    frame = pd.DataFrame(rows, columns=["a", "b", "c"]).astype({"c": "datetime64[us]"})
    records = from_records(dict(zip("abc", row, strict=True)) for row in rows)
    for one, other in zip(from_frame(frame).columns, records.columns, strict=False):
        assert cells(one) == cells(other)
