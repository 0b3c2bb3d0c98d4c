from __future__ import annotations

from dataclasses import dataclass, field

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tieraddin.errors import TableRefused, UsageError
from tieraddin.language import use_language
from tieraddin.tables.headers import distinct, header_key, plain_header
from tieraddin.tables.mapping import How, Mapped, likely, map_fields, said

pytestmark = pytest.mark.usefixtures("english")


@dataclass
class Field:
    name: str
    zh: str
    en: str
    aliases: list[str] = field(default_factory=list)
    required: bool = False
    kind: str = "number"
    values: dict = field(default_factory=dict)
    words: dict = field(default_factory=dict)

    @property
    def label(self):
        return {"zh": self.zh, "en": self.en}


VALUE = Field("value", "销售额", "Sales", ["amount", "年销售额", "金额"], required=True)
PROFIT = Field("profit", "利润", "Profit", ["毛利", "gross profit"])
CITY = Field("city", "城市", "City", ["金额", "town"], kind="text")
VISITS = Field("visits", "到访次数", "Visits", [], required=True, kind="count")


def short(mapping):
    return {name: (mapped.column, str(mapped.how), mapped.scale) for name, mapped in mapping.items()}


@pytest.mark.parametrize(
    "header, key, scale",
    [
        ("销售额", "销售额", 1),
        ("销售额（万元）", "销售额", 10_000),
        ("销售额(元)", "销售额", 1),
        ("销售额 [人民币 亿元]", "销售额", 1e8),
        ("销售额（单位：千元）", "销售额", 1000),
        ("销售额/万元", "销售额", 10_000),
        ("销售额万元", "销售额", 10_000),
        ("销售额（万）", "销售额", 10_000),
        ("销量（万件）", "销量", 10_000),
        ("Sales (CNY '000)", "sales", 1000),
        ("Sales (in thousands)", "sales", 1000),
        ("Sales, USD million", "salesusdmillion", 1),
        ("Sales (USD million)", "sales", 1e6),
        ("SALES_amount", "salesamount", 1),
        ("Ｓａｌｅｓ  Amount:", "salesamount", 1),
        ("赔付率(%)", "赔付率", 1),
        ("间隔（天）", "间隔", 1),
        ("销售额(2024)", "销售额2024", 1),
        ("(万元)", "万元", 1),
        ("万元户", "万元户", 1),
        ("", "", 1),
    ],
)
def test_keys_of_headers(header, key, scale):
    assert header_key(header) == (key, scale)


@pytest.mark.parametrize(
    "header, plain",
    [
        ("销售额\n（万元）", "销售额"),
        ("Sales (CNY '000) 2024", "Sales 2024"),
        ("销售额（元）", "销售额（元）"),
        (" Sales ", "Sales"),
    ],
)
def test_a_header_without_the_unit_that_was_multiplied_in(header, plain):
    assert plain_header(header) == plain


@pytest.mark.parametrize(
    "headers, expected",
    [
        (["a", "b"], ["a", "b"]),
        (["a", "a", "a"], ["a", "a (2)", "a (3)"]),
        (["a", "a", "a (2)"], ["a", "a (3)", "a (2)"]),
        (["", "", "a"], ["", "", "a"]),
    ],
)
def test_equal_headers_are_told_apart(headers, expected):
    assert distinct(headers) == expected


@given(st.lists(st.sampled_from(["a", "b", "a (2)", "a (3)", "a (2) (2)"])))
def test_headers_told_apart_are_distinct(headers):
    assert len(set(distinct(headers))) == len(headers)


