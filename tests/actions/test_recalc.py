"""Our formulas recalculated in workbook files, judged by openpyxl and by the bytes of the parts."""

from __future__ import annotations

import datetime as dt
import re
import zipfile
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from openpyxl.workbook.defined_name import DefinedName
from openpyxl.worksheet.formula import ArrayFormula
from openpyxl.worksheet.table import Table

from tests.workbooks.conftest import MAIN, REL, part, write_zip

from .conftest import SHARED, Desk, losses

SALES = [["Customer", "Sales"], ["a", 700], ["b", 200], ["c", 100]]
"""By hand: running shares of 70, 90 and 100 %, so A, A, B."""
SHEET = "xl/worksheets/sheet1.xml"


def values(path: object, sheet: str | None = None) -> Any:
    book = openpyxl.load_workbook(str(path), data_only=True)
    return book[sheet] if sheet else book.worksheets[0]


def parts(path: Path) -> dict[str, bytes]:
    with zipfile.ZipFile(path) as file:
        return {name: file.read(name) for name in file.namelist()}


def replace(path: Path, changes: dict[str, str], more: dict[str, str] | None = None) -> None:
    """Change texts inside the parts of a workbook, or add parts."""
    changed = {}
    for name, data in parts(path).items():
        changed[name] = data.decode()
        for before, after in changes.items():
            changed[name] = changed[name].replace(before, after)
    write_zip(path, changed | (more or {}))


def raw(desk: Desk, cells: dict[str, str], rows: list[list[Any]] = SALES) -> Path:
    """A workbook of one sheet: ``rows`` from A1 on, and cells given as they stand in the part."""
    path = desk.book(rows, "raw.xlsx")
    text = part(path)
    by_row: dict[str, str] = {}
    for address, cell in cells.items():
        number = re.sub("[A-Z]", "", address)
        by_row[number] = by_row.get(number, "") + f'<c r="{address}"{cell}</c>'
    changes = {}
    for number, added in by_row.items():
        found = re.search(rf'<row r="{number}"[^>]*>.*?(?=</row>)', text)
        if found:
            changes[found[0]] = found[0] + added
        else:
            changes["</sheetData>"] = f'{changes.get("</sheetData>", "")}<row r="{number}">{added}</row>'
    if "</sheetData>" in changes:
        changes["</sheetData>"] += "</sheetData>"
    replace(path, changes)
    return path


METADATA = (
    f'<metadata xmlns="{MAIN}" xmlns:xda="http://schemas.microsoft.com/office/spreadsheetml/2017/dynamicarray">'
    '<metadataTypes count="1"><metadataType name="XLDAPR" minSupportedVersion="120000" copy="1" cellMeta="1"/>'
    '</metadataTypes><futureMetadata name="XLDAPR" count="1"><bk><extLst><ext uri="{x}"><xda:dynamicArrayProperties '
    'fDynamic="1" fCollapsed="0"/></ext></extLst></bk></futureMetadata><cellMetadata count="1"><bk><rc t="1" v="0"/>'
    "</bk></cellMetadata></metadata>"
)


def with_metadata(path: Path, metadata: str = METADATA) -> Path:
    """The workbook with a metadata part, as Excel writes it."""
    replace(
        path,
        {
            "</Types>": '<Override PartName="/xl/metadata.xml" ContentType="application/vnd.openxmlformats-'
            'officedocument.spreadsheetml.sheetMetadata+xml"/></Types>',
            'Id="rId1"/><': f'Id="rId1"/><Relationship Id="rId99" Target="metadata.xml" Type="{REL}/sheetMetadata"/><',
        },
        {"xl/metadata.xml": metadata},
    )
    return path


def book_of(desk: Desk, cells: dict[str, Any], rows: list[list[Any]] = SALES) -> Path:
    path = desk.book(rows)
    book = openpyxl.load_workbook(path)
    for address, value in cells.items():
        book.active[address] = value
    book.save(path)
    return path


def left(done: Any) -> dict[str, str]:
    return {line["cell"]: line["reason"] for line in done["left"]}


def recalc(desk: Desk, path: Path, *options: object) -> tuple[Any, Any]:
    """What the command says, and the first sheet of what it wrote."""
    answer = desk.run("recalc", path, "--json", "--lang", "en", *options)
    assert answer.code == (4 if answer.json.get("left") else 0), answer.err
    return answer.json, values(answer.json["output"] or path)


# How calls are spelled


