"""A template's table as it stands on a sheet in one language: for each column its header, format, choices, formula."""

from __future__ import annotations

from dataclasses import dataclass

from tieraddin.language import Language, say
from tieraddin.models.parts import FieldSpec
from tieraddin.templates.live import live_formulas, own_formula
from tieraddin.templates.source import TemplateColumn, TemplateSheet

FORMATS = {
    "money": "#,##0.00", "number": "General", "share": "0.0%", "count": "0", "date": "yyyy-mm-dd",
}  # fmt: skip
"""Number formats by kind; other kinds are shown as they are."""
WIDTHS = {
    "money": 16, "number": 12, "share": 11, "count": 9, "date": 13, "flag": 11, "choice": 14, "text": 18,
    "grade": 13, "score": 11, "reason": 48, "next_step": 40, "next_contact": 14, "customer": 28,
}  # fmt: skip
"""Widths by the key of a column, else by its kind."""
WRAPPED = ("reason", "next_step")


@dataclass(frozen=True, slots=True)
class Shape:
    """A column on a sheet.

    Attributes
    ----------
    kind
        what its cells hold: a kind of `ColumnKind`.
    choices
        the words that the cell may hold, () for anything.
    formula
        what its cells work out, without the ``=``; "" for a value.
    help
        what is told of it where it is filled in, "" for nothing.
    """

    key: str
    header: str
    kind: str
    number_format: str
    width: float
    choices: tuple[str, ...] = ()
    formula: str = ""
    help: str = ""


def shapes(sheet: TemplateSheet, lang: Language, *, live: bool = False) -> list[Shape]:
    """The columns of a sheet."""
    fields = sheet.fields()
    formulas = live_formulas(sheet, lang) if live else {}
    return [_shape(sheet, column, fields.get(column.key), lang, formulas) for column in sheet.columns]


def _shape(
    sheet: TemplateSheet, column: TemplateColumn, field: FieldSpec | None, lang: Language, live: dict[str, str]
) -> Shape:
    kind = column.kind or (_kind(field) if field else _result_kind(sheet, column.key))
    formula = live.get(column.key, "") or (column.formula and own_formula(sheet, column.formula, lang))
    return Shape(
        key=column.key,
        header=sheet.header(column, lang),
        kind=kind,
        number_format=FORMATS.get(kind, "General"),
        width=column.width or WIDTHS.get(column.key) or WIDTHS[kind],
        choices=() if formula else _choices(sheet, column, field, kind, lang),
        formula=formula,
        help=field.help[lang] if field and field.help else "",
    )


def _kind(field: FieldSpec) -> str:
    """How a field is shown: amounts in CNY as money."""
    if field.name == "current_grade":
        return "grade"
    return "money" if field.kind == "number" and field.unit == "CNY" else field.kind


def _result_kind(sheet: TemplateSheet, key: str) -> str:
    if key == "next_contact":
        return "date"
    if key != "score":
        return "grade" if key == "grade" else "text"
    return "share" if sheet.grading is not None and sheet.grading.score_is_share else "number"


def _choices(
    sheet: TemplateSheet, column: TemplateColumn, field: FieldSpec | None, kind: str, lang: Language
) -> tuple[str, ...]:
    if kind == "flag":
        return say("templates.yes", lang), say("templates.no", lang)
    if kind == "grade" and sheet.grading is not None:
        return tuple(grade.label[lang] for grade in sheet.grading.grades)
    if field is not None:
        return tuple(choice.label[lang] for choice in field.values.values())
    return tuple(choice[lang] for choice in column.choices)
