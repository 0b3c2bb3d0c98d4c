"""What every shipped model must have: both languages, a source, a reason a grade, words that can be told apart."""

from __future__ import annotations

import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterator
from itertools import pairwise
from typing import Any

import pytest

from tieraddin.models.load import CATALOGUE, common_fields, find_model, read_model_file
from tieraddin.models.schema import Model
from tieraddin.models.sections import READS

from .conftest import FILES

FIRST = {
    "value-abc", "rank-abc", "volume-gates", "rfm", "value-tiers", "lowest-item-intent", "loss-ratio", "followup-duty",
}  # fmt: skip
SHARED = {field["name"] for field in common_fields()}
ALWAYS = {"customer", "current_grade", "last_contact"}
"""Shared fields that are looked for in every table."""


@pytest.fixture(params=FILES, ids=lambda file: file.name.removesuffix(".toml"))
def model(request: pytest.FixtureRequest) -> Model:
    return read_model_file(request.param).model


def folded(word: str) -> str:
    """As a person sees it: without case, width, spaces and hyphens."""
    return re.sub(r"[\s_-]+", "", unicodedata.normalize("NFKC", word)).casefold()


def texts(part: Any, where: str = "") -> Iterator[tuple[str, dict[str, str]]]:
    """Every pair of languages in a model's data, with its place."""
    if isinstance(part, dict):
        if {"zh", "en"} & set(part):
            yield where, part
        for key, value in part.items():
            yield from texts(value, f"{where}.{key}")
    elif isinstance(part, list):
        for i, value in enumerate(part):
            yield from texts(value, f"{where}.{i + 1}")


def chinese(text: str) -> bool:
    return bool(re.search(r"[\u4e00-\u9fff]", text))


def test_the_first_models_are_there() -> None:
    assert {file.name.removesuffix(".toml") for file in FILES} >= FIRST


def test_names_and_systems_are_those_of_one_model() -> None:
    models = [read_model_file(file).model for file in FILES]
    names = [folded(name) for model in models for name in (model.id, model.name.zh, model.name.en)]
    assert len(names) - len(set(names)) == sum(folded(m.id) == folded(m.name.en) for m in models)
    assert all(re.fullmatch(r"S\d\d", system) for model in models for system in model.systems)
    assert all(model.systems for model in models)


def test_every_text_is_there_in_both_languages(model: Model) -> None:
    data = find_model(model.id).data
    for where, pair in texts(data):
        assert set(pair) == {"zh", "en"}, where
        assert not chinese(pair["en"]), where
        assert chinese(pair["zh"]) or len(pair["zh"]) <= 2, where  # a grade's label is a letter in both


def test_chinese_sentences_have_chinese_punctuation(model: Model) -> None:
    for where, pair in texts(find_model(model.id).data):
        words = re.sub(r"\{[^}]*\}", "名", pair["zh"])
        assert not re.search(r"[\u4e00-\u9fff][,:;()!?]|[,:;()!?][\u4e00-\u9fff]", words), where


def test_the_source_names_document_and_heading(model: Model) -> None:
    for source in model.source:
        assert source.document
        assert source.heading


def test_every_grade_has_a_reason_of_its_own(model: Model) -> None:
    for lang in ("zh", "en"):
        reasons = [grade.reason[lang] for grade in model.grades]
        assert all(reasons)
        assert len(set(reasons)) == len(reasons)
        labels = [folded(grade.label[lang]) for grade in model.grades]
        assert len(set(labels)) == len(labels)


PLAYBOOKS = {
    "S06", "S07", "S08", "S09", "S10", "S11", "S12", "S13", "S14", "S17", "S32", "S35", "S36", "S37", "S38",
}  # fmt: skip
"""The systems of which the documents say how each kind of customer is handled (P9)."""


def test_a_system_with_a_playbook_has_one_for_every_grade(model: Model) -> None:
    if PLAYBOOKS & set(model.systems):
        assert [grade.id for grade in model.grades if not grade.playbook] == []


