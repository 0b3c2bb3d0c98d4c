"""The rows of a template: their results, and what the workbook remembers of them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping, Sequence
from functools import cache, lru_cache
from typing import Any

import numpy as np

from tieraddin.actions.columns import checksum
from tieraddin.actions.grade import reasons
from tieraddin.actions.memory import STORE, STORE_HEADERS, Kept, KeptColumn, lines_of, packed
from tieraddin.actions.rules import Rules
from tieraddin.grading.explain import Explainer
from tieraddin.language import Language
from tieraddin.tables.dates import column_of_days
from tieraddin.tables.layout import Area
from tieraddin.tables.mapping import How, Mapped
from tieraddin.tables.values import Cell, Column, Kind, Mask, Table
from tieraddin.templates.build import FIRST_ROW, HEADER_ROW
from tieraddin.templates.fill import Columns, Extra
from tieraddin.templates.live import guards
from tieraddin.templates.shape import shapes
from tieraddin.templates.source import Template, TemplateSheet


def results(
    sheet: TemplateSheet,
    columns: Mapping[str, Column],
    lang: Language,
    *,
    live: bool = False,
    as_of: dt.date | None = None,
) -> dict[str, Column]:
    """The result columns of a template's sheet for its ``columns`` (by key, all of one length); {} without a model.

    ``live``: as the formulas of a live workbook give them, grades by their id.
    """
    if sheet.model is None:
        return {}
    count = len(next(iter(columns.values())))
    rules = _rules(sheet.model, sheet.cadence, as_of or dt.date.today())
    table = Table(list(columns), list(columns.values()), np.arange(1, count + 1))
    fields = {field.name for field in rules.fields} & set(sheet.fields())
    result = rules.apply(table, {key: Mapped(k, key, How.EXACT) for k, key in enumerate(columns) if key in fields})
    explain = Explainer(result.grading, lang)
    make: dict[str, Callable[[], Column]] = {
        "grade": lambda: Column.of_texts(result.grading.codes, rules.model.grade_ids if live else explain.labels),
        "score": lambda: Column.of(explain.scores),
        "reason": lambda: Column.of_texts(*(explain.reason if live else reasons(result, explain)).texts()),
        "next_step": lambda: Column.of_texts(*explain.next_step.texts()),
        "next_contact": lambda: column_of_days(result.due.next_contact) if result.due else Column.blank(count),
    }
    guarding = [columns[name].kinds for name in guards(sheet) if name in columns]
    used = np.logical_or.reduce(guarding) if guarding else np.ones(count, bool)
    made = {key: make[key]() for key in sheet.results()}
    return made if used.all() else {key: _only(column, used) for key, column in made.items()}


@cache
def _rules(model: str, cadence: str | None, as_of: dt.date) -> Rules:
    """The rules of a template, which holds its model as long as the process runs."""
    return Rules.of(model, cadence=cadence, as_of=as_of)


def _only(column: Column, used: Mask) -> Column:
    """``column`` with nothing in rows that are not filled in."""
    kinds, numbers = np.where(used, column.kinds, Kind.BLANK), np.where(used, column.numbers, np.nan)
    return Column(kinds.astype(np.uint8), numbers, np.where(used, column.codes, -1), column.texts)


def remembered(template: Template, tables: Mapping[str, Columns], lang: Language, *, live: bool) -> dict[str, Extra]:
    """What a filled template remembers, as its hidden sheet: the next re-tier finds its tables and result columns.

    Columns of formulas are left out: no re-tier writes over them.
    """
    graded = [sheet for sheet in template.sheets if sheet.model is not None]
    lines = [line for k, sheet in enumerate(graded, 1) for line in lines_of(_kept(k, sheet, tables, lang, live))]
    return {STORE: Extra(STORE_HEADERS, list(zip(*lines, strict=True)))} if lines else {}


def _kept(run: int, sheet: TemplateSheet, tables: Mapping[str, Columns], lang: Language, live: bool) -> Kept:
    """A sheet's results as a run that found their columns blank."""
    given = tables.get(sheet.table, {})
    count = max([1, *map(len, given.values())])
    columns, blank = shapes(sheet, lang, live=live), _blank(count)
    return Kept(
        run=run,
        model=str(sheet.model),
        sheet=sheet.name[lang],
        table=sheet.table,
        area=str(Area(HEADER_ROW, 1, HEADER_ROW + count, len(columns))),
        header_row=HEADER_ROW,
        first_row=FIRST_ROW,
        last_row=FIRST_ROW + count - 1,
        mapping={shape.key: shape.header for shape in columns if shape.key in sheet.fields()},
        columns=[
            KeptColumn(shape.key, shape.header, k, blank, shape.number_format)
            for k, shape in enumerate(columns, 1)
            if shape.key in sheet.results() and not shape.formula
        ],
        written=checksum(_cells(given.get("grade", [None] * count))),
    )


@lru_cache(maxsize=1000)
def _blank(count: int) -> dict[str, Any]:
    """So many blank cells, as a run keeps them."""
    return packed(Column.blank(count))


def _cells(column: Column | Sequence[Cell]) -> Sequence[Cell]:
    return column.cells() if isinstance(column, Column) else column
