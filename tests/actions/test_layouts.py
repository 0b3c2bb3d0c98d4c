"""Retier finds the customers however a sheet is laid out, grades them all, and changes nothing else."""

from __future__ import annotations

import datetime as dt
import re
import zipfile
from collections.abc import Callable
from dataclasses import dataclass, field

import openpyxl
import pytest
from openpyxl.styles import Font, PatternFill
from openpyxl.utils import get_column_letter
from openpyxl.workbook import Workbook
from openpyxl.worksheet.filters import AutoFilter
from openpyxl.worksheet.table import Table, TableFormula

from .conftest import SALES, TIERS, abc, column_of, fill, losses, under

HEAD = ("Customer", "Sales")


@dataclass(frozen=True)
class Layout:
    """A sheet's layout.

    Attributes
    ----------
    build
        fills the workbook.
    header
        row of the headers.
    tiers
        sheet row -> grade.
    sheet, at
        where the table is: the sheet, and the letter of the first result column.
    left_out
        rows that are named as no customers.
    """

    build: Callable[[Workbook], None]
    tiers: dict[int, str]
    header: int = 1
    sheet: str = "Sheet1"
    at: str = "C"
    left_out: tuple[int, ...] = ()
    options: list[str] = field(default_factory=list)


def rows_from(row: int, tiers: list[str] = TIERS) -> dict[int, str]:
    return dict(enumerate(tiers, row))


def plain(book: Workbook, rows=(HEAD, *SALES), row: int = 1, column: int = 1) -> None:
    fill(book.active, rows, row, column)


def titled(book: Workbook) -> None:
    sheet = book.active
    sheet["A1"] = "Customers of the year"
    sheet["A1"].font = Font(bold=True, size=16)
    sheet.merge_cells("A1:B1")
    sheet["A2"] = "as of 2026-10-31"
    plain(book, row=4)


def two_rows(book: Workbook) -> None:
    sheet = book.active
    fill(sheet, [("Customer", "2026", None), (None, "Sales", "Orders")])
    sheet.merge_cells("A1:A2")
    sheet.merge_cells("B1:C1")
    fill(sheet, [(name, value, 3) for name, value in SALES], 3)


def totals_below(book: Workbook) -> None:
    plain(book, [HEAD, *SALES, ("Total", "=SUM(B2:B6)")])


def totals_above(book: Workbook) -> None:
    plain(book, [HEAD, ("合计", 1000), *SALES])


def gaps(book: Workbook) -> None:
    """Two blank rows among the customers, an empty column between the two columns."""
    fill(book.active, [("Customer", None, "Sales")], 3, 2)
    for row, (name, value) in zip((4, 5, 7, 8, 9), SALES, strict=True):
        fill(book.active, [(name, None, value)], row, 2)


def excel_table(book: Workbook, totals: int = 0) -> None:
    sheet = book.active
    plain(book, row=3, column=2)
    if totals:
        fill(sheet, [("Total", 1000)], 9, 2)
    table = Table(displayName="Customers", ref=f"B3:C{8 + totals}", totalsRowCount=totals or None)
    table.autoFilter = AutoFilter(ref="B3:C8")
    sheet.add_table(table)


def filtered(book: Workbook) -> None:
    plain(book)
    sheet = book.active
    sheet.auto_filter.ref = "A1:B6"
    sheet.auto_filter.add_filter_column(0, ["Ann"])
    for row in range(3, 7):
        sheet.row_dimensions[row].hidden = True


def texts(book: Workbook) -> None:
    amounts = ["¥500.00", "３００", "120 ", "50元", "30"]
    plain(book, [HEAD, *((name, amount) for (name, _), amount in zip(SALES, amounts, strict=True))])


def chinese(book: Workbook) -> None:
    plain(book, [("客户名称", "年销售额（万元）"), *((name, value / 10_000) for name, value in SALES)])


def side_by_side(book: Workbook) -> None:
    plain(book)
    fill(book.active, [("Region", "Manager"), ("North", "Zoe"), ("South", "Yan")], 1, 12)


def one_above_the_other(book: Workbook) -> None:
    fill(book.active, [("Region", "Manager"), ("North", "Zoe"), ("South", "Yan")])
    plain(book, row=7)


def second_sheet(book: Workbook) -> None:
    fill(book.active, [("Region", "Manager"), ("North", "Zoe")])
    fill(book.create_sheet("Big customers"), [HEAD, *SALES])
    hidden = book.create_sheet("Old")
    fill(hidden, [HEAD, *SALES])
    hidden.sheet_state = "hidden"


def errors(book: Workbook) -> None:
    """Error cells, blanks and words where a number should be: no grade, and the sums are those of the others."""
    plain(book, [HEAD, *SALES, ("Fay", "#N/A"), ("Gus", None), ("Hal", "soon")])
    book.active["B7"].data_type = "e"


