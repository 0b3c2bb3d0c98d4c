"""Which cells of a workbook are the customers, and which columns are which field."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from tieraddin.actions.memory import Kept, Memory
from tieraddin.actions.rules import Rules
from tieraddin.errors import TableRefused, UsageError
from tieraddin.language import listed
from tieraddin.models.parts import FieldSpec
from tieraddin.tables.detect import Found, choose, find_tables, table_in
from tieraddin.tables.layout import Area, parse_area
from tieraddin.tables.mapping import Mapped, field_called, map_fields
from tieraddin.tables.values import Column, Table
from tieraddin.tables.view import Read
from tieraddin.workbooks.port import Readable

_MISSES = {"tables.no_column": 1, "tables.unknown_header": 2}
"""How far a table is from being the one that is meant, by what it is refused for; anything else is nearer."""


@dataclass(slots=True)
class Located:
    """A customer table in a workbook, its columns mapped.

    Attributes
    ----------
    headers
        column number on the sheet -> header, "" for a result column of ours.
    mapping
        field -> where it is among ``headers``.
    ours
        result key -> column number and header, of an earlier run.
    last
        the last run on this table.
    unsure
        fields beside the model's that were left out, since two columns fit.
    """

    sheet: str
    found: Found
    headers: dict[int, str]
    mapping: dict[str, Mapped]
    ours: dict[str, tuple[int, str]]
    last: Kept | None
    unsure: list[FieldSpec]

    @property
    def header_row(self) -> int:
        """The sheet row in which result headers stand."""
        return self.found.header_rows[-1]


def locate(
    book: Readable,
    rules: Rules,
    memory: Memory,
    sheet: str | None = None,
    table: str | None = None,
    given: Mapping[str, str] | None = None,
) -> Located:
    """Find the customer table of a workbook.

    Parameters
    ----------
    sheet, table
        where to look: a sheet's name; an Excel table's name, or an address within the table.
    given
        field -> header, as the person says it.

    Raises
    ------
    UsageError
        no sheet, table or header of that name.
    TableRefused
        no table, more than one that could be meant, or an unsure mapping; candidates are listed.
    """
    tables = tables_of(book, memory, sheet, table)
    located, refusals = [], []
    for name, found in tables:
        try:
            located.append(_mapped(book, rules, memory, name, found, given or {}))
        except (TableRefused, UsageError) as refusal:
            refusals.append(refusal)
    if len(located) == 1:
        return located[0]
    if len(located) > 1:
        before = [at for at in located if at.last]  # the table that a run was on, rather than by this model
        again = [at for at in before if at.last and at.last.model == rules.model.id] or before
        if len(again) == 1:
            return again[0]
        shown = listed(called(at.sheet, at.found) for at in located)
        raise TableRefused("actions.several_tables", tables=shown)
    closest = min(refusals, key=lambda refusal: _MISSES.get(refusal.key, 0))
    if _MISSES.get(closest.key) != 1 or [refusal.key for refusal in refusals].count(closest.key) == 1:
        raise closest
    raise TableRefused(
        "actions.no_table_fits",
        model=rules.model.id,
        tables=listed(called(name, found) for name, found in tables),
        fields=listed(field_called(field) for field in rules.model.fields if field.required),
    )


def called(sheet: str, found: Found) -> str:
    """What a table is called in sentences."""
    return f"{sheet}!{found.name or found.area}"


def tables_of(
    book: Readable, memory: Memory, sheet: str | None = None, table: str | None = None
) -> list[tuple[str, Found]]:
    """All tables of the visible sheets (or of ``sheet``), each with its sheet's name; ``table`` names or marks one."""
    if sheet is not None:
        if sheet not in book.sheet_names:
            raise UsageError("actions.no_sheet", sheet=sheet, sheets=listed(_own(book, memory)))
        sheets = [sheet]
    else:
        sheets = _own(book, memory)
    found, faults = [], []
    for name in sheets:
        try:
            found += [(name, one) for one in _on_sheet(book, memory, name, table)]
        except (TableRefused, UsageError) as fault:
            faults.append(fault)
    if not found and len(faults) == 1:
        raise faults[0]
    if not found:
        raise TableRefused("actions.no_table", sheets=listed(sheets))
    return found


def _on_sheet(book: Readable, memory: Memory, sheet: str, table: str | None) -> list[Found]:
    """The tables of one sheet, or the one that ``table`` names or marks."""
    grid, read, merged = book.kinds(sheet), _reader(book, sheet), book.merged(sheet)
    if table is not None and ":" in table:
        try:
            return [table_in(grid, read, parse_area(table), merged, sheet=sheet)]
        except ValueError:
            raise UsageError("actions.no_area", area=table) from None
    tables = _without_ours(memory, sheet, find_tables(grid, read, book.tables(sheet), merged, sheet=sheet))
    return tables if table is None else [choose(tables, table, sheet=sheet)]


