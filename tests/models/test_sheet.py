"""The worksheet form: nothing is lost on the way there and back, people's changes count, mistakes name their cell."""

from __future__ import annotations

import random
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tieraddin.errors import ModelError
from tieraddin.language import LANGUAGES, Language
from tieraddin.models.load import ModelSource, read_model, read_model_file
from tieraddin.models.sheet import read_sheet, sheet_of
from tieraddin.models.sheet_grid import TABLES

from .conftest import FILES
from .strategies import models

Rows = list[list[Any]]

WHERE = "models.xlsx, Tier model"


def as_excel_keeps(rows: Rows) -> Rows:
    """The cells as a workbook gives them back: numbers as floating point, rows of one width."""
    width = max(map(len, rows))
    floats = [[float(c) if type(c) is int else c for c in row] for row in rows]
    return [row + [None] * (width - len(row)) for row in floats]


def same(back: ModelSource, source: ModelSource) -> None:
    assert back.data == source.data
    assert back.hash == source.hash
    assert back.model == source.model


@pytest.fixture(params=FILES, ids=lambda file: file.name.removesuffix(".toml"))
def shipped(request: pytest.FixtureRequest) -> ModelSource:
    return read_model_file(request.param)


@pytest.fixture
def source(small: str) -> ModelSource:
    return read_model(small, "small.toml")


def at(rows: Rows, *cells: Any) -> tuple[int, int]:
    """Row and column (from 0) of the last of ``cells`` in the first row that holds all of them."""
    for i, row in enumerate(rows):
        kinds = [(type(cell), cell) for cell in row]
        if all((type(cell), cell) in kinds for cell in cells):
            return i, kinds.index((type(cells[-1]), cells[-1]))
    raise AssertionError(f"no row has {cells}")


def name_of(i: int, j: int) -> str:
    return f"{chr(ord('A') + j)}{i + 1}"


# ------------------------------------------------------------ there and back


@pytest.mark.parametrize("lang", LANGUAGES)
def test_a_shipped_model_comes_back_whole(shipped: ModelSource, lang: Language) -> None:
    same(read_sheet(as_excel_keeps(sheet_of(shipped, lang)), WHERE), shipped)


@pytest.mark.parametrize("lang", LANGUAGES)
def test_a_model_with_all_kinds_of_conditions_comes_back_whole(source: ModelSource, lang: Language) -> None:
    same(read_sheet(as_excel_keeps(sheet_of(source, lang)), WHERE), source)


def test_cells_hold_what_excel_can_hold(shipped: ModelSource) -> None:
    cells = [cell for row in sheet_of(shipped, "zh") for cell in row]
    assert {type(cell) for cell in cells} <= {type(None), bool, int, float, str}
    assert all(len(cell) <= 32_767 for cell in cells if isinstance(cell, str))


@pytest.mark.parametrize("lang, titles", [
    ("en", ["Model", "Fields", "Values", "Options", "Grades", "Conditions", "Settings"]),
    ("zh", ["模型", "字段", "可选值", "选项", "等级", "条件", "其他设置"]),
])  # fmt: skip
def test_the_tables_stand_one_above_the_other(source: ModelSource, lang: Language, titles: list[str]) -> None:
    rows = sheet_of(source, lang)
    assert [row[0] for row in rows if len(row) == 1] == titles
    starts = [i for i, row in enumerate(rows) if len(row) == 1]
    assert all(rows[i - 1] == [] for i in starts[1:])
    assert [len(rows[i + 1]) for i in starts] == [len(columns) for columns in TABLES.values()]


def test_the_conditions_of_a_ladder_can_be_read(source: ModelSource) -> None:
    rows = sheet_of(source, "en")
    table = [row[:7] for row in rows if row and row[0] == "grade"]
    assert table == [
        ["grade", 1, "A", "all", "size", "is", "large"],
        ["grade", 1, "A", "all > any 1", "wish", "is", "yes"],
        ["grade", 1, "A", "all > any 1", "value", "above", 5000],
        ["grade", 1, "A", "all > not 1", "risk", "is", True],
        ["grade", 2, "B", "1 of", "size", "is", "large, middle"],
        ["grade", 2, "B", "1 of", "wish", "is", "yes"],
    ]
    assert ["movement.moves.1", None, None, None, "value", "at least", 2000] in [row[:7] for row in rows]
    chinese = [row[3:6] for row in sheet_of(source, "zh") if row and row[0] == "grade"]
    assert chinese[1:5] == [
        ["全部 > 任一 1", "wish", "为"],
        ["全部 > 任一 1", "value", "高于"],
        ["全部 > 非 1", "risk", "为"],
        ["至少1项", "size", "为"],
    ]  # fmt: skip


