"""A template whose customers are graded by another model: ``customer-master@rank-abc``."""

from __future__ import annotations

from functools import cache

from tieraddin.errors import UsageError
from tieraddin.models.load import common_fields, find_model
from tieraddin.templates.source import Template, TemplateSheet, find_template

SIGN = "@"


def name_of(template: str, model: str | None) -> str:
    """The name under which `template_of` finds a template graded by ``model``, None for the template's own.

    Raises
    ------
    UsageError
        an unknown template or model, or a template that grades nothing.
    """
    found = find_template(template)
    if model is None or model == found.main.model:
        return found.id
    if not found.main.results():
        raise UsageError("templates.not_graded", template=found.id)
    return f"{found.id}{SIGN}{find_model(model).model.id}"


@cache
def template_of(name: str) -> Template:
    """A template by its id or name, or by what `name_of` gives."""
    base, _, model = name.partition(SIGN)
    found = find_template(base)
    return _graded_by(found, model) if model else found


def _graded_by(template: Template, model: str) -> Template:
    """``template`` with the columns that ``model`` needs in place of those of its own model."""
    other = find_model(model).model
    sheet = template.main
    shared = {field["name"] for field in common_fields()}
    own = {field.name for field in sheet.grading.fields} - shared if sheet.grading else set()
    fields = {field.name for field in other.fields}
    kept = [column for column in sheet.columns if column.field not in own - fields]
    there = {column.key for column in kept}
    added = [{"field": field.name} for field in other.fields if field.name not in there]
    at = next(k for k, column in enumerate(kept) if column.result is not None)
    columns = [column.model_dump() for column in kept]
    changed = {"model": model, "measure": None, "columns": [*columns[:at], *added, *columns[at:]]}
    main = TemplateSheet.model_validate(sheet.model_dump() | changed)
    return Template(
        id=f"{template.id}{SIGN}{model}", name=template.name, about=template.about, sheets=[main, *template.sheets[1:]]
    )
