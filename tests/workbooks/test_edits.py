"""Edits of single sheets: what is in the XML afterwards, and what openpyxl reads."""

from __future__ import annotations

import datetime as dt
import re
import zipfile

import numpy as np
import openpyxl
import pytest

from tieraddin.errors import WorkbookRefused
from tieraddin.tables.layout import column_letters
from tieraddin.tables.values import CellError, Kind
from tieraddin.workbooks import ERASE, KEEP, open_workbook

from .conftest import CONTENT, MAIN, REL, part, parts_of, relationships, write_zip


def edited(path, *writes):
    """The sheet part after writes (row, column, rows), and the file written."""
    target = path.with_name("edited.xlsx")
    with open_workbook(path) as book:
        for write in writes:
            book.write("S", *write)
        book.save(target)
    return re.search("<(?:x:)?sheetData.*sheetData>", part(target), re.S)[0], target


ONE = '<sheetData><row r="2" spans="1:3"><c r="A2"><v>1</v></c><c r="C2" s="0"><v>3</v></c></row></sheetData>'


@pytest.mark.parametrize(
    ("sheet", "row", "column", "value", "expected"),
    [
        ("<sheetData/>", 1, 1, 5, '<row r="1"><c r="A1"><v>5</v></c></row>'),
        ("<sheetData></sheetData>", 3, 2, True, '<row r="3"><c r="B3" t="b"><v>1</v></c></row>'),
        ('<sheetData><row r="1"/></sheetData>', 1, 1, 5, '<row r="1"><c r="A1"><v>5</v></c></row>'),
        (ONE, 2, 2, 2, '<row r="2" spans="1:3"><c r="A2"><v>1</v></c><c r="B2"><v>2</v></c>'
         '<c r="C2" s="0"><v>3</v></c></row>'),
        (ONE, 2, 4, 2, '<row r="2" spans="1:4"><c r="A2"><v>1</v></c><c r="C2" s="0"><v>3</v></c>'
         '<c r="D2"><v>2</v></c></row>'),
        (ONE, 2, 3, None, '<row r="2" spans="1:3"><c r="A2"><v>1</v></c></row>'),
        (ONE, 2, 1, ERASE, '<row r="2" spans="1:3"><c r="C2" s="0"><v>3</v></c></row>'),
        (ONE, 2, 1, KEEP, ONE[11:-12]),
        (ONE, 1, 1, 7, '<row r="1"><c r="A1"><v>7</v></c></row>' + ONE[11:-12]),
        (ONE, 9, 1, 7, ONE[11:-12] + '<row r="9"><c r="A9"><v>7</v></c></row>'),
        (ONE, 9, 1, None, ONE[11:-12]),
        ("<sheetData><row><c><v>1</v></c></row></sheetData>", 1, 2, 2,
         '<row><c><v>1</v></c><c r="B1"><v>2</v></c></row>'),
        ('<sheetData><row r="1"><c r="A1"><v>1</v></c><!-- </row> --></row></sheetData>', 1, 1, 2,
         '<row r="1"><c r="A1"><v>2</v></c><!-- </row> --></row>'),
        ('<sheetData><row r="1"><c r="A1" t="inlineStr"><is><t><![CDATA[</row>]]></t></is></c></row></sheetData>',
         1, 2, 2, '<row r="1"><c r="A1" t="inlineStr"><is><t><![CDATA[</row>]]></t></is></c>'
         '<c r="B1"><v>2</v></c></row>'),
    ],
)  # fmt: skip
def test_one_cell(make, sheet, row, column, value, expected):
    data, _ = edited(make(sheet), (row, column, [[value]]))
    assert re.sub("</?sheetData/?>", "", data) == expected


