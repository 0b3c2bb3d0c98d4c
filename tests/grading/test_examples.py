"""Worked examples: rows with the grades that the documents give them, worked out by hand; never the product's output.

A file of ``examples`` holds the cases of one model: ``rows`` (a field that is left out is blank), the ``grades`` they
must get ("" for none), and where it matters ``options``, ``as_of``, ``classes``, ``scores``, ``reasons``: words
that must stand in the English reason, and ``unsaid``: words that must not.
"""

from __future__ import annotations

import datetime as dt
import json
import tomllib
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from tests.conftest import SHARED
from tests.models.conftest import MODELS
from tieraddin.actions.grade import graded, result_columns
from tieraddin.actions.rules import Result, Rules
from tieraddin.grading.groups import Group
from tieraddin.grading.improve import Improver
from tieraddin.models.load import find_model
from tieraddin.tables.frame import from_records

FILES = sorted((Path(__file__).parent / "examples").glob("*.toml"))
CASES = {file.stem: tomllib.loads(file.read_text("utf-8"))["cases"] for file in FILES}
GIVEN = SHARED / "domain" / "examples.json"

KEYS = {"grades": "grade", "classes": "class", "scores": "score"}
"""What a case may expect, and the result column that must hold it."""


def result(model: str, case: dict[str, Any], rows: list[dict[str, Any]]) -> Result:
    """What the model says of ``rows``, with the options and the day of the case."""
    as_of = case.get("as_of")
    day = dt.date.fromisoformat(as_of) if isinstance(as_of, str) else as_of
    rules = Rules.of(model, case.get("options"), as_of=day)
    fields = [field.name for field in rules.model.fields]
    return graded(rules, from_records([{name: row.get(name) for name in fields} for row in rows]))


def results(model: str, case: dict[str, Any]) -> dict[str, list[Any]]:
    """The result columns of a case, reasons in English."""
    return result_columns(result(model, case, case["rows"]), "en")


@pytest.mark.parametrize("model, case", [(model, case) for model, cases in CASES.items() for case in cases])
def test_example(model: str, case: dict[str, Any]) -> None:
    found = results(model, case)
    for key in KEYS.keys() & case.keys():
        wanted = [None if value == "" else value for value in case[key]]
        assert found[KEYS[key]] == wanted, (key, found["reason"])
    for words, reason in zip(case.get("reasons", found["reason"]), found["reason"], strict=True):
        assert words in reason
    for words, reason in zip(case.get("unsaid", []), found["reason"], strict=False):
        assert not words or words not in reason


@pytest.mark.parametrize("model, case", [(model, case) for model, cases in CASES.items() for case in cases])
def test_whoever_takes_the_next_step_reaches_its_grade(model: str, case: dict[str, Any]) -> None:
    grading = result(model, case, case["rows"]).grading
    improver = Improver(grading)
    for i, row in enumerate(case["rows"]):
        step = improver.next_step(Group(np.array([i])))
        if step is None:
            continue
        taken = row | ({"current_grade": grading.grades[i]} if improver.moves else {})
        for change in step.changes:
            value = change.value[i] if isinstance(change.value, np.ndarray) else change.value
            beyond = {"above": 0.001, "below": -0.001}.get(change.test)
            taken[change.field] = value if beyond is None else value + beyond
        rows = [*case["rows"][:i], taken, *case["rows"][i + 1 :]]
        assert result(model, case, rows).grading.grades[i] == step.grade, (row, taken)


def test_every_model_has_examples() -> None:
    assert set(CASES) == set(MODELS)


@pytest.mark.parametrize("model", CASES)
def test_the_examples_of_a_model_show_every_grade(model: str) -> None:
    rows = [row for case in CASES[model] for row in case["rows"]]
    grades = [grade for case in CASES[model] for grade in case["grades"]]
    assert len(rows) == len(grades) >= 8
    assert set(grades) >= set(find_model(model).model.grade_ids) | {""}


@pytest.mark.parametrize("model", CASES)
def test_the_fields_of_the_examples_exist(model: str) -> None:
    """A misspelt field would be blank, and the example about something else."""
    fields = {field.name for field in find_model(model).model.fields}
    assert {name for case in CASES[model] for row in case["rows"] for name in row} <= fields


def test_the_examples_given_with_the_systems() -> None:
    if not GIVEN.is_file():
        pytest.skip(f"{GIVEN} is not there")
    cases = [case for case in json.loads(GIVEN.read_text("utf-8")) if case["model"] in MODELS]
    assert cases
    for case in cases:
        found = results(case["model"], case)
        for key in KEYS.keys() & case.keys():
            assert found[KEYS[key]] == case[key], (case["model"], key)
