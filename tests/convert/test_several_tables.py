"""A workbook with several lists: refused with their names, or all taken, sheet after sheet, where a person says so."""

from __future__ import annotations

import openpyxl
import pytest

from .conftest import columns_of, sheet_of

MONTHS = {
    "1月": [("客户", "销售额", "备注"), ("甲有限公司", 500, "a"), ("乙", 300, None), ("合计", 800, None)],
    "2月": [("Customer", "Sales", "Note"), ("甲", 120, "b"), (None, 7, "lost"), ("Dee", 50, None)],
    "3月": [("客户", "销售额")],
    "说明": [("球队", "进球"), ("红", 3)],
    "4月": [("备注", "成交", "客户名称"), ("c", 30, "Eve")],
}
"""Months as they are kept: other headers, other orders of columns, one that is not filled in yet, another sheet."""
AMOUNT = ("--map", "value=成交")


def months(office, name="a.xlsx", **more):
    first, *rest = (MONTHS | more).items()
    return office.book(name, first[1], first[0], **dict(rest))


def mapped(office, text):
    path = office.out.parent / "map.toml"
    path.write_text(text, "utf-8")
    return "--map", path


@pytest.mark.parametrize("lang, tables", [("en", "1月!A1:C3, 2月!A1:C4"), ("zh", "1月!A1:C3、2月!A1:C4")])
def test_several_tables_are_refused_and_named(office, lang, tables):
    months(office)
    entry = office.entry("--lang", lang)
    assert entry["key"] == "convert.several_tables"
    assert "--tables all" in entry["error"]
    assert tables in entry["error"]


@pytest.mark.parametrize(
    "lang, columns, tables",
    [
        ("en", "customer (Customer), value (Value)", "East!A1:B2, West!A1:B2"),
        ("zh", "customer（客户）、value（销售额）", "East!A1:B2、West!A1:B2"),
    ],
)
def test_tables_of_which_none_fits_are_named_with_the_columns_that_are_needed(office, lang, columns, tables):
    lines = [("Kunde", "Sales"), ("Ann", 5)]
    office.book("a.xlsx", lines, "East", West=lines)
    entry = office.entry("--lang", lang)
    assert entry["key"] == "convert.no_table_fits"
    assert columns in entry["error"]
    assert tables in entry["error"]


def test_all_tables_are_taken_one_below_the_other(office, result):
    months(office)
    entry = office.entry("--tables", "all", *AMOUNT)
    assert (entry["rows_in"], entry["rows_out"], entry["rejected"], entry["totals"]) == (6, 5, 1, 1)
    columns = result()
    assert columns["Customer"] == ["甲有限公司", "乙", "甲", "Dee", "Eve"]
    assert columns["Value"] == [500, 300, 120, 50, 30]
    assert columns["Tier"] == ["A", "A", "B", "B", "C"]  # of all together: 50, 80, 92, 97, 100 %
    assert columns["Source sheet"] == ["1月", "1月", "2月", "2月", "4月"]
    assert result(sheet="Unmapped") == {
        "Row here": [4, 5, 6, 7, 8], "备注": ["a", None, None, None, "c"], "Note": [None, None, "b", None, None],
    }  # fmt: skip
    rejected = result(sheet="Rejected")
    assert [rejected[key] for key in ("Sheet", "Row in the source", "Note")] == [["2月"], [3], ["lost"]]


def test_each_table_is_accounted_for(office):
    months(office)
    entry = office.entry("--tables", "all", *AMOUNT)
    shown = [(t["sheet"], t["rows_in"], t["rows_out"], t["rejected"], t["totals"]) for t in entry["tables"]]
    assert shown == [("1月", 2, 2, 0, 1), ("2月", 3, 2, 1, 0), ("4月", 1, 1, 0, 0)]
    assert [t["mapping"]["value"]["header"] for t in entry["tables"]] == ["销售额", "Sales", "成交"]
    for key in ("rows_in", "rows_out", "rejected", "totals"):
        assert entry[key] == sum(table[key] for table in entry["tables"])
    assert entry["sheet"] == "1月, 2月, 4月"
    notes = " ".join(entry["notes"])
    assert "说明!A1:B2" in notes
    assert "more than one of these tables: 1;" in notes  # 甲有限公司 is 甲
    book = openpyxl.load_workbook(office.out / "conversion-report.xlsx")
    lines = [[cell.value for cell in row] for row in book["Columns"].iter_rows(min_row=2)]
    assert [(line[2], line[5]) for line in lines if line[1] == "value"] == [
        ("销售额", "1月"), ("Sales", "2月"), ("成交", "4月"),
    ]  # fmt: skip


