"""What every host of a workbook answers and does: the same calls, the same answers.

A host has its class of tests::

    class TestPackage(Contract):
        @contextmanager
        def opened(self, path):
            with open_workbook(path) as book:
                yield book

All expectations are worked out by hand; what was written is read by openpyxl from the saved file.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Any

import numpy as np
import openpyxl
import pytest
from openpyxl.styles import Font, PatternFill
from openpyxl.workbook.defined_name import DefinedName
from openpyxl.worksheet.formula import ArrayFormula
from openpyxl.worksheet.table import Table

from tieraddin.errors import TieraddinError
from tieraddin.tables.layout import Area
from tieraddin.tables.values import CellError, Kind
from tieraddin.workbooks import ERASE, KEEP, open_workbook
from tieraddin.workbooks.port import Chart, Look, Series, Workbook

NA = CellError("#N/A")
DAY, NOON = dt.datetime(2026, 2, 3), dt.datetime(2026, 2, 3, 12)
ROWS: list[list[Any]] = [
    ["Ann", 700.25, DAY, True],
    ["贝", 200.0, NOON, False],
    ["007", None, None, None],
    ["", -3.0, "2026", NA],
]
"""The customers of the sheet Data, from B4 on."""
B, N, T, L, E, D = Kind.BLANK, Kind.NUMBER, Kind.TEXT, Kind.BOOLEAN, Kind.ERROR, Kind.DATE


def sample(path: Path, epoch1904: bool = False) -> Path:
    """The workbook of all tests."""
    book = openpyxl.Workbook()
    if epoch1904:
        book.epoch = openpyxl.utils.datetime.CALENDAR_MAC_1904
    data = book.active
    data.title = "Data"
    data["B1"] = "Customers"
    data.merge_cells("B1:E1")
    for column, header in enumerate(["Name", "Sales", "Day", "Active"], 2):
        data.cell(3, column, header)
    for row, cells in enumerate(ROWS, 4):
        for column, cell in enumerate(cells, 2):
            data.cell(row, column).value = str(cell) if isinstance(cell, CellError) else (None if cell == "" else cell)
    data["B6"].font = Font(bold=True)
    data["C4"].fill = PatternFill("solid", "FFFF00")
    data["C4"].number_format = "0.00"
    data.add_table(Table(displayName="Customers", ref="B3:E7"))
    data["B10"] = "=C4*2"
    data["D10"] = "far"
    data.column_dimensions["B"].width = 30
    plain = book.create_sheet("数据 2")
    plain["A1"], plain["A2"], plain["C2"] = "x", 1, "y"
    plain["E1"] = ArrayFormula("E1:E2", "=A2:A2*2")
    locked = book.create_sheet("Locked")
    locked["A1"] = "keep"
    locked.protection.sheet = True
    book.create_sheet("Empty").sheet_state = "veryHidden"
    book.create_sheet("Aside").sheet_state = "hidden"
    book.defined_names["Rate"] = DefinedName("Rate", attr_text="Data!$C$4")
    plain.defined_names["Here"] = DefinedName("Here", attr_text="'数据 2'!$A$1")
    book.save(path)
    with open_workbook(path) as made:  # a formula has its result, as a program that calculates saves it
        made.write_results("Data", 10, 2, [[1400.5]])
        made.write_results("数据 2", 1, 5, [[2.0], [2.0]])
        made.save()
    return path


class Contract:
    """The tests; see the module."""

    can_name = True
    """Whether the host lists names of single sheets."""

    def opened(self, path: Path) -> AbstractContextManager[Workbook]:
        raise NotImplementedError

    @pytest.fixture
    def path(self, tmp_path: Path) -> Path:
        return sample(tmp_path / "book.xlsx")

    @pytest.fixture
    def book(self, path: Path) -> Iterator[Workbook]:
        with self.opened(path) as book:
            yield book

    def saved(self, book: Workbook, path: Path) -> Any:
        """The workbook as openpyxl reads it after a save."""
        target = path.with_name("saved.xlsx")
        book.save(target)
        return openpyxl.load_workbook(target)

    def refused(self, key: str, call: Any, *arguments: Any, **named: Any) -> None:
        with pytest.raises(TieraddinError) as refusal:
            call(*arguments, **named)
        assert refusal.value.key.partition(".")[2] == key
        assert all(refusal.value.sentence(lang) for lang in ("zh", "en"))

    # What is there

    def test_sheets(self, book: Workbook) -> None:
        assert book.sheet_names == ["Data", "数据 2", "Locked", "Empty", "Aside"]
        states = [book.sheet_state(sheet) for sheet in book.sheet_names]
        assert states[:3] + states[4:] == ["visible", "visible", "visible", "hidden"]
        assert states[3] in ("hidden", "veryHidden")
        assert [book.protected(sheet) for sheet in book.sheet_names] == [False, False, True, False, False]
        assert book.used_range("Data") == (1, 2, 10, 5)
        assert book.used_range("数据 2") == (1, 1, 2, 5)
        assert book.used_range("Empty") is None
        assert book.date1904 is False

    def test_cells(self, book: Workbook) -> None:
        read = book.read("Data", "B3:E7")
        assert read[0] == ["Name", "Sales", "Day", "Active"]
        assert [[None if cell == "" else cell for cell in row] for row in read[1:]] == [
            [None if cell == "" else cell for cell in row] for row in ROWS
        ]
        kinds = [str, float, dt.datetime, bool]
        assert [type(cell) for cell in read[1]] == kinds
        assert isinstance(read[4][3], CellError)
        assert type(read[3][0]) is str
        assert book.read("Data", "$B$10") == [[1400.5]]
        assert book.read("Data", "A1:A2") == [[None], [None]]
        assert book.read("Data", "XFD1048576") == [[None]]

    def test_kinds(self, book: Workbook) -> None:
        grid = book.kinds("Data")
        assert grid.rows.tolist() == [1, 3, 4, 5, 6, 7, 10]
        assert grid.columns.tolist() == [2, 3, 4, 5]
        assert grid.kinds.tolist() == [
            [T, B, B, B], [T, T, T, T], [T, N, D, L], [T, N, D, L], [T, B, B, B], [B, N, T, E], [N, B, T, B],
        ]  # fmt: skip
        empty = book.kinds("Empty")
        assert (len(empty.rows), len(empty.columns)) == (0, 0)

    def test_columns(self, book: Workbook) -> None:
        day, name, sales = book.read_columns("Data", [4, 2, 3], 4, 7)
        assert [name[i] for i in range(3)] == ["Ann", "贝", "007"]
        assert name.kinds.tolist() == [T, T, T, B]
        assert day.numbers[:2].tolist() == [46056.0, 46056.5]
        assert day.kinds.tolist() == [D, D, B, T]
        np.testing.assert_array_equal(sales.numbers, [700.25, 200.0, np.nan, -3.0])
        (error,) = book.read_columns("Data", [5], 7, 7)
        assert error[0] == NA
        assert book.read_columns("Data", [], 4, 7) == []

    def test_tables_and_merged(self, book: Workbook) -> None:
        (table,) = book.tables("Data")
        assert (table.name, table.area, table.header_rows, table.totals_rows) == ("Customers", (3, 2, 7, 5), 1, 0)
        assert table.columns == ["Name", "Sales", "Day", "Active"]
        assert book.tables("Locked") == []
        assert book.merged("Data") == [(1, 2, 1, 5)]
        assert book.merged("Empty") == []

    def test_formulas(self, book: Workbook) -> None:
        (formula,) = book.formulas("Data")
        assert (formula.row, formula.column, formula.text.replace(" ", "")) == (10, 2, "C4*2")
        (array,) = book.formulas("数据 2")
        assert (array.row, array.column, array.area) == (1, 5, (1, 5, 2, 5))
        assert list(book.formulas("Empty")) == []

    def test_names(self, book: Workbook) -> None:
        texts = {(name.name, name.sheet): name.text.replace("$Data.", "Data!").lstrip("$") for name in book.names()}
        assert texts[("Rate", None)] == "Data!$C$4"
        assert (("Here", "数据 2") in texts) is self.can_name
        assert book.links() == []

    def test_what_is_not_there(self, book: Workbook) -> None:
        self.refused("no_sheet", book.read, "Nowhere", "A1")
        self.refused("no_sheet", book.kinds, "data ")
        for area in ("here", "A0", "A1:B2:C3", "XFE1"):
            self.refused("no_area", book.read, "Data", area)
        self.refused("outside_sheet", book.read_columns, "Data", [0], 1, 2)
        self.refused("outside_sheet", book.read_columns, "Data", [1], 3, 2)
        self.refused("outside_sheet", book.read_columns, "Data", [16385], 1, 2)

    def test_a_workbook_that_counts_from_1904(self, tmp_path: Path) -> None:
        path = sample(tmp_path / "mac.xlsx", epoch1904=True)
        with self.opened(path) as book:
            assert book.date1904 is True
            assert book.read("Data", "D4") == [[DAY]]
            assert book.read_columns("Data", [4], 4, 4)[0].numbers.tolist() == [46056.0]
            book.write("Data", 12, 2, [[NOON]])
            assert self.saved(book, path)["Data"]["B12"].value == NOON

    # What is written

    @pytest.mark.parametrize(
        "cell",
        [
            1, -2.5, 1e300, 0.1, True, False, "text", "中文 (1)", "007", "1", "1e5", "12%", "TRUE", "false", "=1+1",
            "+5", "-3 items", "@x", "'quoted", "#N/A", "2026-01-02", "1/2", "May 3", "3 May", "a\nb", " space ",
            "x" * 32_767, NA, CellError("#DIV/0!"), DAY, NOON, dt.date(2026, 2, 3), np.float64(1.5), np.int64(3),
        ],
        ids=lambda cell: f"{type(cell).__name__}-{str(cell)[:12]!r}",
    )  # fmt: skip
    def test_a_value_is_kept_as_it_is(self, book: Workbook, path: Path, cell: Any) -> None:
        book.write("Data", 12, 2, [[cell, "after"]])
        ((read, after),) = book.read("Data", "B12:C12")
        wanted = dt.datetime(cell.year, cell.month, cell.day) if type(cell) is dt.date else cell
        assert (read, after) == (wanted, "after")
        assert isinstance(read, CellError) is isinstance(cell, CellError)
        assert isinstance(read, str) is isinstance(cell, str)
        there = self.saved(book, path)["Data"]["B12"]
        assert there.value == wanted
        assert there.data_type != "f"
        assert (there.data_type == "e") is isinstance(cell, CellError)

    @pytest.mark.parametrize(
        ("cell", "key"),
        [
            (float("nan"), "not_finite"), (float("inf"), "not_finite"), ("x" * 32_768, "text_too_long"),
            (dt.date(1899, 1, 1), "date_too_early"), (object(), "no_cell_value"),
        ],
    )  # fmt: skip
    def test_what_no_cell_holds(self, book: Workbook, path: Path, cell: Any, key: str) -> None:
        self.refused(key, book.write, "Data", 12, 2, [["before", cell]])
        assert book.read("Data", "B12:C12") == [[None, None]]

    def test_keep_none_and_erase(self, book: Workbook, path: Path) -> None:
        book.write("Data", 4, 2, [["Eve", None], [KEEP, 5], [ERASE]])
        data = self.saved(book, path)["Data"]
        assert [[data.cell(r, c).value for c in (2, 3, 4)] for r in (4, 5, 6)] == [
            ["Eve", None, DAY], ["贝", 5, NOON], [None, None, None],
        ]  # fmt: skip
        assert data["C4"].fill.fill_type == "solid", "an emptied cell keeps its format"
        assert data["B6"].font.b is not True, "an erased one does not"

    def test_columns_with_formats(self, book: Workbook, path: Path) -> None:
        book.write_columns(
            "Data", 4, 7, [["a", KEEP, "c", "d"], [0.5, 0.25, 1, 2]], like=3, number_formats=[None, "0.0%"]
        )
        data = self.saved(book, path)["Data"]
        assert [data.cell(r, 7).value for r in range(4, 8)] == ["a", None, "c", "d"]
        assert [data.cell(r, 8).value for r in range(4, 8)] == [0.5, 0.25, 1, 2]
        assert data["G4"].fill.fill_type == "solid", "lent by C4"
        assert [data.cell(r, 8).number_format for r in range(4, 8)] == ["0.0%"] * 4
        assert data["C4"].number_format == "0.00"

    def test_a_date_shows_as_one(self, book: Workbook, path: Path) -> None:
        book.write_columns("Data", 12, 2, [[DAY]])
        book.write_columns("Data", 12, 3, [[DAY]], number_formats=["yyyy-mm-dd"])
        data = self.saved(book, path)["Data"]
        assert data["B12"].is_date
        assert data["C12"].number_format.lower() == "yyyy-mm-dd"

    def test_many_gaps(self, book: Workbook, path: Path) -> None:
        cells: list[Any] = [k if k % 2 else KEEP for k in range(400)]
        book.write_columns("Data", 20, 2, [[f"n{k}" for k in range(400)]])
        book.write_columns("Data", 20, 2, [cells])
        data = self.saved(book, path)["Data"]
        assert [data.cell(20 + k, 2).value for k in range(400)] == [k if k % 2 else f"n{k}" for k in range(400)]

    def test_what_may_not_be_written(self, book: Workbook) -> None:
        before = {sheet: book.read(sheet, "A1:F12") for sheet in book.sheet_names}
        self.refused("protected", book.write, "Locked", 1, 1, [["x"]])
        self.refused("merged", book.write, "Data", 1, 2, [["x", "hidden"]])
        self.refused("array_formula", book.write, "数据 2", 2, 5, [[5.0]])
        self.refused("unequal_columns", book.write_columns, "Data", 4, 7, [["a"], ["b", "c"]])
        self.refused("unequal_columns", book.write_columns, "Data", 4, 7, [["a"]], number_formats=[None, None])
        self.refused("outside_sheet", book.write, "Data", 1_048_576, 1, [["x"], ["y"]])
        self.refused("outside_sheet", book.write, "Data", 1, 16_384, [["x", "y"]])
        self.refused("outside_sheet", book.write, "Data", 0, 1, [["x"]])
        self.refused("no_sheet", book.write, "Nowhere", 1, 1, [["x"]])
        assert {sheet: book.read(sheet, "A1:F12") for sheet in book.sheet_names} == before

    def test_a_table_is_extended_and_shrunk(self, book: Workbook, path: Path) -> None:
        book.extend_table("Data", "customers", ["Tier", "2026"])
        (table,) = book.tables("Data")
        assert (table.area, table.columns) == ((3, 2, 7, 7), ["Name", "Sales", "Day", "Active", "Tier", "2026"])
        book.write_columns("Data", 4, 6, [["A", "B", "C", "C"]], like=5)
        there = self.saved(book, path)["Data"]
        assert there.tables["Customers"].ref == "B3:G7"
        assert [column.name for column in there.tables["Customers"].tableColumns] == table.columns
        assert [there.cell(r, 6).value for r in range(3, 8)] == ["Tier", "A", "B", "C", "C"]
        book.shrink_table("Data", "Customers", 2)
        (table,) = book.tables("Data")
        assert (table.area, table.columns) == ((3, 2, 7, 5), ["Name", "Sales", "Day", "Active"])
        assert book.read("Data", "F3:F4") == [["Tier"], ["A"]], "the cells stay"

    def test_tables_refuse(self, book: Workbook) -> None:
        self.refused("no_table", book.extend_table, "Data", "Nobody", ["x"])
        self.refused("header_taken", book.extend_table, "Data", "Customers", ["SALES"])
        self.refused("header_taken", book.extend_table, "Data", "Customers", ["x", "X"])
        self.refused("header_no_text", book.extend_table, "Data", "Customers", [""])
        self.refused("header_taken", book.write, "Data", 3, 2, [["sales"]])
        self.refused("header_no_text", book.write, "Data", 3, 2, [[None]])
        for count in (0, 4, 9):
            self.refused("too_few_columns", book.shrink_table, "Data", "Customers", count)
        book.write("Data", 6, 6, [["note"]])
        self.refused("occupied", book.extend_table, "Data", "Customers", ["Tier"])
        assert book.tables("Data")[0].columns == ["Name", "Sales", "Day", "Active"]

    def test_a_header_cell_renames_its_column(self, book: Workbook) -> None:
        book.write("Data", 3, 2, [["客户"]])
        assert book.tables("Data")[0].columns == ["客户", "Sales", "Day", "Active"]

    def test_widths_and_sheets(self, book: Workbook, path: Path) -> None:
        book.set_column_width("Data", 7, 33)
        book.add_sheet("日志", hidden=True)
        book.add_sheet("List")
        assert book.sheet_names[-2:] == ["日志", "List"]
        assert [book.sheet_state("日志"), book.sheet_state("List")] == ["hidden", "visible"]
        book.write("List", 1, 1, [["first"], ["second"]])
        assert book.used_range("List") == (1, 1, 2, 1)
        for name in ("", "a/b", "x" * 32, "'x", "History"):
            self.refused("sheet_name", book.add_sheet, name)
        self.refused("sheet_name_taken", book.add_sheet, "DATA")
        saved = self.saved(book, path)
        assert saved.sheetnames[-2:] == ["日志", "List"]
        assert saved["日志"].sheet_state == "hidden"
        assert abs(saved["Data"].column_dimensions["G"].width - 33) < 1
        assert abs(saved["Data"].column_dimensions["B"].width - 30) < 1

    def drawn(self, book: Workbook, path: Path, sheet: str) -> list[tuple[str, list[tuple[str, ...]]]]:
        """The charts of a sheet: the title, and of each series kind, axis, name, values and categories."""
        charts = self.saved(book, path)[sheet]._charts
        return [
            (
                "".join(run.t for p in chart.title.tx.rich.p for run in p.r),
                [
                    (
                        "line" if type(part).__name__ == "LineChart" else part.grouping or "clustered",
                        "second" if part.y_axis.axId == 200 else "first",
                        series.tx.strRef.f, series.val.numRef.f, series.cat.strRef.f,
                    )
                    for part in chart._charts
                    for series in part.series
                ],
            )
            for chart in charts
        ]  # fmt: skip

    def test_charts(self, book: Workbook, path: Path) -> None:
        book.add_sheet("It's 图")
        book.write("It's 图", 1, 1, [["Name", "Value", "Share"], ["a", 3, 0.75], ["b", 1, 1]])
        name, value, share = (Area(1, column, 1, column) for column in (1, 2, 3))
        rows = [Area(2, area.first_column, 3, area.first_column) for area in (name, value, share)]
        both = (Series(value, rows[1]), Series(share, rows[2], "line", second=True))
        old = Chart("old", rows[0], both[:1], 1, 5, stacked=True)
        at = "'It''s 图'!"
        first = (f"{at}$B$1", f"{at}$B$2:$B$3", f"{at}$A$2:$A$3")
        second = (f"{at}$C$1", f"{at}$C$2:$C$3", f"{at}$A$2:$A$3")
        book.set_charts("It's 图", [old])
        assert self.drawn(book, path, "It's 图") == [("old", [("stacked", "first", *first)])]
        book.set_charts("It's 图", [Chart("Pareto", rows[0], both, 1, 5, most=1.0), old])
        assert self.drawn(book, path, "It's 图") == [
            ("Pareto", [("clustered", "first", *first), ("line", "second", *second)]),
            ("old", [("stacked", "first", *first)]),
        ]
        assert book.read("It's 图", "A1:C3")[2] == ["b", 1, 1]
        book.set_charts("It's 图", [])
        assert self.drawn(book, path, "It's 图") == []
        self.refused("protected", book.set_charts, "Locked", [])

    def test_a_sheet_of_ours_looks_as_told(self, book: Workbook, path: Path) -> None:
        book.add_sheet("Ours")
        book.write_columns("Ours", 1, 1, [["客户表", None, "Day", DAY, DAY], [KEEP, KEEP, "Share", 0.5, 1]],
                           number_formats=[None, "0.0%"])  # fmt: skip
        titles, heads = (Area(1, 1, 1, 1),), (Area(3, 1, 3, 2),)
        book.set_look("Ours", Look(titles, (Area(4, 1, 4, 2),), frozen=4))
        book.set_look("Ours", Look(titles, heads, frozen=3))
        book.set_column_width("Ours", 2, 15)
        ours = self.saved(book, path)["Ours"]
        looks = {at.coordinate: (at.font.b is True, at.fill.fill_type, at.fill.fgColor.rgb[-6:]) for row in
                 ours["A1:B5"] for at in row}  # fmt: skip
        filled = {at for at, (_, fill, _) in looks.items() if fill == "solid"}
        assert {at for at, (bold, _, _) in looks.items() if bold} == {"A1", "A3", "B3"}
        assert filled == {"A3", "B3"}
        assert {looks[at][2] for at in filled} == {"DDE6F2"}
        assert ours.freeze_panes == "A4"
        assert ours["A4"].is_date
        assert [ours[at].number_format for at in ("B4", "B5")] == ["0.0%"] * 2
        assert ours["A1"].value == "客户表"
        assert self.saved(book, path)["Data"]["C4"].fill.fill_type == "solid", "other sheets keep their looks"
        self.refused("protected", book.set_look, "Locked", Look())

    def test_a_sheet_of_ours_that_was_saved_is_given_another_look(self, book: Workbook, path: Path) -> None:
        book.add_sheet("Ours")
        book.write("Ours", 1, 1, [["a", "b"], [1, 2]])
        book.set_look("Ours", Look(heads=(Area(1, 1, 1, 2),), frozen=1, widths=(14, 25, 20)))
        saved = path.with_name("first.xlsx")
        book.save(saved)
        with self.opened(saved) as again:
            again.write("Ours", 1, 1, [["c", "d"], [3, 4]])
            again.set_look("Ours", Look(heads=(Area(2, 2, 2, 2),), frozen=2, widths=(33, 12)))
            ours = self.saved(again, path)["Ours"]
        cells = [cell for row in ours["A1:B2"] for cell in row]
        assert [cell.coordinate for cell in cells if cell.font.b] == ["B2"]
        assert [cell.coordinate for cell in cells if cell.fill.fill_type == "solid"] == ["B2"]
        assert ours.freeze_panes == "A3"
        widths = [ours.column_dimensions[name].width for name in "ABC"]
        assert all(abs(width - wanted) < 2 for width, wanted in zip(widths, (33, 25, 20), strict=True)), widths

    def test_nothing_else_changes(self, book: Workbook, path: Path) -> None:
        before = openpyxl.load_workbook(path)
        book.write("Data", 12, 2, [["x"]])
        after = self.saved(book, path)
        for sheet in ("Data", "数据 2", "Locked"):
            texts = {at: str(cell.value) for at, cell in after[sheet]._cells.items() if cell.value is not None}
            assert texts.pop((12, 2), "x") == "x"
            kept = {at: str(cell.value) for at, cell in before[sheet]._cells.items() if cell.value is not None}
            assert texts.keys() == kept.keys()
            assert {at: t for at, t in texts.items() if "object" not in t} == {
                at: t for at, t in kept.items() if "object" not in t
            }
        assert after["Data"].merged_cells.ranges == before["Data"].merged_cells.ranges
        assert after["Data"]["B6"].font.b is True
