"""Where the customers of a foreign workbook are, and which of its columns is which of the template."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import cast

from tieraddin.actions.convert.fields import CUSTOMER, IDENTITY, fields_of
from tieraddin.actions.convert.wishes import Wish, given
from tieraddin.actions.locate import called, tables_of
from tieraddin.actions.memory import Memory
from tieraddin.errors import TableRefused, TieraddinError, UsageError
from tieraddin.models.parts import FieldSpec
from tieraddin.tables.detect import Found
from tieraddin.tables.headers import distinct
from tieraddin.tables.mapping import How, Mapped, map_fields
from tieraddin.workbooks.port import Readable, Workbook

CONFIDENCE = {How.GIVEN: 1.0, How.REMEMBERED: 1.0, How.EXACT: 1.0, How.ALIAS: 0.9}
"""How sure a way to find a column is; what is less sure is not taken."""
_SHOWN = 8
"""How many tables or headers a sentence names at most."""
_FAR = ("tables.no_column", "convert.no_customer", "tables.unknown_header")
"""What a table is refused for that is not the one meant."""


@dataclass(frozen=True, slots=True)
class Placed:
    """A table of customers.

    Attributes
    ----------
    mapping
        column of the template -> where it is among the headers.
    unsure
        columns of the template for which more than one header would do, left out.
    others
        tables of the visible sheets that are not this one.
    """

    sheet: str
    found: Found
    mapping: dict[str, Mapped]
    unsure: list[str]
    others: list[str]


def place(book: Readable, template: str, wish: Wish) -> Placed:
    """Find the one table of ``book`` that has what the template needs.

    Raises
    ------
    UsageError
        a sheet, table or header of ``wish`` that isn't there.
    TableRefused
        no table, none with the columns that are needed, or more than one; the sentence names them.
    """
    fields = fields_of(template)
    try:
        tables = tables_of(book, Memory(cast("Workbook", book)), wish.sheet, wish.table)
    except TableRefused as refusal:
        if refusal.key != "actions.no_table":
            raise
        raise TableRefused("convert.no_table", **refusal.facts) from None
    placed, refusals = [], list[TieraddinError]()
    for sheet, found in tables:
        try:
            mapping, unsure = _mapped(found, fields, wish)
        except (TableRefused, UsageError) as refusal:
            refusals.append(refusal)
        else:
            placed.append(Placed(sheet, found, mapping, unsure, []))
    names = [called(sheet, found) for sheet, found in tables]
    if len(placed) > 1:
        shown = ", ".join(called(one.sheet, one.found) for one in placed)
        raise TableRefused("convert.several_tables", tables=shown)
    if placed:
        placed[0].others.extend(name for name in names if name != called(placed[0].sheet, placed[0].found))
        return placed[0]
    near = [refusal for refusal in refusals if refusal.key not in _FAR] or refusals
    if len(near) == 1:
        raise near[0]
    needed = ", ".join(field.name for field in fields if field.required) or " / ".join(IDENTITY)
    raise TableRefused("convert.no_table_fits", tables=", ".join(names[:_SHOWN]), fields=needed)


def _mapped(found: Found, fields: Sequence[FieldSpec], wish: Wish) -> tuple[dict[str, Mapped], list[str]]:
    """The columns of a table; fields that can be left out are, where it is not sure which column they are."""
    headers = list(found.headers)
    said = given(wish.columns, distinct(headers))
    unsure: list[str] = []
    while True:
        open_fields = [field for field in fields if field.name not in unsure]
        try:
            mapping = map_fields(headers, open_fields, said, first_column=found.first_column)
            break
        except TableRefused as refusal:
            name = str(refusal.facts.get("name"))
            if refusal.key not in ("tables.two_columns", "tables.two_fields") or _is_needed(name, fields):
                raise
            unsure.append(name)
            if refusal.key == "tables.two_fields":  # its column is no one's
                headers[distinct(headers).index(refusal.facts["column"])] = ""
    if not any(name in mapping for name in IDENTITY) and any(field.name in IDENTITY for field in fields):
        free = [h for k, h in enumerate(found.headers) if h and k not in {m.column for m in mapping.values()}]
        raise TableRefused("convert.no_customer", columns=", ".join(free[:_SHOWN]) or "-")
    return mapping, unsure


def _is_needed(name: str, fields: Sequence[FieldSpec]) -> bool:
    """Whether a table is refused where it is not sure which column this is; a number may be left out beside a name."""
    return any(field.name == name and (field.required or name == CUSTOMER) for field in fields)


def shown_mapping(mapping: Mapping[str, Mapped]) -> dict[str, dict[str, object]]:
    """The mapping as JSON has it."""
    return {
        name: {"header": mapped.header, "how": str(mapped.how), "confidence": CONFIDENCE[mapped.how]}
        for name, mapped in mapping.items()
    }