def test_prefixed_names(tmp_path):
    parts = parts_of()
    parts["xl/worksheets/sheet1.xml"] = (
        f'<x:worksheet xmlns:x="{MAIN}"><x:sheetData><x:row r="1"><x:c r="A1" t="str"><x:v>a</x:v></x:c></x:row>'
        "</x:sheetData></x:worksheet>"
    )
    data, target = edited(write_zip(tmp_path / "book.xlsx", parts), (1, 2, [["b"]]), (2, 1, [[1]]))
    assert '<x:c r="B1" t="inlineStr"><x:is><x:t>b</x:t></x:is></x:c></x:row><x:row r="2">' in data
    assert [list(row) for row in openpyxl.load_workbook(target)["S"].values] == [["a", "b"], [1, None]]


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-le", "iso-8859-1", "utf-8-sig"])
def test_other_encodings(tmp_path, encoding):
    parts = parts_of()
    declared = encoding.removesuffix("-sig").removesuffix("-le")
    text = f'<?xml version="1.0" encoding="{declared}"?>' + parts["xl/worksheets/sheet1.xml"].replace(
        "<sheetData/>", '<sheetData><row r="1"><c r="A1" t="str"><v>é</v></c></row></sheetData>'
    )
    parts["xl/worksheets/sheet1.xml"] = text.encode(encoding)
    _, target = edited(write_zip(tmp_path / "book.xlsx", parts), (1, 2, [["客户"]]))
    assert [list(row) for row in openpyxl.load_workbook(target)["S"].values] == [["é", "客户"]]


@pytest.mark.parametrize(
    "value",
    [
        "plain", "=1+1", "+1", "-x", "@x", " space ", "line\nend", "tab\t", "cr\rlf\r\n", "_x0041_", "\x01", "<&>\"'",
        "客户", "😀", "x" * 32_767, "", "\ufffe", 0, -1, 1.5, 1e300, 1e-300, 0.1 + 0.2, 123456789012345678,
        2**70, True, False,
        CellError("#N/A"), CellError("#DIV/0!"), dt.datetime(2024, 2, 29), dt.datetime(2024, 2, 29, 13, 14, 15),
        dt.datetime(1900, 1, 1), dt.datetime(1900, 2, 28), dt.datetime(9999, 12, 31), None,
    ],
)  # fmt: skip
def test_values_come_back(make, value):
    _, target = edited(make(), (3, 2, [[value, "end"]]))
    with open_workbook(target) as book:
        found = book.read("S", "B3")[0][0]
        column = book.read_columns("S", [2], 3, 3)[0]
    expected = float(value) if isinstance(value, int) and abs(value) > 1e15 else value
    assert found == expected
    assert isinstance(found, type(expected)) or isinstance(expected, float)
    assert column[0] == (expected if value != "" else None)


@pytest.mark.parametrize(
    ("value", "key"),
    [
        (float("nan"), "not_finite"), (float("inf"), "not_finite"), (np.float64("nan"), "not_finite"),
        ("x" * 32_768, "text_too_long"), ("😀" * 16_384, "text_too_long"), ("a\ud800", "half_character"),
        (object(), "no_cell_value"), (dt.date(1899, 12, 31), "date_too_early"), (1j, "no_cell_value"),
    ],
)  # fmt: skip
def test_values_no_cell_can_hold(make, value, key):
    path = make()
    before = path.read_bytes()
    with open_workbook(path) as book:
        with pytest.raises(WorkbookRefused) as refusal:
            book.write("S", 4, 3, [[value]])
        assert refusal.value.key == f"workbooks.{key}"
        assert "C4" in str(refusal.value)
        book.write_columns("S", 1, 1, [[value]])
        with pytest.raises(WorkbookRefused):
            book.save()
    assert path.read_bytes() == before
    assert [entry.name for entry in path.parent.iterdir()] == [path.name]


def test_numpy_values(make):
    _, target = edited(make(), (1, 1, [[np.int64(3), np.float32(0.5), np.bool_(True), np.str_("x")]]))
    assert [list(row) for row in openpyxl.load_workbook(target)["S"].values] == [[3, 0.5, True, "x"]]


