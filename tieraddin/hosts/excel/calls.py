"""What the add-in's VBA asks of the COM server besides the functions themselves, by xlwings' ``CallUDF``.

With ``module = "tieraddin.hosts.excel.calls"``::

    answers = XLPy.CallUDF(module, "column", Array("TIER", model, Empty, headers, options, among), book, cell)
    sentences = XLPy.CallUDF(module, "faults", Array(), book, cell)

The add-in's command line imports this module before it serves: see `error_values`. Arguments are Range objects, arrays,
values, Missing or Empty, as in the functions' own wrappers.

`column` answers for all rows of ``among`` at once; the VBA keeps the answers for the rest of the calculation and gives
each cell its own, found by the place of the cell's data within ``among``. Data that do not lie within ``among``, or lie
below its last answer, are an ordinary call.

`faults` is for a person who wants to know why a cell shows an error: ask once to clear, calculate the cell anew, ask
again.
"""

from __future__ import annotations

from typing import Any

import xlwings as xw

from tieraddin.addin.blocks import Block
from tieraddin.addin.registry import Function
from tieraddin.hosts.excel.cells import Cells
from tieraddin.hosts.faults import guarded, taken
from udfs import FUNCTIONS

AMONG = "among"
DATA = ("data", "values")
"""What the argument is called whose rows are told apart within ``among``."""


def places(function: Function) -> tuple[int, int] | None:
    """Where (from 0) ``function`` takes its data and its whole population; None for one that takes no population."""
    names = [argument.name for argument in function.arguments]
    if AMONG not in names:
        return None
    return next(i for i, name in enumerate(names) if name in DATA), names.index(AMONG)


@xw.func
@xw.arg("function", Cells)
@xw.arg("*cells", Cells)
@xw.ret(Cells)
def column(function: Any, *cells: Any) -> Any:
    """The answers that ``function`` gives for all rows of its ``among`` at once.

    Parameters
    ----------
    function
        the name of one that takes ``among``, in capitals: see `places`.
    cells
        its arguments in their places; ``among`` must be given, and what stands for its data is not looked at.

    Returns
    -------
    As many rows as ``among``, which for a range that reaches the end of its sheet are those in use. Row i is what the
    function answers for row i of ``among`` as its data: one value wide, or as wide as ``among`` where each cell is
    classed by itself (PARETO_CLASS, PARETO_SHARE, RANK_CLASS). One row and one column is a value; so is an error that
    answers for all rows.
    """
    called = FUNCTIONS[function]
    data, among = places(called) or (0, 0)
    block = Block.of(cells[among])
    given = [*cells]

    def answer(asked: Block, population: Block | None) -> Any:
        given[data], given[among] = asked, population
        return guarded(called, *given)

    answers = answer(block, None)
    if block.height > 1 and isinstance(answers, list):
        first = answer(Block(block.row(0), 1, block.width), block)
        answers[0] = first[0] if isinstance(first, list) else (first,)  # one row by itself is no header
    return answers


@xw.func
@xw.ret(Cells)
def faults() -> Any:
    """What was wrong with the calls since last asked, a sentence a row, the oldest first; nothing is ``""``."""
    return [(sentence,) for sentence in taken()] or ""
