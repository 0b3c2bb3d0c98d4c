"""Functions as hosts see them: signatures, help in both languages, calls with too much or too little."""

from __future__ import annotations

import datetime as dt
import tomllib
from importlib import resources

import pytest

from tieraddin.addin.blocks import ToldError
from tieraddin.addin.kinds import Numbers, Text
from tieraddin.addin.registry import FUNCTIONS as REGISTERED
from tieraddin.addin.registry import udf
from tieraddin.language import LANGUAGES, use_language
from udfs import FUNCTIONS

ASKED_FOR = """
TIER TIER_SCORE TIER_WHY TIER_NEXT TIER_MODELS TIER_PLAYBOOK PARETO_CLASS PARETO_CUTOFF PARETO_SHARE GINI RANK_CLASS
BAND NATURAL_BREAKS RFM_SCORE RFM_SEGMENT GRID_CELL FOLLOWUP_DATE FOLLOWUP_PLAN FOLLOWUP_OVERDUE WORKDAY_CN
WORKDAYS_BETWEEN_CN CLIENT_STATUS PHASED_AMOUNT
"""
SENTENCES = tomllib.loads(resources.files("tieraddin.locale").joinpath("addin.toml").read_text("utf-8"))


def test_all_functions_are_there() -> None:
    assert sorted(FUNCTIONS) == sorted(ASKED_FOR.split())


@pytest.mark.parametrize(
    "name, signature",
    [
        ("TIER", "TIER(model, data, [headers], [options], [among])"),
        ("TIER_WHY", "TIER_WHY(model, data, [headers], [options], [among], [lang])"),
        ("TIER_MODELS", "TIER_MODELS([lang])"),
        ("PARETO_CLASS", "PARETO_CLASS(values, [cuts], [labels], [crossing], [among])"),
        ("BAND", "BAND(values, edges, labels, [closed])"),
        ("RFM_SCORE", "RFM_SCORE(recency, frequency, monetary, [groups])"),
        ("FOLLOWUP_DATE", "FOLLOWUP_DATE(model, grade, last_contact, [channel], [calendar], [event_day])"),
        ("FOLLOWUP_PLAN", "FOLLOWUP_PLAN(model, grade, last_contact, count, [channel], [calendar], [event_day])"),
        ("WORKDAYS_BETWEEN_CN", "WORKDAYS_BETWEEN_CN(start_date, end_date, [calendar])"),
    ],
)
def test_signatures(name: str, signature: str) -> None:
    assert FUNCTIONS[name].signature == signature


@pytest.mark.parametrize("name", sorted(ASKED_FOR.split()))
def test_each_function_and_argument_has_help_in_both_languages(name: str) -> None:
    function = FUNCTIONS[name]
    texts = [
        (function.help(lang), *(function.argument_help(argument, lang) for argument in function.arguments))
        for lang in LANGUAGES
    ]
    assert all(all(said) for said in texts)
    assert not set(texts[0]) & set(texts[1])


def test_no_help_is_left_over() -> None:
    named = {name.lower() for name in FUNCTIONS}
    for function in FUNCTIONS.values():
        for argument in function.arguments:
            own = f"{function.name.lower()}_{argument.name}"
            named.add(own if f"help_{own}" in SENTENCES else argument.name)
    assert {id.removeprefix("help_") for id in SENTENCES if id.startswith("help_")} == named


def test_a_category_or_result_is_told() -> None:
    assert FUNCTIONS["GINI"].result == "scalar"
    assert FUNCTIONS["TIER"].result == "array"
    assert FUNCTIONS["TIER"].category == "tiers"
    assert [FUNCTIONS["GINI"].heading(lang) for lang in LANGUAGES] == ["分类与占比", "Classes and shares"]


@pytest.mark.parametrize(
    "call, words",
    [
        (("GINI",), "values is missing"),
        (("GINI", 1, 2), "GINI takes 1 at most"),
        (("BAND", 5, None, "A,B"), "edges is missing"),
        (("TIER", "value-abcd", 1), "value-abc"),  # near names
        (("TIER", "value-abc", [[1, 2]]), "Table1[#Headers]"),
        (("TIER", "value-abc", 1, None, "cut=1"), "crossing"),
        (("TIER", "rfm", [[1], [2]]), "recency_days, frequency"),
        (("TIER", "value-abc", 5, None, None, [[1], [2]]), "population"),
        (("PARETO_CLASS", [[1], [2, 3]]), "values"),
        (("PARETO_CLASS", 1, 2), "cuts must ascend"),
        (("NATURAL_BREAKS", 1, "many"), "k is no number"),
        (("FOLLOWUP_DATE", "followup-duty", "B", "1/2/2026"), "2026-01-31"),
        (("FOLLOWUP_DATE", "value-abc", "B", "2026-01-02"), "followup-duty"),
        (("WORKDAY_CN", "2040-01-02", 1), "CN has no published"),
        (("TIER_PLAYBOOK", "rfm", "Z"), "champions"),
        (("RFM_SEGMENT", "9"), "543"),
    ],
)
def test_what_is_wrong_is_told_beside_the_error(call: tuple[object, ...], words: str) -> None:
    name, *arguments = call
    error = FUNCTIONS[str(name)](*arguments)
    assert isinstance(error, ToldError)
    assert words in error.told


@pytest.mark.parametrize("calendar, name", [(None, "CN"), ([[dt.datetime(2026, 3, 7), 1]], "your calendar")])
def test_a_date_without_a_published_notice_says_so(calendar: object, name: str) -> None:
    follow = FUNCTIONS["FOLLOWUP_PLAN"]
    ((early, late),) = follow("followup-duty", "C", "2026-12-21", 2, None, calendar)
    assert (early, late) == (dt.datetime(2026, 12, 28), dt.datetime(2027, 1, 4))
    assert not hasattr(early, "told")
    assert name in late.told
    assert "2027" in late.told


def test_what_is_said_is_said_in_the_language_in_use() -> None:
    use_language("zh")
    error = FUNCTIONS["TIER"]("value-abc", [[1, 2]])
    assert "标题" in error.told
    assert FUNCTIONS["TIER"]("value-abc", [["销售额"], [5]]) == [("等级",), ("A",)]


def test_a_name_can_be_taken_once_and_an_argument_needs_a_kind() -> None:
    def gini(values: Numbers) -> float:
        return 0.0

    def plain(values: float) -> float:
        return values

    def ends(end: Text) -> str:
        return end

    with pytest.raises(ValueError, match="twice"):
        udf("classes")(gini)
    with pytest.raises(ValueError, match="kind"):
        udf("classes")(plain)
    with pytest.raises(ValueError, match="VBA"):
        udf("classes")(ends)
    assert sorted(REGISTERED) == sorted(ASKED_FOR.split())
