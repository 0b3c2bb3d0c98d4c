"""The functions as xlwings' COM server finds them, with stand-ins for Windows and for Excel's ranges."""

from __future__ import annotations

import datetime as dt
import io
import sys
from collections.abc import Iterator
from decimal import Decimal
from types import SimpleNamespace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tieraddin.addin.blocks import ToldError
from tieraddin.language import use_language
from tieraddin.tables.values import CellError
from udfs import FUNCTIONS

from .stand_ins import decorated

FUNCTIONS_MODULE = "tieraddin.hosts.excel.functions"
NA, VALUE, DIV = -2146826246, -2146826273, -2146826281
"""What pywin32 makes of #N/A, #VALUE! and #DIV/0!."""

WINDOWS = decorated(FUNCTIONS_MODULE, "tieraddin.hosts.excel.calls", "tieraddin.hosts.excel.cells")
CELLS = WINDOWS.cells


@pytest.fixture(autouse=True)
def _english() -> Iterator[None]:
    use_language("en")
    yield
    use_language(None)


class Area:
    """Excel's Range: ``cells`` from its first one on; it can be larger than what of it is in use."""

    def __init__(
        self,
        cells: list[list[Any]],
        address: str = "$B$2",
        row: int = 1,
        exact: Any = None,
        used: tuple[int, int] = (9, 9),
    ) -> None:
        self.cells, self.address, self.Row, self.Column, self.exact = cells, address, row, 2, exact
        last = SimpleNamespace(
            Row=1, Column=1, Rows=SimpleNamespace(Count=used[0]), Columns=SimpleNamespace(Count=used[1])
        )
        self.Worksheet = SimpleNamespace(UsedRange=last)
        self.Rows, self.Columns = SimpleNamespace(Count=1_048_576), SimpleNamespace(Count=len(cells[0]))
        self.reads = 0

    def GetAddress(self) -> str:
        return self.address

    def GetResize(self, rows: int, columns: int) -> Area:
        return Area([line[:columns] for line in self.cells[:rows]])

    @property
    def Value(self) -> Any:
        assert self.address == "$B$2", "only what is in use is to be read"
        self.reads += 1
        return self.cells[0][0] if len(self.cells) == len(self.cells[0]) == 1 else tuple(map(tuple, self.cells))

    @property
    def Value2(self) -> Any:
        return self.exact


def test_each_function_is_there_with_its_arguments_and_words() -> None:
    told = decorated(FUNCTIONS_MODULE).functions  # made while English is spoken
    for name, function in FUNCTIONS.items():
        shown = getattr(told, name).__xlfunc__
        assert (shown["name"], shown["category"], shown["sub"], shown["volatile"]) == (name, "tieraddin", False, False)
        assert shown["ret"]["doc"] == function.help("en")
        assert [arg["name"] for arg in shown["args"]] == [argument.name for argument in function.arguments]
        assert ["optional" not in arg for arg in shown["args"]] == [a.required for a in function.arguments]
        assert [arg["doc"] for arg in shown["args"]] == [function.argument_help(a, "en") for a in function.arguments]


def test_xlwings_makes_a_wrapper_of_each() -> None:
    text = io.StringIO()
    book = SimpleNamespace(Name="tieraddin.xlam")
    WINDOWS.udfs.generate_vba_wrapper(FUNCTIONS_MODULE, WINDOWS.functions, text, book)
    heads = [line.split("(")[0].removeprefix("Function ") for line in text.getvalue().splitlines() if "(" in line]
    assert [head for head in heads if head in FUNCTIONS] == sorted(FUNCTIONS)
    assert "Function TIER(model, data, Optional headers, Optional options, Optional among)\n" in text.getvalue()
    assert text.getvalue().isascii()


@pytest.mark.parametrize(
    "area, expected",
    [
        (Area([[7.5]]), 7.5),
        (Area([[None]]), None),
        (Area([[NA]]), [[CellError("#N/A")]]),
        (Area([[1.0, "x"], [None, DIV]]), [[1.0, "x"], [None, CellError("#DIV/0!")]]),
        (Area([[True, "#N/A"]]), ((True, "#N/A"),)),
        (Area([[1.0]], "$B$2,$D$2"), "#VALUE!"),
        (Area([[Decimal("1.2346"), "x"]], exact=((1.23456, "x"),)), ((1.23456, "x"),)),
        (Area([[Decimal("1.2346")]], exact=1.23456), ((1.23456,),)),
        (Area([[1.0], [2.0], [None]], "$B:$B", used=(2, 2)), ((1.0,), (2.0,))),
        (Area([[1.0], [2.0], [None]], "$B$3:$B$1048576", row=3, used=(3, 2)), 1.0),
        (Area([[None], [None]], "$B$9:$B$1048576", row=9, used=(3, 2)), None),
        (Area([[1.0, 2.0, None]], "$3:$3", row=1, used=(1, 3)), ((1.0, 2.0),)),
    ],
)  # fmt: skip
def test_a_range_is_read_as_it_is(area: Area, expected: Any) -> None:
    given = CELLS.read_range(area)
    assert given == expected
    assert list(map(type, given if isinstance(given, (list, tuple)) else [given])) == list(
        map(type, expected if isinstance(expected, (list, tuple)) else [given])
    )


