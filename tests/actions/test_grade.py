"""Grading of data: files, standard input and frames, in the formats people have."""

from __future__ import annotations

import io
import json

import numpy as np
import openpyxl
import pandas as pd
import pytest

import tieraddin

from .conftest import SALES, SHARED, TIERS, Desk, abc, fill

RESULTS = ["grade", "class", "score", "reason", "next_step", "handling"]
CSV = "customer,value\n" + "".join(f"{name},{value}\n" for name, value in SALES)
RECORDS = [{"customer": name, "value": value} for name, value in SALES]
FIRST = ("value-abc", "rank-abc", "volume-gates", "rfm", "value-tiers", "lowest-item-intent", "loss-ratio")
"""The models that must be there; followup-duty has no example."""


def grades(records) -> list[str | None]:
    return [record["grade"] for record in records]


# Input


@pytest.mark.parametrize(
    "data",
    [
        CSV.encode(),
        CSV.encode("utf-8-sig"),
        CSV.replace("\n", "\r\n").encode(),
        CSV.replace("customer,value", "客户,销售额").encode("gb18030"),
        CSV.replace("customer,value", "客户,销售额").encode("utf-8-sig"),
        CSV.replace("500", '"¥500.00"').replace("300", '"３００"').encode(),
        CSV.replace("Ann", '"Ann, Inc."').encode(),
        CSV.replace(",", ";").encode(),
        CSV.replace(",", ";").replace("customer", '"customer, all of them,, really"').encode(),
        CSV.replace(",", "\t").encode("utf-16"),
    ],
)
def test_csv(data, desk):
    desk.path("in.csv").write_bytes(data)
    assert grades(desk.done("grade", desk.path("in.csv"), "--model", "value-abc")) == TIERS


def test_csv_cells_come_back_as_they_were(desk):
    """No 007 becomes 7, no NA becomes blank."""
    desk.path("in.csv").write_text("id,name,value\n007,NA,1\n1e5,null,2\n")
    back = desk.done("grade", desk.path("in.csv"), "--model", "value-abc")
    assert [(record["id"], record["name"]) for record in back] == [("007", "NA"), ("1e5", "null")]


@pytest.mark.parametrize(
    ("names", "encoding"),
    [
        (["Müller", "Éric", "Ana Peña", "Smith", "5 €"], "cp1252"),
        (["张三", "李四", "朱镕基", "喆", "A公司"], "gb18030"),
        (["Müller", "张三", "🙂", "x", "y"], "utf-8"),
    ],
)
def test_csv_names_in_the_encodings_that_spreadsheets_save(names, encoding, desk):
    rows = "".join(f"{name},{value}\n" for name, (_, value) in zip(names, SALES, strict=True))
    desk.path("in.csv").write_bytes(f"customer,value\n{rows}".encode(encoding))
    back = desk.done("grade", desk.path("in.csv"), "--model", "value-abc")
    assert [record["customer"] for record in back] == names


def test_json_file(desk):
    desk.path("in.json").write_text(json.dumps(RECORDS))
    back = desk.done("grade", desk.path("in.json"), "--model", "value-abc")
    assert grades(back) == TIERS
    assert [record["customer"] for record in back] == [name for name, _ in SALES]
    assert list(back[0]) == ["customer", "value", *RESULTS]


@pytest.mark.parametrize(
    "stdin", [json.dumps(RECORDS), "\ufeff" + json.dumps(RECORDS), json.dumps(RECORDS).replace("Ann", "\\uD83d\\ude00")]
)
def test_records_on_standard_input(stdin, desk):
    assert grades(desk.done("grade", "-", "--model", "value-abc", stdin=stdin.encode())) == TIERS


def test_parquet(desk):
    pd.DataFrame(RECORDS).to_parquet(desk.path("in.parquet"))
    assert grades(desk.done("grade", desk.path("in.parquet"), "--model", "value-abc")) == TIERS