@pytest.mark.parametrize(
    "spelled",
    [
        "GINI(B2:B4)", "gini(B2:B4)", "_xlfn.GINI(B2:B4)", "_xludf.GINI(B2:B4)",
        "'C:\\a b\\tieraddin.xlam'!GINI(B2:B4)",
        "tieraddin.xlam!GINI(B2:B4)", "GINI('Sheet1'!B2:B4)", "GINI(sheet1!B2:B4)", "+GINI(B4:B2)",
        "GINI(B:B)", "GINI(2:4)", "GINI(b2:b4)", "(GINI(B2:B4))", "IFERROR(GINI(B2:B4),1)", "GINI({700;200;100})",
        "GINI(B2:B4)%*100", "1-(1-GINI(B2:B4))", "IF(GINI(B2:B4)>0.3,GINI(B2:B4),SUM(B2:B4))", "--GINI(B2:B4)",
    ],
)  # fmt: skip
def test_a_call_is_found_however_it_is_spelled(desk: Desk, spelled: str) -> None:
    done, sheet = recalc(desk, book_of(desk, {"D1": f"={spelled}"}))
    assert (done["calculated"], done["left"]) == (1, [])
    assert sheet["D1"].value == pytest.approx(0.4)  # (2*(100*1 + 200*2 + 700*3) / (3*1000)) - 4/3
    assert openpyxl.load_workbook(done["output"]).active["D1"].value == f"={spelled}"


LINK = {
    "</Types>": '<Override PartName="/xl/externalLinks/externalLink1.xml" ContentType="application/vnd.openxmlformats-'
    'officedocument.spreadsheetml.externalLink+xml"/></Types>',
    'Id="rId1"/><': f'Id="rId1"/><Relationship Id="rId98" Type="{REL}/externalLink" '
    'Target="externalLinks/externalLink1.xml"/><',
    "</sheets>": f'</sheets><externalReferences><externalReference xmlns:r="{REL}" r:id="rId98"/></externalReferences>',
}


def linked(path: Path, target: str) -> Path:
    """The workbook with a link to an add-in, as Excel writes it."""
    replace(
        path,
        LINK,
        {
            "xl/externalLinks/externalLink1.xml": f'<externalLink xmlns="{MAIN}"><externalBook xmlns:r="{REL}" '
            'r:id="rId1"><definedNames><definedName name="GINI"/></definedNames></externalBook></externalLink>',
            "xl/externalLinks/_rels/externalLink1.xml.rels": '<Relationships xmlns="http://schemas.openxmlformats.org/'
            f'package/2006/relationships"><Relationship Id="rId1" Type="{REL}/externalLinkPath" Target="{target}" '
            'TargetMode="External"/></Relationships>',
        },
    )
    return path


def test_a_call_through_the_link_to_our_add_in_and_to_none_other(desk: Desk) -> None:
    path = raw(desk, {"D1": "><f>[1]!GINI(B2:B4)</f>"})
    linked(path, "file:///C:\\Users\\me\\add%20ins\\tieraddin.xlam")
    done, sheet = recalc(desk, path)
    assert sheet["D1"].value == pytest.approx(0.4)
    before, after = parts(path), parts(Path(done["output"]))
    assert {name for name in before if before[name] != after[name]} == {SHEET}
    other = linked(raw(desk, {"D1": "><f>[1]!GINI(B2:B4)</f>"}), "/Oracle/other.xla")
    assert desk.done("recalc", other)["output"] is None


def test_a_name_of_the_workbooks_own_is_not_ours(desk: Desk) -> None:
    path = book_of(desk, {"D1": "=GINI(B2:B4)"})
    book = openpyxl.load_workbook(path)
    book.defined_names["gini"] = DefinedName("gini", attr_text="LAMBDA(x,1)")
    book.save(path)
    assert desk.done("recalc", path) == {"calculated": 0, "unchanged": 0, "left": [], "told": [], "output": None}


# What they refer to


def test_shared_formulas(desk: Desk) -> None:
    cells = {"D2": '><f t="shared" ref="D2:D4" si="0">PARETO_CLASS(B2,,,,$B$2:$B$4)</f><v>0</v>'}
    cells |= {f"D{row}": '><f t="shared" si="0"/><v>0</v>' for row in (3, 4)}
    done, sheet = recalc(desk, raw(desk, cells))
    assert [sheet[f"D{row}"].value for row in (2, 3, 4)] == ["A", "A", "B"]
    text = part(Path(done["output"]))
    assert '<c r="D2" t="str"><f t="shared" ref="D2:D4" si="0">PARETO_CLASS(B2,,,,$B$2:$B$4)</f><v>A</v></c>' in text
    assert '<c r="D4" t="str"><f t="shared" si="0"/><v>B</v></c>' in text


def table(desk: Desk, formula: str, rows: int = 3, totals: bool = False) -> Path:
    """An Excel table whose third column holds a formula in every row."""
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.append([])
    sheet.append([None, "Sales (k)", "It's [a] #1", "Tier"])
    for i in range(rows):
        sheet.append([None, [700, 200, 100][i % 3], i, formula])
    if totals:
        sheet.append([None, 5000])
    made = Table(displayName="Tab", ref=f"B2:D{rows + 2 + totals}", totalsRowCount=int(totals))
    sheet.add_table(made)
    made._initialise_columns()
    for column, cell in zip(made.tableColumns, sheet["B2:D2"][0], strict=True):
        column.name = cell.value
    book.save(desk.path())
    return desk.path()


