"""Customers into a built template: rows of XML in place of the one row that shows the formats, nothing else rewritten.

A template is built once in a process, then filled as often as wanted: that is some milliseconds a workbook.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import lru_cache
from xml.sax.saxutils import escape

from tieraddin.errors import UsageError
from tieraddin.language import Language, say
from tieraddin.tables.layout import LAST_ROW
from tieraddin.tables.values import Cell, Column
from tieraddin.templates.build import FIRST_ROW
from tieraddin.templates.pareto import chart_formulas, chart_rows, chart_sheet
from tieraddin.templates.prototype import Built, Grid, prototype
from tieraddin.templates.shape import shapes
from tieraddin.templates.variant import template_of
from tieraddin.workbooks.package.columnwriter import cells_of, rows_of

Columns = Mapping[str, Column | Sequence[Cell]]
"""Cells by the key of their column, all of one length."""


@dataclass(frozen=True)
class Extra:
    """A plain sheet: its headers and columns."""

    headers: Sequence[str]
    columns: Sequence[Column | Sequence[Cell]]


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
    for sheet in source.sheets:
        grid = built.grids[sheet.name[lang]]
        given = {key: _column(cells) for key, cells in filling.tables.get(sheet.table, {}).items()}
        count = max(1, *map(len, given.values())) if given else 1
        if FIRST_ROW + count > LAST_ROW:
            raise UsageError("templates.too_many_rows", count=count, most=LAST_ROW - FIRST_ROW)
        columns, blank = shapes(sheet, lang, live=live), Column.blank(count)
        formulas = [f"<f>{escape(column.formula)}</f>" if column.formula else "" for column in columns]
        parts[grid.part] = built.sheet(grid, [given.get(column.key, blank) for column in columns], formulas)
        parts[str(grid.table_part)] = _resized(built, grid, FIRST_ROW + count - 1)
        if sheet.chart == "pareto":
            chart = built.grids[chart_sheet(lang)]
            rows = chart_rows(given.get("customer", blank), given.get(sheet.measured, blank))
            parts[chart.part] = built.sheet(chart, list(map(_column, rows)), chart_formulas(sheet, lang))
    plain = {say(f"templates.{name}", lang): extra for name, extra in filling.extras.items()} | dict(filling.hidden)
    for name, extra in plain.items():
        parts[built.grids[name].part] = _plain(built, built.grids[name], extra)
    return built.zipped(parts)


def _column(cells: Column | Sequence[Cell]) -> Column:
    return cells if isinstance(cells, Column) else Column.of(cells)


def _plain(built: Built, grid: Grid, extra: Extra) -> bytes:
    """A sheet under its own headers."""
    before, _, _ = grid.head.rpartition("<row ")
    head = before + _heads(tuple(extra.headers), grid.header_row, grid.header_style)
    styles = grid.styles[:1] * len(extra.headers)
    columns = [_column(cells) for cells in extra.columns] or [Column.blank(1)]
    return built.sheet(replace(grid, head=head, styles=styles), columns)


@lru_cache(maxsize=100)
def _heads(headers: tuple[str, ...], row: int, style: int) -> str:
    """The row of the headers, which many sheets have alike."""
    heads = [cells_of(Column.of([header]), style, style) for header in headers]
    return b"".join(rows_of(heads, range(row, row + 1))).decode()


def _resized(built: Built, grid: Grid, last_row: int) -> bytes:
    """A table's part with its area, and that of its filter, reaching to ``last_row``."""
    table = built.parts[str(grid.table_part)]
    return re.sub(rb'( ref="[A-Z]+\d+:[A-Z]+)\d+"', rb"\g<1>%d" % last_row + b'"', table)
