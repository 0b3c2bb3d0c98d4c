"""The table of formulas and the manual's examples, through the COM server of xlwings."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Any

import pytest

from ...udfs.cases import CASES, Case
from ...udfs.test_cases import same
from .calls import Calls, rows_of
from .conftest import Job

EXAMPLES = tomllib.loads((Path(__file__).parents[3] / "docs" / "functions.toml").read_text("utf-8"))

Answers = dict[str, list[list[Any]] | None]


@pytest.fixture(scope="module")
def answers(job: Job) -> Answers:
    """What each formula gives; None for one that Excel itself turns down."""
    calls = Calls()
    at = {case.formula + repr(case.cells): calls.formula(case.formula, case.cells) for case in CASES}
    at |= {name: calls.formula(example["formula"], {}) for name, example in EXAMPLES.items()}
    made = job(calls.made)["calls"]
    assert [call for call in made if "raised" in call] == []
    return {key: None if i is None else rows_of(made[i]["result"]) for key, i in at.items()}


def differing(given: list[list[Any]], wanted: list[list[Any]]) -> list[tuple[Any, Any]]:
    assert [len(row) for row in given] == [len(row) for row in wanted]
    pairs = [pair for rows in zip(given, wanted, strict=True) for pair in zip(*rows, strict=True)]
    return [(cell, want) for cell, want in pairs if not same(cell, want)]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.formula)
def test_what_formulas_give(case: Case, answers: Answers) -> None:
    given = answers[case.formula + repr(case.cells)]
    if given is None:
        pytest.skip("too many or too few arguments: Excel itself turns it down")
    assert differing(given, case.expected if isinstance(case.expected, list) else [[case.expected]]) == []


@pytest.mark.parametrize("name", EXAMPLES)
def test_examples(name: str, answers: Answers) -> None:
    given, example = answers[name], EXAMPLES[name]
    assert given is not None
    if "first" in example:
        assert given[0] == example["first"]
    else:
        assert differing(given, example["gives"]) == []