def test_a_list_that_commas_would_break_is_kept_apart(small: str) -> None:
    text = small.replace('["sales", "销售额"]', '["sales, net", "销售额"]')
    text = text.replace("common =", 'assumed = ["limit: so, so", "no norm"]\ncommon =')
    rows = sheet_of(read_model(text, "small.toml"), "en")
    assert ["assumed.1", "limit: so, so", None, None] in rows
    assert any('["sales, net", "销售额"]' in row for row in rows)
    same(read_sheet(rows, WHERE), read_model(text, "small.toml"))


@pytest.mark.parametrize(
    "old, new",
    [
        ('id = "A"', 'id = "1"'),
        ('kind = "flag"', 'kind = "flag"\nunit = ""\naliases = []'),
        ('zh = "测试用。"', 'zh = "\\"引\\""'),
        ('en = "For tests."', 'en = "=1+1"'),
        ('en = "For tests."', 'en = " two\\nlines "'),
        ('en = "For tests."', 'en = "#N"'),
        ('source = [{ document = "tests" }]', 'source = [{ document = "003", heading = "" }]'),
        ('source = [{ document = "tests" }]', 'source = [{ document = "t" }]\nassumed = ["a, b", "c"]'),
        ('source = [{ document = "tests" }]', 'source = [{ document = "t" }]\nassumed = []\nsystems = ["S01"]'),
        ("above = 5000", 'above = { field = "value", plus = -0.5 }'),
        ("above = 5000", 'above = { field = "value", plus = "$limit" }'),
        ("above = 5000", 'above = { field = "value", plus = 0 }'),
        ("above = 5000", "above = 0.1"),
        ("at_least_k = 1", 'at_least_k = "$needed"'),
        ('{ field = "wish", is = "yes" }] }', '{ field = "wish", is = ["yes"] }] }'),
        ("customers = 0.2", "customers = 1e-7"),
    ],
)
def test_odd_values_come_back_as_they_were(small: str, old: str, new: str) -> None:
    needed = '[options.needed]\nkind = "count"\ndefault = 1\nhelp = { zh = "几项", en = "how many" }\n\n[[steps]]'
    text = small.replace("[[steps]]", needed, 1).replace(old, new)
    if 'id = "1"' in new:
        text = text.replace('grade = "A"', 'grade = "1"').replace('to = "A"', 'to = "1"')
    source = read_model(text, "small.toml")
    for lang in LANGUAGES:
        same(read_sheet(as_excel_keeps(sheet_of(source, lang)), WHERE), source)


def test_a_model_with_a_mistake_has_no_form(small: str) -> None:
    with pytest.raises(ModelError):
        sheet_of(read_model(small.replace('to = "A"', 'to = "C"'), "small.toml"), "en")


# ------------------------------------------------------------ made-up models


@settings(max_examples=100)
@given(models(), st.sampled_from(LANGUAGES), st.integers(0, 3), st.randoms())
def test_any_model_comes_back_whole(data: dict[str, Any], lang: Language, down: int, chance: random.Random) -> None:
    source = ModelSource("made up", data)
    rows = [[None]] * down + as_excel_keeps(sheet_of(source, lang))
    same(read_sheet(rows, WHERE), source)
    shuffled = shuffle_columns(rows, chance)
    same(read_sheet(shuffled, WHERE), source)


def shuffle_columns(rows: Rows, chance: random.Random) -> Rows:
    """The same tables with their columns in another order."""
    width = max(map(len, rows))
    order = list(range(width))
    out: Rows = []
    for row in rows:
        filled = row + [None] * (width - len(row))
        if sum(cell is not None for cell in filled) == 1 and filled[0] is not None:
            chance.shuffle(order)
        out.append([filled[j] for j in order])
    return out


# ------------------------------------------------------------ what people change


@pytest.mark.parametrize("lang", LANGUAGES)
def test_a_changed_threshold_counts(source: ModelSource, lang: Language) -> None:
    rows = sheet_of(source, lang)
    i, j = at(rows, "value", 5000)
    rows[i][j] = 8000.0
    back = read_sheet(rows, WHERE)
    assert back.data["steps"][1]["rules"][0]["when"]["all"][1]["any"][1] == {"field": "value", "above": 8000}
    assert back.hash != source.hash