BOTH = "[Sales (k)]:[It''s '[a'] '#1]"


@pytest.mark.parametrize("totals", [False, True])
@pytest.mark.parametrize(
    "formula",
    [
        '=TIER("value-abc",Tab[[#This Row],[Sales (k)]],,,Tab[Sales (k)])',
        '=TIER("value-abc",[@[Sales (k)]],,,[Sales (k)])',
        '=tier("value-abc",Tab[@[Sales (k)]],,,tab[[sales (k)]])',
        f'=TIER("value-abc",Tab[[#This Row],{BOTH}],Tab[[#Headers],{BOTH}],,Tab[[#Data],{BOTH}])',
        '=TIER("value-abc",B3,,,B$3:B$5)',
    ],
)
def test_one_cell_a_row_in_an_excel_table(desk: Desk, formula: str, totals: bool) -> None:
    if "$" in formula:
        path = table(desk, "=1", totals=totals)
        book = openpyxl.load_workbook(path)
        for row in (3, 4, 5):
            book.active[f"D{row}"] = formula.replace("B3,", f"B{row},")
        book.save(path)
    else:
        path = table(desk, formula, totals=totals)
    _, sheet = recalc(desk, path)
    assert [sheet[f"D{row}"].value for row in (3, 4, 5)] == ["A", "A", "B"]


def test_tables_are_referred_to_from_outside(desk: Desk) -> None:
    path = table(desk, "=1", totals=True)
    book = openpyxl.load_workbook(path)
    sheet = book.create_sheet("Other")
    sheet["A1"] = '=TIER("value-abc",Tab[[#All],[Sales (k)]])'
    sheet["B1"] = "=PARETO_CLASS(Tab[Sales (k)])"
    sheet["C1"] = "=PARETO_CUTOFF(Tab[[#Totals],[Sales (k)]])"
    sheet["D1"] = "=GINI(Tab[None such])"
    sheet["E1"] = "=GINI(Tab[[#This Row],[Sales (k)]])"
    book.save(path)
    done, _ = recalc(desk, path)
    sheet = values(done["output"], "Other")
    assert [sheet[f"A{row}"].value for row in range(1, 6)] == [
        "Tier",
        "B",
        "C",
        "C",
        "A",
    ]  # 5000 of 6000 first
    assert [sheet[f"B{row}"].value for row in range(1, 5)] == ["A", "A", "B", None]
    assert sheet["C1"].value == 5000
    assert left(done) == {
        "D1": "the Excel table Tab has no column None such",
        "E1": "here Tab[#This Row, Sales (k)] means no cell of the Excel table Tab",
    }


def test_defined_names(desk: Desk) -> None:
    path = book_of(
        desk,
        {"D1": "=GINI(Values)", "D2": "=PARETO_CUTOFF(Values,Limit)", "D3": "=GINI(None)", "D4": "=GINI(Round)",
         "D5": "=GINI(Sheet1!Mine)", "D6": "=PARETO_SHARE(Left,Values)", "D7": "=GINI(Joined)"},
    )  # fmt: skip
    book = openpyxl.load_workbook(path)
    names = {
        "Values": "Sheet1!$B$2:$B$4", "Limit": "0.7", "Round": "Again", "Again": "Round", "Joined": "{1;3}",
        "Left": "Sheet1!XFC1",  # two columns to the left of the cell, counted from A1 round the sheet's edge
    }  # fmt: skip
    for name, text in names.items():
        book.defined_names[name] = DefinedName(name, attr_text=text)
    book.active.defined_names["Mine"] = DefinedName("Mine", attr_text="Sheet1!$B$2:$B$3")
    book.active["B6"] = 200
    book.save(path)
    done, sheet = recalc(desk, path)
    expected = pytest.approx([0.4, 700, 5 / 18, 0.9, 0.25])
    assert [sheet[f"D{row}"].value for row in (1, 2, 5, 6, 7)] == expected
    assert left(done) == {"D3": "there is no name None", "D4": "the name Again refers to itself"}


def test_other_sheets_and_what_is_not_there(desk: Desk) -> None:
    path = book_of(desk, {"D1": "=GINI('It''s'!A1:A2)", "D2": "=GINI(Gone!A1)", "D3": "=GINI([2]Sheet1!A1)"})
    book = openpyxl.load_workbook(path)
    sheet = book.create_sheet("It's")
    sheet["A1"], sheet["A2"] = 1, 3
    book.save(path)
    book.worksheets[0]["D4"] = "=GINI('It''s'!B2:XFC1048576)"
    book.save(path)
    done, sheet = recalc(desk, path)
    assert sheet["D1"].value == 0.25
    assert left(done) == {
        "D2": "there is no worksheet Gone",
        "D3": "[2]Sheet1!A1 is in another workbook",
        "D4": "the range B2:XFC1048576 is too large",
    }


