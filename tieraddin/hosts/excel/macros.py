"""What the buttons of the ribbon do: the VBA calls `pressed` by xlwings' ``CallUDF``, and shows what it says."""

from __future__ import annotations

import ctypes
from collections.abc import Callable, Sequence
from typing import Any

import xlwings as xw

from tieraddin.errors import TieraddinError
from tieraddin.hosts import customers, fault_log
from tieraddin.hosts.asked import Answer, Asked
from tieraddin.hosts.excel.cells import Cells
from tieraddin.hosts.excel.workbook import ExcelWorkbook
from tieraddin.language import say

BUTTONS: dict[str, Callable[[Asked], Answer]] = {
    "retier": customers.retier,
    "preview": customers.preview,
    "explain": customers.explain,
    "undo": customers.undo,
    "followups": customers.followups,
    "review": customers.review,
    "pareto": customers.pareto,
    "dashboard": customers.dashboard,
    "model": customers.pick_model,
}
"""By the ids of the ribbon's controls (``tieraddin/hosts/xlam/ribbon.toml``)."""

_BUSY = {-2147418111, -2146777998}
"""What COM says where Excel takes no calls: RPC_E_CALL_REJECTED, VBA_E_IGNORE."""
_ESCAPE = 0x1B


@xw.func
@xw.arg("button", Cells)
@xw.arg("detail", Cells)
@xw.ret(Cells)
def pressed(button: str, detail: str | None = None) -> str:
    """Carry out a button on the workbook before the person.

    Parameters
    ----------
    button
        its id, a key of `BUTTONS`.
    detail
        what was picked, of a list.

    Returns
    -------
    str
        a sentence for the person; "" where rows are shown in a workbook of their own.
    """
    return answer(xw.Book.caller(), button, detail or "")


def answer(book: xw.Book, button: str, detail: str = "") -> str:
    """What `pressed` gives for ``book``."""
    try:
        said = BUTTONS[button](Asked(ExcelWorkbook(book, escape_pressed), book, detail))
        if isinstance(said, str):
            return said
        _shown(book.app, said)
    except TieraddinError as fault:
        return fault.sentence()
    except Exception as fault:
        if fault.args and fault.args[0] in _BUSY:
            return say("live.busy", book=book.name)
        return say("live.unexpected", file=fault_log.kept())
    return ""


def _shown(app: xw.App, rows: Sequence[Sequence[Any]]) -> None:
    """Show rows in a workbook of their own, which is closed without a question."""
    shown = app.books.add()
    ExcelWorkbook(shown).write(shown.sheets[0].name, 1, 1, rows)
    shown.api.Saved = True


def escape_pressed() -> bool:
    """Whether Esc is held down, or was pressed since last asked; nobody knows but Windows."""
    windows = getattr(ctypes, "windll", None)
    return windows is not None and bool(windows.user32.GetAsyncKeyState(_ESCAPE))
