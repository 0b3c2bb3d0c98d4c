"""One cell a row: the population is graded once, and a changed cell is never answered from memory."""

from __future__ import annotations

import re
from fractions import Fraction
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tieraddin.addin import population, sources
from tieraddin.addin.blocks import Block
from tieraddin.language import use_language
from tieraddin.models.load import find_model
from tieraddin.models.sheet import sheet_of
from tieraddin.tables.values import CellError
from udfs import FUNCTIONS

TIER, TIER_WHY, PARETO_CLASS, PARETO_SHARE, RANK_CLASS = (
    FUNCTIONS[name] for name in ("TIER", "TIER_WHY", "PARETO_CLASS", "PARETO_SHARE", "RANK_CLASS")
)
NA = CellError("#N/A")


def col(*values: Any) -> list[list[Any]]:
    return [[value] for value in values]


def number(cell: Any) -> Fraction | None:
    """What a cell counts for: a number, or a text of plain digits."""
    if isinstance(cell, str) and not isinstance(cell, CellError) and cell.strip().isdecimal():
        return Fraction(cell.strip())
    return Fraction(cell) if type(cell) in (int, float) else None


def abc(cells: list[Any]) -> list[str]:
    """ABC by value share, counted in fractions: the class of a value is told by what all larger ones make up."""
    numbers = [number(cell) for cell in cells]
    total = sum(n for n in numbers if n is not None and n > 0)
    grades = []
    for cell, own in zip(cells, numbers, strict=True):
        if isinstance(cell, CellError):
            grades.append(cell)
        elif own is None or not total:
            grades.append("")
        else:
            before = sum(n for n in numbers if n is not None and n > max(own, Fraction(0)))
            grades.append("C" if own <= 0 else "ABC"[(before >= total * 4 / 5) + (before >= total * 19 / 20)])
    return grades


def each(cells: list[Any], function: Any = TIER) -> list[Any]:
    """The results of one formula a row, as in a table."""
    return [function("value-abc", cell, None, None, col(*cells)) for cell in cells]


BEFORE = [700, 200, 60, 40, 0, None, "60", -5, "x"]


@pytest.mark.parametrize(
    "at, value",
    [
        (0, 10), (1, None), (2, 1), (3, "40"), (3, 4000), (4, -0.0), (4, None), (4, ""), (4, False), (5, 0), (5, ""),
        (5, 900), (6, 60), (6, "600"), (0, "700"), (0, True), (0, NA), (0, "#N/A"), (8, NA), (8, 5000), (1, 200.0),
    ],
)  # fmt: skip
def test_one_edit_is_seen_by_every_row(at: int, value: Any) -> None:
    after = [*BEFORE[:at], value, *BEFORE[at + 1 :]]
    for cells in (BEFORE, after, BEFORE):
        assert each(cells) == abc(cells)


def test_two_values_that_change_places_are_seen() -> None:
    one, other = [700, 200, 60, 40], [40, 200, 60, 700]
    for cells in (one, other, one):
        assert each(cells) == abc(cells)
        assert [cell for (cell,) in TIER("value-abc", col(*cells))] == abc(cells)


cells = st.one_of(
    st.none(), st.integers(-3, 40), st.sampled_from(["", "7", "x", 0.0, -0.0, False, True, NA, "#N/A", 5.5])
)


@given(st.lists(cells, min_size=1, max_size=8), st.data())
def test_whatever_is_edited(column: list[Any], data: st.DataObject) -> None:
    assert each(column) == abc(column)
    column[data.draw(st.integers(0, len(column) - 1))] = data.draw(cells)
    assert each(column) == abc(column)
    assert [x for (x,) in TIER("value-abc", [*col(*column), [None]])] == [*abc(column), ""]


@given(st.lists(st.integers(-3, 30), min_size=1, max_size=12))
def test_a_row_among_all_is_what_the_array_says(values: list[int]) -> None:
    column = col(*values, None)
    for function, before in ((PARETO_CLASS, 3), (PARETO_SHARE, 0), (RANK_CLASS, 2)):
        of_all = [x for (x,) in function(column)]
        assert [function(value, *[None] * before, column) for (value,) in column] == of_all