LAYOUTS = {
    "plain": Layout(plain, rows_from(2)),
    "titles above": Layout(titled, rows_from(5), header=4),
    "header in two rows": Layout(two_rows, rows_from(3), header=2, at="D", options=["--map", "value=2026 Sales"]),
    "totals below": Layout(totals_below, rows_from(2), left_out=(7,)),
    "totals above": Layout(totals_above, rows_from(3), left_out=(2,)),
    "blank rows and columns": Layout(gaps, dict(zip((4, 5, 7, 8, 9), TIERS, strict=True)), header=3, at="E"),
    "Excel table": Layout(excel_table, rows_from(4), header=3, at="D"),
    "Excel table with totals": Layout(lambda book: excel_table(book, 1), rows_from(4), header=3, at="D"),
    "filter and hidden rows": Layout(filtered, rows_from(2)),
    "numbers as text": Layout(texts, rows_from(2)),
    "Chinese headers with a unit": Layout(chinese, rows_from(2)),
    "another table beside": Layout(side_by_side, rows_from(2)),
    "another table above": Layout(one_above_the_other, rows_from(8), header=7),
    "on the second sheet": Layout(second_sheet, rows_from(2), sheet="Big customers"),
    "cells that are no numbers": Layout(errors, rows_from(2)),
}


@pytest.mark.parametrize("name", LAYOUTS)
def test_customers_are_found_and_nothing_else_changes(name, desk):
    layout = LAYOUTS[name]
    book = openpyxl.Workbook()
    book.active.title = "Sheet1"
    layout.build(book)
    path = desk.path()
    book.save(path)

    done = desk.done("retier", path, "--model", "value-abc", *layout.options)

    assert done["sheet"] == layout.sheet
    assert done["graded"] == len(layout.tiers)
    assert {entry["row"] for entry in done["left_out"] if entry["reason"] == "totals"} == set(layout.left_out)
    sheet = openpyxl.load_workbook(done["output"])[layout.sheet]
    at = column_of(sheet, "Tier", layout.header)
    assert get_column_letter(at) == layout.at
    graded = {row: sheet.cell(row, at).value for row in range(layout.header + 1, sheet.max_row + 1)}
    assert {row: grade for row, grade in graded.items() if grade is not None} == layout.tiers
    assert losses(path, desk.path("book.tiered.xlsx"), layout.sheet, f"{layout.at}:{get_column_letter(at + 3)}") == []


def test_a_reason_is_there_for_ungraded_rows_too(desk):
    book = openpyxl.Workbook()
    errors(book)
    book.save(desk.path())
    done = desk.done("retier", desk.path(), "--model", "value-abc")
    sheet = openpyxl.load_workbook(done["output"]).worksheets[0]
    reasons = under(sheet, "Tier reason", count=8)
    assert all(reasons)
    assert "#N/A" in reasons[5]
    assert "soon" in reasons[7]
    assert done["ungraded"] == [{"row": row, "reason": reasons[row - 2]} for row in (7, 8, 9)]


def test_an_excel_table_grows_by_the_results(desk):
    book = openpyxl.Workbook()
    excel_table(book, 1)
    book.save(desk.path())
    done = desk.done("retier", desk.path(), "--model", "value-abc")
    table = openpyxl.load_workbook(done["output"]).worksheets[0].tables["Customers"]
    assert table.ref == "B3:G9"
    assert table.autoFilter.ref == "B3:G8"
    assert table.column_names == ["Customer", "Sales", "Tier", "Tier score", "Tier reason", "Next step"]
    assert done["columns"] == ["Tier", "Tier score", "Tier reason", "Next step"]


def test_results_of_formulas_are_graded_and_stay(desk):
    """A column of formulas is graded by the results that Excel left; both stay, for readers that do not calculate."""
    book = openpyxl.Workbook()
    plain(book, [(*HEAD, "Doubled"), *((name, value, f"=B{row}*2") for row, (name, value) in enumerate(SALES, 2))])
    book.save(desk.path("plain.xlsx"))
    with zipfile.ZipFile(desk.path("plain.xlsx")) as old, zipfile.ZipFile(desk.path(), "w") as new:
        for name in old.namelist():
            data = old.read(name)
            for row, (_, value) in enumerate(SALES, 2):
                data = re.sub(rb"(?<=<f>B%d\*2</f>)<v(></v>| ?/>)" % row, b"<v>%d</v>" % (value * 2), data)
            new.writestr(name, data)
    done = desk.done("retier", desk.path(), "--model", "value-abc", "--map", "value=Doubled")
    formulas = openpyxl.load_workbook(done["output"]).worksheets[0]
    results = openpyxl.load_workbook(done["output"], data_only=True).worksheets[0]
    assert under(formulas, "Doubled", count=5) == [f"=B{row}*2" for row in range(2, 7)]
    assert under(results, "Doubled", count=5) == [value * 2 for _, value in SALES]
    assert under(results, "Tier", count=5) == TIERS
    assert losses(desk.path(), desk.path("book.tiered.xlsx"), "Sheet", "D:G") == []


