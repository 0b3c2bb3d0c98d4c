"""Where the customers of a foreign workbook are, and which of its columns is which of the template."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from fnmatch import fnmatchcase
from typing import cast

from tieraddin.actions.convert.fields import CUSTOMER, IDENTITY, fields_of
from tieraddin.actions.convert.wishes import Wish, given, is_pattern
from tieraddin.actions.locate import called, tables_of
from tieraddin.actions.memory import Memory
from tieraddin.errors import TableRefused, TieraddinError, UsageError
from tieraddin.language import LANGUAGES, listed
from tieraddin.models.parts import FieldSpec
from tieraddin.tables.detect import Found
from tieraddin.tables.headers import distinct
from tieraddin.tables.mapping import How, Mapped, field_called, map_fields
from tieraddin.templates.variant import ORIGIN, template_of
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
        tables of the visible sheets that are not taken; told of the first one that is.
    """

    sheet: str
    found: Found
    mapping: dict[str, Mapped]
    unsure: list[str]
    others: list[str]


def place(book: Readable, template: str, wish: Wish) -> list[Placed]:
    """Find the one table of ``book`` that has what the template needs, or each that has it, where all are meant.

    Raises
    ------
    UsageError
        a sheet, table or header of ``wish`` that isn't there.
    TableRefused
        no table, none with the columns that are needed, or more than one where one is meant; the sentence names them.
        Where all are meant: a sheet that was named has none, or of a table it isn't sure which column is which.
    """
    fields = fields_of(template)
    tables = _tables(book, wish)
    names = [called(sheet, found) for sheet, found in tables]
    placed: list[Placed] = []
    refusals: dict[str, TieraddinError] = {}
    for (sheet, found), name in zip(tables, names, strict=True):
        try:
            mapping, unsure = _mapped(found, fields, wish)
        except (TableRefused, UsageError) as refusal:
            refusals[name] = refusal
        else:
            placed.append(Placed(sheet, found, mapping, unsure, []))
    if len(placed) > 1 and not wish.every:
        placed = _of_template(placed, template) or placed
    if len(placed) > 1 and not wish.every:
        shown = listed(called(one.sheet, one.found) for one in placed)
        raise TableRefused("convert.several_tables", tables=shown)
    if placed:
        if wish.every:
            _refuse_lost(refusals, set(wish.sheets) - {one.sheet for one in placed})
        placed[0].others.extend(name for name in names if name not in {called(one.sheet, one.found) for one in placed})
        return placed
    near = [refusal for refusal in refusals.values() if refusal.key not in _FAR] or [*refusals.values()]
    if len(near) == 1:
        raise near[0]
    needed = (field_called(field) for field in fields if field.required or field.name == CUSTOMER)
    raise TableRefused("convert.no_table_fits", tables=listed(names, _SHOWN), fields=listed(needed))


def _of_template(placed: Sequence[Placed], template: str) -> list[Placed]:
    """Those that are the template's own table, as in a workbook that was begun from it."""
    main = template_of(template).main
    own = [{main.header(column, lang) for column in main.columns if column.key != ORIGIN} for lang in LANGUAGES]
    return [one for one in placed if one.found.name == main.table and any(h <= {*one.found.headers} for h in own)]


def _tables(book: Readable, wish: Wish) -> list[tuple[str, Found]]:
    """The tables on the sheets that are meant, at least one."""
    memory, found = Memory(cast("Workbook", book)), dict[str, tuple[str, Found]]()
    for sheet, surely in _sheets(book, memory, wish):
        try:
            found |= {called(*one): one for one in tables_of(book, memory, sheet, wish.table)}
        except TableRefused as refusal:
            if surely and refusal.key == "actions.no_table":
                raise TableRefused("convert.no_table", **refusal.facts) from None
            if surely:
                raise
    if not found:
        raise TableRefused("convert.no_table", sheets=listed(wish.sheets))
    return [*found.values()]


def _sheets(book: Readable, memory: Memory, wish: Wish) -> Iterator[tuple[str | None, bool]]:
    """The sheets to look at (None: all visible ones), each with whether it was named: then it must have a table."""
    if not wish.sheets:
        yield None, True
    for wanted in wish.sheets:
        if not is_pattern(wanted):
            yield wanted, True
            continue
        visible = [sheet for sheet in book.sheet_names if book.sheet_state(sheet) == "visible"]
        fitting = [sheet for sheet in visible if sheet not in memory.sheets and fnmatchcase(sheet, wanted)]
        if not fitting:
            raise UsageError("actions.no_sheet", sheet=wanted, sheets=listed(visible))
        yield from ((sheet, False) for sheet in fitting)


def _refuse_lost(refusals: Mapping[str, TieraddinError], missed: Collection[str]) -> None:
    """Refuse to leave out a table that may be meant, too: on a sheet that was named, or with an unsure column."""
    for name, refusal in refusals.items():
        if refusal.key not in _FAR or any(name.startswith(f"{sheet}!") for sheet in missed):
            raise TableRefused("convert.in_table", table=name, said=refusal)


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
        raise TableRefused("convert.no_customer", columns=listed(free, _SHOWN) or "-")
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