def test_dates_in_a_1904_workbook(make):
    book_part = parts_of()["xl/workbook.xml"].replace("<sheets>", '<workbookPr date1904="1"/><sheets>')
    path = make(**{"xl/workbook.xml": book_part})
    day = dt.datetime(2024, 2, 29)
    _, target = edited(path, (1, 1, [[day]]))
    assert openpyxl.load_workbook(target)["S"]["A1"].value == day
    with open_workbook(target) as book:
        assert book.read("S", "A1") == [[day]]
        assert book.read_columns("S", [1], 1, 1)[0][0] == day
        with pytest.raises(WorkbookRefused):
            book.write("S", 1, 1, [[dt.date(1903, 12, 31)]])


def test_styles_are_kept_and_dates_get_a_format(tmp_path):
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.title = "S"
    sheet["A1"] = 1.5
    sheet["A1"].font = openpyxl.styles.Font(bold=True)
    sheet["A1"].number_format = "0.000"
    sheet["B1"] = dt.datetime(2020, 1, 1)
    sheet["B1"].number_format = "dd/mm/yy"
    path = tmp_path / "book.xlsx"
    book.save(path)
    with open_workbook(path) as ours:
        ours.write("S", 1, 1, [[dt.date(2024, 5, 6), dt.date(2024, 5, 7), dt.datetime(2024, 5, 6, 7, 8)]])
        ours.write_columns("S", 2, 1, [[1, 2], [3, 4]], like=None, number_formats=["0%", None])
        ours.write_columns("S", 1, 4, [["new"], [0.5]], like=1, number_formats=[None, "0.0000"])
        ours.save()
    after = openpyxl.load_workbook(path)["S"]
    assert after["A1"].number_format == "yyyy-mm-dd"
    assert after["A1"].font.b
    assert after["B1"].number_format == "dd/mm/yy"
    assert after["C1"].number_format == "yyyy-mm-dd hh:mm:ss"
    assert [after["A2"].number_format, after["B2"].number_format] == ["0%", "General"]
    assert (after["D1"].font.b, after["D1"].number_format) == (True, "General")
    assert (after["E1"].font.b, after["E1"].number_format) == (True, "0.0000")
    xfs = re.search('<cellXfs count="(\\d+)">(.*)</cellXfs>', part(path, "xl/styles.xml"))
    assert int(xfs[1]) == len(re.findall("<xf ", xfs[2]))


def test_new_cells_take_the_format_of_their_row_or_column(make):
    xfs = '<cellXfs count="3"><xf/><xf numFmtId="9"/><xf numFmtId="10"/></cellXfs>'
    styles = f'<styleSheet xmlns="{MAIN}">{xfs}</styleSheet>'
    links = relationships(("worksheet", "worksheets/sheet1.xml"), ("styles", "styles.xml"))
    sheet = '<sheetData><row r="1" s="1" customFormat="1"/><row r="2"/></sheetData>'
    cols = '<cols><col min="2" max="3" style="2"/></cols>'
    path = make(sheet, cols, **{"xl/styles.xml": styles, "xl/_rels/workbook.xml.rels": links})
    data, _ = edited(path, (1, 2, [[1], [1], [1]]))
    assert re.findall('<c r="B.". s="(.)">|<c r="B." s="(.)"', data) == [("", "1"), ("", "2"), ("", "2")]


def test_workbook_without_styles_gets_them(make):
    _, target = edited(make(), (1, 1, [[dt.date(2024, 1, 1)]]))
    assert openpyxl.load_workbook(target)["S"]["A1"].value == dt.datetime(2024, 1, 1)


