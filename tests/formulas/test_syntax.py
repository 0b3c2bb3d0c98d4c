"""Formulas read: precedence, references, names of functions; shifted references against openpyxl's own translator."""

from __future__ import annotations

from contextlib import suppress
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from openpyxl.formula.translate import Translator
from openpyxl.utils import get_column_letter, range_boundaries

from tieraddin.addin.blocks import Block
from tieraddin.formulas.cells import Spot
from tieraddin.formulas.evaluate import work_out
from tieraddin.formulas.faults import NotWorkedOut
from tieraddin.formulas.operators import operate
from tieraddin.formulas.references import CellRange, Name, read_reference
from tieraddin.formulas.spelling import is_add_in, may_call_ours, plain_name
from tieraddin.formulas.structured import Structured
from tieraddin.formulas.syntax import words
from tieraddin.tables.layout import Area
from tieraddin.tables.values import CellError

pytestmark = pytest.mark.usefixtures("english")


class Nothing:
    """A workbook of empty cells, without names, tables and other sheets."""

    date1904 = False

    def used(self, sheet: str, area: Area) -> Area:
        return Area(area.first_row, area.first_column, area.first_row, area.first_column)

    def block(self, sheet: str, area: Area) -> Block:
        return Block([""], 1, 1)

    def link(self, number: int) -> str:
        return ""

    def spilled(self, sheet: str, row: int, column: int) -> None:
        return None

    def sheet(self, name: str) -> str | None:
        return None

    def name(self, name: str, sheet: str) -> str | None:
        return None

    def table(self, name: str) -> None:
        return None

    table_at = table


def value(text: str) -> Any:
    block = work_out(text, Spot("S", 1, 1), Nothing()).block
    return block.cells[0] if block.is_single else block.rows


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("1+2*3", 7), ("(1+2)*3", 9), ("2*3+1", 7), ("10-4-3", 3), ("16/4/2", 2), ("-2+5", 3), ("--2", 2), ("-2*-3", 6),
        ("50%", 0.5), ("-50%", -0.5), ("200%%", 0.02), ("1+1&2+2", "24"), ('"a"&1&TRUE', "a1TRUE"), ("1&2=12", False),
        ("1<2", True), ("2<=2", True), ("1+1=2", True), ('"A"="a"', True), ("TRUE>9", True), ('"a">9', True),
        ("1/0", CellError("#DIV/0!")), ("#N/A+1", CellError("#N/A")), ("1E308*10", CellError("#NUM!")),
        ('"5"+1', 6), ("TRUE+1", 2), ("0.1+0.2=0.3", True), ("{1,2}+{3;4}", [[4, 5], [5, 6]]),
        ("{1,2,3}*2", [[2, 4, 6]]),
        ("{1,2}+{1,2,3}", [[2, 4, CellError("#N/A")]]), ('IF(1,"y","n")', "y"), ('IF(0,"y","n")', "n"),
        ("IF(0,1)", False),
        ('IFERROR({1,#N/A;#DIV/0!,4},0)', [[1, 0], [0, 4]]), ('IFNA({1,#N/A},{7,8})', [[1, 8]]),
        ('IFNA({#DIV/0!,#N/A},"x")', [[CellError("#DIV/0!"), "x"]]), ("IFERROR({1,2},SUM(1))", [[1, 2]]),
        ("IF(1,)", 0), ('IF("true",1,2)', 1), ('IF("maybe",1,2)', CellError("#VALUE!")),
        ("IF(#N/A,1,2)", CellError("#N/A")),
        ("IFERROR(1/0,7)", 7), ("IFERROR(5,7)", 5), ("IFNA(#N/A,7)", 7), ("IFNA(1/0,7)", CellError("#DIV/0!")),
        ("TRUE()", True), ('"say ""hi"""', 'say "hi"'), ("1E+2", 100), ("GINI({1;3})*4", 1), ("true", True),
    ],
)  # fmt: skip
def test_operations(text: str, expected: Any) -> None:
    given = value(text)
    assert given == expected
    assert isinstance(given, CellError) == isinstance(expected, CellError)
    assert isinstance(given, bool) == isinstance(expected, bool)


@pytest.mark.parametrize("text", ["SUM(1)", "1^2", "(1", "1)", "{1,2", "1 2", '"a"<"b"', '1+"1 May"', "nothing", ""])
def test_what_is_left_to_excel(text: str) -> None:
    with pytest.raises(NotWorkedOut) as fault:
        value(text)
    assert str(fault.value)


