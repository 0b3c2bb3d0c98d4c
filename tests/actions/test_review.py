"""Reviews of real files: previewed, applied, taken back, and again on the same day."""

from __future__ import annotations

import datetime as dt

import openpyxl
import pytest

from .conftest import headers, losses, sheet_of, under

D = dt.date
TODAY = ("--as-of", "2026-03-20")
GATES = [
    (
        "Customer",
        "Trade",
        "Annual volume",
        "Prior dealings",
        "Good credit",
        "Grade",
        "Breach",
        "Breach on",
        "Good period",
    ),
    ("Ann", "dealer", 1000, True, True, "C", "yes", D(2026, 3, 14), None),  # was to be moved by 19 March
    ("Bob", "dealer", 1000, True, True, "C", "yes", D(2026, 3, 15), None),  # by today
    ("Cid", "dealer", 1000, True, True, "C", None, None, None),
    ("Dee", "dealer", 1000, True, True, "D", None, None, "yes"),
    ("Eve", "dealer", 1000, True, True, "C", "yes", None, "yes"),
    ("Fay", "dealer", 1000, True, True, None, None, None, None),  # fits C, and has no grade yet
    ("Gus", "dealer", None, True, True, "C", "yes", None, None),  # can't be graded
]
AFTER = ["D", "D", "C", "C", "D", "C", "C"]
DUTY = [
    ("客户", "当前等级", "定级日期", "意向变淡", "已批准"),
    ("甲", "A", D(2026, 3, 13), None, None),  # a week today
    ("乙", "A", D(2026, 3, 14), None, None),  # a week tomorrow
    ("丙", "C", D(2026, 3, 12), "是", None),  # waits for the manager
    ("丁", "C", D(2026, 3, 12), "是", "是"),
    ("戊", "B", D(2026, 3, 20), None, None),
]


def review(desk, path, model, *more):
    return desk.done("review", path, "--model", model, *TODAY, *more)


def found(done, key):
    return {entry["customer"]: (entry["from"], entry["to"]) for entry in done[key]}


def test_what_moves_and_why(desk):
    done = review(desk, desk.book(GATES), "volume-gates", "--lang", "en")
    assert found(done, "moves") == {
        "Ann": ("C", "D"), "Bob": ("C", "D"), "Eve": ("C", "D"), "Dee": ("D", "C"), "Fay": (None, "C"),
    }  # fmt: skip
    assert (done["waiting"], done["coming"], done["late"], done["output"]) == ([], [], 1, None)
    first = done["moves"][0]
    assert (first["row"], first["customer"], first["days_late"], first["deadline"]) == (2, "Ann", 1, "2026-03-19")
    assert (first["direction"], first["approval"]) == ("down", None)
    assert "breach" in first["reason"]
    assert {entry["customer"]: entry["direction"] for entry in done["moves"]} == {
        "Ann": "down", "Bob": "down", "Eve": "down", "Dee": "up", "Fay": "new",
    }  # fmt: skip
    assert [entry["row"] for entry in done["not_reviewed"]] == [8]
    assert any("Customers without a date in Breach on" in note and note.endswith(": 1.") for note in done["notes"])


def test_nothing_is_written_without_apply(desk):
    path = desk.book(GATES)
    before = desk.state()
    review(desk, path, "volume-gates")
    assert desk.state() == before


@pytest.mark.parametrize("asked", [("--in-place",), ("-o", "x.xlsx"), ("--overwrite",)])
def test_where_to_write_goes_with_apply(asked, desk):
    answer = desk.run("review", desk.book(GATES), "--model", "volume-gates", *asked)
    assert answer.code == 2
    assert "--apply" in answer.err


def test_applied_into_columns_of_our_own(desk):
    path = desk.book(GATES)
    done = review(desk, path, "volume-gates", "--apply", "--lang", "en")
    assert done["applied"] == 5
    out = sheet_of(done["output"])
    assert headers(done["output"])[-4:] == ["Tier", "Tier reason", "Tier since", "Tier reviewed"]
    assert under(out, "Tier") == AFTER
    assert under(out, "Grade") == [row[5] for row in GATES[1:]]
    today = dt.datetime(2026, 3, 20)
    assert under(out, "Tier since") == [today, today, None, today, today, today, None]
    assert under(out, "Tier reviewed") == [today] * 6 + [None]
    assert losses(path, done["output"], "Sheet1", "J:M") == []


