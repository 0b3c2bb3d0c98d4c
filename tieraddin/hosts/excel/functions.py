"""The functions for cells as xlwings' COM server finds them: one for each of ``udfs.FUNCTIONS``, under its own name.

``Import Functions`` of xlwings makes its VBA wrappers of this module, and so do those of the add-in.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from inspect import Parameter, Signature
from typing import Any

import xlwings as xw

from tieraddin.addin.registry import Argument, Function
from tieraddin.hosts.excel import warm_up
from tieraddin.hosts.excel.cells import Cells
from tieraddin.hosts.faults import guarded
from tieraddin.language import language
from udfs import FUNCTIONS

CATEGORY = "tieraddin"


def exposed(function: Function) -> Callable[..., Any]:
    """``function`` as a function of xlwings: its arguments by name, its words, cells handed over as they are."""

    def call(*cells: Any) -> Any:
        return guarded(function, *cells)

    lang = language()
    call.__name__ = call.__qualname__ = function.name
    call.__doc__ = function.help(lang)
    call.__signature__ = Signature([_parameter(argument) for argument in function.arguments])  # type: ignore[attr-defined]
    shown: Callable[..., Any] = xw.ret(Cells)(call)
    for argument in function.arguments:
        shown = xw.arg(argument.name, Cells, doc=function.argument_help(argument, lang))(shown)
    return xw.func(category=CATEGORY)(shown)  # the last: each of the others sets the category anew


def _parameter(argument: Argument) -> Parameter:
    """One that is left out arrives as None, as a blank does: the function knows its default."""
    default = Parameter.empty if argument.required else None
    return Parameter(argument.name, Parameter.POSITIONAL_OR_KEYWORD, default=default)


if sys.platform == "win32":
    warm_up.later()
globals().update({function.name: exposed(function) for function in FUNCTIONS.values()})
