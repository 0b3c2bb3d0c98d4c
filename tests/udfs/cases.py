"""Formulas, the cells they read, and what they give: one table for every host.

What is expected was worked out by hand, never by the product. ``""`` is an empty text; ``Says`` is a text that holds
some words.
"""

from __future__ import annotations

import datetime as dt
from typing import Any, NamedTuple

from tieraddin.tables.values import CellError

NA, VALUE, NUM, DIV = map(CellError, ("#N/A", "#VALUE!", "#NUM!", "#DIV/0!"))


class Says(str):
    """A text that holds these words."""

    __slots__ = ()


class Case(NamedTuple):
    formula: str
    cells: dict[str, Any]
    expected: Any


def col(*values: Any) -> list[list[Any]]:
    return [[value] for value in values]


def row(*values: Any) -> list[list[Any]]:
    return [list(values)]


def day(text: str) -> dt.datetime:
    return dt.datetime.fromisoformat(text)


FOUR = {"A1": col(50, 30, 15, 5)}
MIXED = {"A1": col(700, "200", None, "many", NA, "¥100.00", -50)}
TWENTY = {"A1": col(*range(20, 0, -1))}
TABLE = {"A1": [["Customer", "Sales"], ["a", 700], ["b", 200], ["c", 100]]}
CHINESE = {"A1": [["客户名称", "销售额（万元）", "城市"], ["甲", 70, "上海"], ["乙", "2０", "北京"], ["丙", 10, None]]}
RATIOS = [["赔付率"], [0.6], ["60%"], [0.61], [0.75], [75], [1], [1.2], ["120%"], [None]]
GROUND = {
    "A1": [["ground", "position"], ["ours", "lead"], ["neutral", "level"], ["theirs", "trail"], ["theirs", "level"]]
}
RFM_ROWS = {
    "A1": [["Recency", "Orders", "Amount"], [1, 5, 500], [10, 4, 400], [20, 3, 300], [30, 2, 200], [40, 1, 100]]
}