def test_the_same_day_again_nothing_more_moves(desk):
    done = review(desk, desk.book(GATES), "volume-gates", "--apply", "--lang", "en")
    again = review(desk, done["output"], "volume-gates", "--lang", "en")
    assert (again["moves"], again["waiting"], again["coming"]) == ([], [], [])
    tiers = desk.done("retier", done["output"], "--model", "volume-gates", *TODAY, "--preview")
    assert {move["to"] for move in tiers["moves"]} == {None}  # of Gus, who can't be graded: a review keeps the grade


def test_a_re_tier_by_the_same_rules_agrees(desk):
    done = desk.done("retier", desk.book(GATES), "--model", "volume-gates", *TODAY, "--lang", "en")
    assert under(sheet_of(done["output"]), "Tier") == [*AFTER[:6], None]


def test_a_re_tier_later_keeps_the_dates_of_a_review(desk):
    done = review(desk, desk.book(GATES), "volume-gates", "--apply", "--in-place", "--lang", "en")
    book = openpyxl.load_workbook(done["output"])
    book.active["G4"] = "yes"  # Cid breaches
    book.save(done["output"])
    later = desk.done(
        "retier", done["output"], "--model", "volume-gates", "--as-of", "2026-04-02", "--lang", "en", "--in-place"
    )
    out = sheet_of(later["output"])
    march, april = dt.datetime(2026, 3, 20), dt.datetime(2026, 4, 2)
    assert under(out, "Tier")[1:3] == ["D", "D"]
    assert under(out, "Tier since")[1:3] == [march, april]
    assert under(out, "Tier reviewed")[1:3] == [april, april]


def test_overwrite_moves_the_persons_own_grade_and_date(desk):
    path = desk.book(DUTY)
    done = review(desk, path, "followup-duty", "--apply", "--overwrite", "--lang", "zh")
    out = sheet_of(done["output"])
    assert headers(done["output"]) == [*DUTY[0], "定级原因", "等级复核日"]
    assert under(out, "当前等级") == ["B", "A", "C", "D", "B"]
    since = [value.date() for value in under(out, "定级日期")]
    assert since == [D(2026, 3, 20), D(2026, 3, 14), D(2026, 3, 12), D(2026, 3, 20), D(2026, 3, 20)]
    assert losses(path, done["output"], "Sheet1", "B:C,F:G") == []
    again = review(desk, done["output"], "followup-duty")
    assert (found(again, "moves"), found(again, "waiting")) == ({}, {"丙": ("C", "D")})


def test_formulas_are_not_overwritten(desk):
    rows = [list(row) for row in DUTY]
    rows[1][1] = '="A"'
    answer = desk.run(
        "review", desk.book(rows), "--model", "followup-duty", *TODAY, "--apply", "--overwrite", "--lang", "en"
    )
    assert answer.code == 3
    assert "formulas" in answer.err


@pytest.mark.parametrize("model, rows", [("volume-gates", GATES), ("followup-duty", DUTY)])
@pytest.mark.parametrize("how", [(), ("--overwrite",)])
def test_restore_gives_back_every_cell(model, rows, how, desk):
    path = desk.book(rows)
    before = {c.coordinate: (c.value, c.number_format) for row in sheet_of(path).iter_rows() for c in row}
    review(desk, path, model, "--apply", "--in-place", *how)
    desk.done("restore", path)
    after = {c.coordinate: (c.value, c.number_format) for row in sheet_of(path).iter_rows() for c in row}
    assert {at: cell for at, cell in after.items() if cell[0] is not None} == {
        at: cell for at, cell in before.items() if cell[0] is not None
    }
    again = review(desk, path, model)
    assert again["moves"]


def cells(path):
    return {c.coordinate: c.value for row in sheet_of(path).iter_rows() for c in row if c.value is not None}


