"""Models applied to what a formula gives: two axes of a grid, scores without their measures, days that differ."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from tieraddin.addin.blocks import Block, CallError
from tieraddin.addin.sources import model_of
from tieraddin.grading import blocks
from tieraddin.grading.evaluate import EPOCH, grade_table
from tieraddin.grading.readings import Reading, all_known, read_field
from tieraddin.language import Language
from tieraddin.models.schema import Model
from tieraddin.models.steps import Grid, QuantileScores
from tieraddin.tables.values import Column, Table

_CODE = re.compile(r"[1-5]{3}")


def _readings(model: Model, given: Mapping[str, Reading], n: int) -> dict[str, Reading]:
    """Every field and step; fields that are not given are blank, steps that are given are not taken."""
    readings = {spec.name: read_field(spec, None, 1.0, n) for spec in model.fields} | dict(given)
    for step in model.step_order():
        if step.id not in given:
            readings |= blocks.apply(step, readings)
    return readings


def segments(codes: Sequence[str], lang: Language) -> list[str | None]:
    """The label of the segment of each RFM code, None for what is no code of three digits from 1 to 5."""
    model = model_of("rfm").model
    scores = next(step for step in model.steps if isinstance(step, QuantileScores))
    good = [code for code in codes if _CODE.fullmatch(code)]
    digits = np.array([[float(digit) for digit in code] for code in good]).reshape(-1, 3)
    given = {scores.id: all_known("number", np.array(good, np.float64))}
    for measure, column in zip(scores.measures, digits.T, strict=True):
        given[f"{scores.id}.{measure.input}"] = all_known("number", column)
    found = _readings(model, given, len(good))[model.steps[-1].id].code_of(model.grade_ids).tolist()
    labels = {code: model.grades[k].label[lang] if k >= 0 else None for code, k in zip(good, found, strict=True)}
    return [labels.get(code) for code in codes]


def grid_cells(model: str | Block, x: Column, y: Column) -> list[str | None]:
    """The grade in the grid of ``model`` at each pair of axis values; None where the grid has no such place.

    Raises
    ------
    CallError
        the model has no grid.
    """
    chosen = model_of(model).model
    grid = next((step for step in chosen.steps if isinstance(step, Grid)), None)
    if grid is None:
        raise CallError("#VALUE!", "no_grid", argument="model", model=chosen.id)
    axes = ((_field_of(chosen, grid.x), x), (_field_of(chosen, grid.y), y))
    given = {name: read_field(chosen.field(name), column, 1.0, len(column)) for name, column in axes}
    cells = _readings(chosen, given, len(x))[grid.id]
    return [cells.names[code] if known else None for code, known in zip(cells.values, cells.known, strict=True)]


def _field_of(model: Model, name: str) -> str:
    """The field that an axis is read from: itself, or what its step reads first."""
    steps = {step.id: step for step in model.steps}
    while (step := steps.get(name.partition(".")[0])) is not None:
        name = step.inputs()[0]
    return name


def graded_by_day(model: str, columns: Mapping[str, Column], days: NDArray[np.int64]) -> list[str]:
    """The grade of each row on a day of its own (days since 1970), ``""`` for none; ``columns``: field -> its cells."""
    chosen = model_of(model).model
    places = {name: (i, 1.0) for i, name in enumerate(columns)}
    grades = np.full(len(days), "", object)
    for day in np.unique(days).tolist():
        rows = np.flatnonzero(days == day)
        table = Table([*columns], [column.take(rows) for column in columns.values()], rows + 1)
        found = grade_table(chosen, table, places, EPOCH + dt.timedelta(days=day)).grades
        grades[rows] = [grade or "" for grade in found]
    return list(grades)
