"""The table of formulas, by direct calls."""

from __future__ import annotations

from typing import Any

import pytest

from tieraddin.tables.values import CellError
from udfs import FUNCTIONS

from .cases import CASES, Case, Says, large_cases
from .formulas import work_out


def same(given: Any, expected: Any) -> bool:
    """Whether two cells are the same, kind included."""
    if isinstance(expected, Says):
        return isinstance(given, str) and not isinstance(given, CellError) and expected in given
    if isinstance(expected, (int, float)):
        return type(given) in (int, float) and given == pytest.approx(expected, abs=1e-12)
    return isinstance(given, CellError) == isinstance(expected, CellError) and given == expected


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.formula)
def test_what_formulas_give(case: Case) -> None:
    given = work_out(case.formula, case.cells)
    if not isinstance(case.expected, list):
        assert same(given, case.expected), given
        return
    assert isinstance(given, list), given
    assert [len(line) for line in given] == [len(line) for line in case.expected]
    wrong = [
        (cell, want)
        for line, wanted in zip(given, case.expected, strict=True)
        for cell, want in zip(line, wanted, strict=True)
        if not same(cell, want)
    ]
    assert not wrong, given


@pytest.mark.parametrize("case", large_cases(), ids=lambda case: case.formula)
def test_many_rows(case: Case) -> None:
    assert work_out(case.formula, case.cells) == case.expected


def test_the_table_is_large_and_has_every_function() -> None:
    assert len(CASES) >= 250
    text = " ".join(case.formula for case in CASES)
    assert [name for name in FUNCTIONS if f"{name}(" not in text and name != "TIER_MODELS"] == []