def test_workbook(desk):
    book = openpyxl.Workbook()
    fill(book.active, [("Report",), (), ("Customer", "Sales", "Since"), *((*row, "2026-01-02") for row in SALES)])
    fill(book.active, [("Total", 1000)], 9)
    book.save(desk.path())
    back = desk.done("grade", desk.path(), "--model", "value-abc")
    assert grades(back) == TIERS
    assert back[0]["Customer"] == "Ann"
    assert back[0]["Sales"] == 500


def test_a_workbook_with_a_sheet_named(desk):
    book = openpyxl.Workbook()
    fill(book.active, [("Customer", "Sales"), ("Zed", 1)])
    fill(book.create_sheet("Second"), [("Customer", "Sales"), *SALES])
    book.save(desk.path())
    assert desk.run("grade", desk.path(), "--model", "value-abc").code == 3
    assert grades(desk.done("grade", desk.path(), "--model", "value-abc", "--sheet", "Second")) == TIERS


def test_records_of_different_keys(desk):
    """A key that is missing is blank; what is nested or strange comes back as it was."""
    records = [{"value": 1, "tags": ["x"]}, {"note": {"a": 1}}, {"value": "7", "客户": "李"}]
    back = desk.done("grade", "-", "--model", "value-abc", stdin=json.dumps(records))
    assert grades(back) == ["B", None, "A"]
    assert [{k: v for k, v in record.items() if k not in RESULTS} for record in back] == records
    assert all(record["reason"] for record in back)


# Output


def test_order_and_own_columns_are_kept(desk):
    records = [{"value": 1, "grade": "gold", "score": 7}, {"value": 9, "grade": None}, {"value": 1, "class": "x"}]
    back = desk.done("grade", "-", "--model", "value-abc", "--map", "current_grade=", stdin=json.dumps(records))
    assert [(r["value"], r["grade"]) for r in back] == [(1, "B"), (9, "A"), (1, "B")]
    assert [r.get("input_grade") for r in back] == ["gold", None, None]
    assert back[0]["input_score"] == 7
    assert back[2]["input_class"] == "x"


def test_a_column_called_input_grade_is_not_lost(desk):
    records = [{"value": 1, "grade": "g", "input_grade": "h"}]
    back = desk.done("grade", "-", "--model", "value-abc", stdin=json.dumps(records))[0]
    assert (back["grade"], back["input_grade"], back["input_input_grade"]) == ("A", "h", "g")


def test_csv_out(desk):
    desk.path("in.csv").write_text(CSV)
    answer = desk.run("grade", desk.path("in.csv"), "--model", "value-abc", "--format", "csv")
    back = pd.read_csv(io.StringIO(answer.out))
    assert list(back.columns) == ["customer", "value", *RESULTS]
    assert list(back["grade"]) == TIERS


@pytest.mark.parametrize("name", ["out.csv", "out.json", "out.parquet"])
def test_a_file_by_its_name(name, desk):
    desk.path("in.csv").write_text(CSV)
    answer = desk.run("grade", desk.path("in.csv"), "--model", "value-abc", "-o", desk.path(name))
    assert (answer.code, answer.out) == (0, "")
    assert answer.err == f"Written to {desk.path(name)}\n"
    read = {"csv": pd.read_csv, "json": pd.read_json, "parquet": pd.read_parquet}[name.partition(".")[2]]
    assert list(read(desk.path(name))["grade"]) == TIERS


def test_parquet_without_a_file_is_refused(desk):
    desk.path("in.csv").write_text(CSV)
    answer = desk.run("grade", desk.path("in.csv"), "--model", "value-abc", "--format", "parquet")
    assert answer.code == 2
    assert "-o" in answer.err


@pytest.mark.parametrize(
    "given, said",
    [(["-o", "."], ". can't be the output"), (["-o", "a.xlsx"], "retier"), (["--format", "xls"], "xls is no")],
)
def test_what_is_no_data_is_no_output(desk, given, said):
    desk.path("in.csv").write_text(CSV)
    answer = desk.run("grade", desk.path("in.csv"), "--model", "value-abc", "--lang", "en", *given)
    assert (answer.code, answer.out) == (2, "")
    assert said in answer.err
    assert "parquet" in answer.err


