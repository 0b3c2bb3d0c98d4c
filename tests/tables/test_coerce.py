from __future__ import annotations

import datetime as dt
import math
from types import SimpleNamespace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tieraddin.tables.coerce import Problem, as_texts, coerce, coerce_field
from tieraddin.tables.dates import NO_DAY
from tieraddin.tables.values import CellError, Column, Kind


def one(cell, kind, **how):
    result = coerce(Column.of([cell]), kind, **how)
    return result.values[0], int(result.problem[0])


@pytest.mark.parametrize(
    "text, expected",
    [
        ("1,200", 1200),
        ("¥1,200.50", 1200.5),
        ("￥１，２００", 1200),
        ("CNY 1200", 1200),
        ("cny1200", 1200),
        ("US$1,000,000", 1_000_000),
        ("1200元", 1200),
        ("1200 元整", 1200),
        ("1.2万", 12_000),
        ("1.2 万元", 12_000),
        ("3亿", 300_000_000),
        ("５百万", 5_000_000),
        ("12%", 0.12),
        ("１２．５％", 0.125),
        ("-12 %", -0.12),
        ("(1,200)", -1200),
        ("（１２０）", -120),
        ("($5.50)", -5.5),
        ("-5", -5),
        ("−5", -5),
        ("-¥1,200", -1200),
        ("¥-1,200", -1200),
        ("1,200-", -1200),
        ("+7", 7),
        ("１２３", 123),
        ("  12\u00a0", 12),
        ("1 234 567.5", 1_234_567.5),
        ("1\u00a0234", 1234),
        ("1'234", 1234),
        ("1.5E+06", 1_500_000),
        (".5", 0.5),
        ("5.", 5),
        ("0", 0),
    ],
)
def test_numbers_written_as_text(text, expected):
    value, problem = one(text, "number")
    assert problem == Problem.OK
    assert value == pytest.approx(expected, rel=1e-15)


@pytest.mark.parametrize(
    "text",
    [
        "1.200,50",
        "1,5",
        "1,20",
        "12,34,567",
        "1,2345",
        "1 234,5",
        "1,234 567",
        "abc",
        "1_000",
        "nan",
        "inf",
        "Infinity",
        "1e999",
        "1.5e300",
        "10²",
        "5-3",
        "--5",
        "(-5)",
        "(5",
        "5)",
        "12%%",
        "1.2万%",
        "1e",
        "¥",
        "-",
        "N/A",
        "约1200",
        "1.2.3",
        "0x10",
    ],
)
def test_what_is_no_number_or_could_be_two(text):
    value, problem = one(text, "number")
    assert problem == Problem.WRONG
    assert math.isnan(value)


@pytest.mark.parametrize(
    "kind, cell, problem",
    [
        ("number", None, Problem.BLANK),
        ("number", "  \u3000", Problem.BLANK),
        ("number", CellError("#N/A"), Problem.ERROR),
        ("number", True, Problem.WRONG),
        ("number", dt.date(2026, 1, 31), Problem.WRONG),
        ("date", None, Problem.BLANK),
        ("date", CellError("#VALUE!"), Problem.ERROR),
        ("date", True, Problem.WRONG),
        ("flag", CellError("#REF!"), Problem.ERROR),
        ("choice", "", Problem.BLANK),
        ("choice", "purple", Problem.WRONG),
        ("text", CellError("#N/A"), Problem.ERROR),
        ("count", -1, Problem.WRONG),
        ("count", 1.5, Problem.WRONG),
        ("count", "300%", Problem.WRONG),
    ],
)
def test_why_there_is_no_value(kind, cell, problem):
    assert one(cell, kind)[1] is problem


@pytest.mark.parametrize(
    "cell, expected",
    [
        (0.6, 0.6),
        ("60%", 0.6),
        ("0.6", 0.6),
        (75, 0.75),
        ("75", 0.75),
        (1.2, 1.2),
        (10, 10),
        (10.5, 0.105),
        ("1200%", 12),
        (-75, -0.75),
    ],
)
def test_shares(cell, expected):
    assert one(cell, "share") == (pytest.approx(expected), Problem.OK)


@pytest.mark.parametrize("cell, expected", [(3, 3), ("3", 3), (3.0000000001, 3), ("1,200", 1200), (0, 0)])
def test_counts(cell, expected):
    assert one(cell, "count") == (expected, Problem.OK)


