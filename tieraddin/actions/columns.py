"""The results of a re-tier as columns of the person's own sheet: which, where, and what stands in them."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Container, Iterable, Mapping, Sequence
from contextlib import suppress
from itertools import chain, count
from typing import cast

import numpy as np

from tieraddin.actions.grade import reasons
from tieraddin.actions.lazy import Lazy
from tieraddin.actions.memory import Kept, KeptColumn, marked, packed
from tieraddin.actions.retier import Retier
from tieraddin.errors import TableRefused, WorkbookRefused
from tieraddin.language import LANGUAGES, say
from tieraddin.tables.bodies import Why
from tieraddin.tables.layout import LAST_COLUMN, Area, common
from tieraddin.tables.values import Cell, Column, Kind
from tieraddin.tables.words import shown_width
from tieraddin.workbooks.port import KEEP, Written

WIDTHS = {
    "grade": (10, 30), "score": (10, 14), "reason": (30, 100), "next_step": (30, 80), "next_contact": (14, 20),
    "since": (12, 14), "reviewed": (12, 14), "handling": (30, 100),
}  # fmt: skip
"""The least and the greatest width of each new column, in characters of which a Chinese one counts twice."""
SAMPLE = 200
"""How many rows are looked at to find a width."""
DATE_FORMAT = "yyyy-mm-dd"
SHARE_FORMAT = "0.0%"
NOBODY, HEADING = -1, -2
"""In place of a customer's position: a row that stays as it is; the header repeated among the customers."""


Targets = dict[str, tuple[int | None, str]]
"""For each result its column (None for a new one) and header."""


def targets_of(plan: Retier, overwrite: bool = False) -> Targets:
    """Where the results go: columns of an earlier run, with ``overwrite`` those of the person's own, else new ones."""
    taken = {header.strip().casefold(): (column, header) for column, header in plan.located.headers.items() if header}
    targets: Targets = {}
    for key in plan.keys:
        names = [say(f"actions.column_{key}", lang) for lang in LANGUAGES]
        own = next((taken[name.casefold()] for name in names if name.casefold() in taken), None)
        if key in plan.located.ours:
            targets[key] = plan.located.ours[key]
        elif own is not None and overwrite:
            targets[key] = own
        else:
            name = say(f"actions.column_{key}", plan.lang)
            targets[key] = (None, _free_name(name, plan.result.grading.model.id, taken))
    return targets


def write_results(plan: Retier, targets: Targets, action: str = "retier") -> Kept:
    """Write the results into the open workbook, and what restore needs to its hidden sheet; nothing is saved yet.

    ``action`` is what the run is called in the workbook's memory.
    """
    found = plan.located.found
    new = [(key, header) for key, (column, header) in targets.items() if column is None]
    in_table, first_new = _place(plan, [header for _, header in new])
    first, last = plan.rows[0], plan.rows[-1]
    kept = Kept(
        run=plan.memory.next_run,
        action=action,
        model=plan.result.grading.model.id,
        sheet=plan.located.sheet,
        table=found.name,
        area=str(plan.area),
        in_table=in_table,
        header_row=plan.located.header_row,
        first_row=first,
        last_row=last,
        mapping={name: mapped.header for name, mapped in plan.located.mapping.items()},
        skipped=sorted(set(range(first, last + 1)) - set(plan.rows)),
    )
    at = np.full(last - first + 1, NOBODY, np.int64)
    at[found.rows - first] = np.arange(len(found.rows))
    at[[out.row - first for out in found.left_out if out.why is Why.HEADER and first < out.row < last]] = HEADING
    positions = at.tolist()
    own: Column | None = None
    for key, (column, header) in targets.items():
        if column is not None:
            before = plan.book.read_columns(plan.located.sheet, [column], first, last)[0]
            shown = _number_format(plan, key) if key in plan.located.ours else None
            kept.columns.append(KeptColumn(key, header, column, packed(before), shown))
            own = before if key == "grade" else own
            _write(plan, {key: header}, column, positions, None, [shown])
    if new:
        formats = [_number_format(plan, key) for key, _ in new]
        kept.columns += [
            KeptColumn(key, header, first_new + k, number_format=formats[k]) for k, (key, header) in enumerate(new)
        ]
        _write(plan, dict(new), first_new, positions, plan.area.last_column, formats)
        for k, (key, _) in enumerate(new):
            plan.book.set_column_width(plan.located.sheet, first_new + k, _width(plan, key))
    _note_customers(plan, kept, own)
    plan.memory.add(kept)
    return kept