# Arrays


def test_a_formula_that_no_program_calculated_spills_as_in_excels_own_files(desk: Desk) -> None:
    path = book_of(desk, {"D1": '=TIER("value-abc",A1:B4)'})
    done, sheet = recalc(desk, path)
    assert [sheet[f"D{row}"].value for row in range(1, 5)] == ["Tier", "A", "A", "B"]
    text, out = part(Path(done["output"])), Path(done["output"])
    assert '<c r="D1" t="str" cm="1"><f t="array" ref="D1:D4">TIER("value-abc",A1:B4)</f><v>Tier</v></c>' in text
    assert '<c r="D4" t="str"><v>B</v></c>' in text
    excels = SHARED / "corpus" / "xw__xlsxwriter~test~comparison~xlsx_files~dynamic_array01.xlsx"
    if excels.is_file():
        assert part(out, "xl/metadata.xml").split() == part(excels, "xl/metadata.xml").split()
    (relation,) = re.findall(r"<Relationship [^>]*sheetMetadata[^>]*>", part(out, "xl/_rels/workbook.xml.rels"))
    assert 'Target="/xl/metadata.xml"' in relation
    assert part(out, "[Content_Types].xml").count("spreadsheetml.sheetMetadata+xml") == 1
    assert desk.done("recalc", out) == {"calculated": 0, "unchanged": 1, "left": [], "told": [], "output": None}


def test_a_formula_that_shows_one_value_in_excel_goes_on_doing_so(desk: Desk) -> None:
    path = raw(desk, {"D2": ' t="str"><f>PARETO_CLASS(B2:B4)</f><v>old</v>', "D3": ' t="str"><v>mine</v>'})
    done, sheet = recalc(desk, path)
    assert [sheet["D2"].value, sheet["D3"].value] == ["A", "mine"]
    (told,) = done["told"]
    assert (told["cell"], told["value"]) == ("D2", "A")
    assert "first of 3 values" in told["told"]
    assert "xl/metadata.xml" not in parts(Path(done["output"]))


@pytest.mark.parametrize(
    ("area", "formula", "expected"),
    [
        ("D1:D3", "PARETO_CLASS(B2:B4)", [["A"], ["A"], ["B"]]),
        ("D1:D5", "PARETO_CLASS(B2:B4)", [["A"], ["A"], ["B"], ["#N/A"], ["#N/A"]]),
        ("D1:D2", "PARETO_CLASS(B2:B4)", [["A"], ["A"]]),
        ("D1:E2", "PARETO_CLASS(B2:B4)", [["A", "A"], ["A", "A"]]),
        ("D1:E2", "PARETO_CUTOFF(B2:B4,{0.7,0.9})", [[700, 200], [700, 200]]),
        ("D1:F2", "PARETO_CUTOFF(B2:B4,{0.7,0.9})", [[700, 200, "#N/A"], [700, 200, "#N/A"]]),
        ("D1:E2", "GINI(B2:B4)", [[0.4, 0.4], [0.4, 0.4]]),
    ],
)
def test_an_array_formula_fills_its_range_and_no_more(
    desk: Desk, area: str, formula: str, expected: list[list[Any]]
) -> None:
    path = book_of(desk, {"D1": ArrayFormula(area, f"={formula}")})
    done, sheet = recalc(desk, path)
    given = [[cell.value for cell in row] for row in sheet[area]]
    assert [[round(v, 9) if isinstance(v, float) else v for v in row] for row in given] == expected
    text = part(Path(done["output"]))
    assert f'<f t="array" ref="{area}">{formula}</f>' in text
    assert " cm=" not in text


def dynamic(desk: Desk, area: str, formula: str, cached: dict[str, str]) -> Path:
    cells = {"D1": f' t="str" cm="1"><f t="array" ref="{area}">{formula}</f><v>x</v>'}
    return with_metadata(raw(desk, cells | {address: f' t="str"><v>{text}</v>' for address, text in cached.items()}))


def test_a_dynamic_array_shrinks_and_empties_what_it_filled(desk: Desk) -> None:
    path = dynamic(desk, "D1:D6", "PARETO_CLASS(B2:B4)", {f"D{row}": "old" for row in range(2, 7)} | {"E2": "mine"})
    done, sheet = recalc(desk, path)
    assert [sheet[f"D{row}"].value for row in range(1, 7)] == ["A", "A", "B", None, None, None]
    assert sheet["E2"].value == "mine"
    text = part(Path(done["output"]))
    assert '<c r="D1" t="str" cm="1"><f t="array" ref="D1:D3">PARETO_CLASS(B2:B4)</f><v>A</v></c>' in text
    assert 'r="D5"' not in text
    assert part(Path(done["output"]), "xl/metadata.xml") == METADATA


