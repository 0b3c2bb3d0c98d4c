"""Pictures of the menu in LibreOffice Calc for the manual: ``.venv/bin/python docs/pictures.py`` makes them anew.

They are ``docs/images/calc-*.png``. It needs LibreOffice 25.2, Xvfb, xdotool and ImageMagick (``import``), and the kit
that drives LibreOffice, in the shared folder (``TIERADDIN_SHARED``). LibreOffice has a screen and a profile
of its own. The font Carlito stands in for Calibri: without it columns are too narrow for what is in them. The lists
that are converted lie in ``READER``, which must not be there yet and is taken away again.
"""

from __future__ import annotations

import datetime as dt
import os
import shutil
import sys
import time
from pathlib import Path
from tempfile import TemporaryDirectory
from threading import Thread
from typing import Any

import openpyxl
from PIL import Image

ROOT = Path(__file__).parents[1]
KIT = Path(os.environ.get("TIERADDIN_SHARED") or ROOT.parent / "shared") / "calc"
sys.path[:0] = [str(KIT), str(ROOT)]

import calc_session  # noqa: E402

from tests.hosts.calc.desk import ANSWERS, LONGEST, Desk, desk  # noqa: E402
from tieraddin.hosts.calc.build import build_extension  # noqa: E402
from tieraddin.language import say, use_language  # noqa: E402

IMAGES = ROOT / "docs" / "images"
SAMPLES = ROOT / "workbook_templates"
COLOURS = 64
READER = Path("/home/anna")
LONG = 300_000
"""Rows of a list that takes a while."""


class Camera:
    """Takes pictures of what is before a desk."""

    def __init__(self, before: Desk) -> None:
        self.desk = before
        self.session = before.session

    def picture(self, name: str, wait: float = 2) -> None:
        """What is to be seen, in few colours."""
        time.sleep(wait)
        file = IMAGES / f"calc-{name}.png"
        self.desk.run("import", "-window", "root", str(file))
        with Image.open(file) as shot:
            shot.convert("RGB").quantize(COLOURS).save(file, optimize=True)

    def answer(self, asked: Thread, name: str | None = None, keys: tuple[str, ...] = ()) -> None:
        """Wait for what a command tells or asks; photograph it as ``name``, press ``keys`` and Enter."""
        until = time.monotonic() + LONGEST
        while asked.is_alive() and not self.desk.windows(ANSWERS):
            assert time.monotonic() < until, "no answer"
            asked.join(0.2)
        if asked.is_alive():
            if name:
                self.picture(name)
            self.desk.focus(ANSWERS)
            self.desk.keys(*keys, "Return")
            asked.join(1)

    def command(self, name: str, answer: str | None = None) -> None:
        """Carry out a command of the menu, and take the picture ``answer`` of what it tells."""
        asked = self.desk.begin(name)
        self.answer(asked, answer)
        self.desk.confirm(asked)

    def folder(self, asked: Thread, title: str, folder: Path) -> None:
        """Answer the question for a folder."""
        self.desk.until_shown(title, asked)
        self.desk.focus(title)
        self.desk.keys("ctrl+a")
        self.desk.run("xdotool", "type", f"{folder}/")
        while self.desk.windows(title):
            self.desk.keys("Return")

    def open(self, book: Path) -> Any:
        """Open a workbook; it has no macros, but otherwise a bar says that they are disabled."""
        self.session.open(book, macros=True)
        self.desk.large()
        self.desk.run("xdotool", "mousemove", "700", "600", "click", "1")
        return self.session.doc.Sheets.getByIndex(0)


def take(camera: Camera, folder: Path) -> None:
    """Take all pictures."""
    session = camera.session
    sheet = camera.open(Path(shutil.copy(SAMPLES / "sample-customers.xlsx", folder)))
    camera.command("model=value-abc")
    menu(camera)
    camera.command("retier", "retier")
    session.doc.CurrentController.select(sheet.getCellRangeByName("A6"))
    camera.command("explain", "explain")
    for name in ("pareto", "dashboard", "followups"):
        session.doc.CurrentController.setActiveSheet(sheet)
        asked = camera.desk.begin(name)
        if name == "followups":
            camera.answer(asked, keys=("F",))  # Follow-up duty by grade: whose rhythm to take
        camera.desk.confirm(asked)
        camera.picture(name)
    session.doc.CurrentController.setActiveSheet(sheet)
    session.set_values(0, "D4", [[1]] * 6)
    camera.command("preview")
    camera.desk.large()
    camera.picture("preview")
    session.close_book()
    files(camera, folder)
    stopping(camera)


def files(camera: Camera, folder: Path) -> None:
    """Customers of transactions, templates, conversion: what asks before it acts."""
    camera.open(transactions(folder / "invoices.xlsx"))
    asked = camera.desk.begin("summarise")
    camera.answer(asked, "summarise")
    camera.desk.confirm(asked)
    camera.answer(camera.desk.begin("template"), "template")
    READER.mkdir()
    try:
        lists = READER / "branches"
        lists.mkdir()
        for name in ("north", "south"):
            shutil.copy(SAMPLES / "sample-customers.xlsx", lists / f"{name}.xlsx")
        asked = camera.desk.begin("convert")
        camera.answer(asked)
        camera.folder(asked, say("live.ask_folder"), lists)
        camera.answer(asked, "convert")
    finally:
        shutil.rmtree(READER)


def transactions(path: Path) -> Path:
    """A list of invoices with two columns of money."""
    book = openpyxl.Workbook()
    book.active.append(["No", "Customer", "Date", "Net amount", "Gross amount"])
    for i in range(200):
        net = 20 + 37 * i % 991
        book.active.append([1000 + i, f"Customer {i % 23 + 1}", dt.date(2026, 1, 1) + dt.timedelta(i), net, net * 1.13])
    for column, width in zip("ABCDE", (10, 16, 12, 14, 14), strict=True):
        book.active.column_dimensions[column].width = width
    book.save(path)
    return path


def stopping(camera: Camera) -> None:
    """The window that stops a long run."""
    sheet = camera.session.new().Sheets.getByIndex(0)
    lines = [("Customer", "Sales"), *((f"c{i}", float(1 + i * i % 9973)) for i in range(LONG))]
    sheet.getCellRangeByPosition(0, 0, 1, LONG).setDataArray(tuple(lines))
    camera.desk.large()
    camera.command("model=value-abc")
    asked = camera.desk.begin("retier")
    camera.desk.until_shown("Re-tier sheet", asked)
    camera.picture("stop", wait=0)
    camera.desk.focus("Re-tier sheet")
    camera.desk.run("xdotool", "key", "Escape")
    camera.desk.confirm(asked)


def menu(camera: Camera) -> None:
    """Open the menu: it stands before the last two of the menu bar."""
    camera.desk.focus("LibreOffice Calc")
    camera.desk.keys("F10", "Left", "Left", "Left", "Down")
    camera.picture("menu")
    camera.desk.keys("Escape", "Escape")


if __name__ == "__main__":
    use_language("en")  # as LibreOffice speaks here
    IMAGES.mkdir(parents=True, exist_ok=True)
    with TemporaryDirectory() as made, desk(calc_session, build_extension(Path(made) / "calc.oxt"), Path(made)) as seen:
        take(Camera(seen), Path(made))
