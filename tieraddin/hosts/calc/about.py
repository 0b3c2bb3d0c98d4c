"""The commands of the menu that are about the add-in itself; rows of texts are shown in a workbook of their own."""

from __future__ import annotations

import re
import sys
from importlib.metadata import version
from itertools import product
from pathlib import Path
from typing import Any

import tieraddin
from tieraddin.actions.live.place import alone
from tieraddin.hosts.asked import Asked
from tieraddin.hosts.calc.names import SERVICE, uno_name
from tieraddin.hosts.faults import taken
from tieraddin.language import language, say
from udfs import FUNCTIONS

Texts = list[list[str]]

_LINKED = re.compile(rf"\[[0-9]+\]!({'|'.join(FUNCTIONS)})\(", re.IGNORECASE)
"""How Excel saves a call of a function of an add-in; LibreOffice may write names that it does not know in small."""


def functions(asked: Asked) -> Texts:
    """Every function, how it is called and what it gives."""
    return sorted([f.heading(language()), f.signature, f.help(language())] for f in FUNCTIONS.values())


def faults(asked: Asked) -> Texts:
    """Why cells show errors, since last asked."""
    return [[sentence] for sentence in taken()] or [[say("calc.no_faults")]]


def doctor(asked: Asked) -> Texts:
    """What runs, and from where."""
    facts = {
        "tieraddin": version("tieraddin"),
        "packages": str(Path(tieraddin.__file__).parent),
        "python": ".".join(map(str, sys.version_info[:3])),
        "faults_kept": say("calc.ask_why"),
    }
    return [[say(f"calc.doctor_{name}"), fact] for name, fact in facts.items()]


def adopt(asked: Asked) -> Texts:
    """Formulas as Excel saves them, ``[1]!TIER(...)`` with a link to its own add-in, call the functions of this one.

    All of them do, in one step of LibreOffice's undo, or none.
    """
    book = asked.there
    with alone(book):
        linked = [sheet for sheet in asked.document.Sheets if sheet.findAll(_links_of(sheet))]
        for sheet in linked:
            book.check_writable(sheet.Name)
        if not linked:
            return [[say("calc.adopted", count=0)]]
        with book.changing():
            return [[say("calc.adopted", count=sum(map(_adopt, linked)))]]


def _links_of(sheet: Any) -> Any:
    """What is looked for on a sheet, and what takes its place."""
    search = sheet.createReplaceDescriptor()
    search.SearchRegularExpression = True
    search.SearchString = _LINKED.pattern
    search.ReplaceString = "$1("
    return search


def _adopt(sheet: Any) -> int:
    """Connect the formulas of a sheet; how many there were."""
    search = _links_of(sheet)
    replaced: int = sheet.replaceAll(search)
    return replaced + sum(_adopt_array(sheet, cells) for cells in sheet.findAll(search) or ())


def _adopt_array(sheet: Any, cells: Any) -> int:
    """The array formulas among ``cells``, which LibreOffice replaces nothing in; how many there were."""
    adopted = 0
    for row, column in product(range(cells.Rows.Count), range(cells.Columns.Count)):
        area = sheet.createCursorByRange(cells.getCellByPosition(column, row))
        area.collapseToCurrentArray()
        formula = area.getCellByPosition(0, 0).getFormula().removeprefix("{").removesuffix("}")
        if _LINKED.search(formula):
            area.setArrayFormula(_LINKED.sub(lambda call: f"{SERVICE}.{uno_name(call[1])}(".upper(), formula))
            adopted += 1
    return adopted
