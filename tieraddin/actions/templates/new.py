"""Templates for people: which there are, and a new workbook of one."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from tieraddin.actions.output import refuse_existing, write_whole
from tieraddin.actions.templates.rows import remembered
from tieraddin.errors import UsageError
from tieraddin.language import LANGUAGES, Language, language
from tieraddin.tables.layout import LAST_ROW
from tieraddin.tables.values import Cell
from tieraddin.templates.build import FIRST_ROW
from tieraddin.templates.fill import Filling, fill
from tieraddin.templates.source import Template, TemplateSheet, find_template, templates

ROWS = 20
"""How many blank rows a new workbook has."""
MOST_ROWS = LAST_ROW - FIRST_ROW


def list_templates() -> list[dict[str, Any]]:
    """All templates, as JSON has them: the fields of the first table, and of each sheet."""
    return [_described(template) for template in templates().values()]


def _described(template: Template) -> dict[str, Any]:
    return {
        "id": template.id,
        "name": _both(template.name),
        "about": _both(template.about),
        "fields": _fields(template.main),
        "sheets": [
            {"name": _both(sheet.name), "table": sheet.table, "model": sheet.model, "fields": _fields(sheet)}
            for sheet in template.sheets
        ],
    }


def _both(text: Any) -> dict[str, str]:
    return {lang: text[lang] for lang in LANGUAGES}


def _fields(sheet: TemplateSheet) -> list[str]:
    """The columns that a person fills in."""
    return [column.key for column in sheet.columns if column.result is None]


def new_template(
    id: str, target: Path, *, live: bool = False, rows: int | None = None, lang: Language | None = None
) -> dict[str, Any]:
    """Write a workbook of a template with blank rows, to be typed into; what was done, as JSON has it.

    Parameters
    ----------
    live
        whether tiers, reasons and dates are formulas.
    rows
        how many blank rows each table has (default: `ROWS`).

    Raises
    ------
    UsageError
        an unknown template, a number of rows that no sheet holds, ``target`` exists or is no .xlsx.
    TableRefused
        the folder of ``target`` isn't there.
    """
    template, spoken = find_template(id), lang or language()
    rows = ROWS if rows is None else rows
    if not 1 <= rows <= MOST_ROWS:
        raise UsageError("templates.rows", rows=rows, most=MOST_ROWS)
    if target.suffix.lower() != ".xlsx":
        raise UsageError("templates.target", file=target)
    refuse_existing(target)
    tables = {sheet.table: _blank(sheet, rows, spoken) for sheet in template.sheets}
    filling = Filling(tables, hidden=remembered(template, tables, spoken, live=live))
    write_whole(target, fill(template.id, filling, spoken, live=live))
    graded = [sheet for sheet in template.sheets if sheet.model]
    return {
        "template": template.id,
        "name": template.name[spoken],
        "lang": spoken,
        "live": live,
        "rows": rows,
        "graded_by": [{"model": sheet.model, "cadence": sheet.cadence, "columns": sheet.results()} for sheet in graded],
        "output": str(target),
    }


def _blank(sheet: TemplateSheet, rows: int, lang: Language) -> dict[str, list[Cell]]:
    """Blank rows, below those that the template begins with."""
    begun: list[Cell] = [text[lang] for text in sheet.rows]
    return {sheet.columns[0].key: begun + [None] * (rows - len(begun))}
