"""What the menu in Calc does: each command gives rows of texts, shown in a workbook of their own."""

from __future__ import annotations

import sys
from collections.abc import Callable
from importlib.metadata import version
from pathlib import Path

import tieraddin
from tieraddin.hosts.excel.faults import taken
from tieraddin.language import Language, say, use_language

Texts = list[list[str]]


def _functions(lang: Language) -> Texts:
    """Every function, how it is called and what it gives."""
    from udfs import FUNCTIONS

    return [["=" + f.signature, f.heading(lang), f.help(lang)] for f in FUNCTIONS.values()]


def _faults(lang: Language) -> Texts:
    """Why cells show errors, since last asked."""
    return [[sentence] for sentence in taken()] or [[say("calc.no_faults", lang)]]


def _doctor(lang: Language) -> Texts:
    """What runs, and from where."""
    facts = {
        "tieraddin": version("tieraddin"),
        "packages": str(Path(tieraddin.__file__).parent),
        "python": ".".join(map(str, sys.version_info[:3])),
        "faults_kept": say("calc.ask_why", lang),
    }
    return [[say(f"calc.doctor_{name}", lang), fact] for name, fact in facts.items()]


COMMANDS: dict[str, Callable[[Language], Texts]] = {"functions": _functions, "faults": _faults, "doctor": _doctor}
"""By the names that the menu uses, in its order; a new entry needs its title, ``calc.command_NAME``, and no more."""


def shown(command: str, lang: Language) -> tuple[tuple[str, ...], ...]:
    """The rows that ``command`` shows; a text that begins with ``=`` is led by a quote, so that it stays a text."""
    use_language(lang)
    return tuple(tuple(row) for row in COMMANDS[command](lang))
