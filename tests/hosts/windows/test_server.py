"""What only the real server can show: types of values, sentences, whole columns of answers, compiled code."""

from __future__ import annotations

from collections import Counter
from typing import Any

import numpy as np
import pytest

from .calls import MISSING, MODULE, Calls, rows_of
from .conftest import Job

ENTRY = "tieraddin.hosts.excel.calls"
VT_R8, VT_DATE, VT_BSTR, VT_ERROR = 5, 7, 8, 10
PARAMETER_NOT_FOUND = -2147352572


def column(*cells: Any) -> dict[str, Any]:
    return {"range": [[cell] for cell in cells], "address": f"A2:A{len(cells) + 1}"}


def test_values_have_the_types_that_excel_tells_apart(job: Job) -> None:
    asked = [
        ("PARETO_CLASS", [[50, "x", 7]], [VT_BSTR, VT_ERROR, VT_BSTR]),
        ("PARETO_SHARE", [[30, "x", 10]], [VT_R8, VT_ERROR, VT_R8]),
        ("WORKDAY_CN", ["2026-02-13", [1, "x"]], [VT_DATE, VT_ERROR]),
        ("FOLLOWUP_OVERDUE", ["2026-01-05", "2026-01-09"], VT_R8),
        ("TIER", ["nothing", [1, 2]], VT_ERROR),
    ]
    types = [{"module": MODULE, "function": function, "args": arguments} for function, arguments, _ in asked]
    assert job([], types)["types"] == [expected for _, _, expected in asked]


@pytest.mark.parametrize("lang, sentence", [("en_US.UTF-8", "There is no model"), ("zh_CN.UTF-8", "没有名为")])
def test_what_was_wrong_is_told_in_words(job: Job, lang: str, sentence: str) -> None:
    """Also where xlwings alone asks; then the error of the very first answer is of no kind that Excel knows."""
    calls = Calls()
    first, again, column = (
        calls.formula(formula, {})
        for formula in ('=TIER("客户价值", 1)', '=TIER("客户价值", 1)', '=PARETO_CLASS({50,"many"})')
    )
    told, afterwards = (calls.call("faults", module=ENTRY) for _ in range(2))
    answers = [rows_of(call["result"]) for call in job(calls.made, plain=True, LC_ALL=lang)["calls"]]
    assert answers[first] == [[PARAMETER_NOT_FOUND]]
    assert (answers[again], answers[column]) == ([["#VALUE!"]], [["A", "#VALUE!"]])
    assert [line.partition(": ")[0] for (line,) in answers[told]] == ["TIER", "PARETO_CLASS"]
    assert sentence in answers[told][0][0]
    assert "客户价值" in answers[told][0][0]
    assert answers[afterwards] == [[""]]


POPULATION = [700, "200", None, "many", {"error": "#N/A"}, "¥100.00", -50, 200]
CUSTOMERS = [
    ["客户", "recency", "frequency", "monetary"],
    ["甲", 1, 5, 500],
    ["乙", 10, 4, 400],
    ["丙", 20, None, 300],
    ["甲", 1, 5, 500],
]


def test_a_column_of_answers_is_what_each_row_would_get(job: Job) -> None:
    """Row by row, as a workbook without the add-in's memory would ask."""
    calls = Calls()
    whole = {"range": CUSTOMERS, "address": "A1:D5"}
    questions: list[tuple[list[Any], dict[str, Any], int, str]] = [
        ([None, MISSING, MISSING, MISSING, column(*POPULATION)], column(*POPULATION), 0, "PARETO_CLASS"),
        ([None, column(*POPULATION)], column(*POPULATION), 0, "PARETO_SHARE"),
        ([None, MISSING, MISSING, column(*POPULATION)], column(*POPULATION), 0, "RANK_CLASS"),
        (["value-abc", None, MISSING, "crossing=out", column("Sales", 5, 3)], column("Sales", 5, 3), 1, "TIER"),
        (["rfm", None, MISSING, MISSING, whole], whole, 1, "TIER_SCORE"),
        (["rfm", None, {"range": CUSTOMERS[:1]}, MISSING, whole, "zh"], whole, 1, "TIER_WHY"),
        (["nothing", None, MISSING, MISSING, whole], whole, 1, "TIER"),
    ]
    places = []
    for arguments, among, data, function in questions:
        at_once = calls.call("column", function, *arguments, module=ENTRY)
        alone = []
        for row in among["range"]:
            arguments[data] = {"range": [row]}
            alone.append(calls.call(function, *arguments))
        places.append((at_once, alone))
    answers = [rows_of(call["result"]) for call in job(calls.made)["calls"]]
    for at_once, alone in places:
        answer = answers[at_once] * (len(alone) if len(answers[at_once]) == 1 else 1)
        assert [[row] for row in answer] == [answers[i] for i in alone], at_once


def test_large_ranges_run_compiled_code(job: Job) -> None:
    cents = np.random.default_rng(5).lognormal(12, 1.5, 60_000).astype(int).tolist()
    calls = Calls()
    calls.call("loaded", module="peer")
    calls.call("PARETO_CLASS", {"range": [[cent / 100] for cent in cents]}, *[MISSING] * 4)
    calls.call("loaded", module="peer")
    before, (_, classes), after = (
        (call["result"], rows_of(call["result"]) if call["result"] else None) for call in job(calls.made)["calls"]
    )
    assert after[0] is True, before
    total, running, classed = sum(cents), 0, {}
    for cent in sorted(cents, reverse=True):
        classed.setdefault(cent, "ABC"[sum(running * 20 >= total * cut for cut in (16, 19))])
        running += cent
    assert classes == [[classed[cent]] for cent in cents]
    assert min(Counter(cell for (cell,) in classes).values()) > 100
