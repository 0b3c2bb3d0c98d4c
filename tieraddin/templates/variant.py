"""A template whose customers are graded by another model: ``customer-master@rank-abc``; or are told apart by the sheet
that they came from: ``customer-master+origin``.
"""

from __future__ import annotations

from functools import cache

from tieraddin.errors import UsageError
from tieraddin.language import LANGUAGES, say
from tieraddin.models.load import common_fields, find_model
from tieraddin.templates.source import Template, TemplateSheet, find_template

SIGN = "@"
ORIGIN = "origin"
"""The column of the sheet that a row came from."""


def name_of(template: str, model: str | None, *, origin: bool = False) -> str:
    """The name under which `template_of` finds a template graded by ``model``, None for the template's own.

    ``origin``: with a column that says which sheet a row came from.

    Raises
    ------
    UsageError
        an unknown template or model, or a template that grades nothing.
    """
    found, more = find_template(template), f"+{ORIGIN}" if origin else ""
    if model is None or model == found.main.model:
        return found.id + more
    if not found.main.results():
        raise UsageError("templates.not_graded", template=found.id)
    return f"{found.id}{SIGN}{find_model(model).model.id}{more}"


@cache
def template_of(name: str) -> Template:
    """A template by its id or name, or by what `name_of` gives."""
    graded, _, origin = name.partition("+")
    base, _, model = graded.partition(SIGN)
    found = find_template(base)
    found = _graded_by(found, model) if model else found
    return _told_apart(found) if origin else found


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
    changed = {"model": model, "measure": None, "shaded": [], "columns": [*columns[:at], *added, *columns[at:]]}
    main = TemplateSheet.model_validate(sheet.model_dump() | changed)
    return Template(
        id=f"{template.id}{SIGN}{model}", name=template.name, about=template.about, sheets=[main, *template.sheets[1:]]
    )


def _told_apart(template: Template) -> Template:
    """``template`` with a last column for the sheet that a row came from."""
    sheet = template.main
    header = {lang: say("templates.origin", lang) for lang in LANGUAGES}
    columns = [*(column.model_dump() for column in sheet.columns), {"own": ORIGIN, "header": header, "kind": "text"}]
    main = TemplateSheet.model_validate(sheet.model_dump() | {"columns": columns})
    return template.model_copy(update={"id": f"{template.id}+{ORIGIN}", "sheets": [main, *template.sheets[1:]]})