def test_cells_that_parquet_can_not_hold_are_refused(desk):
    records = json.dumps([{"value": 1, "x": 1}, {"value": 2, "x": "a"}])
    answer = desk.run("grade", "-", "--model", "value-abc", "-o", desk.path("out.parquet"), stdin=records)
    assert answer.code == 3
    assert "parquet" in answer.err
    assert answer.err.count("\n") == 1
    assert desk.state() == {}


def test_no_records_come_back_as_no_records(desk):
    assert desk.done("grade", "-", "--model", "value-abc", stdin="[]") == []
    desk.path("in.csv").write_text("customer,value\n")
    assert desk.done("grade", desk.path("in.csv"), "--model", "value-abc") == []


@pytest.mark.parametrize("value", [None, "soon", True, "#N/A", "", 1e400])
def test_a_record_that_can_not_be_graded_says_why(value, desk):
    back = desk.done("grade", "-", "--model", "value-abc", stdin=json.dumps([{"value": value}, {"value": 1}]))
    assert grades(back) == [None, "A"]
    assert back[0]["reason"] not in (None, "", back[1]["reason"])


def test_language_of_reasons(desk):
    zh = desk.done("grade", "-", "--model", "value-abc", "--lang", "zh", stdin=json.dumps(RECORDS))
    en = desk.done("grade", "-", "--model", "value-abc", "--lang", "en", stdin=json.dumps(RECORDS))
    assert "客户" in zh[0]["reason"]
    assert zh[0]["reason"].isascii() is False
    assert en[0]["reason"].isascii()


def test_follow_up_by_a_cadence(desk):
    records = json.dumps([{"value": 5, "last_contact": "2026-11-02"}, {"value": 1, "last_contact": None}])
    back = desk.done(
        "grade", "-", "--model", "value-abc", "--cadence", "followup-duty", "--as-of", "2026-11-20", stdin=records
    )
    assert (back[0]["next_contact"], back[0]["overdue_days"]) == ("2026-11-09", 11)
    assert back[1]["next_contact"] is None


# The worked examples


def examples() -> list[dict]:
    path = SHARED / "domain" / "examples.json"
    return json.loads(path.read_text("utf-8")) if path.is_file() else []


@pytest.mark.parametrize("number", range(len(examples())) or [None])
def test_worked_examples(number, desk):
    if number is None:
        pytest.skip("the shared folder with examples.json is not there")
    example = examples()[number]
    known = {model["id"] for model in desk.done("models")}
    assert set(FIRST) <= known
    assert example["model"] in known
    options = [f"--option={name}={value}" for name, value in example.get("options", {}).items()]
    as_of = [f"--as-of={example['as_of']}"] if "as_of" in example else []
    stdin = json.dumps(example["rows"])
    back = desk.done("grade", "-", "--model", example["model"], *options, *as_of, stdin=stdin)
    assert len(back) == len(example["rows"])
    for key, name in (("grades", "grade"), ("classes", "class"), ("scores", "score")):
        if key in example:
            assert [record[name] for record in back] == example[key]
    assert all(record["reason"] for record in back)


# Options


@pytest.mark.parametrize(
    ("options", "expected"),
    [
        (["cuts=0.5,0.9"], abc([v for _, v in SALES], (0.5, 0.9))),
        (["cuts = 0.5, 0.9 "], abc([v for _, v in SALES], (0.5, 0.9))),
        (["crossing=out"], ["A", "A", "B", "C", "C"]),
    ],
)
def test_options(options, expected, desk):
    given = [f"--option={option}" for option in options]
    assert grades(desk.done("grade", "-", "--model", "value-abc", *given, stdin=json.dumps(RECORDS))) == expected


