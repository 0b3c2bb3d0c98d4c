"""Columns written whole are read back by an XML parser: each cell at its address, of its kind, with its format."""

from __future__ import annotations

import datetime as dt
import re
from xml.etree import ElementTree

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tieraddin.errors import WorkbookRefused
from tieraddin.tables.values import CellError, Column
from tieraddin.workbooks.package import columnwriter
from tieraddin.workbooks.package.columnwriter import ROW, cells_of, rows_of

SHOWN = {"number": "4", "date": "7"}
DAY_0 = dt.datetime(1899, 12, 30)

numbers = st.one_of(st.floats(allow_nan=False, allow_infinity=False), st.integers(-(10**15), 10**15))
money = st.integers(-(10**9), 10**9).map(lambda cents: cents / 100)
texts = st.one_of(
    st.sampled_from(
        ["", "A & B", "<b>", "_x0041_", "_x", " a", "a\u3000", "客户 有限公司", "1.5", "a\r\n", "\x01", "\ufffe"]
    ),
    st.text(st.characters(exclude_categories=["Cs"]), max_size=8),
)
days = st.datetimes(dt.datetime(1900, 3, 1), dt.datetime(9999, 12, 31)).map(lambda day: day.replace(microsecond=0))
errors = st.sampled_from([CellError("#N/A"), CellError("#SPILL!")])
kinds = [st.none(), numbers, money, texts, st.booleans(), errors, days]


@st.composite
def sheets(draw):
    """The number of the first row, and columns of one length: of one kind of cells, or of all."""
    count = draw(st.integers(1, 6))
    columns = st.sampled_from([*kinds, st.one_of(kinds)]).flatmap(
        lambda of: st.lists(of, min_size=count, max_size=count)
    )
    return draw(st.sampled_from([1, 4, 249, 997, 20_000])), draw(st.lists(columns, min_size=1, max_size=4))


def parsed(first, columns, formula=""):
    """The cells of a written sheet, by address: their value, format and formula."""
    written = [cells_of(Column.of(column), int(SHOWN["number"]), int(SHOWN["date"]), formula) for column in columns]
    rows = range(first, first + len(columns[0]))
    sheet = ElementTree.fromstring(b"<s>%s</s>" % b"".join(rows_of(written, rows)))
    assert [row.get("r") for row in sheet] == [*map(str, rows)]
    return {cell.get("r"): (value(cell), cell.get("s"), cell.findtext("f")) for row in sheet for cell in row}


def value(cell):
    inline, plain = cell.findtext("is/t"), cell.findtext("v")
    match cell.get("t"):
        case None:
            return None if plain is None else float(plain)
        case "inlineStr" | "str":
            text = plain if inline is None else inline
            return re.sub("_x([0-9A-F]{4})_", lambda found: chr(int(found[1], 16)), text)
        case "b":
            return plain == "1"
        case "e":
            return CellError(plain)
    raise AssertionError(cell.attrib)


def expected(cell, worked_out):
    if isinstance(cell, dt.datetime):
        return pytest.approx((cell - DAY_0) / dt.timedelta(days=1), abs=1e-9), SHOWN["date"]
    return "" if cell is None and worked_out else cell, SHOWN["number"]


def test_an_error_that_is_none_is_a_text():
    cells = parsed(1, [[CellError("<b>&"), CellError("#REF!"), CellError("客户")]])
    assert [value for value, *_ in cells.values()] == ["<b>&", CellError("#REF!"), "客户"]
    assert [type(value) for value, *_ in cells.values()] == [str, CellError, str]


@pytest.mark.parametrize("library", [True, False], ids=["with orjson", "without"])
@given(sheets(), st.sampled_from(["", f"<f>A{ROW}&amp;B{ROW}</f>", "<f>表[客户]</f>"]), st.sampled_from([2, 10_000]))
def test_cells_are_where_and_what_they_were(library, sheet, formula, block):
    first, columns = sheet
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(columnwriter, "_BLOCK", block)
        if not library:
            patch.setattr(columnwriter, "as_json", columnwriter.python_json)
        found = parsed(first, columns, formula)
    assert found == {
        f"{'ABCD'[k]}{first + i}": (*expected(cell, bool(formula)), told(formula, first + i))
        for k, column in enumerate(columns)
        for i, cell in enumerate(column)
    }


def told(formula, row):
    """A formula as a reader has it."""
    return formula[3:-4].replace(ROW, str(row)).replace("&amp;", "&") if formula else None


@pytest.mark.parametrize(
    "cell, key",
    [(float("inf"), "not_finite"), ("a" * 32_768, "text_too_long"), ("\ud800", "half_character"),
     (dt.datetime(1899, 12, 30), "date_too_early")],
)  # fmt: skip
@pytest.mark.parametrize("others", [[], [1.5, None, "a"]], ids=["alone", "among others"])
def test_what_no_cell_can_hold_is_refused(cell, key, others):
    with pytest.raises(WorkbookRefused) as refusal:
        cells_of(Column.of([*others, cell]), 0, 0)
    assert refusal.value.key == f"workbooks.{key}"


def test_a_text_that_no_cell_has_refuses_nothing():
    column = Column.of(["a", "\ud800"])
    column.codes[1] = 0
    assert cells_of(column, 0, 0).whole(2) == ['" t="inlineStr"><is><t>a</t></is></c>'] * 2
