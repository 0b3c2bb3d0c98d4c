"""Models with a mistake are refused with the place and the reason; the table names each mistake once."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

import pytest

from tieraddin.errors import ModelError
from tieraddin.language import LANGUAGES
from tieraddin.models import schema
from tieraddin.models.load import read_model

CASES = tomllib.loads(Path(__file__).with_name("mistakes.toml").read_text("utf-8"))
MISTAKES: list[dict[str, str]] = CASES["mistakes"]
BLOCKS: list[dict[str, str]] = CASES["blocks"]


def named(case: dict[str, str]) -> str:
    return case["name"]


def fault_of(text: str) -> ModelError:
    with pytest.raises(ModelError) as refused:
        read_model(text, "small.toml").model  # noqa: B018
    return refused.value


def holds(fault: ModelError, case: dict[str, str]) -> None:
    assert fault.facts["reason"].key == f"models.{case['sentence']}"
    assert fault.facts["where"] == f"small.toml, {case['place']}"
    for lang in LANGUAGES:
        assert fault.sentence(lang).startswith(f"small.toml, {case['place']}")


def test_the_small_model_is_right(small: str) -> None:
    model = read_model(small, "small.toml").model
    assert model.grade_ids == ["A", "B"]
    assert [step.id for step in model.step_order()] == ["size", "grade"]
    assert model.blocks == ["P3", "P4", "P11", "P14"]
    assert model.main_field.name == "value"


@pytest.mark.parametrize("case", MISTAKES, ids=named)
def test_a_mistake_is_named_with_its_place(small: str, case: dict[str, str]) -> None:
    assert case["old"] in small
    holds(fault_of(small.replace(case["old"], case["new"], 1)), case)


@pytest.mark.parametrize("case", BLOCKS, ids=named)
def test_a_mistake_in_a_block_is_named_with_its_place(small: str, case: dict[str, str]) -> None:
    head, rest = small.split("[[steps]]", 1)
    tail = rest[rest.index("[[grades]]") :].replace("{because}", "{value}")
    holds(fault_of(f"{head}[[steps]]\n{case['step']}\n\n{tail}"), case)


def test_every_reason_for_refusing_has_a_case() -> None:
    """Each sentence that a check of the schema can say is in one of the tables."""
    code = "".join(path.read_text("utf-8") for path in Path(schema.__file__).parent.glob("*.py"))
    calls = re.findall(r'fault\(\s*("[^,)]*)', re.sub(r'[!=]= "\w+"', "", code))
    raised = {key for call in calls for key in re.findall(r'"(\w+)"', call)}
    assert len(raised) > 20
    assert raised - {case["sentence"] for case in MISTAKES + BLOCKS} == set()


def test_every_mistake_is_told_not_only_the_first(small: str) -> None:
    text = small
    for old, new in (
        ('kind = "flag"', 'kind = "bool"'),
        ("customers = 0.2", "customers = 20"),
        ('"甲", en = "A"', '"甲"'),
    ):
        assert old in text
        text = text.replace(old, new, 1)
    told = read_model(text, "small.toml").mistakes
    assert [fault.facts["where"] for fault in told] == [
        "small.toml, fields.3.kind",
        "small.toml, grades.1.label.en",
        "small.toml, portfolio.norms.1.customers",
    ]


def test_every_part_that_does_not_fit_is_told(small: str) -> None:
    text = small.replace('input = "value"', 'input = "amount"', 1).replace('to = "A"', 'to = "C"')
    text = text.replace("{because}", "{why}").replace(
        '{ field = "wish", is = "yes" }', '{ field = "wish", is = "no way" }'
    )
    told = read_model(text, "small.toml").mistakes
    assert {str(fault.facts["where"]).partition(", ")[2]: fault.facts["reason"].key for fault in told} == {
        "steps.1.input": "models.unknown_input",
        "steps.2.rules.1.when.all.2.any.1.is": "models.unknown_word",
        "steps.2.rules.2.when.of.2.is": "models.unknown_word",
        "movement.moves.1.to": "models.unknown_grade",
        "grades.1.reason": "models.unknown_fact",
    }


def test_a_model_without_a_mistake_has_none_to_tell(small: str) -> None:
    assert read_model(small, "small.toml").mistakes == []


@pytest.mark.parametrize("case", MISTAKES, ids=named)
def test_what_is_refused_is_among_all_mistakes(small: str, case: dict[str, str]) -> None:
    told = read_model(small.replace(case["old"], case["new"], 1), "small.toml").mistakes
    assert f"small.toml, {case['place']}" in [fault.facts["where"] for fault in told]