def test_lazy_columns_later_writes_win_and_keep_keeps(make):
    class Lazy:
        asked = 0

        def __len__(self):
            return 3

        def __getitem__(self, i):
            self.asked += 1
            return f"row {i}"

    lazy = Lazy()
    path = make('<sheetData><row r="1"><c r="A1"><v>1</v></c><c r="B1"><v>2</v></c></row></sheetData>')
    with open_workbook(path) as book:
        book.write_columns("S", 1, 1, [lazy, [KEEP, "b", ERASE]])
        assert lazy.asked == 0
        book.write("S", 2, 1, [["later"]])
        assert book.read("S", "A1:B3") == [["row 0", 2], ["later", "b"], ["row 2", None]]
        assert [list(column) for column in book.read_columns("S", [1, 2], 1, 3)] == [
            ["row 0", "later", "row 2"],
            [2.0, "b", None],
        ]
        assert book.used_range("S") == (1, 1, 3, 2)
        assert book.kinds("S").kinds.tolist() == [[2, 1], [2, 2], [2, 0]]
        book.save()
        assert book.read("S", "A1:B3") == [["row 0", 2], ["later", "b"], ["row 2", None]]
    found = [list(row) for row in openpyxl.load_workbook(path)["S"].values]
    assert found == [["row 0", 2], ["later", "b"], ["row 2", None]]


def test_nothing_written_nothing_changed(make, tmp_path):
    path = make(ONE)
    target = tmp_path / "copy.xlsx"
    with open_workbook(path) as book:
        book.save(target)
        book.save(target)
    with zipfile.ZipFile(path) as a, zipfile.ZipFile(target) as b:
        assert a.namelist() == b.namelist()
        assert all(a.read(name) == b.read(name) for name in a.namelist())


def test_dimension_follows(make):
    path = make(ONE, '<dimension ref="A2:C2"/>')
    edited(path, (5, 5, [[1]]))
    assert '<dimension ref="A2:E5"/>' in part(path.with_name("edited.xlsx"))


@pytest.mark.parametrize(
    ("cols", "expected"),
    [
        ("", '<cols><col min="3" max="3" width="20" customWidth="1"/></cols>'),
        ('<cols><col min="1" max="2" width="9"/></cols>',
         '<cols><col min="1" max="2" width="9"/><col min="3" max="3" width="20" customWidth="1"/></cols>'),
        ('<cols><col min="5" max="6" width="9"/></cols>',
         '<cols><col min="3" max="3" width="20" customWidth="1"/><col min="5" max="6" width="9"/></cols>'),
        ('<cols><col min="1" max="9" width="9"/></cols>', '<cols><col min="1" max="9" width="9"/></cols>'),
        ('<cols><col min="2" max="4" style="0" hidden="1"/></cols>',
         '<cols><col min="2" max="2" style="0" hidden="1"/>'
         '<col min="3" max="3" style="0" hidden="1" width="20" customWidth="1"/>'
         '<col min="4" max="4" style="0" hidden="1"/></cols>'),
    ],
)  # fmt: skip
def test_column_width(make, cols, expected):
    path = make("<sheetData/>", cols)
    with open_workbook(path) as book:
        book.set_column_width("S", 3, 20)
        book.save()
    assert f"{expected}<sheetData>" in part(path)


FORMULAS = (
    '<sheetData><row r="1"><c r="A1"><v>1</v></c><c r="B1"><f t="shared" ref="B1:B3" si="0">A1*$A$1&amp;"&lt;"</f>'
    '<v>1</v></c></row><row r="2"><c r="B2"><f t="shared" si="0"/><v>2</v></c></row>'
    '<row r="3"><c r="B3"><f t="shared" si="0"/><v>3</v></c>'
    '</row><row r="5"><c r="A5"><f t="array" ref="A5:B6">{1,2;3,4}</f><v>1</v></c><c r="B5"><v>2</v></c></row>'
    '<row r="6"><c r="A6"><v>3</v></c><c r="B6"><v>4</v></c></row></sheetData>'
)


def test_a_shared_formula_finds_a_new_home(make):
    _, target = edited(make(FORMULAS), (1, 2, [["x"]]))
    sheet = openpyxl.load_workbook(target)["S"]
    assert [sheet[f"B{row}"].value for row in (1, 2, 3)] == ["x", '=A2*$A$1&"<"', '=A3*$A$1&"<"']
    _, target = edited(make(FORMULAS), (1, 2, [[None], [5]]))
    sheet = openpyxl.load_workbook(target)["S"]
    assert [sheet[f"B{row}"].value for row in (1, 2, 3)] == [None, 5, '=A3*$A$1&"<"']
    assert '<f t="shared" ref="B3:B3" si="0">' in part(target).replace('ref="B3"', 'ref="B3:B3"')