@pytest.mark.parametrize(
    "headers, how, expected",
    [
        (["客户", "销售额"], {}, {"value": (1, "exact", 1)}),
        (["客户", "SALES"], {}, {"value": (1, "exact", 1)}),
        (["客户", "value"], {}, {"value": (1, "exact", 1)}),
        (["客户", "Amount"], {}, {"value": (1, "alias", 1)}),
        (["客户", "年销售额（万元）"], {}, {"value": (1, "alias", 10_000)}),
        (["金额", "销售额"], {}, {"value": (1, "exact", 1)}),
        (["销售额", "利润", "毛利"], {}, {"value": (0, "exact", 1), "profit": (1, "exact", 1)}),
        (["销售额", "Profit of the year"], {}, {"value": (0, "exact", 1)}),
        (["销售额", "去年销售额"], {}, {"value": (0, "exact", 1)}),
        (["销售额", "去年（亿元）"], {"given": {"value": "去年（亿元）"}}, {"value": (1, "given", 1e8)}),
        (["销售额", "去年 数"], {"given": {"value": "去年数"}}, {"value": (1, "given", 1)}),
        (["销售额", "其他"], {"given": {"value": "B"}}, {"value": (1, "given", 1)}),
        (["销售额", "其他"], {"given": {"value": "d"}, "first_column": 3}, {"value": (1, "given", 1)}),
        (["B", "其他"], {"given": {"value": "B"}}, {"value": (0, "given", 1)}),
        (["销售额", ""], {"given": {"value": "#2"}}, {"value": (1, "given", 1)}),
        (["销售额", "销售额"], {"given": {"value": "销售额"}}, {"value": (0, "given", 1)}),
        (["销售额", "销售额"], {"given": {"value": "销售额 (2)"}}, {"value": (1, "given", 1)}),
        (["销售额", "利润"], {"given": {"profit": ""}}, {"value": (0, "exact", 1)}),
        (
            ["销售额", "利润"],
            {"given": {"profit": "销售额", "value": "销售额"}},
            {"value": (0, "given", 1), "profit": (0, "given", 1)},
        ),
        (["销售额", "旧"], {"remembered": {"value": "旧"}}, {"value": (1, "remembered", 1)}),
        (["销售额", "旧"], {"remembered": {"value": "不在了"}}, {"value": (0, "exact", 1)}),
        (["销售额", "旧"], {"remembered": {"value": "旧"}, "given": {"value": "A"}}, {"value": (0, "given", 1)}),
    ],
)
def test_columns_found(headers, how, expected):
    assert short(map_fields(headers, [VALUE, PROFIT], **how)) == expected


@pytest.mark.parametrize(
    "headers, fields, sentence",
    [
        (["销售额", "Sales"], [VALUE], r"field value \(Sales\): 销售额, Sales\. .*--map value="),
        (["销售额", "销售额"], [VALUE], r"销售额, 销售额 \(2\)"),
        (["amount", "年销售额"], [VALUE], "amount, 年销售额"),
        (["销售额", "毛利", "gross profit"], [VALUE, PROFIT], "profit .*毛利, gross profit"),
        (["金额"], [VALUE, CITY], r"column 金额 .*value \(Sales\), city \(City\)"),
        (["销售额 2024", "销售额 2025", "客户"], [VALUE], r"could be: 销售额 2024, 销售额 2025\. "),
        (["Salse", "customer"], [VALUE], r"could be: Salse\. "),
        (["客户", "电话"], [VALUE], "could be: 客户, 电话"),
        (["客户"], [VALUE, VISITS], r"value \(Sales\), visits \(Visits\)"),
        ([""], [VALUE], "could be: -"),
    ],
)
def test_what_is_unsure_is_refused(headers, fields, sentence):
    with pytest.raises(TableRefused, match=sentence) as refused:
        map_fields(headers, fields)
    assert refused.value.exit_code == 3
    assert "--map" in refused.value.sentence("zh")


@pytest.mark.parametrize(
    "given, sentence",
    [
        ({"value": "Slaes"}, "Slaes.*Sales amount"),
        ({"value": "ZZ"}, "ZZ.*客户, Sales amount"),
        ({"value": "#3"}, "#3"),
        ({"worth": "客户"}, "no field worth.*value"),
    ],
)
def test_what_is_given_but_not_there(given, sentence):
    with pytest.raises(UsageError, match=sentence):
        map_fields(["客户", "Sales amount"], [VALUE], given)


def test_a_required_field_given_none_is_still_missing():
    with pytest.raises(TableRefused):
        map_fields(["销售额"], [VALUE], {"value": ""})


def test_a_unit_is_no_scale_for_other_kinds():
    mapping = map_fields(["销售额", "城市（万元）"], [VALUE, CITY])
    assert mapping["city"].scale == 1


def test_what_is_said():
    mapping = {"value": Mapped(1, "销售额（万元）", How.EXACT, 10_000), "profit": Mapped(0, "利润", How.GIVEN)}
    scaled, plain = said(mapping)
    assert "销售额（万元）" in scaled
    assert "10,000" in scaled
    assert plain == "profit: column 利润 (as you said)"
    use_language("zh")
    assert "由您指定" in said(mapping)[1]


@pytest.mark.parametrize(
    "headers, expected",
    [
        (["Customer", "Sales", "amount"], ([1], True)),
        (["Amount", "Customer", "年销售额"], ([0, 2], True)),
        (["value", "销售额（万元）"], ([0, 1], True)),
        (["Customer", "amount_gbp", "Date"], ([1], False)),
        (["Amount due", "客户", "实付金额"], ([0, 2], False)),
        (["Salesperson", "am", ""], ([0], False)),
        (["Quantity", "Price", "A"], ([], False)),
    ],
)
def test_headers_that_could_be_a_field(headers, expected):
    """Its words before those that have one of them within; a part of a word is none."""
    assert likely(headers, VALUE) == expected
