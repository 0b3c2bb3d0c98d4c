"""Customers graded for formulas: the whole population once, its rows answered one by one.

A table of 10,000 cells ``=TIER("value-abc",[@Sales],,,[Sales])`` asks 10,000 times for the same population; it is
graded once and remembered by the model, the options and the content of all its cells.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Hashable, Set
from dataclasses import dataclass
from functools import cached_property
from itertools import chain
from types import NoneType
from typing import TypeAlias

import numpy as np

from tieraddin.addin.blocks import Block, CallError, Rows, ToldError
from tieraddin.addin.kinds import texts_of
from tieraddin.addin.memo import lasting, remembered
from tieraddin.addin.sources import Chosen, Options, model_of
from tieraddin.errors import TableRefused
from tieraddin.grading.evaluate import EPOCH, Grading, grade_table
from tieraddin.grading.explain import Explainer
from tieraddin.grading.groups import Words
from tieraddin.language import Language, language, listed
from tieraddin.models.conditions import condition_inputs
from tieraddin.models.schema import Model
from tieraddin.tables.coerce import Problem, coerce
from tieraddin.tables.headers import header_key
from tieraddin.tables.mapping import map_fields
from tieraddin.tables.values import Cell, CellError, Column, Table

AS_OF = "as_of"
"""The option, known to every model, that says for which day moves by time are told."""

Places: TypeAlias = dict[str, tuple[int, float]]
Key: TypeAlias = tuple[Hashable, ...]
Told: TypeAlias = Callable[["Population"], Callable[[int], Cell]]

_TOLD_APART = {float, int, str, NoneType}
"""Kinds of cells that Python itself tells apart; it takes TRUE for 1, and an error for its text."""


@dataclass(frozen=True)
class Placed:
    """A block of customers: where each field of the model is, and how many rows at its top are its header."""

    block: Block
    places: Places
    head: int

    @property
    def keys(self) -> list[Key]:
        """What tells each row apart: its cells in the columns of the fields, in the order of the fields."""
        columns = [self.body.cells[place :: self.block.width] for place, _ in self.places.values()]
        return list(zip(*(map(_with_kind, column) for column in columns), strict=True))

    @property
    def header(self) -> Block | None:
        """The header row, None where the block has none."""
        return Block(self.block.row(0), 1, self.block.width) if self.head else None

    @cached_property
    def body(self) -> Block:
        """The rows of the customers."""
        return self.block.below(self.head)

    @property
    def errors(self) -> dict[int, Cell]:
        """The rows with an error in a column that is read, and the first such error."""
        found: dict[int, Cell] = {}
        for place, _ in self.places.values():
            cells = self.body.cells[place :: self.block.width]
            if CellError in set(map(type, cells)):
                found = {i: cell for i, cell in enumerate(cells) if isinstance(cell, CellError)} | found
        return found


def _with_kind(cell: Cell) -> Hashable:
    """A cell to be compared: 1 is no TRUE, and the text "#N/A" no error."""
    return cell if type(cell) in _TOLD_APART else (type(cell), cell)


class Population:
    """Customers with their grades."""

    def __init__(self, chosen: Chosen, placed: Placed, grading: Grading) -> None:
        self.chosen = chosen
        self.placed = placed
        self.grading = grading
        self._explainers: dict[Language, Explainer] = {}

    def explain(self, lang: Language) -> Explainer:
        """The words of the grading."""
        if lang not in self._explainers:
            self._explainers[lang] = Explainer(self.grading, lang)
        return self._explainers[lang]

    @cached_property
    def _at(self) -> dict[Key, int]:
        return {key: i for i, key in reversed(list(enumerate(self.placed.keys)))}

    def find(self, placed: Placed) -> list[tuple[int | None, Key]]:
        """The first row of the population that is equal to each row of ``placed`` (None where none is), and its key."""
        if list(placed.places) != list(self.placed.places):
            raise CallError("#VALUE!", "other_columns", argument="among")
        return [(self._at.get(key), key) for key in placed.keys]


def answer(
    model: str | Block, data: Block, headers: Block | None, options: Options, among: Block | None, head: str, told: Told
) -> Rows:
    """What ``told`` says of each row of ``data``, under ``head`` where the data have a header row.

    A row with an error in a cell that is read is that error; with ``among``, a row that is not one of the population is
    #N/A, as RANK has it.

    Raises
    ------
    CallError, TieraddinError
        no such model or option; no header where one is needed; columns that are not clear.
    """
    population = _population(model, among or data, headers, options)
    say_of = told(population)
    placed = population.placed
    if among is None:
        cells = say_of.all() if isinstance(say_of, Words) else list(map(say_of, range(placed.body.height)))
    else:
        placed = _placed(population.chosen, data, headers, placed.header)
        cells = [say_of(at) if at is not None else _not_among(key) for at, key in population.find(placed)]
    errors = placed.errors
    rows: Rows = [(head,)] * placed.head
    return rows + [(errors.get(i, "" if cell is None else cell),) for i, cell in enumerate(cells)]


def _not_among(key: Key) -> Cell:
    """What a row that is not one of the population is: nothing where it is blank, else #N/A."""
    return ToldError.of(CallError("#N/A", "not_among", argument="data")) if any(k is not None for k in key) else ""


