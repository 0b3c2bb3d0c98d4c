"""Pictures of the menu in LibreOffice Calc for the manual: ``.venv/bin/python docs/pictures.py`` makes them anew.

They are ``docs/images/calc-*.png``. It needs LibreOffice 25.2, Xvfb, xdotool and ImageMagick (``import``), and the kit
that drives LibreOffice, in the shared folder (``TIERADDIN_SHARED``). LibreOffice has a screen and a profile
of its own.
"""
# ruff: noqa: S603, S607  (programs of the system, on our own display)

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

ROOT = Path(__file__).parents[1]
KIT = Path(os.environ.get("TIERADDIN_SHARED") or ROOT.parent / "shared") / "calc"
IMAGES = ROOT / "docs" / "images"
SCREEN = 1400, 900
LONGEST = 60
VISIBLE = """#!/bin/sh
for a; do shift; [ "$a" = --headless ] || set -- "$@" "$a"; done
exec soffice "$@"
"""
"""LibreOffice as the kit starts it, but to be seen."""


@contextmanager
def screen() -> Iterator[str]:
    """An X display that nobody sees; its name."""
    read, write = os.pipe()
    size = "{}x{}x24".format(*SCREEN)
    server = subprocess.Popen(
        ["Xvfb", "-displayfd", str(write), "-screen", "0", size], pass_fds=[write], stderr=subprocess.DEVNULL
    )
    try:
        yield f":{os.read(read, 16).decode().strip()}"
    finally:
        server.terminate()
        server.wait(LONGEST)


class Camera:
    """LibreOffice before a display, pressed and photographed."""

    def __init__(self, session: Any, display: str) -> None:
        self.session = session
        self.environment = os.environ | {"DISPLAY": display}

    def run(self, *command: str) -> str:
        done = subprocess.run(
            command, env=self.environment, check=True, capture_output=True, text=True, timeout=LONGEST
        )
        return done.stdout

    def keys(self, *names: str) -> None:
        for name in names:
            self.run("xdotool", "key", "--clearmodifiers", name)
            time.sleep(0.6)

    def picture(self, name: str) -> None:
        time.sleep(2)
        self.run("import", "-window", "root", str(IMAGES / f"{name}.png"))

    def command(self, name: str, answer: str | None = None) -> None:
        """Carry out a command of the menu; where it tells something, photograph that as ``answer`` and press Enter."""
        asked = threading.Thread(target=self.session.dispatch, args=(f"service:org.tieraddin.calc.Commands?{name}",))
        asked.start()
        asked.join(4)
        while asked.is_alive():
            if answer:
                self.picture(answer)
                answer = None
            self.focus("客户分级")
            self.keys("Return")
            asked.join(2)

    def focus(self, title: str) -> None:
        """Give the keyboard to the window called so: there is no window manager that would."""
        found = subprocess.run(
            ["xdotool", "search", "--onlyvisible", "--name", title], env=self.environment, capture_output=True,
            text=True, check=False, timeout=LONGEST,
        )  # fmt: skip
        for window in found.stdout.split()[-1:]:
            self.run("xdotool", "windowfocus", window)

    def large(self) -> None:
        """Let all windows fill the screen."""
        for window in self.run("xdotool", "search", "--onlyvisible", "--name", "LibreOffice").split():
            self.run("xdotool", "windowmove", window, "0", "0")
            self.run("xdotool", "windowsize", window, *map(str, SCREEN))
        time.sleep(1)


def take(folder: Path, display: str) -> None:
    """Take all pictures."""
    import calc_session

    from tieraddin.hosts.calc.build import build_extension

    book = Path(shutil.copy(ROOT / "workbook_templates" / "sample-customers.xlsx", folder))
    environment = {"DISPLAY": display, "TIERADDIN_MODELS": str(folder / "models"), "SAL_USE_VCLPLUGIN": "gen"}
    program = folder / "soffice"
    program.write_text(VISIBLE)
    program.chmod(0o755)
    with calc_session.CalcSession(timeout=60, env=environment, soffice=str(program)) as session:
        session.install_extension(build_extension(folder / "tieraddin-calc.oxt"))
        session.open(book, macros=True)  # none in it; else a bar says that they are disabled
        camera = Camera(session, display)
        camera.large()
        camera.run("xdotool", "mousemove", "700", "600", "click", "1")
        camera.command("model=value-abc")
        sheet = session.doc.Sheets.getByIndex(0)
        sheet.getCellRangeByName("E4:E63").clearContents(23)
        camera.focus("LibreOffice Calc")
        menu(camera)
        camera.command("retier", "calc-retier")
        session.doc.CurrentController.select(sheet.getCellRangeByName("A6"))
        camera.command("explain", "calc-explain")
        for name in ("pareto", "dashboard"):
            session.doc.CurrentController.setActiveSheet(sheet)
            camera.command(name)
            camera.picture(f"calc-{name}")
        session.doc.CurrentController.setActiveSheet(sheet)
        session.set_values(0, "D4", [[1]] * 6)
        camera.command("preview")
        camera.large()
        camera.picture("calc-preview")


def menu(camera: Camera) -> None:
    """Open the menu: it stands before the last two of the menu bar."""
    camera.keys("F10", "Left", "Left", "Left", "Down")
    camera.picture("calc-menu")
    camera.keys("Escape", "Escape")


if __name__ == "__main__":
    sys.path[:0] = [str(KIT), str(ROOT)]
    IMAGES.mkdir(parents=True, exist_ok=True)
    with TemporaryDirectory() as made, screen() as shown:
        take(Path(made), shown)
