from __future__ import annotations

import ast
import datetime as dt
from collections.abc import Callable, Mapping, Sequence
from functools import cache
from typing import Any, TypeAlias

import numpy as np
import pytest

from tieraddin.grading.evaluate import Grading, grade_table
from tieraddin.models.load import find_model, read_model
from tieraddin.models.schema import Model
from tieraddin.tables.values import Cell, Column, Table

Row: TypeAlias = Mapping[str, Cell]
Grade: TypeAlias = Callable[..., Grading]

DAY = dt.date(2026, 3, 20)


@cache
def bound_model(model: str, options: str) -> Model:
    """A shipped model with its options, given as their repr: read once for all rows that a test tries."""
    return find_model(model).bind(ast.literal_eval(options))


def grade_rows(
    model: str | Model, rows: Sequence[Row], as_of: dt.date = DAY, columns: Sequence[str] = (), **options: Any
) -> Grading:
    """The grading of rows given as field -> cell; a field that no row (nor ``columns``) has gets no column."""
    bound = bound_model(model, repr(options)) if isinstance(model, str) else model
    names = list(dict.fromkeys([*columns, *(name for row in rows for name in row)]))
    table = Table(names, [Column.of(row.get(name) for row in rows) for name in names], np.arange(2, len(rows) + 2))
    return grade_table(bound, table, {name: (i, 1.0) for i, name in enumerate(names)}, as_of)


@pytest.fixture(scope="session")
def grade() -> Grade:
    """See `grade_rows`."""
    return grade_rows


@pytest.fixture(scope="session")
def model_of() -> Callable[[str], Model]:
    """A small model: its steps (and what else it has) in TOML; fields and grades are made up around them."""

    def make(body: str, fields: Mapping[str, str], grades: Sequence[str]) -> Model:
        text = 'id = "small"\nname = { zh = "小", en = "small" }\nabout = { zh = "试", en = "for tests" }\n'
        text += 'source = [{ document = "tests" }]\n' + body
        for name, rest in fields.items():
            text += f'\n[[fields]]\nname = "{name}"\nlabel = {{ zh = "{name}项", en = "{name}" }}\n{rest}\n'
        for grade in grades:
            text += f'\n[[grades]]\nid = "{grade}"\nlabel = {{ zh = "{grade}级", en = "{grade}" }}\n'
            text += f'reason = {{ zh = "因此{grade}", en = "so {grade}" }}\n'
        return read_model(text, "small.toml").model

    return make
