"""The sheets beside a result's table, of columns without a place and of rejected rows, as headers and columns."""

from __future__ import annotations

from collections.abc import Sequence

from tieraddin.tables.headers import distinct
from tieraddin.tables.values import Cell, Column

Sheet = tuple[list[str], list[Column | Sequence[Cell]]]
"""Headers and columns, none for a sheet that there isn't."""
AFTER_ROW, AFTER_REASON = 1, 2
"""Where a column stands that says where each line is from: unmapped cells begin with a row, rejected ones with a row
and a reason."""


def with_column(sheet: Sheet, at: int, header: str, cell: Cell) -> Sheet:
    """``sheet`` with one more column, the same ``cell`` in every row."""
    headers, columns = sheet
    if not columns:
        return sheet
    return [*headers[:at], header, *headers[at:]], [*columns[:at], [cell] * len(columns[0]), *columns[at:]]


def below_each_other(sheets: Sequence[Sheet]) -> Sheet:
    """Several sheets as one: every header once, in the order in which they come; cells that a sheet lacks are blank."""
    full = [(distinct(headers), columns) for headers, columns in sheets if columns]
    made: dict[str, list[Cell]] = {header: [] for headers, _ in full for header in headers}
    for headers, columns in full:
        given, count = dict(zip(headers, columns, strict=True)), len(columns[0])
        for header in made:
            made[header] += cells_of(given[header]) if header in given else [None] * count
    return [*made], [*made.values()]


def cells_of(column: Column | Sequence[Cell]) -> Sequence[Cell]:
    """The cells of a column, in whichever form it is."""
    return column.cells() if isinstance(column, Column) else column
