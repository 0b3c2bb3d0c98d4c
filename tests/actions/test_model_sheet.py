"""A model on a worksheet of the workbook that is graded: a threshold is changed in Excel, not in a file."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from openpyxl import Workbook, load_workbook
from typer.testing import CliRunner

from tieraddin.cli import app
from tieraddin.models.load import find_model

RUN = CliRunner()


@pytest.fixture
def book(tmp_path: Path) -> Path:
    """Two OEMs beside the sheet form of volume-gates."""
    path = tmp_path / "book.xlsx"
    assert RUN.invoke(app, ["models", "volume-gates", "-o", str(path), "--lang", "en"]).exit_code == 0
    workbook = load_workbook(path)
    sheet = workbook.create_sheet("Customers", 0)
    sheet.append(["Trade", "Annual volume", "Late payments", "Uncollected goods", "Wants partnership"])
    sheet.append(["OEM", 4_000_000, 0, 0, "yes"])
    sheet.append(["OEM", 12_000_000, 0, 0, "yes"])
    workbook.save(path)
    return path


def preview(path: Path, *arguments: str) -> dict[str, object]:
    done = RUN.invoke(app, ["retier", str(path), "--preview", "--json", "--lang", "en", *arguments])
    return {"exit": done.exit_code} | json.loads(done.stdout)


def change(path: Path, wanted: str, column: int, value: object) -> str:
    """Put ``value`` in ``column`` of the row that begins with ``wanted``; the cell's address."""
    workbook = load_workbook(path)
    sheet = workbook["Tier model"]
    row = next(row for row in sheet.iter_rows() if row[0].value == wanted)
    row[column].value = value
    workbook.save(path)
    return row[column].coordinate


def test_the_sheet_grades_as_the_file_does(book: Path) -> None:
    by_file, by_sheet = preview(book, "--model", "volume-gates"), preview(book, "--model", "sheet")
    assert by_sheet["counts"] == by_file["counts"] == {"A": 1, "B": 0, "C": 0, "D": 0}
    assert by_sheet["sheet"] == "Customers", "the model's own sheet is no customer table"


def test_a_threshold_changed_on_the_sheet_counts(book: Path) -> None:
    change(book, "volume_b", 2, 3_000_000)
    assert preview(book, "--model", "sheet")["counts"] == {"A": 1, "B": 1, "C": 0, "D": 0}
    assert preview(book, "--model", "sheet:Tier model")["counts"] == {"A": 1, "B": 1, "C": 0, "D": 0}


def test_the_log_names_the_changed_content(book: Path, tmp_path: Path) -> None:
    change(book, "volume_b", 2, 3_000_000)
    out = tmp_path / "out.xlsx"
    assert RUN.invoke(app, ["retier", str(book), "--model", "sheet", "-o", str(out)]).exit_code == 0
    log = list(load_workbook(out)["Tier log"].iter_rows(values_only=True))
    line = dict(zip(log[0], log[1], strict=True))
    assert line["Model"] == "volume-gates"
    assert line["Model hash"] != find_model("volume-gates").hash


def test_a_mistake_on_the_sheet_is_named_by_its_cell(book: Path) -> None:
    cell = change(book, "trade", 1, "chioce")
    done = preview(book, "--model", "sheet")
    assert done["exit"] == 3
    assert cell in str(done["error"])
    assert "Tier model" in str(done["error"])


def test_a_sheet_that_is_not_there(book: Path) -> None:
    done = preview(book, "--model", "sheet:Rules")
    assert done["exit"] == 2
    assert "Rules" in str(done["error"])


def test_an_empty_sheet_holds_no_model(tmp_path: Path) -> None:
    path = tmp_path / "empty.xlsx"
    workbook = Workbook()
    workbook.create_sheet("Tier model")
    workbook.save(path)
    assert preview(path, "--model", "sheet")["key"] == "actions.no_model_on_sheet"


def test_a_model_is_not_written_over_a_file(book: Path) -> None:
    before = book.read_bytes()
    assert RUN.invoke(app, ["models", "rfm", "-o", str(book)]).exit_code == 2
    assert book.read_bytes() == before
