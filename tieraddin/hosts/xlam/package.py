"""The parts of ``tieraddin.xlam`` around its VBA project: sheets of texts, the ribbon, what names and joins them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from string import Template
from xml.sax.saxutils import escape, quoteattr

from tieraddin.hosts.zipped import zipped

ADD_IN = "application/vnd.ms-excel.addin.macroEnabled.main+xml"
MADE = "2026-01-01T00:00:00Z"
_XML = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"
_PART = "application/vnd.openxmlformats-officedocument.spreadsheetml"

_SHEET = Template(
    f'<worksheet xmlns="{_MAIN}"><sheetPr codeName="$code_name"/><sheetViews><sheetView workbookViewId="0"$chosen>'
    '<pane ySplit="1" topLeftCell="A2" activePane="bottomLeft" state="frozen"/></sheetView></sheetViews>'
    '<sheetFormatPr defaultRowHeight="15"/><cols>$columns</cols><sheetData>$rows</sheetData></worksheet>'
)
_STYLES = (
    f'<styleSheet xmlns="{_MAIN}"><fonts count="2"><font><sz val="11"/><name val="Calibri"/><family val="2"/></font>'
    '<font><b/><sz val="11"/><name val="Calibri"/><family val="2"/></font></fonts><fills count="2"><fill>'
    '<patternFill patternType="none"/></fill><fill><patternFill patternType="gray125"/></fill></fills>'
    '<borders count="1"><border><left/><right/><top/><bottom/><diagonal/></border></borders>'
    '<cellStyleXfs count="1"><xf numFmtId="0" fontId="0" fillId="0" borderId="0"/></cellStyleXfs>'
    '<cellXfs count="3"><xf numFmtId="0" fontId="0" fillId="0" borderId="0" xfId="0"/>'
    '<xf numFmtId="0" fontId="0" fillId="0" borderId="0" xfId="0" applyAlignment="1">'
    '<alignment vertical="top" wrapText="1"/></xf>'
    '<xf numFmtId="0" fontId="1" fillId="0" borderId="0" xfId="0" applyFont="1"/></cellXfs>'
    '<cellStyles count="1"><cellStyle name="Normal" xfId="0" builtinId="0"/></cellStyles></styleSheet>'
)
_CORE = (
    f'<cp:coreProperties xmlns:cp="{_PACKAGE}/metadata/core-properties" xmlns:dc="http://purl.org/dc/elements/1.1/"'
    ' xmlns:dcterms="http://purl.org/dc/terms/" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">'
    f"<dc:title>$title</dc:title><dc:creator>tieraddin</dc:creator>"
    f'<dcterms:created xsi:type="dcterms:W3CDTF">{MADE}</dcterms:created></cp:coreProperties>'
)


@dataclass(frozen=True)
class Sheet:
    """A sheet of texts, its first row the headers; ``code_name`` is what VBA calls it."""

    name: str
    code_name: str
    rows: Sequence[Sequence[str]]
    widths: Sequence[int]

    def xml(self, chosen: bool) -> str:
        """The part of the sheet."""
        columns = "".join(
            f'<col min="{i}" max="{i}" width="{width}" customWidth="1"/>' for i, width in enumerate(self.widths, 1)
        )
        return _XML + _SHEET.substitute(
            code_name=self.code_name,
            chosen=' tabSelected="1"' if chosen else "",
            columns=columns,
            rows="".join(_row(i, row) for i, row in enumerate(self.rows, 1)),
        )


def _row(number: int, texts: Sequence[str]) -> str:
    style = ' s="2"' if number == 1 else ' s="1"'
    cells = "".join(
        f'<c r="{chr(64 + i)}{number}"{style} t="inlineStr"><is><t xml:space="preserve">{escape(text)}</t></is></c>'
        for i, text in enumerate(texts, 1)
        if text
    )
    return f'<row r="{number}">{cells}</row>'


@dataclass(frozen=True)
class Ribbon:
    """A ribbon's XML, and the relationship by which an Excel of its time finds it."""

    part: str
    relationship: str
    xml: str


def package(title: str, project: bytes, sheets: Sequence[Sheet], ribbons: Sequence[Ribbon]) -> bytes:
    """The add-in as the bytes of a zip file; the same bytes for the same content."""
    numbered = list(enumerate(sheets, 1))
    parts: dict[str, str | bytes] = {
        "xl/workbook.xml": _workbook(sheets),
        **{f"xl/worksheets/sheet{i}.xml": sheet.xml(i == 1) for i, sheet in numbered},
        "xl/styles.xml": _XML + _STYLES,
        "xl/vbaProject.bin": project,
        "docProps/core.xml": _XML + Template(_CORE).substitute(title=escape(title)),
        **{ribbon.part: ribbon.xml for ribbon in ribbons},
    }
    kinds = {
        "xl/workbook.xml": ADD_IN,
        **{f"xl/worksheets/sheet{i}.xml": f"{_PART}.worksheet+xml" for i, _ in numbered},
        "xl/styles.xml": f"{_PART}.styles+xml",
        "docProps/core.xml": "application/vnd.openxmlformats-package.core-properties+xml",
    }
    joined = {
        "_rels/.rels": {
            "xl/workbook.xml": f"{_OFFICE}/officeDocument",
            "docProps/core.xml": f"{_PACKAGE}/relationships/metadata/core-properties",
            **{ribbon.part: ribbon.relationship for ribbon in ribbons},
        },
        "xl/_rels/workbook.xml.rels": {
            **{f"worksheets/sheet{i}.xml": f"{_OFFICE}/worksheet" for i, _ in numbered},
            "styles.xml": f"{_OFFICE}/styles",
            "vbaProject.bin": "http://schemas.microsoft.com/office/2006/relationships/vbaProject",
        },
    }
    named = {"[Content_Types].xml": _content_types(kinds)} | {at: _relationships(to) for at, to in joined.items()}
    return zipped(named | parts)


def _workbook(sheets: Sequence[Sheet]) -> str:
    listed = "".join(
        f'<sheet name={quoteattr(sheet.name)} sheetId="{i}" r:id="rId{i}"/>' for i, sheet in enumerate(sheets, 1)
    )
    return (
        f'{_XML}<workbook xmlns="{_MAIN}" xmlns:r="{_OFFICE}"><workbookPr codeName="ThisWorkbook"/><bookViews>'
        f'<workbookView visibility="hidden"/></bookViews><sheets>{listed}</sheets></workbook>'
    )


def _content_types(kinds: Mapping[str, str]) -> str:
    defaults = {
        "rels": "application/vnd.openxmlformats-package.relationships+xml",
        "xml": "application/xml",
        "bin": "application/vnd.ms-office.vbaProject",
    }
    listed = [f'<Default Extension="{ending}" ContentType="{kind}"/>' for ending, kind in defaults.items()]
    listed += [f'<Override PartName="/{part}" ContentType="{kind}"/>' for part, kind in kinds.items()]
    return f'{_XML}<Types xmlns="{_PACKAGE}/content-types">{"".join(listed)}</Types>'


def _relationships(targets: Mapping[str, str]) -> str:
    listed = "".join(
        f'<Relationship Id="rId{i}" Type="{kind}" Target="{target}"/>'
        for i, (target, kind) in enumerate(targets.items(), 1)
    )
    return f'{_XML}<Relationships xmlns="{_PACKAGE}/relationships">{listed}</Relationships>'
