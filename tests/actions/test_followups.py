"""The command followups as a person uses it: the list, its sheets, its calendar, the workload.

The table is small enough to be worked out by hand. 16 March 2026 is a Monday, the day of the list is Tuesday the 17th.
"""

from __future__ import annotations

import datetime as dt
from collections import Counter

import openpyxl
import pytest
import vobject

from tests.actions.conftest import losses
from udfs import FUNCTIONS

HEADERS = ["Customer", "Rep", "Grade", "Last contact", "First visit", "Opening day"]
ROWS = [
    ["Ann", "Li", "A", dt.date(2026, 3, 16), None, dt.date(2026, 6, 1)],
    ["Bob", "Wu", "B", dt.date(2026, 3, 2), None, None],
    ["Cid", "Li", "C", dt.date(2026, 3, 5), None, None],
    ["Dee", "Li", "D", dt.date(2026, 1, 1), None, None],
    ["Eve", "Li", "B", dt.date(2026, 2, 27), None, None],
    ["Fay", None, "C", None, dt.date(2026, 3, 17), None],
    ["Gil", "Li", "A", dt.date(2026, 3, 5), None, None],
]
ASKED = ["--model", "followup-duty", "--as-of", "2026-03-17", "--lang", "en"]
LIST = [
    # late: Eve since day 5 (4 March), Cid and Gil since 12 March, the better grade first
    ("Li", "Eve", "B", "2026-03-02", "2026-03-04", "2026-03-17", 13),
    ("Li", "Gil", "A", "2026-03-12", "2026-03-12", "2026-03-17", 5),
    ("Li", "Cid", "C", "2026-03-12", "2026-03-12", "2026-03-17", 5),
    ("Li", "Ann", "A", "2026-03-19", "2026-03-19", "2026-03-19", 0),
    ("Li", "Eve", "B", "2026-03-20", "2026-03-22", "2026-03-20", 0),
    ("Li", "Ann", "A", "2026-03-23", "2026-03-23", "2026-03-23", 0),
    ("Li", "Eve", "B", "2026-03-23", "2026-03-25", "2026-03-23", 0),
    ("Wu", "Bob", "B", "2026-03-05", "2026-03-07", "2026-03-17", 10),
    ("Wu", "Bob", "B", "2026-03-20", "2026-03-22", "2026-03-20", 0),
    ("Wu", "Bob", "B", "2026-03-23", "2026-03-25", "2026-03-23", 0),
    ("", "Fay", "C", "2026-03-17", "2026-03-17", "2026-03-17", 0),
]


@pytest.fixture
def book(desk):
    return desk.book([HEADERS, *ROWS])


def lines(done):
    keys = ("rep", "customer", "grade", "due", "latest", "planned", "days_late")
    return [tuple(entry[key] for key in keys) for entry in done["followups"]]


def table_of(path, sheet, first):
    """The rows of a table on a sheet, as dicts: from the row that begins with ``first`` to the next blank row."""
    cells = [[cell.value for cell in row] for row in openpyxl.load_workbook(path)[sheet].iter_rows()]
    start = next(k for k, row in enumerate(cells) if row[0] == first)
    rows = []
    for row in cells[start + 1 :]:
        if not any(value is not None for value in row):
            break
        rows.append({name: value for name, value in zip(cells[start], row, strict=True) if name})
    return rows


def test_the_list_of_a_week_by_rep_with_what_is_late_first(desk, book):
    before = desk.state()
    done = desk.done("followups", book, *ASKED, "--days", 7, "--preview")
    assert lines(done) == LIST
    assert done["late"] == 4
    assert [entry["row"] for entry in done["followups"]] == [6, 8, 4, 2, 6, 2, 6, 3, 3, 3, 7]
    assert desk.state() == before


@pytest.mark.parametrize(
    ("lang", "said"),
    [
        ("en", ["without a planned contact: 2 (rows 3, 4)", "later than 2026-03-17"]),
        (
            "zh",
            [
                "有 2 位客户未定级，没有为其安排联系（第 3、4 行）",
                "有 1 位客户的最近联系日期晚于 2026-03-17，请核对（第 5 行）",
            ],
        ),
    ],
)
def test_who_is_left_out_for_want_of_a_grade_and_whose_date_can_not_be_is_said(lang, said, desk):
    on = dt.date(2026, 3, 16)
    rows = [
        ["Ann", "Li", "A", on],
        ["Bob", "Li", None, on],
        ["Cid", "Li", "E", on],
        ["Dee", "Li", "C", dt.date(2026, 3, 18)],
    ]
    book = desk.book([HEADERS, *rows])
    notes = desk.done("followups", book, *ASKED[:-1], lang, "--preview")["notes"]
    assert all(any(words in note for note in notes) for words in said)
    notes = desk.done("followups", desk.book([HEADERS, rows[0]]), *ASKED[:-1], lang, "--preview")["notes"]
    assert not any(words in note for note in notes for words in ("no grade", "later than", "未定级", "晚于"))


