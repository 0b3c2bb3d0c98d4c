"""The one table that is meant, and its cells."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

import numpy as np

from tieraddin.errors import TableRefused, TieraddinError, UsageError
from tieraddin.tables.detect import Found
from tieraddin.tables.headers import distinct
from tieraddin.tables.layout import Area, parse_area
from tieraddin.tables.mapping import Mapped, map_fields
from tieraddin.tables.values import Column, Table
from tieraddin.tables.view import Read
from tieraddin.tables.words import FieldLike


def named(found: Sequence[Found], wanted: str, *, sheet: str) -> Found:
    """The table that ``wanted`` means: the name of an Excel table, or the address of a cell within a table.

    Raises
    ------
    UsageError
        where no table is called so or holds that address.
    """
    for table in found:
        if table.name is not None and table.name.casefold() == wanted.casefold():
            return table
    try:
        area = parse_area(wanted)
    except ValueError:
        area = None
    for table in found:
        if area and _overlap(area, table.area):
            return table
    raise UsageError("tables.unknown_table", sheet=sheet, wanted=wanted, tables=_listed(found))


def pick(
    found: Sequence[Found],
    fields: Iterable[FieldLike],
    given: Mapping[str, str] | None = None,
    remembered: Mapping[str, str] | None = None,
    *,
    sheet: str,
) -> tuple[Found, dict[str, Mapped]]:
    """The only table whose columns give the fields, and the mapping; see `map_fields`.

    Raises
    ------
    TableRefused, UsageError
        where several tables do, or none does: then why the largest doesn't.
    """
    fields = list(fields)
    fits: list[tuple[Found, dict[str, Mapped]]] = []
    refusal: TieraddinError | None = None
    for table in sorted(found, key=lambda table: -len(table.rows)):
        try:
            fits.append((table, map_fields(table.headers, fields, given, remembered, first_column=table.first_column)))
        except (TableRefused, UsageError) as why:
            refusal = refusal or why
    if len(fits) > 1:
        raise TableRefused("tables.several", sheet=sheet, tables=_listed([table for table, _ in fits]))
    if not fits and refusal:
        raise refusal
    return fits[0]


def read_table(found: Found, read: Read, columns: Iterable[int] | None = None) -> Table:
    """The cells of the customers.

    Parameters
    ----------
    columns
        positions of the columns wanted (as `Mapped.column` counts them), all by default; the rest are left out.
    """
    headers = distinct(found.headers)
    positions = list(range(len(headers)) if columns is None else columns)
    taken = [_cells(found, read, found.first_column + i) for i in positions]
    return Table([headers[i] for i in positions], taken, found.rows)


def _cells(found: Found, read: Read, column: int) -> Column:
    if not len(found.rows):
        return Column.blank(0)
    first, last = int(found.rows[0]), int(found.rows[-1])
    return read(Area(first, column, last, column))[0].take((found.rows - first).astype(np.intp))


def _overlap(one: Area, other: Area) -> bool:
    rows = one.first_row <= other.last_row and other.first_row <= one.last_row
    return rows and one.first_column <= other.last_column and other.first_column <= one.last_column


def _listed(tables: Iterable[Found]) -> str:
    return ", ".join(f"{table.name} ({table.area})" if table.name else str(table.area) for table in tables)
