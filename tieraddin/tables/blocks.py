"""A sheet cut into blocks: tables side by side and one below the other, kept whole over blank columns and rows."""

from __future__ import annotations

from functools import cache, partial
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from tieraddin.tables.heads import Head, find_head
from tieraddin.tables.layout import KindGrid
from tieraddin.tables.values import Kind, Mask
from tieraddin.tables.view import View, trim

ALIKE = 0.9
"""Two groups of columns are one table where at least this share of their rows is common to both."""
TITLE_ROWS = 5


def cut(grid: KindGrid, view: View) -> list[KindGrid]:
    """The blocks of the sheet, from left to right and from top to bottom; each holds one table at most."""
    grid = trim(grid)
    if not len(grid.rows):
        return []
    for split in (_below, _beside):
        if len(parts := split(grid, view)) > 1:
            return [block for part in parts for block in cut(part, view)]
    return [grid]


def _beside(grid: KindGrid, view: View) -> list[KindGrid]:
    """The groups of columns between blank columns, those of one table kept together."""
    edges = [0, *_after_gaps(grid.columns).tolist(), len(grid.columns)]
    parts = [_columns(grid, 0, edges[1])]
    start = 0
    for first, end in pairwise(edges[1:]):
        right = _columns(grid, first, end)
        if _one_table(parts[-1], right, view):
            parts[-1] = _columns(grid, start, end)
        else:
            parts.append(right)
            start = first
    return parts


def _after_gaps(numbers: NDArray[np.int32]) -> NDArray[np.intp]:
    """The positions of the rows or columns before which blank ones are."""
    return (numbers[1:] - numbers[:-1] > 1).nonzero()[0] + 1


def _columns(grid: KindGrid, first: int, end: int) -> KindGrid:
    return KindGrid(grid.rows, grid.columns[first:end], grid.kinds[:, first:end])


def _one_table(left: KindGrid, right: KindGrid, view: View) -> bool:
    """Whether one blank column apart, under headers of one row that differ, the same rows are filled."""
    if right.columns[0] - left.columns[-1] > 2:
        return False
    heads = [find_head(trim(part), view) for part in (left, right)]
    if not (heads[0] and heads[1]) or heads[0].rows[-1] != heads[1].rows[-1]:
        return False
    if set(heads[0].texts.values()) & set(heads[1].texts.values()):
        return False
    below = left.rows > heads[0].rows[-1]
    filled = [(part.kinds[below] != Kind.BLANK).any(axis=1) for part in (left, right)]
    if len(right.columns) == 1:  # a column of remarks may be filled here and there
        return not (filled[1] & ~filled[0]).any()
    return _overlap(*filled) >= ALIKE


def _overlap(one: Mask, other: Mask) -> float:
    return float((one & other).sum() / max(1, (one | other).sum()))


def _below(grid: KindGrid, view: View) -> list[KindGrid]:
    """The parts that begin, after a blank row, with a header of their own."""
    starts = _after_gaps(grid.rows)
    if not len(starts):
        return [grid]
    full = (grid.kinds != Kind.BLANK).sum(axis=1)
    worded = (grid.kinds == Kind.TEXT).sum(axis=1) == full
    cuts, end, head_of = [0], int(starts[0]), cache(partial(_head_between, grid, view))
    for start in starts[worded[starts]].tolist():
        at = start
        while at < start + TITLE_ROWS and at + 1 < len(full) and full[at] == 1 and worded[at]:
            at += 1
        if at + 1 >= len(full) or not worded[at] or full[at] < 2 or grid.rows[at + 1] != grid.rows[at] + 1:
            continue
        if worded[at + 1 : at + 3].all() and not _other_kinds(grid, cuts[-1], at):
            continue
        head = head_of(cuts[-1], end) if at == start else None
        if head and view.lines(grid, at, at + 1)[0] in head.lines:
            continue
        cuts.append(start)
        end = len(full)
    return [
        KindGrid(grid.rows[a:b], grid.columns, grid.kinds[a:b])
        for a, b in zip(cuts, [*cuts[1:], len(full)], strict=True)
    ]


def _head_between(grid: KindGrid, view: View, first: int, end: int) -> Head | None:
    return find_head(trim(KindGrid(grid.rows[first:end], grid.columns, grid.kinds[first:end])), view)


def _other_kinds(grid: KindGrid, first: int, at: int) -> bool:
    """Whether row ``at`` and the next are text where the table that begins at ``first`` holds mostly something else."""
    above = grid.kinds[max(first, at - 50) : at]
    other = ((above != Kind.TEXT) & (above != Kind.BLANK)).sum(axis=0)
    return bool(((grid.kinds[at : at + 2] == Kind.TEXT).all(axis=0) & (2 * other > len(above))).any())