def test_grades_of_an_earlier_run_serve_where_the_table_has_none_of_its_own(desk):
    day = dt.date(2026, 3, 10)
    sales = desk.book([["Customer", "Sales", "Last contact"], ["a", 700, day], ["b", 200, day], ["c", 100, day]])
    graded = desk.done("retier", sales, "--model", "value-abc", "--as-of", "2026-03-17")["output"]
    done = desk.done("followups", graded, *ASKED, "--preview")
    assert {(entry["customer"], entry["grade"]) for entry in done["followups"]} == {("a", "A"), ("b", "A"), ("c", "B")}


def test_the_list_is_on_a_sheet_of_a_copy_and_nothing_else_changes(desk, book):
    done = desk.done("followups", book, *ASKED, "--days", 7)
    assert done["output"] == str(desk.path("book.followups.xlsx"))
    rows = table_of(done["output"], "Follow-ups", "Rep")
    assert [
        (
            row["Rep"], row["Customer"], row["Grade"],
            *(f"{row[name]:%Y-%m-%d}" for name in ("Due from", "At the latest", "Do on")), row["Days late"] or 0,
        )
        for row in rows
    ] == [(rep or "(no rep)", *rest) for rep, *rest in LIST]  # fmt: skip
    assert rows[0]["Why"] == "B: call every 3 to 5 days"
    assert rows[3]["Why"] == "A: call 2 a week until Opening day"
    assert rows[-1]["Why"] == "never contacted: on the day of the first visit"
    assert rows[0]["Last contact"] == dt.datetime(2026, 2, 27)
    assert losses(book, desk.path("book.followups.xlsx"), "Sheet1", "") == []


def test_the_sheets_are_renewed_and_a_persons_own_is_left_alone(desk, book):
    workbook = openpyxl.load_workbook(book)
    workbook.create_sheet("Workload")["A1"] = "mine"
    workbook.save(book)
    desk.done("followups", book, *ASKED, "--in-place", "--days", 60)
    desk.done("followups", book, *ASKED, "--in-place", "--days", 7, "--lang", "zh")
    after = openpyxl.load_workbook(book)
    assert after.sheetnames == ["Sheet1", "Workload", "Follow-ups", "Workload (2)"]
    assert after["Workload"]["A1"].value == "mine"
    assert len(table_of(book, "Follow-ups", "负责人")) == len(LIST)
    # the sheets of the list are no customers: the table is found as before
    assert len(desk.done("followups", book, *ASKED, "--preview", "--days", 7)["followups"]) == len(LIST)


def test_chinese(desk):
    book = desk.book(
        [["客户名称", "业务员", "客户等级", "最近联系日期", "开盘日期"],
         ["甲公司", "李", "B", dt.date(2026, 3, 16), None],
         ["乙公司", "李", "A", dt.date(2026, 3, 2), dt.date(2026, 3, 18)]]
    )  # fmt: skip
    answer = desk.run("followups", book, *ASKED, "--lang", "zh", "--days", 5, "--capacity", 1)
    assert answer.code == 0
    assert "乙公司" in answer.out
    assert "李：" in answer.out
    rows = table_of(desk.path("book.followups.xlsx"), "跟进计划", "负责人")
    assert [(row["客户"], row["事由"], row["方式"]) for row in rows] == [
        ("乙公司", "A：开盘日期前每周电话 2 次", "电话"),  # late, made on the 17th
        ("甲公司", "B：每 3-5 天电话一次", "电话"),
        ("乙公司", "A：开盘日期后每 7 天电话一次，其中开盘日期后 2 天内必须一次", "电话"),
        ("甲公司", "B：每 3-5 天电话一次", "电话"),
    ]