def test_restore_after_a_re_tier_gives_back_what_that_wrote(desk):
    path = desk.book(GATES)
    desk.done("retier", path, "--model", "volume-gates", *TODAY, "--in-place", "--lang", "en")
    tiers = cells(path)
    book = openpyxl.load_workbook(path)
    book.active["G4"] = "yes"  # Cid breaches
    book.save(path)
    done = desk.done("review", path, "--model", "volume-gates", "--as-of", "2026-03-21", "--apply", "--in-place")
    assert found(done, "moves")["Cid"] == ("C", "D")
    desk.done("restore", path)
    assert cells(path) == tiers | {"G4": "yes"}
    desk.done("restore", path)
    assert set(cells(path).values()) == {value for row in GATES for value in row if value is not None} - {
        value for row in GATES for value in row if isinstance(value, dt.date)
    } | {dt.datetime(2026, 3, 14), dt.datetime(2026, 3, 15)}


def test_approval(desk):
    path = desk.book(DUTY)
    done = review(desk, path, "followup-duty")
    assert found(done, "moves") == {"丁": ("C", "D"), "甲": ("A", "B")}
    assert found(done, "waiting") == {"丙": ("C", "D")}
    assert found(done, "coming") == {"乙": ("A", "B")}
    assert done["coming"][0]["due"] == "2026-03-21"
    assert {entry["customer"]: entry["approval"] for entry in (*done["moves"], *done["waiting"])} == {
        "丁": "given", "甲": None, "丙": "needed",
    }  # fmt: skip
    left = review(desk, path, "followup-duty", "--apply", "--lang", "zh")
    assert under(sheet_of(left["output"]), "等级") == ["B", "A", "C", "D", "B"]
    named = review(desk, path, "followup-duty", "--apply", "--approved-by", "王经理", "--lang", "zh")
    out = sheet_of(named["output"])
    assert under(out, "等级") == ["B", "A", "D", "D", "B"]
    assert ["王经理" in text for text in under(out, "定级原因")] == [False, False, True, False, False]


def test_the_log_holds_the_moves_with_their_reasons(desk):
    path = desk.book(DUTY)
    review(desk, path, "followup-duty", "--apply", "--in-place", "--approved-by", "Wang", "--lang", "en")
    (line,) = desk.done("history", path)
    assert (line["action"], line["model"], line["rows"], line["graded"]) == ("review", "followup-duty", 5, 5)
    assert line["counts"] == "A: 1; B: 2; C: 0; D: 2"
    assert "C > D: 2 (Fading" in line["moves"]
    assert "A > B: 1 (Undecided" in line["moves"]
    assert "approved_by=Wang" in line["options"]
    assert "as_of=2026-03-20" in line["options"]


def test_no_log_where_none_is_wanted(desk):
    path = desk.book(DUTY)
    review(desk, path, "followup-duty", "--apply", "--in-place", "--no-log")
    assert desk.done("history", path) == []


@pytest.mark.parametrize("days, coming", [("0", {}), ("1", {"乙": ("A", "B")})])
def test_days_ahead(days, coming, desk):
    assert found(review(desk, desk.book(DUTY), "followup-duty", "--days", days), "coming") == coming


def test_grades_to_be_looked_at_though_none_changes(desk):
    done = review(desk, desk.book(DUTY), "followup-duty", "--lang", "en")
    (entry,) = done["reviews"]
    assert (entry["kind"], entry["grade"], entry["due"], entry["rows"]) == ("weekly", "B", "2026-03-27", [6])


SCORED = [
    ("Customer", "Annual sales", "Price level", "Collection rate", "Grade", "Grade since", "Customer since"),
    ("Ann", 999999, 1, 0.79, "A", D(2025, 3, 28), None),  # a C by its figures, not before 25 March
    ("Bob", 5000000, 1, 1, "A", D(2025, 3, 28), None),
    ("Cid", 999999, 1, 0.79, "A", D(2026, 1, 5), D(2025, 12, 1)),  # new: the grade may change at any time
    ("Dee", 5000000, 1, 1, "A", D(2025, 9, 1), D(2025, 8, 1)),  # to be assessed since 31 January
]


