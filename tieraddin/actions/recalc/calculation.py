"""One calculation of our formulas in a workbook: each after what it needs; what can't be known is left.

A formula of Excel's own is taken at the result that the file holds, unless that is missing, or rests on a cell that
changes: a stale result is never used.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from tieraddin.actions.recalc.book_cells import BookCells
from tieraddin.addin.blocks import Block
from tieraddin.formulas.evaluate import work_out
from tieraddin.formulas.faults import NotWorkedOut
from tieraddin.formulas.operators import to_15_digits
from tieraddin.formulas.order import (
    Key,
    Node,
    Place,
    Standing,
    in_order,
    needs_of,
    reads,
    reads_of_others,
    spot_of,
)  # fmt: skip
from tieraddin.language import say
from tieraddin.tables.layout import Area
from tieraddin.tables.values import DAYS_1904, Cell, CellError, to_serial
from tieraddin.workbooks.port import Form, FormulaCell, Workbook


@dataclass
class Outcome:
    """What became of one of our formulas.

    Attributes
    ----------
    area
        the cells it fills.
    block
        its values, None where it was left as it was.
    changed
        whether the file holds something else.
    as_array
        whether it is to become an array formula, though it fills one cell: it operates on whole ranges.
    told
        what was said of its values, or why it was left.
    """

    area: Area
    block: Block | None = None
    changed: bool = False
    as_array: bool = False
    told: list[str] = field(default_factory=list)


class Calculation:
    """One run over all formulas.

    Parameters
    ----------
    book
        the workbook.
    formulas, ours
        all its formulas, and which of them call our functions.
    areas
        what ours are known to fill, beyond what the file says.
    """

    def __init__(
        self, book: Workbook, formulas: Mapping[Key, FormulaCell], ours: Iterable[Key], areas: Mapping[Key, Area]
    ) -> None:
        self._formulas = formulas
        self._ours = dict.fromkeys(ours)
        self._cells = BookCells(book, {key: formulas[key].area for key in self._ours})
        self._known = {key: cell.area for key, cell in formulas.items()} | dict(areas)
        self._standing = Standing(self._known)
        self._readers: dict[Place, list[Key]] = {}
        self._faults: dict[Node, NotWorkedOut] = {}
        self._changed: set[Node] = set()
        self.outcomes: dict[Key, Outcome] = {}

    def run(self) -> None:
        """Work out all of ours."""
        needs = needs_of(self._ours, self._reads, self._standing)
        for node in in_order(needs):
            fault = next((self._faults[needed] for needed in needs[node] if needed in self._faults), None)
            if any(needed in self._changed for needed in needs[node]):
                self._changed.add(node)
            if isinstance(node, Place):
                if fault:
                    self._faults[node] = fault
            elif node in self._ours:
                self._calculate(node, self._faults.get(node) or fault)
            else:
                self._trust(node, fault)
        for key in self._ours:
            if key not in self.outcomes:
                self._leave(key, NotWorkedOut("circle"))

    def missed(self) -> list[Key]:
        """The formulas that read cells which turned out to be filled by another only after they were worked out."""
        grown = {key: o.area for key, o in self.outcomes.items() if o.area != self._known[key]}
        if not grown:
            return []
        standing = Standing(grown)
        late = [
            readers
            for place, readers in self._readers.items()
            if set(standing.inside(place)).difference(self._standing.inside(place))
        ]
        return [key for readers in late for key in readers]

    def _reads(self, key: Key) -> list[Place]:
        cell = self._formulas[key]
        if key in self._ours:
            try:
                places = reads(key.sheet, cell, self._cells)
            except NotWorkedOut as fault:
                self._faults[key] = fault
                places = []
        else:
            found = reads_of_others(key.sheet, cell, self._cells)
            if found is None:
                self._faults[key] = NotWorkedOut("unclear", cell=_address(key))
            places = found or []
        for place in places:
            self._readers.setdefault(place, []).append(key)
        return places

    def _trust(self, key: Key, fault: NotWorkedOut | None) -> None:
        """Take the result that the file holds of a formula of Excel's own, or say why not."""
        if not self._formulas[key].has_result:
            self._faults[key] = NotWorkedOut("no_value", cell=_address(key))
        elif key not in self._faults and (fault or key in self._changed):
            self._faults[key] = NotWorkedOut("stale", cell=_address(key))

    def _leave(self, key: Key, fault: NotWorkedOut) -> None:
        self._changed.discard(key)
        self._faults[key] = NotWorkedOut("waits", cell=_address(key))
        self.outcomes[key] = Outcome(self._formulas[key].area, told=[str(fault)])

    def _calculate(self, key: Key, fault: NotWorkedOut | None) -> None:
        cell = self._formulas[key]
        self._changed.discard(key)
        try:
            if fault:
                raise fault
            block, told, over_ranges = work_out(cell.text, spot_of(key.sheet, cell), self._cells)
            if over_ranges and cell.form in (Form.CELL, Form.SHARED) and cell.has_result:
                raise NotWorkedOut("one_of_range")
            outcome = self._placed(key, cell, block)
            outcome.as_array = over_ranges and cell.form is Form.CELL
        except NotWorkedOut as reason:
            self._leave(key, reason)
            return
        outcome.told += told
        outcome.changed = not cell.has_result or outcome.area != cell.area or not self._as_before(key, outcome)
        if outcome.changed:
            self._changed.add(key)
            self._cells.put(key, outcome.area, outcome.block or block)
        self.outcomes[key] = outcome

    def _placed(self, key: Key, cell: FormulaCell, block: Block) -> Outcome:
        """The values in the cells that they go to.

        A formula with Ctrl+Shift+Enter fills its range; a dynamic array spills. A plain formula that a spreadsheet
        program once calculated shows one value, as it did there; one that none ever saw (written by a library) was
        meant to spill.
        """
        if cell.form is Form.ARRAY:
            return Outcome(cell.area, fitted(block, cell.area))
        here = Area(key.row, key.column, key.row, key.column)
        if block.is_single:
            return Outcome(here, block)
        if cell.form is Form.SHARED or (cell.form is Form.CELL and cell.has_result):
            told = [say("recalc.first_only", count=len(block.cells))]
            return Outcome(here, Block(block.cells[:1], 1, 1), told=told)
        area = here._replace(last_row=key.row + block.height - 1, last_column=key.column + block.width - 1)
        self._cells.free(key, area)
        others = (other for other in self._standing.inside(Place(key.sheet, area)) if other != key)
        if (other := next(others, None)) is not None:
            raise NotWorkedOut("occupied", area=area, taken=_address(other))
        return Outcome(area, block)

    def _as_before(self, key: Key, outcome: Outcome) -> bool:
        shift = DAYS_1904 if self._cells.date1904 else 0
        old, new = self._cells.block(key.sheet, outcome.area), outcome.block
        return new is not None and all(
            _compared(a, shift) == _compared(b, shift) for a, b in zip(old.cells, new.cells, strict=True)
        )