PARETO = [
    Case("=PARETO_CLASS(A1:A4)", FOUR, col("A", "A", "B", "C")),  # 50, 80, 95, 100 %
    Case("=PARETO_CLASS(A1:A4,0.5)", FOUR, col("A", "B", "B", "B")),
    Case("=PARETO_CLASS(A1:A4,{0.5,0.9})", FOUR, col("A", "B", "B", "C")),
    Case('=PARETO_CLASS(A1:A4,"50%、90%")', FOUR, col("A", "B", "B", "C")),
    Case('=PARETO_CLASS(A1:A4,"0.5；0.9")', FOUR, col("A", "B", "B", "C")),
    Case("=PARETO_CLASS(A1:A4,C1:C2)", FOUR | {"C1": col(0.5, 0.9)}, col("A", "B", "B", "C")),
    Case("=PARETO_CLASS(A1:A4,C1:C3)", FOUR | {"C1": col(0.5, None, 0.9)}, col("A", "B", "B", "C")),
    Case('=PARETO_CLASS(A1:A4,,"甲,乙,丙")', FOUR, col("甲", "甲", "乙", "丙")),
    Case("=PARETO_CLASS(A1:A4,,{1,2,3})", FOUR, col(1, 1, 2, 3)),
    Case('=PARETO_CLASS(A1:A4,,{"key";"main";"rest"})', FOUR, col("key", "key", "main", "rest")),
    Case('=PARETO_CLASS(A1:A4,,"A,B")', FOUR, VALUE),
    Case('=PARETO_CLASS(A1:A3,,,"out")', {"A1": col(700, 200, 100)}, col("A", "B", "C")),
    Case('=PARETO_CLASS(A1:A3,,,"in")', {"A1": col(700, 200, 100)}, col("A", "A", "B")),
    Case('=PARETO_CLASS(A1:A2,,,"OUT")', {"A1": col(900, 100)}, col("A", "C")),  # the largest is A all the same
    Case('=PARETO_CLASS(A1:A4,,,"over")', FOUR, VALUE),
    Case("=PARETO_CLASS(A1:A4,{0.9,0.5})", FOUR, NUM),
    Case("=PARETO_CLASS(A1:A4,1.5)", FOUR, NUM),
    Case("=PARETO_CLASS(A1:A4,0)", FOUR, NUM),
    Case('=PARETO_CLASS(A1:A4,"half")', FOUR, VALUE),
    Case("=PARETO_CLASS(A1:A4,#N/A)", FOUR, NA),
    Case("=PARETO_CLASS(A1:A4,C1:C2)", FOUR | {"C1": col(0.5, DIV)}, DIV),
    Case("=PARETO_CLASS(A1:A7)", MIXED, col("A", "A", "", VALUE, NA, "B", "C")),
    Case("=PARETO_CLASS(A1:A3)", {"A1": col(5, 5, 5)}, col("A", "A", "A")),  # a tie is never split
    Case("=PARETO_CLASS(A1:A3)", {"A1": col(0, 0, None)}, col("", "", "")),  # a total of 0 gives no classes
    Case("=PARETO_CLASS(A1:A3)", {"A1": col(10, 0, -3)}, col("A", "C", "C")),
    Case("=PARETO_CLASS(A1)", {"A1": 7}, "A"),
    Case("=PARETO_CLASS(7)", {}, "A"),
    Case("=PARETO_CLASS(A1)", {"A1": None}, ""),
    Case("=PARETO_CLASS(A1)", {"A1": "seven"}, VALUE),
    Case("=PARETO_CLASS(A1)", {"A1": True}, VALUE),
    Case("=PARETO_CLASS(A1)", {"A1": DIV}, DIV),
    Case("=PARETO_CLASS(A1:D1)", {"A1": row(50, 30, 15, 5)}, row("A", "A", "B", "C")),
    Case("=PARETO_CLASS(A1:B2)", {"A1": [[50, 30], [15, 5]]}, [["A", "A"], ["B", "C"]]),
    Case("=PARETO_CLASS({50;30;15;5})", {}, col("A", "A", "B", "C")),
    Case("=PARETO_CLASS(A:A)", {"A1": col("Sales", 50, 30, 15, 5)}, col(VALUE, "A", "A", "B", "C")),
    Case("=PARETO_CLASS(A3,,,,A1:A4)", FOUR, "B"),
    Case("=PARETO_CLASS(A2:A3,,,,A1:A4)", FOUR, col("A", "B")),
    Case("=PARETO_CLASS(1000,,,,A1:A4)", FOUR, "A"),
    Case("=PARETO_CLASS(1,,,,A1:A4)", FOUR, "C"),
    Case("=PARETO_CLASS()", {}, VALUE),
    Case("=PARETO_CLASS(1,,,,,6)", {}, VALUE),
    Case("=PARETO_CUTOFF(A1:A4)", FOUR, 30),
    Case("=PARETO_CUTOFF(A1:A4,0.95)", FOUR, 15),
    Case('=PARETO_CUTOFF(A1:A4,"50%")', FOUR, 50),
    Case("=PARETO_CUTOFF(A1:A4,{0.8,0.95})", FOUR, row(30, 15)),
    Case("=PARETO_CUTOFF(A1:A5)", {"A1": col("Sales", 50, 30, 15, 5)}, 30),  # text is passed over, as SUM does
    Case("=PARETO_CUTOFF(A1:A3)", {"A1": col(50, NA, 5)}, NA),
    Case("=PARETO_CUTOFF(A1:A2)", {"A1": col(0, None)}, NA),
    Case("=PARETO_CUTOFF(A1:A4,1)", FOUR, NUM),
    Case("=PARETO_SHARE(A1:A4)", FOUR, col(0.5, 0.8, 0.95, 1)),
    Case("=PARETO_SHARE(A1:A4)", {"A1": col(40, 40, 20, 0)}, col(0.8, 0.8, 1, 1)),
    Case("=PARETO_SHARE(A1:A7)", MIXED, col(0.7, 0.9, "", VALUE, NA, 1, 1)),
    Case("=PARETO_SHARE(A3,A1:A4)", FOUR, 0.95),
    Case("=PARETO_SHARE(20,A1:A4)", FOUR, 0.8),  # 50 and 30 are as large or larger
    Case("=PARETO_SHARE(60,A1:A4)", FOUR, 0),
    Case("=PARETO_SHARE(-1,A1:A4)", FOUR, 1),
    Case("=PARETO_SHARE(A1:A2)", {"A1": col(0, 0)}, col("", "")),
    Case("=GINI(A1:A4)", {"A1": col(1, 1, 1, 1)}, 0),
    Case("=GINI(A1:A4)", {"A1": col(0, 0, 0, 8)}, 0.75),
    Case("=GINI({1,2,3,4})", {}, 0.25),
    Case("=GINI({1;3})", {}, 0.25),
    Case("=GINI(A1:A4)", {"A1": col("Sales", 1, "3", None)}, 0.25),
    Case("=GINI(A1:A2)", {"A1": col(-5, 5)}, 0.5),  # a negative value is a share of nothing
    Case("=GINI(A1:A2)", {"A1": col(0, None)}, NA),
    Case("=GINI(A1:A3)", {"A1": col(1, DIV, NA)}, DIV),
    Case("=GINI()", {}, VALUE),
    Case("=GINI(A1)", {}, NA),
]  # fmt: skip

