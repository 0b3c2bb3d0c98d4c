"""The first shipped models, by tables of rows whose grades were worked out by hand from the documents' rules."""

from __future__ import annotations

from typing import Any

import pytest

from tieraddin.grading.explain import Explainer
from tieraddin.models.load import find_model
from tieraddin.tables.values import CellError

NA = CellError("#N/A")
Case = tuple[dict[str, Any], list[tuple[Any, str | None]]]
"""Options; and (what the main fields hold, the grade), one a row."""

VALUE_ABC: dict[str, Case] = {
    "cuts reached exactly": ({}, [(50, "A"), (30, "A"), (15, "B"), (4, "C"), (1, "C")]),
    "just short of the cut": ({}, [(50, "A"), (29, "A"), (16, "A"), (4, "C"), (1, "C")]),
    "the one that crosses stays out": ({"crossing": "out"}, [(50, "A"), (29, "A"), (16, "B"), (4, "C"), (1, "C")]),
    "the largest is A all the same": ({"crossing": "out"}, [(90, "A"), (10, "C")]),
    "one customer makes more than the cut": ({}, [(90, "A"), (10, "B")]),
    "ties in": ({}, [(20, "A"), (40, "A"), (20, "A"), (20, "A")]),
    "ties out": ({"crossing": "out"}, [(20, "C"), (40, "A"), (20, "C"), (20, "C")]),
    "as people write": (
        {},
        [
            ("¥1,200.50", "A"),
            ("１００", "B"),
            (None, None),
            (NA, None),
            ("abc", None),
            (-5, "C"),
            (0, "C"),
            (" ", None),
        ],
    ),
    "no total": ({}, [(0, None), (-3, None), (None, None)]),
    "own cuts": ({"cuts": [0.5, 0.6]}, [(50, "A"), (30, "B"), (20, "C")]),
}

RANK_ABC: dict[str, Case] = {
    "twenty": ({}, [(100 - i, "A" if i < 1 else "B" if i < 4 else "C") for i in range(20)]),
    "the count is rounded up": ({}, [(100 - i, "A" if i < 2 else "B" if i < 5 else "C") for i in range(21)]),
    "a tie takes the better class": (
        {},
        [(9, "A"), (9, "A"), (8, "B"), (7, "B"), (7, "B"), *[(i / 10, "C") for i in range(15)]],
    ),
    "those without a value don't count": (
        {},
        [
            (None, None),
            ("-", None),
            (NA, None),
            *[(50 - i, "A" if i < 1 else "B" if i < 4 else "C") for i in range(20)],
        ],
    ),
    "losses count": ({}, [(-1, "A"), (-2, "C"), (-3, "C"), (-4, "C"), (-5, "C")]),
    "one": ({}, [("1,000", "A")]),
    "own shares": ({"top_shares": "0.25,0.5"}, [(4, "A"), (3, "B"), (2, "C"), (1, "C")]),
    "all equal": ({}, [(7, "A")] * 5),
}

OEM = {"trade": "oem", "annual_volume": 2e7, "late_payments": 0, "uncollected_goods": 0, "wants_partnership": True}
MAKER = {"trade": "主机厂", "annual_volume": "20,000,000", "late_payments": "0", "uncollected_goods": 0}
SHOP = {"trade": "dealer", "annual_volume": 0, "prior_dealings": "y", "good_credit": "是"}
VOLUME_GATES: dict[str, Case] = {
    "A and B": (
        {},
        [
            (OEM, "A"),
            (OEM | {"annual_volume": 1e7}, "A"),
            (OEM | {"annual_volume": 9_999_999}, "B"),
            (OEM | {"annual_volume": 5e6}, "B"),
            (OEM | {"annual_volume": 4_999_999}, None),
            (OEM | {"late_payments": 1}, None),
            (OEM | {"uncollected_goods": 1}, None),
            (OEM | {"current_risk": True}, None),
            (OEM | {"wants_partnership": None}, None),
            (MAKER | {"wants_partnership": "是", "current_risk": "否"}, "A"),
            (MAKER | {"wants_partnership": "√", "current_risk": "有"}, None),
            (MAKER | {"wants_partnership": "否"}, None),
        ],
    ),
    "C and D": (
        {},
        [
            (SHOP, "C"),
            (SHOP | {"trade": "改装厂"}, "C"),
            (SHOP | {"good_credit": "否"}, None),
            (SHOP | {"unlawful_record": 1}, None),
            (SHOP | {"trade": "individual"}, None),
            (SHOP | {"prior_dealings": "n"}, "D"),
            (SHOP | {"prior_dealings": None, "good_credit": None}, "D"),
            (SHOP | {"trade": "个人", "prior_dealings": "否"}, "D"),
            (SHOP | {"trade": "converter", "prior_dealings": "no"}, None),
        ],
    ),
    "what is not known": (
        {},
        [
            (OEM | {"trade": None}, None),
            (OEM | {"trade": "bank"}, None),
            (OEM | {"annual_volume": None}, None),
            (OEM | {"annual_volume": NA}, None),
            (OEM | {"annual_volume": "lots"}, None),
            (OEM | {"late_payments": None}, None),
            (OEM | {"late_payments": -1}, None),
            (OEM | {"current_risk": "perhaps"}, None),
            (SHOP | {"late_payments": None, "current_risk": NA}, "C"),
        ],
    ),
    "own volumes": (
        {"volume_a": 300, "volume_b": 200},
        [
            (OEM | {"annual_volume": 300}, "A"),
            (OEM | {"annual_volume": 299}, "B"),
            (OEM | {"annual_volume": 199}, None),
        ],
    ),
}


