"""The columns of a template as fields: those of its model, and its own ones, which other names are known for."""

from __future__ import annotations

import tomllib
from functools import cache
from importlib import resources
from typing import Any

from tieraddin.models.parts import Choice, FieldSpec
from tieraddin.tables.headers import header_key
from tieraddin.templates.source import TemplateColumn
from tieraddin.templates.variant import ORIGIN, template_of

CUSTOMER = "customer"
IDENTITY = (CUSTOMER, "number")
"""The columns that say who a customer is: one of them is needed."""
_KINDS: dict[str | None, Any] = {
    "money": "number", "number": "number", "share": "share", "count": "count", "date": "date", "flag": "flag",
    "choice": "choice",
}  # fmt: skip
_KNOWN = resources.files("workbook_templates") / "known_headers.toml"


@cache
def fields_of(template: str) -> tuple[FieldSpec, ...]:
    """The columns of a template's main sheet that are filled from sources.

    A header by which an own column is known is taken from the other fields: where there is a column of customer
    numbers, 客户编号 is no customer's name.
    """
    sheet = template_of(template).main
    own = [_own_field(c) for c in sheet.columns if c.own and not c.formula and c.key != ORIGIN]
    taken = {header_key(text)[0] for field in own for text in (field.label.zh, field.label.en, *field.aliases)}
    found = {
        name: field.model_copy(update={"aliases": [a for a in field.aliases if header_key(a)[0] not in taken]})
        for name, field in sheet.fields().items()
    }
    found |= {field.name: field for field in own}
    return tuple(found[column.key] for column in sheet.columns if column.key in found)


def _own_field(column: TemplateColumn) -> FieldSpec:
    assert column.header is not None
    kind = _KINDS.get(column.kind, "text")
    choices = {f"choice_{k}": Choice(label=choice) for k, choice in enumerate(column.choices)}
    aliases = _known_headers().get(column.key, [])
    return FieldSpec(
        name=column.key, kind=kind, label=column.header, aliases=aliases, values=choices if kind == "choice" else {}
    )


@cache
def _known_headers() -> dict[str, list[str]]:
    return tomllib.loads(_KNOWN.read_text("utf-8"))