def test_a_file_of_one_table_among_others_has_the_same_columns(office, result):
    months(office)
    office.book("b.xlsx", [("Customer", "Sales"), ("Zoe", 1)], "Only")
    done = office.run("--tables", "all", *AMOUNT, "--merge")[1]
    assert done["template"] == "customer-master"
    assert done["files"][1]["tables"] == []
    assert result("b.xlsx")["Source sheet"] == ["Only"]
    assert result("merged.xlsx")["Source sheet"] == ["1月", "1月", "2月", "2月", "4月", "Only"]


@pytest.mark.parametrize(
    "sheets, expected",
    [
        ('["4月", "1月"]', ["4月", "1月", "1月"]),
        ('["1月"]', ["1月", "1月"]),
        ('"*月"', ["1月", "1月", "2月", "2月", "4月"]),
        ('["[23]月", "?月"]', None),
        ('"*"', ["1月", "1月", "2月", "2月", "4月"]),
    ],
)
def test_the_sheets_can_be_said(office, result, sheets, expected):
    months(office)
    entry = office.entry(*AMOUNT, *mapped(office, f'[files."a*"]\nsheet = {sheets}\n'))
    if expected is None:
        assert "[23]月" in entry["error"]
    else:
        assert entry["error"] is None
        assert result()["Source sheet"] == expected


@pytest.mark.parametrize("lang", ["en", "zh"])
@pytest.mark.parametrize(
    "sheets, named",
    [
        ('["1月", "说明"]', "说明!A1:B2"),
        ('["1月", "13月"]', "13月"),
        ('"Q*"', "Q*"),
        ('["1月", "x"]', "x"),
    ],
)
def test_a_sheet_that_was_named_is_never_left_out(office, lang, sheets, named):
    months(office, x=[("just a note",)])
    entry = office.entry("--lang", lang, *AMOUNT, *mapped(office, f'[files."a*"]\nsheet = {sheets}\n'))
    assert entry["output"] is None
    assert named in entry["error"]


def test_a_table_of_which_a_column_is_unsure_is_not_left_out_in_silence(office):
    months(office, 五月=[("Name", "Client", "Sales"), ("a", "b", 1)])
    entry = office.entry("--tables", "all", *AMOUNT)
    assert entry["output"] is None
    assert entry["error"].startswith("五月!A1:C2: ")
    assert "Name, Client" in entry["error"]


def test_two_tables_on_one_sheet(office, result):
    rows = [("Customer", "Sales"), ("Ann", 5), (), (), ("Customer", "Sales"), ("Bo", 3), ("Cy", 2)]
    office.book("a.xlsx", rows)
    entry = office.entry("--tables", "all")
    assert (entry["rows_out"], entry["sheet"]) == (3, "Sheet1")
    assert result()["Customer"] == ["Ann", "Bo", "Cy"]


def test_tables_of_which_none_has_a_row_that_can_be_used(office):
    office.book("a.xlsx", [("Customer", "Sales"), ("Ann", "x")], Other=[("Customer", "Sales"), ("Bo", "y")])
    entry = office.entry("--tables", "all")
    assert entry["key"] == "convert.none_usable"
    assert "“x”" in entry["error"]


def test_what_was_asked_for_is_part_of_what_is_remembered(office):
    office.book("a.xlsx")
    assert office.entry()["skipped"] is False
    assert office.entry("--tables", "all")["skipped"] is False
    assert office.entry("--tables", "all")["skipped"] is True
    assert columns_of(sheet_of(office.out / "a.xlsx"))["Source sheet"] == ["Sheet1"] * 5
    assert office.entry()["skipped"] is False


@pytest.mark.parametrize("lang, said", [("en", "one or all"), ("zh", "one 或 all")])
def test_another_word_is_refused(office, lang, said):
    office.book("a.xlsx")
    code, done = office.run("--tables", "some", "--lang", lang)
    assert code == 2
    assert said in done["error"]
