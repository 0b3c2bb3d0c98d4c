"""Runs after the first: the same columns, found again wherever they are, and what the last run said."""

from __future__ import annotations

import datetime as dt

import openpyxl
import pytest
from openpyxl.worksheet.table import Table

from .conftest import SALES, TIERS, Desk, fill, headers, sheet_of, under

HEAD = ("Customer", "Sales")
PLAIN = [HEAD, *SALES]
EN = ["Tier", "Tier score", "Tier reason", "Next step"]


def test_a_second_run_updates_the_same_columns(desk):
    path = desk.book(PLAIN)
    first = desk.done("retier", path, "--model", "value-abc")
    book = openpyxl.load_workbook(first["output"])
    book.worksheets[0]["B6"] = 5000  # Eve by far the largest
    book.save(desk.path("second.xlsx"))
    second = desk.done("retier", desk.path("second.xlsx"), "--model", "value-abc", "--in-place")
    assert headers(second["output"]) == [*HEAD, *EN]
    assert under(sheet_of(second["output"]), "Tier") == ["B", "B", "C", "C", "A"]
    assert second["moves"] == [
        {"from": "A", "to": "B", "count": 2},
        {"from": "B", "to": "C", "count": 2},
        {"from": "C", "to": "A", "count": 1},
    ]


def test_a_second_run_in_the_other_language_updates_them_too(desk):
    path = desk.book(PLAIN)
    desk.done("retier", path, "--model", "value-abc", "--in-place")
    done = desk.done("retier", path, "--model", "value-abc", "--in-place", "--lang", "zh")
    assert headers(path) == [*HEAD, *EN]
    assert done["columns"] == EN


def test_columns_that_a_person_moved_are_found(desk):
    path = desk.book(PLAIN)
    desk.done("retier", path, "--model", "value-abc", "--in-place")
    book = openpyxl.load_workbook(path)
    book.worksheets[0].insert_cols(1)
    book.worksheets[0]["A1"] = "No."
    book.save(path)
    done = desk.done("retier", path, "--model", "value-abc", "--in-place")
    assert headers(path) == ["No.", *HEAD, *EN]
    assert done["moves"] == []


def test_occupied_at_the_right_goes_beyond_and_is_found_again(desk):
    """What stands to the right is another block, with a column between."""
    book = openpyxl.Workbook()
    fill(book.active, PLAIN)
    fill(book.active, [("Region", "Manager"), ("North", "Zoe"), ("South", "Yan")], 1, 4)
    path = desk.path()
    book.save(path)
    first = desk.done("retier", path, "--model", "value-abc", "--in-place")
    assert headers(path) == [*HEAD, None, "Region", "Manager", None, *EN]
    assert under(sheet_of(path), "Manager", count=2) == ["Zoe", "Yan"]
    second = desk.done("retier", path, "--model", "value-abc", "--in-place")
    assert headers(path) == [*HEAD, None, "Region", "Manager", None, *EN]
    assert second["columns"] == first["columns"]
    assert under(sheet_of(path), "Tier") == TIERS


def test_an_excel_table_with_a_neighbour_is_graded_beyond_it_and_found_again(desk):
    book = openpyxl.Workbook()
    fill(book.active, PLAIN)
    fill(book.active, [("Note",), ("keep",)], 1, 3)
    book.active.add_table(Table(displayName="T", ref="A1:B6"))
    path = desk.path()
    book.save(path)
    for _ in range(2):
        done = desk.done("retier", path, "--model", "value-abc", "--in-place")
        assert headers(path) == [*HEAD, "Note", None, *EN]
        assert sheet_of(path)["C2"].value == "keep"
        assert sheet_of(path).tables["T"].ref == "A1:B6"
        assert done["columns"] == EN


def test_a_table_that_grew_by_hand_is_graded_whole(desk):
    path = desk.book(PLAIN)
    desk.done("retier", path, "--model", "value-abc", "--in-place")
    book = openpyxl.load_workbook(path)
    fill(book.worksheets[0], [("Fay", 1000)], 7)
    book.save(path)
    done = desk.done("retier", path, "--model", "value-abc", "--in-place")
    assert done["rows"] == 6
    assert under(sheet_of(path), "Tier") == ["A", "A", "B", "C", "C", "A"]
    assert {"from": None, "to": "A", "count": 1} in done["moves"]


