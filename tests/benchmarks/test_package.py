"""Reading and editing large workbook files, beside openpyxl in the same run (``--benchmark-enable``)."""

from __future__ import annotations

import subprocess
import sys
import textwrap
import time
import zipfile

import openpyxl
import pytest

from tieraddin.tables.layout import column_letters
from tieraddin.workbooks import open_workbook

ROWS = 100_000
LARGE = 1_048_575
MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
RELATIONS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"


def write_book(path, rows: int):
    """A workbook of ten columns, as small as a package can be."""
    package = "http://schemas.openxmlformats.org/package/2006"

    def links(kind, target):
        body = f'<Relationship Id="rId1" Type="{RELATIONS}/{kind}" Target="{target}"/>'
        return f'<Relationships xmlns="{package}/relationships">{body}</Relationships>'

    main = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as file:
        file.writestr(
            "[Content_Types].xml",
            f'<Types xmlns="{package}/content-types">'
            '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
            f'<Default Extension="xml" ContentType="{main.replace("sheet.main", "worksheet")}"/>'
            f'<Override PartName="/xl/workbook.xml" ContentType="{main}"/>'
            "</Types>",
        )
        file.writestr("_rels/.rels", links("officeDocument", "xl/workbook.xml"))
        file.writestr("xl/_rels/workbook.xml.rels", links("worksheet", "sheet1.xml"))
        file.writestr(
            "xl/workbook.xml",
            f'<workbook xmlns="{MAIN}" xmlns:r="{RELATIONS}"><sheets><sheet name="S" sheetId="1" r:id="rId1"/></sheets>'
            "</workbook>",
        )
        letters = [column_letters(column) for column in range(1, 11)]
        with file.open("xl/sheet1.xml", "w") as sheet:
            sheet.write(f'<worksheet xmlns="{MAIN}"><sheetData>'.encode())
            for row in range(1, rows + 1):
                cells = "".join(f'<c r="{a}{row}"><v>{row * 7919 % 99991 / 4}</v></c>' for a in letters)
                sheet.write(f'<row r="{row}" spans="1:10">{cells}</row>'.encode())
            sheet.write(b"</sheetData></worksheet>")
    return path


def edit(path, target, rows: int):
    with open_workbook(path) as book:
        (sales,) = book.read_columns("S", [2], 1, rows)
        tiers = ["A" if value > 20_000 else "B" for value in sales.numbers.tolist()]
        scores = sales.numbers.tolist()
        book.write_columns("S", 1, 11, [tiers, scores, tiers, scores, tiers])
        book.save(target)


def edit_with_openpyxl(path, target):
    book = openpyxl.load_workbook(path)
    sheet = book["S"]
    for row in range(1, sheet.max_row + 1):
        value = sheet.cell(row, 2).value
        tier = "A" if value > 20_000 else "B"
        for column, written in enumerate((tier, value, tier, value, tier), start=11):
            sheet.cell(row, column, written)
    book.save(target)


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    return tmp_path_factory.mktemp("package")


def test_edit_100_000_rows(benchmark, folder):
    if not benchmark.enabled:
        pytest.skip("only with --benchmark-enable")
    path = write_book(folder / "book.xlsx", ROWS)
    edit(path, folder / "warm.xlsx", ROWS)
    benchmark.pedantic(edit, (path, folder / "out.xlsx", ROWS), rounds=3)
    start = time.perf_counter()
    edit_with_openpyxl(path, folder / "openpyxl.xlsx")
    ratio = (time.perf_counter() - start) / benchmark.stats.stats.min
    benchmark.extra_info["times faster than openpyxl"] = round(ratio, 1)
    assert ratio >= 15


def test_edit_a_full_sheet_in_little_memory(benchmark, folder):
    if not benchmark.enabled:
        pytest.skip("only with --benchmark-enable")
    path = write_book(folder / "large.xlsx", LARGE)
    code = f"""
        import resource
        from tieraddin.workbooks import open_workbook
        class Lazy:
            def __len__(self): return {LARGE}
            def __getitem__(self, i): return f"share {{i % 1000}}"
        with open_workbook({str(path)!r}) as book:
            book.kinds("S")
            book.read_columns("S", [1, 2], 1, {LARGE})
            book.write_columns("S", 1, 11, [Lazy()] * 5)
            book.save({str(folder / "out.xlsx")!r})
        print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss)
    """

    def run():
        return subprocess.run(
            [sys.executable, "-c", textwrap.dedent(code)], check=True, capture_output=True, text=True
        ).stdout

    kilobytes = int(benchmark.pedantic(run, rounds=1))
    benchmark.extra_info["MB"] = kilobytes // 1024
    assert kilobytes < 1 << 20
