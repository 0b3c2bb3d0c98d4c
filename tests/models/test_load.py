"""Where models are found, how they are named, what identifies them, and what their options take."""

from __future__ import annotations

from pathlib import Path

import pytest

from tieraddin.errors import ModelError, UsageError
from tieraddin.language import LANGUAGES
from tieraddin.models.load import (
    ModelSource,
    all_models,
    common_fields,
    find_model,
    model_files,
    read_model,
    user_folder,
)


def refused(source: ModelSource, **options: object) -> UsageError:
    with pytest.raises(UsageError) as fault:
        source.bind(options)
    assert fault.value.exit_code == 2
    assert all(fault.value.sentence(lang) for lang in LANGUAGES)
    return fault.value


# ------------------------------------------------------------ finding


@pytest.mark.parametrize("name", ["value-abc", "客户价值ABC分类", "ABC by share of value", " abc by SHARE of value "])
def test_a_model_is_found_by_id_and_by_its_names(name: str) -> None:
    assert find_model(name).model.id == "value-abc"


def test_a_model_is_found_by_its_file(tmp_path: Path, small: str) -> None:
    file = tmp_path / "small.toml"
    file.write_text(small, "utf-8")
    source = find_model(str(file))
    assert (source.model.id, source.where) == ("small", str(file))


def test_a_file_with_a_byte_order_mark_is_read(tmp_path: Path, small: str) -> None:
    file = tmp_path / "small.toml"
    file.write_text(small, "utf-8-sig")
    assert find_model(str(file)).model.id == "small"


def test_the_users_own_model_comes_before_the_catalogue(no_models_of_the_user: Path, small: str) -> None:
    before = find_model("value-abc").hash
    (no_models_of_the_user / "value-abc.toml").write_text(small.replace('id = "small"', 'id = "value-abc"'), "utf-8")
    assert user_folder() == no_models_of_the_user
    assert find_model("value-abc").model.name.en == "Small"
    assert find_model("value-abc").hash != before
    assert [source.data["id"] for source in all_models()].count("value-abc") == 1


def test_the_users_own_model_is_listed_among_the_others(no_models_of_the_user: Path, small: str) -> None:
    (no_models_of_the_user / "small.toml").write_text(small, "utf-8")
    (no_models_of_the_user / "notes.txt").write_text("no model", "utf-8")
    assert {"small", "value-abc"} <= set(model_files())
    assert "notes" not in model_files()
    assert find_model("小模型").model.id == "small"


def test_without_a_folder_of_models_there_is_the_catalogue(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("TIERADDIN_MODELS", str(tmp_path / "nowhere"))
    assert "value-abc" in model_files()


def test_the_folder_of_models_stands_in_the_users_settings(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.delenv("TIERADDIN_MODELS")
    monkeypatch.delenv("APPDATA", raising=False)
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path))
    assert user_folder() == tmp_path / "tieraddin" / "models"


@pytest.mark.parametrize(
    "name, near", [("value-acb", "value-abc"), ("RFM客户", "rfm"), ("lowest item intent", "lowest-item-intent")]
)
def test_near_names_are_listed_for_an_unknown_model(name: str, near: str) -> None:
    with pytest.raises(UsageError) as fault:
        find_model(name)
    assert fault.value.key == "models.unknown_model"
    assert fault.value.exit_code == 2
    for lang in LANGUAGES:
        assert name in fault.value.sentence(lang)
        assert near in fault.value.sentence(lang)


def test_nothing_is_suggested_for_a_name_like_no_other() -> None:
    with pytest.raises(UsageError) as fault:
        find_model("qqqqqqqqqqqq")
    assert fault.value.facts["near"] == ""


def test_a_name_of_two_models_asks_for_the_id(no_models_of_the_user: Path, small: str) -> None:
    for id in ("small", "small-too"):
        (no_models_of_the_user / f"{id}.toml").write_text(small.replace('id = "small"', f'id = "{id}"'), "utf-8")
    with pytest.raises(UsageError) as fault:
        find_model("小模型")
    assert (fault.value.key, fault.value.facts["names"]) == ("models.ambiguous_model", "small, small-too")


# ------------------------------------------------------------ files that can't be read


@pytest.mark.parametrize(
    "content, key",
    [
        (b'id = "small', "models.unreadable_toml"),
        (b"id = 1\nid = 2", "models.unreadable_toml"),
        ('id = "小模型"'.encode("gbk"), "models.unreadable_toml"),
        (b'id = "other"', "models.id_not_file_name"),
        (b"", "models.id_not_file_name"),
    ],
)
def test_a_file_that_is_no_model_is_refused_by_name(tmp_path: Path, content: bytes, key: str) -> None:
    file = tmp_path / "small.toml"
    file.write_bytes(content)
    with pytest.raises(ModelError) as fault:
        find_model(str(file))
    assert fault.value.key == key
    assert fault.value.exit_code == 3
    assert all(str(file) in fault.value.sentence(lang) for lang in LANGUAGES)


# ------------------------------------------------------------ the hash


def test_the_hash_does_not_change_with_layout(small: str) -> None:
    spread = small.replace("[[steps]]", "\n\n# a remark\n[[steps]]").replace(" = ", "   =   ")
    other = read_model(spread.replace("default   =   100\n", "default   =   100.0\n"), "elsewhere.toml")
    assert other.hash == read_model(small, "small.toml").hash