def test_kinds_are_told_apart_when_a_row_is_looked_up() -> None:
    among = col(1, "#N/A", 5)
    assert TIER("value-abc", True, None, None, among) == NA
    assert TIER("value-abc", 1.0, None, None, among) == "B"  # 5 of 6 come before it
    assert TIER("value-abc", "#N/A", None, None, among) == ""
    assert TIER("value-abc", "5", None, None, among) == NA


def test_options_and_headers_are_part_of_the_key() -> None:
    among = col(700, 200, 100)
    assert [TIER("value-abc", 200, None, options, among) for options in (None, "crossing=out", "cuts=0.5,0.8")] == [
        "A", "B", "B",
    ]  # fmt: skip
    rows = [[700, 1], [200, 900]]
    assert [TIER("value-abc", rows, headers)[0] for headers in ([["Sales", "x"]], [["x", "Sales"]])] == [("A",), ("C",)]


def test_languages_do_not_mix() -> None:
    said = [TIER_WHY("value-abc", 200, None, None, col(700, 200, 100), lang) for lang in ("en", "zh", "en")]
    assert said[0] == said[2] != said[1]


def test_a_population_is_graded_once_for_all_rows(monkeypatch: pytest.MonkeyPatch) -> None:
    graded = []
    grade_table = population.grade_table
    monkeypatch.setattr(population, "grade_table", lambda *args: graded.append(1) or grade_table(*args))
    values = np.random.default_rng(3).lognormal(8, 1.5, 10_000).round(2).tolist()
    among = Block.of(col(*values))
    one_by_one = [TIER("value-abc", value, None, None, among) for value in values]
    reasons = [TIER_WHY("value-abc", value, None, None, among) for value in values[:50]]
    assert len(graded) == 1
    assert one_by_one == abc(values[:0]) + _large_abc(values)
    assert all(reasons)


