"""What was wrong with calls, in words: a cell shows an error value only, so the sentences are kept to be asked for."""

from __future__ import annotations

from collections import deque
from itertools import chain
from typing import Any

from tieraddin.addin.blocks import Rows, ToldDate, ToldError
from tieraddin.addin.registry import Function
from tieraddin.errors import TieraddinError
from tieraddin.tables.values import Cell

MOST = 50
_kept: deque[str] = deque(maxlen=MOST)


def guarded(function: Function, *cells: Any) -> Rows | Cell:
    """The result of ``function``, whose sentences are kept; no traceback reaches a cell."""
    try:
        result = function(*cells)
    except Exception as fault:  # a mistake of ours: the cell shows an error all the same
        result = ToldError.of(TieraddinError("addin.unexpected", reason=f"{type(fault).__name__}: {fault}"))
    keep(function.name, result)
    return result


def keep(name: str, result: Rows | Cell) -> None:
    """Keep what ``result`` of the function ``name`` tells, each sentence once, the latest last."""
    rows = result if isinstance(result, list) else [(result,)]
    if {ToldError, ToldDate}.isdisjoint(map(type, chain.from_iterable(rows))):
        return
    told = (cell.told for row in rows for cell in row if isinstance(cell, (ToldError, ToldDate)))
    for sentence in dict.fromkeys(f"{name}: {each}" for each in told):
        if sentence in _kept:
            _kept.remove(sentence)
        _kept.append(sentence)


def taken() -> list[str]:
    """The sentences kept since last asked, the oldest first."""
    sentences = list(_kept)
    _kept.clear()
    return sentences