@pytest.mark.parametrize(
    "lang, calendar, kept",
    [
        ("en", "The next yearly review is from 2026-03-25 to 2026-03-30.", "Stays A until the review of 2026-03-25"),
        ("zh", "下次年度评定：2026-03-25 至 2026-03-30。", "至 2026-03-25 复核前维持 A"),
    ],
)
def test_a_yearly_review_keeps_grades_until_it_is_held(lang, calendar, kept, desk):
    path = desk.book(SCORED)
    done = review(desk, path, "annual-composite", "--apply", "--lang", lang)
    assert done["calendar"] == calendar
    assert (found(done, "moves"), found(done, "coming")) == ({"Cid": ("A", "C")}, {"Ann": ("A", "C")})
    assert [(e["kind"], e["due"], e["days_late"], e["rows"]) for e in done["reviews"]] == [
        ("provisional", "2026-01-31", 48, [5]),
        ("yearly", "2026-03-25", 0, [3]),
    ]
    out = sheet_of(done["output"])
    column = {"en": ("Tier", "Tier reason", "Tier reviewed"), "zh": ("等级", "定级原因", "等级复核日")}[lang]
    assert under(out, column[0]) == ["A", "A", "C", "A"]
    assert under(out, column[1])[0].startswith(kept)
    today = dt.datetime(2026, 3, 20)
    assert under(out, column[2]) == [None, None, today, today]
    later = desk.done("review", done["output"], "--model", "annual-composite", "--as-of", "2026-03-26", "--apply")
    assert found(later, "moves") == {"Ann": ("A", "C")}
    assert under(sheet_of(later["output"]), column[0]) == ["C", "A", "C", "A"]


@pytest.mark.parametrize("lang, said", [("en", "has no column of current grades"), ("zh", "没有当前等级列")])
def test_without_a_current_grade_there_is_nothing_to_review(lang, said, desk):
    path = desk.book([("Customer", "Sales"), ("Ann", 5)])
    answer = desk.run("review", path, "--model", "rank-abc", "--lang", lang)
    assert answer.code == 3
    assert said in answer.err


@pytest.mark.parametrize(
    "asked, said", [(("--days", "-1"), "--days -1"), (("--apply", "--in-place", "-o", "x.xlsx"), "--in-place")]
)
def test_wrong_use(asked, said, desk):
    answer = desk.run("review", desk.book(DUTY), "--model", "followup-duty", "--lang", "en", *asked)
    assert answer.code == 2
    assert said in answer.err


@pytest.mark.parametrize(
    "lang, said",
    [
        ("en", ["1 wait for approval", "To move today:", "Waiting for approval", "Coming due:", "--apply carries"]),
        ("zh", ["1 位待批准", "今天应调整：", "待批准", "即将到期：", "加 --apply"]),
    ],
)
def test_people_read_it_in_their_language(lang, said, desk):
    answer = desk.run("review", desk.book(DUTY), "--model", "followup-duty", *TODAY, "--lang", lang)
    assert answer.code == 0
    for words in said:
        assert words in answer.out


def test_kinds_without_an_order_go_neither_up_nor_down(desk):
    path = desk.book([("Customer", "Temperament", "Grade"), ("Ann", "composed", "hesitant"), ("Bob", "composed", None)])
    done = desk.done("review", path, "--model", "temperaments")
    assert [(move["to"], move["direction"]) for move in done["moves"]] == [("composed", "other"), ("composed", "new")]


def test_a_blank_name_approves_nothing(desk):
    assert found(review(desk, desk.book(DUTY), "followup-duty", "--approved-by", " "), "waiting") == {"丙": ("C", "D")}


def test_a_model_without_moves_goes_by_its_entry_rules(desk):
    path = desk.book([("Customer", "Sales", "Grade"), ("Ann", 80, "B"), ("Bob", 15, "B"), ("Cid", 5, "C")])
    assert found(desk.done("review", path, "--model", "value-abc"), "moves") == {"Ann": ("B", "A")}
