"""What a template says: sheets with tables, their columns taken from a model's fields, its results, or stated here."""

from __future__ import annotations

import tomllib
from functools import cache, cached_property
from importlib import resources
from typing import Literal

from pydantic import Field, model_validator

from tieraddin.errors import UsageError
from tieraddin.language import Language, say
from tieraddin.models.load import common_fields, find_model
from tieraddin.models.parts import FieldSpec, Name, Part, Text
from tieraddin.models.schema import Model

SOURCES = resources.files("workbook_templates") / "sources"

ColumnKind = Literal["text", "number", "money", "share", "count", "date", "flag", "choice"]
Result = Literal["grade", "score", "reason", "next_step", "next_contact"]


class TemplateColumn(Part):
    """A column: a ``field`` of the sheet's model (or one that all models share), one of its ``result`` columns, or an
    ``own`` one, which states its header and kind; ``choices`` are the words that a choice may have.
    """

    field: Name | None = None
    result: Result | None = None
    own: Name | None = None
    header: Text | None = None
    kind: ColumnKind | None = None
    choices: list[Text] = []
    width: float | None = None

    @model_validator(mode="after")
    def _one_kind(self) -> TemplateColumn:
        if sum(key is not None for key in (self.field, self.result, self.own)) != 1:
            raise ValueError("a column is one of field, result and own")
        if (self.own is None) != (self.header is None and self.kind is None):
            raise ValueError("an own column states its header and kind, the others have theirs")
        return self

    @property
    def key(self) -> str:
        """What the column is called in the code."""
        return self.field or self.result or self.own or ""


class TemplateSheet(Part):
    """A sheet with one Excel table.

    ``table`` is the table's name; ``model`` grades its rows (default: none); ``cadence`` is the model whose rhythm
    gives the next follow-up; ``chart`` = pareto adds a sheet with the largest customers by the main measure.
    """

    name: Text
    title: Text
    table: str = Field(pattern=r"^[A-Za-z][A-Za-z0-9_]*$")
    model: str | None = None
    cadence: str | None = None
    chart: Literal["pareto"] | None = None
    columns: list[TemplateColumn] = Field(min_length=1)

    @cached_property
    def grading(self) -> Model | None:
        """The model that grades the rows, with its defaults."""
        return find_model(self.model).model if self.model else None

    def fields(self) -> dict[str, FieldSpec]:
        """The columns that are fields, by name."""
        named = {field.name: field for field in self.grading.fields} if self.grading else {}
        shared = {field["name"]: field for field in common_fields()}
        return {
            column.field: named.get(column.field) or FieldSpec.model_validate(shared[column.field])
            for column in self.columns
            if column.field is not None
        }

    def results(self) -> list[str]:
        """The results that have a column."""
        return [column.result for column in self.columns if column.result is not None]

    def header(self, column: TemplateColumn, lang: Language) -> str:
        """What stands above a column."""
        if column.header is not None:
            return column.header[lang]
        if column.result is not None:
            return say(f"actions.column_{column.result}", lang)
        return self.fields()[column.key].label[lang]


class Template(Part):
    """A workbook of one or more sheets; the first table is the one that `convert` fills."""

    id: str
    name: Text
    about: Text
    sheets: list[TemplateSheet] = Field(min_length=1)

    @property
    def main(self) -> TemplateSheet:
        """The sheet that customers are put into."""
        return self.sheets[0]


@cache
def templates() -> dict[str, Template]:
    """All templates by their id."""
    files = sorted((file for file in SOURCES.iterdir() if file.name.endswith(".toml")), key=lambda file: file.name)
    found = [Template.model_validate(tomllib.loads(file.read_text("utf-8"))) for file in files]
    return {template.id: template for template in found}


def find_template(name: str) -> Template:
    """The template of an id, or of a Chinese or English name.

    Raises
    ------
    UsageError
        there is none; the sentence lists those there are.
    """
    wanted = name.strip().casefold()
    for template in templates().values():
        if wanted in (template.id, template.name.zh.casefold(), template.name.en.casefold()):
            return template
    raise UsageError("templates.unknown", name=name, known=", ".join(templates()))
