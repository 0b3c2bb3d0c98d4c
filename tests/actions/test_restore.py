"""The log of runs, and taking runs back."""

from __future__ import annotations

import datetime as dt
import tempfile
from pathlib import Path

import openpyxl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl.worksheet.table import Table

from .conftest import SALES, TIERS, Desk, column_of, fill, losses, under

HEAD = ("Customer", "Sales")
PLAIN = [HEAD, *SALES]
WITH_TIER = [(*HEAD, "Tier"), *((*row, tier) for row, tier in zip(SALES, ["gold", None, 7, True, "C"], strict=True))]


def cells(path, sheet: str = "Sheet1") -> dict[str, tuple[object, str]]:
    """Every cell of a sheet that holds something, and its number format."""
    found = openpyxl.load_workbook(path)[sheet].iter_rows()
    return {c.coordinate: (c.value, c.number_format) for row in found for c in row if c.value is not None}


def graded(desk: Desk, path, *more: object) -> None:
    desk.done("retier", path, "--model", "value-abc", "--in-place", *more)


# The log


def test_the_log_holds_what_a_run_was(desk):
    path = desk.book([(*HEAD, "Status"), *((*row, "C") for row in SALES)])
    start = dt.datetime.now().replace(microsecond=0)
    graded(desk, path, "--option", "cuts=0.5,0.9")
    graded(desk, path)
    sheet = openpyxl.load_workbook(path)["Tier log"]
    assert sheet.sheet_state == "visible"
    lines = [dict(zip([c.value for c in sheet[1]], [c.value for c in row], strict=True)) for row in sheet.iter_rows(2)]
    assert [line["Run"] for line in lines] == [1, 2]
    first = lines[0]
    assert start <= first["Time"] <= dt.datetime.now()
    assert first["User"]
    assert (first["Action"], first["Model"], first["Sheet"], first["Table"]) == (
        "retier",
        "value-abc",
        "Sheet1",
        "A1:C6",
    )
    assert (first["Rows"], first["Graded"]) == (5, 5)
    assert first["Counts"] == "A: 1; B: 2; C: 2"
    assert first["Moves"] == "C > B: 2; C > A: 1"
    assert "cuts" in first["Options"]
    assert "0.5" in first["Options"]
    listed = {model["id"]: model["hash"] for model in desk.done("models")}
    assert first["Model hash"] == listed["value-abc"]


def test_history_says_the_same(desk):
    path = desk.book(PLAIN)
    assert desk.done("history", path) == []
    graded(desk, path)
    graded(desk, path, "--option", "crossing=out")
    runs = desk.done("history", path)
    assert [(run["run"], run["model"], run["rows"]) for run in runs] == [(1, "value-abc", 5), (2, "value-abc", 5)]
    assert "crossing" in runs[1]["options"]
    said = desk.run("history", path)
    assert said.code == 0
    assert "value-abc" in said.out


def test_what_restore_needs_is_hidden(desk):
    path = desk.book(PLAIN)
    graded(desk, path)
    states = {sheet.title: sheet.sheet_state for sheet in openpyxl.load_workbook(path)}
    assert states == {"Sheet1": "visible", "Tier log": "visible", "Tier restore": "hidden"}


def test_no_log_leaves_no_log(desk):
    path = desk.book(PLAIN)
    graded(desk, path, "--no-log")
    assert "Tier log" not in openpyxl.load_workbook(path).sheetnames
    assert desk.done("history", path) == []


def test_a_persons_own_sheet_of_that_name_is_left_alone(desk):
    book = openpyxl.Workbook()
    fill(book.active, PLAIN)
    fill(book.create_sheet("Tier log"), [("my", "own"), ("notes", 1)])
    book.save(desk.path())
    graded(desk, desk.path())
    graded(desk, desk.path())
    after = openpyxl.load_workbook(desk.path())
    assert [[c.value for c in row] for row in after["Tier log"].iter_rows()] == [["my", "own"], ["notes", 1]]
    assert after["Tier log (2)"].max_row == 3


# Restore


@pytest.mark.parametrize("more", [[], ["--no-log"]])
def test_added_columns_vanish(more, desk):
    path = desk.book(PLAIN)
    before = cells(path)
    source = desk.path("source.xlsx")
    source.write_bytes(path.read_bytes())
    graded(desk, path, *more)
    done = desk.done("restore", path)
    assert cells(path) == before
    assert done["runs"] == [1]
    assert done["output"] == str(path)
    assert losses(source, path, "Sheet1", "XFD") == []


def test_the_workbook_before_the_restore_is_kept(desk):
    path = desk.book(PLAIN)
    graded(desk, path)
    tiered = path.read_bytes()
    done = desk.done("restore", path)
    assert (desk.folder / done["backup"]).read_bytes() == tiered