def _population(model: str | Block, block: Block, headers: Block | None, options: Options) -> Population:
    as_of = [value for name, value in options if name == AS_OF]
    others = tuple((name, value) for name, value in options if name != AS_OF)
    chosen, day = model_of(model, others), _day(as_of[-1]) if as_of else None
    key = ("population", chosen, block.key, headers and headers.key, day)
    return remembered(key, block.height, lambda: _graded(chosen, block, headers, day))


def _graded(chosen: Chosen, block: Block, headers: Block | None, as_of: dt.date | None) -> Population:
    model = chosen.model
    placed = _placed(chosen, block, headers)
    body, places = placed.body, placed.places
    if as_of is None and goes_by_time(model, places.keys()):
        raise CallError("#VALUE!", "as_of_needed", argument="options", model=model.id)
    table = Table([""] * body.width, body.columns, np.arange(1, body.height + 1))
    return Population(chosen, placed, grade_table(model, table, places, as_of or EPOCH))


def goes_by_time(model: Model, fields: Set[str]) -> bool:
    """Whether the day of the run can change a grade or its reason, where the table has these fields."""
    moves = model.movement.moves if model.movement and {"current_grade", "grade_since"} <= fields else []
    days = {f"{field.name}.days" for field in model.fields if field.kind == "date"}
    read = [step.inputs() for step in model.steps] + [condition_inputs(warning.when) for warning in model.warnings]
    asked = days.intersection(chain.from_iterable(read))
    return model.ownership is not None or bool(asked) or any(move.after_days is not None for move in moves)


def _day(text: str) -> dt.date:
    read = coerce(Column.of([float(text) if text.isdecimal() else text]), "date")
    if read.problem[0] != Problem.OK:
        raise CallError("#VALUE!", "as_of_no_date", argument="options", value=text)
    return EPOCH + dt.timedelta(days=int(read.values[0]))


def _placed(chosen: Chosen, block: Block, headers: Block | None, above: Block | None = None) -> Placed:
    """Where the fields of ``model`` are: by the headers given, by the first row, or the one column is the main measure.

    Parameters
    ----------
    above
        the header row of the population that the block is some rows of; counts where the block has none of its own.

    Raises
    ------
    CallError
        headers of another width; several columns without headers; a field that has no column, or two.
    """
    model = chosen.model
    if headers is not None:
        if len(headers.cells) != block.width:
            raise CallError(
                "#VALUE!", "headers_width", argument="headers", headers=len(headers.cells), columns=block.width
            )
        return Placed(block, _mapped(chosen, headers), 0)
    first = block.row(0)
    headed = any(isinstance(cell, str) and header_key(cell)[0] in chosen.headers for cell in first)
    alone = block.height == 1 and above is not None and first != above.cells  # a customer may be called as a header is
    if above is not None and above.width == block.width and (alone or not headed):
        return Placed(block, _mapped(chosen, above), 0)
    if headed:
        if block.height == 1:
            raise CallError("#VALUE!", "only_header", argument="data")
        return Placed(block, _mapped(chosen, Block(first, 1, block.width)), 1)
    if block.width > 1:
        raise CallError("#VALUE!", "no_headers", argument="data", model=model.id)
    main = model.main_field.name
    if others := [field.name for field in model.fields if field.required and field.name != main]:
        raise CallError("#VALUE!", "one_column", argument="data", model=model.id, field=main, others=listed(others))
    return Placed(block, {main: (0, 1.0)}, 0)


def _mapped(chosen: Chosen, headers: Block) -> Places:
    return _places(chosen, tuple(texts_of(headers.cells)), language())


@lasting(most=64)
def _places(chosen: Chosen, headers: tuple[str, ...], lang: Language) -> Places:
    try:
        found = map_fields(headers, chosen.model.fields)
    except TableRefused as fault:
        key = fault.key.removeprefix("tables.")
        raise CallError("#VALUE!", key, argument="headers", **fault.facts) from None
    if not found:
        raise CallError("#VALUE!", "no_field", argument="headers", model=chosen.model.id)
    return {name: (mapped.column, mapped.scale) for name, mapped in found.items()}