@given(st.text(alphabet="AB12,;:()[]{}\"'#@!$&+-*/=<>% .é中", max_size=20))
def test_whatever_is_written_is_read_or_refused(text: str) -> None:
    with suppress(NotWorkedOut):
        assert value(text) is not None


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("A1", Area(1, 1, 1, 1)), ("$B$2:C3", Area(2, 2, 3, 3)), ("C3:B2", Area(2, 2, 3, 3)),
        ("xfd1", Area(1, 16384, 1, 16384)),
        ("A:A", Area(1, 1, 1_048_576, 1)), ("$C:$A", Area(1, 1, 1_048_576, 3)), ("2:$3", Area(2, 1, 3, 16_384)),
    ],
)  # fmt: skip
def test_references(text: str, expected: Area) -> None:
    for place, sheet in (("", None), ("Sheet1!", "Sheet1"), ("'It''s a, b'!", "It's a, b")):
        referred = read_reference(place + text)
        assert isinstance(referred, CellRange)
        assert (referred.sheet, referred.area(Spot("S", 1, 1))) == (sheet, expected)


@pytest.mark.parametrize("text", ["Tax", "TAX2026A", "XFE1", "A1048577", "A", "R1C1", "A1:B", "_x", "客户"])
def test_names(text: str) -> None:
    assert read_reference(text) == Name(None, text)


@pytest.mark.parametrize("text", ["[1]Sheet1!A1", "'C:\\[b.xlsx]S'!A1", "[1]!Name"])
def test_references_to_other_workbooks(text: str) -> None:
    with pytest.raises(NotWorkedOut, match="in another workbook"):
        read_reference(text)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("T[]", Structured("T")),
        ("T[Sales]", Structured("T", (), ("Sales",))),
        ("T[[Sales]]", Structured("T", (), ("Sales",))),
        ("T[#Headers]", Structured("T", ("#headers",))),
        ("T[@Sales]", Structured("T", ("#this row",), ("Sales",))),
        ("[@[Net sales]]", Structured("", ("#this row",), ("Net sales",))),
        ("T[[#This Row],[a]:[b]]", Structured("T", ("#this row",), ("a", "b"))),
        ("T[[#Headers],[#Data],[金额 '[元']]]", Structured("T", ("#headers", "#data"), ("金额 [元]",))),
        ("T[@]", Structured("T", ("#this row",))),
    ],
)
def test_references_into_excel_tables(text: str, expected: Structured) -> None:
    assert read_reference(text) == expected


corner = st.tuples(st.booleans(), st.integers(1, 30), st.booleans(), st.integers(1, 40))


@given(corner, corner, st.integers(0, 20), st.integers(0, 20))
def test_shifted_references_are_those_of_openpyxl(a: Any, b: Any, down: int, right: int) -> None:
    text = ":".join(f"{'$' * c}{get_column_letter(column)}{'$' * r}{row}" for c, column, r, row in (a, b))
    moved = Translator(f"={text}", "A1").translate_formula(f"{get_column_letter(1 + right)}{1 + down}")[1:]
    corners = [range_boundaries(part.replace("$", "")) for part in moved.split(":")]
    rows, columns = sorted(c[1] for c in corners), sorted(c[0] for c in corners)
    referred = read_reference(text)
    assert isinstance(referred, CellRange)
    area = referred.area(Spot("S", 1 + down, 1 + right, down, right))
    assert area == Area(rows[0], columns[0], rows[1], columns[1])


@pytest.mark.parametrize(
    ("text", "is_one"),
    [("TIER(A1)", True), ("1+tier (A1)", True), ("_xlfn.TIER(A1)", True), ("[1]!TIER(A1)", True), ("MYTIER(A1)", False),
     ("TIER_X(1)", False), ("Tier", False), ("SUM(A1)", False), ("X.TIER(1)", False)],
)  # fmt: skip
def test_a_quick_look_for_our_functions(text: str, is_one: bool) -> None:
    assert may_call_ours(text) == is_one


def test_names_of_functions_and_of_our_files() -> None:
    spelled = ["TIER", "tier", "_xlfn.TIER", "_xlfn._xlws.TIER", "[1]!Tier", "'C:\\a!b\\tieraddin.xlam'!TIER"]
    assert {plain_name(name) for name in spelled} == {"TIER"}
    assert is_add_in("C:\\x\\Tieraddin.xlam")
    assert is_add_in("/a%20b/tieraddin-0.1.xlam")
    assert not is_add_in("C:\\tieraddin\\x.xlam")
    found = words('TIER("A1",B2,[@x])+IF(B2,Sum(C:C),"x")')
    assert found == (("B2", "[@x]", "C:C"), ("TIER", "IF", "Sum"))


def test_operations_on_ranges_and_single_cells_go_element_by_element() -> None:
    block = Block.of([[1, None], ["x", True]])
    assert operate("=", block, 1).cells == [True, False, False, False]
    assert operate("&", "n", block).cells == ["n1", "n", "nx", "nTRUE"]