def test_each_language_of_a_playbook_is_its_own(model: Model) -> None:
    for grade in model.grades:
        book = grade.playbook
        texts_said = [book.handling, book.signs, book.rights, *book.steps] if book else []
        for text in texts_said:
            assert text is None or (chinese(text.zh) and not chinese(text.en) and text.en.endswith((".", "!")))


def test_a_playbook_is_there_for_all_grades_or_for_those_with_more_to_say(model: Model) -> None:
    for grade in model.grades:
        if grade.playbook:
            assert chinese(grade.playbook.handling.zh)
            assert grade.playbook.handling.en.endswith(".")


def test_fields_have_words_in_both_languages(model: Model) -> None:
    for field in model.fields:
        spoken = [field.label.zh, field.label.en, *field.aliases]
        assert any(chinese(word) for word in spoken), field.name
        assert any(not chinese(word) for word in spoken), field.name
        assert field.aliases, field.name
        assert len({folded(word) for word in field.aliases}) == len(field.aliases), field.name


def test_one_measure_at_most_is_the_main_one(model: Model) -> None:
    assert sum(field.main for field in model.fields) <= 1


def test_no_header_means_two_fields(model: Model) -> None:
    """An alias that two fields share would leave the mapping unsure, whatever the table."""
    own = {field.name for field in model.fields}
    shared = [common_field(name) for name in ALWAYS - own]
    meant: dict[str, set[str]] = defaultdict(set)
    for field in [*model.fields, *shared]:
        for word in (field.name, field.label.zh, field.label.en, *field.aliases):
            meant[folded(word)].add(field.name)
    assert {word: names for word, names in meant.items() if len(names) > 1} == {}


def common_field(name: str) -> Any:
    from tieraddin.models.parts import FieldSpec

    return FieldSpec.model_validate(next(field for field in common_fields() if field["name"] == name))


def test_no_word_means_two_values(model: Model) -> None:
    for field in model.fields:
        meant: dict[str, set[str]] = defaultdict(set)
        for name, choice in (*field.values.items(), *field.words.items()):
            for word in (name, choice.label.zh, choice.label.en, *choice.aliases):
                meant[folded(word)].add(name)
        assert {word: names for word, names in meant.items() if len(names) > 1} == {}, field.name


def test_options_can_be_given_their_own_defaults(model: Model) -> None:
    source = find_model(model.id)
    for name, spec in model.options.items():
        if spec.default is None:
            continue
        typed = spec.default
        if spec.kind in ("numbers", "lists") and spec.default:
            rows = spec.default if spec.kind == "lists" else [spec.default]
            typed = ";".join(",".join(map(str, row)) for row in rows)
        assert source.bind({name: typed}) == model, name


def test_every_option_is_used(model: Model) -> None:
    text = (CATALOGUE / f"{model.id}.toml").read_text("utf-8")
    assert [name for name in model.options if f'"${name}"' not in text] == []


def test_every_field_is_used(model: Model) -> None:
    """A field that nothing reads would only be looked for in vain."""
    import json

    data = dict(find_model(model.id).data)
    names = {field["name"] for field in data.pop("fields")}
    said = json.dumps([data, *(READS[section] for section in READS if section in data)], ensure_ascii=False)
    assert [name for name in names if f'"{name}"' not in said and "{" + name not in said] == []


def test_shared_fields_are_taken_from_the_shared_list() -> None:
    for file in FILES:
        data = read_model_file(file).data
        assert not {field["name"] for field in data["fields"]} & SHARED, file.name


def test_a_norm_of_the_mix_adds_up(model: Model) -> None:
    norms = model.portfolio.norms if model.portfolio else []
    for what in ("customers", "value"):
        shares = [getattr(norm, what) for norm in norms if getattr(norm, what) is not None]
        assert not shares or sum(shares) == pytest.approx(1)


def test_grades_come_best_first_where_a_step_has_an_order(model: Model) -> None:
    """Movement down leads to a later grade in the list, or the list is not best first."""
    ids = model.grade_ids
    if not (model.ordered and model.steps and getattr(model.steps[-1], "grades", None)):
        return
    given = [ids.index(grade) for grade in model.steps[-1].grades_named()]
    assert all(a < b for a, b in pairwise(given))