def test_a_dynamic_array_grows_and_turns(desk: Desk) -> None:
    path = dynamic(desk, "D1:D2", "PARETO_CUTOFF(B2:B4,{0.5,0.7,0.95})", {"D2": "old"})
    done, sheet = recalc(desk, path)
    assert [cell.value for cell in sheet["D1:F1"][0]] == [700, 700, 100]
    assert sheet["D2"].value is None
    assert 'cm="1"><f t="array" ref="D1:F1">' in part(Path(done["output"]))


def test_a_dynamic_array_of_the_same_size_keeps_its_formula_to_the_byte(desk: Desk) -> None:
    path = dynamic(desk, "D1:D3", "PARETO_CLASS(B2:B4)", {"D2": "old", "D3": "B"})
    before = part(path)
    done, _ = recalc(desk, path)
    before, after = (text[text.index("<sheetData") :] for text in (before, part(Path(done["output"]))))
    assert after == before.replace("<v>x</v>", "<v>A</v>").replace("<v>old</v>", "<v>A</v>")


def test_a_mark_for_dynamic_arrays_beside_marks_of_other_kinds(desk: Desk) -> None:
    rich = (
        f'<metadata xmlns="{MAIN}"><metadataTypes count="1"><metadataType name="XLRICHVALUE"/></metadataTypes>'
        '<futureMetadata name="XLRICHVALUE" count="1"><bk/></futureMetadata><cellMetadata count="1">'
        '<bk><rc t="1" v="0"/></bk></cellMetadata><valueMetadata count="1"><bk><rc t="1" v="0"/></bk></valueMetadata>'
        "</metadata>"
    )
    path = with_metadata(book_of(desk, {"D1": "=PARETO_CLASS(B2:B4)"}), rich)
    done, _ = recalc(desk, path)
    out = Path(done["output"])
    assert 'cm="2"><f t="array" ref="D1:D3">' in part(out)
    metadata = part(out, "xl/metadata.xml")
    order = re.findall(r"<(metadataTypes|futureMetadata|cellMetadata|valueMetadata)", metadata)
    assert order == ["metadataTypes", "futureMetadata", "futureMetadata", "cellMetadata", "valueMetadata"]
    assert '<cellMetadata count="2"><bk><rc t="1" v="0"/></bk><bk><rc t="2" v="0"/></bk></cellMetadata>' in metadata
    assert desk.done("recalc", out)["unchanged"] == 1


OCCUPIED = {
    "a value": ({"D3": "mine"}, "the result needs the cells D1:D3, and D3 is not free (Excel shows #SPILL!)"),
    "a formula": ({"D2": "=SUM(B2:B4)"}, "the result needs the cells D1:D3, and Sheet1!D2 is not free"),
    "ours": ({"D2": "=GINI(B2:B4)"}, "D2 is not free"),
    "merged cells": ({"C3": "merged"}, "and C3:D3 is not free"),
    "the sheet's end": ({"D1048575": "=PARETO_CLASS(B2:B4)"}, "(3 x 1 cells) doesn't fit on the sheet"),
}


@pytest.mark.parametrize("what", OCCUPIED)
def test_a_spill_that_has_no_room_is_left(desk: Desk, what: str) -> None:
    cells, reason = OCCUPIED[what]
    where = next((address for address, value in cells.items() if "1048575" in address), "D1")
    path = book_of(desk, {where: "=PARETO_CLASS(B2:B4)"} | cells)
    if what == "merged cells":
        book = openpyxl.load_workbook(path)
        book.active.merge_cells("C3:D3")
        book.save(path)
    done, sheet = recalc(desk, path)
    assert reason in left(done)[where]
    assert sheet[where].value is None


def test_no_spill_inside_an_excel_table_nor_into_one(desk: Desk) -> None:
    done, _ = recalc(desk, table(desk, "=PARETO_CLASS(Tab[Sales (k)])"))
    assert all("can't spill inside an Excel table" in reason for reason in left(done).values())
    path = table(desk, "=1")
    book = openpyxl.load_workbook(path)
    book.active["D1"] = "=PARETO_CLASS(B3:B5)"
    book.save(path)
    done, _ = recalc(desk, path)
    assert "not free" in left(done)["D1"]


# What needs what


def test_formulas_are_worked_out_after_what_they_need(desk: Desk) -> None:
    cells = {f"D{row}": f"=PARETO_CUTOFF(D{row + 1}:D5,0.5)" for row in range(1, 4)}
    _, sheet = recalc(desk, book_of(desk, cells | {"D4": "=GINI(B2:B4)", "D5": 7}))
    assert [sheet[f"D{row}"].value for row in range(1, 5)] == [7, 7, 7, pytest.approx(0.4)]


