"""Formulas, names and links read from workbooks, and results written beside formulas; openpyxl is the judge."""

from __future__ import annotations

import re
import warnings
from pathlib import Path

import openpyxl
import pytest
from openpyxl.formula.translate import Translator
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.formula import ArrayFormula, DataTableFormula

from tests.conftest import SHARED
from tieraddin.errors import WorkbookRefused
from tieraddin.tables.layout import Area
from tieraddin.tables.values import CellError
from tieraddin.workbooks import KEEP, open_workbook
from tieraddin.workbooks.port import BookLink, DefinedName, Form, FormulaCell

from .conftest import MAIN, REL, part, rows_xml

CORPUS = SHARED / "corpus"
HARMFUL = ("poc", "fuzz", "54764", "crash", "stress")
"""Files made to harm whoever reads them; openpyxl takes long over them."""
FILES = [
    path
    for path in sorted(CORPUS.glob("*.xls[xm]"))
    if path.stat().st_size < 60_000 and not any(word in path.name.lower() for word in HARMFUL)
]


HERE = Area(1, 1, 1, 1)


def formulas_of(path: Path, sheet: str = "S") -> list[FormulaCell]:
    with open_workbook(path) as book:
        return list(book.formulas(sheet))


def one(address: str, formula: str) -> str:
    return f'<sheetData><row r="1"><c r="{address}"{formula}</c></row></sheetData>'


@pytest.mark.parametrize(
    ("cell", "expected"),
    [
        ("><f>1+1</f><v>2</v>", FormulaCell(1, 1, "1+1", Form.CELL, Area(1, 1, 1, 1))),
        ('><f>A2&lt;&quot;&amp;&#20013;"</f>', FormulaCell(1, 1, 'A2<"&中"', Form.CELL, HERE, has_result=False)),
        ("><f><![CDATA[1<2]]></f><v></v>", FormulaCell(1, 1, "1<2", Form.CELL, HERE, has_result=False)),
        (' t="str"><f ca="1">A2</f><v></v>', FormulaCell(1, 1, "A2", Form.CELL, Area(1, 1, 1, 1))),
        ("><f t='array' ref='A1:B2' >A3</f><v>1</v>", FormulaCell(1, 1, "A3", Form.ARRAY, Area(1, 1, 2, 2))),
        (' cm="1"><f t="array" ref="A1">A3</f><v>1</v>', FormulaCell(1, 1, "A3", Form.ARRAY, Area(1, 1, 1, 1))),
        ('><f t="dataTable" ref="A1:A2" r1="C1"/><v>1</v>', FormulaCell(1, 1, "", Form.DATA_TABLE, Area(1, 1, 2, 1))),
        ('><f t="shared" si="4"/><v>1</v>', FormulaCell(1, 1, "", Form.DATA_TABLE, Area(1, 1, 1, 1))),
    ],
)
def test_formulas_as_they_stand(make, cell: str, expected: FormulaCell) -> None:
    assert formulas_of(make(one("A1", cell))) == [expected]


@pytest.mark.corpus
@pytest.mark.skipif(not FILES, reason="the shared folder with the foreign workbooks is not there")
@pytest.mark.parametrize("batch", range(4))
def test_formulas_of_foreign_workbooks_are_those_that_openpyxl_reads(batch: int) -> None:
    compared = 0
    for path in FILES[batch::4]:
        try:
            with warnings.catch_warnings(), path.open("rb") as file:
                warnings.simplefilter("ignore")
                theirs = openpyxl.load_workbook(file)
            ours = open_workbook(path)
        except Exception:
            continue
        with ours:
            for name in set(ours.sheet_names) & set(theirs.sheetnames):
                expected = {at: cell.value for at, cell in theirs[name]._cells.items() if cell.data_type == "f"}
                given = {(cell.row, cell.column): cell for cell in ours.formulas(name)}
                assert given.keys() == expected.keys(), (path.name, name)
                for at, cell in given.items():
                    assert same(cell, expected[at]), (path.name, name, cell)
                compared += len(given)
    assert compared > 500


def same(cell: FormulaCell, theirs: object) -> bool:
    if isinstance(theirs, DataTableFormula):
        return cell.form is Form.DATA_TABLE
    if isinstance(theirs, ArrayFormula):
        is_array = cell.form in (Form.ARRAY, Form.DYNAMIC)
        return is_array and (theirs.text or "").lstrip("=") == cell.text and theirs.ref == str(cell.area)
    if not cell.down and not cell.right:
        return f"={cell.text}" == theirs
    origin = f"{get_column_letter(cell.column - cell.right)}{cell.row - cell.down}"
    here = f"{get_column_letter(cell.column)}{cell.row}"
    return Translator(f"={cell.text}", origin).translate_formula(here) == theirs


