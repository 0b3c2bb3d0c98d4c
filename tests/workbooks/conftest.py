"""Small workbooks made part by part, so that each trap can be set."""

from __future__ import annotations

import zipfile
from pathlib import Path

import pytest

MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
REL = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
PACKAGE = "http://schemas.openxmlformats.org/package/2006"
CONTENT = "application/vnd.openxmlformats-officedocument.spreadsheetml"


def parts_of(sheet: str = "<sheetData/>", before: str = "", after: str = "", **more: str) -> dict[str, str]:
    """The parts of a workbook of one sheet; ``more`` (a name with __ for /) come on top."""
    parts = {
        "[Content_Types].xml": f'<Types xmlns="{PACKAGE}/content-types"><Default Extension="rels" ContentType='
        '"application/vnd.openxmlformats-package.relationships+xml"/><Default Extension="xml" ContentType='
        f'"application/xml"/><Override PartName="/xl/workbook.xml" ContentType="{CONTENT}.sheet.main+xml"/>'
        f'<Override PartName="/xl/worksheets/sheet1.xml" ContentType="{CONTENT}.worksheet+xml"/></Types>',
        "_rels/.rels": relationships(("officeDocument", "xl/workbook.xml")),
        "xl/workbook.xml": f'<workbook xmlns="{MAIN}" xmlns:r="{REL}"><sheets><sheet name="S" sheetId="1" r:id="rId1"/>'
        "</sheets></workbook>",
        "xl/_rels/workbook.xml.rels": relationships(("worksheet", "worksheets/sheet1.xml")),
        "xl/worksheets/sheet1.xml": f'<worksheet xmlns="{MAIN}" xmlns:r="{REL}">{before}{sheet}{after}</worksheet>',
    }
    return parts | more


def relationships(*links: tuple[str, str]) -> str:
    """A relationships part: kind and target of each."""
    body = "".join(
        f'<Relationship Id="rId{i}" Type="{REL}/{kind}" Target="{target}"/>'
        for i, (kind, target) in enumerate(links, start=1)
    )
    return f'<Relationships xmlns="{PACKAGE}/relationships">{body}</Relationships>'


def write_zip(path: Path, parts: dict[str, str | bytes]) -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as file:
        for name, data in parts.items():
            file.writestr(name, data)
    return path


def part(path: Path, name: str = "xl/worksheets/sheet1.xml") -> str:
    with zipfile.ZipFile(path) as file:
        return file.read(name).decode()


def rows_xml(path: Path) -> str:
    """What stands between the sheetData tags."""
    text = part(path)
    return text[text.index("sheetData>") + 10 : text.index("</", text.rindex("</row") if "</row" in text else 0)]


@pytest.fixture
def make(tmp_path):
    """Make a workbook: make("<sheetData>…", before=…, after=…, **parts) -> path."""

    def build(sheet: str = "<sheetData/>", before: str = "", after: str = "", **more: str) -> Path:
        return write_zip(tmp_path / "book.xlsx", parts_of(sheet, before, after, **more))

    return build