CLASSES = [
    Case("=RANK_CLASS(A1:A20)", TWENTY, col("A", *"BBB", *"C" * 16)),
    Case("=RANK_CLASS(A1:A20,0.5)", TWENTY, col(*"A" * 10, *"B" * 10)),
    Case('=RANK_CLASS(A1:A20,{0.25,0.5},"上,中,下")', TWENTY, col(*"上" * 5, *"中" * 5, *"下" * 10)),
    Case("=RANK_CLASS(A1:A5,0.2)", {"A1": col(9, 9, 1, 1, 1)}, col("A", "A", "B", "B", "B")),  # ties: the better class
    Case("=RANK_CLASS(A1:A4,0.5)", {"A1": col(5, None, 0, -3)}, col("A", "", "A", "B")),  # 1.5 of 3 is rounded up
    Case("=RANK_CLASS(A1:A4,0.5)", {"A1": col(5, "x", NA, "３")}, col("A", VALUE, NA, "B")),
    Case("=RANK_CLASS(A4,,,A1:A20)", TWENTY, "B"),
    Case("=RANK_CLASS(A1:A2,,,A1:A20)", TWENTY, col("A", "B")),
    Case("=RANK_CLASS(A1:A20,{0.5,0.2})", TWENTY, NUM),
    Case('=RANK_CLASS(A1:A20,,"A,B,C,D")', TWENTY, VALUE),
    Case("=RANK_CLASS(5)", {}, "A"),
    Case('=BAND(A1:A4,"60,80","C,B,A")', {"A1": col(59.9, 60, 79, 80)}, col("C", "B", "B", "A")),
    Case('=BAND(A1:A4,"60,80","C,B,A","upper")', {"A1": col(59.9, 60, 79, 80)}, col("C", "C", "B", "B")),
    Case('=BAND(A1:A2,"60,80","C,B,A","lower,upper")', {"A1": col(60, 80)}, col("B", "B")),
    Case('=BAND(A1:A2,"60,80","C,B,A","上")', {"A1": col(60, 80)}, col("C", "B")),
    Case("=BAND(A1:A4,{60;80},{0,1,2})", {"A1": col(None, "65", "??", NA)}, col("", 1, VALUE, NA)),
    Case('=BAND(0.5,"50%","low,high")', {}, "high"),
    Case('=BAND(0.4999999999,0.5,"low,high")', {}, "high"),  # an edge reached to within 1e-9 is reached
    Case('=BAND(5,"80,60","C,B,A")', {}, NUM),
    Case('=BAND(5,"60,80","C,B")', {}, VALUE),
    Case('=BAND(5,"60,80","C,B,A","middle")', {}, VALUE),
    Case('=BAND(5,,"A,B")', {}, VALUE),
    Case('=BAND(5,B1,"A,B")', {"B1": "sixty"}, VALUE),
    Case("=NATURAL_BREAKS(A1:A7,3)", {"A1": col(1, 2, 3, 10, 11, 12, 50)}, col(3, 12, 50)),
    Case("=NATURAL_BREAKS(A1:A7,1)", {"A1": col(1, 2, 3, 10, 11, 12, 50)}, 50),
    Case("=NATURAL_BREAKS({4,4,9},5)", {}, col(4, 9)),  # fewer distinct values than classes
    Case("=NATURAL_BREAKS(A1:A4,2.9)", {"A1": col("x", 1, 2, 30)}, col(2, 30)),
    Case("=NATURAL_BREAKS({1,2,3},0)", {}, NUM),
    Case('=NATURAL_BREAKS({1,2,3},"two")', {}, VALUE),
    Case("=NATURAL_BREAKS({1,2,3},)", {}, VALUE),
    Case("=NATURAL_BREAKS({1,2,3},{1,2})", {}, VALUE),
    Case("=NATURAL_BREAKS(A1:A2,2)", {"A1": col(None, None)}, NA),
    Case("=NATURAL_BREAKS(A1:A2,2)", {"A1": col(1, NA)}, NA),
]  # fmt: skip