@pytest.mark.parametrize("given", ["value-abd", [["id", "mine"], ["nonsense", None]]])
def test_a_model_that_can_not_be_used_is_sought_once_for_all_rows(given: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    sought = []
    for name in ("find_model", "read_sheet"):
        real = getattr(sources, name)
        monkeypatch.setattr(sources, name, lambda *args, real=real: sought.append(1) or real(*args))
    given = Block.of(given) if isinstance(given, list) else given
    faults = [TIER(given, value, None, None, col(5, 6)) for value in (5, 6, 5)]
    assert faults == ["#VALUE!"] * 3
    assert len(sought) == 1
    assert len({fault.told for fault in faults}) == 1
    use_language("zh")
    assert not re.search("[a-z] [a-z]|, ", TIER(given, 5, None, None, col(5, 6)).told.replace("tieraddin models", ""))


def test_headers_that_can_not_be_used_are_read_once_for_all_rows(monkeypatch: pytest.MonkeyPatch) -> None:
    read = []
    map_fields = population.map_fields
    monkeypatch.setattr(population, "map_fields", lambda *args: read.append(1) or map_fields(*args))
    faults = [TIER("value-abc", [["a", n]], [["Kunde", "Wert?"]], None, [["a", 5], ["a", 6]]) for n in (5, 6)]
    assert faults == ["#VALUE!"] * 2
    assert len(read) == 1
    use_language("zh")
    assert "Kunde、Wert?" in TIER("value-abc", [["a", 5]], [["Kunde", "Wert?"]]).told


def _large_abc(values: list[float]) -> list[str]:
    """`abc` of many positive values that all differ, in whole cents."""
    cents = sorted((round(value * 100) for value in values), reverse=True)
    before, running = {}, 0
    for cent in cents:
        before.setdefault(cent, running)
        running += cent
    return ["ABC"[sum(before[round(v * 100)] * 20 >= running * cut for cut in (16, 19))] for v in values]


@pytest.mark.parametrize("rows", [1, 2, 100_000])
def test_arrays_of_any_length(rows: int) -> None:
    cents = np.random.default_rng(rows).lognormal(13, 1.5, rows).astype(int).tolist()
    values = [cent / 100 for cent in cents]
    expected = _large_abc(values)
    for column in (col(*values), col(*map(str, values))):
        for result in (TIER("value-abc", column), PARETO_CLASS(column)):
            assert (result if rows > 1 else [(result,)]) == [(grade,) for grade in expected]


whole = st.integers(0, 9)


@given(st.lists(st.tuples(whole, whole, st.one_of(whole, st.none())), min_size=2, max_size=9), st.randoms())
def test_rows_of_several_fields_in_any_order(customers: list[tuple[Any, ...]], random: Any) -> None:
    names = ["recency", "frequency", "monetary"]
    rows = [[f"customer {i}", *customer] for i, customer in enumerate(customers)]
    of_all = TIER("rfm", rows, [["name", *names]])
    order = [0, 1, 2, 3]
    random.shuffle(order)
    moved = [[row[k] for k in order] for row in rows]
    headers = [[["name", *names][k] for k in order]]
    assert TIER("rfm", moved, headers) == of_all
    assert [(TIER("rfm", [row], headers, None, moved),) for row in moved] == of_all
    with_header = [headers[0], *moved]
    assert TIER("rfm", with_header)[1:] == of_all
    assert TIER("rfm", [headers[0], moved[-1]], None, None, with_header)[1:] == of_all[-1:]


MODEL = """
id = "mine"
name = { zh = "我的", en = "Mine" }
about = { zh = "测试用。", en = "For tests." }
source = [{ document = "tests" }]

[[fields]]
name = "value"
kind = "number"
required = true
label = { zh = "金额", en = "Value" }

[[steps]]
block = "bands"
input = "value"
bands = [{ grade = "low", below = LIMIT }, { grade = "high", at_least = LIMIT }]

[[grades]]
id = "high"
label = { zh = "高", en = "high" }
reason = { zh = "高。", en = "High." }

[[grades]]
id = "low"
label = { zh = "低", en = "low" }
reason = { zh = "低。", en = "Low." }
"""


def test_a_model_file_that_is_written_changed_or_taken_away_is_noticed(tmp_path: Any) -> None:
    folder = tmp_path / "models"
    column = col(5, 50)
    assert TIER("mine", column) == "#VALUE!"
    folder.mkdir()
    file = folder / "mine.toml"
    file.write_text(MODEL.replace("LIMIT", "10"), "utf-8")
    assert TIER("mine", column) == [("low",), ("high",)]
    assert TIER("我的", column) == [("low",), ("high",)]
    file.write_text(MODEL.replace("LIMIT", "100"), "utf-8")
    assert TIER("mine", column) == [("low",), ("low",)]
    assert TIER("我的", column) == [("low",), ("low",)]
    file.unlink()
    assert TIER("mine", column) == "#VALUE!"
    other = tmp_path / "other" / "mine.toml"
    other.parent.mkdir()
    other.write_text(MODEL.replace("LIMIT", "10"), "utf-8")
    assert TIER(str(other), column) == [("low",), ("high",)]
    other.write_text(MODEL.replace("LIMIT", "100"), "utf-8")
    assert TIER(str(other), column) == [("low",), ("low",)]


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_a_range_can_hold_the_model(lang: Any) -> None:
    rows = sheet_of(find_model("value-abc"), lang)
    width = max(map(len, rows))
    sheet = [[*(float(c) if type(c) is int else c for c in line), *[None] * (width - len(line))] for line in rows]
    column = col(700, 200, 100)
    assert TIER(sheet, column) == [("A",), ("A",), ("B",)]
    at = next((i, j) for i, line in enumerate(sheet) for j, c in enumerate(line) if isinstance(c, str) and "0.8" in c)
    sheet[at[0]][at[1]] = "0.5, 0.6"
    assert TIER(sheet, column) == [("A",), ("C",), ("C",)]
    i, j = next((i, j) for i, line in enumerate(sheet) for j, cell in enumerate(line) if cell == "number")
    sheet[i][j] = "nomber"
    fault = TIER(sheet, column)
    assert fault == "#VALUE!"
    assert f"{'ABCDEFGHIJKL'[j]}{i + 1}" in fault.told


def test_the_models_listed_are_those_there_are() -> None:
    listed = FUNCTIONS["TIER_MODELS"]("zh")
    assert {len(line) for line in listed} == {5}
    by_id = {line[0]: line for line in listed[1:]}
    assert by_id["value-abc"][1] == "客户价值ABC分类"
    assert by_id["value-abc"][2] == "value*"
    assert by_id["value-abc"][3] == "A, B, C"
    assert set(by_id["opening-grid"][3].split(", ")) == set("ABCDEFGHI")
