"""Which rows under a header are customers, and which are left out: totals, repeated headers, notes, blank rows."""

from __future__ import annotations

import re
from enum import StrEnum
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from tieraddin.tables.heads import Head
from tieraddin.tables.layout import Area, KindGrid
from tieraddin.tables.totals import totals_in
from tieraddin.tables.values import Kind, Mask
from tieraddin.tables.view import View

_NOTE = re.compile(
    r"\s*[*※]|\s*(?:注|备注|说明|附注|制表|审核|填表|来源|数据来源|note|notes|source|prepared)\s*[0-9]*\s*[:：]", re.I
)


FEW = 2
"""A row apart from the table is no customer where it fills no more columns than this, and not half of them."""


class Why(StrEnum):
    """Why a row is left out."""

    TOTALS = "totals"
    HEADER = "header"
    NOTE = "note"
    BLANK = "blank"
    BELOW = "below"


class LeftOut(NamedTuple):
    """A row of the sheet that is not graded."""

    row: int
    why: Why


def sort_out(body: KindGrid, head: Head, view: View, *, notes: bool = True) -> tuple[NDArray[np.int64], list[LeftOut]]:
    """The sheet rows (ascending) of the customers in ``body``, and the rows left out.

    Blank rows are named up to the last customer. With ``notes`` False no row is taken for a note: all rows of an Excel
    table belong to it.
    """
    why: dict[int, Why] = dict.fromkeys(head.totals, Why.TOTALS)
    kept = np.ones(len(body.rows), bool)

    def leave_out(mask: Mask, reason: Why) -> None:
        why.update(dict.fromkeys(body.rows[mask & kept].tolist(), reason))
        kept[mask] = False

    if len(body.rows):
        totals, repeats = _labelled(body, head, view)
        leave_out(totals, Why.TOTALS)
        leave_out(repeats, Why.HEADER)
        if notes:
            leave_out(_notes(body, head, view, kept), Why.NOTE)
    rows = body.rows[kept].astype(np.int64)
    if len(rows):
        first = head.rows[-1] + 1 if head.rows else int(body.rows[0])
        blank = np.ones(int(rows[-1]) + 1 - first, bool)
        blank[body.rows[body.rows <= rows[-1]] - first] = False
        why.update(dict.fromkeys((np.flatnonzero(blank) + first).tolist(), Why.BLANK))
    return rows, [LeftOut(row, why[row]) for row in sorted(why)]


def _labelled(body: KindGrid, head: Head, view: View) -> tuple[Mask, Mask]:
    """The rows whose first or second text labels totals, and those that repeat a row of the header."""
    totals, repeats = np.zeros(len(body.rows), bool), np.zeros(len(body.rows), bool)
    is_text = body.kinds == Kind.TEXT
    label_here = is_text & (np.cumsum(is_text, axis=1, dtype=np.int16) <= 2)
    for i in np.flatnonzero(label_here.any(axis=0)).tolist():
        at = np.flatnonzero(label_here[:, i])
        number, start = int(body.columns[i]), int(body.rows[at[0]])
        cells = view.read(Area(start, number, int(body.rows[at[-1]]), number))[0]
        cells = cells.take((body.rows[at] - start).astype(np.intp))
        totals[at] |= totals_in(cells)
        headers = [line for line in head.lines if number in line]
        where, same = cells.read_texts({str(line[number]) for line in headers}.__contains__, np.bool_)
        for j in at[where[same]].tolist():
            repeats[j] |= view.lines(body, j, j + 1)[0] in headers
    return totals, repeats


def _notes(body: KindGrid, head: Head, view: View, kept: Mask) -> Mask:
    """Rows that are one merged cell; at the end of the table also those apart from it, and words such as 注："""
    notes = np.zeros(len(body.rows), bool)
    full = (body.kinds != Kind.BLANK).sum(axis=1)
    width = len(head.texts)
    for area in view.merged:
        i = int(np.searchsorted(body.rows, area.first_row))
        if i < len(notes) and body.rows[i] == area.first_row and 2 * (area.last_column - area.first_column + 1) > width:
            notes[i] |= full[i] == 1 and body.kinds[i].max() == Kind.TEXT
    if width < 2:
        return notes
    sparse = full <= (FEW if width > 2 * FEW else 1)
    end = len(full)
    for start in (np.flatnonzero(np.diff(body.rows) > 1) + 1)[::-1].tolist():  # what stands apart, the last first
        if not (sparse | ~kept | notes)[start:end].all():
            break
        notes[start:end] = True
        end = start
    while end and (not kept[end - 1] or notes[end - 1] or (sparse[end - 1] and _reads_as_note(body, end - 1, view))):
        end -= 1
        notes[end] = True
    return notes


def _reads_as_note(body: KindGrid, i: int, view: View) -> bool:
    return _NOTE.match(str(next(iter(view.lines(body, i, i + 1)[0].values()), ""))) is not None