def _note_customers(plan: Retier, kept: Kept, own: Column | None) -> None:
    """Keep of each row who it was and which grade it has now; ``own`` are the grades before, where some stay."""
    height = kept.last_row - kept.first_row + 1
    spots, grade = [row - kept.first_row for row in plan.rows], _values(plan, "grade")
    labels = [own[spot] if (cell := grade(i)) is KEEP and own is not None else cell for i, spot in enumerate(spots)]
    kept.written = checksum(labels)
    kept.who = marked(dict(zip(spots, plan.customers(range(len(spots))), strict=True)), height)
    now = dict(zip(spots, labels, strict=True))
    if graded := kept.column("grade"):
        graded.after = packed(Column.of(cast("Cell", now.get(spot)) for spot in range(height)))


def _values(plan: Retier, key: str) -> Callable[[int], Written]:
    """What result ``key`` is for each row."""
    if key in plan.instead:
        return plan.instead[key]
    match key:
        case "grade":
            return plan.explain.label
        case "score":
            return plan.explain.score
        case "reason":
            return reasons(plan.result, plan.explain)
        case "next_step":
            return plan.explain.next_step
        case "handling":
            return plan.explain.handling
        case "since":
            return plan.since()
        case "reviewed":
            return plan.reviewed()
        case _:
            return plan.result.next_contact


def _width(plan: Retier, key: str) -> int:
    """The width at which nine in ten of the first results can be read in full."""
    low, high = WIDTHS[key]
    value = _values(plan, key)
    texts = (str(value(i) or "") for i in range(min(SAMPLE, len(plan.rows))))
    widths = sorted(map(shown_width, texts))
    return min(max(low, widths[9 * len(widths) // 10] + 1), high)


def _number_format(plan: Retier, key: str) -> str | None:
    """How the numbers of a result are shown: dates as dates, a share as a percentage."""
    if key == "score":
        return SHARE_FORMAT if plan.result.grading.model.score_is_share else "General"
    return DATE_FORMAT if key in ("next_contact", "since", "reviewed") else None


def _write(
    plan: Retier,
    headers: Mapping[str, str],
    column: int,
    positions: list[int],
    like: int | None,
    formats: Sequence[str | None],
) -> None:
    """Write results side by side: key -> header; rows that are no customers stay as they are."""

    def cells(header: str, value: Callable[[int], Written]) -> Callable[[int], Written]:
        instead: dict[int, Written] = {NOBODY: KEEP, HEADING: header}
        return lambda k: value(positions[k]) if positions[k] >= 0 else instead[positions[k]]

    columns = [Lazy(len(positions), cells(header, _values(plan, key))) for key, header in headers.items()]
    plan.book.write_columns(plan.located.sheet, plan.rows[0], column, columns, like=like, number_formats=formats)


def _place(plan: Retier, headers: Sequence[str]) -> tuple[bool, int]:
    """Make room for new columns: in the Excel table, else beside the block; whether in the table, and the first."""
    found, sheet = plan.located.found, plan.located.sheet
    right = max([plan.area.last_column, *(column for column, _ in plan.located.ours.values())])
    if not headers:
        return False, right + 1
    if found.name is not None and right == plan.area.last_column:
        with suppress(WorkbookRefused):  # cells beside it are taken, or a query decides its columns
            plan.book.extend_table(sheet, found.name, headers)
            return True, right + 1
    used = plan.book.used_range(sheet) or plan.area
    if used.last_column > right and not _free(plan, right + 1, len(headers)):
        right = used.last_column + 1
    if right + len(headers) > LAST_COLUMN:
        raise TableRefused("actions.no_room", sheet=sheet, count=len(headers))
    row = [[header] for header in headers]
    plan.book.write_columns(sheet, plan.located.header_row, right + 1, row, like=plan.area.last_column)
    return False, right + 1


def _free(plan: Retier, column: int, count: int) -> bool:
    """Whether the cells right of the table are free: empty, and not merged."""
    if column + count - 1 > LAST_COLUMN:
        return False
    columns = range(column, column + count)
    first, last = plan.located.header_row, plan.area.last_row
    place = Area(first, column, last, column + count - 1)
    if any(common(merged, place) for merged in plan.book.merged(plan.located.sheet)):
        return False
    cells = plan.book.read_columns(plan.located.sheet, columns, first, last)
    if any((column.kinds != Kind.BLANK).any() for column in cells):
        return False
    formulas = plan.book.formulas(plan.located.sheet)  # a formula may show nothing
    return not any(cell.column in columns and first <= cell.row <= last for cell in formulas)


def checksum(labels: Iterable[Written]) -> str:
    """SHA-256 of grades as written."""
    return hashlib.sha256("\n".join("" if label is None else str(label) for label in labels).encode()).hexdigest()[:16]


def _free_name(name: str, model: str, taken: Container[str]) -> str:
    """``name``, or one made from it that is not ``taken`` (where all are casefolded)."""
    names = chain([name, f"{name} ({model})"], (f"{name} ({model}) {k}" for k in count(2)))
    return next(candidate for candidate in names if candidate.casefold() not in taken)