def fitted(block: Block, area: Area) -> Block:
    """Values put into a range as Excel does: cut, a single row or column repeated, #N/A where there is none."""
    height, width = area.last_row - area.first_row + 1, area.last_column - area.first_column + 1
    if block.shape == (height, width):
        return block
    rows = [block.row(0)] * height if block.height == 1 else block.rows[:height]
    if block.width == 1:
        rows = [row * width for row in rows]
    missing = CellError("#N/A")
    filled = [[*row[:width], *[missing] * (width - len(row))] for row in rows]
    filled += [[missing] * width] * (height - len(filled))
    return Block([cell for row in filled for cell in row], height, width)


def _compared(cell: Cell, shift: int) -> tuple[str, object]:
    """A cell to be compared: its kind and value, a date by its serial in the workbook's own system.

    An empty text is as good as none: files do not always tell them apart.
    """
    if isinstance(cell, dt.date):
        return "number", to_15_digits(to_serial(cell) - shift)
    if isinstance(cell, bool):
        return "logical", cell
    if cell is None or isinstance(cell, str):
        return "error" if isinstance(cell, CellError) else "text", str(cell or "")
    return "number", to_15_digits(cell)


def _address(key: Key) -> str:
    return f"{key.sheet}!{Area(key.row, key.column, key.row, key.column)}"
