"""Each block P1-P9 through a small model, its grades, scores and reasons worked out by hand."""

from __future__ import annotations

import pytest

from tieraddin.grading.explain import Explainer
from tieraddin.tables.values import CellError

NUMBER, FLAG = 'kind = "number"', 'kind = "flag"'
NA = CellError("#N/A")


def choice(*names):
    values = "".join(f'[fields.values.{name}]\nlabel = {{ zh = "{name}值", en = "{name}" }}\n' for name in names)
    return f'kind = "choice"\n{values}'


def with_reason(model, reason):
    """The model with one reason for all grades."""
    grades = [{**g.model_dump(by_alias=True), "reason": {"zh": reason, "en": reason}} for g in model.grades]
    return type(model).model_validate(model.model_dump(by_alias=True, exclude_none=True) | {"grades": grades})


def table(grade, model, rows):
    """Grades and English reasons."""
    grading = grade(model, rows)
    explain = Explainer(grading, "en")
    return grading.grades, [explain.reason(i) for i in range(len(rows))]


def test_cumulative_share(grade, model_of):
    body = '[[steps]]\nblock = "cumulative_share"\ninput = "x"\ncuts = [0.5]\ngrades = ["A", "B"]'
    model = with_reason(model_of(body, {"x": NUMBER}, ["A", "B"]), "{grade}: {own:.0%} of {count}, {share} in all, {x}")
    grades, reasons = table(grade, model, [{"x": x} for x in (60, 30, -5, 10, None)])
    assert grades == ["A", "B", "B", "B", None]
    assert reasons == [
        "A: 60% of 4, 60% in all, 60",
        "B: 30% of 4, 90% in all, 30",
        "B: 0% of 4, 100% in all, -5 x is negative (-5): it counts as zero.",
        "B: 10% of 4, 100% in all, 10",
        "Not graded: x is blank.",
    ]
    assert table(grade, model, [{"x": 0}]) == ([None], ["Not graded: no customer has x above 0."])
    assert table(grade, model, [{"x": -1}, {"x": -2}])[1] == ["Not graded: no customer has x above 0."] * 2
    assert table(grade, model, [{"y": 0}]) == ([None], ["Not graded: there is no column for x."])


@pytest.mark.parametrize(
    "edges, grades", [("", ["C", "A", "B", "B", None]), ("edges = [9, 2]", ["C", "A", "B", "B", None])]
)
def test_rank_share(grade, model_of, edges, grades):
    body = f'[[steps]]\nblock = "rank_share"\ninput = "x"\ntop_shares = [0.2, 0.6]\n{edges}\ngrades = ["A", "B", "C"]'
    model = with_reason(
        model_of(body, {"x": NUMBER}, ["A", "B", "C"]), "{rank:d} of {count:d}, {position:.1%}, {score}"
    )
    found, reasons = table(grade, model, [{"x": x} for x in (1.5, 9, 2, 2, NA)])
    assert found == grades
    assert reasons[:4] == ["4 of 4, 100.0%, 4", "1 of 4, 25.0%, 1", "2 of 4, 50.0%, 2", "2 of 4, 50.0%, 2"]
    assert reasons[4] == "Not graded: x holds the error #N/A."


BANDS = """
[[steps]]
block = "bands"
input = "x"
bands = [{ grade = "A", at_most = 1 }, { grade = "B", above = 1, below = 2.5 }, { grade = "C", at_least = 2.5 }]
words = { never = "D" }
"""
WORDS = 'kind = "number"\n[fields.words.never]\nlabel = { zh = "不会", en = "not at all" }\naliases = ["nie"]'


def test_bands(grade, model_of):
    model = with_reason(model_of(BANDS, {"x": WORDS}, ["A", "B", "C", "D"]), "is {number:.1f}, {x}")
    grades, reasons = table(grade, model, [{"x": x} for x in (1, 1.001, 2.4999, 2.5, 1000, "NIE", "no", None)])
    assert grades == ["A", "B", "B", "C", "C", "D", None, None]
    assert reasons[3:] == [
        "is 2.5, 2.5",
        "is 1000.0, 1,000",
        "is not at all, not at all",
        'Not graded: x is "no", which can\'t be read: it may be a number, not at all.',
        "Not graded: x is blank.",
    ]


LADDER = """
[[steps]]
block = "ladder"
otherwise = "D"
rules = [
  { grade = "A", when = { all = [{ field = "x", at_least = 10 }, { not = { field = "bad", is = true } }] } },
  { grade = "B", when = { any = [
    { field = "x", above = 5 }, { all = [{ field = "p", is = true }, { field = "q", is = true }] },
  ] } },
  { grade = "C", when = { at_least_k = 2, of = [
    { field = "p", is = true }, { field = "q", is = true }, { field = "kind", is = ["k", "l"] },
  ] } },
]
"""
LADDER_FIELDS = {"x": NUMBER, "bad": FLAG, "p": FLAG, "q": FLAG, "kind": choice("k", "l", "m")}