@pytest.mark.parametrize(
    "cell, scale, expected",
    [
        (12, 1e4, 120_000),
        ("1.2万", 1e4, 12_000),
        ("1200元", 1e4, 1200),
        ("12%", 1e4, 0.12),
        ("¥1,200", 1e4, 12_000_000),
    ],
)
def test_a_scale_is_for_bare_numbers(cell, scale, expected):
    assert one(cell, "number", scale=scale) == (pytest.approx(expected), Problem.OK)


YES = [True, 1, "TRUE", "yes", "Y", "t", "1", "是", "有", "对", "√", "✓", "✔️", " Ｙes "]
NO = [False, 0, "FALSE", "no", "N", "f", "0", "否", "无", "错", "×", None, "", "没有"]


@pytest.mark.parametrize("cell, expected", [(c, True) for c in YES] + [(c, False) for c in NO])
def test_flags(cell, expected):
    assert one(cell, "flag") == (expected, Problem.OK)


@pytest.mark.parametrize("cell", [2, -1, "maybe", "x", "是否", dt.date(2026, 1, 1)])
def test_what_is_no_flag(cell):
    assert one(cell, "flag") == (False, Problem.WRONG)


@pytest.mark.parametrize(
    "cell, expected",
    [
        (dt.date(2026, 1, 31), "2026-01-31"),
        (dt.datetime(2026, 1, 31, 23, 59, 59), "2026-01-31"),
        (dt.date(1900, 1, 15), "1900-01-15"),
        (dt.date(1900, 3, 1), "1900-03-01"),
        (46053, "2026-01-31"),
        (46053.75, "2026-01-31"),
        (20260131, "2026-01-31"),
        ("2026-01-31", "2026-01-31"),
        ("2026-01-31T14:30:00Z", "2026-01-31"),
        ("2026-01-31 14:30:00.123+08:00", "2026-01-31"),
        ("2026/1/31", "2026-01-31"),
        ("2026/1/31 2:30 PM", "2026-01-31"),
        ("2026/1/31 上午10:30", "2026-01-31"),
        ("2026.1.31", "2026-01-31"),
        ("2026年1月31日", "2026-01-31"),
        ("2026 年 1 月 31 日 14时30分", "2026-01-31"),
        ("２０２６年１月３１日", "2026-01-31"),
        ("20260131", "2026-01-31"),
        ("31-Jan-2026", "2026-01-31"),
        ("January 31, 2026", "2026-01-31"),
        (" 2024-02-29 ", "2024-02-29"),
    ],
)
def test_dates(cell, expected):
    day, problem = one(cell, "date")
    assert problem == Problem.OK
    assert np.int64(day).view("datetime64[D]") == np.datetime64(expected)


@pytest.mark.parametrize(
    "cell",
    [
        "2026-02-30",
        "2026/13/1",
        "1/2/2026",
        "26/1/31",
        "2026-1",
        "2026年1月",
        "2026-1/31",
        "soon",
        2026,
        20260230,
        20260131.5,
        -5,
        3_000_000,
        "45000",
        "2026-01-31x",
        "2025-02-29",
    ],
)
def test_what_is_no_date(cell):
    assert one(cell, "date") == (NO_DAY, Problem.WRONG)


TRADES = {"oem": ["主机厂", "OEM maker"], "sub_dealer": ["经销商"], "1": ["one"], "a+": []}


@pytest.mark.parametrize(
    "cell, expected", [("OEM", 0), ("主机厂", 0), ("ＯＥＭ－maker", 0), ("Sub-Dealer", 1), (1, 2), (1.0, 2), ("A+", 3)]
)
def test_choices(cell, expected):
    assert one(cell, "choice", values=TRADES) == (expected, Problem.OK)


def test_a_grade_letter_is_not_its_neighbour():
    assert one("A", "choice", values=TRADES) == (-1, Problem.WRONG)


def test_words_in_place_of_numbers():
    column = Column.of([7, "Never", "不会", "soon", None, "14", CellError("#N/A")])
    result = coerce(column, "number", words={"never": ["不会"], "unknown": []})
    assert result.words == ["never", "unknown"]
    assert result.word.tolist() == [-1, 0, 0, -1, -1, -1, -1]
    np.testing.assert_array_equal(result.values, [7, np.nan, np.nan, np.nan, np.nan, 14, np.nan])
    assert result.problem.tolist() == [0, 0, 0, Problem.WRONG, Problem.BLANK, 0, Problem.ERROR]