def test_restore_to_another_file(desk):
    path = desk.book(PLAIN)
    before = cells(path)
    graded(desk, path)
    tiered = path.read_bytes()
    desk.done("restore", path, "-o", desk.path("back.xlsx"))
    assert cells(desk.path("back.xlsx")) == before
    assert path.read_bytes() == tiered


def test_a_table_shrinks_again(desk):
    book = openpyxl.Workbook()
    book.active.title = "Sheet1"
    fill(book.active, PLAIN)
    book.active.add_table(Table(displayName="T", ref="A1:B6"))
    book.save(desk.path())
    before = cells(desk.path())
    graded(desk, desk.path())
    desk.done("restore", desk.path())
    table = openpyxl.load_workbook(desk.path())["Sheet1"].tables["T"]
    assert (table.ref, table.column_names) == ("A1:B6", list(HEAD))
    assert cells(desk.path()) == before


def test_overwritten_columns_come_back_with_values_and_formats(desk):
    tiers, days = ["gold", None, 7, True, "C"], [dt.date(2026, 1, 5), "soon", None, dt.date(2026, 1, 6), None]
    rows = [
        (*HEAD, "Tier", "Tier score", "Last contact", "Next follow-up"),
        *((*row, t, 0.5, dt.date(2026, 11, 2), day) for row, t, day in zip(SALES, tiers, days, strict=True)),
    ]
    path = desk.book(rows)
    book = openpyxl.load_workbook(path)
    for row in range(2, 7):
        book.active.cell(row, 4).number_format = "0.00%"
        book.active.cell(row, 6).number_format = "dd/mm/yyyy"
    book.save(path)
    before = cells(path)
    graded(desk, path, "--overwrite", "--cadence", "followup-duty", "--as-of", "2026-11-20")
    during = cells(path)
    assert {key: during[key][0] for key in ("C2", "F2")} == {"C2": "A", "F2": dt.datetime(2026, 11, 9)}
    assert during["F2"][1] == "dd/mm/yyyy"
    desk.done("restore", path)
    assert cells(path) == before


CELLS = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-(10**14), 10**14),
    st.floats(-1e300, 1e300),
    st.datetimes(dt.datetime(1901, 1, 1), dt.datetime(2100, 1, 1)).map(lambda day: day.replace(microsecond=0)),
    st.text(st.characters(codec="utf-8", exclude_categories=["C"]), max_size=20),
)


@settings(max_examples=8, deadline=None)
@given(st.lists(CELLS, min_size=5, max_size=5))
def test_whatever_stood_there_comes_back(own):
    with tempfile.TemporaryDirectory() as folder:
        desk = Desk(Path(folder))
        path = desk.book([(*HEAD, "Tier"), *((*row, None) for row in SALES)])
        book = openpyxl.load_workbook(path)
        for row, value in enumerate(own, 2):
            book.active.cell(row, 3).value = value
            if isinstance(value, str):
                book.active.cell(row, 3).data_type = "s"
        book.save(path)
        before = cells(path)
        graded(desk, path, "--overwrite", "--lang", "en")
        assert under(openpyxl.load_workbook(path)["Sheet1"], "Tier", count=5) == TIERS
        desk.done("restore", path)
        assert cells(path) == before


def test_the_second_run_is_taken_back_to_the_first(desk):
    path = desk.book(PLAIN)
    graded(desk, path)
    first = cells(path)
    graded(desk, path, "--option", "cuts=0.1,0.2")
    assert cells(path) != first
    assert desk.done("restore", path)["runs"] == [2]
    assert cells(path) == first


def test_restore_twice_goes_back_twice(desk):
    path = desk.book(PLAIN)
    before = cells(path)
    graded(desk, path)
    graded(desk, path, "--option", "cuts=0.1,0.2")
    desk.done("restore", path)
    assert desk.done("restore", path)["runs"] == [1]
    assert cells(path) == before
    refused = desk.run("restore", path)
    assert refused.code == 2
    assert refused.err.count("\n") == 1


def test_restore_from_a_run_on(desk):
    path = desk.book(PLAIN)
    graded(desk, path)
    first = cells(path)
    for cuts in ("0.1,0.2", "0.3,0.4"):
        graded(desk, path, "--option", f"cuts={cuts}")
    assert desk.done("restore", path, "--run", 2)["runs"] == [3, 2]
    assert cells(path) == first
    refused = desk.run("restore", path, "--run", 3)
    assert refused.code == 2
    assert "1" in refused.err


def test_a_restored_workbook_is_graded_like_a_new_one(desk):
    path = desk.book(PLAIN)
    graded(desk, path)
    first = cells(path)
    desk.done("restore", path)
    graded(desk, path)
    assert cells(path) == first
    assert [run["action"] for run in desk.done("history", path)] == ["retier", "restore", "retier"]


