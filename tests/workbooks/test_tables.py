"""Excel tables: widened, narrowed, renamed; judged by openpyxl and by the part's own text."""

from __future__ import annotations

import re

import openpyxl
import pytest
from openpyxl.worksheet.table import Table

from tieraddin.errors import WorkbookRefused
from tieraddin.workbooks import ERASE, open_workbook

from .conftest import MAIN, part, relationships

NAME = "xl/tables/table1.xml"


@pytest.fixture
def path(tmp_path):
    """A workbook with the table Customers in B2:C5, its last row totals."""
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.title = "S"
    for row in ([None, "Name", "Sales"], [None, "Ann", 5], [None, "Bo", 7], [None, "Total", 12]):
        sheet.append(row)
    sheet.move_range("A1:C4", rows=1)
    sheet["C2"].font = openpyxl.styles.Font(bold=True)
    table = Table(displayName="Customers", ref="B2:C5", totalsRowCount=1)
    table.autoFilter = openpyxl.worksheet.filters.AutoFilter(ref="B2:C4")
    sheet.add_table(table)
    path = tmp_path / "book.xlsx"
    book.save(path)
    return path


def test_what_is_there(path):
    with open_workbook(path) as book:
        (table,) = book.tables("S")
    assert (table.name, table.area, table.header_rows, table.totals_rows) == ("Customers", (2, 2, 5, 3), 1, 1)
    assert table.columns == ["Name", "Sales"]


def test_extend_and_shrink_again(path):
    before = part(path, NAME)
    with open_workbook(path) as book:
        book.extend_table("S", "customers", ["Tier", "Why <x> & \n_x0041_"])
        assert book.tables("S")[0].columns == ["Name", "Sales", "Tier", "Why <x> & \n_x0041_"]
        book.write_columns("S", 3, 4, [["A", "B"], ["big", "small"]], like=3)
        book.save()
    after = openpyxl.load_workbook(path)["S"]
    table = after.tables["Customers"]
    assert (table.ref, table.autoFilter.ref) == ("B2:E5", "B2:E4")
    assert len({column.id for column in table.tableColumns}) == 4
    assert table.tableColumns[3].name == "Why <x> & \n_x0041_"
    assert "Why &lt;x&gt; &amp; _x000a__x005f_x0041_" in part(path, NAME)
    assert [after["D2"].value, after["D2"].font.b, after["D5"].value] == ["Tier", True, None]
    with open_workbook(path) as book:
        assert book.read("S", "E2") == [["Why <x> & \n_x0041_"]]
        book.shrink_table("S", "Customers", 2)
        book.write_columns("S", 2, 4, [[ERASE] * 4] * 2)
        book.save()
        assert book.used_range("S") == (2, 1, 5, 3) or book.used_range("S") == (2, 2, 5, 3)
    assert part(path, NAME) == before


def test_a_header_cell_renames_its_column(path):
    with open_workbook(path) as book:
        book.write("S", 2, 2, [["客户"]])
        for taken in ("sales", "Sales"):
            with pytest.raises(WorkbookRefused) as refusal:
                book.write("S", 2, 2, [[taken]])
            assert refusal.value.key == "workbooks.header_taken"
        for no_text in (None, 5, ""):
            with pytest.raises(WorkbookRefused) as refusal:
                book.write("S", 2, 2, [[no_text]])
            assert refusal.value.key == "workbooks.header_no_text"
        book.save()
    sheet = openpyxl.load_workbook(path)["S"]
    assert [sheet["B2"].value, sheet.tables["Customers"].tableColumns[0].name] == ["客户", "客户"]


@pytest.mark.parametrize(
    ("headers", "key"),
    [(["Name"], "header_taken"), (["a", "A"], "header_taken"), ([""], "header_no_text"), ([3], "header_no_text")],
)
def test_headers_that_no_table_takes(path, headers, key):
    with open_workbook(path) as book, pytest.raises(WorkbookRefused) as refusal:
        book.extend_table("S", "Customers", headers)
    assert refusal.value.key == f"workbooks.{key}"


@pytest.mark.parametrize("how", ["cell in the file", "cell written", "merged"])
def test_no_room_beside_the_table(path, how):
    if how != "cell written":
        book = openpyxl.load_workbook(path)
        book["S"]["D4"] = "note" if how == "cell in the file" else None
        if how == "merged":
            book["S"].merge_cells("D4:E4")
        book.save(path)
    with open_workbook(path) as book:
        if how == "cell written":
            book.write("S", 4, 4, [["note"]])
        with pytest.raises(WorkbookRefused) as refusal:
            book.extend_table("S", "Customers", ["Tier"])
        assert refusal.value.key == "workbooks.occupied"
        assert book.tables("S")[0].columns == ["Name", "Sales"]


def test_no_such_table_or_columns(path):
    with open_workbook(path) as book:
        with pytest.raises(WorkbookRefused):
            book.extend_table("S", "Nobody", ["x"])
        for count in (0, 2, 3):
            with pytest.raises(WorkbookRefused):
                book.shrink_table("S", "Customers", count)


def test_everything_else_in_the_part_stays(make):
    table = (
        f'<table xmlns="{MAIN}" xmlns:xr="urn:x" id="7" xr:uid="{{1}}" name="T" displayName="T" ref="A1:B3">'
        '<autoFilter ref="A1:B3" xr:uid="{2}"><filterColumn colId="0"><filters><filter val="x"/></filters>'
        '</filterColumn></autoFilter><sortState ref="A2:B3"><sortCondition ref="B2:B3"/></sortState>'
        '<tableColumns count="2">'
        '<tableColumn id="4" xr3="y" name="a"/><tableColumn id="9" name="b"/></tableColumns>'
        '<tableStyleInfo name="Light"/><extLst><ext uri="z"/></extLst></table>'
    )
    links = relationships(("table", "/xl/tables/table1.xml"))
    path = make(
        '<sheetData><row r="1"><c r="A1" t="str"><v>a</v></c><c r="B1" t="str"><v>b</v></c></row></sheetData>',
        **{"xl/tables/table1.xml": table, "xl/worksheets/_rels/sheet1.xml.rels": links},
    )
    with open_workbook(path) as book:
        book.extend_table("S", "T", ["c"])
        book.save()
        changed = table.replace('ref="A1:B3"', 'ref="A1:C3"').replace('count="2"', 'count="3"')
        new = '<tableColumn id="10" name="c"/></tableColumns>'
        assert part(path, NAME) == changed.replace("</tableColumns>", new)
        book.shrink_table("S", "T", 1)
        book.save()
        assert part(path, NAME) == table
        book.shrink_table("S", "T", 1)  # the sort order went by the column that goes
        book.save()
        assert "sortState" not in part(path, NAME)
        assert re.findall(r'ref="([^"]*)"', part(path, NAME)) == ["A1:A3", "A1:A3"]
