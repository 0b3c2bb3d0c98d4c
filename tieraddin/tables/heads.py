"""Where the header of a block is: below titles and notes, in one row or in two (groups above their columns)."""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from itertools import pairwise

import numpy as np

from tieraddin.tables.layout import Area, KindGrid
from tieraddin.tables.totals import is_total
from tieraddin.tables.values import Kind
from tieraddin.tables.view import Line, View, is_label, is_text, label

LOOKED_AT = 40
"""How many rows at the top of a block are looked at."""
WIDE_ENOUGH = 0.6
"""A header row fills at least this share of the widest row."""


@dataclass(slots=True)
class Head:
    """A header: its rows on the sheet, their cells, the joined text of each column, and totals rows found above it."""

    rows: list[int]
    lines: list[Line]
    texts: dict[int, str]
    totals: list[int] = field(default_factory=list)


def find_head(block: KindGrid, view: View) -> Head | None:
    """The header of the block; None where the first row as wide as the table is no header (a table without one)."""
    end = int(np.searchsorted(block.rows, block.rows[0] + 5 * LOOKED_AT)) if len(block.rows) else 0
    lines = view.lines(block, 0, min(end, LOOKED_AT))
    widest = max(map(len, lines), default=0)
    totals: list[int] = []
    for i, line in enumerate(lines):
        if len(line) < math.ceil(WIDE_ENOUGH * widest) or (_has_colon(line) and len(line) < widest):
            continue
        texts = [str(cell) for cell in line.values() if is_text(cell)]
        if texts and is_total(texts[0]) and len(texts) < len(line):
            totals.append(int(block.rows[i]))
        elif _is_header(line) and _fuller_below(block, view, lines, i):
            continue
        elif _is_header(line):
            return _head(block, view, lines, i, totals)
        else:
            return None
    return None


def _is_header(line: Line) -> bool:
    return all(map(is_label, line.values())) and any(map(is_text, line.values()))


def _has_colon(line: Line) -> bool:
    return any(is_text(cell) and (":" in str(cell) or "：" in str(cell)) for cell in line.values())


def _head(block: KindGrid, view: View, lines: list[Line], at: int, totals: list[int]) -> Head:
    rows = block.rows.tolist()
    first = last = at
    while first and rows[first - 1] == rows[first] - 1 and _groups_above(block, view, lines, first):
        first -= 1
    if first == last and _columns_below(block, view, lines, at):
        last = at + 1
    head = slice(first, last + 1)
    return Head(rows[head], lines[head], _joined(block, view, rows[head], lines[head]), totals)


def _fuller_below(block: KindGrid, view: View, lines: list[Line], at: int) -> bool:
    """Whether ``at`` is only a line of particulars: the next row is the header, with more texts and numbers below."""
    if at + 1 >= len(lines) or len(lines[at + 1]) <= len(lines[at]) or not _is_header(lines[at + 1]):
        return False
    return _numbers_under(block, lines[at + 1], at + 2) and not _columns_below(block, view, lines, at)


def _groups_above(block: KindGrid, view: View, lines: list[Line], at: int) -> bool:
    """Whether the row above a full header row names groups of its columns, and is no title."""
    above, header = lines[at - 1], lines[at]
    if not _is_header(above) or _has_colon(above) or is_total(label(next(iter(above.values())))):
        return False
    texts = [label(cell) for cell in header.values()]
    twice = len(set(texts)) < len(texts) and list(above) != [min(header)]  # one text over the first column is a title
    return twice or (len(above) >= 2 and bool(view.merges_in(int(block.rows[at - 1]), block)))


def _columns_below(block: KindGrid, view: View, lines: list[Line], at: int) -> bool:
    """Whether the row below a header row with gaps names the columns of its groups."""
    if at + 1 >= len(lines) or block.rows[at + 1] != block.rows[at] + 1:
        return False
    header, below = lines[at], lines[at + 1]
    if not all(map(is_label, below.values())) or all(column in header for column in below):
        return False
    columns = block.columns.tolist()
    merges = view.merges_in(int(block.rows[at]), block)
    starts = set(_reach(merges))
    if not starts:
        starts = {a for a, b in pairwise(columns) if a in header and b not in header and b in below}
    if any(column in header and column not in starts for column in below):
        return False
    return bool(merges) or _numbers_under(block, below, at + 2)


def _numbers_under(block: KindGrid, line: Line, at: int) -> bool:
    """Whether one of the texts of ``line`` stands over cells that are mostly not text."""
    texts = np.isin(block.columns, [column for column, cell in line.items() if is_text(cell)])
    under = block.kinds[at : at + 10][:, texts]
    other = ((under != Kind.TEXT) & (under != Kind.BLANK)).sum(axis=0)
    return bool((2 * other > len(under)).any())


def _reach(merges: list[Area]) -> dict[int, int]:
    """First and last column of the merged areas that span columns."""
    return {area.first_column: area.last_column for area in merges if area.last_column > area.first_column}


def _joined(block: KindGrid, view: View, rows: list[int], lines: list[Line]) -> dict[int, str]:
    """The header text of each column: its groups, from the top down, and its own."""
    parts: dict[int, list[str]] = {column: [] for column in block.columns.tolist()}
    for i, (row, line) in enumerate(zip(rows, lines, strict=True)):
        below = {column for lower in lines[i + 1 :] for column in lower}
        reach = _reach(view.merges_in(row, block))
        group, until = "", 0
        for column, texts in parts.items():
            if column in line:
                group = label(line[column])
                until = reach.get(column, column if reach or column not in below else max(parts))
            elif column > until or column not in below:
                continue
            if group not in texts:
                texts.append(group)
    return {column: " ".join(texts) for column, texts in parts.items() if texts}
