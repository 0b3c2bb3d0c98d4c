"""A built template taken apart, ready to be filled: built once in a process, its unchanging parts compressed once."""

from __future__ import annotations

import re
import zipfile
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from io import BytesIO

from tieraddin.errors import WorkbookRefused
from tieraddin.language import Language
from tieraddin.tables.layout import column_letters, column_number
from tieraddin.tables.values import Column
from tieraddin.templates.build import build
from tieraddin.templates.variant import template_of
from tieraddin.workbooks.package.archive import ArchiveWriter, Packed, pack
from tieraddin.workbooks.package.columnwriter import cells_of, rows_of

MADE = (2026, 1, 1, 0, 0, 0)
"""When the parts say they were made, so that the same sources give the same bytes."""
CORE, BOOK = "docProps/core.xml", "xl/workbook.xml"
_DIMENSION = re.compile(r'(<dimension ref="A1:)[A-Z]+\d+')
_SHEET = re.compile(r'<sheet [^>]*name="([^"]*)"[^>]*r:id="([^"]*)"')
_RELATION = re.compile(r'<Relationship (?=[^>]*Id="([^"]*)")(?=[^>]*Target="/?([^"]*)")(?=[^>]*Type="[^"]*/(\w+)")')
_CELL = re.compile(r'<c r="([A-Z]+)\d+"(?: s="(\d+)")?')
_ROW = re.compile(r"<row .*?</row>", re.DOTALL)
_STAMP = re.compile(rb"(<dcterms:modified[^>]*>)[^<]*")


@dataclass(frozen=True)
class Grid:
    """A sheet of a built template: what stands before and after its rows, and how the cells of a row look.

    Attributes
    ----------
    header_row
        the row of the headers; the rows to be filled follow it.
    styles
        the cell format of each column of the row that shows them.
    """

    part: str
    head: str
    tail: str
    header_row: int
    header_style: int
    styles: list[int]
    table_part: str | None

    @property
    def first_row(self) -> int:
        """The first of the rows to be filled."""
        return self.header_row + 1


@dataclass(frozen=True)
class Built:
    """A built template.

    Attributes
    ----------
    parts
        every part that a filling may change, unpacked.
    packed
        the others, and all in the order of the file, as they are in it.
    dates
        the cell formats that show a date.
    """

    parts: Mapping[str, bytes]
    packed: Mapping[str, Packed | None]
    grids: Mapping[str, Grid]
    dates: frozenset[int]

    def date_style(self, style: int) -> int:
        """The cell format that shows a date: ``style`` itself where it does."""
        return style if style in self.dates else min(self.dates, default=style)

    def sheet(self, grid: Grid, columns: Sequence[Column], formulas: Sequence[str] = ()) -> bytes:
        """The part of a sheet with ``columns`` as its rows, all of one length."""
        rows = range(grid.first_row, grid.first_row + len(columns[0]))
        written = []
        styles = [*grid.styles, *[0] * len(columns)]
        for k, column in enumerate(columns):
            try:
                cells = cells_of(column, styles[k], self.date_style(styles[k]), formulas[k] if formulas else "")
            except WorkbookRefused as refusal:
                refusal.facts["cell"] = column_letters(k + 1)
                raise
            written.append(cells)
        last = f"{column_letters(len(columns))}{rows.stop - 1}"
        head = _DIMENSION.sub(rf"\g<1>{last}", grid.head, count=1)
        return b"".join([head.encode(), *rows_of(written, rows), grid.tail.encode()])

    def zipped(self, changed: Mapping[str, bytes]) -> bytes:
        """The file with its ``changed`` parts."""
        return zipped(
            {name: packed or changed.get(name, self.parts.get(name, b"")) for name, packed in self.packed.items()}
        )


def unzipped(data: bytes) -> dict[str, bytes]:
    """The parts of a workbook that openpyxl made, without the time of that."""
    with zipfile.ZipFile(BytesIO(data)) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    return parts | {CORE: _STAMP.sub(rb"\g<1>2026-01-01T00:00:00Z", parts[CORE])}


def zipped(parts: Mapping[str, Packed | bytes]) -> bytes:
    """Parts, compressed or not, as a file; the same parts give the same bytes."""
    file, scratch = BytesIO(), BytesIO()
    writer = ArchiveWriter(file)
    for name, part in parts.items():
        writer.add(_entry(name), pack([part], scratch) if isinstance(part, bytes) else part)
    writer.finish()
    return file.getvalue()


@cache
def _entry(name: str) -> zipfile.ZipInfo:
    entry = zipfile.ZipInfo(name, MADE)
    entry.create_system = 0
    return entry


@cache
def prototype(template: str, lang: Language, live: bool, extras: tuple[str, ...], hidden: tuple[str, ...]) -> Built:
    """A template built and taken apart."""
    return taken_apart(build(template_of(template), lang, live=live, extras=extras, hidden=hidden))


def taken_apart(data: bytes, also: Collection[str] = ()) -> Built:
    """A workbook of openpyxl, each sheet of which ends with its headers and a row that shows the formats.

    ``also`` are other parts that a filling may change.
    """
    parts = unzipped(data)
    book = parts[BOOK].decode()
    paths = {id: path for id, path, _ in _RELATION.findall(parts["xl/_rels/workbook.xml.rels"].decode())}
    grids = {}
    for name, id in _SHEET.findall(book):
        part = paths[id] if paths[id].startswith("xl/") else f"xl/{paths[id]}"
        if (grid := _grid(parts, part)) is not None:
            grids[_unescaped(name)] = grid
    open_parts = {*also, *(path for grid in grids.values() for path in (grid.part, grid.table_part))}
    scratch = BytesIO()
    packed = {name: None if name in open_parts else pack([part], scratch) for name, part in parts.items()}
    unpacked = {name: part for name, part in parts.items() if name in open_parts}
    return Built(unpacked, packed, grids, _date_styles(parts["xl/styles.xml"].decode()))


def _grid(parts: Mapping[str, bytes], part: str) -> Grid | None:
    """The grid of a sheet whose last two rows are the headers and the row that shows the formats."""
    text = parts[part].decode()
    relations = parts.get(part.replace("worksheets/", "worksheets/_rels/") + ".rels", b"").decode()
    tables = [path for _, path, kind in _RELATION.findall(relations) if kind == "table"]
    rows = _ROW.findall(text)
    if len(rows) < 2:
        return None
    header, last = rows[-2:]
    head, _, tail = text.partition(last)
    number = re.search(r'r="(\d+)"', header)
    shown = {column_number(letters): int(style or 0) for letters, style in _CELL.findall(last)}
    heads = [int(style or 0) for _, style in _CELL.findall(header)]
    return Grid(
        part=part,
        head=head,
        tail=tail,
        header_row=int(number[1]) if number else 1,
        header_style=heads[0],
        styles=[shown.get(k, 0) for k in range(1, max(shown) + 1)],
        table_part=tables[0] if tables else None,
    )


def _date_styles(styles: str) -> frozenset[int]:
    """The cell formats that show a date."""
    dates = set(re.findall(r'<numFmt (?=[^>]*formatCode="yyyy-mm-dd")[^>]*numFmtId="(\d+)"', styles))
    formats = re.findall(r"<xf [^>]*", styles.partition("<cellXfs")[2].partition("</cellXfs>")[0])
    number = [re.search(r'numFmtId="(\d+)"', each) for each in formats]
    return frozenset(k for k, found in enumerate(number) if found and found[1] in dates)


def _unescaped(name: str) -> str:
    return name.replace("&lt;", "<").replace("&gt;", ">").replace("&quot;", '"').replace("&amp;", "&")
