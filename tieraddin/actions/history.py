"""What earlier runs did with one customer, as the workbook remembers it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from tieraddin.actions.memory import Kept, mark_of, marks_of, unpacked
from tieraddin.actions.retier import Retier
from tieraddin.tables.layout import column_letters
from tieraddin.tables.values import Cell


@dataclass(frozen=True, slots=True)
class Past:
    """One run, for one customer.

    Attributes
    ----------
    time
        when it was, as the log has it; None where the log has no such line.
    before, after
        the customer's grade before and after the run, None for none.
    why
        the reason that the run gave; None where it is not kept.
    taken_back
        whether the run was taken back since.
    """

    run: int
    time: Cell
    action: str
    model: str
    before: Cell
    after: Cell
    why: Cell
    taken_back: bool


def past_of(plan: Retier, position: int) -> list[Past]:
    """What the runs on the sheet of ``plan`` did with the customer at ``position``, newest first.

    Customers are known again by their names, so rows may have been sorted since. A run in which several rows have the
    customer's name counts where one of them is the row of today, or not at all.
    """
    row, (name,) = plan.rows[position], plan.customers([position])
    runs = [kept for kept in plan.memory.kept if kept.sheet == plan.located.sheet]
    spots = {kept.run: spot for kept in runs if (spot := _spot(kept, row, name)) is not None}
    undone = plan.memory.undone()
    times = {line["Run"]: line["Time"] for line in plan.memory.log()}
    found = []
    for kept in runs:
        grade = kept.column("grade")
        if kept.run not in spots or grade is None or grade.after is None:
            continue
        later = [other for other in runs if other.run > kept.run and other.run not in undone]
        found.append(
            Past(
                run=kept.run,
                time=times.get(kept.run),
                action=kept.action,
                model=kept.model,
                before=_cell(grade.before, spots[kept.run]),
                after=_cell(grade.after, spots[kept.run]),
                why=None if kept.run in undone else _why(plan, kept, later, spots, row),
                taken_back=kept.run in undone,
            )
        )
    return found[::-1]


def _spot(kept: Kept, row: int, name: str) -> int | None:
    """Where the run had the customer, counted from its first row."""
    mark = mark_of(name)
    spots: list[int] = (marks_of(kept) == mark).nonzero()[0].tolist() if mark else []
    if len(spots) == 1:
        return spots[0]
    return row - kept.first_row if row - kept.first_row in spots else None


def _why(plan: Retier, kept: Kept, later: Sequence[Kept], spots: dict[int, int], row: int) -> Cell:
    """The reason that a run gave: the next run kept it, or it stands on the sheet."""
    reason = kept.column("reason")
    if reason is None:
        return None
    for other in later:
        column = other.column("reason")
        if column is not None and column.header == reason.header:
            return _cell(column.before, spots[other.run]) if other.run in spots else None
    number, header = plan.located.ours.get("reason", (0, ""))
    return plan.book.read(kept.sheet, f"{column_letters(number)}{row}")[0][0] if header == reason.header else None


def _cell(column: dict[str, object] | None, spot: int) -> Cell:
    return None if column is None else unpacked(column)[spot]
