"""Rows of the list of systems that are not shipped yet: sketches that show that a model file can hold them.

They hold what is hard about a row (its steps, conditions and sections), not its words.
"""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tieraddin.language import LANGUAGES, Language
from tieraddin.models.load import ModelSource, read_model_file
from tieraddin.models.sheet import read_sheet, sheet_of

BLOCKS = {
    "institutional-segments": ["P9"],
    "investor-service": ["P2", "P4", "P6", "P9", "P10"],
    "client-ownership": ["P12", "P13"],
    "household-segments": ["P4"],
    "opportunity-20": ["P4", "P6"],
    "management-span": ["P4", "P14"],
    "attribute-segments": ["P4", "P8", "P9", "P14"],
}
FOLDER = Path(__file__).with_name("paper")


@pytest.fixture(params=BLOCKS)
def source(request: pytest.FixtureRequest) -> ModelSource:
    return read_model_file(FOLDER / f"{request.param}.toml")


def test_each_sketch_is_listed() -> None:
    page = (Path(__file__).parents[2] / "docs" / "systems-on-paper.md").read_text("utf-8")
    assert {file.stem for file in FOLDER.glob("*.toml")} == set(BLOCKS)
    assert set(re.findall(r"`([a-z0-9-]+)`, sketched", page)) == set(BLOCKS)


def test_the_schema_holds_the_row(source: ModelSource) -> None:
    assert source.model.blocks == BLOCKS[source.model.id]
    assert source.bind({}) == source.model


@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_worksheet_form_holds_it_too(source: ModelSource, lang: Language) -> None:
    back = read_sheet(sheet_of(source, lang), "Tier model")
    assert back.data == source.data
    assert back.hash == source.hash


def test_the_states_of_an_owner_are_grades() -> None:
    model = read_model_file(FOLDER / "client-ownership.toml").model
    assert model.steps == []
    assert model.grade_ids == ["held", "warned", "released"]