def test_columns_beside_a_neighbour_vanish_and_the_neighbour_stays(desk):
    book = openpyxl.Workbook()
    book.active.title = "Sheet1"
    fill(book.active, PLAIN)
    fill(book.active, [("Region", "Manager"), ("North", "Zoe")], 1, 4)
    book.save(desk.path())
    before = cells(desk.path())
    graded(desk, desk.path())
    desk.done("restore", desk.path())
    assert cells(desk.path()) == before


def test_restore_after_sorting_is_refused(desk):
    path = desk.book(WITH_TIER)
    graded(desk, path, "--overwrite")
    book = openpyxl.load_workbook(path)
    sheet = book["Sheet1"]
    rows = [[cell.value for cell in row] for row in sheet.iter_rows(2, 6)]
    fill(sheet, reversed(rows), 2)
    book.save(path)
    before = desk.state()
    answer = desk.run("restore", path)
    assert answer.code == 3
    assert "sorted" in answer.err
    assert desk.state() == before


def test_added_columns_vanish_also_after_sorting(desk):
    path = desk.book(PLAIN)
    graded(desk, path)
    book = openpyxl.load_workbook(path)
    sheet = book["Sheet1"]
    fill(sheet, reversed([[cell.value for cell in row] for row in sheet.iter_rows(2, 6)]), 2)
    book.save(path)
    desk.done("restore", path)
    assert under(openpyxl.load_workbook(path)["Sheet1"], "Customer") == [name for name, _ in reversed(SALES)]
    assert openpyxl.load_workbook(path)["Sheet1"].max_column == 2


def test_a_person_may_add_customers_before_a_restore(desk):
    """A row added below after the run loses nothing of its own."""
    path = desk.book(PLAIN)
    graded(desk, path)
    book = openpyxl.load_workbook(path)
    fill(book["Sheet1"], [("Fay", 9)], 7)
    book.save(path)
    desk.done("restore", path)
    assert under(openpyxl.load_workbook(path)["Sheet1"], "Customer") == [*(name for name, _ in SALES), "Fay"]
    assert openpyxl.load_workbook(path)["Sheet1"].max_column == 2


@pytest.mark.parametrize("in_table", [True, False])
@pytest.mark.parametrize("rows", [2, -2])
def test_rows_inserted_or_deleted_since_leave_no_result_and_take_nothing_along(rows, in_table, desk):
    """What stands below in the columns of the run is the person's own, wherever it moved to."""
    path = desk.book(PLAIN)
    book = openpyxl.load_workbook(path)
    if in_table:
        book["Sheet1"].add_table(Table(displayName="T", ref="A1:B6"))
    fill(book["Sheet1"], [["a note"]], 10, 5)
    book.save(path)
    graded(desk, path)
    book = openpyxl.load_workbook(path)
    sheet = book["Sheet1"]
    if rows > 0:
        sheet.insert_rows(4, rows)
        fill(sheet, [("New", 7), ("Newer", 8)], 4)
    else:
        sheet.delete_rows(4, -rows)
    if in_table:
        right = sheet.tables["T"].ref.partition(":")[2].rstrip("0123456789")
        sheet.tables["T"].ref = sheet.tables["T"].autoFilter.ref = f"A1:{right}{6 + rows}"
    book.save(path)
    wanted = [[cell.value if cell.column < 3 or cell.row > 6 + rows else None for cell in row] for row in sheet]
    assert wanted[9 + rows][4] == "a note", "below the reasons"
    desk.done("restore", path)
    after = openpyxl.load_workbook(path)["Sheet1"]
    assert [[cell.value for cell in row] for row in after.iter_rows(1, 10 + rows, 1, 6)] == [row[:6] for row in wanted]


@pytest.mark.parametrize("change", ["column", "sheet"])
def test_restore_without_its_columns_is_refused(change, desk):
    path = desk.book(PLAIN)
    graded(desk, path)
    book = openpyxl.load_workbook(path)
    if change == "column":
        book["Sheet1"].delete_cols(column_of(book["Sheet1"], "Tier"))
    else:
        book["Sheet1"].title = "Renamed"
    book.save(path)
    before = desk.state()
    answer = desk.run("restore", path)
    assert answer.code == 3
    assert answer.err.count("\n") == 1
    assert desk.state() == before


def test_nothing_to_restore(desk):
    path = desk.book(PLAIN)
    answer = desk.run("restore", path)
    assert answer.code == 2
    assert answer.err.count("\n") == 1


def test_a_running_share_is_shown_as_a_percentage_and_a_rank_is_not(desk):
    path = desk.book(PLAIN)
    formats = []
    for model in ("value-abc", "rank-abc"):
        desk.done("retier", path, "--model", model, "--in-place")
        sheet = openpyxl.load_workbook(path)["Sheet1"]
        column = next(cell.column for cell in sheet[1] if cell.value == "Tier score")
        formats.append(sheet.cell(2, column).number_format)
    desk.done("restore", path)
    formats.append(openpyxl.load_workbook(path)["Sheet1"].cell(2, column).number_format)
    assert formats == ["0.0%", "General", "0.0%"]
