"""Blocks of cells written into Excel: what goes where, what may not, and how it is taken back."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from itertools import groupby
from typing import Any, NamedTuple

import xlwings as xw

from tieraddin.errors import WorkbookRefused
from tieraddin.hosts.excel import raw
from tieraddin.hosts.excel.cells import rows_of
from tieraddin.hosts.excel.changes import Changes
from tieraddin.hosts.excel.looks import plain
from tieraddin.hosts.excel.raw import at
from tieraddin.tables.layout import Area, TableInfo, common
from tieraddin.tables.values import Cell
from tieraddin.workbooks.port import ERASE, KEEP, Instead, Written

_MOST_BLOCKS = 40
"""Blocks that a column is written in; where more would be needed, the cells between are written anew as they are."""


class Patch(NamedTuple):
    """A block of cells, row by row; ``cells`` None takes them away."""

    area: Area
    cells: list[list[Any]] | None


def runs(numbers: Sequence[int]) -> Iterator[tuple[int, int]]:
    """Ascending numbers as first and last of each row of neighbours."""
    for _, group in groupby(enumerate(numbers), lambda pair: pair[1] - pair[0]):
        members = [number for _, number in group]
        yield members[0], members[-1]


def patches(columns: Sequence[Sequence[Written]], area: Area) -> list[Patch]:
    """The blocks to write: columns that keep or erase cells in the same rows go together."""
    masks = [tuple(_mark(cell) for cell in column) if _special(column) else None for column in columns]
    found = []
    for mask, group in groupby(enumerate(columns), lambda pair: masks[pair[0]]):
        members = list(group)
        first, last = area.first_column + members[0][0], area.first_column + members[-1][0]
        for mark, low, high in _stretches(mask, len(columns[0])):
            part = Area(area.first_row + low, first, area.first_row + high, last)
            if mark is ERASE:
                found.append(Patch(part, None))
            elif mark is not KEEP:
                rows = zip(*(column[low : high + 1] for _, column in members), strict=True)
                cells = [
                    [raw.written(cell, part.first_row + i, first + j) for j, cell in enumerate(row)]
                    for i, row in enumerate(rows)
                ]
                found.append(Patch(part, cells))
    return found


def without_gaps(sheet: xw.Sheet, columns: list[list[Written]], area: Area) -> list[list[Written]]:
    """``columns``, those of very many blocks filled up with what stands between, unless formulas stand there."""
    filled = []
    for k, column in enumerate(columns, area.first_column):
        if _special(column) and ERASE not in column and _blocks(column) > _MOST_BLOCKS:
            cells = at(sheet, area._replace(first_column=k, last_column=k))
            if cells.api.HasFormula is False:
                kept = [row[0] for row in raw.read(cells)]
                column = [old if cell is KEEP else cell for cell, old in zip(column, kept, strict=True)]  # noqa: PLW2901
        filled.append(column)
    return filled


def _blocks(column: Sequence[Written]) -> int:
    return sum(1 for _ in groupby(column, _mark))


def _special(column: Sequence[Written]) -> bool:
    return any(isinstance(cell, Instead) for cell in column)


def _mark(cell: Written) -> Instead | None:
    return cell if isinstance(cell, Instead) else None


def _stretches(mask: Sequence[Instead | None] | None, height: int) -> Iterator[tuple[Instead | None, int, int]]:
    if mask is None:
        yield None, 0, height - 1
        return
    for mark, group in groupby(range(height), lambda i: mask[i]):
        members = list(group)
        yield mark, members[0], members[-1]


def spans(sheet: xw.Sheet, area: Area, has: Callable[[xw.Range], Any], span: Callable[[xw.Range], Area]) -> list[Area]:
    """The merged ranges or arrays that touch ``area``: ``has`` says whether cells are of one, ``span`` which."""
    found: dict[Area, None] = {}
    for part, there in raw.uniform(sheet, area, has):
        row = part.first_row
        while there and row <= part.last_row:
            column, lowest = part.first_column, part.last_row
            while column <= part.last_column:
                here = span(sheet.range((row, column)))
                found[here] = None
                column, lowest = here.last_column + 1, min(lowest, here.last_row)
            row = lowest + 1
    return list(found)


def check_headers(table: TableInfo, columns: Sequence[Sequence[Written]], area: Area) -> None:
    """Refuse headers that the table can't have."""
    names: list[Written] = list(table.columns)
    row = table.area.first_row
    here = common(table.area._replace(last_row=row), area) if table.header_rows else None
    for column in range(here.first_column, here.last_column + 1) if here else ():
        cell = columns[column - area.first_column][row - area.first_row]
        if cell is not KEEP:
            names[column - table.area.first_column] = cell
    check_names(table.name, names)


