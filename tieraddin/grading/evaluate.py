"""A model applied to a table: the grade of every row."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from tieraddin.grading import blocks
from tieraddin.grading.cutoffs import Cutoffs
from tieraddin.grading.movement import Moved, current_codes, move_rows
from tieraddin.grading.ownership import deciding_rules, state_of
from tieraddin.grading.readings import Cause, Inputs, Reading, days_since, where_known, without
from tieraddin.kernels.pareto import pareto_shares
from tieraddin.kernels.ranks import ranks
from tieraddin.models.schema import Model
from tieraddin.models.steps import Bands, CumulativeShare, QuantileScores, RankShare, Scorecard
from tieraddin.tables.values import Codes, Floats, Table

EPOCH = dt.date(1970, 1, 1)


@dataclass(eq=False)
class Grading:
    """The grades of all n rows, and all that it takes to say why.

    Attributes
    ----------
    readings
        what every field and every step says of each row.
    result
        the grade by the entry rules; where there is none, its cause.
    moved
        the grade after movement.
    as_of
        the day for which the rows are graded.
    ownership_rules
        int16, the rule that says who holds the customer, -1 for none; None for a model without ownership.
    """

    model: Model
    inputs: Inputs
    readings: dict[str, Reading]
    result: Reading
    moved: Moved
    as_of: dt.date
    ownership_rules: NDArray[np.int16] | None = None

    def __len__(self) -> int:
        return self.inputs.n

    @property
    def codes(self) -> Codes:
        """int32: the grade of each row as an index into the model's grades, -1 for none."""
        return self.moved.codes

    @cached_property
    def grades(self) -> list[str | None]:
        """The grade of each row by its id, None for none."""
        ids = [*self.model.grade_ids, None]
        return [ids[code] for code in self.codes.tolist()]

    def move_to(self, i: int) -> str | None:
        """The grade that a move of the model leads row ``i`` to, None where none holds."""
        move = int(self.moved.move[i])
        return self.model.movement.moves[move].to if self.model.movement and move >= 0 else None

    def counts(self) -> dict[str, int]:
        """How many rows have each grade, best first."""
        found = np.bincount(self.codes[self.codes >= 0], minlength=len(self.model.grades)).tolist()
        return dict(zip(self.model.grade_ids, found, strict=True))

    @cached_property
    def scores(self) -> Floats | None:
        """The score of each row, NaN for none: running share, rank, weighted score, RFM code; None without any."""
        match step := self.model.score_step:
            case CumulativeShare():
                return pareto_shares(self.readings[step.input].numbers)
            case RankShare():
                places = ranks(self.readings[step.input].numbers).astype(np.float64)
                return np.where(places > 0, places, np.nan)
            case Bands():
                return self.readings[step.input].numbers
            case QuantileScores() | Scorecard():
                return self.readings[step.id].numbers
            case _:
                return self.readings[self.model.score].numbers if self.model.score in self.readings else None


def grade_table(
    model: Model,
    table: Table,
    places: Mapping[str, tuple[int, float]],
    as_of: dt.date | None = None,
    cutoffs: Cutoffs | None = None,
) -> Grading:
    """Grade every row of ``table``.

    Parameters
    ----------
    places
        field -> (column from 0, scale of its bare numbers), as `tieraddin.tables.mapping` finds them.
    as_of
        the day for which the rows are graded (default: today).
    cutoffs
        those among all customers, where ``table`` is a part of them (as `tieraddin.grading.partitioned` finds them);
        running shares and ranks (`Grading.scores`, reasons, next steps) are then those within the part.
    """
    as_of = as_of or dt.date.today()
    inputs, readings = read_table(model, table, places, as_of, cutoffs)
    today = (as_of - EPOCH).days
    rules = deciding_rules(model.ownership, readings, today) if model.ownership else None
    result = _required(model, readings, _entry(model, readings, rules))
    entry = result.code_of(model.grade_ids)
    fits_none = (
        ~result.known & np.array([*(c.key == "grading.no_rule_holds" for c in result.causes), False])[result.cause]
    )
    moved = move_rows(model, readings, entry, today, fits_none)
    return Grading(model, inputs, readings, result, moved, as_of, rules)


def read_table(
    model: Model,
    table: Table,
    places: Mapping[str, tuple[int, float]],
    as_of: dt.date,
    cutoffs: Cutoffs | None = None,
) -> tuple[Inputs, dict[str, Reading]]:
    """What every field and every step says of each row, before there are grades; see `grade_table`."""
    inputs = Inputs.of(model, table, places)
    readings = dict(inputs.readings)
    dates = (field.name for field in model.fields if field.kind == "date")
    readings |= {f"{name}.days": days_since(readings[name], (as_of - EPOCH).days) for name in dates}
    for step in model.step_order():
        readings |= blocks.apply(step, readings, cutoffs)
    return inputs, readings


def _entry(model: Model, readings: Mapping[str, Reading], rules: NDArray[np.int16] | None) -> Reading:
    """The grade by the last step, the one that the model keeps, or the state of who holds the customer."""
    if model.steps:
        return readings[model.steps[-1].id]
    if model.ownership and rules is not None:
        return state_of(model.ownership, readings, rules)
    kept = readings[model.keeps or ""]
    result = where_known("code", current_codes(model, kept), [kept], model.grade_ids)
    without(result, result.values < 0, Cause("grading.wrong", model.keeps or ""))
    return result


def _required(model: Model, readings: Mapping[str, Reading], result: Reading) -> Reading:
    """``result``, without a grade where a required field has no value."""
    required = [readings[field.name] for field in model.fields if field.required]
    return where_known("code", result.values, [*required, result], result.names)