@pytest.mark.parametrize(
    "old, new",
    [("default = 100", "default = 101"), ('en = "Small"', 'en = "small"'), ("is = true", "is = false"), ("B", "C")],
)
def test_the_hash_changes_with_the_content(small: str, old: str, new: str) -> None:
    assert read_model(small.replace(old, new, 1), "").hash != read_model(small, "").hash


def test_yes_and_one_are_not_the_same_content(small: str) -> None:
    asked = [
        read_model(small.replace('kind = "flag"', f'kind = "flag"\nrequired = {value}'), "") for value in ("true", "1")
    ]
    assert asked[0].hash != asked[1].hash


def test_the_hash_is_16_hex_digits(small: str) -> None:
    digits = read_model(small, "").hash
    assert len(digits) == 16
    int(digits, 16)


# ------------------------------------------------------------ options

OPTIONS = """
[options.shares]
kind = "numbers"
default = [0.5]
help = { zh = "占比", en = "shares" }
[options.tables]
kind = "lists"
default = []
help = { zh = "多组数", en = "lists" }
[options.groups]
kind = "count"
default = 3
help = { zh = "组数", en = "groups" }
[options.days]
kind = "calendar"
help = { zh = "日历", en = "calendar" }
[options.side]
kind = "choice"
values = ["in", "out"]
default = "in"
help = { zh = "哪一侧", en = "side" }
"""


SHARE_STEP = """
[[steps]]
id = "share"
block = "cumulative_share"
input = "value"
cuts = "$shares"
crossing = "$side"
grades = ["x", "y"]

"""


@pytest.fixture
def with_options(small: str) -> ModelSource:
    return read_model(small.replace("[[steps]]", OPTIONS + SHARE_STEP + "[[steps]]", 1), "small.toml")


def test_options_have_their_defaults(with_options: ModelSource) -> None:
    share = with_options.bind({}).steps[0]
    assert (share.cuts, share.crossing) == ([0.5], "in")  # type: ignore[union-attr]
    assert with_options.bind({}) is with_options.model


@pytest.mark.parametrize("given", ["0.7", [0.7], (0.7,), " 0.7 "])
def test_options_are_taken_as_text_and_as_values(with_options: ModelSource, given: object) -> None:
    share = with_options.bind({"shares": given, "side": "out"}).steps[0]
    assert (share.cuts, share.crossing) == ([0.7], "out")  # type: ignore[union-attr]


def test_an_option_reaches_every_place_that_names_it(with_options: ModelSource) -> None:
    bands = next(step for step in with_options.bind({"limit": "250"}).steps if step.id == "size")
    assert bands.edges == [250.0, 1000.0]  # type: ignore[union-attr]


@pytest.mark.parametrize(
    "name, value, sentence",
    [
        ("limit", "much", "expects_number"),
        ("limit", None, "expects_number"),
        ("groups", "2.5", "expects_count"),
        ("shares", "0.5;0.7", "expects_numbers"),
        ("shares", 0.5, "expects_numbers"),
        ("tables", "a,b;c", "expects_lists"),
        ("side", "between", "expects_choice"),
    ],
)
def test_a_value_of_the_wrong_kind_is_refused(
    with_options: ModelSource, name: str, value: object, sentence: str
) -> None:
    fault = refused(with_options, **{name: value})
    assert fault.key == "models.option_value"
    assert fault.facts["expected"].key == f"models.{sentence}"


@pytest.mark.parametrize(
    "name, value, sentence",
    [
        ("shares", "0.5,0.7", "one_more"),
        ("shares", "1.5", "less_than"),
        ("shares", "0", "greater_than"),
        ("limit", "5000", "not_ascending"),
    ],
)
def test_a_value_out_of_range_is_refused(with_options: ModelSource, name: str, value: str, sentence: str) -> None:
    fault = refused(with_options, **{name: value})
    assert fault.key == "models.at"
    assert fault.facts["reason"].key == f"models.{sentence}"
    assert all(f"{name}={value}" in fault.sentence(lang) for lang in LANGUAGES)


def test_an_unknown_option_lists_those_there_are(with_options: ModelSource) -> None:
    fault = refused(with_options, cut="0.5")
    assert fault.key == "models.unknown_option"
    assert fault.facts["known"] == "limit, shares, tables, groups, days, side"


def test_a_model_without_options_says_so(small: str) -> None:
    text = small.replace('[options.limit]\nkind = "number"\ndefault = 100\nhelp = { zh = "界限", en = "limit" }\n', "")
    assert refused(read_model(text.replace('"$limit"', "100"), "small.toml"), limit=5).facts["known"] == "-"


def test_an_option_that_is_not_set_leaves_its_key_out(small: str) -> None:
    text = small.replace("default = 100\n", "").replace("customers = 0.2", 'customers = "$limit"')
    text = text.replace('below = "$limit"', "below = 100").replace('at_least = "$limit"', "at_least = 100")
    source = read_model(text, "small.toml")
    assert source.model.portfolio is not None
    assert source.model.portfolio.norms[0].customers is None
    assert source.bind({"limit": "0.4"}).portfolio.norms[0].customers == 0.4  # type: ignore[union-attr]


def test_shared_fields_come_after_the_models_own(small: str) -> None:
    names = [field.name for field in read_model(small, "small.toml").model.fields]
    assert names == ["value", "wish", "risk", "current_grade", "grade_since"]
    assert {"current_grade", "grade_since"} <= {field["name"] for field in common_fields()}
