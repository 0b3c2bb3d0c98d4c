"""A sheet part written anew with values put in: every byte that is not of a touched cell or row stays."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import chain

import numpy as np
from numpy.typing import NDArray

from tieraddin.tables.layout import LAST_ROW
from tieraddin.workbooks.package.block import Block
from tieraddin.workbooks.package.cellwriter import CellWriter
from tieraddin.workbooks.package.head import new_head
from tieraddin.workbooks.package.patch import Edits, Patch
from tieraddin.workbooks.package.resultwriter import ResultWriter
from tieraddin.workbooks.package.stream import SheetStream
from tieraddin.workbooks.package.styles import Styles, Weight
from tieraddin.workbooks.package.survey import Survey
from tieraddin.workbooks.package.window import Places, Window
from tieraddin.workbooks.port import KEEP, Look, Written

_WINDOW = 16_384
_EMPTY = Block.of(b"", [], [])


def rewrite(stream: SheetStream, edits: Edits, survey: Survey, styles: Styles, date1904: bool) -> Iterator[bytes]:
    """The bytes of the sheet part with ``edits`` done."""
    yield new_head(stream.head, survey.shell, edits, survey.cells)
    editor = _Editor(CellWriter(stream.prefix, styles, date1904), edits, survey, styles, stream.prefix)
    last = 0
    for block in stream:
        high = int(block.rows[-1]) if len(block.rows) else last
        yield from editor.edited(block, last + 1, high)
        last = high
    yield from editor.edited(_EMPTY, last + 1, LAST_ROW)
    if stream.empty_tag:
        yield f"</{stream.prefix}sheetData>".encode()
    yield stream.tail


@dataclass(slots=True, eq=False)
class _Change:
    """One splice for each row of a window: ``texts`` in place of the bytes from ``starts`` to ``ends``."""

    texts: Sequence[str | None]
    starts: NDArray[np.int64]
    ends: NDArray[np.int64]

    def any(self) -> bool:
        """Whether anything changes."""
        return any(text is not None for text in self.texts)


class _Editor:
    """Puts the values of ``edits`` into blocks."""

    def __init__(self, writer: CellWriter, edits: Edits, survey: Survey, styles: Styles, prefix: str) -> None:
        self._writer = writer
        self._results = ResultWriter(writer, styles, prefix, edits.dynamic)
        self._edits = edits
        self._reaches = edits.reaches
        self._survey = survey
        self._styles = styles
        self._prefix = prefix
        self._formula = re.compile(rf"<{prefix}f\b(?:[^>]*/>|.*?</{prefix}f>)", re.S)

    def edited(self, block: Block, low: int, high: int) -> Iterator[bytes]:
        """The bytes of the block with all edits of the rows ``low`` to ``high`` done."""
        rows, position = self._edits.rows(low, high), 0
        places = Places(block) if len(rows) else None
        for start in range(0, len(rows), _WINDOW):
            window = Window(places, rows[start : start + _WINDOW])  # type: ignore[arg-type]
            changes = _joined([change for change in self._changes(window) if change.any()])
            pieces: list[bytes] = []
            texts = chain.from_iterable(zip(*(change.texts for change in changes), strict=True))
            starts = np.column_stack([change.starts for change in changes]).ravel().tolist() if changes else []
            ends = np.column_stack([change.ends for change in changes]).ravel().tolist() if changes else []
            for text, at, end in zip(texts, starts, ends, strict=True):
                if text is not None:
                    pieces += block.data[position:at], text.encode()
                    position = end
            yield b"".join(pieces)
        yield block.data[position:]

    def _changes(self, window: Window) -> list[_Change]:
        """All changes in the window's rows, in the order they stand in a row."""
        low, high = int(window.rows[0]), int(window.rows[-1])
        patches = [p for p in self._edits.patches if p.area.first_row <= high and p.area.last_row >= low]
        numbers = {number for p in patches for number in range(p.area.first_column, p.area.last_column + 1)}
        numbers |= {column for row, column in self._edits.formulas if low <= row <= high}
        columns = {number: self._column(window, number, patches) for number in sorted(numbers)}
        written = np.array([list(map(bool, change.texts)) for change in columns.values()])
        made = written.any(axis=0) & (window.empty | ~window.known)
        opening: list[str | None] = [None] * len(made)
        closing, p = opening.copy(), self._prefix
        for i in np.flatnonzero(made).tolist():
            opening[i] = ">" if window.known[i] else f'<{p}row r="{window.rows[i]}">'
            closing[i] = f"</{p}row>"
        tag_end = np.where(window.empty, window.inside - 2, window.inside)
        return [
            self._spans(window, np.array(list(columns)), written),
            _Change(opening, tag_end, window.inside),
            *columns.values(),
            _Change(closing, window.inside_end, window.inside_end),
        ]

    def _spans(self, window: Window, numbers: NDArray[np.int64], written: NDArray[np.bool_]) -> _Change:
        """The rows' ``spans`` attributes, widened to the cells written: columns by rows, the columns' ``numbers``."""
        low = numbers[written.argmax(axis=0)].tolist()
        high = numbers[len(numbers) - 1 - written[::-1].argmax(axis=0)].tolist()
        starts, ends = window.spans()
        data = window.places.block.data
        memo: dict[tuple[bytes, int, int], str | None] = {}
        texts: list[str | None] = []
        for start, end, first, last, any_written in zip(
            starts.tolist(), ends.tolist(), low, high, np.any(written, axis=0).tolist(), strict=True
        ):
            if start < 0 or not any_written:
                texts.append(None)
                continue
            key = data[start:end], first, last
            if key not in memo:
                memo[key] = _widened(*key)
            texts.append(memo[key])
        return _Change(texts, starts, ends)

    def _column(self, window: Window, number: int, patches: Sequence[Patch]) -> _Change:
        rows, block = window.rows, window.places.block
        cells, exists, starts, ends = window.cells(number)
        own = np.where(exists, block.styles[cells] if len(block.styles) else 0, window.styles(self._survey, number))
        styles, blanks, results = own.copy(), np.zeros(len(rows), bool), np.zeros(len(rows), bool)
        values: list[Written] = [KEEP] * len(rows)
        for patch in patches:
            if not patch.area.first_column <= number <= patch.area.last_column:
                continue
            start, end = np.searchsorted(rows, [patch.area.first_row, patch.area.last_row + 1]).tolist()
            part = slice(start, end)
            source, first = patch.columns[number - patch.area.first_column], patch.area.first_row
            new = [source[row - first] for row in rows[part].tolist()]
            said = np.array([value is not KEEP for value in new], bool)
            if said.all():
                values[part] = new
            else:
                values[part] = [b if a is KEEP else a for a, b in zip(new, values[part], strict=True)]
            styles[part] = np.where(said, self._restyled(window, part, own, exists, patch, number), styles[part])
            blanks[part] = np.where(said, patch.like is not None, blanks[part])
            results[part] = np.where(said, patch.results, results[part])
        if self._edits.look is not None:
            styles = self._looked(styles, rows, number, self._edits.look)
        given = np.flatnonzero(results).tolist()
        plain = values.copy() if given else values
        for i in given:
            plain[i] = KEEP
        texts = self._writer.texts(number, rows.tolist(), plain, styles.tolist(), exists.tolist(), blanks.tolist())
        for i in given:
            row, old = int(rows[i]), block.data[starts[i] : ends[i]].decode()
            reach = self._reaches.get((row, number))
            texts[i] = self._results.text(row, number, values[i], int(styles[i]), old, reach)
        for (row, column), formula in self._edits.formulas.items():
            i = int(np.searchsorted(rows, row))
            if column == number and i < len(rows) and rows[i] == row and texts[i] is None:
                cell = block.data[starts[i] : ends[i]].decode()
                texts[i] = self._formula.sub(lambda _, formula=formula: formula, cell, count=1)  # type: ignore[misc]
        return _Change(texts, starts, ends)

    def _restyled(
        self, window: Window, part: slice, own: NDArray[np.int32], exists: NDArray[np.bool_], patch: Patch, number: int
    ) -> NDArray[np.int32]:
        """The cell formats that a patch asks for."""
        styles, code = own[part].copy(), patch.number_format(number)
        if patch.like is not None:
            cells, there, _, _ = window.cells(patch.like)
            block = window.places.block
            lent = np.where(there, block.styles[cells] if len(block.styles) else 0, 0)[part]
            styles = np.where(exists[part], styles, self._formatted(lent, code or "General"))
        return self._formatted(styles, code) if code else styles

    def _formatted(self, styles: NDArray[np.int32], code: str) -> NDArray[np.int32]:
        kinds, which = np.unique(styles, return_inverse=True)
        new = [self._styles.with_number_format(style, code) for style in kinds.tolist()]
        return np.array(new, np.int32)[which]

    def _looked(self, styles: NDArray[np.int32], rows: NDArray[np.int32], number: int, look: Look) -> NDArray[np.int32]:
        """The cell formats of a sheet of our own: what they show of numbers stays."""
        weights = np.full(len(rows), int(Weight.PLAIN))
        for weight, areas in ((Weight.TITLE, look.titles), (Weight.HEAD, look.heads)):
            for area in areas:
                if area.first_column <= number <= area.last_column:
                    weights[(rows >= area.first_row) & (rows <= area.last_row)] = weight
        kinds, which = np.unique(np.stack([styles, weights]), axis=1, return_inverse=True)
        new = [self._styles.looked(style, Weight(weight)) for style, weight in kinds.T.tolist()]
        return np.array(new, np.int32)[which]


def _joined(changes: list[_Change]) -> list[_Change]:
    """The changes, those that insert at the very same places made one."""
    groups: list[list[_Change]] = []
    for change in changes:
        inserts = np.array_equal(change.starts, change.ends)
        last = groups[-1][-1] if groups else None
        if inserts and last and np.array_equal(last.starts, last.ends) and np.array_equal(last.starts, change.starts):
            groups[-1].append(change)
        else:
            groups.append([change])
    return [_together(group) if len(group) > 1 else group[0] for group in groups]


def _together(group: Sequence[_Change]) -> _Change:
    texts = zip(*(change.texts for change in group), strict=True)
    return _Change(["".join(filter(None, of_row)) for of_row in texts], group[0].starts, group[0].ends)


def _widened(spans: bytes, first: int, last: int) -> str | None:
    """``1:10`` -> ``1:15``; None where the columns ``first`` and ``last`` are in it already, or it is no span."""
    ends = [int(number) for number in re.findall(r"[0-9]+", spans.decode())]
    if not ends or (min(ends) <= first and last <= max(ends)):
        return None
    return f"{min(*ends, first)}:{max(*ends, last)}"
