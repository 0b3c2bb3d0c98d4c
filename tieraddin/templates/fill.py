"""Customers into a built template: rows of XML in place of the one row that shows the formats, nothing else rewritten.

A template is built once in a process, then filled as often as wanted: that is some milliseconds a workbook.
"""

from __future__ import annotations

import re
import zipfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cache
from io import BytesIO
from itertools import accumulate
from xml.sax.saxutils import escape

from tieraddin.errors import UsageError
from tieraddin.language import Language, say
from tieraddin.tables.layout import LAST_ROW, column_letters, column_number
from tieraddin.tables.values import Cell
from tieraddin.templates.build import FIRST_ROW, HEADER_ROW, build
from tieraddin.templates.charts import CHART_ROWS, HEADS, chart_sheet
from tieraddin.templates.shape import shapes
from tieraddin.templates.source import find_template
from tieraddin.workbooks.package.cellwriter import CellWriter

Columns = Mapping[str, Sequence[Cell]]
"""Cells by the key of their column, all of one length."""

_SHEET = re.compile(r'<sheet [^>]*name="([^"]*)"[^>]*r:id="([^"]*)"')
_RELATION = re.compile(r'<Relationship (?=[^>]*Id="([^"]*)")(?=[^>]*Target="/?([^"]*)")(?=[^>]*Type="[^"]*/(\w+)")')
_CELL = re.compile(r'<c r="([A-Z]+)\d+"(?: s="(\d+)")?')
_DIMENSION = re.compile(r'(<dimension ref="A1:)[A-Z]+\d+')


@dataclass(frozen=True)
class Grid:
    """A sheet of a built template: what stands before and after its rows, and how the cells of a row look.

    Attributes
    ----------
    styles
        the cell format of each column of the row that shows them.
    """

    part: str
    head: str
    tail: str
    first_row: int
    styles: list[int]
    header_style: int
    table_part: str | None


@dataclass(frozen=True)
class Built:
    """A built template, ready to be filled: the bytes of its parts, and its sheets by their names."""

    parts: dict[str, bytes]
    grids: dict[str, Grid]
    dates: frozenset[int]


@dataclass(frozen=True)
class Extra:
    """A sheet of what a conversion could not place: its headers and rows."""

    headers: Sequence[str]
    columns: Sequence[Sequence[Cell]]


@dataclass
class Filling:
    """What goes into a template: for each table its columns, for the chart its rows, and the sheets beside.

    ``tables`` is by the name of the Excel table; a table that is not named gets one blank row.
    """

    tables: Mapping[str, Columns]
    extras: Mapping[str, Extra] = field(default_factory=dict)


def fill(template: str, filling: Filling, lang: Language, *, live: bool = False) -> bytes:
    """A workbook of ``template`` that holds customers, an .xlsx file.

    Parameters
    ----------
    template
        the id or name of a template.
    live
        whether the tiers are formulas, with the given tiers as their results.

    Raises
    ------
    UsageError
        an unknown template, or more rows than a sheet has.
    """
    source = find_template(template)
    built = prototype(source.id, lang, live, tuple(filling.extras))
    parts = dict(built.parts)
    writer = CellWriter("", _Dated(built.dates), date1904=False)  # type: ignore[arg-type]
    for sheet in source.sheets:
        grid = built.grids[sheet.name[lang]]
        columns, given = shapes(sheet, lang, live=live), filling.tables.get(sheet.table, {})
        count = max(1, *(len(cells) for cells in given.values())) if given else 1
        if FIRST_ROW + count > LAST_ROW:
            raise UsageError("templates.too_many_rows", count=count, most=LAST_ROW - FIRST_ROW)
        cells = [given.get(shape.key, [None] * count) for shape in columns]
        parts[grid.part] = _sheet(grid, cells, writer, [shape.formula for shape in columns])
        parts[str(grid.table_part)] = _resized(parts[str(grid.table_part)], FIRST_ROW + count - 1)
        if sheet.chart == "pareto" and sheet.grading is not None:
            chart = built.grids[chart_sheet(sheet, lang)]
            parts[chart.part] = _sheet(chart, _largest(given, sheet.grading.main_field.name), writer)
    for name, extra in filling.extras.items():
        grid = built.grids[say(f"templates.{name}", lang)]
        parts[grid.part] = _extra(grid, extra, writer)
    return _zipped(parts)


@cache
def prototype(template: str, lang: Language, live: bool, extras: tuple[str, ...]) -> Built:
    """A template built and taken apart."""
    data = build(find_template(template), lang, live=live, extras=extras)
    with zipfile.ZipFile(BytesIO(data)) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    book = parts["xl/workbook.xml"].decode()
    paths = {id: path for id, path, _ in _RELATION.findall(parts["xl/_rels/workbook.xml.rels"].decode())}
    grids = {}
    for name, id in _SHEET.findall(book):
        part = paths[id] if paths[id].startswith("xl/") else f"xl/{paths[id]}"
        grids[_unescaped(name)] = _grid(parts, part)
    return Built(parts, grids, _date_styles(parts["xl/styles.xml"].decode()))


