"""Names of functions as files spell them, and which of them are ours."""

from __future__ import annotations

import re
from ntpath import basename

from tieraddin.formulas.cells import Cells
from udfs import FUNCTIONS

ADD_IN = "tieraddin"
"""How the names of our add-in's files begin."""

_OURS = re.compile(rf"(?<![\w.])(?:_xl\w+\.)*(?:{'|'.join(FUNCTIONS)})\s*\(", re.IGNORECASE)
_PREFIX = re.compile(r"(?:_xl\w+\.)+", re.IGNORECASE)
_LINK = re.compile(r"\[(\d+)\]")


def may_call_ours(text: str) -> bool:
    """Whether a formula could call one of our functions; quick."""
    return _OURS.search(text) is not None


def plain_name(spelled: str) -> str:
    """``_xlfn._xlws.SORT`` -> ``SORT``, ``[1]!Tier`` -> ``TIER``."""
    return _PREFIX.sub("", spelled.rpartition("!")[2]).upper()


def is_add_in(path: str) -> bool:
    """Whether a path leads to a file of our add-in, wherever it may be."""
    return basename(path.strip("'").replace("%20", " ")).strip("[]").lower().startswith(ADD_IN)


def function_of(spelled: str, cells: Cells, sheet: str) -> str | None:
    r"""Which of our functions a call names; None where it names another's.

    ``[1]!TIER`` and ``'C:\…\tieraddin.xlam'!TIER`` are ours where the file is our add-in; a plain ``TIER`` is ours
    unless the workbook defines that name itself.
    """
    name, (place, _, _) = plain_name(spelled), spelled.rpartition("!")
    if name not in FUNCTIONS:
        return None
    if not place:
        return name if cells.name(name, sheet) is None else None
    linked = _LINK.fullmatch(place.strip("'"))
    return name if is_add_in(cells.link(int(linked[1])) if linked else place) else None
