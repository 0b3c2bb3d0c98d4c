"""Grade customers where sales people already work: in their Excel workbooks.

>>> import tieraddin
>>> tieraddin.grade(frame, "value-abc")                    # a DataFrame with grade, score, reason, next_step
>>> with tieraddin.open_workbook("customers.xlsx") as book:  # lossless edits
...     book.write("Sheet1", 1, 8, [["Tier"], ["A"]])
...     book.save("graded.xlsx")

What is named here stays; everything else may change.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from tieraddin.actions.grade import grade
    from tieraddin.errors import ModelError, TableRefused, TieraddinError, UsageError, WorkbookRefused
    from tieraddin.workbooks import open_workbook

__all__ = [
    "ModelError",
    "TableRefused",
    "TieraddinError",
    "UsageError",
    "WorkbookRefused",
    "grade",
    "open_workbook",
]

__version__ = "0.1.0"

_HOME = dict.fromkeys(__all__, "tieraddin.errors") | {
    "grade": "tieraddin.actions.grade",
    "open_workbook": "tieraddin.workbooks",
}


def __getattr__(name: str) -> Any:
    """Import what is asked for when it is asked for: ``import tieraddin`` alone costs nothing."""
    if name not in _HOME:
        raise AttributeError(f"module 'tieraddin' has no attribute {name!r}")
    value = getattr(import_module(_HOME[name]), name)
    globals()[name] = value
    return value