def _grid(parts: Mapping[str, bytes], part: str) -> Grid:
    text = parts[part].decode()
    relations = parts.get(part.replace("worksheets/", "worksheets/_rels/") + ".rels", b"").decode()
    tables = [path for _, path, kind in _RELATION.findall(relations) if kind == "table"]
    rows = re.findall(r"<row .*?</row>", text, re.DOTALL)
    header, last = (rows[-2], rows[-1]) if len(rows) > 1 else ("", "")
    head, _, tail = text.partition(last) if last else (text, "", "")
    shown = {column_number(letters): int(style or 0) for letters, style in _CELL.findall(last)}
    styles = [shown.get(k, 0) for k in range(1, max(shown, default=0) + 1)]
    heads = [int(style or 0) for _, style in _CELL.findall(header)]
    number = re.search(r'r="(\d+)"', last)
    first_row, header_style = int(number[1]) if number else 1, heads[0] if heads else 0
    return Grid(part, head, tail, first_row, styles, header_style, tables[0] if tables else None)


def _date_styles(styles: str) -> frozenset[int]:
    """The cell formats that show a date."""
    dates = set(re.findall(r'<numFmt (?=[^>]*formatCode="yyyy-mm-dd")[^>]*numFmtId="(\d+)"', styles))
    formats = re.findall(r"<xf [^>]*", styles.partition("<cellXfs")[2].partition("</cellXfs>")[0])
    number = [re.search(r'numFmtId="(\d+)"', each) for each in formats]
    return frozenset(k for k, found in enumerate(number) if found and found[1] in dates)


class _Dated:
    """What a cell writer asks of formats: a date in a cell that shows none gets one of the template's date formats."""

    def __init__(self, dates: frozenset[int]) -> None:
        self._dates = dates

    def is_date(self, style: int) -> bool:
        return style in self._dates

    def with_number_format(self, style: int, form: str) -> int:
        return min(self._dates, default=style)


def _sheet(grid: Grid, columns: Sequence[Sequence[Cell]], writer: CellWriter, formulas: Sequence[str] = ()) -> bytes:
    """The part of a sheet with ``columns`` as its rows, all of one length."""
    count = len(columns[0])
    rows = range(grid.first_row, grid.first_row + count)
    styles = [*grid.styles, *[0] * len(columns)]
    texts = []
    for k, cells in enumerate(columns):
        column = writer.texts(k + 1, rows, cells, [styles[k]] * count, [False] * count, [True] * count)
        formula = formulas[k] if formulas else ""
        texts.append([_with_formula(text or "", formula) for text in column] if formula else column)
    lines = (
        f'<row r="{row}">{"".join(filter(None, cells))}</row>'
        for row, cells in zip(rows, zip(*texts, strict=True), strict=True)
    )
    last = f"{column_letters(len(columns))}{rows[-1]}"
    head = _DIMENSION.sub(rf"\g<1>{last}", grid.head, count=1)
    return f"{head}{''.join(lines)}{grid.tail}".encode()


def _with_formula(cell: str, formula: str) -> str:
    """A cell of text with the formula that gives it."""
    cell = cell.removesuffix("/>") + "></c>" if cell.endswith("/>") else cell
    start, _, rest = cell.partition(">")
    value = re.sub(r"<[^>]*>", "", rest)
    start = start.replace(' t="inlineStr"', "")
    return f'{start} t="str"><f>{escape(formula)}</f><v>{value}</v></c>'


def _largest(given: Columns, value: str) -> list[list[Cell]]:
    """The rows that the chart draws: place, customer, value, running share of the total of the positive values."""
    values = given.get(value, [])
    positive = {
        i: float(cell)
        for i, cell in enumerate(values)
        if isinstance(cell, (int, float)) and not isinstance(cell, bool) and cell > 0
    }
    names, total = given.get("customer", [None] * len(values)), sum(positive.values())
    largest = sorted(positive, key=lambda i: -positive[i])[:CHART_ROWS]
    reached = accumulate(positive[i] / total for i in largest)
    rows = [
        (place, names[i], positive[i], share) for place, (i, share) in enumerate(zip(largest, reached, strict=True), 1)
    ]
    return [list(column) for column in zip(*rows, strict=True)] if rows else [[None] for _ in HEADS]


def _extra(grid: Grid, extra: Extra, writer: CellWriter) -> bytes:
    """A sheet of what could not be placed, under its own headers."""
    cells = [
        writer.texts(k, [HEADER_ROW], [header], [grid.header_style], [False], [True])[0] or ""
        for k, header in enumerate(extra.headers, 1)
    ]
    before, _, _ = grid.head.rpartition("<row ")
    head = f'{before}<row r="{HEADER_ROW}">{"".join(cells)}</row>'
    styles = grid.styles[:1] * len(extra.headers)
    return _sheet(replace(grid, head=head, styles=styles), extra.columns or [[None]], writer)


def _resized(table: bytes, last_row: int) -> bytes:
    """A table's part with its area, and that of its filter, reaching to ``last_row``."""
    return re.sub(rb'( ref="[A-Z]+\d+:[A-Z]+)\d+"', rb"\g<1>%d" % last_row + b'"', table)


def _unescaped(name: str) -> str:
    return name.replace("&lt;", "<").replace("&gt;", ">").replace("&quot;", '"').replace("&amp;", "&")


def _zipped(parts: Mapping[str, bytes]) -> bytes:
    """The parts as a file; the same parts give the same bytes."""
    buffer = BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive:
        for name, data in parts.items():
            archive.writestr(zipfile.ZipInfo(name, (2026, 1, 1, 0, 0, 0)), data, zipfile.ZIP_DEFLATED, 1)
    return buffer.getvalue()
