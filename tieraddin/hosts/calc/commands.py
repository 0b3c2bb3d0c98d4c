"""What the menu in Calc does: each command gives rows of texts, shown in a workbook of their own."""

from __future__ import annotations

import re
import sys
from collections.abc import Callable
from importlib.metadata import version
from itertools import product
from pathlib import Path
from typing import Any

import tieraddin
from tieraddin.hosts.calc.names import SERVICE, uno_name
from tieraddin.hosts.excel.faults import taken
from tieraddin.language import Language, say, use_language
from udfs import FUNCTIONS

Texts = list[list[str]]

_LINKED = re.compile(rf"\[[0-9]+\]!({'|'.join(FUNCTIONS)})\(", re.IGNORECASE)
"""How Excel saves a call of a function of an add-in; LibreOffice may write names that it does not know in small."""


def _functions(document: Any, lang: Language) -> Texts:
    """Every function, how it is called and what it gives."""
    return sorted([f.heading(lang), f.signature, f.help(lang)] for f in FUNCTIONS.values())


def _faults(document: Any, lang: Language) -> Texts:
    """Why cells show errors, since last asked."""
    return [[sentence] for sentence in taken()] or [[say("calc.no_faults", lang)]]


def _doctor(document: Any, lang: Language) -> Texts:
    """What runs, and from where."""
    facts = {
        "tieraddin": version("tieraddin"),
        "packages": str(Path(tieraddin.__file__).parent),
        "python": ".".join(map(str, sys.version_info[:3])),
        "faults_kept": say("calc.ask_why", lang),
    }
    return [[say(f"calc.doctor_{name}", lang), fact] for name, fact in facts.items()]


def _adopt(document: Any, lang: Language) -> Texts:
    """Formulas as Excel saves them, ``[1]!TIER(...)`` with a link to its own add-in, call the functions of this one."""
    found = 0
    for sheet in document.Sheets:
        search = sheet.createReplaceDescriptor()
        search.SearchRegularExpression = True
        search.SearchString = _LINKED.pattern
        search.ReplaceString = "$1("
        found += sheet.replaceAll(search)
        found += sum(_adopt_array(sheet, cells) for cells in sheet.findAll(search) or ())
    return [[say("calc.adopted", lang, count=found)]]


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


COMMANDS: dict[str, Callable[[Any, Language], Texts]] = {
    "functions": _functions, "faults": _faults, "adopt": _adopt, "doctor": _doctor,
}  # fmt: skip
"""By the names that the menu uses, in its order; a new entry needs its title, ``calc.command_NAME``, and no more."""


def shown(command: str, document: Any, lang: Language) -> tuple[tuple[str, ...], ...]:
    """The rows that ``command`` shows, asked for from a workbook (its UNO object)."""
    use_language(lang)
    return tuple(tuple(row) for row in COMMANDS[command](document, lang))