def test_a_range_that_others_spill_into(desk: Desk) -> None:
    path = book_of(
        desk, {"D1": "=NATURAL_BREAKS(F1:F9,2)", "F1": "=PARETO_CUTOFF(H1:H9,{0.5;0.9})", "H1": "=PARETO_SHARE(B2:B4)"}
    )
    done, sheet = recalc(desk, path)
    assert done["left"] == []
    assert [sheet[f"H{row}"].value for row in (1, 2, 3)] == [0.7, 0.9, 1]  # of 2.6: 1 and 0.9 make half, 0.7 the rest
    assert [cell.value for cell in sheet["F1:G1"][0]] == [0.9, 0.7]
    assert sheet["D1"].value == 0.9


def test_circles_are_told(desk: Desk) -> None:
    done, sheet = recalc(
        desk, book_of(desk, {"D1": "=GINI(D:D)", "E1": "=GINI(F1:F2)", "F1": "=GINI(E1:E2)", "G1": "=GINI(B2:B4)"})
    )
    assert set(left(done)) == {"D1", "E1", "F1"}
    assert all("needs its own result" in reason for reason in left(done).values())
    assert sheet["G1"].value == pytest.approx(0.4)


def test_results_of_excels_own_formulas_are_taken_unless_they_are_missing_or_stale(desk: Desk) -> None:
    path = raw(
        desk,
        {
            "D1": "><f>SUM(B2:B3)</f><v>900</v>",
            "D2": "><f>GINI(D1:D1)</f><v>5</v>",  # takes 900
            "D3": "><f>D2*2</f><v>10</v>",  # stale: D2 changes to 0
            "D4": "><f>PARETO_CUTOFF(D3)</f><v>10</v>",
            "E1": "><f>SUM(B2:B4)</f>",  # never calculated
            "E2": "><f>PARETO_CUTOFF(E1)</f><v>1</v>",
            "E3": "><f>PARETO_CUTOFF(E2)</f><v>1</v>",
            "E4": '><f>INDIRECT("B2")</f><v>700</v>',
            "F1": "><f>PARETO_CUTOFF(E4)</f><v>1</v>",
            "F2": "><f>SUM(F3)</f><v>0.4</v>",  # F3 does not change, so this is good
            "F3": "><f>GINI(B2:B4)</f><v>0.4</v>",
            "F4": "><f>PARETO_CUTOFF(F2)</f><v>1</v>",
        },
    )
    done, sheet = recalc(desk, path)
    assert sheet["D2"].value == 0
    assert sheet["F4"].value == 0.4
    assert (done["calculated"], done["unchanged"]) == (2, 1)
    found = left(done)
    assert set(found) == {"D4", "E2", "E3", "F1"}
    assert "it needs Sheet1!D3, a formula that Excel must calculate anew first" in found["D4"]
    assert "it needs Sheet1!E1, a formula whose result is not in the file" in found["E2"]
    assert found["E3"] == "it needs Sheet1!E2, which is left as it was"
    assert "it needs Sheet1!E4, whose formula does not say which cells it reads" in found["F1"]
    assert [sheet[cell].value for cell in ("D4", "E2", "E3", "F1")] == [10, 1, 1, 1]


@pytest.mark.parametrize(
    ("formula", "expected"),
    [
        ('=IF(B2>500,TIER("value-abc",B2,,,B2:B4),"")', "A"),
        ('=IF(B4>500,TIER("value-abc",B4,,,B2:B4),"small")', "small"),
        ('="tier "&TIER("value-abc",B4,,,B2:B4)', "tier B"),
        ('=GINI(B2:B4)&""', "0.4"),
        ("=GINI(B2:B4)*100+B4/4-1", 64),
        ("=2+GINI(B2:B4)*10>5", True),
        ('=TIER("value-abc",B4,,,B2:B4)="b"', True),
        ("=GINI(B2:B4)<>0.4", False),
        ("=GINI(B2:B4)/0", "#DIV/0!"),
        ("=IFERROR(GINI(A2:A4),-1)", -1),
        ("=IFNA(GINI(A2:A4),A5)", 0),  # a blank cell shows 0
        ('=FOLLOWUP_DATE("followup-duty","B","2026-01-05")+1', dt.datetime(2026, 1, 9)),
        ('=FOLLOWUP_DATE("followup-duty","B","2026-01-05")-FOLLOWUP_DATE("followup-duty","C","2026-01-05")', -4),
        ("=FOLLOWUP_OVERDUE(TODAY()-3,TODAY())", 3),
        ('=TIER("value-abc",Sheet1!#REF!)', "#REF!"),  # what Excel makes of a reference whose cells were deleted,
        ("=GINI('a b'!#REF!)", "#REF!"),
        ("=GINI(#REF!$B$2:$B$4)", "#REF!"),  # or whose sheet was,
        ("=GINI(Table1[#REF!])", "#REF!"),  # or whose column
        ("=IFERROR(GINI(Sheet1!#REF!),-1)", -1),
        ("=_xlfn.SINGLE(PARETO_CLASS(B2:B4))", "A"),
        ('=PARETO_CUTOFF(IFERROR({700;200;#N/A;100},""))', 200),
        ("=PARETO_CUTOFF(IFNA({700;20;#N/A;100},B2:B5))", 100),
    ],
)
def test_what_stands_around_our_calls(desk: Desk, formula: str, expected: Any) -> None:
    done, sheet = recalc(desk, book_of(desk, {"D1": formula}))
    assert done["left"] == []
    assert sheet["D1"].value == (pytest.approx(expected) if isinstance(expected, float) else expected)