def test_a_changed_label_counts(source: ModelSource) -> None:
    rows = sheet_of(source, "zh")
    i, j = at(rows, "A", "甲")
    rows[i][j] = "头等"
    assert read_sheet(rows, WHERE).model.grade("A").label.zh == "头等"


def test_an_option_changed_on_the_sheet_is_the_new_default(source: ModelSource) -> None:
    rows = sheet_of(source, "en")
    i, j = at(rows, "limit", "number", 100)
    rows[i][j] = "２５０"
    assert read_sheet(rows, WHERE).model.options["limit"].default == 250


def test_rules_may_stand_in_any_order(source: ModelSource) -> None:
    rows = sheet_of(source, "en")
    places = [i for i, row in enumerate(rows) if row and row[0] == "grade"]
    first, second = [rows[i] for i in places[:4]], [rows[i] for i in places[4:]]
    for i, row in zip(places, second + first, strict=True):
        rows[i] = row
    assert read_sheet(rows, WHERE).data == source.data


def test_a_condition_is_added_and_one_taken_away(source: ModelSource) -> None:
    rows = sheet_of(source, "zh")
    i, _ = at(rows, "grade", "全部 > 非 1")
    rows[i] = ["grade", 1, "A", "全部", "value", "不低于", "value + 1"]
    parts = read_sheet(rows, WHERE).data["steps"][1]["rules"][0]["when"]["all"]
    assert parts[2] == {"field": "value", "at_least": {"field": "value", "plus": 1}}
    del rows[i]
    assert len(read_sheet(rows, WHERE).data["steps"][1]["rules"][0]["when"]["all"]) == 2


@pytest.mark.parametrize(
    "cell, value",
    [
        (True, True),
        ("TRUE", True),
        ("true", True),
        ("是", True),
        ("yes", True),
        (False, False),
        ("否", False),
        ("No", False),
    ],
)
def test_yes_and_no_are_understood(source: ModelSource, cell: object, value: bool) -> None:
    rows = sheet_of(source, "en")
    i, j = at(rows, "all > not 1", True)
    rows[i][j] = cell
    assert read_sheet(rows, WHERE).data["steps"][1]["rules"][0]["when"]["all"][2]["not"]["is"] is value


@pytest.mark.parametrize("cell", ["large, middle", "large，middle", "large、middle", " large ; middle "])
def test_a_list_may_be_written_as_people_do(source: ModelSource, cell: str) -> None:
    rows = sheet_of(source, "en")
    i, j = at(rows, "1 of", "large, middle")
    rows[i][j] = cell
    assert read_sheet(rows, WHERE).data == source.data


@pytest.mark.parametrize("word", ["all > any 1", "ALL>Any 1", "全部 > 任一 1", "全部＞任一 1", "all → any 1"])
def test_groups_are_understood_in_both_languages(source: ModelSource, word: str) -> None:
    rows = sheet_of(source, "en")
    for i, row in enumerate(rows):
        if row[3:4] == ["all > any 1"]:
            rows[i][3] = word
        elif row[:1] == ["grade"] and row[1] == 1:
            rows[i][3] = row[3].replace("all", "全部" if "全" in word else "all")
    assert read_sheet(rows, WHERE).data == source.data


def test_headers_and_tables_of_both_languages_may_be_mixed(source: ModelSource) -> None:
    english, chinese = sheet_of(source, "en"), sheet_of(source, "zh")
    mixed = [e if i % 2 else z for i, (e, z) in enumerate(zip(english, chinese, strict=True))]
    assert read_sheet(mixed, WHERE).data == source.data


def test_tables_may_stand_in_another_order_and_remarks_above_them(source: ModelSource) -> None:
    rows = sheet_of(source, "en")
    start = next(i for i, row in enumerate(rows) if row == ["Grades"])
    moved = [["Our own rules, agreed in March", 2026], *rows[start:], *rows[:start]]
    assert read_sheet(moved, WHERE).data == source.data


def test_tables_that_say_nothing_may_be_missing(small: str) -> None:
    text = small.replace('[options.limit]\nkind = "number"\ndefault = 100\nhelp = { zh = "界限", en = "limit" }\n', "")
    source = read_model(text.replace('"$limit"', "100"), "small.toml")
    rows = sheet_of(source, "en")
    start = next(i for i, row in enumerate(rows) if row == ["Options"])
    assert rows[start + 2] == []
    assert read_sheet(rows[:start] + rows[start + 2 :], WHERE).data == source.data


# ------------------------------------------------------------ mistakes name their cell