@pytest.mark.parametrize(
    ("option", "said"),
    [
        ("cut=0.5", "cuts"),
        ("cuts", "cuts"),
        ("cuts=", "cuts"),
        ("cuts=a,b", "a,b"),
        ("cuts=0.9,0.5", "cuts"),
        ("cuts=0.5,1.5", "cuts"),
        ("cuts=nan,0.9", "cuts"),
        ("crossing=sideways", "sideways"),
        ("=1", "=1"),
    ],
)
def test_options_that_are_wrong(option, said, desk):
    answer = desk.run("grade", "-", "--model", "value-abc", f"--option={option}", stdin=json.dumps(RECORDS))
    assert answer.code == 2, answer
    assert said in answer.err
    assert answer.err.count("\n") == 1
    assert answer.out == ""


# From Python


def test_a_frame_keeps_its_rows_index_and_columns():
    frame = pd.DataFrame({"Sales": [30, 500, np.nan, 120], 7: list("abcd")}, index=["x", "y", "y", "z"])
    back = tieraddin.grade(frame, "value-abc", lang="en")
    assert list(back.index) == ["x", "y", "y", "z"]
    assert list(back.columns) == ["Sales", 7, *RESULTS]
    assert list(back["grade"]) == ["C", "A", None, "A"]
    pd.testing.assert_frame_equal(back[["Sales", 7]], frame)


def test_a_frame_with_options_and_a_mapping():
    frame = pd.DataFrame({"a": [v for _, v in SALES], "b": 1})
    back = tieraddin.grade(frame, "value-abc", map={"value": "a"}, cuts=[0.5, 0.9], lang="zh")
    assert list(back["grade"]) == abc([v for _, v in SALES], (0.5, 0.9))
    with pytest.raises(tieraddin.UsageError):
        tieraddin.grade(frame, "value-abc", map={"value": "a"}, cutz=[0.5])
    with pytest.raises(tieraddin.TableRefused):
        tieraddin.grade(frame, "value-abc")


def test_an_empty_frame_comes_back_empty():
    back = tieraddin.grade(pd.DataFrame({"Sales": pd.Series([], dtype=float)}), "value-abc")
    assert list(back.columns) == ["Sales", *RESULTS]
    assert len(back) == 0


def test_the_frame_given_is_not_changed():
    frame = pd.DataFrame({"Sales": [1, 2], "grade": ["x", "y"]})
    before = frame.copy(deep=True)
    back = tieraddin.grade(frame, "value-abc")
    pd.testing.assert_frame_equal(frame, before)
    assert list(back["input_grade"]) == ["x", "y"]


def test_equal_to_the_command_line(desk: Desk):
    values = [float(k * k % 83) for k in range(60)]
    frame = pd.DataFrame({"value": values})
    frame.to_csv(desk.path("in.csv"), index=False)
    by_command = desk.done("grade", desk.path("in.csv"), "--model", "rank-abc", "--lang", "en")
    by_call = tieraddin.grade(frame, "rank-abc", lang="en")
    assert grades(by_command) == list(by_call["grade"])
    assert [r["reason"] for r in by_command] == list(by_call["reason"])


@pytest.mark.parametrize(
    ("lang", "note"),
    [
        ("en", " The follow-up date counts Monday to Friday: the working days of {} are not published yet."),
        ("zh", "下次跟进按周一至周五推算：{} 年的放假安排尚未公布。"),
    ],
)
def test_a_follow_up_in_a_year_without_published_days_off_is_told_with_the_reason(lang, note):
    last = ["2026-03-16", "2098-12-29", "2099-03-16", None]
    frame = pd.DataFrame({"value": [700.0, 200.0, 70.0, 30.0], "last_contact": last})
    alone = tieraddin.grade(frame[["value"]], "value-abc", lang=lang)["reason"].tolist()
    both = tieraddin.grade(frame, "value-abc", cadence="followup-duty", lang=lang)
    more = [whole.removeprefix(plain) for whole, plain in zip(both["reason"], alone, strict=True)]
    years = [None if day is None or day.year < 2098 else day.year for day in both["next_contact"]]
    assert years == [None, 2099, 2099, None]
    assert more == [note.format(year) if year else "" for year in years]
