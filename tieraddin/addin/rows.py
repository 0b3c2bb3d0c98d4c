"""Ranges read as numbers, dates or texts, row by row, and results in their shape."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tieraddin.addin.blocks import Block, CallError, PassedOnError, Rows, ToldError, first_error
from tieraddin.tables.coerce import Coerced, Problem, coerce
from tieraddin.tables.values import Cell, Column, Floats
from tieraddin.tables.words import FieldKind


@dataclass(frozen=True, eq=False)
class Field:
    """A range whose cells are all of one kind."""

    block: Block
    kind: FieldKind

    @cached_property
    def read(self) -> Coerced:
        """What the cells say, row by row."""
        return coerce(self.block.column, self.kind)

    @property
    def numbers(self) -> Floats:
        """The numbers, NaN where a cell holds none."""
        return np.asarray(self.read.values, np.float64)

    def sound_numbers(self) -> Floats:
        """`numbers` for a result that rests on all of them: text is passed over, as SUM does; an error is an error."""
        if (self.read.problem == Problem.ERROR).any() and (error := first_error(self.block.cells)):
            raise PassedOnError(error)
        return self.numbers


class Matched:
    """Ranges of one shape, read together; a single cell goes with every cell of the others.

    Parameters
    ----------
    fields
        the ranges: in a row where one of them is blank there is no result.
    spare
        ranges whose cells may be blank.

    Raises
    ------
    CallError
        ranges of different shapes.
    """

    def __init__(self, *fields: Field, spare: Sequence[Field] = ()) -> None:
        self.fields = fields
        self.spare = spare
        self.block = max((field.block for field in (*fields, *spare)), key=lambda block: len(block.cells))
        for field in (*fields, *spare):
            if not field.block.is_single and field.block.shape != self.block.shape:
                shapes = [f"{b.height} x {b.width}" for b in (self.block, field.block)]
                raise CallError("#VALUE!", "shapes_differ", one=shapes[0], other=shapes[1])

    def __len__(self) -> int:
        return len(self.block.cells)

    def of(self, field: Field) -> NDArray[Any]:
        """What ``field`` says in each row."""
        return np.broadcast_to(field.read.values, len(self))

    def column(self, field: Field) -> Column:
        """The cells of ``field``, one a row."""
        column = field.block.column
        return column.take(np.zeros(len(self), np.intp)) if field.block.is_single else column

    @property
    def good(self) -> NDArray[np.bool_]:
        """Where all ranges say something."""
        return ~(self._problems(Problem.BLANK) | self._problems(Problem.WRONG) | self._problems(Problem.ERROR))

    def _problems(self, problem: int) -> NDArray[np.bool_]:
        fields = self.fields if problem == Problem.BLANK else (*self.fields, *self.spare)
        found = np.zeros(len(self), bool)
        for field in fields:
            found |= field.read.problem == problem
        return found

    def answer(self, results: Iterable[Cell]) -> Rows:
        """``results``, one a row, in the shape of the ranges.

        A row with a blank is ``""``, one with the wrong kind of cell #VALUE!, one with an error that error.
        """
        cells = list(results)
        for i in np.flatnonzero(self._problems(Problem.BLANK)).tolist():
            cells[i] = ""
        for field in (*self.fields, *self.spare):
            for i in self._rows_of(field, Problem.WRONG):
                cells[i] = ToldError.of(CallError("#VALUE!", f"cell_no_{field.kind}"))
        for field in reversed((*self.fields, *self.spare)):
            for i in self._rows_of(field, Problem.ERROR):
                cells[i] = field.block.cells[0 if field.block.is_single else i]
        return self.block.spread(cells)

    def _rows_of(self, field: Field, problem: int) -> list[int]:
        rows: list[int] = np.flatnonzero(np.broadcast_to(field.read.problem == problem, len(self))).tolist()
        return rows