TIERS = [
    Case('=TIER("value-abc",A1:B4)', TABLE, col("Tier", "A", "A", "B")),
    Case('=TIER("ABC by share of value",A1:B4)', TABLE, col("Tier", "A", "A", "B")),
    Case('=TIER("客户价值ABC分类",A1:B4)', TABLE, col("Tier", "A", "A", "B")),
    Case('=TIER("value-abc",A2:B4,A1:B1)', TABLE, col("A", "A", "B")),
    Case('=TIER("value-abc",B2:B4)', TABLE, col("A", "A", "B")),
    Case('=TIER("value-abc",B1:B4)', TABLE, col("Tier", "A", "A", "B")),
    Case('=TIER("value-abc",B2:B4,B1)', TABLE, col("A", "A", "B")),
    Case('=TIER("value-abc",A2:B4)', TABLE, VALUE),  # two columns and no header
    Case('=TIER("value-abc",A2:B4,B1)', TABLE, VALUE),
    Case('=TIER("value-abc",A2:B4,E1:F1)', TABLE | {"E1": row("x", "y")}, VALUE),
    Case('=TIER("value-abc",A2:B4,E1:F1)', TABLE | {"E1": row("Sales", "Revenue")}, VALUE),  # which one?
    Case('=TIER("value-abc",A2:C4,E1:E3)', CHINESE | {"E1": col("客户名称", "销售额", "城市")}, col("A", "A", "B")),
    Case('=TIER("value-abc",B1)', TABLE, VALUE),  # a header and nothing below
    Case('=TIER("value-abc",A1:C4)', CHINESE, col("Tier", "A", "A", "B")),
    Case('=TIER("value-abc",B2:B4,,"crossing=out")', TABLE, col("A", "B", "C")),
    Case('=TIER("value-abc",B2:B4,,"crossing = out ; cuts = 0.7, 0.9")', TABLE, col("A", "B", "C")),
    Case('=TIER("value-abc",B2:B4,,"cuts=0.5，0.9；crossing＝in")', TABLE, col("A", "B", "C")),
    Case('=TIER("value-abc",B2:B4,,D1:E2)', TABLE | {"D1": [["cuts", "0.5,0.9"], ["crossing", "in"]]}, col(*"ABC")),
    Case('=TIER("value-abc",B2:B4,,D1:E3)', TABLE | {"D1": [["crossing", "out"], [None, None]]}, col(*"ABC")),
    Case('=TIER("loss-ratio",0.5,,D1:E1)', {"D1": row("target", 0.4)}, "ordinary"),
    Case('=TIER("value-abc",B2:B4,,D1:F1)', TABLE | {"D1": row("cuts", 0.5, 0.9)}, VALUE),
    Case('=TIER("value-abc",B2:B4,,"cuts=50%, 90%")', TABLE, col("A", "B", "C")),
    Case('=TIER("value-abc",B2:B4,,"cut=0.5")', TABLE, VALUE),
    Case('=TIER("value-abc",B2:B4,,"cuts=0.9,0.5")', TABLE, VALUE),
    Case('=TIER("value-abc",B2:B4,,#N/A)', TABLE, NA),
    Case('=TIER("value-abcd",B2:B4)', TABLE, VALUE),
    Case("=TIER(,B2:B4)", TABLE, VALUE),
    Case("=TIER(#REF!,B2:B4)", TABLE, CellError("#REF!")),
    Case('=TIER("value-abc",B2,,,B2:B4)', TABLE, "A"),
    Case('=TIER("value-abc",B4,,,B2:B4)', TABLE, "B"),
    Case('=TIER("value-abc",B4,,,B:B)', TABLE, "B"),  # the column with its header
    Case('=TIER("value-abc",A3:B4,A1:B1,,A2:B4)', TABLE, col("A", "B")),
    Case('=TIER("value-abc",A4:B4,A1:B1,,A1:B4)', TABLE, "B"),  # a header row among them is no customer
    Case('=TIER("value-abc",A1:B2,,,A1:B4)', TABLE, col("Tier", "A")),
    Case('=TIER("value-abc",A3:B3,,,A1:B4)', TABLE, "A"),  # the header of the population is that of the row
    Case('=TIER("value-abc",A3:B4,,,A1:B4)', TABLE, col("A", "B")),
    Case('=TIER("value-abc",A2:B2,,,A1:B3)', {"A1": [["Customer", "Sales"], ["Sales", 5], ["b", 5]]}, "A"),
    Case('=TIER("value-abc",D1:E1,,,A1:B4)', TABLE | {"D1": row("d", 5)}, NA),
    Case('=TIER("value-abc",A2:B2,,,A2:B4)', TABLE, VALUE),  # no header anywhere
    Case('=TIER("value-abc",A2:C2,,,A1:B4)', TABLE, VALUE),
    Case('=TIER_SCORE("rfm",A3:C3,,,A1:C6)', RFM_ROWS, "444"),
    Case('=TIER_WHY("value-abc",A3:B3,,,A1:B4,"en")', TABLE, Says("90.0%")),
    Case('=TIER("value-tiers",A2,,,A1:B2)', {"A1": [["value", "service_cost"], [5, 1]]}, VALUE),  # other columns
    Case('=TIER("value-abc",5,,,B2:B4)', TABLE, NA),  # no member of the population
    Case('=TIER("value-abc",D1,,,B2:B4)', TABLE, ""),
    Case('=TIER("value-abc",D1,,,B2:B4)', TABLE | {"D1": DIV}, DIV),
    Case('=TIER("value-abc",A1:A7)', MIXED, col("A", "A", "", "", NA, "B", "C")),
    Case('=TIER("value-abc",A1:A2)', {"A1": col(0, None)}, col("", "")),
    Case('=TIER("value-abc",7)', {}, "A"),
    Case('=TIER("value-abc",{700;200;100})', {}, col("A", "A", "B")),
    Case('=TIER("rank-abc",A1:A20)', TWENTY, col("A", *"BBB", *"C" * 16)),
    Case('=TIER("customer-pyramid",A1:A20)', TWENTY, col("key", *["ordinary"] * 3, *["small"] * 16)),
    Case('=TIER("loss-ratio",A1:A10)', {"A1": RATIOS},
         col("Tier", "target", "target", "ordinary", "high", "high", "high", "excluded", "excluded", "")),
    Case('=TIER("loss-ratio",A2:A3,A1)', {"A1": RATIOS}, col("target", "target")),
    Case('=TIER("opening-grid",A1:B5)', GROUND, col("Tier", "G", "E", "C", "F")),
    Case('=TIER("rfm",A2:A3)', RFM_ROWS, VALUE),  # one column is not enough
    Case('=TIER("rfm",A1:C6)', RFM_ROWS,
         col("Tier", "champions", "loyal", "need_attention", "hibernating", "hibernating")),
    Case('=TIER("rfm",A2:C2,A1:C1,,A2:C6)', RFM_ROWS, "champions"),
    Case('=TIER("value-matrix",A1:B4)', {"A1": [["short_term", "long_term"], [6, 6], [5.9, 8], [7, 2]]},
         col("Tier", "1", "2", "3")),
    Case('=TIER("ten-stages",A2:B3,A1:B1)', {"A1": [["name", "city"], ["a", "x"], ["b", "y"]]}, VALUE),
    Case('=TIER("ten-stages",A1:C3)', {"A1": [["name", "signed", "paid"], ["a", "是", None], ["b", 0, "√"]]},
         col("Tier", "A02", "A02")),
    Case('=TIER("household-segments",A1:B4)',
         {"A1": [["income", "age"], ["高", 50], ["low", 30], ["middle", None]]}, col("Tier", "wealthy", "plain", "")),
    Case('=TIER("followup-duty",A1:B2)', {"A1": [["current_grade", "grade_since"], ["A", day("2026-01-05")]]}, VALUE),
    Case('=TIER("followup-duty",A1:B2,,"as_of=2026-02-01")',
         {"A1": [["current_grade", "grade_since"], ["A", day("2026-01-05")]]}, col("Tier", "A")),
    Case('=TIER("followup-duty",A1:B2,,"as_of=soon")',
         {"A1": [["current_grade", "grade_since"], ["A", day("2026-01-05")]]}, VALUE),
    Case('=TIER_SCORE("value-abc",B1:B4)', TABLE, col("Tier score", 0.7, 0.9, 1)),
    Case('=TIER_SCORE("value-abc",B1:B4,,,,"zh")', TABLE, col("得分", 0.7, 0.9, 1)),
    Case('=TIER_SCORE("value-abc",A1:A7)', MIXED, col(0.7, 0.9, "", "", NA, 1, 1)),
    Case('=TIER_SCORE("rank-abc",B3,,,B2:B4)', TABLE, 2),
    Case('=TIER_SCORE("rfm",A1:C6)', RFM_ROWS, col("Tier score", "555", "444", "333", "222", "111")),
    Case('=TIER_WHY("value-abc",B2:B4,,,,"en")', TABLE, col(Says("70.0%"), Says("90.0%"), Says("100.0%"))),
    Case('=TIER_WHY("value-abc",B1:B2,,,,"中文")', TABLE, col("定级原因", Says("100.0%"))),
    Case('=TIER_WHY("value-abc",A3:A4)', MIXED, col(Says("blank"), Says("many"))),
    Case('=TIER_WHY("value-abc",A5)', MIXED, NA),
    Case('=TIER_WHY("value-abc",B2:B4,,,,"fr")', TABLE, VALUE),
    Case('=TIER_NEXT("loss-ratio",A2:A4,A1,,,"en")', {"A1": [["赔付率"], [0.6], [0.7], [0.8]]},
         col("", Says("60%"), Says("75%"))),
    Case('=TIER_NEXT("loss-ratio",0.7,,,,"zh")', {}, Says("60%")),
    Case('=TIER_NEXT("value-abc",{700;200;100},,"crossing=out",,"en")', {}, col("", Says("A"), Says("B"))),
    Case('=TIER_PLAYBOOK("rfm","champions","zh")', {}, Says("新品")),
    Case('=TIER_PLAYBOOK("rfm",A1:A4,"en")', {"A1": col("loyal", "重要价值客户", None, "nobody")},
         col(Says("higher-value"), Says("referrals"), "", NA)),
    Case('=TIER_PLAYBOOK("client-ownership",{"held","warned"})', {}, row("", "")),
    Case('=TIER_PLAYBOOK("nothing","A")', {}, VALUE),
    Case('=TIER_PLAYBOOK("rfm",#N/A)', {}, NA),
    Case('=GRID_CELL("opening-grid","ours","lead")', {}, "G"),
    Case('=GRID_CELL("opening-grid",A2:A5,B2:B5)', GROUND, col("G", "E", "C", "F")),
    Case('=GRID_CELL("opening-grid",A1:A3,"level")', {"A1": col("ours", None, DIV)}, col("D", "", DIV)),
    Case('=GRID_CELL("opening-grid","ours","sideways")', {}, VALUE),
    Case('=GRID_CELL("value-matrix",{9;2},{9;9})', {}, col("1", "2")),
    Case('=GRID_CELL("present-quadrant","高","low")', {}, "EII"),
    Case('=GRID_CELL("value-abc",1,2)', {}, VALUE),
    Case('=GRID_CELL("value-matrix",{9;2},{9;9;9})', {}, VALUE),
]  # fmt: skip

