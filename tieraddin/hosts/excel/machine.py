"""What the installer and the doctor see of a machine: folders, registry, interpreter. Tests give them made-up ones."""

from __future__ import annotations

import os
import struct
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from importlib import import_module
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any, Protocol

ADD_IN = "tieraddin.xlam"
INTERPRETER = "INTERPRETER_WIN"


class Registry(Protocol):
    """Values of the Windows registry."""

    def values(self, key: str) -> dict[str, str | int]:
        r"""The values of a key (``HKCU\Software\…``) by their names; none where there is no such key."""


class WindowsRegistry:
    """The registry of the machine at work."""

    def values(self, key: str) -> dict[str, str | int]:
        """See `Registry`."""
        return {name: value for name, value in self._values(key) if isinstance(value, (str, int))}

    def _values(self, key: str) -> Iterator[tuple[str, object]]:
        winreg: Any = import_module("winreg")  # there is none on other systems, and nobody asks there
        root, _, path = key.partition("\\")
        hive = {"HKCU": winreg.HKEY_CURRENT_USER, "HKLM": winreg.HKEY_LOCAL_MACHINE}[root]
        try:
            with winreg.OpenKey(hive, path) as opened:
                for i in range(winreg.QueryInfoKey(opened)[1]):
                    name, value, _ = winreg.EnumValue(opened, i)
                    yield name, value
        except OSError:
            return


@dataclass(frozen=True)
class Machine:
    """A machine.

    Attributes
    ----------
    windows
        whether it runs Windows, the only system where Excel calls functions of Python.
    home, roaming
        the user's folders ``%USERPROFILE%`` and ``%APPDATA%``.
    interpreter
        the Python at work.
    xlwings
        release of xlwings in it, None for none.
    code_page
        the encoding in which Excel's VBA reads files.
    """

    windows: bool
    home: Path
    roaming: Path
    interpreter: Path
    registry: Registry
    xlwings: str | None
    code_page: str

    @classmethod
    def here(cls) -> Machine:
        """The machine at work."""
        try:
            release = version("xlwings")
        except PackageNotFoundError:
            release = None
        home, windows = Path.home(), sys.platform == "win32"
        return cls(
            windows=windows, home=home, roaming=Path(os.environ.get("APPDATA", home / "AppData" / "Roaming")),
            interpreter=Path(sys.executable), registry=WindowsRegistry(), xlwings=release,
            code_page="mbcs" if windows else "utf-8",
        )  # fmt: skip

    @property
    def add_in(self) -> Path:
        """Where the add-in's file is put: Excel opens and trusts what is in this folder."""
        return self.roaming / "Microsoft" / "Excel" / "XLSTART" / ADD_IN

    @property
    def settings_file(self) -> Path:
        """The user's settings of the add-in, which its VBA reads."""
        return self.home / ".tieraddin" / "tieraddin.conf"

    def settings(self) -> dict[str, str]:
        """The user's settings, in their order; lines that are none are passed over."""
        try:
            text = self.settings_file.read_bytes().decode(self.code_page, "replace")
        except FileNotFoundError:
            return {}
        pairs = (line.strip().strip('"').split('","') for line in text.splitlines())
        return {pair[0]: pair[1] for pair in pairs if len(pair) == 2}


def bits(program: Path) -> int | None:
    """Whether a program of Windows is of 32 or of 64 bits; None where that can't be told."""
    try:
        with program.open("rb") as file:
            file.seek(0x3C)
            (header,) = struct.unpack("<I", file.read(4))
            file.seek(header)
            signature, kind = struct.unpack("<4sH", file.read(6))
    except (OSError, struct.error):
        return None
    return {0x14C: 32, 0x8664: 64, 0xAA64: 64}.get(kind) if signature == b"PE\0\0" else None