def refused(rows: Rows, first_row: int = 1, first_column: int = 1) -> ModelError:
    with pytest.raises(ModelError) as fault:
        read_sheet(rows, WHERE, first_row, first_column).model  # noqa: B018
    assert fault.value.key == "models.at"
    assert all(fault.value.sentence(lang) for lang in LANGUAGES)
    return fault.value


# the row that is changed (by what it holds), the column that is changed, the new cell, the sentence, the column named
CELLS: dict[str, tuple[tuple[Any, ...], int, Any, str, int]] = {
    "header unknown": (("Name", "Kind", "Unit"), 4, "Colour", "sheet_header", 4),
    "header twice": (("Name", "Kind", "Unit"), 4, "Kind", "sheet_header_twice", 4),
    "no header": (("Name", "Kind", "Unit"), 8, None, "sheet_no_header", None),
    "no key": (("movement.moves.1.to",), 0, None, "sheet_blank", 1),
    "no name of a field": (("risk", "flag"), 0, None, "sheet_blank", 1),
    "error value": (("risk", "flag"), 2, "#N/A", "sheet_error_value", 2),
    "key that is none": (("movement.moves.1.to",), 0, "to whom?", "sheet_key", 0),
    "key with an entry 0": (("movement.moves.1.to",), 0, "movement.moves.0.to", "sheet_key", 0),
    "key twice": (("movement.moves.1.to",), 0, "movement.moves.1.from", "sheet_twice", 1),
    "entry with a gap": (("movement.moves.1.to",), 0, "movement.moves.3.to", "sheet_gap", 1),
    "a value and its parts": (("movement.moves.1.to",), 0, "movement.moves", "sheet_part", None),
    "unknown key": (("movement.moves.1.to",), 0, "movement.moves.1.too", "extra_forbidden", 1),
    "word of no field": (("wish", "yes", "有"), 0, "wishes", "sheet_unknown_field", 0),
    "no word": (("wish", "yes", "有"), 1, None, "sheet_blank_word", 0),
    "word twice": (("wish", "no", "无"), 1, "yes", "sheet_twice", 2),
    "step unknown": (("grade", "all > any 1", "wish"), 0, "grading", "sheet_unknown_step", 0),
    "rule no number": (("grade", "all > any 1", "wish"), 1, "first", "sheet_rule_number", 1),
    "rule 0": (("grade", "all > any 1", "wish"), 1, 0, "sheet_rule_number", 1),
    "no rule": (("grade", "all > any 1", "wish"), 1, None, "sheet_blank", 0),
    "two grades": (("grade", "all > any 1", "wish"), 2, "B", "sheet_two_grades", 2),
    "group unknown": (("grade", "all > any 1", "wish"), 3, "all > some 1", "sheet_group", 3),
    "two roots": (("grade", "all > any 1", "wish"), 3, "any", "sheet_one_condition", 3),
    "no group for two": (("grade", "1 of", "wish"), 3, None, "sheet_one_condition", 0),
    "two parts of a not": (("grade", "all > any 1", "wish"), 3, "all > not 1", "sheet_one_condition", None),
    "test unknown": (("grade", "all > any 1", "wish"), 5, "about", "sheet_test", 5),
    "no test": (("grade", "all > any 1", "wish"), 5, None, "sheet_blank", 0),
    "no value": (("grade", "all > any 1", "wish"), 6, None, "sheet_blank", 0),
    # what the schema finds is told with its cell as well
    "unknown kind": (("risk", "flag"), 1, "maybe", "literal_error", 1),
    "unknown field": (("grade", "all > any 1", "wish"), 4, "wihs", "unknown_input", 4),
    "unknown word": (("grade", "all > any 1", "wish"), 6, "perhaps", "unknown_word", 6),
    "bound no number": (("grade", "value", 5000), 6, "so much!", "not_a_number", 6),
    "bound of no field": (("grade", "value", 5000), 6, "amount - 5", "unknown_input", 6),
    "condition of a move": (("movement.moves.1", "value", "at least"), 4, "valeu", "unknown_input", 4),
    "number of a word": (("grade", "all > any 1", "wish"), 5, "above", "unknown_input", 6),
    "missing translation": (("A", "甲"), 1, None, "missing", 2),
    "missing reason": (("B", "乙"), 4, None, "missing", 5),
    "unknown fact": (("A", "甲"), 4, "因为{why}。", "placeholders_differ", 4),
    "grade renamed": (("B", "乙"), 0, "C", "unknown_grade", None),
    "grade twice": (("B", "乙"), 0, "A", "twice", 0),
    "unknown grade": (("movement.moves.1.to",), 1, "C", "unknown_grade", 1),
    "unknown block": (("steps.1.block",), 1, "bandz", "union_tag_invalid", 1),
    "a cycle": (("steps.1.input",), 1, "grade", "cycle", None),
    "bands overlap": (("steps.1.bands.3.at_least",), 1, 900, "bands_overlap", None),
    "gap between bands": (("steps.1.bands.3.at_least",), 1, 2000, "bands_gap", None),
    "share too large": (("portfolio.norms.1.customers",), 1, 20, "less_than_equal", 1),
    "shared field unknown": (("common",), 1, "current_grade, grade_sinse", "unknown_field", 1),
}


