"""Where a run in an open workbook works and by which rules; one run at a time."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from threading import Lock
from typing import NamedTuple, TypeAlias

from tieraddin.actions.locate import headers_at
from tieraddin.actions.memory import Kept, Memory
from tieraddin.actions.models.worksheet import model_in
from tieraddin.actions.retier import Retier, plan_retier
from tieraddin.actions.rules import Rules
from tieraddin.errors import TableRefused, UsageError, WorkbookRefused
from tieraddin.language import say
from tieraddin.tables.layout import common
from tieraddin.workbooks.port import LiveWorkbook

Given: TypeAlias = Mapping[str, str] | None
"""Field -> header, as the person says it: see `tieraddin.actions.locate.locate`."""
RUNNING = Lock()
"""Held while a run is in progress."""


class Place(NamedTuple):
    """Where a run works: a sheet, and of it an Excel table by its name or an area by its address; None for all."""

    sheet: str
    table: str | None = None


def marked(book: LiveWorkbook, memory: Memory) -> Place:
    """Where a run works by what the person looks at.

    Marked cells within an Excel table, or around one, mean the table; around several they mean the sheet. An area of
    several rows and columns elsewhere means itself; a single cell, a column or a row mean the sheet.

    Raises
    ------
    WorkbookRefused
        the person looks at a sheet without cells.
    TableRefused
        the person looks at a sheet of our own.
    """
    sheet, spot = book.active_sheet, book.selected()
    if sheet is None:
        raise WorkbookRefused("live.no_cells")
    if sheet in memory.sheets:
        raise TableRefused("live.own_sheet", sheet=sheet)
    used = book.used_range(sheet)
    if spot is None or used is None:
        return Place(sheet)
    meant = [table.name for table in book.tables(sheet) if common(table.area, spot) in (spot, table.area)]
    if meant:
        return Place(sheet, meant[0] if len(meant) == 1 else None)
    area = common(used, spot)
    wide = area is not None and area.first_row < area.last_row and area.first_column < area.last_column
    return Place(sheet, str(area) if wide else None)


@contextmanager
def alone(book: LiveWorkbook, *, writes: bool = True) -> Iterator[None]:
    """Refuse while another run is in progress, or what ``writes`` can't write into the workbook."""
    if not RUNNING.acquire(blocking=False):
        raise UsageError("live.running")
    try:
        if writes and (fault := book.fault()):
            raise fault
        yield
    finally:
        RUNNING.release()


def asked(book: LiveWorkbook, model: str | None, beside: tuple[str, ...]) -> tuple[Place, Rules]:
    """Where the person means, and by which rules."""
    memory = Memory(book)
    return marked(book, memory), rules_of(book, memory, model, beside)


def rules_of(
    book: LiveWorkbook, memory: Memory, model: str | None, beside: tuple[str, ...] = (), cadence: str | None = None
) -> Rules:
    """The rules of ``model``, or of the one that the workbook remembers; see `Rules.of` for the rest.

    Raises
    ------
    UsageError
        no model was ever picked, or there is none of that name.
    """
    name = model or memory.model
    if name is None:
        raise UsageError("live.no_model")
    return Rules.of(model_in(name, book, say("live.this_workbook")), cadence=cadence, beside=beside)


def planned(
    book: LiveWorkbook, model: str | None, place: Place | None, given: Given = None, *, writes: bool = False
) -> Retier:
    """A re-tier worked out; where it is to be written a protected sheet is refused before anything is read."""
    memory = Memory(book)
    where = place or marked(book, memory)
    if where.sheet in book.sheet_names:
        if writes:
            book.check_writable(where.sheet)
        refuse_renamed(book, memory, where.sheet)
    return plan_retier(book, rules_of(book, memory, model), sheet=where.sheet, table=where.table, given=given)


def refuse_renamed(book: LiveWorkbook, memory: Memory, sheet: str) -> None:
    """Refuse where the table or sheet of an earlier run was renamed: its columns would not be known again."""
    tables = book.tables(sheet)
    names = {table.name for table in tables}
    for kept in memory.standing():
        if kept.sheet == sheet and kept.table and kept.table not in names:
            now = next((table.name for table in tables if kept.was_at(table.area)), None)
            if now is not None:
                raise TableRefused("live.table_renamed", sheet=sheet, old=kept.table, new=now)
        if kept.sheet and kept.sheet not in book.sheet_names and _holds(book, sheet, kept):
            raise TableRefused("live.sheet_renamed", old=kept.sheet, new=sheet)


def _holds(book: LiveWorkbook, sheet: str, kept: Kept) -> bool:
    """Whether the results of a run stand on ``sheet``."""
    if not kept.columns:
        return False
    numbers = [column.column for column in kept.columns]
    first, last = min(numbers), max(numbers)
    row = headers_at(book, sheet, kept.header_row, first, last)
    return all(row[column.column - first] == column.header for column in kept.columns)
