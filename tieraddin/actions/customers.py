"""What people call the rows of a customer table, and what they should know of how it was read."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress

from tieraddin.actions.locate import Located
from tieraddin.actions.rules import shared_field
from tieraddin.errors import TableRefused
from tieraddin.language import listed, say
from tieraddin.models.schema import Model
from tieraddin.tables.coerce import as_texts
from tieraddin.tables.mapping import field_called, map_fields, said
from tieraddin.tables.values import Kind
from tieraddin.workbooks.port import Readable


def customers_at(book: Readable, located: Located, positions: Sequence[int]) -> list[str]:
    """What rows are called: by the customer column, else the first text that is no field, or the first column."""
    if not positions:
        return []
    rows = located.found.rows
    columns = book.read_columns(located.sheet, _named_by(located), int(rows[0]), int(rows[-1]))
    named = next((column for column in columns if (column.kinds == Kind.TEXT).any()), columns[0])
    codes, texts = as_texts(named)
    return [texts[code] if (code := codes[int(rows[i] - rows[0])]) >= 0 else "" for i in positions]


def _named_by(located: Located) -> list[int]:
    """The columns that may hold what a row is called, the likeliest first."""
    numbers = list(located.headers)
    if "customer" in located.mapping:
        return [numbers[located.mapping["customer"].column]]
    fields = {mapped.column for mapped in located.mapping.values()}
    free = ["" if k in fields else header for k, header in enumerate(located.headers.values())]
    with suppress(TableRefused):  # more than one column that could be the customer
        called = map_fields(free, [shared_field("customer")])
        if called:
            return [numbers[mapped.column] for mapped in called.values()]
    return [number for number, header in zip(numbers, free, strict=True) if header] or numbers


def taken_for_no(model: Model, located: Located) -> list[str]:
    """The yes-or-no columns that the model grades by and the table has not: a blank is no."""
    read = {name for step in model.steps for name in step.inputs()}
    absent = [f for f in model.fields if f.kind == "flag" and f.name in read and f.name not in located.mapping]
    return [say("actions.taken_for_no", fields=listed(map(field_called, absent), 8))] if absent else []


def notes_on(located: Located) -> list[str]:
    """What a person should know of how the table was read."""
    scaled = {name: mapped for name, mapped in located.mapping.items() if mapped.scale != 1}
    unsure = (say("actions.unsure_beside", field=field_called(field), name=field.name) for field in located.unsure)
    return [*said(scaled), *unsure]
