"""The example of each function in the manual gives what the manual says."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Any

import pytest

from udfs import FUNCTIONS

from .formulas import work_out
from .test_cases import same

EXAMPLES = tomllib.loads((Path(__file__).parents[2] / "docs" / "functions.toml").read_text("utf-8"))


def test_each_function_has_its_example() -> None:
    assert sorted(EXAMPLES) == sorted(FUNCTIONS)


@pytest.mark.parametrize("name", EXAMPLES)
def test_examples(name: str) -> None:
    example: dict[str, Any] = EXAMPLES[name]
    assert example["formula"].startswith(f"={name}(")
    given = work_out(example["formula"], {})
    rows = [list(line) for line in given] if isinstance(given, list) else [[given]]
    if "first" in example:  # a list that grows with the models
        assert rows[0] == example["first"]
        assert len(rows) > 1
        return
    assert len(rows) == len(example["gives"])
    for line, wanted in zip(rows, example["gives"], strict=True):
        assert all(same(cell, want) for cell, want in zip(line, wanted, strict=True)), rows