def check_names(table: str, names: Sequence[Any]) -> None:
    """Refuse names of columns that are no texts, or twice the same."""
    seen = set()
    for name in names:
        if not isinstance(name, str) or not name:
            raise WorkbookRefused("workbooks.header_no_text", table=table)
        if name.casefold() in seen:
            raise WorkbookRefused("workbooks.header_taken", table=table, header=name)
        seen.add(name.casefold())


def write(sheet: xw.Sheet, patch: Patch, like: int | None, formats: Sequence[str | None], changes: Changes) -> None:
    """Write a block, or take its cells away; what is needed to take it back is kept first.

    How cells look can't be kept, so that of those taken away goes when all else is done.
    """
    cells = at(sheet, patch.area)
    before = raw.read(cells)
    texts = rows_of(cells.formula) if cells.api.HasFormula is not False else None
    shown = list(raw.uniform(sheet, patch.area, lambda part: part.number_format))
    new = raw.blank(before) and texts is None and plain(sheet, patch.area)
    if new:
        changes.undo_by(partial(empty, cells, formats=True))
    else:
        changes.undo_by(lambda: _put_back(sheet, patch.area, before, texts, shown))
    if patch.cells is None:
        cells.clear_contents()
        changes.at_last(cells.clear_formats)
        return
    hidden = cells.api.EntireRow.Hidden is not False  # by a filter, or by hand: Excel copies and pastes what is shown
    if like is not None and new and not hidden:
        _lend(sheet, patch.area, like)
    for k, form in enumerate(formats[: len(patch.cells[0])]):
        if form is not None:
            column = patch.area.first_column + k
            at(sheet, patch.area._replace(first_column=column, last_column=column)).number_format = form
    _fill(sheet, patch.area, patch.cells)
    if hidden and not _arrived(patch.cells, raw.read(cells)):
        raise WorkbookRefused("excel.hidden_rows", sheet=sheet.name)


def _arrived(rows: list[list[Any]], read: list[list[Cell]]) -> bool:
    """Whether what was written is there; dates are not looked at: a format may show them as numbers."""
    return all(
        given == (cell or "") if isinstance(given, str) else cell == given
        for row, line in zip(rows, read, strict=True)
        for given, cell in zip((_unmarked(cell) for cell in row), line, strict=True)
        if not isinstance(given, dt.date)
    )


def _unmarked(cell: Any) -> Any:
    return cell.removeprefix("'") if isinstance(cell, str) else cell


def empty(cells: xw.Range, *, formats: bool) -> None:
    """Take away what cells hold, and how they look; comments stay."""
    cells.clear_contents()
    if formats:
        cells.clear_formats()


def _lend(sheet: xw.Sheet, area: Area, like: int) -> None:
    """Give cells the formats of those in the column ``like``, row by row."""
    at(sheet, area._replace(first_column=like, last_column=like)).copy()
    at(sheet, area).paste("formats")
    sheet.book.app.cut_copy_mode = False


def _fill(sheet: xw.Sheet, area: Area, rows: list[list[Any]]) -> None:
    """All values in one call; texts that Excel takes only by themselves come after."""
    long = [
        (i, j) for i, row in enumerate(rows) for j, cell in enumerate(row)
        if isinstance(cell, str) and len(cell) > raw.LONGEST_IN_BLOCK
    ]  # fmt: skip
    if long:
        rows = [list(row) for row in rows]
        held = {spot: rows[spot[0]][spot[1]] for spot in long}
        for i, j in long:
            rows[i][j] = None
    at(sheet, area).raw_value = rows if len(rows) * len(rows[0]) > 1 else rows[0][0]
    for i, j in long:
        sheet.range((area.first_row + i, area.first_column + j)).raw_value = held[i, j]


def _put_back(
    sheet: xw.Sheet,
    area: Area,
    before: list[list[Cell]],
    texts: Sequence[Sequence[str]] | None,
    shown: Sequence[tuple[Area, str]],
) -> None:
    """Write a block as it was."""
    for part, form in shown:
        at(sheet, part).number_format = form
    _fill(sheet, area, [[raw.written(cell, *area[:2]) for cell in row] for row in before])
    for i, row in enumerate(texts or ()):
        for j, text in enumerate(row):
            if text.startswith("=") and text != before[i][j]:
                sheet.range((area.first_row + i, area.first_column + j)).formula = text
