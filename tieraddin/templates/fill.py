"""Customers into a built template: rows of XML in place of the one row that shows the formats, nothing else rewritten.

A template is built once in a process, then filled as often as wanted: that is some milliseconds a workbook.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cache
from itertools import chain, repeat
from xml.sax.saxutils import escape

from tieraddin.errors import UsageError, WorkbookRefused
from tieraddin.language import Language, say
from tieraddin.tables.layout import LAST_ROW, column_letters
from tieraddin.tables.values import Cell, Column
from tieraddin.templates.build import FIRST_ROW
from tieraddin.templates.pareto import chart_formulas, chart_rows, chart_sheet
from tieraddin.templates.prototype import Built, Grid, prototype
from tieraddin.templates.shape import shapes
from tieraddin.templates.variant import template_of
from tieraddin.workbooks.package.columnwriter import bodies

Columns = Mapping[str, Column | Sequence[Cell]]
"""Cells by the key of their column, all of one length."""
Formula = Callable[[int], str]
"""The ``<f>`` element of a cell, by its row."""

_DIMENSION = re.compile(r'(<dimension ref="A1:)[A-Z]+\d+')
_TAG = re.compile(r"<[^>]*>")


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
    for plan in _plans(source.id, lang, live):
        grid = built.grids[plan.name]
        given = {key: _column(cells) for key, cells in filling.tables.get(plan.table, {}).items()}
        count = max(1, *map(len, given.values())) if given else 1
        if FIRST_ROW + count > LAST_ROW:
            raise UsageError("templates.too_many_rows", count=count, most=LAST_ROW - FIRST_ROW)
        blank = Column.blank(count)
        parts[grid.part] = _sheet(built, grid, [given.get(key, blank) for key in plan.keys], plan.formulas)
        parts[str(grid.table_part)] = _resized(built, grid, FIRST_ROW + count - 1)
        if plan.chart:
            chart, rows = (
                built.grids[plan.chart],
                chart_rows(given.get("customer", blank), given.get(plan.measured, blank)),
            )
            parts[chart.part] = _sheet(built, chart, [_column(cells) for cells in rows], plan.chart_formulas)
    plain = {say(f"templates.{name}", lang): extra for name, extra in filling.extras.items()} | dict(filling.hidden)
    for name, extra in plain.items():
        parts[built.grids[name].part] = _plain(built, built.grids[name], extra)
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


def _column(cells: Column | Sequence[Cell]) -> Column:
    return cells if isinstance(cells, Column) else Column.of(cells)


def _same(formula: str) -> Formula | None:
    """One formula for all rows."""
    element = f"<f>{escape(formula)}</f>"
    return (lambda row: element) if formula else None


def _sheet(built: Built, grid: Grid, columns: Sequence[Column], formulas: Sequence[Formula | None] = ()) -> bytes:
    """The part of a sheet with ``columns`` as its rows, all of one length."""
    rows = range(grid.first_row, grid.first_row + len(columns[0]))
    numbers = list(map(str, rows))
    styles = [*grid.styles, *[0] * len(columns)]
    pieces: list[Iterable[str]] = [repeat('<row r="'), numbers, repeat('">')]
    for k, column in enumerate(columns):
        letters = column_letters(k + 1)
        try:
            cells = bodies(column, styles[k], built.date_style(styles[k]))
        except WorkbookRefused as refusal:
            refusal.facts["cell"] = letters
            raise
        formula = formulas[k] if formulas else None
        if formula is not None:
            cells = [_with_formula(cell, formula(row)) for row, cell in zip(rows, cells, strict=True)]
        pieces += [repeat(f'<c r="{letters}'), numbers, cells]
    pieces.append(repeat("</row>"))
    last = f"{column_letters(len(columns))}{rows[-1]}"
    head = _DIMENSION.sub(rf"\g<1>{last}", grid.head, count=1)
    lines = zip(*pieces)  # noqa: B905 - the constant pieces have no end
    return "".join(chain([head], chain.from_iterable(lines), [grid.tail])).encode()


def _with_formula(cell: str, formula: str) -> str:
    """The body of a cell with the formula that gives it; a blank one has a formula that gives no text."""
    start, _, rest = cell.partition(">")
    if rest.startswith("<v>"):
        return f"{start}>{formula}{rest}"
    start = start.removesuffix("/").replace(' t="inlineStr"', "")
    return f'{start} t="str">{formula}<v>{_TAG.sub("", rest)}</v></c>'


def _plain(built: Built, grid: Grid, extra: Extra) -> bytes:
    """A sheet under its own headers."""
    heads = bodies(Column.of(extra.headers), grid.header_style, grid.header_style)
    cells = (f'<c r="{column_letters(k)}{grid.header_row}{head}' for k, head in enumerate(heads, 1))
    before, _, _ = grid.head.rpartition("<row ")
    head = f'{before}<row r="{grid.header_row}">{"".join(cells)}</row>'
    styles = grid.styles[:1] * len(extra.headers)
    columns = [_column(cells) for cells in extra.columns] or [Column.blank(1)]
    return _sheet(built, replace(grid, head=head, styles=styles), columns)


def _resized(built: Built, grid: Grid, last_row: int) -> bytes:
    """A table's part with its area, and that of its filter, reaching to ``last_row``."""
    table = built.parts[str(grid.table_part)]
    return re.sub(rb'( ref="[A-Z]+\d+:[A-Z]+)\d+"', rb"\g<1>%d" % last_row + b'"', table)
