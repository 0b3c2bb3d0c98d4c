"""Where the customer tables of a sheet are: header, rows, columns, and what is left out of the grading."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from tieraddin.errors import TableRefused, UsageError
from tieraddin.language import listed, say
from tieraddin.tables.blocks import cut
from tieraddin.tables.bodies import LeftOut, Why, sort_out
from tieraddin.tables.heads import Head, find_head
from tieraddin.tables.layout import LAST_ROW, Area, KindGrid, TableInfo, common, parse_area
from tieraddin.tables.totals import is_total
from tieraddin.tables.values import Kind
from tieraddin.tables.view import Read, View, label, part, trim


@dataclass(slots=True)
class Found:
    """A table on a sheet.

    Attributes
    ----------
    name
        the name of the Excel table, None where the table is a plain block of cells.
    header_rows
        the sheet rows of the header, none where an Excel table hides its own.
    area
        from the first header row (without a header: the first row) to the last customer, all columns.
    headers
        one text for each column of the area, "" where there is none; a header in two rows reads ``Group Column``.
    rows
        int64, ascending: the sheet row of each customer.
    left_out
        the rows within or next to the table that are no customers, and why.
    """

    name: str | None
    header_rows: list[int]
    area: Area
    headers: list[str]
    rows: NDArray[np.int64]
    left_out: list[LeftOut] = field(default_factory=list)

    @property
    def first_column(self) -> int:
        """The number of the first column on the sheet."""
        return self.area.first_column


def find_tables(
    grid: KindGrid, read: Read, tables: Sequence[TableInfo] = (), merged: Sequence[Area] = (), *, sheet: str
) -> list[Found]:
    """The tables of a sheet: its Excel tables first, then its plain blocks, from left to right and top to bottom.

    Parameters
    ----------
    grid
        what the cells of the sheet hold.
    read
        reads the cells of a small area, or of one column: called for heads and for the columns that may label totals.
    tables, merged
        the Excel tables and the merged cells of the sheet.
    sheet
        the sheet's name, for what is said.

    Raises
    ------
    TableRefused
        where the sheet is empty, or none of its blocks has a header.
    """
    view = View(read, merged)
    rest = _without(grid, tables)
    found = [_excel_table(grid, rest, view, table) for table in tables]
    for block in cut(rest, view):
        head = find_head(block, view)
        if head and head.rows[-1] < block.rows[-1]:
            found.append(_plain_table(block, head, view))
    if not found:
        raise TableRefused("tables.no_table" if len(grid.rows) else "tables.empty_sheet", sheet=sheet)
    return [one for one in found if one.name is not None or len(one.rows)] or found  # a title over a total is no table


def table_in(grid: KindGrid, read: Read, area: Area, merged: Sequence[Area] = (), *, sheet: str) -> Found:
    """The table in exactly this area of the sheet, as a person marked it; what lies outside is not looked at.

    Raises
    ------
    TableRefused
        where the area is blank or does not begin with a header (titles above it may be marked with it).
    """
    view = View(read, merged)
    block = trim(part(grid, area))
    head = find_head(block, view)
    if head is None or head.rows[-1] == block.rows[-1]:
        raise TableRefused("tables.no_table_in_area", sheet=sheet, area=str(area))
    return _plain_table(block, head, view)


def choose(found: Sequence[Found], wanted: str, *, sheet: str) -> Found:
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
        if area and common(area, table.area):
            return table
    raise UsageError("tables.unknown_table", sheet=sheet, wanted=wanted, tables=_named(found))


def left_out_said(table: Found) -> list[str]:
    """A sentence for each kind of row that is left out and holds something: which rows, and why."""
    return [
        say(f"tables.left_out_{why}", rows=_runs([row for row, reason in table.left_out if reason is why]))
        for why in (Why.TOTALS, Why.HEADER, Why.NOTE, Why.BELOW)
        if any(reason is why for _, reason in table.left_out)
    ]


def _runs(rows: list[int]) -> str:
    """``[3, 5, 6, 7]`` as ``3, 5-7``."""
    ends = np.array(rows)
    starts = ends[np.diff(ends, prepend=-1) != 1].tolist()
    lasts = ends[np.diff(ends, append=-1) != 1].tolist()
    return listed(str(a) if a == b else f"{a}-{b}" for a, b in zip(starts, lasts, strict=True))


def _named(tables: Iterable[Found]) -> str:
    return listed(f"{table.name} ({table.area})" if table.name else str(table.area) for table in tables)


def _excel_table(grid: KindGrid, rest: KindGrid, view: View, table: TableInfo) -> Found:
    """An Excel table; ``rest`` is the sheet without all of them."""
    top, left, bottom, right = table.area
    header_rows = list(range(top, top + table.header_rows))
    body = trim(part(grid, Area(top + table.header_rows, left, bottom - table.totals_rows, right)))
    texts = dict(enumerate(table.columns, left))
    head = Head(header_rows, [dict(texts)] if header_rows else [], texts)
    rows, left_out = sort_out(body, head, view, notes=False)
    left_out += _right_below(rest, view, table.area)
    area = Area(top, left, int(rows[-1]) if len(rows) else top + table.header_rows, right)
    return Found(table.name, header_rows, area, list(table.columns), rows, left_out)


def _right_below(rest: KindGrid, view: View, area: Area) -> list[LeftOut]:
    """The rows that follow an Excel table and look like its own: typed or pasted there, they did not join it."""
    under = part(rest, Area(area.last_row + 1, area.first_column, LAST_ROW, area.last_column))
    full = (under.kinds != Kind.BLANK).sum(axis=1)
    alike = (under.rows == area.last_row + 1 + np.arange(len(full))) & (2 * full > area.last_column - area.first_column)
    count = len(alike) if alike.all() else int(alike.argmin())
    if not count or is_total(label(next(iter(view.lines(under, 0, 1)[0].values()), None))):
        return []
    return [LeftOut(row, Why.BELOW) for row in under.rows[:count].tolist()]


def _plain_table(block: KindGrid, head: Head, view: View) -> Found:
    under = block.rows > head.rows[-1]
    rows, left_out = sort_out(KindGrid(block.rows[under], block.columns, block.kinds[under]), head, view)
    first, last = int(block.columns[0]), int(block.columns[-1])
    area = Area(head.rows[0], first, int(rows[-1]) if len(rows) else head.rows[-1] + 1, last)
    headers = [head.texts.get(column, "") for column in range(first, last + 1)]
    return Found(None, head.rows, area, headers, rows, left_out)


def _without(grid: KindGrid, tables: Sequence[TableInfo]) -> KindGrid:
    """``grid`` without the cells of its Excel tables."""
    if not tables:
        return grid
    rest = KindGrid(grid.rows, grid.columns, grid.kinds.copy())
    for table in tables:
        part(rest, table.area).kinds[:] = Kind.BLANK
    return trim(rest)
