"""Customers into a built template: rows of XML in place of the one row that shows the formats, nothing else rewritten.

A template is built once in a process, then filled as often as wanted: that is some milliseconds a workbook.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cache
from xml.sax.saxutils import escape

from tieraddin.errors import UsageError
from tieraddin.language import Language, say
from tieraddin.tables.layout import LAST_ROW, column_letters
from tieraddin.tables.values import Cell
from tieraddin.templates.build import FIRST_ROW
from tieraddin.templates.pareto import chart_formulas, chart_rows, chart_sheet
from tieraddin.templates.prototype import Built, Grid, prototype
from tieraddin.templates.shape import shapes
from tieraddin.templates.variant import template_of
from tieraddin.workbooks.package.cellwriter import CellWriter

Columns = Mapping[str, Sequence[Cell]]
"""Cells by the key of their column, all of one length."""
Formula = Callable[[int], str]
"""The ``<f>`` element of a cell, by its row."""

_DIMENSION = re.compile(r'(<dimension ref="A1:)[A-Z]+\d+')
_TAG = re.compile(r"<[^>]*>")


@dataclass(frozen=True)
class Extra:
    """A plain sheet: its headers and columns."""

    headers: Sequence[str]
    columns: Sequence[Sequence[Cell]]


@dataclass
class Filling:
    """What goes into a template.

    Attributes
    ----------
    tables
        for each Excel table, by its name, its columns; a table that is not named gets one blank row.
    extras
        sheets of what a conversion could not place: "unmapped", "rejected".
    hidden
        hidden sheets by their name, the headers in row 1.
    """

    tables: Mapping[str, Columns]
    extras: Mapping[str, Extra] = field(default_factory=dict)
    hidden: Mapping[str, Extra] = field(default_factory=dict)


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
    source = template_of(template)
    built = prototype(source.id, lang, live, tuple(filling.extras), tuple(filling.hidden))
    parts: dict[str, bytes] = {}
    writer = CellWriter("", _Dated(built.dates), date1904=False)  # type: ignore[arg-type]
    for plan in _plans(source.id, lang, live):
        grid, given = built.grids[plan.name], filling.tables.get(plan.table, {})
        count = max(1, *(len(cells) for cells in given.values())) if given else 1
        if FIRST_ROW + count > LAST_ROW:
            raise UsageError("templates.too_many_rows", count=count, most=LAST_ROW - FIRST_ROW)
        cells = [given.get(key, [None] * count) for key in plan.keys]
        parts[grid.part] = _sheet(grid, cells, writer, plan.formulas)
        parts[str(grid.table_part)] = _resized(built, grid, FIRST_ROW + count - 1)
        if plan.chart:
            chart, rows = built.grids[plan.chart], chart_rows(given.get("customer", []), given.get(plan.measured, []))
            parts[chart.part] = _sheet(chart, rows, writer, plan.chart_formulas)
    plain = {say(f"templates.{name}", lang): extra for name, extra in filling.extras.items()} | dict(filling.hidden)
    for name, extra in plain.items():
        parts[built.grids[name].part] = _plain(built.grids[name], extra, writer)
    return built.zipped(parts)


@dataclass(frozen=True)
class _Plan:
    """What is to be known of a sheet for every filling: its name and table, its columns, the sheet of its chart."""

    name: str
    table: str
    keys: Sequence[str]
    formulas: Sequence[Formula | None]
    measured: str
    chart: str
    chart_formulas: Sequence[Formula | None]


@cache
def _plans(template: str, lang: Language, live: bool) -> list[_Plan]:
    plans = []
    for sheet in template_of(template).sheets:
        columns, drawn = shapes(sheet, lang, live=live), sheet.chart == "pareto"
        plans.append(
            _Plan(
                name=sheet.name[lang],
                table=sheet.table,
                keys=[shape.key for shape in columns],
                formulas=[_same(shape.formula) for shape in columns],
                measured=sheet.measured,
                chart=chart_sheet(lang) if drawn else "",
                chart_formulas=[formula and cache(formula) for formula in chart_formulas(sheet, lang)] if drawn else [],
            )
        )
    return plans


class _Dated:
    """What a cell writer asks of formats: a date in a cell that shows none gets one of the template's date formats."""

    def __init__(self, dates: frozenset[int]) -> None:
        self._dates = dates

    def is_date(self, style: int) -> bool:
        return style in self._dates

    def with_number_format(self, style: int, form: str) -> int:
        return min(self._dates, default=style)


def _same(formula: str) -> Formula | None:
    """One formula for all rows."""
    element = f"<f>{escape(formula)}</f>"
    return (lambda row: element) if formula else None


def _sheet(
    grid: Grid, columns: Sequence[Sequence[Cell]], writer: CellWriter, formulas: Sequence[Formula | None] = ()
) -> bytes:
    """The part of a sheet with ``columns`` as its rows, all of one length."""
    count = len(columns[0])
    rows = range(grid.first_row, grid.first_row + count)
    styles = [*grid.styles, *[0] * len(columns)]
    texts: list[Sequence[str | None]] = []
    for k, cells in enumerate(columns):
        start, style = f'<c r="{column_letters(k + 1)}', f' s="{styles[k]}"' if styles[k] else ""
        if cells.count(None) == count:
            column: Sequence[str | None] = [f'{start}{row}"{style}/>' if style else None for row in rows]
        else:
            column = writer.texts(k + 1, rows, cells, [styles[k]] * count, [False] * count, [True] * count)
        formula = formulas[k] if formulas else None
        if formula is not None:
            column = [
                _with_formula(text or f'{start}{row}"/>', formula(row)) for row, text in zip(rows, column, strict=True)
            ]
        texts.append(column)
    lines = (
        f'<row r="{row}">{"".join(filter(None, cells))}</row>'
        for row, cells in zip(rows, zip(*texts, strict=True), strict=True)
    )
    last = f"{column_letters(len(columns))}{rows[-1]}"
    head = _DIMENSION.sub(rf"\g<1>{last}", grid.head, count=1)
    return f"{head}{''.join(lines)}{grid.tail}".encode()


def _with_formula(cell: str, formula: str) -> str:
    """A cell with the formula that gives it; a blank one has a formula that gives no text."""
    start, _, rest = cell.partition(">")
    if rest.startswith("<v>"):
        return f"{start}>{formula}{rest}"
    start = start.removesuffix("/").replace(' t="inlineStr"', "")
    return f'{start} t="str">{formula}<v>{_TAG.sub("", rest)}</v></c>'


def _plain(grid: Grid, extra: Extra, writer: CellWriter) -> bytes:
    """A sheet under its own headers."""
    cells = [
        writer.texts(k, [grid.header_row], [header], [grid.header_style], [False], [True])[0] or ""
        for k, header in enumerate(extra.headers, 1)
    ]
    before, _, _ = grid.head.rpartition("<row ")
    head = f'{before}<row r="{grid.header_row}">{"".join(cells)}</row>'
    styles = grid.styles[:1] * len(extra.headers)
    return _sheet(replace(grid, head=head, styles=styles), extra.columns or [[None]], writer)


def _resized(built: Built, grid: Grid, last_row: int) -> bytes:
    """A table's part with its area, and that of its filter, reaching to ``last_row``."""
    table = built.parts[str(grid.table_part)]
    return re.sub(rb'( ref="[A-Z]+\d+:[A-Z]+)\d+"', rb"\g<1>%d" % last_row + b'"', table)
