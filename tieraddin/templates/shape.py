"""A template's table as it stands on a sheet in one language: for each column its header, format, choices, formula."""

from __future__ import annotations

from dataclasses import dataclass

from tieraddin.language import Language, say
from tieraddin.models.parts import FieldSpec
from tieraddin.models.steps import CumulativeShare
from tieraddin.templates.source import TemplateColumn, TemplateSheet

FORMATS = {
    "money": "#,##0.00", "number": "#,##0.##", "share": "0.0%", "count": "0", "date": "yyyy-mm-dd",
}  # fmt: skip
"""Number formats by kind; other kinds are shown as they are."""
WIDTHS = {
    "money": 16, "number": 12, "share": 11, "count": 9, "date": 13, "flag": 11, "choice": 14, "text": 18,
    "grade": 10, "score": 11, "reason": 48, "next_step": 40, "next_contact": 14, "customer": 28,
}  # fmt: skip
"""Widths by the key of a column, else by its kind."""
LIVE = ("grade",)
"""The results that a live workbook works out in the cell."""


@dataclass(frozen=True, slots=True)
class Shape:
    """A column on a sheet.

    Attributes
    ----------
    choices
        the words that the cell may hold, () for anything.
    formula
        what a live workbook holds, without the ``=``; "" for a value.
    """

    key: str
    header: str
    number_format: str
    width: float
    choices: tuple[str, ...] = ()
    formula: str = ""


def shapes(sheet: TemplateSheet, lang: Language, *, live: bool = False) -> list[Shape]:
    """The columns of a sheet."""
    fields = sheet.fields()
    return [_shape(sheet, column, fields, lang, live) for column in sheet.columns]


def _shape(
    sheet: TemplateSheet, column: TemplateColumn, fields: dict[str, FieldSpec], lang: Language, live: bool
) -> Shape:
    field = fields.get(column.key) if column.field else None
    kind = column.kind or (_kind(field) if field else _result_kind(sheet, column.key))
    return Shape(
        key=column.key,
        header=sheet.header(column, lang),
        number_format=FORMATS.get(kind, "General"),
        width=column.width or WIDTHS.get(column.key) or WIDTHS[kind],
        choices=_choices(sheet, column, field, kind, lang),
        formula=live_formula(sheet, lang) if live and column.result in LIVE else "",
    )


def _kind(field: FieldSpec) -> str:
    """How a field is shown: amounts in CNY as money."""
    return "money" if field.kind == "number" and field.unit == "CNY" else field.kind


def _result_kind(sheet: TemplateSheet, key: str) -> str:
    if key == "next_contact":
        return "date"
    step = sheet.grading.score_step if sheet.grading and key == "score" else None
    return "share" if isinstance(step, CumulativeShare) else "text"


def _choices(
    sheet: TemplateSheet, column: TemplateColumn, field: FieldSpec | None, kind: str, lang: Language
) -> tuple[str, ...]:
    if kind == "flag":
        return say("templates.yes", lang), say("templates.no", lang)
    if field is not None and field.values:
        return tuple(choice.label[lang] for choice in field.values.values())
    if column.key == "current_grade" and sheet.grading is not None:
        return tuple(grade.label[lang] for grade in sheet.grading.grades)
    return tuple(choice[lang] for choice in column.choices)


def live_formula(sheet: TemplateSheet, lang: Language) -> str:
    """TIER for one row among all rows of its table: the form that works inside a table, where nothing can spill."""
    headers = [sheet.header(column, lang) for column in sheet.columns if column.field is not None]
    first, last = (_escaped(header) for header in (headers[0], headers[-1]))
    table = sheet.table
    return (
        f'TIER("{sheet.model}",{table}[[#This Row],[{first}]:[{last}]],{table}[[#Headers],[{first}]:[{last}]],,'
        f"{table}[[{first}]:[{last}]])"
    )


def _escaped(header: str) -> str:
    """A header within a structured reference."""
    for sign in "'[]#@":
        header = header.replace(sign, f"'{sign}")
    return header