@pytest.mark.parametrize(
    "row, wanted, reason",
    [
        ({"x": 10}, "A", "x 10 (at least 10); bad: no"),
        ({"x": 10, "bad": True}, "B", "x 10 (above 5)"),
        ({"x": 5, "p": 1, "q": 1}, "B", "p: yes; q: yes"),
        ({"x": 6, "p": 1, "q": 1}, "B", "x 6 (above 5); p: yes; q: yes"),
        ({"x": 5, "p": 1, "kind": "l"}, "C", "p: yes; kind: l"),
        ({"x": 5, "p": 1, "kind": "m"}, "D", "none of the other grades fits"),
        ({"x": 5, "kind": "k"}, "D", "none of the other grades fits"),
        ({"x": None, "kind": "k"}, None, "Not graded: x is blank."),
        ({"x": None, "p": 1, "q": 1}, None, "Not graded: x is blank."),
        ({"x": None, "bad": 1, "p": 1, "q": 1}, "B", "p: yes; q: yes"),
        ({"x": 1, "p": 1}, None, "Not graded: kind is blank."),
        ({"x": 1}, "D", "none of the other grades fits"),
        ({"x": 11, "bad": "perhaps"}, None, 'Not graded: bad is "perhaps", which can\'t be read as yes or no.'),
    ],
)  # fmt: skip
def test_ladder(grade, model_of, row, wanted, reason):
    model = with_reason(model_of(LADDER, LADDER_FIELDS, ["A", "B", "C", "D"]), "{because}")
    assert table(grade, model, [{"kind": None, "bad": None} | row]) == ([wanted], [reason])


def test_what_each_grade_lacks(grade, model_of):
    body = LADDER.replace('otherwise = "D"', "")
    model = model_of(body, LADDER_FIELDS, ["A", "B", "C"])
    _, reasons = table(grade, model, [{"x": 3, "bad": True, "p": True, "kind": "m"}])
    assert reasons == [
        "No grade fits. A needs x of at least 10 (now 3); bad: no (now yes). "
        "B needs x above 5 (now 3) or q: yes (now no). C needs q: yes (now no); kind: k or l (now m)."
    ]


NEGATED = """
[[steps]]
block = "ladder"
rules = [{ grade = "A", when = { not = { any = [
  { field = "x", at_least = { field = "y", plus = 1 } }, { field = "kind", is = "k" },
  { all = [{ field = "p", is = true }, { field = "q", is = true }] },
] } } }]
"""


@pytest.mark.parametrize(
    "row, wanted, reason",
    [
        ({"x": 2, "y": 5, "kind": "l"}, "A", "x 2 (below y 5 + 1); kind: l; p: no; q: no"),
        (
            {"x": 6, "y": 5, "kind": "k", "p": 1, "q": 1},
            None,
            "No grade fits. A needs x below y 5 + 1 (now 6); kind other than k (now k); "
            "p: no (now yes) or q: no (now yes).",
        ),
    ],
)
def test_negated_conditions_are_said_the_other_way_round(grade, model_of, row, wanted, reason):
    fields = {"x": NUMBER, "y": NUMBER, "kind": choice("k", "l"), "p": FLAG, "q": FLAG}
    model = with_reason(model_of(NEGATED, fields, ["A"]), "{because}")
    assert table(grade, model, [row]) == ([wanted], [reason])


def test_lowest_item(grade, model_of):
    body = '[[steps]]\nblock = "lowest_item"\nitems = ["a", "b"]\naids = ["c"]\ngrades = ["A", "B", "C"]'
    fields = dict.fromkeys("abc", choice("A", "B", "C"))
    model = with_reason(model_of(body, fields, ["A", "B", "C"]), "{lowest}.{aid}")
    rows = [{"a": "A", "b": "B", "c": "C"}, {"a": "C", "b": "C"}, {"a": "A", "b": None}, {"a": "A", "b": NA}]
    assert table(grade, model, rows) == (
        ["B", "C", None, None],
        [
            "b. As an aid: c alone would be C.",
            "a; b.",
            "Not graded: b is blank.",
            "Not graded: b holds the error #N/A.",
        ],
    )


SCORES = """
score = "total"
[[steps]]
id = "total"
block = "scorecard"
missing = "MISSING"
items = [{ input = "a", weight = 3 }, { input = "b" }, { input = "kind", points = { k = 10, l = 4 } }]
[[steps]]
block = "bands"
input = "total"
bands = [{ grade = "B", below = 6 }, { grade = "A", at_least = 6 }]
"""


