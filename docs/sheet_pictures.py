"""Make the pictures of sheets in the user guides: ``python docs/sheet_pictures.py``; needs LibreOffice and poppler."""

from __future__ import annotations

import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

import openpyxl
from PIL import Image, ImageChops, ImageOps

IMAGES = Path(__file__).parent / "images"
SAMPLES = Path(__file__).parent.parent / "workbook_templates"
DAY = "2026-11-22"
WAIT = 300  # seconds, for each program

GRADED = ["--model", "value-abc", "--cadence", "followup-duty", "--as-of", DAY]
STEPS: list[list[str]] = [
    ["retier", "sample.xlsx", *GRADED, "-o", "graded.xlsx"],
    ["followups", "graded.xlsx", *GRADED, "-o", "due.xlsx"],
    ["portfolio", "graded.xlsx", "--model", "value-abc", "-o", "mix.xlsx"],
    ["convert", "customer-master", "sample.xlsx", "-o", "standard"],
]
"""What is run before the pictures are taken."""

SHOWN: dict[str, tuple[str, int, int]] = {
    "sheet-before": ("sample.xlsx", 0, 22),
    "sheet-after": ("graded.xlsx", 0, 22),
    "sheet-followups": ("due.xlsx", 3, 26),
    "sheet-portfolio": ("mix.xlsx", 3, 30),
    "sheet-template": ("standard/sample.xlsx", 0, 24),
    "sheet-chart": ("standard/sample.xlsx", 1, 0),
}
"""By the picture's name: the workbook, which of its sheets, how many rows; 0 for the sheet as printed, with charts."""


def main() -> None:
    """Write all pictures, in both languages."""
    IMAGES.mkdir(exist_ok=True)
    for lang, sample in (("en", "sample-customers.xlsx"), ("zh", "sample-customers.zh.xlsx")):
        with TemporaryDirectory() as folder:
            place = Path(folder)
            shutil.copy(SAMPLES / sample, place / "sample.xlsx")
            for step in STEPS:
                _run([sys.executable, "-m", "tieraddin", *step, "--lang", lang], place)
            for name, (book, sheet, rows) in SHOWN.items():
                page = _page(place, place / book, sheet, rows)
                _save(page, IMAGES / f"{name}.{lang}.png")


def _page(place: Path, book: Path, sheet: int, rows: int) -> Path:
    """A picture of the page on which a sheet begins."""
    work = openpyxl.load_workbook(book)
    marks = _texts(work.worksheets[sheet])
    if rows:
        for each in work.worksheets:
            each.sheet_state = "visible" if each is work.worksheets[sheet] else "hidden"
        work.active = sheet
        shown = work.worksheets[sheet]
        shown.sheet_properties.pageSetUpPr = openpyxl.worksheet.properties.PageSetupProperties(fitToPage=True)
        shown.page_setup.orientation, shown.page_setup.fitToHeight = "landscape", 0
        shown.oddFooter.center.text = shown.oddHeader.center.text = " "
        shown.print_area = f"A1:{openpyxl.utils.get_column_letter(shown.max_column)}{min(rows, shown.max_row)}"
        book = place / "shown.xlsx"
        work.save(book)
    profile = f"-env:UserInstallation={(place / 'profile').as_uri()}"
    _run(["soffice", profile, "--headless", "--convert-to", "pdf", "--outdir", str(place), str(book)], place)
    pdf = place / f"{book.stem}.pdf"
    pages = _run(["pdftotext", "-layout", str(pdf), "-"], place).split("\f")
    page = next(number for number, text in enumerate(pages, 1) if all(mark in text for mark in marks))
    _run(["pdftoppm", "-r", "150", "-png", "-f", str(page), "-l", str(page), "-singlefile", str(pdf), "page"], place)
    return place / "page.png"


def _texts(sheet: openpyxl.worksheet.worksheet.Worksheet) -> list[str]:
    """The first texts in column A, by which the page is known."""
    return list(_first_words(sheet))[:2]


def _first_words(sheet: openpyxl.worksheet.worksheet.Worksheet) -> Iterator[str]:
    for (value,) in sheet.iter_rows(max_col=1, values_only=True):
        if isinstance(value, str) and value:
            yield value.split()[0][:8]


def _save(page: Path, picture: Path) -> None:
    """The page without its margins, in few colours."""
    image = Image.open(page).convert("RGB")
    box = ImageChops.difference(image, Image.new("RGB", image.size, "white")).getbbox()
    image = ImageOps.expand(image.crop(box), border=12, fill="white")
    image.quantize(64).save(picture, optimize=True)


def _run(words: list[str], place: Path) -> str:
    done = subprocess.run(words, cwd=place, check=True, capture_output=True, text=True, timeout=WAIT)  # noqa: S603
    return done.stdout


if __name__ == "__main__":
    main()