def test_array_formulas_change_whole_or_not(make):
    path = make(FORMULAS)
    with open_workbook(path) as book:
        for spot in ((5, 1), (6, 2)):
            with pytest.raises(WorkbookRefused) as refusal:
                book.write("S", *spot, [[1]])
            assert refusal.value.key == "workbooks.array_formula"
        book.write("S", 5, 1, [[1, 2], [3, 4]])
        book.save()
    assert "array" not in part(path)


@pytest.mark.parametrize(("spot", "dropped"), [((1, 1), False), ((2, 2), True), ((9, 9), False)])
def test_calculation_chain_goes_only_with_a_formula(tmp_path, spot, dropped):
    parts = parts_of(FORMULAS)
    parts["xl/calcChain.xml"] = f'<calcChain xmlns="{MAIN}"><c r="B1" i="1"/></calcChain>'
    parts["xl/_rels/workbook.xml.rels"] = relationships(
        ("worksheet", "worksheets/sheet1.xml"), ("calcChain", "calcChain.xml")
    )
    override = f'<Override PartName="/xl/calcChain.xml" ContentType="{CONTENT}.calcChain+xml"/></Types>'
    parts["[Content_Types].xml"] = parts["[Content_Types].xml"].replace("</Types>", override)
    _, target = edited(write_zip(tmp_path / "book.xlsx", parts), (*spot, [["x"]]))
    with zipfile.ZipFile(target) as file:
        there = ["xl/calcChain.xml" in file.namelist()]
        there += [
            "calcChain" in file.read(name).decode() for name in ("[Content_Types].xml", "xl/_rels/workbook.xml.rels")
        ]
    assert there == [not dropped] * 3


def test_new_sheets(make):
    path = make()
    with open_workbook(path) as book:
        book.add_sheet("客户 & 等级")
        book.add_sheet("Log", hidden=True)
        book.write("客户 & 等级", 2, 2, [["A"]])
        assert book.sheet_names == ["S", "客户 & 等级", "Log"]
        assert book.sheet_state("Log") == "hidden"
        for name in ("s", "", "a/b", "x" * 32, "'a", "History"):
            with pytest.raises(WorkbookRefused):
                book.add_sheet(name)
        book.save()
        book.add_sheet("Third")
        book.save()
    after = openpyxl.load_workbook(path)
    assert after.sheetnames == ["S", "客户 & 等级", "Log", "Third"]
    assert after["Log"].sheet_state == "hidden"
    assert after["客户 & 等级"]["B2"].value == "A"


def test_merged_and_protected(make):
    path = make(ONE, after='<mergeCells count="1"><mergeCell ref="E2:F3"/></mergeCells>')
    with open_workbook(path) as book:
        assert book.merged("S") == [(2, 5, 3, 6)]
        assert book.used_range("S") == (2, 1, 3, 6)
        book.write("S", 2, 5, [["shown"]])
        book.write("S", 2, 5, [[KEEP, None]])
        for spot in ((2, 6), (3, 5), (3, 6)):
            with pytest.raises(WorkbookRefused) as refusal:
                book.write("S", *spot, [["hidden"]])
            assert refusal.value.key == "workbooks.merged"
    path = make(ONE, after='<sheetProtection sheet="1"/>')
    with open_workbook(path) as book:
        assert book.protected("S")
        with pytest.raises(WorkbookRefused) as refusal:
            book.write("S", 1, 1, [[1]])
        assert refusal.value.key == "workbooks.protected"


@pytest.mark.parametrize(("row", "column"), [(0, 1), (1, 0), (1_048_576, 1), (1, 16_384)])
def test_off_the_sheet(make, row, column):
    with open_workbook(make()) as book, pytest.raises(WorkbookRefused) as refusal:
        book.write("S", row, column, [[1, 2], [3, 4]])
    assert refusal.value.key == "workbooks.outside_sheet"