def test_another_model_writes_the_same_columns(desk):
    path = desk.book(PLAIN)
    desk.done("retier", path, "--model", "value-abc", "--in-place")
    done = desk.done("retier", path, "--model", "rank-abc", "--in-place")
    assert headers(path) == [*HEAD, *EN]
    assert done["counts"] == {"A": 1, "B": 0, "C": 4}


def test_a_mapping_is_remembered(desk):
    rows = [("Customer", "Takings", "Costs"), *((name, value, 1) for name, value in SALES)]
    path = desk.book(rows)
    refused = desk.run("retier", path, "--model", "value-abc")
    assert refused.code == 3
    assert "Takings" in refused.err
    assert "Costs" in refused.err
    desk.done("retier", path, "--model", "value-abc", "--map", "value=Takings", "--in-place")
    done = desk.done("retier", path, "--model", "value-abc", "--in-place")
    assert done["mapping"]["value"] == "Takings"
    assert under(sheet_of(path), "Tier") == TIERS


GATES = ("Customer", "Trade", "Annual volume", "Good credit", "Prior dealings", "Breach", "Good period")


def gates(desk: Desk, path, breach: str | None, good: str | None) -> list[str]:
    book = openpyxl.load_workbook(path) if path.exists() else openpyxl.Workbook()
    fill(book.worksheets[0], [GATES, ("Ann", "converter", 800_000, "yes", "yes")])
    book.worksheets[0]["F2"], book.worksheets[0]["G2"] = breach, good
    book.save(path)
    desk.done("retier", path, "--model", "volume-gates", "--in-place")
    return under(sheet_of(path), "Tier")


def test_a_breach_lasts_until_a_good_period(desk):
    path = desk.path()
    assert gates(desk, path, None, None) == ["C"]
    assert gates(desk, path, "yes", None) == ["D"]
    assert gates(desk, path, None, None) == ["D"]
    assert gates(desk, path, None, "yes") == ["C"]


@pytest.mark.parametrize("own", ["Tier", "Grade"])
def test_the_last_result_outlives_an_own_column(own, desk):
    """The person's column still says C; the run said D, and that holds until a good period."""
    path = desk.book([(*GATES, own), ("Ann", "converter", 800_000, "yes", "yes", "yes", None, "C")])
    first = desk.done("retier", path, "--model", "volume-gates", "--in-place")
    assert first["moves"] == [{"from": "C", "to": "D", "count": 1}]
    book = openpyxl.load_workbook(path)
    book.worksheets[0]["F2"] = None
    book.save(path)
    second = desk.done("retier", path, "--model", "volume-gates", "--in-place")
    assert under(sheet_of(path), second["columns"][0]) == ["D"]
    assert second["moves"] == []
    asked = desk.done("retier", path, "--model", "volume-gates", "--map", f"current_grade={own}", "--preview")
    assert asked["counts"]["C"] == 1


def test_a_duty_goes_by_the_grade_that_the_person_keeps(desk):
    """Followup-duty grades nothing by itself: what the person changes to B is B at the next run."""
    path = desk.book([("Customer", "Grade", "Last contact"), ("Ann", "A", dt.date(2026, 11, 2))])
    duty = ("retier", path, "--model", "followup-duty", "--as-of", "2026-11-20", "--in-place")
    first = desk.done(*duty)
    assert under(sheet_of(path), first["columns"][0]) == ["A"]
    book = openpyxl.load_workbook(path)
    book.worksheets[0]["B2"] = "B"
    book.save(path)
    second = desk.done(*duty)
    assert under(sheet_of(path), second["columns"][0]) == ["B"]
    assert second["moves"] == [{"from": "A", "to": "B", "count": 1}]


# Several tables, each with results of its own