def bought(recency: Any, frequency: Any, monetary: Any = 150) -> dict[str, Any]:
    return {"recency_days": recency, "frequency": frequency, "monetary": monetary}


RFM_EDGES = {"edges": "30,60,90,120;1,2,4,8;100,200,300,400"}
RFM: dict[str, Case] = {
    "every segment, by edges": (
        RFM_EDGES,
        [
            (bought(30, 5), "champions"),
            (bought(0, 9), "champions"),
            (bought(31, 5), "loyal"),
            (bought(90, 5), "loyal"),
            (bought(30, 4), "potential_loyalist"),
            (bought(60, 2), "potential_loyalist"),
            (bought(30, 1), "new"),
            (bought(31, 1), "promising"),
            (bought(60, 1), "promising"),
            (bought(61, 4), "need_attention"),
            (bought(90, 3), "need_attention"),
            (bought(61, 2), "about_to_sleep"),
            (bought(90, 1), "about_to_sleep"),
            (bought(91, 9), "cant_lose"),
            (bought(500, 9), "cant_lose"),
            (bought(91, 8), "at_risk"),
            (bought(121, 3), "at_risk"),
            (bought(91, 2), "hibernating"),
            (bought(121, 1), "hibernating"),
        ],
    ),
    "by quantiles": (
        {},
        [
            (bought("10", 5, 500), "champions"),
            (bought(20, 4, 400), "loyal"),
            (bought(30, 3, 300), "need_attention"),
            (bought(40, 2, 200), "hibernating"),
            (bought(50, 1, 100), "hibernating"),
        ],
    ),
    "what is not known": (
        RFM_EDGES,
        [
            (bought(None, 1, 100), None),
            (bought(10, None, 100), None),
            (bought(10, 5, None), None),
            (bought(NA, 5, 100), None),
            (bought("long ago", 5, 100), None),
        ],
    ),
    "all alike": ({}, [(bought(10, 2), "new")] * 3),
}


def tier(value: Any, cost: Any = 0) -> dict[str, Any]:
    return {"value": value, "service_cost": cost}


VALUE_TIERS: dict[str, Case] = {
    "by rank": (
        {},
        [
            (tier(200), "diamond"),
            *[(tier(199 - i), "gold") for i in range(3)],
            *[(tier(150 - i), "silver") for i in range(6)],
            *[(tier(20 - i), "ordinary") for i in range(10)],
        ],
    ),
    "by amounts": (
        {"edges": [1000, 500, 100]},
        [
            (tier(1000), "diamond"),
            (tier(999.99), "gold"),
            (tier(500), "gold"),
            (tier(499), "silver"),
            (tier(100, 5000), "silver"),
            (tier(99), "ordinary"),
            (tier(99, 99), "ordinary"),
            (tier(99, 99.01), "junk"),
            (tier(-1), "junk"),
            (tier(None, 5), None),
            (tier(NA, 5), None),
            (tier("x", 5), None),
            (tier(99, None), None),
            (tier(99, "?"), None),
            (tier(2000, None), "diamond"),
        ],
    ),
}

ALL_A = dict.fromkeys(("need", "area", "product", "price", "means", "process"), "A") | {"closing_days": 5}
TOUCHED = ALL_A | {"contact": "active", "contact_days": 3}
LOWEST: dict[str, Case] = {
    "items": (
        {},
        [
            (ALL_A, "A"),
            (ALL_A | {"need": "b"}, "B"),
            (ALL_A | {"process": "B级", "price": "C类"}, "C"),
            (ALL_A | {"means": "D"}, "D"),
            (ALL_A | {"area": None}, None),
            (ALL_A | {"area": "E"}, None),
            (ALL_A | {"area": NA}, None),
        ],
    ),
    "closing": (
        {},
        [
            (ALL_A | {"closing_days": 7}, "A"),
            (ALL_A | {"closing_days": 8}, "B"),
            (ALL_A | {"closing_days": 14}, "B"),
            (ALL_A | {"closing_days": 15}, "C"),
            (ALL_A | {"closing_days": "never"}, "D"),
            (ALL_A | {"closing_days": "不会成交"}, "D"),
            (ALL_A | {"closing_days": None}, None),
            (ALL_A | {"closing_days": "soon"}, None),
        ],
    ),
    "contact is an aid": (
        {},
        [
            (TOUCHED | {"contact": "refused"}, "A"),
            (TOUCHED | {"contact": None}, "A"),
            (TOUCHED | {"contact": "rude"}, "A"),
        ],
    ),
    "contact is an item": (
        {"contact": "item"},
        [
            (TOUCHED, "A"),
            (TOUCHED | {"contact_days": 7}, "A"),
            (TOUCHED | {"contact_days": 8}, "B"),
            (TOUCHED | {"contact_days": 15}, "B"),
            (TOUCHED | {"contact_days": 16}, "C"),
            (TOUCHED | {"contact": "被动冷淡"}, "C"),
            (TOUCHED | {"contact": "refused", "contact_days": None}, "D"),
            (TOUCHED | {"contact_days": None}, None),
            (TOUCHED | {"contact": None}, None),
        ],
    ),
}