@pytest.mark.parametrize(
    ("formula", "reason"),
    [
        ("=ROUND(GINI(B2:B4),1)", "ROUND is not one of the functions that are calculated here"),
        ("=GINI(OFFSET(B2,0,0,3))", "OFFSET is not one"),
        ("=GINI((B2,B4))", "written in a way that only Excel reads"),
        (f"={'(' * 1000}GINI(B2:B4){')' * 1000}", "nested too deeply"),
        (f"={'-' * 3000}GINI(B2:B4)", "nested too deeply"),
        ("=GINI(B2:B4)^2", "written in a way that only Excel reads"),
        ("=IF(B2:B4>1,GINI(B2:B4),1)", "the condition of IF is an array"),
        ("=GINI(IFERROR({1;#N/A;3},B2:B3))", "IFERROR is given arrays of different sizes"),
        ('="on "&FOLLOWUP_DATE("followup-duty","B","2026-01-05")', "a date or a text takes part in the operation &"),
        ("=GINI(B2:B4)+A2", "a date or a text takes part in the operation +"),
    ],
)
def test_what_can_not_be_worked_out_is_left_with_the_reason(desk: Desk, formula: str, reason: str) -> None:
    path = book_of(desk, {"D1": formula, "D2": "=GINI(B2:B4)"})
    before = part(path)
    done, sheet = recalc(desk, path)
    assert reason in left(done)["D1"]
    assert done["left"][0]["formula"] == formula
    assert sheet["D1"].value is None
    cell = re.search(r'<c r="D1".*?</c>', before)[0]
    assert cell in part(Path(done["output"]))


@pytest.mark.parametrize(
    ("formula", "expected"),
    [
        ("GINI(B2:B4*2)", 0.4),
        ("GINI(Sales+B2:B4)", 0.4),
        ("GINI(-(-B2:B4))", 0.4),
        ("PARETO_CUTOFF(IFERROR(B2:B4,0))", 200),
    ],
)
def test_operations_on_whole_ranges_are_array_formulas(desk: Desk, formula: str, expected: float) -> None:
    path = book_of(desk, {"D1": f"={formula}", "D2": "=GINI({700;200;100}*2)"})
    book = openpyxl.load_workbook(path)
    book.defined_names["Sales"] = DefinedName("Sales", attr_text="Sheet1!$B$2:$B$4")
    book.save(path)
    done, sheet = recalc(desk, path)
    assert done["left"] == []
    assert sheet["D1"].value == pytest.approx(expected)
    assert re.search(r'<c r="D1"[^>]* cm="1"[^>]*><f t="array" ref="D1"', part(Path(done["output"])))
    assert "<f>GINI({700;200;100}*2)</f>" in part(Path(done["output"]))
    again, _ = recalc(desk, Path(done["output"]))
    assert (again["calculated"], again["unchanged"], again["left"]) == (0, 2, [])


def test_of_a_range_in_a_plain_formula_of_excels_one_cell_is_meant(desk: Desk) -> None:
    done, sheet = recalc(desk, raw(desk, {"D1": "><f>GINI(B2:B4*2)</f><v>5</v>"}))
    assert "one cell of a range is meant" in left(done)["D1"]
    assert sheet["D1"].value == 5


# What is written


def test_dates_are_written_in_the_workbooks_own_system_and_shown_as_dates(desk: Desk) -> None:
    formula = '=FOLLOWUP_DATE("followup-duty","B","2026-01-05")'
    path = book_of(desk, {"D1": formula, "D2": formula, "D3": formula, "D4": "=FOLLOWUP_OVERDUE(D3,D1)"})
    book = openpyxl.load_workbook(path)
    book.active["D2"].number_format, book.active["D3"].number_format = "0", "d mmm"
    book.epoch = openpyxl.utils.datetime.CALENDAR_MAC_1904
    book.save(path)
    done, sheet = recalc(desk, path)
    assert [sheet["D1"].value, sheet["D3"].value] == [dt.datetime(2026, 1, 8)] * 2
    assert [sheet[f"D{row}"].number_format for row in (1, 2, 3)] == ["yyyy-mm-dd", "0", "d mmm"]
    assert sheet["D2"].value == (dt.date(2026, 1, 8) - dt.date(1904, 1, 1)).days
    assert desk.done("recalc", done["output"])["calculated"] == 0


def test_texts_that_are_hard_to_write(desk: Desk) -> None:
    label = ' a<b> & "c" 等级\n'
    path = book_of(desk, {"D1": "=PARETO_CLASS(7,,B6:B8)", "B6": label, "B7": "y", "B8": "z"})
    _, sheet = recalc(desk, path)
    assert sheet["D1"].value == label