@pytest.mark.parametrize(("row", "column", "second"), [(1, 12, "L1"), (12, 12, "L12")])
def test_each_block_of_a_sheet_keeps_its_own_columns(row, column, second, desk):
    book = openpyxl.Workbook()
    fill(book.active, PLAIN)
    fill(book.active, [HEAD, ("Zed", 1), ("Yan", 99)], row, column)
    path = desk.path()
    book.save(path)
    retier = ("retier", path, "--model", "value-abc", "--in-place", "--table")
    desk.done(*retier, "A2")
    after_one = cells(path)
    other = desk.done(*retier, second)
    assert other["rows"] == 2
    after_two = cells(path)
    assert {at: value for at, value in after_two.items() if at in after_one} == after_one
    for table, tiers in (("A2", TIERS), (second, ["C", "A"])):
        done = desk.done(*retier, table)
        assert done["moves"] == []
        assert done["counts"]["A"] == tiers.count("A")
    assert cells(path) == after_two


def cells(path) -> dict[str, object]:
    found = sheet_of(path).iter_rows()
    return {cell.coordinate: cell.value for line in found for cell in line if cell.value is not None}


def test_a_header_repeated_among_the_customers(desk):
    """As on long printed lists: the headers of the results are repeated too, so the next run reads the same table."""
    path = desk.book([HEAD, *SALES[:3], HEAD, *SALES[3:]])
    for _ in range(2):
        done = desk.done("retier", path, "--model", "value-abc", "--in-place")
        assert done["rows"] == 5
        assert under(sheet_of(path), "Tier") == [*TIERS[:3], "Tier", *TIERS[3:]]
    desk.done("restore", path)
    desk.done("restore", path)
    assert sheet_of(path).max_column == 2


# No column grows stale


def test_columns_of_an_earlier_run_are_brought_up_to_date(desk):
    """Whatever is asked for: a new grade never stands beside an old reason."""
    path = desk.book(PLAIN)
    desk.done("retier", path, "--model", "value-abc", "--in-place")
    desk.done("retier", path, "--model", "rank-abc", "--in-place", "--columns", "grade")
    fresh = desk.done("retier", desk.book(PLAIN, "fresh.xlsx"), "--model", "rank-abc")
    for name in EN:
        assert under(sheet_of(path), name) == under(sheet_of(fresh["output"]), name)
    desk.done("retier", path, "--model", "rank-abc", "--in-place")
    assert headers(path) == [*HEAD, *EN]


def test_a_follow_up_that_is_not_asked_for_any_more_is_emptied(desk):
    path = desk.book([(*HEAD, "Last contact"), *((*row, dt.date(2026, 11, 2)) for row in SALES)])
    retier = ("retier", path, "--model", "value-abc", "--in-place", "--as-of", "2026-11-20")
    desk.done(*retier, "--cadence", "followup-duty")
    desk.done(*retier)
    assert under(sheet_of(path), "Next follow-up", count=5) == [None] * 5


def test_results_stand_beside_a_table_that_a_query_fills(desk):
    book = openpyxl.Workbook()
    fill(book.active, PLAIN)
    book.active.add_table(Table(displayName="T", ref="A1:B6", tableType="queryTable"))
    book.save(desk.path())
    for _ in range(2):
        desk.done("retier", desk.path(), "--model", "value-abc", "--in-place")
        sheet = sheet_of(desk.path())
        assert sheet.tables["T"].ref == "A1:B6"
        assert headers(desk.path()) == [*HEAD, *EN]
        assert under(sheet, "Tier") == TIERS


def test_a_column_that_was_deleted_is_added_again(desk):
    path = desk.book(PLAIN)
    desk.done("retier", path, "--model", "value-abc", "--in-place")
    book = openpyxl.load_workbook(path)
    book.worksheets[0].delete_cols(3)
    book.save(path)
    desk.done("retier", path, "--model", "value-abc", "--in-place")
    assert sorted(filter(None, headers(path))) == sorted([*HEAD, *EN])
    assert under(sheet_of(path), "Tier") == TIERS
