"""The command line itself: help in both languages, terminals that can't show Chinese, the demo, exit codes."""

from __future__ import annotations

import json
import os
import subprocess
import sys

import openpyxl
import pytest
import typer

from tieraddin.language import say, use_language
from tieraddin.report import console

from .conftest import SALES, under

PLAIN = [("Customer", "Sales"), *SALES]


def process(*arguments: object, **environment: str) -> subprocess.CompletedProcess[bytes]:
    """The command in a process of its own."""
    command = [sys.executable, "-m", "tieraddin", *map(str, arguments)]
    return subprocess.run(command, capture_output=True, check=False, timeout=120, env=os.environ | environment)


@pytest.mark.parametrize("encoding", ["ascii", "cp1252", "utf-8"])
def test_a_terminal_that_can_not_show_chinese(encoding, desk):
    path = desk.book([("客户", "销售额"), *SALES, ("丁", None)])
    arguments = ("retier", path, "--model", "value-abc", "--lang", "zh", "--preview")
    shown = process(*arguments, PYTHONIOENCODING=encoding)
    assert (shown.returncode, shown.stderr) == (0, b"")
    assert ("客户" in shown.stdout.decode(encoding)) == (encoding == "utf-8")
    failed = process(
        "retier", desk.path("没有.xlsx"), "--model", "value-abc", "--lang", "zh", PYTHONIOENCODING=encoding
    )
    assert failed.returncode == 3
    assert failed.stderr.count(b"\n") == 1


def test_json_is_whole_on_any_terminal(desk):
    path = desk.book([("客户", "销售额"), *SALES])
    arguments = ("retier", path, "--model", "value-abc", "--lang", "zh", "--preview", "--json")
    shown = process(*arguments, PYTHONIOENCODING="ascii")
    assert shown.returncode == 0
    assert json.loads(shown.stdout)["columns"] == ["等级", "得分", "定级原因", "升级条件"]


def test_data_on_standard_output_is_utf_8_on_any_terminal(desk):
    desk.path("in.csv").write_text("客户,销售额\n甲,1\n", "utf-8")
    arguments = ("grade", desk.path("in.csv"), "--model", "value-abc", "--lang", "zh", "--format", "csv")
    shown = process(*arguments, PYTHONIOENCODING="ascii")
    assert shown.stdout.decode("utf-8").splitlines()[1].startswith("甲,1,A")


def test_a_reader_that_goes_away_is_no_fault(desk):
    command = [sys.executable, "-u", "-m", "tieraddin", "history", str(desk.book(PLAIN))]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as running:
        running.stdout.close()
        said = running.stderr.read()
        running.wait(60)
    assert said == b""


@pytest.mark.parametrize(("locale", "lang"), [("zh_CN.UTF-8", "zh"), ("en_GB.UTF-8", "en"), ("C", "en")])
def test_help_speaks_the_systems_language(locale, lang):
    shown = process("--help", LC_ALL=locale, PYTHONIOENCODING="utf-8", COLUMNS="200").stdout.decode()
    assert say("cli.about", lang) in shown
    assert say("cli.summarise", lang)[:20] in shown


@pytest.mark.parametrize("arguments", [("--lang", "zh"), ("--lang=zh",)])
def test_help_speaks_the_language_asked_for(arguments):
    shown = process("retier", *arguments, "--help", PYTHONIOENCODING="utf-8", COLUMNS="200", LC_ALL="C.UTF-8")
    assert say("cli.in_place", "zh") in shown.stdout.decode()


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("--help", "--lang", "zh"), "cli.about"),
        (("--lang", "zh", "--help"), "cli.panel_plan"),
        (("models", "--help", "--lang=zh"), "own_models.about_check"),
        (("addin", "--lang", "zh", "--help"), "cli.group_addin"),
    ],
)
def test_help_of_the_whole_and_of_groups_speaks_the_language_asked_for(arguments, said):
    shown = process(*arguments, PYTHONIOENCODING="utf-8", COLUMNS="200", LC_ALL="C.UTF-8")
    assert say(said, "zh") in shown.stdout.decode()


@pytest.mark.parametrize(
    ("arguments", "lang"),
    [(("--lang", "zh", "models", "rfm"), "zh"), (("--lang", "zh", "models", "rfm", "--lang", "en"), "en")],
)
def test_the_language_before_a_command_holds_unless_the_command_names_one(arguments, lang, desk):
    assert {"zh": "RFM客户细分", "en": "RFM segments"}[lang] in desk.run(*arguments).out
    assert desk.run("--lang", "fr", *arguments[2:4]).code == 2


def test_help_lists_the_commands_in_the_order_of_the_work():
    from tieraddin.cli import app

    names = typer.main.get_command(app).list_commands(None)
    order = ["demo", "retier", "history", "restore", "followups", "review", "portfolio", "whatif", "models", "addin"]
    assert [name for name in names if name in order] == order
    assert len(names) == len(set(names))


@pytest.mark.parametrize("command", ["retier", "followups", "review", "ownership", "amounts"])
def test_a_file_and_in_place_exclude_each_other(command, desk):
    book, before = desk.book(PLAIN), desk.state()
    answer = desk.run(command, book, "--model", "value-abc", "-o", desk.path("new.xlsx"), "--in-place", "--lang", "en")
    assert (answer.code, answer.err.strip()) == (2, say("cli.output_and_in_place", "en"))
    assert desk.state() == before