def test_calculated_columns_of_a_table_stay(desk):
    book = openpyxl.Workbook()
    sheet = book.active
    plain(book, [(*HEAD, "Twice"), *((name, value, f"=B{row}*2") for row, (name, value) in enumerate(SALES, 2))])
    table = Table(displayName="Customers", ref="A1:C6")
    table._initialise_columns()
    for column, name in zip(table.tableColumns, (*HEAD, "Twice"), strict=True):
        column.name = name
    table.tableColumns[2].calculatedColumnFormula = TableFormula(attr_text="Customers[[#This Row],[Sales]]*2")
    sheet.add_table(table)
    book.save(desk.path())
    done = desk.done("retier", desk.path(), "--model", "value-abc", "--map", "value=Sales")
    after = openpyxl.load_workbook(done["output"]).worksheets[0].tables["Customers"]
    assert after.ref == "A1:G6"
    assert after.tableColumns[2].calculatedColumnFormula.attr_text == "Customers[[#This Row],[Sales]]*2"
    assert after.tableColumns[3].calculatedColumnFormula is None


@pytest.mark.parametrize("epoch", [openpyxl.utils.datetime.WINDOWS_EPOCH, openpyxl.utils.datetime.MAC_EPOCH])
def test_dates_of_both_systems_and_as_text_lead_to_the_same_follow_up(desk, epoch):
    """A C customer is due after 7 days; 2026-11-02 is a Monday, a working day."""
    book = openpyxl.Workbook()
    book.epoch = epoch
    contacts = [dt.date(2026, 11, 2), dt.datetime(2026, 11, 2, 15, 30), "2026-11-02", "2026/11/2", "2026年11月2日"]
    plain(book, [("Customer", "Grade", "Last contact"), *((f"C{k}", "C", day) for k, day in enumerate(contacts))])
    book.save(desk.path())
    done = desk.done("retier", desk.path(), "--model", "followup-duty", "--as-of", "2026-11-10")
    sheet = openpyxl.load_workbook(done["output"]).worksheets[0]
    assert under(sheet, "Next follow-up", count=5) == [dt.datetime(2026, 11, 9)] * 5
    column = column_of(sheet, "Next follow-up")
    assert {sheet.cell(row, column).number_format for row in range(2, 7)} == {"yyyy-mm-dd"}


def test_percent_cells_and_texts_are_the_same_share(desk):
    ratios = [0.6, "60.1%", 75, "75％", 1.2, "120%"]
    path = desk.book([("Region", "Loss ratio"), *((f"R{k}", ratio) for k, ratio in enumerate(ratios))])
    done = desk.done("retier", path, "--model", "loss-ratio")
    assert done["counts"] == {"target": 1, "ordinary": 1, "high": 2, "excluded": 2}
    sheet = openpyxl.load_workbook(done["output"]).worksheets[0]
    assert under(sheet, "Tier score", count=6) == [0.6, 0.601, 0.75, 0.75, 1.2, 1.2]


def test_new_columns_look_like_the_table_beside(desk):
    book = openpyxl.Workbook()
    plain(book)
    green = PatternFill("solid", fgColor="00FF00")
    for cell in book.active[1]:
        cell.fill = green
    book.save(desk.path())
    done = desk.done("retier", desk.path(), "--model", "value-abc")
    sheet = openpyxl.load_workbook(done["output"]).worksheets[0]
    assert sheet.cell(1, column_of(sheet, "Tier")).fill.fgColor.rgb == "0000FF00"


def test_many_customers_agree_with_the_long_way(desk):
    values = [round((k * 7919 % 997) ** 1.7 + 0.01 * k, 2) for k in range(400)]
    path = desk.book([HEAD, *((f"C{k}", value) for k, value in enumerate(values))])
    done = desk.done("retier", path, "--model", "value-abc")
    sheet = openpyxl.load_workbook(done["output"]).worksheets[0]
    assert under(sheet, "Tier", count=400) == abc(values)
    assert done["table"] == "A1:B401"


def test_new_columns_do_not_take_over_a_number_format(desk):
    """A score beside a column of dates is shown as the share that it is."""
    book = openpyxl.Workbook()
    plain(book, [(*HEAD, "Last contact"), *((*row, dt.date(2026, 11, 2)) for row in SALES)])
    for row in range(2, 7):
        book.active.cell(row, 3).fill = PatternFill("solid", fgColor="00FF00")
    book.save(desk.path())
    done = desk.done("retier", desk.path(), "--model", "value-abc", "--cadence", "followup-duty")
    sheet = openpyxl.load_workbook(done["output"]).worksheets[0]
    formats = {name: sheet.cell(2, column_of(sheet, name)).number_format for name in done["columns"]}
    assert formats.pop("Next follow-up") == "yyyy-mm-dd"
    assert formats.pop("Tier score") == "0.0%"
    assert set(formats.values()) == {"General"}
    assert sheet.cell(2, column_of(sheet, "Tier score")).fill.fgColor.rgb == "0000FF00"
    assert isinstance(sheet.cell(2, column_of(sheet, "Tier score")).value, (int, float))