def test_the_work_of_each_rep_against_what_one_can_do(desk, book):
    load = desk.done("followups", book, *ASKED, "--preview", "--capacity", 3, "--span", 4)["workload"]
    reps = {rep["rep"]: rep for rep in load["reps"]}
    assert [rep["rep"] for rep in load["reps"]] == ["Li", "Wu", ""]
    li = reps["Li"]
    assert (li["customers"], li["grades"], li["late"]) == (5, {"A": 2, "B": 1, "C": 1, "D": 1}, 3)
    # Ann twice a week, Gil and Cid once, Eve 7/3 times
    assert li["per_week"] == pytest.approx(2 + 1 + 1 + 7 / 3)
    # the week of the 17th: see LIST; that of the 24th: Ann 26 and 30, Gil and Cid 24, Eve 26 and 27 (the 29th is off)
    assert li["weeks"] == [7, 6]
    assert li["people"] == [{"A": 2}, {"B": 1}, {"C": 1, "D": 1}]
    assert len(li["verdict"]) == 2
    assert reps["Wu"]["verdict"] == []
    assert reps["Wu"]["people"] == [{"B": 1}]
    rows = table_of(
        desk.run("followups", book, *ASKED, "--capacity", 3, "--span", 4) and desk.path("book.followups.xlsx"),
        "Workload",
        "Rep",
    )
    assert [(row["Rep"], row["From 2026-03-17"], row["From 2026-03-24"], row["People needed"]) for row in rows] == [
        ("Li", 7, 6, 3), ("Wu", 3, 2, 1), ("(no rep)", 1, 1, 1)
    ]  # fmt: skip


def test_the_span_is_that_of_the_model_where_none_is_said(desk):
    rows = [[f"C{i}", "Li", "A" if i < 10 else "C", dt.date(2026, 3, 16)] for i in range(100)]
    book = desk.book([["Customer", "Rep", "Grade", "Last contact"], *rows])
    load = desk.done("followups", book, *ASKED, "--preview")["workload"]
    assert load["span"] == 80
    assert load["reps"][0]["people"] == [{"A": 10, "C": 70}, {"C": 20}]
    assert load["reps"][0]["verdict"] == ["100 customers, one person can look after 80"]


def calendar(path):
    return list(vobject.readOne(path.read_text("utf-8")).vevent_list)


def test_the_calendar_is_one_of_whole_days_by_rep(desk, book):
    desk.done("followups", book, *ASKED, "--days", 7, "--ics", desk.path("list.ics"))
    events = calendar(desk.path("list.ics"))
    assert sorted((e.dtstart.value.isoformat(), e.summary.value) for e in events) == sorted(
        (planned, f"call: {customer} ({grade})") for _, customer, grade, _, _, planned, _ in LIST
    )
    assert all(e.dtend.value - e.dtstart.value == dt.timedelta(days=1) for e in events)
    assert all(type(e.dtstart.value) is dt.date for e in events)
    by_rep = Counter(e.categories.value[0] if hasattr(e, "categories") else "" for e in events)
    assert by_rep == Counter(rep for rep, *_ in LIST)
    late = next(e for e in events if "Eve" in e.summary.value)
    assert "13 days late" in late.description.value


def test_an_event_imported_again_moves_and_does_not_double(desk, book):
    path = desk.path("list.ics")
    desk.done("followups", book, *ASKED, "--days", 7, "--ics", path)
    first = {e.uid.value: e for e in calendar(path)}
    assert len(first) == len(LIST)
    desk.done("followups", book, *ASKED, "--days", 7, "--ics", path, "--as-of", "2026-03-18")
    second = {e.uid.value: e for e in calendar(path)}
    assert second.keys() >= {uid for uid, e in first.items() if "Ann" in e.summary.value}
    moved = [uid for uid in first if "Cid" in first[uid].summary.value]
    assert [second[uid].dtstart.value.isoformat() for uid in moved] == ["2026-03-18"]
    assert int(second[moved[0]].sequence.value) >= int(first[moved[0]].sequence.value)
    assert [file for file in desk.state() if file.endswith(".ics")] == ["list.ics"]  # our own calendar is renewed


def test_namesakes_have_events_of_their_own(desk):
    book = desk.book([HEADERS, ["Ann", "Li", "C", dt.date(2026, 3, 16)], ["Ann", "Li", "C", dt.date(2026, 3, 16)]])
    desk.done("followups", book, *ASKED, "--days", 7, "--ics", desk.path("list.ics"))
    events = calendar(desk.path("list.ics"))
    assert len({e.uid.value for e in events}) == len(events) == 2


def test_a_calendar_for_each_rep(desk):
    rows = [[name, rep, "C", dt.date(2026, 3, 16)] for name, rep in (("Ann", "Li/Wu"), ("Bob", "Zoe"), ("Cid", None))]
    book = desk.book([HEADERS, *rows])
    desk.path("calendars").mkdir()
    done = desk.done("followups", book, *ASKED, "--days", 7, "--ics", desk.path("calendars"))
    assert done["calendars"] == [str(desk.path("calendars") / f"{name}.ics") for name in ("Li_Wu", "Zoe", "(no rep)")]
    each = [[e.summary.value for e in calendar(path)] for path in sorted(desk.path("calendars").iterdir())]
    assert each == [["call: Cid (C)"], ["call: Ann (C)"], ["call: Bob (C)"]]


