"""Invented customers for every template, and the workbooks filled with them."""

from __future__ import annotations

import datetime as dt
import functools
import random
from io import BytesIO
from pathlib import Path
from typing import Any

from openpyxl import Workbook, load_workbook

from tests.actions.conftest import desk, losses  # noqa: F401 - the fixture
from tieraddin.actions.templates.rows import remembered, results
from tieraddin.language import LANGUAGES, Language
from tieraddin.tables.values import Cell, Column
from tieraddin.templates.fill import Filling, fill
from tieraddin.templates.shape import Shape, shapes
from tieraddin.templates.source import TemplateSheet, find_template, templates

ROWS = 12
ALL = list(templates())
GRADED = [(id, sheet.table) for id, template in templates().items() for sheet in template.sheets if sheet.model]
KINDS = [(lang, live) for lang in LANGUAGES for live in (False, True)]


def sheet_called(table: str) -> TemplateSheet:
    return next(sheet for template in templates().values() for sheet in template.sheets if sheet.table == table)


@functools.cache
def invented(table: str, lang: Language) -> dict[str, list[Cell]]:
    """Rows of a table, but for what is worked out; the last customer but one was never contacted."""
    sheet, chance = sheet_called(table), random.Random(table)
    return {
        shape.key: [_cell(sheet, shape, i, chance) for i in range(ROWS)]
        for column, shape in zip(sheet.columns, shapes(sheet, lang), strict=True)
        if column.result is None and not column.formula
    }


def _cell(sheet: TemplateSheet, shape: Shape, i: int, chance: random.Random) -> Cell:
    if shape.key == "last_contact" and i == ROWS - 2:
        return None
    if shape.choices:
        return chance.choice(shape.choices)
    if shape.kind == "date":
        return dt.date(2026, 11, 20) - dt.timedelta(days=chance.randrange(60))
    if shape.kind == "money":
        return round(chance.lognormvariate(11.5, 1.3), 2)
    if shape.kind == "share":
        return round(chance.random(), 3)
    if shape.kind in ("number", "count"):
        return chance.randrange(11)
    return f"{shape.header} <{i}> & Co"


def worked_out(rows: dict[str, list[Cell]]) -> dict[str, list[Any]]:
    """What the templates' own formulas come to, by hand."""
    made = {
        "agreed_price": ("list_price", "coefficient", lambda a, b: a * b),
        "share": ("overdue", "receivable", lambda a, b: a / b),
        "open": ("shipped", "collected", lambda a, b: a - b),
    }
    return {
        key: [of(a, b) for a, b in zip(rows[one], rows[other], strict=True)]
        for key, (one, other, of) in made.items()
        if one in rows
    }


def _day(cell: Cell) -> Cell:
    return cell.date() if isinstance(cell, dt.datetime) else cell


def tables_of(id: str, lang: Language, live: bool) -> dict[str, dict[str, list[Cell]]]:
    """All tables of a template, with their results."""
    made = {}
    for sheet in find_template(id).sheets:
        rows = invented(sheet.table, lang)
        columns = {key: Column.of(cells) for key, cells in rows.items()}
        graded = {
            key: list(map(_day, cells.cells())) for key, cells in results(sheet, columns, lang, live=live).items()
        }
        made[sheet.table] = rows | worked_out(rows) | graded
    return made


@functools.cache
def filled(id: str, lang: Language, live: bool) -> bytes:
    """A workbook of a template with invented rows."""
    tables = tables_of(id, lang, live)
    hidden = remembered(find_template(id), tables, lang, live=live)
    return fill(id, Filling(tables, hidden=hidden), lang, live=live)


def opened(data: bytes, **options: Any) -> Workbook:
    return load_workbook(BytesIO(data), **options)


def column(book: Workbook, table: str, header: str) -> list[Any]:
    """The cells below a header of an Excel table."""
    sheet, at = next((sheet, sheet.tables[table].ref) for sheet in book if table in sheet.tables)
    head, *rows = sheet[at]
    k = [cell.value for cell in head].index(header)
    return [row[k].value for row in rows]


def lost(before: Path, after: Path, sheet: str, columns: str) -> list[Any]:
    """What an edit of ours lost outside of ``columns``; what it adds on its own two sheets is no loss."""
    own = ("Tier restore!", "Tier log!")
    return [finding for finding in losses(before, after, sheet, columns) if not finding[2].startswith(own)]