def test_names_and_links(make) -> None:
    book = (
        f'<workbook xmlns="{MAIN}" xmlns:r="{REL}"><sheets><sheet name="S" sheetId="1" r:id="rId1"/></sheets>'
        '<externalReferences><externalReference r:id="rId2"/></externalReferences><definedNames>'
        '<definedName name="Rate">0.5</definedName>'
        '<definedName name="客户" localSheetId="0">S!$A$1&amp;""</definedName>'
        '<definedName name="Odd" localSheetId="7">1</definedName></definedNames></workbook>'
    )
    package = "http://schemas.openxmlformats.org/package/2006"
    path = make(
        **{
            "xl/workbook.xml": book,
            "xl/_rels/workbook.xml.rels": f'<Relationships xmlns="{package}/relationships">'
            f'<Relationship Id="rId1" Type="{REL}/worksheet" Target="worksheets/sheet1.xml"/>'
            f'<Relationship Id="rId2" Type="{REL}/externalLink" '
            'Target="externalLinks/externalLink1.xml"/></Relationships>',
            "xl/externalLinks/externalLink1.xml": f'<externalLink xmlns="{MAIN}"/>',
            "xl/externalLinks/_rels/externalLink1.xml.rels": f'<Relationships xmlns="{package}/relationships">'
            f'<Relationship Id="rId1" Type="{REL}/externalLinkPath/xlPathMissing" Target="a%20b.xlam" '
            'TargetMode="External"/></Relationships>',
        }
    )
    with open_workbook(path) as book:
        assert book.names() == [
            DefinedName("Rate", "0.5", None), DefinedName("客户", 'S!$A$1&""', "S"), DefinedName("Odd", "1", None),
        ]  # fmt: skip
        assert book.links() == [BookLink(1, "a%20b.xlam")]
        assert not book.date1904


@pytest.mark.parametrize(
    ("value", "written"),
    [
        (5, "<c r=\"A1\" s='3'><f>X</f><v>5</v></c>"),
        (True, '<c r="A1" s=\'3\' t="b"><f>X</f><v>1</v></c>'),
        ("", '<c r="A1" s=\'3\' t="str"><f>X</f><v></v></c>'),
        (" a&b", '<c r="A1" s=\'3\' t="str"><f>X</f><v xml:space="preserve"> a&amp;b</v></c>'),
        (CellError("#N/A"), '<c r="A1" s=\'3\' t="e"><f>X</f><v>#N/A</v></c>'),
        (None, "<c r=\"A1\" s='3'><f>X</f></c>"),
        (KEEP, '<c r="A1" s=\'3\' vm="1"><f>X</f><v>1</v></c>'),
    ],
)
def test_a_result_goes_beside_the_formula(make, value: object, written: str) -> None:
    path = make(one("A1", " s='3' vm=\"1\"><f>X</f><v>1</v>"))
    with open_workbook(path) as book:
        book.write_results("S", 1, 1, [[value]])
        book.save()
    assert written in part(path)


@pytest.mark.parametrize(("prefix", "rows"), [("", 3), ("x:", 3), ("", 30_000)])
def test_results_of_a_spill_in_small_and_large_sheets(make, prefix: str, rows: int) -> None:
    p, bound = prefix, f'xmlns:x="{MAIN}"' if prefix else f'xmlns="{MAIN}"'
    lines = "".join(f'<{p}row r="{i}"><{p}c r="B{i}"><{p}v>{i}</{p}v></{p}c></{p}row>' for i in range(2, rows + 1))
    first = f'<{p}row r="1"><{p}c r="A1"><{p}f>X(B:B)</{p}f></{p}c><{p}c r="B1"><{p}v>1</{p}v></{p}c></{p}row>'
    sheet = f"<{p}worksheet {bound}><{p}sheetData>{first}{lines}</{p}sheetData></{p}worksheet>"
    path = make(**{"xl/worksheets/sheet1.xml": sheet})
    with open_workbook(path) as book:
        book.write_results("S", 1, 1, [[f"r{i}"] for i in range(1, rows + 1)], Area(1, 1, rows, 1))
        book.save()
        assert book.read("S", f"A{rows}:B{rows}") == [[f"r{rows}", rows]]
        assert list(book.formulas("S")) == [FormulaCell(1, 1, "X(B:B)", Form.DYNAMIC, Area(1, 1, rows, 1))]
    text = part(path)
    anchor = f'<{p}c r="A1" t="str" cm="1"><{p}f t="array" ref="A1:A{rows}">X(B:B)</{p}f><{p}v>r1</{p}v></{p}c>'
    assert anchor in text
    assert f'<{p}c r="A{rows}" t="str"><{p}v>r{rows}</{p}v></{p}c>' in text
    assert len(re.findall(rf"<{p}v>[0-9]+</{p}v>", text)) == rows


def test_the_first_cell_of_a_shared_formula_keeps_it(make) -> None:
    sheet = (
        '<sheetData><row r="1"><c r="A1"><f t="shared" ref="A1:B1" si="0">C1</f><v>1</v></c>'
        '<c r="B1"><f t="shared" si="0"/><v>1</v></c></row></sheetData>'
    )
    path = make(sheet)
    with open_workbook(path) as book:
        book.write_results("S", 1, 1, [[7, 8]])
        book.save()
    assert rows_xml(path) == sheet[11:-18].replace("<v>1</v>", "<v>7</v>", 1).replace("<v>1</v>", "<v>8</v>")


def test_results_off_the_sheet_or_of_no_kind_are_refused(make) -> None:
    path = make(one("A1", "><f>X</f>"))
    before = path.read_bytes()
    with open_workbook(path) as book:
        with pytest.raises(WorkbookRefused, match=r"fit on the sheet|超出工作表"):
            book.write_results("S", 1_048_576, 1, [[1], [2]])
        book.write_results("S", 1, 1, [["x" * 40_000]])
        with pytest.raises(WorkbookRefused, match="A1"):
            book.save()
    assert path.read_bytes() == before