def test_a_file_that_is_no_calendar_of_ours_is_kept(desk, book):
    desk.path("list.ics").write_text("BEGIN:VCALENDAR\nmine\nEND:VCALENDAR\n")
    desk.done("followups", book, *ASKED, "--days", 7, "--ics", desk.path("list.ics"))
    copies = [file for file in desk.state() if file.startswith("list.backup")]
    assert len(copies) == 1
    assert "mine" in desk.path(copies[0]).read_text()


def test_the_yearly_review_is_a_duty_of_every_rep(desk):
    header = ["Customer", "Rep", "Annual sales", "Price level", "Collection rate", "Last contact"]
    rows = [["Ann", "Li", 6e6, 1, 1, dt.date(2026, 3, 10)], ["Bob", "Wu", 1e5, 0.5, 0.5, dt.date(2026, 3, 10)]]
    book = desk.book([header, *rows])
    done = desk.done("followups", book, "-m", "annual-composite", "--as-of", "2026-03-17", "--lang", "en", "--preview")
    reviews = [entry for entry in done["followups"] if entry["channel"] == "review"]
    assert [(r["rep"], r["planned"], r["due"], r["latest"], r["customer"]) for r in reviews] == [
        ("Li", "2026-03-25", "2026-03-25", "2026-03-30", ""), ("Wu", "2026-03-25", "2026-03-25", "2026-03-30", "")
    ]  # fmt: skip
    assert any("Also asked for" in note and "six months" in note for note in done["notes"])


def test_days_off_only_when_asked(desk):
    book = desk.book([HEADERS, ["Ann", "Li", "B", dt.date(2026, 3, 19), None, None]])
    asked = ["followups", book, *ASKED, "--as-of", "2026-03-20", "--days", 4, "--preview"]
    assert [entry["due"] for entry in desk.done(*asked)["followups"]] == ["2026-03-20"]
    assert [entry["due"] for entry in desk.done(*asked, "--days-off")["followups"]] == ["2026-03-22"]


def test_the_rhythm_of_another_model_for_computed_grades(desk):
    book = desk.book(
        [["Customer", "Sales", "Last contact"], ["Ann", 800, dt.date(2026, 3, 16)], ["Bob", 150, dt.date(2026, 3, 16)],
         ["Cid", 50, dt.date(2026, 3, 16)]]
    )  # fmt: skip
    done = desk.done(
        "followups", book, *ASKED, "-m", "value-abc", "--cadence", "followup-duty", "--preview", "--days", 7
    )
    assert [(entry["customer"], entry["grade"], entry["due"]) for entry in done["followups"]] == [
        ("Bob", "B", "2026-03-19"), ("Bob", "B", "2026-03-20"), ("Ann", "A", "2026-03-23"), ("Cid", "C", "2026-03-23")
    ]  # fmt: skip
    assert any("no column of reps" in note for note in done["notes"])


def test_never_and_for_ever_as_programs_write_them_hinder_nobody(desk):
    rows = [
        ["Ann", "Li", "B", "0001-01-01", None],
        ["Bob", "Li", "B", "9999-12-31", None],
        ["Cid", "Li", "B", dt.date(2026, 3, 16), None],
        ["Dee", "Li", "B", None, "0001-01-01"],
    ]
    done = desk.done("followups", desk.book([HEADERS, *rows]), *ASKED)
    assert {entry["customer"] for entry in done["followups"]} == {"Cid"}
    assert done["undated"] == [2, 5]
    assert any("(rows 3)" in note for note in done["notes"])  # which lies ahead


def test_dates_that_cannot_be_read_are_listed_and_not_taken_for_never(desk):
    rows = [
        ["Ann", "Li", "B", "1/2/2026", dt.date(2026, 1, 5)],
        ["Bob", "Li", "B", None, "soon"],
        ["Cid", "Li", "C", None, None],
    ]
    book = desk.book([HEADERS, *rows])
    done = desk.done("followups", book, *ASKED, "--preview")
    assert done["followups"] == []
    assert [(one["row"], one["customer"], one["field"]) for one in done["unreadable"]] == [
        (2, "Ann", "last_contact"), (3, "Bob", "first_visit")
    ]  # fmt: skip
    assert '"1/2/2026"' in done["unreadable"][0]["reason"]
    assert done["undated"] == [3, 4]
    answer = desk.run("followups", book, *ASKED)
    sheet = openpyxl.load_workbook(desk.path("book.followups.xlsx"))["Follow-ups"]
    assert any("Row 2, Ann" in str(cell.value) for cell in sheet["A"])
    assert "Nobody is to be contacted" in answer.out
    assert "1/2/2026" in answer.out


