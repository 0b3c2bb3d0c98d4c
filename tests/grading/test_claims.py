"""What the table of systems says that works, run for each model on its first worked example."""

from __future__ import annotations

import json
import re
import runpy
import tomllib
from collections import Counter
from pathlib import Path

import openpyxl
import pytest
from typer.testing import CliRunner

from tests.conftest import SHARED
from tests.models.conftest import MODELS
from tieraddin.cli import app
from tieraddin.models.load import find_model
from udfs import FUNCTIONS

ROOT = Path(__file__).parent.parent.parent
SYSTEMS = SHARED / "domain" / "systems.md"
PAGE = runpy.run_path(str(ROOT / "docs" / "models_page.py"))
CLAIMS = {id: PAGE["claims"](find_model(id).model) for id in MODELS}
NEEDS = {
    "P9": "playbook", "P10": "follow-up", "P11": "movement", "P12": "ownership", "P13": "amounts", "P14": "portfolio",
    "P15": "audit",
}  # fmt: skip
pytestmark = pytest.mark.usefixtures("no_models_of_ones_own")
STATES = ("held", "warned", "released")
DAY = "2026-03-20"


def claimed(claim):
    """The models of which the page says so."""
    return [id for id in MODELS if CLAIMS[id][claim]]


def example(id):
    """The first worked example of a model."""
    return tomllib.loads((Path(__file__).parent / "examples" / f"{id}.toml").read_text("utf-8"))["cases"][0]


def cells_of(id, case, extra=None):
    """The example as a table: headers are the fields' labels, then ``extra`` columns (header -> value of every row)."""
    fields = {field.name: field for field in find_model(id).model.fields}
    names = list(dict.fromkeys(name for row in case["rows"] for name in row))
    more = {
        header: value for header, value in (extra or {}).items() if header not in {fields[n].label.en for n in names}
    }
    head = [*(fields[name].label.en for name in names), *more]
    return [head, *([*(row.get(name) for name in names), *more.values()] for row in case["rows"])]


def workbook(path, rows):
    book = openpyxl.Workbook()
    for row in rows:
        book.active.append(row)
    book.save(path)
    return path


def run(command, path, id, case, *more):
    """A command on a workbook, in JSON."""
    options = [part for name, value in typed(case.get("options", {})) for part in ("--option", f"{name}={value}")]
    day = str(case.get("as_of", DAY))
    done = CliRunner().invoke(app, [command, str(path), "--model", id, *options, "--as-of", day, "--json", *more])
    assert done.exit_code == 0, done.output
    return json.loads(done.stdout)


def typed(options):
    """Options as a person types them into a formula."""
    texts = {k: ",".join(map(str, v)) if isinstance(v, list) else v for k, v in options.items()}
    return [[name, value] for name, value in texts.items()]


@pytest.mark.parametrize("id", claimed("formula"))
def test_the_formula_gives_the_grades_worked_out_by_hand(id):
    case = example(id)
    options = case.get("options", {}) | ({"as_of": str(case["as_of"])} if "as_of" in case else {})
    (_, *given) = FUNCTIONS["TIER"](id, cells_of(id, case), None, typed(options) or None)
    assert [row[0] for row in given] == case["grades"]


@pytest.mark.parametrize("id", claimed("retier"))
def test_retier_writes_the_grades_worked_out_by_hand(id, tmp_path):
    case = example(id)
    book = workbook(tmp_path / "in.xlsx", cells_of(id, case, {"Customer": "x"}))
    done = run("retier", book, id, case, "-o", str(tmp_path / "out.xlsx"), "--lang", "en")
    (head, *rows) = openpyxl.load_workbook(done["output"]).worksheets[0].iter_rows(values_only=True)
    labels = {grade.id: grade.label.en for grade in find_model(id).model.grades} | {"": None}
    at = next(i for i, header in enumerate(head) if str(header).startswith("Tier") and "score" not in header)
    assert [row[at] for row in rows] == [labels[grade] for grade in case["grades"]]


@pytest.mark.parametrize("id", claimed("next step"))
def test_some_row_has_a_next_step(id, tmp_path):
    cases = tomllib.loads((Path(__file__).parent / "examples" / f"{id}.toml").read_text("utf-8"))["cases"]
    steps = []
    for k, case in enumerate(cases):
        back = run("grade", workbook(tmp_path / f"{k}.xlsx", cells_of(id, case, {"Customer": "x"})), id, case)
        steps += [record["next_step"] for record in back]
    assert any(steps)


