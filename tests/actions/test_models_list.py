"""The list of models, and one of them."""

from __future__ import annotations

import pytest

FIRST = {
    "value-abc": ("S01", ["A", "B", "C"]),
    "rank-abc": ("S02", ["A", "B", "C"]),
    "volume-gates": ("S03", ["A", "B", "C", "D"]),
    "rfm": ("S20", None),
    "value-tiers": ("S18", ["diamond", "gold", "silver", "ordinary", "junk"]),
    "lowest-item-intent": ("S22", ["A", "B", "C", "D"]),
    "loss-ratio": ("S28", ["target", "ordinary", "high", "excluded"]),
    "followup-duty": ("S23", ["A", "B", "C", "D"]),
}
KEYS = {"id", "systems", "name", "blocks", "fields", "grades", "source", "hash"}


def test_every_model_is_described(desk):
    found = {model["id"]: model for model in desk.done("models")}
    assert set(FIRST) <= set(found)
    for model in found.values():
        assert set(model) >= KEYS
        assert set(model["name"]) == {"zh", "en"}
        assert all(set(field) >= {"name", "kind", "unit", "required"} for field in model["fields"])
        assert all(block[0] == "P" and block[1:].isdigit() for block in model["blocks"])
        assert model["source"]
    assert len({model["hash"] for model in found.values()}) == len(found)
    for name, (system, grades) in FIRST.items():
        assert system in found[name]["systems"]
        assert grades in (None, found[name]["grades"])


@pytest.mark.parametrize("name", ["rfm", "RFM客户细分", "RFM segments"])
def test_one_model_by_each_name(name, desk):
    (model,) = desk.done("models", name)
    assert model["id"] == "rfm"
    assert [field["name"] for field in model["fields"]] == ["recency_days", "frequency", "monetary"]
    assert set(model["options"]) == {"groups", "edges"}


@pytest.mark.parametrize(("lang", "word"), [("en", "ABC by share of value"), ("zh", "客户价值ABC分类")])
def test_people_read_the_list_in_their_language(lang, word, desk):
    whole = desk.run("models", "--lang", lang)
    assert whole.code == 0
    assert word[:6] in whole.out
    one = desk.run("models", "value-abc", "--lang", lang)
    assert word in one.out
    assert "cuts" in one.out


@pytest.mark.parametrize(("lang", "words"), [("en", "Serve first"), ("zh", "优先服务")])
def test_a_model_is_shown_with_how_to_treat_each_grade(lang, words, desk):
    assert words in desk.run("models", "rfm", "--lang", lang).out


def test_a_model_written_to_a_workbook_is_said(desk):
    assert desk.done("models", "rfm", "-o", desk.path("rfm.xlsx")) == {"output": str(desk.path("rfm.xlsx"))}
    assert "rfm 2.xlsx" in desk.run("models", "rfm", "-o", desk.path("rfm 2.xlsx")).out


def test_an_unknown_model_is_named_with_near_ones(desk):
    answer = desk.run("models", "value-abx")
    assert answer.code == 2
    assert "value-abc" in answer.err
    assert answer.err.count("\n") == 1


def test_a_persons_own_model_comes_before_the_shipped_one(desk, monkeypatch):
    from importlib import resources

    shipped = (resources.files("tieraddin.models") / "catalogue" / "value-abc.toml").read_text("utf-8")
    folder = desk.folder / "mine"
    folder.mkdir()
    (folder / "value-abc.toml").write_text(shipped.replace("default = [0.80, 0.95]", "default = [0.5, 0.9]"), "utf-8")
    before = {model["id"]: model["hash"] for model in desk.done("models")}
    monkeypatch.setenv("TIERADDIN_MODELS", str(folder))
    after = {model["id"]: model["hash"] for model in desk.done("models")}
    assert after["value-abc"] != before["value-abc"]
    assert {**after, "value-abc": None} == {**before, "value-abc": None}
    records = '[{"value": 500}, {"value": 300}, {"value": 200}]'
    back = desk.done("grade", "-", "--model", "value-abc", stdin=records)
    assert [record["grade"] for record in back] == ["A", "B", "B"]


def test_a_model_file_with_a_mistake_is_named(desk, monkeypatch):
    (desk.folder / "mine.toml").write_text('id = "mine"\nname = 5\n')
    answer = desk.run("grade", "-", "--model", desk.path("mine.toml"), stdin="[]")
    assert answer.code == 3
    assert "mine.toml" in answer.err
    assert answer.err.count("\n") == 1


@pytest.mark.parametrize(
    ("lang", "grade", "kind"), [("en", "credit risk", "word of the list"), ("zh", "信用风险", "列表中的词")]
)
def test_people_read_what_grades_and_kinds_are_called(lang, grade, kind, desk, monkeypatch):
    monkeypatch.setenv("COLUMNS", "400")
    assert grade in desk.run("models", "--lang", lang).out
    assert "credit_risk" not in desk.run("models", "--lang", lang).out
    assert kind in desk.run("models", "volume-gates", "--lang", lang).out
