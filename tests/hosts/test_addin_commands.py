"""addin install, uninstall and doctor as a person calls them on a system without Excel."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from openpyxl.packaging.relationship import Relationship
from openpyxl.workbook.external_link import ExternalLink
from openpyxl.workbook.external_link.external import ExternalBook
from typer.testing import CliRunner, Result

from tieraddin.cli import app
from tieraddin.language import use_language

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="for systems without Excel")

GONE = "file:///D:\\gone\\tieraddin.xlam"


@pytest.fixture(autouse=True)
def _any_language() -> Iterator[None]:
    yield
    use_language(None)


def call(*arguments: Any) -> Result:
    return CliRunner().invoke(app, ["addin", *map(str, arguments)])


@pytest.fixture
def book(tmp_path: Path) -> Path:
    """A workbook from a machine where the add-in was elsewhere."""
    made = openpyxl.Workbook()
    link = ExternalLink(externalBook=ExternalBook(id="rId1"))
    link.file_link = Relationship(type="externalLinkPath", Target=GONE, TargetMode="External", Id="rId1")
    made._external_links.append(link)
    made.active["A1"] = "=[1]!GINI(B1:B3)"
    path = tmp_path / "book.xlsx"
    made.save(path)
    return path


@pytest.mark.parametrize("command", ["install", "uninstall"])
@pytest.mark.parametrize("lang, words", [("en", "on Windows only"), ("zh", "只能在 Windows 上")])
def test_without_windows_it_says_so(command: str, lang: str, words: str) -> None:
    done = call(command, "--lang", lang)
    assert done.exit_code == 3
    assert words in done.stderr
    assert "--calc" in done.stderr
    assert done.stdout == ""


def test_as_json_too() -> None:
    done = call("install", "--json")
    assert json.loads(done.stdout)["key"] == "excel.no_windows"


def test_the_doctor_without_a_book_finds_no_fault() -> None:
    done = call("doctor", "--lang", "en")
    assert done.exit_code == 0
    assert done.stdout.startswith("?")


@pytest.mark.parametrize("lang, state", [("en", "FAULT"), ("zh", "故障")])
def test_the_doctor_names_a_link_and_its_mend(book: Path, lang: str, state: str) -> None:
    done = call("doctor", book, "--lang", lang)
    assert done.exit_code == 3
    assert f"{state}  book.xlsx" in done.stdout
    assert "D:\\gone\\tieraddin.xlam" in done.stdout
    assert "--mend" in done.stdout


def test_the_doctor_mends_a_link_in_a_copy(book: Path, tmp_path: Path) -> None:
    before, out = book.read_bytes(), tmp_path / "mended.xlsx"
    done = call("doctor", book, "--mend", "-o", out, "--json")
    assert (done.exit_code, json.loads(done.stdout)["mended"]) == (0, ["D:\\gone\\tieraddin.xlam"])
    assert openpyxl.load_workbook(out).active["A1"].value == "=GINI(B1:B3)"
    assert book.read_bytes() == before
    assert call("doctor", out).exit_code == 0


def test_the_doctor_mends_in_place_and_keeps_a_copy(book: Path) -> None:
    before = book.read_bytes()
    done = call("doctor", book, "--mend", "--lang", "en")
    assert done.exit_code == 0
    assert [file.read_bytes() for file in book.parent.glob("book.backup-*")] == [before]
    assert openpyxl.load_workbook(book).active["A1"].value == "=GINI(B1:B3)"


@pytest.mark.parametrize(
    "arguments, code", [(("doctor", "--mend"), 2), (("doctor", "nothing.xlsx"), 3), (("doctor", "-x"), 2)]
)
def test_wrong_use(arguments: tuple[str, ...], code: int) -> None:
    done = call(*arguments)
    assert done.exit_code == code
    assert "Traceback" not in done.output