def _own(book: Readable, memory: Memory) -> list[str]:
    return [name for name in book.sheet_names if name not in memory.sheets and book.sheet_state(name) == "visible"]


def _reader(book: Readable, sheet: str) -> Read:
    def read(area: Area) -> list[Column]:
        return book.read_columns(sheet, range(area.first_column, area.last_column + 1), area.first_row, area.last_row)

    return read


def _without_ours(memory: Memory, sheet: str, tables: list[Found]) -> list[Found]:
    """``tables`` without those that are nothing but result columns, placed beside their table."""
    ours = {column.header for kept in memory.standing() if kept.sheet == sheet for column in kept.columns}
    return [found for found in tables if not ours or set(found.headers) - ours - {""}]


def _mapped(
    book: Readable, rules: Rules, memory: Memory, sheet: str, found: Found, given: Mapping[str, str]
) -> Located:
    last = memory.last(sheet, found.name, found.area)
    ours = _ours(book, sheet, found, last)
    numbers = {number for number, _ in ours.values()}
    columns = range(found.area.first_column, found.area.last_column + 1)
    headers = {n: "" if n in numbers else header for n, header in zip(columns, found.headers, strict=True)}
    remembered = last.mapping if last else {}
    own = _names(rules.model.fields)
    beside = [field for field in rules.fields if field.name in rules.beside and field.name not in own]
    firm = [field for field in rules.fields if field not in beside]
    wanted = {name: header for name, header in given.items() if name not in _names(beside)}
    mapping = map_fields(list(headers.values()), firm, wanted, remembered, first_column=found.area.first_column)
    taken = {mapped.column for mapped in mapping.values()}
    free = ["" if k in taken else header for k, header in enumerate(headers.values())]
    unsure = []
    for field in beside:
        said = {field.name: given[field.name]} if field.name in given else {}
        try:
            mapping |= map_fields(free, [field], said, remembered, first_column=found.area.first_column)
        except TableRefused:
            unsure.append(field)
    return Located(sheet, found, headers, mapping, ours, last, unsure)


def _names(fields: Iterable[FieldSpec]) -> set[str]:
    return {field.name for field in fields}


def _ours(book: Readable, sheet: str, found: Found, last: Kept | None) -> dict[str, tuple[int, str]]:
    """The result columns of the last run, as far as they are still there: by place, else by header."""
    used = book.used_range(sheet)
    if last is None or used is None or not found.header_rows:
        return {}
    row = headers_at(book, sheet, found.header_rows[-1], 1, used.last_column)
    ours, start = {}, found.first_column - 1
    for kept in last.columns:
        if kept.column <= len(row) and row[kept.column - 1] == kept.header:
            ours[kept.key] = (kept.column, kept.header)
        elif kept.header in row[start:]:
            ours[kept.key] = (row.index(kept.header, start) + 1, kept.header)
    return ours


def headers_at(book: Readable, sheet: str, row: int, first_column: int, last_column: int) -> list[str]:
    """The headers in a row, as they are compared: without spaces around; "" for what is no text."""
    cells = book.read(sheet, str(Area(row, first_column, row, last_column)))[0]
    return [cell.strip() if isinstance(cell, str) else "" for cell in cells]


def read_table(book: Readable, located: Located, extra: Iterable[int] = ()) -> Table:
    """The customers: the mapped columns (all others stay blank), then the columns ``extra`` by their number."""
    found = located.found
    numbers = list(located.headers)
    wanted = [numbers[mapped.column] for mapped in located.mapping.values()] + list(extra)
    read = dict(zip(wanted, read_rows(book, located.sheet, found, wanted), strict=True)) if wanted else {}
    blank = Column.blank(len(found.rows))
    columns = [read.get(number, blank) for number in [*numbers, *extra]]
    return Table([*located.headers.values(), *("" for _ in extra)], columns, found.rows)


def read_rows(book: Readable, sheet: str, found: Found, numbers: Sequence[int]) -> list[Column]:
    """The columns of these ``numbers`` in the rows of a table that has some: one cell a row, none of those between."""
    first, last = int(found.rows[0]), int(found.rows[-1])
    columns = book.read_columns(sheet, numbers, first, last)
    if len(found.rows) == last - first + 1:
        return columns
    at = (found.rows - first).astype(np.intp)
    return [column.take(at) for column in columns]