def test_only_what_was_calculated_changes(desk: Desk) -> None:
    path = book_of(desk, {"D1": "=GINI(B2:B4)", "E1": "=SUM(B2:B4)", "F1": "=GINI(B2:B3)"})
    replace(path, {"<v></v>": "<v>1</v>", "<v/>": "<v>1</v>", "<v />": "<v>1</v>"})
    chain = f'<calcChain xmlns="{MAIN}"><c r="D1" i="1"/><c r="E1"/><c r="F1"/></calcChain>'
    replace(
        path,
        {
            "</Types>": '<Override PartName="/xl/calcChain.xml" ContentType="application/vnd.openxmlformats-'
            'officedocument.spreadsheetml.calcChain+xml"/></Types>',
            'Id="rId1"/><': f'Id="rId1"/><Relationship Id="rId97" Type="{REL}/calcChain" Target="calcChain.xml"/><',
        },
        {"xl/calcChain.xml": chain},
    )
    before = parts(path)
    done, sheet = recalc(desk, path)
    after = parts(Path(done["output"]))
    assert {name for name in before if before[name] != after.get(name)} == {SHEET}
    assert losses(path, Path(done["output"]), "Sheet1", "D:F") == []
    assert sheet["E1"].value == 1
    spilled = book_of(desk, {"D1": "=PARETO_CLASS(B2:B4)"})
    replace(spilled, {}, {"xl/calcChain.xml": chain})
    replace(
        spilled,
        {'Id="rId1"/><': f'Id="rId1"/><Relationship Id="rId97" Type="{REL}/calcChain" Target="calcChain.xml"/><'},
    )
    done, _ = recalc(desk, spilled)
    assert "xl/calcChain.xml" not in parts(Path(done["output"])), "Excel makes a new one where a formula's kind changed"


def test_a_protected_sheet_is_calculated_as_excel_does(desk: Desk) -> None:
    path = book_of(desk, {"D1": "=GINI(B2:B4)"})
    book = openpyxl.load_workbook(path)
    book.active.protection.enable()
    book.save(path)
    _, sheet = recalc(desk, path)
    assert sheet["D1"].value == pytest.approx(0.4)


# The command


def test_beside_elsewhere_or_in_place(desk: Desk) -> None:
    path = book_of(desk, {"D1": "=GINI(B2:B4)"})
    original = path.read_bytes()
    assert desk.done("recalc", path)["output"] == str(desk.path("book.recalc.xlsx"))
    assert desk.done("recalc", path, "-o", desk.path("out.xlsx"))["output"] == str(desk.path("out.xlsx"))
    assert path.read_bytes() == original
    done = desk.done("recalc", path, "--in-place")
    assert Path(done["backup"]).read_bytes() == original
    assert values(path)["D1"].value == pytest.approx(0.4)
    state = desk.state()
    assert desk.done("recalc", path, "--in-place")["output"] is None
    assert desk.state() == state
    answer = desk.run("recalc", path, "--in-place", "-o", "x.xlsx", "--lang", "en")
    assert (answer.code, "not both" in answer.err) == (2, True)


@pytest.mark.parametrize(
    ("lang", "words"),
    [
        ("en", ["another result: 1; with the same: 0; left as they were: 1", "ROUND is not one", "no model called x"]),
        ("zh", ["结果有变的公式：1；结果不变：0；保持原样：1", "ROUND 不是此处能计算的函数", "说明"]),
    ],
)
def test_what_people_are_told(desk: Desk, lang: str, words: list[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "200")
    answer = desk.run("recalc", book_of(desk, {"D1": "=ROUND(GINI(B2:B4),1)", "D2": '=TIER("x",B2)'}), "--lang", lang)
    assert answer.code == 4
    assert [word for word in words if word not in answer.out] == []


def test_a_workbook_without_our_formulas_is_left_alone(desk: Desk) -> None:
    path = book_of(desk, {"D1": "=SUM(B2:B4)", "D2": "=MYTIER(1)", "D3": '="TIER(x"'})
    state = desk.state()
    answer = desk.run("recalc", path, "--lang", "en")
    assert (answer.code, answer.out.strip()) == (
        0, "No formula of this workbook calls these functions; nothing was written.",
    )  # fmt: skip
    assert desk.state() == state


def test_thousands_of_cells_of_a_table(desk: Desk) -> None:
    path = table(desk, "=PARETO_SHARE(Tab[[#This Row],[Sales (k)]],Tab[Sales (k)])", rows=3_000)
    _, sheet = recalc(desk, path)
    shares = {700: 0.7, 200: 0.9, 100: 1}
    rows = [(sheet.cell(row, 2).value, sheet.cell(row, 4).value) for row in range(3, 3_003)]
    assert all(share == pytest.approx(shares[value]) for value, share in rows)