RFM = [
    Case("=RFM_SCORE(A2:A6,B2:B6,C2:C6)", RFM_ROWS, col("555", "444", "333", "222", "111")),
    Case("=RFM_SCORE(A2:A6,B2:B6,C2:C6,2)", RFM_ROWS, col("222", "222", "211", "111", "111")),
    Case("=RFM_SCORE(A1:A3,B1:B3,C1:C3,2)", {"A1": [[1, 9, 9], [5, None, 1], ["x", 2, NA]]}, col("222", "", NA)),
    Case("=RFM_SCORE(3,4,5)", {}, "511"),  # one customer: no edge lies below it
    Case("=RFM_SCORE(A2:A6,B2:B6,C2:C5)", RFM_ROWS, VALUE),
    Case("=RFM_SCORE(A2:A6,B2:B6,C2:C6,1)", RFM_ROWS, NUM),
    Case("=RFM_SCORE(A2:A6,B2:B6,C2:C6,10)", RFM_ROWS, NUM),
    Case('=RFM_SCORE(A2:A6,B2:B6,C2:C6,"five")', RFM_ROWS, VALUE),
    Case("=RFM_SCORE(A2:A6,B2:B6)", RFM_ROWS, VALUE),
    Case('=RFM_SEGMENT("555","en")', {}, "champions"),
    Case('=RFM_SEGMENT(555,"zh")', {}, "重要价值客户"),
    Case('=RFM_SEGMENT({"541","344","512","415","333","321","155","135","111"},"en")', {},
         row("champions", "loyal", "new", "promising", "need attention", "about to sleep", "can't lose", "at risk",
             "hibernating")),
    Case("=RFM_SEGMENT(A1:A5)", {"A1": col(None, "56", "106", "abc", NA)}, col("", NUM, NUM, NUM, NA)),
    Case('=RFM_SEGMENT(RFM_SCORE(A2:A6,B2:B6,C2:C6),"en")', RFM_ROWS,
         col("champions", "loyal", "need attention", "hibernating", "hibernating")),
]  # fmt: skip