LOSS_RATIO: dict[str, Case] = {
    "edges": (
        {},
        [
            (0.6, "target"),
            ("60%", "target"),
            (60, "target"),
            (0.6 + 1e-10, "target"),
            (0.6001, "ordinary"),
            ("60.1%", "ordinary"),
            (0.7499, "ordinary"),
            (0.75 - 1e-10, "high"),
            ("75%", "high"),
            (75, "high"),
            (1.0, "high"),
            ("100%", "high"),
            (100, "high"),
            (1.0001, "excluded"),
            (1.2, "excluded"),
            (120, "excluded"),
            (10, "excluded"),
            (10.5, "target"),
            (0, "target"),
        ],
    ),
    "what is not known": ({}, [(None, None), ("", None), ("n/a", None), (NA, None), (True, None)]),
    "own limits": ({"target": 0.5, "high": 0.9, "excluded": 2}, [(0.5, "target"), (0.6, "ordinary"), (2, "high")]),
}

FOLLOWUP: dict[str, Case] = {
    "the current grade is kept": (
        {},
        [("A", "A"), ("b", "B"), ("Ｃ", "C"), (" D ", "D"), (None, None), ("E", None), (NA, None), (7, None)],
    ),
}

MODELS: dict[str, tuple[str, dict[str, Case]]] = {
    "value-abc": ("value", VALUE_ABC),
    "rank-abc": ("value", RANK_ABC),
    "volume-gates": ("", VOLUME_GATES),
    "rfm": ("", RFM),
    "value-tiers": ("", VALUE_TIERS),
    "lowest-item-intent": ("", LOWEST),
    "loss-ratio": ("loss_ratio", LOSS_RATIO),
    "followup-duty": ("current_grade", FOLLOWUP),
}
CASES = [
    pytest.param(model, field, *case, id=f"{model}: {name}")
    for model, (field, cases) in MODELS.items()
    for name, case in cases.items()
]


@pytest.mark.parametrize("model, field, options, rows", CASES)
def test_worked_examples(grade, model, field, options, rows):
    result = grade(model, [{field: row} if field else row for row, _ in rows], **options)
    assert result.grades == [wanted for _, wanted in rows]
    for lang in ("zh", "en"):
        explain = Explainer(result, lang)
        for i, (_, wanted) in enumerate(rows):
            assert (explain.label(i) is None) == (wanted is None)
            reason = explain.reason(i)
            assert reason
            assert "{" not in reason


@pytest.mark.parametrize("model", MODELS)
def test_every_grade_is_in_an_example(model):
    _, cases = MODELS[model]
    seen = {wanted for _, rows in cases.values() for _, wanted in rows}
    assert seen == {*find_model(model).model.grade_ids, None}


@pytest.mark.parametrize(
    "groups, codes", [(5, ["555", "444", "333", "222", "111"]), (3, ["333", "333", "222", "111", "111"])]
)
def test_rfm_codes(grade, groups, codes):
    # of 1..5 the thirds lie at 2.33 and 3.67
    rows = [bought(10 * (5 - k), k, 100 * k) for k in (5, 4, 3, 2, 1)]
    explain = Explainer(grade("rfm", rows, groups=groups), "en")
    assert [explain.score(i) for i in range(5)] == codes


@pytest.mark.parametrize(
    "model, field, cells, scores",
    [
        ("value-abc", "value", [50, 30, 20, None], [0.5, 0.8, 1.0, None]),
        ("rank-abc", "value", [5, 7, 7, None, -1], [3, 1, 1, None, 4]),
        ("loss-ratio", "loss_ratio", [0.3, "75%", None], [0.3, 0.75, None]),
        ("followup-duty", "current_grade", ["A", None], [None, None]),
    ],
)
def test_scores(grade, model, field, cells, scores):
    explain = Explainer(grade(model, [{field: cell} for cell in cells]), "zh")
    assert [explain.score(i) for i in range(len(cells))] == scores