@pytest.mark.parametrize("id", claimed("playbook"))
def test_every_graded_row_has_its_handling(id, tmp_path):
    case = example(id)
    back = run("grade", workbook(tmp_path / "in.xlsx", cells_of(id, case, {"Customer": "x"})), id, case)
    assert all(
        (record["handling"] is not None) == (grade != "") for record, grade in zip(back, case["grades"], strict=True)
    )


@pytest.mark.parametrize("id", claimed("follow-up"))
def test_follow_up_names_who_is_due(id, tmp_path):
    extra = {"Customer": "x", "Sales rep": "Ann", "Last contact": "2025-01-06", "First visit": "2025-01-06"}
    book = workbook(tmp_path / "in.xlsx", cells_of(id, example(id), extra))
    found = run("followups", book, id, example(id), "--preview")
    contacted = {contact.grade for contact in find_model(id).model.cadence.contacts}
    due = {each["row"] for each in found["followups"] if each["rep"] == "Ann" and each["row"]}
    assert due == {row for row, grade in enumerate(example(id)["grades"], 2) if grade in contacted}


@pytest.mark.parametrize("id", claimed("movement"))
def test_review_says_what_moves(id, tmp_path):
    extra = {"Customer": "x", "Current grade": find_model(id).model.grade_ids[0], "Grade since": "2024-01-08"}
    book = workbook(tmp_path / "in.xlsx", cells_of(id, example(id), extra))
    moves = run("review", book, id, example(id))["moves"]
    assert moves
    assert all(move["from"] != move["to"] and move["reason"] for move in moves)


@pytest.mark.parametrize("id", claimed("portfolio"))
def test_portfolio_looks_at_the_mix(id, tmp_path):
    book = workbook(tmp_path / "in.xlsx", cells_of(id, example(id), {"Customer": "x"}))
    mix = {each["grade"]: each["customers"] for each in run("portfolio", book, id, example(id))["mix"]}
    by_hand = Counter(example(id)["grades"])
    assert mix == {grade: by_hand[grade] for grade in find_model(id).model.grade_ids}


@pytest.mark.parametrize("id", claimed("audit"))
def test_audit_looks_at_the_records(id, tmp_path):
    book = workbook(tmp_path / "in.xlsx", cells_of(id, example(id), {"Customer": "x"}))
    faults = run("audit", book, id, example(id))["faults"]
    doubles = [fault["charge"] for fault in faults if fault["check"] == "duplicate"]
    assert doubles == [10] * (len(example(id)["rows"]) - 1), "all rows are one customer, the first is no double"


@pytest.mark.parametrize("id", claimed("ownership"))
def test_ownership_says_who_is_released(id, tmp_path):
    book = workbook(tmp_path / "in.xlsx", cells_of(id, example(id), {"Customer": "x", "Sales rep": "Ann"}))
    by_hand = Counter(example(id)["grades"])
    assert run("ownership", book, id, example(id))["counts"] == {state: by_hand[state] for state in STATES}


@pytest.mark.parametrize("id", claimed("amounts"))
def test_amounts_are_worked_out(id, tmp_path):
    rows = [["Customer", "Sales rep", "Stage", "Amount"], ["x", "Ann", "signed", 1000]]
    (deal,) = run("amounts", workbook(tmp_path / "in.xlsx", rows), id, {})["deals"]
    assert deal["due"] == 500, "half of it is due once the contract is signed"


def test_every_system_has_what_its_row_asks_for():
    if not SYSTEMS.is_file():
        pytest.skip(f"{SYSTEMS} is not there")
    rows = re.findall(r"^\| (S\d\d) \|[^|]*\|[^|]*\|([^|]*)\|", SYSTEMS.read_text("utf-8"), re.MULTILINE)
    assert len(rows) == 38
    by_system = {}
    for id in MODELS:
        for system in find_model(id).model.systems:
            by_system.setdefault(system, []).append(id)
    for system, blocks in rows:
        for block, claim in NEEDS.items():
            if re.search(rf"{block}(?!\d)", blocks):
                assert any(CLAIMS[id][claim] for id in by_system[system]), (system, claim)
