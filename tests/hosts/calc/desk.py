"""A LibreOffice that is seen, on a display of its own, and its keys and mouse.

It needs Xvfb, xdotool, and the kit that drives LibreOffice, in the shared folder (``TIERADDIN_SHARED``).
"""

from __future__ import annotations

import os
import subprocess
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

SCREEN = 1400, 900
LONGEST = 60
COMMANDS = "service:org.tieraddin.calc.Commands"
ANSWERS = "客户分级"
"""In the title of every message."""
_VISIBLE = """#!/bin/sh
for a; do shift; [ "$a" = --headless ] || set -- "$@" "$a"; done
exec soffice "$@"
"""
"""LibreOffice as the kit starts it, but to be seen."""


@contextmanager
def desk(kit: Any, extension: Path, folder: Path) -> Iterator[Desk]:
    """LibreOffice with the extension, before a display."""
    program = folder / "soffice"
    program.write_text(_VISIBLE)
    program.chmod(0o755)
    with _screen() as display:
        own = {"DISPLAY": display, "TIERADDIN_MODELS": str(folder / "models"), "SAL_USE_VCLPLUGIN": "gen"}
        with kit.CalcSession(timeout=2 * LONGEST, env=own, soffice=str(program)) as session:
            session.install_extension(extension)
            yield Desk(session, display)


@contextmanager
def _screen() -> Iterator[str]:
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


class Desk:
    """Presses keys and buttons."""

    def __init__(self, session: Any, display: str) -> None:
        self.session = session
        self.environment = os.environ | {"DISPLAY": display}

    def run(self, *command: str, check: bool = True) -> str:
        done = subprocess.run(
            command, env=self.environment, check=check, capture_output=True, text=True, timeout=LONGEST
        )
        return done.stdout

    def keys(self, *names: str) -> None:
        for name in names:
            self.run("xdotool", "key", "--clearmodifiers", name)
            time.sleep(0.6)

    def windows(self, title: str) -> list[str]:
        """The windows called so that are to be seen."""
        return self.run("xdotool", "search", "--onlyvisible", "--name", title, check=False).split()

    def focus(self, title: str) -> None:
        """Give the keyboard to the window called so: there is no window manager that would."""
        for window in self.windows(title)[-1:]:
            self.run("xdotool", "windowfocus", window)

    def large(self) -> None:
        """Let all windows fill the screen."""
        for window in self.windows("LibreOffice"):
            self.run("xdotool", "windowmove", window, "0", "0")
            self.run("xdotool", "windowsize", window, *map(str, SCREEN))
        time.sleep(1)

    def begin(self, name: str) -> threading.Thread:
        """Let a command of the menu run."""
        asked = threading.Thread(target=self.session.dispatch, args=(f"{COMMANDS}?{name}",))
        asked.start()
        return asked

    def until_shown(self, title: str, asked: threading.Thread) -> None:
        """Wait for a window called so, which a command that runs is to bring."""
        until = time.monotonic() + LONGEST
        while not self.windows(title):
            assert asked.is_alive(), self.session.log(10**5)
            assert time.monotonic() < until, f"no window called {title}"
            time.sleep(0.1)

    def confirm(self, asked: threading.Thread) -> None:
        """Press Enter in what a command tells, until it has ended."""
        until = time.monotonic() + LONGEST
        while asked.is_alive():
            assert time.monotonic() < until, "the command does not end"
            if self.windows(ANSWERS):
                self.focus(ANSWERS)
                self.keys("Return")
            asked.join(0.5)
