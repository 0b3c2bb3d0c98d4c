"""A real spreadsheet program opens every template, keeps what is in it, and works its formulas out to the same."""

from __future__ import annotations

import re
import subprocess
import zipfile
from collections.abc import Iterable
from io import BytesIO
from pathlib import Path

import pytest
from openpyxl import Workbook, load_workbook
from openpyxl.worksheet.worksheet import Worksheet

from tests.templates.conftest import ALL, KINDS, filled, opened
from tieraddin.actions.templates.new import new_template
from tieraddin.language import LANGUAGES, Language
from tieraddin.templates.source import find_template

from .test_libreoffice import SOFFICE

pytestmark = pytest.mark.skipif(SOFFICE is None, reason="LibreOffice (soffice) is not installed")
EACH = [(id, lang, live) for id in ALL for lang, live in KINDS]
_RESULT = re.compile(r'(<c [^>]*?)(?: t="(?:str|e)")?(>)(<f[^>]*>[^<]*</f>)<v>[^<]*</v>')


def name_of(id: str, lang: Language, live: bool) -> str:
    return f"{id}.{lang}{'.live' if live else ''}.xlsx"


def converted(books: Iterable[Path], folder: Path, form: str) -> Path:
    """All books through one LibreOffice; the folder of what it made."""
    profile, out = folder / "profile", folder / "out"
    command = [
        str(SOFFICE), "--headless", f"-env:UserInstallation={profile.as_uri()}",
        "--convert-to", form, "--outdir", str(out), *map(str, books),
    ]  # fmt: skip
    subprocess.run(command, check=True, capture_output=True, timeout=600)
    return out


@pytest.fixture(scope="module")
def written(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    folder = tmp_path_factory.mktemp("templates")
    books = {name_of(*each): folder / name_of(*each) for each in EACH}
    for each in EACH:
        books[name_of(*each)].write_bytes(filled(*each))
    return books


@pytest.fixture(scope="module")
def seen(written: dict[str, Path], tmp_path_factory: pytest.TempPathFactory) -> Path:
    return converted(written.values(), tmp_path_factory.mktemp("seen"), "xlsx:Calc MS Excel 2007 XML")


@pytest.fixture(scope="module")
def printed(written: dict[str, Path], tmp_path_factory: pytest.TempPathFactory) -> Path:
    return converted(written.values(), tmp_path_factory.mktemp("printed"), "pdf")


@pytest.fixture(scope="module")
def calculated(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The plain templates without the results of their formulas, so that LibreOffice has to work them out."""
    folder, books = tmp_path_factory.mktemp("bare"), []
    for id in ALL:
        for lang in LANGUAGES:
            path = folder / name_of(id, lang, False)
            with zipfile.ZipFile(BytesIO(filled(id, lang, False))) as source, zipfile.ZipFile(path, "w") as target:
                for entry in source.infolist():
                    part = source.read(entry)
                    if entry.filename.startswith("xl/worksheets/sheet"):
                        part = _RESULT.sub(r"\1\2\3", part.decode()).encode()
                    target.writestr(entry.filename, part)
            books.append(path)
    return converted(books, tmp_path_factory.mktemp("calculated"), "xlsx:Calc MS Excel 2007 XML")


def same(ours: Workbook, theirs: Workbook) -> None:
    """Every cell of every sheet; a blank text and a blank cell are alike.

    A formula whose result is blank LibreOffice works out anew: one of ours then has no name, for want of the add-in.
    """
    assert theirs.sheetnames == ours.sheetnames
    for sheet in ours:
        for row in sheet.iter_rows():
            for cell in row:
                there, here = theirs[sheet.title][cell.coordinate].value, cell.value
                if isinstance(here, (int, float)):
                    assert there == pytest.approx(here), cell
                else:
                    assert (there or None) == (here or None) or (here or None, there) == (None, "#NAME?"), cell


def columns_of(sheet: Worksheet) -> set[int]:
    """The column of next steps."""
    return {cell.column for cell in sheet[3] if cell.value in ("Next step", "升级条件")}


@pytest.mark.parametrize("id, lang, live", EACH)
def test_what_is_in_a_template_is_seen(seen: Path, id: str, lang: Language, live: bool) -> None:
    theirs = load_workbook(seen / name_of(id, lang, live), data_only=True)
    ours = opened(filled(id, lang, live), data_only=True)
    same(ours, theirs)
    assert [sheet.sheet_state for sheet in theirs] == [sheet.sheet_state for sheet in ours]
    for before, after in zip(ours, theirs, strict=True):
        assert {t.name: t.ref for t in after.tables.values()} == {t.name: t.ref for t in before.tables.values()}
        lists = {rule.formula1 for rule in before.data_validations.dataValidation if rule.type == "list"}
        found = {rule.formula1 for rule in after.data_validations.dataValidation if rule.type == "list"}
        assert {text.replace("$", "") for text in found} == {text.replace("$", "") for text in lists}
        assert bool(after.conditional_formatting) == bool(before.conditional_formatting)
        assert after.freeze_panes == before.freeze_panes
        assert len(after._charts) == len(before._charts)
        steps = [cell.value for row in after["4:15"] for cell in row if cell.column in columns_of(before)]
        assert "#NAME?" not in steps


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("id", ALL)
def test_the_formulas_of_the_spreadsheet_itself_give_what_was_saved(calculated: Path, id: str, lang: Language) -> None:
    """The rows of the charts, agreed prices, open amounts."""
    theirs = load_workbook(calculated / name_of(id, lang, False), data_only=True)
    same(opened(filled(id, lang, False), data_only=True), theirs)
    assert "#NAME?" not in {cell.value for sheet in theirs for row in sheet.iter_rows() for cell in row}


def test_blank_live_rows_show_nothing_without_the_add_in(tmp_path: Path) -> None:
    books = [tmp_path / f"{id}.xlsx" for id in ALL]
    for id, path in zip(ALL, books, strict=True):
        new_template(id, path, live=True, rows=3, lang="en")
    out = converted(books, tmp_path, "xlsx:Calc MS Excel 2007 XML")
    for id, path in zip(ALL, books, strict=True):
        book = load_workbook(out / path.name, data_only=True)
        for sheet, source in zip(book, find_template(id).sheets, strict=False):
            shown = {cell.value for row in sheet.iter_rows(min_row=4) for cell in row} - {None, ""}
            assert shown == {text.en for text in source.rows}


@pytest.mark.parametrize("id, lang, live", EACH)
def test_every_sheet_is_printed(printed: Path, id: str, lang: Language, live: bool) -> None:
    pages = (printed / name_of(id, lang, live)).with_suffix(".pdf").read_bytes()
    visible = [sheet for sheet in opened(filled(id, lang, live)) if sheet.sheet_state == "visible"]
    assert len(re.findall(rb"/Type\s*/Page\b", pages)) >= len(visible)