DATES = [
    Case('=FOLLOWUP_DATE("followup-duty","B",A1)', {"A1": day("2026-01-05")}, day("2026-01-08")),
    Case('=FOLLOWUP_DATE("followup-duty","C","2026-01-05")', {}, day("2026-01-12")),
    Case('=FOLLOWUP_DATE("followup-duty",A1:A5,B1:B5)',
         {"A1": col("A", "D", "E", None, "B"), "B1": col(*[day("2026-01-05")] * 4, None)},
         col(day("2026-01-12"), "", NA, "", "")),
    Case('=FOLLOWUP_DATE("followup-duty",A1:A2,"2026年1月5日")', {"A1": col("b", "c")},
         col(day("2026-01-08"), day("2026-01-12"))),
    Case('=FOLLOWUP_DATE("followup-duty","A","2026-01-05",,,"2026-03-02")', {}, day("2026-01-08")),  # twice a week
    Case('=FOLLOWUP_DATE("followup-duty","A","2026-03-02",,,"2026-03-02")', {}, day("2026-03-04")),  # within 2 days
    Case('=FOLLOWUP_DATE("followup-duty","B","2026-01-06")', {}, day("2026-01-09")),
    Case('=FOLLOWUP_DATE("followup-duty","B","2026-01-07")', {}, day("2026-01-09")),  # the 10th is a Saturday
    Case('=FOLLOWUP_DATE("followup-duty","C","2026-02-11")', {}, day("2026-02-14")),  # a Saturday worked
    Case('=FOLLOWUP_DATE("followup-duty","C","2026-02-11",,"US")', {}, day("2026-02-18")),
    Case('=FOLLOWUP_DATE("followup-duty","B","2026-01-05",,D1:E1)', {"D1": row(day("2026-01-08"), False)},
         day("2026-01-07")),
    Case('=FOLLOWUP_DATE("followup-duty","B",A1)', {"A1": "1/2/2026"}, VALUE),  # January or February?
    Case('=FOLLOWUP_DATE("followup-duty","B",A1)', {"A1": NA}, NA),
    Case('=FOLLOWUP_DATE("followup-duty","B","2026-01-05","call")', {}, day("2026-01-08")),
    Case('=FOLLOWUP_DATE("followup-duty","B","2026-01-05","电话")', {}, day("2026-01-08")),
    Case('=FOLLOWUP_DATE("followup-duty","B","2026-01-05","visit")', {}, VALUE),
    Case('=FOLLOWUP_DATE("eight-levels","honoured","2026-01-05","visit")', {}, day("2026-01-19")),
    Case('=FOLLOWUP_DATE("eight-levels","honoured","2026-01-05")', {}, day("2026-01-12")),  # the call
    Case('=FOLLOWUP_DATE("value-abc","A","2026-01-05")', {}, VALUE),
    Case('=FOLLOWUP_DATE("followup-duty","B","2026-01-05",,"XX")', {}, VALUE),
    Case('=FOLLOWUP_DATE("followup-duty","C","2040-01-02")', {}, day("2040-01-09")),  # no notice yet: Monday to Friday
    Case('=FOLLOWUP_DATE("followup-duty","C",46027)', {}, day("2026-01-12")),  # 46027 is 5 January 2026
    Case('=FOLLOWUP_PLAN("followup-duty","C","2026-01-05",3)', {},
         row(day("2026-01-12"), day("2026-01-19"), day("2026-01-26"))),
    Case('=FOLLOWUP_PLAN("followup-duty",A1:A2,B1:B2,2)',
         {"A1": [["B", day("2026-01-05")], ["D", day("2026-01-05")]]},
         [[day("2026-01-08"), day("2026-01-09")], ["", ""]]),  # the 11th is a Sunday: the 9th
    Case('=FOLLOWUP_PLAN("followup-duty","A","2026-01-05",4,,,"2026-03-02")', {},
         row(day("2026-01-08"), day("2026-01-12"), day("2026-01-15"), day("2026-01-19"))),  # twice in each week
    Case('=FOLLOWUP_PLAN("eight-levels","honoured","2026-01-05",3)', {},
         row(day("2026-01-12"), day("2026-01-19"), day("2026-01-26"))),  # call and visit on the 19th
    Case('=FOLLOWUP_PLAN("eight-levels","honoured","2026-01-05",2,"visit")', {},
         row(day("2026-01-19"), day("2026-02-02"))),
    Case('=FOLLOWUP_PLAN("followup-duty","C","2026-01-05",1)', {}, day("2026-01-12")),
    Case('=FOLLOWUP_PLAN("followup-duty","C","2026-01-05",0)', {}, NUM),
    Case('=FOLLOWUP_PLAN("followup-duty","C","2026-01-05",367)', {}, NUM),
    Case('=FOLLOWUP_PLAN("followup-duty",{"B","C"},"2026-01-05",2)', {}, VALUE),
    Case("=FOLLOWUP_OVERDUE(A1,B1)", {"A1": row(day("2026-01-05"), day("2026-01-09"))}, 4),
    Case('=FOLLOWUP_OVERDUE(A1:A4,"2026-01-09")',
         {"A1": col(day("2026-01-05"), "2026/1/9", None, day("2026-02-01"))}, col(4, 0, "", 0)),
    Case('=FOLLOWUP_OVERDUE(A1:A2,"2026-01-09")', {"A1": col("soon", DIV)}, col(VALUE, DIV)),
    Case('=FOLLOWUP_OVERDUE(FOLLOWUP_DATE("followup-duty","C","2040-01-02"),"2040-01-12")', {}, 3),
    Case("=FOLLOWUP_OVERDUE(A1)", {"A1": day("2026-01-05")}, VALUE),
    Case("=WORKDAY_CN(A1,1)", {"A1": day("2026-02-13")}, day("2026-02-14")),  # a Saturday worked
    Case("=WORKDAY_CN(A1,B1:B4)", {"A1": day("2026-02-13"), "B1": col(2, -1, 0, 1.9)},
         col(day("2026-02-24"), day("2026-02-12"), day("2026-02-13"), day("2026-02-14"))),
    Case('=WORKDAY_CN("2026-09-30",1)', {}, day("2026-10-08")),
    Case('=WORKDAY_CN("2026-10-08",2)', {}, day("2026-10-10")),  # a Saturday worked
    Case('=WORKDAY_CN("2026-07-02",1,"US")', {}, day("2026-07-06")),  # the 4th is a Saturday, kept on the 3rd
    Case('=WORKDAY_CN("2030-02-13",1)', {}, NA),  # no notice yet
    Case('=WORKDAY_CN("2026-01-05",5000)', {}, NA),
    Case('=WORKDAY_CN("2026-01-05",1000000)', {}, NUM),
    Case('=WORKDAY_CN("2026-01-05","x")', {}, VALUE),
    Case("=WORKDAY_CN(A1:A2,1)", {"A1": col(None, NA)}, col("", NA)),
    Case('=WORKDAY_CN("2026-03-02",1,C1:D3)',
         {"C1": [["日期", "上班"], [day("2026-03-03"), "否"], [day("2026-03-07"), "是"]]}, day("2026-03-04")),
    Case('=WORKDAY_CN("2026-03-06",1,C1:D1)', {"C1": row(day("2026-03-07"), 1)}, day("2026-03-07")),
    Case('=WORKDAY_CN("2027-03-05",1,C1:D1)', {"C1": row(day("2026-03-07"), 1)}, NA),  # a year without a row
    Case('=WORKDAY_CN("2026-03-06",1,C1:D2)', {"C1": [[day("2026-03-07"), 1], ["?", 1]]}, VALUE),
    Case('=WORKDAY_CN("2026-03-06",1,C1:D2)', {"C1": [[day("2026-03-07"), 1], [NA, 1]]}, NA),
    Case('=WORKDAY_CN("2026-03-06",1,C1:C2)', {"C1": col(day("2026-03-07"), day("2026-03-08"))}, VALUE),
    Case('=WORKDAYS_BETWEEN_CN("2026-02-01","2026-02-28")', {}, 16),  # 20 weekdays, 6 days off, 2 Saturdays worked
    Case('=WORKDAYS_BETWEEN_CN("2026-02-28","2026-02-01")', {}, -16),
    Case('=WORKDAYS_BETWEEN_CN("2026-10-01","2026-10-10")', {}, 3),  # the 8th, the 9th and Saturday the 10th
    Case("=WORKDAYS_BETWEEN_CN(A1:A4,B1)",
         {"A1": col(day("2026-02-14"), day("2026-02-15"), None, "?"), "B1": day("2026-02-14")},
         col(1, -1, "", VALUE)),
    Case('=WORKDAYS_BETWEEN_CN("2026-02-01","2031-02-01")', {}, NA),
    Case('=WORKDAYS_BETWEEN_CN("2026-07-01","2026-07-07","US")', {}, 4),
    Case('=WORKDAYS_BETWEEN_CN("2026-02-01","2026-02-28","Mars")', {}, VALUE),
]  # fmt: skip

