"""How numbers are shown in reasons."""

from __future__ import annotations

import pytest

from tieraddin.actions.grade import graded, result_columns
from tieraddin.actions.rules import Rules
from tieraddin.grading.facts import Fact, Filled, show_number, show_numbers
from tieraddin.tables.frame import from_records


@pytest.mark.parametrize(
    ("number", "decimals", "shown"),
    [
        (1200.0, None, "1,200"),
        (0.75, None, "0.75"),
        (-1234.567, None, "-1,234.57"),
        (0.0, 3, "0"),
        (171428.58, 2, "171,428.58"),
        (999_999_999_999_999.0, None, "999,999,999,999,999"),
        (1.5e300, 0, "1.5e+300"),
        (-1e16, None, "-1e+16"),
        (3e-299, 302, "3e-299"),
    ],
)
def test_numbers(number, decimals, shown):
    assert show_number(number, decimals) == shown


@pytest.mark.parametrize(
    ("numbers", "decimals", "shown"),
    [
        ([1200.0, 1200.5, 0.75, 1234567.891], 2, ["1,200", "1,200.5", "0.75", "1,234,567.89"]),
        ([100.0, 20.0, 3.0], 0, ["100", "20", "3"]),
        ([7.0, 0.0, -20.0], 2, ["7", "0", "-20"]),
        ([7.0, 1.5e300], 2, ["7", "1.5e+300"]),
        ([7.5, 3e-299], 2, ["7.5", "3e-299"]),
    ],
)
def test_many_numbers_at_once(numbers, decimals, shown):
    assert show_numbers(numbers, decimals) == shown


@pytest.mark.parametrize(
    ("form", "values", "shown"),
    [
        ("", [0.5, 1200.25], ["0.5", "1,200.25"]),
        ("", [0.5, "none"], ["0.5", "none"]),
        ("", ["{x}", "100 %s"], ["{x}", "100 %s"]),
        (".1%", [0.5, 0.1234], ["50.0%", "12.3%"]),
        (".1%", [0.5, "none"], ["50.0%", "none"]),
        (",.0f", [1200.5, 7], ["1,200", "7"]),
        ("d", [2.0, 7], ["2", "7"]),
        ("03d", [2.0, "none"], ["002", "none"]),
    ],
)
def test_a_sentence_holds_the_fact_of_each_row(form, values, shown):
    fact = Fact(values.__getitem__, show_all=lambda numbers: show_numbers(numbers, 2))
    filled = Filled(["{It} is ", " of 100 %; ", "."], [(fact, form), (Fact(["a", "b"].__getitem__), "")])
    wanted = [f"{{It}} is {text} of 100 %; {'ab'[i]}." for i, text in enumerate(shown)]
    assert filled.each([0, 1]) == wanted
    assert [filled(0), filled(1)] == wanted
    assert filled.each([1]) == wanted[1:]


def test_a_sentence_without_facts_is_that_of_every_row():
    assert Filled(["{It} is so."], []).each([3, 4]) == ["{It} is so."] * 2


@pytest.mark.parametrize(
    ("model", "row", "en", "zh"),
    [
        (
            "volume-gates",
            {"trade": "factory", "annual_volume": 1},
            "which can't be read: it may be OEM, Converter, Parts dealer, Individual.",
            "无法识别；可填：主机厂、改装厂、配件经销商、个人。",
        ),
        (
            "volume-gates",
            {"trade": "oem", "annual_volume": "much"},
            "can't be read as a number.",
            "为“much”，不是数字。",
        ),
        ("management-span", {"customers": 1.5}, "as a whole number from 0 up.", "不是 0 或正整数。"),
        (
            "client-ownership",
            {"first_visit": "Tuesday"},
            "as one date only, such as 2026-01-31.",
            "不是能唯一识别的日期",
        ),
        (
            "potential-quadrant",
            {"contribution": 7, "intent": "?"},
            "it may be a number, high, low.",
            "可填：数字、高、低。",
        ),
        ("followup-duty", {"current_grade": "E"}, "it may be A, B, C, D.", "可填：A、B、C、D。"),
        ("temperaments", {"temperament": "?"}, " ….", " …。"),
    ],
)
def test_what_could_stand_in_a_cell_that_can_not_be_read(model, row, en, zh):
    rules = Rules.of(model)
    fields = [field.name for field in rules.model.fields] + ["current_grade"] * (rules.model.keeps is not None)
    told = graded(rules, from_records([{name: row.get(name) for name in fields}]))
    assert en in result_columns(told, "en")["reason"][0]
    assert zh in result_columns(told, "zh")["reason"][0]
