"""What is given to be written, in the one form that every host takes: columns of one length."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from tieraddin.errors import WorkbookRefused
from tieraddin.workbooks.port import KEEP, Written

_STEPS = 4
"""How often in a column the person is told how far it is, and asked whether to go on."""


def as_columns(rows: Sequence[Sequence[Written]]) -> list[list[Written]]:
    """``rows`` by column; where a row is shorter than others its cells are kept as they are."""
    width = max((len(line) for line in rows), default=0)
    padded = [[*line, *[KEEP] * (width - len(line))] for line in rows]
    return [list(cells) for cells in zip(*padded, strict=True)]


def height_of(sheet: str, columns: Sequence[Sequence[Written]], number_formats: Sequence[str | None] | None) -> int:
    """How many rows ``columns`` have, 0 where there is nothing to write.

    Raises
    ------
    WorkbookRefused
        columns of different lengths, or not one number format for each.
    """
    lengths = {len(column) for column in columns}
    if len(lengths) > 1 or (number_formats is not None and len(number_formats) != len(columns)):
        raise WorkbookRefused("workbooks.unequal_columns", sheet=sheet)
    return max(lengths, default=0)


def taken(columns: Sequence[Sequence[Written]], tell: Callable[[float], None]) -> list[list[Written]]:
    """The cells of columns that work them out late; ``tell`` gets the share that is done."""
    cells: list[list[Written]] = []
    for k, column in enumerate(columns):
        cells.append([])
        step = -(-len(column) // _STEPS)
        for start in range(0, len(column), step):
            tell((k + start / len(column)) / len(columns))
            cells[-1] += [column[i] for i in range(start, min(start + step, len(column)))]
    return cells