def test_a_year_without_published_days_off_is_told(desk):
    book = desk.book([HEADERS, ["Ann", "Li", "C", dt.date(2026, 12, 28), None, None]])
    done = desk.done("followups", book, *ASKED, "--as-of", "2026-12-30", "--preview", "--days", 7)
    assert [entry["due"] for entry in done["followups"]] == ["2027-01-04"]
    assert any("2027" in note and "CN" in note for note in done["notes"])


REFUSED = {
    "no column of last contacts": ([["Customer", "Grade"], ["Ann", "A"]], [], 3, "--map last_contact="),
    "a model without a rhythm": ([["Customer", "Sales"], ["Ann", 1]], ["-m", "value-abc"], 2, "followup-duty"),
    "a rhythm for other grades": (
        [["Customer", "Sales"], ["Ann", 1]], ["-m", "value-abc", "--cadence", "eight-levels"], 2, "strategic"
    ),
    "a cadence that has none": ([HEADERS, *ROWS], ["--cadence", "value-abc"], 2, "value-abc"),
    "no days": ([HEADERS, *ROWS], ["--days", 0], 2, "366"),
    "too many days": ([HEADERS, *ROWS], ["--days", 367], 2, "367"),
    "no capacity": ([HEADERS, *ROWS], ["--capacity", 0], 2, "--capacity"),
    "no span": ([HEADERS, *ROWS], ["--span", 0], 2, "--span"),
    "a calendar over a workbook": ([HEADERS, *ROWS], ["--ics", "book.xlsx"], 2, ".ics"),
    "a calendar in no folder": ([HEADERS, *ROWS], ["--ics", "nowhere/list.ics"], 3, "nowhere"),
    "output and in place": ([HEADERS, *ROWS], ["-o", "other.xlsx", "--in-place"], 2, "--in-place"),
}  # fmt: skip


@pytest.mark.parametrize("rows, more, code, named", REFUSED.values(), ids=REFUSED)
@pytest.mark.parametrize("lang", ["en", "zh"])
def test_refusals_name_what_to_do_and_write_nothing(desk, rows, more, code, named, lang):
    book = desk.book(rows)
    before = desk.state()
    more = [desk.path(text) if str(text).endswith((".ics", ".xlsx")) else text for text in more]
    answer = desk.run("followups", book, *ASKED, *more, "--lang", lang)
    assert answer.code == code
    assert named in answer.err
    assert answer.err.count("\n") == 1
    assert desk.state() == before


@pytest.mark.parametrize("as_of", ["2026-09-15", "2026-11-20"])
@pytest.mark.parametrize("lang", ["en", "zh"])
def test_the_formulas_give_the_dates_of_the_list(desk, as_of, lang):
    """Row by row on the sample: all that follows where nothing is late, else the first date."""
    sample = desk.done("demo", desk.folder, "--lang", lang)["input"]
    asked = ["-m", "value-abc", "--cadence", "followup-duty", "--preview", "--as-of", as_of, "--days", 90]
    done = desk.done("followups", sample, *asked)
    cells = openpyxl.load_workbook(sample).worksheets[0]
    column = next(
        cell.column
        for row in cells.iter_rows(max_row=5)
        for cell in row
        if cell.value == done["mapping"]["last_contact"]
    )
    listed: dict[int, list[str]] = {}
    for entry in done["followups"]:
        listed.setdefault(entry["row"], []).append(entry["due"])
    late = {entry["row"] for entry in done["followups"] if entry["due"] < as_of}
    grades = {entry["row"]: entry["grade"] for entry in done["followups"]}
    assert len(listed) == 59
    assert len(late) == (0 if as_of == "2026-09-15" else 56)
    for row, dues in listed.items():
        last = cells.cell(row, column).value
        assert FUNCTIONS["FOLLOWUP_DATE"]("followup-duty", grades[row], last).date().isoformat() == dues[0]
        if row not in late:
            plan = FUNCTIONS["FOLLOWUP_PLAN"]("followup-duty", grades[row], last, len(dues))
            assert [date.date().isoformat() for date in (plan[0] if isinstance(plan, list) else [plan])] == dues
