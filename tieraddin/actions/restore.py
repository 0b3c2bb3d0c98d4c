"""Take re-tiers back: the result columns become what they were before a run."""

from __future__ import annotations

from collections.abc import Sequence

from tieraddin.actions.columns import checksum
from tieraddin.actions.locate import headers_at
from tieraddin.actions.memory import Kept, KeptColumn, Memory, unpacked
from tieraddin.errors import TableRefused, UsageError
from tieraddin.language import listed
from tieraddin.tables.values import Kind
from tieraddin.workbooks.port import ERASE, Workbook


def restore(book: Workbook, run: int | None = None, *, log: bool = True) -> list[int]:
    """Take back the last run, or all runs from ``run`` on, the latest first; nothing is saved yet.

    Returns
    -------
    list of int
        the runs taken back.

    Raises
    ------
    UsageError
        there is no such run to take back.
    TableRefused
        rows were moved or grades changed by hand since, so that old values would land in other rows.
    """
    memory = Memory(book)
    runs = [kept for kept in memory.standing() if run is None or kept.run >= run]
    if run is None:
        runs = runs[-1:]
    if not memory.standing():
        raise UsageError("actions.no_runs")
    if run is not None and run not in {kept.run for kept in runs}:
        raise UsageError("actions.no_run", run=run, runs=listed(kept.run for kept in memory.standing()))
    undone = [kept.run for kept in reversed(runs)]
    for kept in reversed(runs):
        _check(book, kept)
        _undo(book, kept, [run for run in memory.standing() if run.run < kept.run and run.sheet == kept.sheet])
    number = memory.next_run
    memory.add(Kept(number, undoes=undone))
    if log:
        memory.write_log(number, "restore", Options=", ".join(map(str, undone)))
    return undone


def _check(book: Workbook, kept: Kept) -> None:
    """Refuse where a column is gone, or values that would be put back belong to other rows by now."""
    if kept.sheet not in book.sheet_names:
        raise TableRefused("actions.restore_no_sheet", sheet=kept.sheet, run=kept.run)
    for column in kept.columns:
        if headers_at(book, kept.sheet, kept.header_row, column.column, column.column) != [column.header]:
            raise TableRefused("actions.restore_no_column", header=column.header, sheet=kept.sheet, run=kept.run)
    grade = kept.column("grade")
    if grade is not None and any(column.before is not None for column in kept.columns):
        cells = book.read_columns(kept.sheet, [grade.column], kept.first_row, kept.last_row)[0]
        skipped = {row - kept.first_row for row in kept.skipped}
        if checksum(cells[i] for i in range(len(cells)) if i not in skipped) != kept.written:
            raise TableRefused("actions.restore_rows_moved", header=grade.header, sheet=kept.sheet, run=kept.run)


def _undo(book: Workbook, kept: Kept, earlier: Sequence[Kept]) -> None:
    shown = {column.column: column.number_format for run in earlier for column in run.columns}
    added = [column for column in kept.columns if column.before is None]
    for column in kept.columns:
        if column.before is not None:
            cells, formats = unpacked(column.before).cells(), [shown.get(column.column)]
            book.write_columns(kept.sheet, kept.first_row, column.column, [cells], number_formats=formats)
    if not added:
        return
    table = next((table for table in book.tables(kept.sheet) if kept.in_table and table.name == kept.table), None)
    if kept.in_table and kept.table is not None:
        names = table.columns if table else []
        if names[-len(added) :] != [column.header for column in added]:
            raise TableRefused("actions.restore_not_last", table=kept.table, sheet=kept.sheet, run=kept.run)
        book.shrink_table(kept.sheet, kept.table, len(added))
    end = table.area.last_row - table.totals_rows if table else _end(book, kept, added)
    height = end - kept.header_row + 1
    first = min(column.column for column in added)  # they stand side by side
    book.write_columns(kept.sheet, kept.header_row, first, [[ERASE] * height] * len(added))


def _end(book: Workbook, kept: Kept, added: Sequence[KeptColumn]) -> int:
    """The last row of results beside a block now: rows may have been inserted among the customers since, or deleted.

    Told by the reasons, which every customer has; a run that added none is taken to end where it ended.
    """
    end, used = kept.last_row, book.used_range(kept.sheet)
    reasons = next((column.column for column in added if column.key == "reason"), None)
    if reasons is None or used is None or used.last_row < end:
        return end
    cells = book.read_columns(kept.sheet, [reasons], kept.first_row, used.last_row)[0]
    filled: list[bool] = (cells.kinds != Kind.BLANK).tolist()
    at = end - kept.first_row
    if not filled[at]:
        return kept.first_row + max((i for i in range(at) if filled[i]), default=-1)
    missing = at + 1 - len(kept.skipped) - sum(filled[: at + 1])
    pushed = next((i for i, there in enumerate(filled[at + 1 :]) if not there), len(filled) - at - 1)
    return end + max(0, min(missing, pushed))