@pytest.mark.parametrize("arguments", [(), ("nonsense",), ("retier",), ("retier", "x.xlsx"), ("retier", "--nonsense")])
def test_wrong_use_of_the_command_line(arguments, desk):
    answer = desk.run(*arguments)
    assert answer.code == 2
    assert "Traceback" not in answer.out + answer.err


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_the_demo(lang, desk):
    """The sample is copied, graded beside the copy, and can be graded once more: the first result stays as a copy."""
    for files in (2, 3):
        done = desk.done("demo", desk.folder, "--lang", lang)
        assert done["graded"] > 0
        assert len(desk.state()) == files
    sheet = openpyxl.load_workbook(done["output"])[done["sheet"]]
    header = (
        done["header_row"] if "header_row" in done else int("".join(filter(str.isdigit, done["table"].split(":")[0])))
    )
    grades = under(sheet, done["columns"][0], header)
    assert sum(done["counts"].values()) == len([grade for grade in grades if grade]) == done["graded"]
    assert desk.run("demo", desk.folder, "--lang", lang).code == 0


def test_the_demo_writes_over_no_file_of_another(desk):
    desk.path("sample-customers.xlsx").write_bytes(b"mine")
    answer = desk.run("demo", desk.folder)
    assert answer.code == 2
    assert desk.path("sample-customers.xlsx").read_bytes() == b"mine"
    assert len(desk.state()) == 1


def test_long_lists_are_cut_for_people_and_whole_in_json(desk):
    path = desk.book([*PLAIN, *((f"C{k}", "?") for k in range(30))])
    shown = desk.run("retier", path, "--model", "value-abc", "--preview")
    assert "C" in shown.out
    assert "10" in shown.out.splitlines()[-2]
    assert len(desk.done("retier", path, "--model", "value-abc", "--preview")["ungraded"]) == 30


@pytest.mark.parametrize(("lang", "heads"), [("en", ["Run", "Moves"]), ("zh", ["运行", "变动"])])
def test_the_history_speaks_the_language(lang, heads, desk):
    book = desk.book(PLAIN)
    assert desk.run("retier", book, "--model", "value-abc", "--in-place").code == 0
    shown = desk.run("history", book, "--lang", lang).out.splitlines()[0].split()
    assert [shown[0], shown[-1]] == heads


@pytest.mark.parametrize(
    ("lang", "said"),
    [("en", "each counts as no: current_risk (Current risk), "), ("zh", "均按“否”计：current_risk（当前有风险）、")],
)
def test_marks_that_the_table_has_no_column_for_are_told(lang, said, desk):
    head = ("Customer", "Trade", "Annual volume", "Late payments", "Uncollected goods")
    full = ("Current risk", "Wants partnership", "Good credit", "Unlawful record", "Prior dealings")
    row = ("a", "oem", 12_000_000, 0, 0)
    asked = ("--model", "volume-gates", "--preview", "--lang", lang)
    [note] = desk.done("retier", desk.book([head, row]), *asked)["notes"]
    assert said in note
    assert desk.done("retier", desk.book([head + full, (*row, "no", "yes", "yes", "no", "yes")]), *asked)["notes"] == []


def test_a_table_that_is_wide_loses_no_letter(capsys, monkeypatch):
    monkeypatch.setenv("COLUMNS", "80")
    headers = [
        "Tier",
        "Customers",
        "Same tier",
        "Gone",
        "Value before",
        "Value later",
        "Kept",
        "Share later",
        "By chance",
    ]
    row = ["A", "875", "563", "89", "2,568,363", "3,141,238", "122.3%", "78.9%", "31.2%"]
    console.table(headers, [row], least=[None, *map(len, row[1:])])
    shown = capsys.readouterr().out
    assert sorted("".join(shown.split())) == sorted("".join([*headers, *row]).replace(" ", ""))
    assert all(cell in shown for cell in row)


NAMES = ["champions", "potential loyalist", "need attention", "about to sleep", "hibernating", "gone"]


@pytest.mark.parametrize("lang, colon, comma", [("en", ": ", ", "), ("zh", "：", "、")])
def test_a_matrix_too_wide_for_the_screen_is_a_list(lang, colon, comma, capsys, monkeypatch):
    """Of each row its head, and what it holds under which head; no word is broken."""
    monkeypatch.setenv("COLUMNS", "60")
    use_language(lang)
    rows = [[name, *(k * j if k != 2 else None for j in range(6))] for k, name in enumerate(NAMES)]
    console.table(["now \\ then", *NAMES], rows)
    lines = capsys.readouterr().out
    assert lines.splitlines()[0] == "now \\ then"
    assert f"champions{colon}" in lines
    facts = comma.join(f"{name} {j}" for j, name in enumerate(NAMES) if j)
    assert " ".join(lines.split()).count(" ".join(f"potential loyalist{colon}{facts}".split())) == 1
    assert max(map(len, lines.splitlines())) <= 60


def test_a_table_of_the_screen_breaks_no_word(capsys, monkeypatch):
    monkeypatch.setenv("COLUMNS", "60")
    rows = [["Birmingham Paperworks Ltd", "carries the business: running total 70.0% of all value", "2026-11-22"]]
    console.table(["Customer", "Reason", "At the latest"], rows, whole=["At the latest"])
    shown = capsys.readouterr().out
    words = {word for cell in (*rows[0], "Customer", "Reason", "At the latest") for word in cell.split()}
    assert words <= set(shown.split())
    assert max(map(len, shown.splitlines())) <= 60