def test_a_range_is_read_once() -> None:
    area = Area([[1.0], [NA]])
    CELLS.read_range(area)
    assert area.reads == 1


def written(result: Any, monkeypatch: pytest.MonkeyPatch) -> tuple[list[Any], list[Any]]:
    """What pywin32 gets, and where which errors are put into it."""
    errors: list[Any] = []
    monkeypatch.setitem(sys.modules, "pythoncom", SimpleNamespace(ArgNotFound=LEFT_OUT))  # type: ignore[misc]
    monkeypatch.setattr(CELLS.error_values, "leave", errors.extend)
    return CELLS.variants(result), errors


LEFT_OUT = "left out"


@pytest.mark.parametrize(
    "result, rows, errors",
    [
        ("A", [["A"]], []),
        (3, [[3.0]], []),
        (None, [[""]], []),
        (CellError("#N/A"), [[LEFT_OUT]], [((), NA)]),
        (CellError("#ODD!"), [[LEFT_OUT]], [((), VALUE)]),
        ([("A", CellError("#N/A"))], [["A", LEFT_OUT]], [((1,), NA)]),
        ([("A",), (CellError("#DIV/0!"),)], [["A"], [LEFT_OUT]], [((1, 0), DIV)]),
        ([(1.5, True)], [[1.5, True]], []),
        (dt.date(2026, 2, 14), [[dt.datetime(2026, 2, 14, tzinfo=dt.UTC)]], []),
        ([(dt.datetime(2026, 2, 14, 6),)], [[dt.datetime(2026, 2, 14, 6, tzinfo=dt.UTC)]], []),
    ],
)
def test_what_goes_out(result: Any, rows: Any, errors: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    assert written(result, monkeypatch) == (rows, errors)


def test_a_row_is_no_tuple() -> None:
    """pywin32 takes a tuple for several results."""
    assert [type(row) for row in CELLS.variants([("A", "B")])] == [list]


def test_mistakes_of_ours_are_an_error_value_with_a_sentence(monkeypatch: pytest.MonkeyPatch) -> None:
    from tieraddin.hosts import faults

    def broken(*_: Any) -> Any:
        raise ZeroDivisionError("oh")

    faults.taken()
    result = faults.guarded(SimpleNamespace(name="GINI", __call__=broken), 1)  # type: ignore[arg-type]
    assert isinstance(result, ToldError)
    assert result == "#VALUE!"
    assert [sentence.partition(":")[0] for sentence in faults.taken()] == ["GINI"]


def test_sentences_are_kept_once_and_not_for_ever() -> None:
    from tieraddin.hosts import faults

    faults.taken()
    for i in range(2 * faults.MOST):
        faults.guarded(FUNCTIONS["TIER"], f"model {i // 2}", 1.0)
    kept = faults.taken()
    assert len(kept) == len(set(kept)) == faults.MOST
    assert f"model {faults.MOST - 1}" in kept[-1]
    assert faults.taken() == []


cells = st.one_of(st.none(), st.integers(-3, 20).map(float), st.sampled_from(["", "7", "x", True, CellError("#N/A")]))
columns = st.tuples(st.lists(st.just("Sales"), max_size=1), st.lists(cells, min_size=1, max_size=7)).map(
    lambda parts: [*parts[0], *parts[1]]
)


@given(columns, st.sampled_from([name for name, function in FUNCTIONS.items() if WINDOWS.calls.places(function)]))
def test_a_column_of_answers_is_what_each_row_would_get(column: list[Any], name: str) -> None:
    function = FUNCTIONS[name]
    data, among = WINDOWS.calls.places(function)
    given: list[Any] = [None] * len(function.arguments)
    given[0] = "value-abc"
    given[data], given[among] = None, [[cell] for cell in column]
    answers = WINDOWS.calls.column(name, *given)
    rows = [row[0] for row in answers] if isinstance(answers, list) else [answers] * len(column)
    alone = []
    for cell in column:
        given[data] = cell
        alone.append(function(*given))
    assert rows == alone


words = st.sampled_from(["Customer", "Sales"])


@given(st.lists(st.tuples(st.one_of(cells, words), cells), min_size=1, max_size=6), st.booleans(), st.booleans())
def test_rows_of_several_columns_get_what_each_would(rows: list[Any], on_top: bool, given_: bool) -> None:
    headers = ["Customer", "Sales"]
    among = [headers, *map(list, rows)] if on_top else [*map(list, rows)]
    function = FUNCTIONS["TIER"]
    given: list[Any] = ["value-abc", None, [headers] if given_ else None, None, among]
    answers = WINDOWS.calls.column("TIER", *given)
    found = [row[0] for row in answers] if isinstance(answers, list) else [answers] * len(among)
    assert found == [function("value-abc", [row], *given[2:]) for row in among]