@pytest.mark.parametrize("holds, column, cell, sentence, named", CELLS.values(), ids=CELLS)
def test_a_mistake_names_its_cell(
    source: ModelSource, holds: tuple[Any, ...], column: int, cell: Any, sentence: str, named: int | None
) -> None:
    rows = sheet_of(source, "en")
    i, _ = at(rows, *holds)
    rows[i][column] = cell
    fault = refused(rows)
    assert fault.facts["reason"].key == f"models.{sentence}"
    if named is not None:
        assert fault.facts["where"].removeprefix(f"{WHERE}, ").split(" ")[0] == name_of(i, named)


def test_a_rule_left_out_is_named(source: ModelSource) -> None:
    rows = sheet_of(source, "en")
    for i, row in enumerate(rows):
        if row[:2] == ["grade", 2]:
            rows[i][1] = 3
    fault = refused(rows)
    assert fault.facts["reason"].key == "models.sheet_gap"
    assert fault.facts["reason"].facts == {"name": "steps.2.rules.3", "missing": "steps.2.rules.2"}


def test_a_grade_that_no_rule_gives_is_named(source: ModelSource) -> None:
    rows = sheet_of(source, "en")
    i, _ = at(rows, "B", "乙")
    rows.insert(i + 1, ["C", "丙", "C", None, "其余。", "The rest."])
    fault = refused(rows)
    assert fault.facts["reason"].key == "models.grade_without_rule"
    assert fault.facts["where"] == f"{WHERE}, A{i + 2} (grades.3.id)"


def test_cells_are_named_where_they_stand_on_the_sheet(source: ModelSource) -> None:
    rows = sheet_of(source, "en")
    i, _ = at(rows, "risk", "flag")
    rows[i][1] = "maybe"
    assert refused(rows, 10, 27).facts["where"] == f"{WHERE}, AB{i + 10} (fields.3.kind)"


def test_a_sheet_without_a_model_is_refused() -> None:
    for rows in ([], [[]], [["customer", "value"], ["x", 1]]):
        fault = refused(rows)
        assert fault.facts["reason"].key == "models.sheet_no_model"
        assert fault.facts["where"] == WHERE


def test_a_table_twice_is_refused(source: ModelSource) -> None:
    rows = sheet_of(source, "en")
    assert refused([*rows, ["等级"], ["编号"]]).facts["reason"].key == "models.sheet_table_twice"
    assert refused([*rows, ["等级"], ["编号"]]).facts["where"] == f"{WHERE}, A{len(rows) + 1}"


def test_every_mistake_of_a_sheet_is_told_with_its_cell(source: ModelSource) -> None:
    rows = sheet_of(source, "en")
    wanted = {}
    for holds, column, cell, sentence in (
        (("risk", "flag"), 1, "maybe", "literal_error"),
        (("grade", "all > any 1", "wish"), 5, "about", "sheet_test"),
        (("movement.moves.1.to",), 0, "to whom?", "sheet_key"),
        (("A", "甲"), 2, "#N/A", "sheet_error_value"),
    ):
        i, _ = at(rows, *holds)
        rows[i][column] = cell
        wanted[name_of(i, column)] = f"models.{sentence}"
    told = read_sheet(rows, WHERE).mistakes
    found = {str(f.facts["where"]).removeprefix(f"{WHERE}, ").split(" ")[0]: f.facts["reason"].key for f in told}
    assert found == wanted


@pytest.mark.parametrize("holds, column, cell, sentence, named", CELLS.values(), ids=CELLS)
def test_what_is_refused_is_among_all_mistakes_of_a_sheet(
    source: ModelSource, holds: tuple[Any, ...], column: int, cell: Any, sentence: str, named: int | None
) -> None:
    rows = sheet_of(source, "en")
    i, _ = at(rows, *holds)
    rows[i][column] = cell
    assert f"models.{sentence}" in [fault.facts["reason"].key for fault in read_sheet(rows, WHERE).mistakes]
