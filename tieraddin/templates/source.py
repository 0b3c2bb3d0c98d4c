"""What a template says: sheets with tables, their columns taken from a model's fields, its results, or stated here."""

from __future__ import annotations

import tomllib
from collections import Counter
from collections.abc import Iterable
from contextlib import suppress
from functools import cache, cached_property
from importlib import resources
from string import Formatter
from typing import Literal

from pydantic import Field, ValidationError, model_validator

from tieraddin.errors import TieraddinError, UsageError
from tieraddin.language import LANGUAGES, Language, listed, say
from tieraddin.models.load import common_fields, find_model
from tieraddin.models.parts import FieldSpec, Name, Part, Text
from tieraddin.models.schema import Model

SOURCES = resources.files("workbook_templates") / "sources"
LONGEST_SHEET_NAME = 31

ColumnKind = Literal["text", "number", "money", "share", "count", "date", "flag", "choice", "grade"]
Result = Literal["grade", "score", "reason", "next_step", "next_contact"]


class TemplateColumn(Part):
    """A column: a ``field`` of the sheet's model (or one that all models share), one of its ``result`` columns, or an
    ``own`` one, which states its header and kind.

    ``choices`` are the words that a choice may have; a column of the kind grade has the model's grades. ``formula``
    is worked out by the spreadsheet itself from other columns of the row, whose keys stand in braces.
    """

    field: Name | None = None
    result: Result | None = None
    own: Name | None = None
    header: Text | None = None
    kind: ColumnKind | None = None
    choices: list[Text] = []
    formula: str = ""
    width: float | None = None

    @model_validator(mode="after")
    def _one_kind(self) -> TemplateColumn:
        if sum(key is not None for key in (self.field, self.result, self.own)) != 1:
            raise ValueError("a column is one of field, result and own")
        if {self.own is not None} != {self.header is not None, self.kind is not None}:
            raise ValueError(f"{self.key}: an own column states its header and kind, the others have theirs")
        if bool(self.choices) != (self.kind == "choice"):
            raise ValueError(f"{self.key}: a choice, and nothing else, states its choices")
        return self

    @property
    def key(self) -> str:
        """What the column is called in the code."""
        return self.field or self.result or self.own or ""


class TemplateSheet(Part):
    """A sheet with one Excel table.

    ``table`` is the table's name; ``model`` grades its rows (default: none); ``cadence`` is the model whose rhythm
    gives the next follow-up; ``chart`` = pareto adds a sheet with the largest rows by ``measure``, the key of a
    column (default: the model's main measure). ``rows`` is what the first column of a new workbook holds. ``shaded``
    are the groups of grades from the best to the last, where the model's grades have no order of their own.
    """

    name: Text
    title: Text
    table: str = Field(pattern=r"^[A-Za-z][A-Za-z0-9_]*$")
    model: str | None = None
    cadence: str | None = None
    chart: Literal["pareto"] | None = None
    measure: Name | None = None
    rows: list[Text] = []
    shaded: list[str] = []
    columns: list[TemplateColumn] = Field(min_length=1)

    @model_validator(mode="after")
    def _holds_together(self) -> TemplateSheet:
        keys = [column.key for column in self.columns]
        _refuse(f"{self.table}: two columns are called", _twice(keys))
        _refuse(f"{self.table}: no such field", {c.key for c in self.columns if c.field} - set(self._known))
        wanted = {name for column in self.columns for _, name, _, _ in Formatter().parse(column.formula) if name}
        measured = {self.measured} if self.chart else set()
        _refuse(f"{self.table}: no such column", (wanted | measured) - set(keys))
        for lang in LANGUAGES:
            _refuse(f"{self.table}: two headers", _twice(self.header(c, lang).casefold() for c in self.columns))
        if self.grading is None and (self.results() or any(column.kind == "grade" for column in self.columns)):
            raise ValueError(f"{self.table}: grades need a model")
        groups = {grade.group for grade in self.grading.grades} if self.grading else set()
        _refuse(
            f"{self.table}: not the groups of the model's grades:", set(self.shaded) ^ groups if self.shaded else set()
        )
        if "next_contact" in keys and self.rhythm is None:
            raise ValueError(f"{self.table}: a next follow-up needs a cadence")
        fields = [k for k, column in enumerate(self.columns) if column.field]
        if fields and any(column.result for column in self.columns[fields[0] : fields[-1]]):
            raise ValueError(f"{self.table}: a result stands between the fields")
        return self

    @cached_property
    def grading(self) -> Model | None:
        """The model that grades the rows, with its defaults."""
        return find_model(self.model).model if self.model else None

    @property
    def rhythm(self) -> Model | None:
        """The model that has the rhythm of contacts."""
        found = find_model(self.cadence).model if self.cadence else self.grading
        return found if found is not None and found.cadence else None

    @property
    def measured(self) -> str:
        """The key of the column that a chart shows."""
        return self.measure or (self.grading.main_field.name if self.grading else "")

    @cached_property
    def _known(self) -> dict[str, FieldSpec]:
        """All fields that may be columns, by name: those that models share, then the model's own."""
        shared = map(FieldSpec.model_validate, common_fields())
        return {field.name: field for field in (*shared, *(self.grading.fields if self.grading else ()))}

    def fields(self) -> dict[str, FieldSpec]:
        """The columns that are fields, by name."""
        return {column.field: self._known[column.field] for column in self.columns if column.field is not None}

    def results(self) -> list[str]:
        """The results that have a column."""
        return [column.result for column in self.columns if column.result is not None]

    def header(self, column: TemplateColumn, lang: Language) -> str:
        """What stands above a column."""
        if column.header is not None:
            return column.header[lang]
        if column.result is not None:
            return say(f"actions.column_{column.result}", lang)
        return self._known[column.key].label[lang]


