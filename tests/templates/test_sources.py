"""What a source may say; and that the templates there are say nothing that a model does not know."""

from __future__ import annotations

import tomllib
from typing import Any

import pytest
import tomli_w

from tests.actions.conftest import Desk
from tests.templates.conftest import ALL, GRADED, sheet_called
from tieraddin.actions.rules import Rules
from tieraddin.language import LANGUAGES, Language
from tieraddin.models.load import CATALOGUE
from tieraddin.tables.mapping import map_fields
from tieraddin.templates.source import SOURCES, read_template, templates

EXPECTED = {
    "customer-master": ["value-abc"],
    "record-sheets": ["trade-abc", None, None, None, None],
    "pipeline": ["ten-stages"],
    "intent-register": ["park-intent", "lowest-item-intent"],
    "opportunity-assessment": ["opportunity-20", "value-matrix", "opening-grid"],
    "followup-board": ["followup-duty"],
    "review-minutes": ["annual-composite", None, None],
}
"""The models of each template's sheets."""


def source(id: str = "customer-master") -> dict[str, Any]:
    return tomllib.loads((SOURCES / f"{id}.toml").read_text("utf-8"))


def read(data: dict[str, Any]) -> Any:
    return read_template(tomli_w.dumps(data))


def test_the_templates_of_the_issue_are_there() -> None:
    assert set(ALL) == set(EXPECTED)
    assert {id: [sheet.model for sheet in read(source(id)).sheets] for id in EXPECTED} == EXPECTED


@pytest.mark.parametrize("change", [
    ({"field": "no_such_field"}, "no such field no_such_field"),
    ({"field": "value", "own": "value"}, "one of field, result and own"),
    ({}, "one of field, result and own"),
    ({"own": "note"}, "states its header and kind"),
    ({"own": "note", "header": {"zh": "备注", "en": "Note"}}, "states its header and kind"),
    ({"field": "first_visit", "kind": "text"}, "the others have theirs"),
    ({"own": "note", "header": {"zh": "备注", "en": "Note"}, "kind": "choice"}, "states its choices"),
    ({"own": "note", "header": {"zh": "备注", "en": "Note"}, "kind": "colour"}, "colour"),
    ({"own": "note", "header": {"zh": "备注", "en": "PHONE"}, "kind": "text"}, "two headers phone"),
    ({"own": "phone", "header": {"zh": "备注", "en": "Note"}, "kind": "text"}, "two columns are called phone"),
    ({"own": "note", "header": {"zh": "备注", "en": "Note"}, "kind": "money", "formula": "{valeu}*2"}, "column valeu"),
    ({"field": "first_visit"}, "a result stands between the fields"),
    ({"field": "first_visit", "wdith": 3}, "wdith"),
], ids=str)  # fmt: skip
def test_a_column_that_can_not_be_is_refused(change: tuple[dict[str, Any], str]) -> None:
    column, fault = change
    data = source()
    data["sheets"][0]["columns"].append(column)
    with pytest.raises(ValueError, match=fault):
        read(data)


@pytest.mark.parametrize("changes", [
    ({"model": "no-such-model"}, "no-such-model"),
    ({"table": "two words"}, "table"),
    ({"measure": "volume"}, "no such column volume"),
    ({"cadence": "value-abc"}, "needs a cadence"),
    ({"model": "trade-abc"}, "no such field value"),
    ({"shaded": ["good", "bad"]}, "not the groups of the model's grades: , bad, good"),
    ({"name": {"zh": "客户", "en": "A name of more than 31 characters in all"}}, "too long"),
], ids=str)  # fmt: skip
def test_a_sheet_that_can_not_be_is_refused(changes: tuple[dict[str, Any], str]) -> None:
    change, fault = changes
    data = source()
    data["sheets"][0] |= change
    with pytest.raises(Exception, match=fault):
        read(data)


def test_two_charts_are_refused() -> None:
    data = source()
    data["sheets"].append(data["sheets"][0] | {"table": "Others", "name": {"zh": "别的", "en": "Others"}})
    with pytest.raises(ValueError, match="two sheets are called"):
        read(data)


def test_a_model_of_ones_own_that_does_not_fit_stops_only_its_templates(desk: Desk) -> None:
    folder = desk.folder / "no models"  # where the person's models are
    folder.mkdir()
    own = (CATALOGUE / "rank-abc.toml").read_text("utf-8").replace("rank-abc", "value-abc").replace('value"', 'spend"')
    (folder / "value-abc.toml").write_text(own, "utf-8")
    templates.cache_clear()
    try:
        answer = desk.run("template", "new", "customer-master", "-o", desk.path(), "--lang", "en")
        assert (answer.code, answer.err.count("\n")) == (2, 1)
        assert "your own" in answer.err
        assert "value" in answer.err
        assert not desk.path().exists()
        assert desk.done("template", "new", "pipeline", "-o", desk.path())["template"] == "pipeline"
        assert "customer-master" not in [one["id"] for one in desk.done("template", "list")]
    finally:
        templates.cache_clear()


def test_results_need_a_model() -> None:
    data = source("record-sheets")
    data["sheets"][1]["columns"].append({"result": "grade"})
    with pytest.raises(ValueError, match="grades need a model"):
        read(data)


def test_tables_and_sheets_are_told_apart() -> None:
    data = source()
    data["sheets"].append(data["sheets"][0])
    with pytest.raises(ValueError, match="two tables are called customers"):
        read(data)
    data["sheets"][1] = data["sheets"][1] | {"table": "Others"}
    with pytest.raises(ValueError, match="two sheets are called"):
        read(data)


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("table", [table for _, table in GRADED])
def test_every_field_is_recognised_by_its_header(table: str, lang: Language) -> None:
    sheet = sheet_called(table)
    rules = Rules.of(str(sheet.model), cadence=sheet.cadence)
    headers = [sheet.header(column, lang) for column in sheet.columns]
    found = map_fields(headers, rules.fields)
    keys = [column.key for column in sheet.columns]
    wanted = {field.name for field in rules.fields} & set(keys)
    assert {name: keys[mapped.column] for name, mapped in found.items() if name in wanted} == {n: n for n in wanted}


@pytest.mark.parametrize("table", [table for _, table in GRADED])
def test_a_graded_sheet_has_all_that_its_model_needs(table: str) -> None:
    sheet = sheet_called(table)
    assert sheet.grading is not None
    own = {field.name for field in sheet.grading.fields} - {"grade_since", "reviewed_on", "current_grade"}
    assert own - set(sheet.fields()) == set()