VISIT = {"A1": day("2026-03-02")}
OWNERSHIP = [
    Case("=CLIENT_STATUS(B1:B5,A1,,)",
         VISIT | {"B1": col(*(day(f"2026-03-{d:02}") for d in (2, 5, 6, 11, 12)))},  # days 0, 3, 4, 9, 10
         col("held", "held", "warned", "warned", "released")),
    Case("=CLIENT_STATUS(B1:B5,A1,C1,C1)",
         VISIT | {"B1": col(*(day(f"2026-03-{d:02}") for d in (4, 16, 17, 19, 20))), "C1": day("2026-03-04")},
         col("held", "held", "warned", "warned", "released")),  # 0, 12, 13, 15, 16 days after the call-back
    Case("=CLIENT_STATUS(B1:B2,A1,C1,C1,D1)",
         VISIT | {"B1": col(day("2026-03-25"), day("2026-03-26")), "C1": day("2026-03-04"), "D1": day("2026-03-10")},
         col("warned", "released")),  # 15 and 16 days after the agreement, which is the later
    Case('=CLIENT_STATUS("2026-06-01",A1,,,,"是")', VISIT, "held"),  # asked for by name
    Case('=CLIENT_STATUS("2026-03-03",A1,,,,,TRUE)', VISIT, "released"),
    Case('=CLIENT_STATUS("2026-06-01",A1,,,,1,1)', VISIT, "held"),
    Case('=CLIENT_STATUS("2026-06-01",A1:A4,B1:B4,B1:B4)', {"A1": col(day("2026-05-31"), None, NA, "1/2/2026")},
         col("held", "", NA, VALUE)),
    Case('=CLIENT_STATUS("2026-06-01",A1,,,,"maybe")', VISIT, VALUE),
    Case("=CLIENT_STATUS(B1,A1,,)", VISIT, ""),
    Case('=CLIENT_STATUS("today",A1,,)', VISIT, VALUE),
    Case('=TIER("client-ownership",A1:A2)', {"A1": col("first_visit", day("2026-03-02"))}, VALUE),  # on which day?
    Case('=TIER("client-ownership",A1:A2,,"as_of=2026-03-06")', {"A1": col("first_visit", day("2026-03-02"))},
         col("Tier", "warned")),
    Case('=PHASED_AMOUNT("client-ownership",A1:A4,10000)', {"A1": col("gained", "signed", "papers", "paid")},
         col(3000, 5000, 7000, 10000)),
    Case('=PHASED_AMOUNT("client-ownership",A1:A5,B1:B5)',
         {"A1": col("按揭资料齐", None, "Signed", "sold", NA), "B1": col("1,000", 5, "x", 5, 5)},
         col(700, "", VALUE, NA, NA)),
    Case('=PHASED_AMOUNT("value-abc","gained",100)', {}, VALUE),
    Case('=PHASED_AMOUNT("client-ownership","gained",{1;2})', {}, col(0.3, 0.6)),
]  # fmt: skip

CASES = [*PARETO, *CLASSES, *TIERS, *RFM, *DATES, *OWNERSHIP]


def large_cases(rows: int = 100_000) -> list[Case]:
    """Cases of many rows, which hosts run apart: values that all differ, in no order, classed by counting."""
    values = [7919 * i % 100_003 for i in range(1, rows + 1)]  # 100,003 is a prime: no value comes twice
    total, reached, grades = sum(values), 0, {}
    for value in sorted(values, reverse=True):
        grades[value] = "ABC"[(reached * 20 >= total * 16) + (reached * 20 >= total * 19)]
        reached += value
    cells = {"A1": col(*values)}
    expected = col(*map(grades.__getitem__, values))
    return [
        Case(f"=PARETO_CLASS(A1:A{rows})", cells, expected),
        Case(f'=TIER("value-abc",A1:A{rows})', cells, expected),
        Case("=PARETO_CLASS(A:A)", cells, expected),
        Case(f"=PARETO_CLASS(A{rows},,,,A1:A{rows})", cells, grades[values[-1]]),
    ]