@pytest.mark.parametrize("name", ["xl\\worksheets\\sheet1.xml", "XL/Worksheets/Sheet1.XML"])
def test_a_part_that_the_zip_file_names_otherwise_is_written_to(tmp_path, name):
    parts = parts_of("<sheetData/>")
    parts[name] = parts.pop("xl/worksheets/sheet1.xml")
    path = write_zip(tmp_path / "book.xlsx", parts)
    with open_workbook(path) as book:
        book.write("S", 1, 1, [["tier"]])
        book.save()
    with open_workbook(path) as book:
        assert book.read("S", "A1") == [["tier"]]


STRICT = "http://purl.oclc.org/ooxml/spreadsheetml/main"
STRICT_RELATIONS = "http://purl.oclc.org/ooxml/officeDocument/relationships"


def test_a_strict_workbook_gets_sheets_and_date_formats_of_its_own_kind(tmp_path):
    parts = {
        name: text.replace(MAIN, STRICT).replace(REL, STRICT_RELATIONS)
        for name, text in parts_of('<sheetData><row r="1"><c r="A1"><v>1</v></c></row></sheetData>').items()
    }
    path = write_zip(tmp_path / "book.xlsx", parts)
    day = dt.datetime(2026, 2, 28)
    with open_workbook(path) as book:
        book.write("S", 1, 2, [[day]])
        book.add_sheet("New")
        book.write("New", 2, 3, [["tier", day]])
        book.save()
    with open_workbook(path) as book:
        assert book.sheet_names == ["S", "New"]
        assert book.read("S", "A1:B1") == [[1, day]]
        assert book.read("New", "C2:D2") == [["tier", day]]
        assert book.kinds("S").kinds.tolist() == [[Kind.NUMBER, Kind.DATE]]
    with zipfile.ZipFile(path) as file:
        texts = {name: file.read(name).decode() for name in file.namelist()}
    assert not any(MAIN in text or REL in text for text in texts.values())
    assert f"{STRICT_RELATIONS}/worksheet" in texts["xl/_rels/workbook.xml.rels"]
    assert f"{STRICT_RELATIONS}/styles" in texts["xl/_rels/workbook.xml.rels"]
    assert texts["xl/styles.xml"].count(STRICT) == 1


def test_a_sheet_full_of_styled_blanks_has_an_extent_and_no_values(tmp_path):
    cells = "".join(f'<c r="{column_letters(column)}{{0}}" s="1"/>' for column in range(1, 201))
    rows = "".join(f'<row r="{row}">{cells.format(row)}</row>' for row in range(1, 301))
    path = write_zip(tmp_path / "book.xlsx", parts_of(f"<sheetData>{rows}</sheetData>"))
    with open_workbook(path) as book:
        assert str(book.used_range("S")) == "A1:GR300"
        assert book.kinds("S").kinds.shape == (0, 0)
        assert {value for line in book.read("S", "A1:GR300") for value in line} == {None}
        assert {kind for column in book.read_columns("S", [1, 200], 1, 300) for kind in column.kinds} == {Kind.BLANK}
        book.write("S", 2, 2, [["x"]])
        assert book.read("S", "B2") == [["x"]]


def test_a_styles_part_that_is_one_empty_tag(make):
    path = make(
        **{
            "xl/styles.xml": f'<styleSheet xmlns="{MAIN}"/>',
            "xl/_rels/workbook.xml.rels": relationships(
                ("worksheet", "worksheets/sheet1.xml"), ("styles", "styles.xml")
            ),
        },
    )
    with open_workbook(path) as book:
        book.write("S", 1, 1, [[dt.date(2026, 1, 31)]])
        book.save()
    cell = openpyxl.load_workbook(path)["S"]["A1"]
    assert cell.value == dt.datetime(2026, 1, 31)
    assert cell.number_format == "yyyy-mm-dd"