def test_texts():
    column = Column.of(["  a ", 1001.0, 2.5, True, dt.date(2026, 1, 31), None, "a", "1001"])
    result = coerce(column, "text")
    assert [result.names[code] if code >= 0 else None for code in result.values] == [
        *("a", "1001", "2.5", "TRUE", "2026-01-31", None, "a", "1001")
    ]


def test_a_field_of_a_model():
    label = {"zh": "活跃", "en": "active"}
    spec = SimpleNamespace(kind="choice", values={"on": SimpleNamespace(label=label, aliases=["live"])}, words={})
    assert coerce_field(Column.of(["ON", "活跃", "Active", "LIVE", "off"]), spec).values.tolist() == [0, 0, 0, 0, -1]


def test_an_empty_column():
    for kind in ("number", "share", "count", "flag", "choice", "date", "text"):
        assert len(coerce(Column.blank(0), kind, values={}).values) == 0


def test_only_texts_in_use_are_read():
    column = Column.of(["1", "rubbish", "2"]).take(np.array([0, 2]))
    assert coerce(column, "number").values.tolist() == [1, 2]


def test_the_table_read_is_not_changed():
    column = Column.of([75.0, "", None, "12"])
    kinds, numbers = column.kinds.copy(), column.numbers.copy()
    coerce(column, "share", scale=10)
    np.testing.assert_array_equal(column.kinds, kinds)
    np.testing.assert_array_equal(column.numbers, numbers)


FORMATS = ["{:,.2f}", "¥{:,.2f}", "{:.2f}元", "CNY {:.2f}", " {:,.2f}\u00a0", "{:.2f}"]


@given(st.integers(-(10**11), 10**11), st.sampled_from(FORMATS), st.booleans())
def test_formatted_numbers_come_back(cents, form, wide):
    text = form.format(cents / 100)
    if wide:
        text = "".join(chr(ord(c) + 0xFEE0) if "!" <= c <= "~" else c for c in text)
    value, problem = one(text, "number")
    assert problem == Problem.OK
    assert value == pytest.approx(cents / 100, abs=1e-6)


@given(st.dates(dt.date(1900, 3, 1)), st.sampled_from(["%Y-%m-%d", "%Y/%m/%d", "%Y年%m月%d日", "%Y%m%d", "%d %B %Y"]))
def test_formatted_dates_come_back(day, form):
    expected = (day - dt.date(1970, 1, 1)).days
    assert one(day.strftime(form), "date") == (expected, Problem.OK)
    assert one(day, "date") == (expected, Problem.OK)


@given(
    st.lists(st.none() | st.booleans() | st.floats() | st.text(max_size=8) | st.dates() | st.just(CellError("#N/A")))
)
def test_a_value_exactly_where_there_is_no_problem(cells):
    column = Column.of(cells)
    for kind in ("number", "share", "count"):
        result = coerce(column, kind)
        np.testing.assert_array_equal(np.isfinite(result.values), result.problem == Problem.OK)
    days = coerce(column, "date")
    np.testing.assert_array_equal(days.values != NO_DAY, days.problem == Problem.OK)
    np.testing.assert_array_equal(days.problem == Problem.ERROR, column.kinds == Kind.ERROR)


SHOWN = [
    (None, None),
    (CellError("#N/A"), None),
    (" Acme ", "Acme"),
    ("Acme", "Acme"),
    ("1001", "1001"),
    (1001.0, "1001"),
    (-0.0, "0"),
    (0, "0"),
    (1.25, "1.25"),
    (999_999_999_999_999.0, "999999999999999"),
    (1e15, "1000000000000000.0"),
    (1e22, "1e+22"),
    (True, "TRUE"),
    (False, "FALSE"),
    (dt.datetime(2026, 1, 31), "2026-01-31"),
    (dt.datetime(2026, 1, 31, 12), "2026-01-31 12:00:00"),
]
"""Cells, and how they read as texts."""


@given(st.lists(st.sampled_from(SHOWN)))
def test_cells_as_texts(pairs):
    codes, texts = as_texts(Column.of([cell for cell, _ in pairs]))
    assert [None if code < 0 else texts[code] for code in codes.tolist()] == [text for _, text in pairs]
    assert len(set(texts)) == len(texts)
