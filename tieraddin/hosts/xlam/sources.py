"""The VBA modules of the add-in: ours, the generated ones, and those of the installed xlwings."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator
from importlib import metadata, resources

from tieraddin.errors import WorkbookRefused
from tieraddin.hosts.xlam.project import CLASS, SHEET, STANDARD, WORKBOOK, Module
from tieraddin.hosts.xlam.wrappers import wrappers
from udfs import FUNCTIONS

OURS = ("TieraddinCache", "TieraddinServer", "TieraddinWords", "TieraddinQuestions", "TieraddinRibbon")
_HERE = resources.files("tieraddin.hosts.xlam")
_XLWINGS = resources.files("xlwings")
_HEADER = re.compile(r"(VERSION .*\n|BEGIN\n|  .*\n|END\n|Attribute .*\n)*")
"""What a module begins with when it is exported to a file."""


def modules(sheets: tuple[str, ...]) -> list[Module]:
    """All modules, in the order in which Excel lists them.

    Parameters
    ----------
    sheets
        the code names of the sheets, each of which has a module.

    Raises
    ------
    WorkbookRefused
        xlwings' module is not the one that we know.
    """
    version = metadata.version("tieraddin")
    return [
        Module("ThisWorkbook", WORKBOOK, _read("ThisWorkbook.cls")),
        *(Module(name, SHEET, "") for name in sheets),
        *(Module(name, STANDARD, _read(f"{name}.bas")) for name in OURS),
        Module("TieraddinFunctions", STANDARD, wrappers(FUNCTIONS.values(), version)),
        *_of_xlwings(),
    ]


def _read(name: str) -> str:
    return _HERE.joinpath("vba", name).read_text("ascii")


def _of_xlwings() -> Iterator[Module]:
    """The module for add-ins with our changes, and the dictionary it needs on the Mac; each has its licence in it."""
    text = _bare(_XLWINGS.joinpath("xlwings_custom_addin.bas").read_text("ascii"))
    for change in tomllib.loads(_HERE.joinpath("xlwings.toml").read_text("ascii"))["change"]:
        if text.count(change["old"]) != 1:
            raise WorkbookRefused(
                "xlam.other_xlwings", version=metadata.version("xlwings"), text=change["old"].strip().splitlines()[0]
            )
        text = text.replace(change["old"], change["new"])
    yield Module("xlwings", STANDARD, text)
    yield Module("Dictionary", CLASS, _bare(_XLWINGS.joinpath("addin/Dictionary.cls").read_text("ascii")))


def _bare(text: str) -> str:
    """A module as the editor shows it."""
    return _HEADER.sub("", text.replace("\r\n", "\n"), count=1)