class Template(Part):
    """A workbook of one or more sheets; the first table is the one that `convert` fills."""

    id: str
    name: Text
    about: Text
    sheets: list[TemplateSheet] = Field(min_length=1)

    @model_validator(mode="after")
    def _told_apart(self) -> Template:
        _refuse("two tables are called", _twice(sheet.table.casefold() for sheet in self.sheets))
        for lang in LANGUAGES:
            charts = [say("templates.pareto_sheet", lang) for sheet in self.sheets if sheet.chart]
            names = [name.casefold() for name in (*(sheet.name[lang] for sheet in self.sheets), *charts)]
            _refuse("two sheets are called", _twice(names))
            _refuse("too long for a sheet's name", {name for name in names if len(name) > LONGEST_SHEET_NAME})
        return self

    @property
    def main(self) -> TemplateSheet:
        """The sheet that customers are put into."""
        return self.sheets[0]


def _refuse(fault: str, names: set[str]) -> None:
    if names:
        raise ValueError(f"{fault} {', '.join(sorted(names))}")


def _twice(names: Iterable[str]) -> set[str]:
    return {name for name, count in Counter(names).items() if count > 1}


def read_template(text: str) -> Template:
    """The template of a source; refused (ValueError) where the source does not hold together."""
    return Template.model_validate(tomllib.loads(text))


@cache
def templates() -> dict[str, Template]:
    """All templates by their id, but for those that do not fit the models in use."""
    found = {}
    for file in sorted((file for file in SOURCES.iterdir() if file.name.endswith(".toml")), key=lambda file: file.name):
        with suppress(ValueError, TieraddinError):
            template = read_template(file.read_text("utf-8"))
            found[template.id] = template
    return found


def find_template(name: str) -> Template:
    """The template of an id, or of a Chinese or English name.

    Raises
    ------
    UsageError
        there is none, and the sentence lists those there are; or a person's own model has taken the place of the one
        that it is made for, and has other fields.
    """
    wanted = name.strip().casefold()
    for template in templates().values():
        if wanted in (template.id, template.name.zh.casefold(), template.name.en.casefold()):
            return template
    for file in SOURCES.iterdir():
        if file.name == f"{wanted}.toml":
            try:
                return read_template(file.read_text("utf-8"))
            except ValidationError as fault:
                raise UsageError("templates.unfit", name=wanted, detail=fault.errors()[0]["msg"]) from None
    raise UsageError("templates.unknown", name=name, known=listed(templates()))
