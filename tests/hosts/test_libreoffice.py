"""A real spreadsheet program opens what was written, and sees what we say is there.

Needs LibreOffice (``soffice`` on the path); skipped where it is absent.
"""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import pytest
from openpyxl import load_workbook
from openpyxl.worksheet.worksheet import Worksheet

from tieraddin.actions.demo import SAMPLE, run_demo
from tieraddin.actions.files import restore_file
from tieraddin.language import Language, use_language

SOFFICE = shutil.which("soffice")
pytestmark = pytest.mark.skipif(SOFFICE is None, reason="LibreOffice (soffice) is not installed")


def through_libreoffice(book: Path, folder: Path) -> Path:
    """``book`` loaded by LibreOffice, calculated, and saved by it."""
    profile, out = folder / "profile", folder / "out"
    command = [
        str(SOFFICE), "--headless", f"-env:UserInstallation={profile.as_uri()}",
        "--convert-to", "xlsx:Calc MS Excel 2007 XML", "--outdir", str(out), str(book),
    ]  # fmt: skip
    subprocess.run(command, check=True, capture_output=True, timeout=180)
    return out / book.name


def cells(sheet: Worksheet) -> list[tuple[object, ...]]:
    return [tuple(cell.value for cell in row) for row in sheet.iter_rows()]


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_libreoffice_reads_what_retier_wrote(tmp_path: Path, lang: Language) -> None:
    use_language(lang)
    try:
        done = run_demo(tmp_path)
    finally:
        use_language(None)
    ours = load_workbook(done["output"], data_only=True)
    theirs = load_workbook(through_libreoffice(Path(done["output"]), tmp_path), data_only=True)
    assert theirs.sheetnames == ours.sheetnames
    assert [sheet.sheet_state for sheet in theirs] == [sheet.sheet_state for sheet in ours]
    ours_cells, theirs_cells = cells(ours.worksheets[0]), cells(theirs.worksheets[0])
    total = len(ours_cells) - 1
    assert theirs_cells[:total] == ours_cells[:total]
    numbers = [row[3] for row in ours_cells[3:total] if isinstance(row[3], (int, float))]
    assert theirs_cells[total][3] == pytest.approx(sum(numbers)), "the total below the table is still calculated"
    (table,) = theirs.worksheets[0].tables.values()
    assert table.ref == "A3:J63"
    assert theirs.worksheets[0]["J4"].is_date


def test_libreoffice_reads_what_restore_left(tmp_path: Path) -> None:
    use_language("en")
    try:
        done = run_demo(tmp_path)
        restore_file(Path(done["output"]))
    finally:
        use_language(None)
    left = load_workbook(through_libreoffice(Path(done["output"]), tmp_path)).worksheets[0]
    before = load_workbook(tmp_path / SAMPLE["en"]).worksheets[0]
    assert [row[:5] for row in cells(left)] == [row[:5] for row in cells(before)]
    assert {value for row in cells(left) for value in row[5:]} <= {None}
    assert [table.ref for table in left.tables.values()] == [table.ref for table in before.tables.values()]
