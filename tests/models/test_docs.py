"""The reference of the model file names every key, and its examples are models."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path
from typing import Any

import pytest
from pydantic import TypeAdapter

from tieraddin.models.load import all_models, common_fields, read_model
from tieraddin.models.schema import Model
from tieraddin.models.sheet import read_sheet
from tieraddin.models.steps import BLOCKS

DOCS = Path(__file__).parents[2] / "docs"
PAGE = (DOCS / "models-format.md").read_text("utf-8")
EXAMPLES = [tomllib.loads(text) for text in re.findall(r"```toml\n(.*?)```", PAGE, re.DOTALL)]
PARTS = [example for example in EXAMPLES if "id" not in example]


def keys_of(schema: Any) -> set[str]:
    """Every key that the schema knows."""
    if isinstance(schema, list):
        return {key for part in schema for key in keys_of(part)}
    if not isinstance(schema, dict):
        return set()
    own = set(schema["properties"]) if isinstance(schema.get("properties"), dict) else set()
    return own | {key for part in schema.values() for key in keys_of(part)}


@pytest.mark.parametrize("key", sorted(keys_of(Model.model_json_schema()) - {"zh", "en"}))
def test_every_key_is_in_the_reference(key: str) -> None:
    code = " ".join(re.findall(r"```toml\n.*?```|`[^`\n]+`", PAGE, re.DOTALL))
    assert re.search(rf"(?<![a-z_]){key}(?![a-z_])", code)


def test_every_block_and_section_is_in_the_reference() -> None:
    assert all(f"**{number} `{block}`**" in PAGE for block, number in BLOCKS.items())
    assert all(f"P{number} `" in PAGE for number in range(10, 16))


def test_every_shared_field_is_in_the_reference() -> None:
    assert all(f"`{field['name']}`" in PAGE for field in common_fields())


def test_the_whole_example_is_a_model() -> None:
    wholes = [text for text in re.findall(r"```toml\n(.*?)```", PAGE, re.DOTALL) if text.startswith("id =")]
    assert [read_model(text, "models-format.md").model.grade_ids for text in wholes] == [["A", "B"]]


@pytest.mark.parametrize("example", PARTS, ids=[", ".join(example) for example in PARTS])
def test_every_example_is_a_part_of_a_model(example: dict[str, Any]) -> None:
    for key, value in example.items():
        TypeAdapter(Model.model_fields[key].annotation).validate_python(value)


def test_the_conditions_shown_as_a_table_are_those_of_a_sheet() -> None:
    lines = re.findall(r"^\|(.*)\|$", PAGE[PAGE.index("| Step | Rule |") :], re.MULTILINE)
    table = [[cell.strip() or None for cell in line.split("|")] for line in lines if "---" not in line]
    settings = [["Settings"], ["Key", "Value"], ["steps.1.block", "ladder"]]
    sheet = read_sheet([["Model"], ["Key"], [], ["Conditions"], *table, [], *settings], "models-format.md")
    assert sheet.data["steps"][0]["rules"] == [
        {
            "grade": "A",
            "when": {
                "all": [
                    {"field": "annual_volume", "at_least": 10_000_000},
                    {
                        "any": [
                            {"field": "trade", "is": ["oem", "dealer"]},
                            {"field": "value", "above": {"field": "service_cost", "plus": 500}},
                        ]
                    },
                ]
            },
        },
        {
            "grade": "B",
            "when": {"at_least_k": 2, "of": [{"field": "good_credit", "is": True}, {"field": "paid", "is": True}]},
        },
    ]
    assert sheet.data["movement"]["moves"] == [{"when": {"field": "breach", "is": True}}]


def test_every_system_is_checked_on_paper() -> None:
    page = (DOCS / "systems-on-paper.md").read_text("utf-8")
    assert re.findall(r"^\| (S\d\d) ", page, re.MULTILINE) == [f"S{number:02}" for number in range(1, 39)]
    blocks = {source.model.id: set(source.model.blocks) for source in all_models()}
    for models, shown in re.findall(r"^\| S\d\d \| ([^|]*) \| ([P0-9 ]*) \|", page, re.MULTILINE):
        used = set().union(*(blocks[id] for id in re.findall(r"`([a-z0-9-]+)`", models)))
        assert set(shown.split()) == used, models
