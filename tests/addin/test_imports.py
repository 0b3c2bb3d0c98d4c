"""The first answer of a cold process must not wait for what it does not need."""

from __future__ import annotations

import subprocess
import sys

import pytest

NUMBERS_ONLY = """
import sys
from udfs import FUNCTIONS
assert FUNCTIONS["PARETO_CLASS"]([[50], [30], [15], [5]])[3] == ("C",)
assert FUNCTIONS["BAND"](5, "3,6", "a,b,c") == "b"
assert FUNCTIONS["GINI"]([[1], [3]]) == 0.25
print(*sys.modules)
"""
TIERS = NUMBERS_ONLY.replace("print", 'FUNCTIONS["TIER"]("value-abc", [[5.0], [3.0]])\nprint')


def _modules(code: str) -> list[str]:
    return subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout.split()


@pytest.fixture(scope="module")
def numbers_only() -> list[str]:
    return _modules(NUMBERS_ONLY)


@pytest.fixture(scope="module")
def tiers() -> list[str]:
    return _modules(TIERS)


@pytest.mark.parametrize("heavy", ["numba", "pandas", "pydantic", "holidays", "openpyxl", "xlwings", "scipy", "typer"])
def test_numbers_alone_do_without(numbers_only: list[str], heavy: str) -> None:
    assert "udfs.pareto" in numbers_only
    assert heavy not in numbers_only


@pytest.mark.parametrize("heavy", ["numba", "pandas", "holidays", "openpyxl", "xlwings", "scipy", "typer"])
def test_grades_do_without(tiers: list[str], heavy: str) -> None:
    assert "tieraddin.grading.evaluate" in tiers
    assert heavy not in tiers