@pytest.mark.parametrize(
    "row, missing, score, reason",
    [
        ({"a": 10, "b": 0, "kind": "k"}, "none", 8, "A"),  # (30 + 0 + 10) / 5
        ({"a": 6, "b": 2, "kind": "l"}, "none", 4.8, "B"),  # (18 + 2 + 4) / 5
        ({"a": 6, "b": 2, "kind": "k"}, "none", 6, "A"),
        ({"a": 6, "b": None, "kind": "k"}, "none", None, "Not graded: b is blank."),
        ({"a": 6, "b": None, "kind": "k"}, "reweight", 7, "A"),  # (18 + 10) / 4
        ({"a": None, "b": 1, "kind": None}, "reweight", 1, "B"),
        ({"a": None, "b": None, "kind": None}, "reweight", None, "Not graded: a is off the scale."),
        ({"a": 11, "b": 2, "kind": "k"}, "none", None, "Not graded: a is off the scale."),
    ],
)
def test_scorecard(grade, model_of, row, missing, score, reason):
    fields = {"a": NUMBER, "b": NUMBER, "kind": choice("k", "l")}
    model = with_reason(model_of(SCORES.replace("MISSING", missing), fields, ["A", "B"]), "{grade}")
    explain = Explainer(grade(model, [row]), "en")
    assert (explain.score(0), explain.reason(0)) == (score, reason)


GRID = """
[[steps]]
id = "high"
block = "bands"
input = "x"
bands = [{ grade = "low", below = 6 }, { grade = "high", at_least = 6 }]
[[steps]]
block = "grid"
x = "high"
y = "kind"
cells = [
  { x = "low", y = "k", grade = "C" }, { x = "low", y = "l", grade = "B" },
  { x = "high", y = "k", grade = "B" }, { x = "high", y = "l", grade = "A" },
]
"""


def test_grid(grade, model_of):
    model = with_reason(model_of(GRID, {"x": NUMBER, "kind": choice("k", "l")}, ["A", "B", "C"]), "{x} and {y}")
    pairs = [(6, "l"), (6, "k"), (5.9, "l"), (0, "k"), (9, "m"), (9, None), (None, "k")]
    grades, reasons = table(grade, model, [{"x": x, "kind": kind} for x, kind in pairs])
    assert grades == ["A", "B", "B", "C", None, None, None]
    assert reasons[:4] == ["high and l", "high and k", "low and l", "low and k"]
    assert reasons[4] == 'Not graded: kind is "m", which can\'t be read: it may be k, l.'
    assert reasons[5:] == ["Not graded: kind is blank.", "Not graded: x is blank."]


@pytest.mark.parametrize("otherwise, last, reason", [("", None, "No grade fits."), ('otherwise = "B"', "B", "m")])
def test_lookup(grade, model_of, otherwise, last, reason):
    body = f'[[steps]]\nblock = "lookup"\ninput = "kind"\ntable = {{ k = "A", l = "B" }}\n{otherwise}'
    model = with_reason(model_of(body, {"kind": choice("k", "l", "m")}, ["A", "B"]), "{word}")
    rows = [{"kind": "k"}, {"kind": "l值"}, {"kind": "m"}, {"kind": None}]
    assert table(grade, model, rows) == (["A", "B", last, None], ["k", "l", reason, "Not graded: kind is blank."])


def test_warnings_are_told_whatever_the_grade(grade, model_of):
    warning = '[[warnings]]\nid = "owes"\nwhen = { field = "debt", above = 100 }\n'
    warning += 'text = { zh = "欠款 {debt:.0f} {{元}}，{size}", en = "Owes {debt:.0f} {{CNY}}, {size}." }\n'
    size = '[[steps]]\nid = "size"\nblock = "bands"\ninput = "debt"\n'
    size += 'bands = [{ grade = "little", below = 50 }, { grade = "much", at_least = 50 }]\n'
    model = model_of(size + BANDS + warning, {"x": WORDS, "debt": NUMBER}, ["A", "B", "C", "D"])
    rows = [{"x": 1, "debt": 101}, {"x": 1, "debt": 100}, {"x": 1, "debt": None}, {"x": None, "debt": 101}]
    assert table(grade, model, rows)[1] == [
        "so A Owes 101 {CNY}, much.", "so A", "so A", "Not graded: x is blank. Owes 101 {CNY}, much.",
    ]  # fmt: skip
    assert Explainer(grade(model, rows), "zh").reason(0) == "因此A欠款 101 {元}，much"


def test_a_missing_required_field_leaves_no_grade(grade, model_of):
    model = model_of(BANDS, {"x": WORDS, "y": NUMBER + "\nrequired = true"}, ["A", "B", "C", "D"])
    assert table(grade, model, [{"x": 1, "y": 0}, {"x": 1, "y": None}]) == (
        ["A", None],
        ["so A", "Not graded: y is blank."],
    )
