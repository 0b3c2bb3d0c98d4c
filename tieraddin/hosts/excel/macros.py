"""What the buttons of the ribbon do: the VBA calls `pressed` by xlwings' ``CallUDF``, and shows what it says."""

from __future__ import annotations

import ctypes
import shutil
from collections.abc import Callable, Sequence
from contextlib import suppress
from itertools import chain
from typing import Any, TypeAlias

import xlwings as xw

from tieraddin.errors import TieraddinError
from tieraddin.hosts import customers, fault_log, templates, transactions
from tieraddin.hosts.asked import Answer, Asked, Opening, Question, look_of
from tieraddin.hosts.excel.cells import Cells
from tieraddin.hosts.excel.workbook import ExcelWorkbook
from tieraddin.language import by_button, say

Said: TypeAlias = "str | list[list[str]]"

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
    "summarise": transactions.summarise,
    "template": templates.new,
    "convert": templates.convert,
}
"""By the ids of the ribbon's controls (``tieraddin/hosts/xlam/ribbon.toml``)."""

_BUSY = {-2147418111, -2146777998}
"""What COM says where Excel takes no calls: RPC_E_CALL_REJECTED, VBA_E_IGNORE."""
_EXCEPTION = -2147352567
"""DISP_E_EXCEPTION."""
_ESCAPE = 0x1B


@xw.func
@xw.arg("button", Cells)
@xw.arg("detail", Cells)
@xw.ret(Cells)
def pressed(button: str, detail: str | None = None) -> Said:
    """Carry out a button on the workbook before the person.

    Parameters
    ----------
    button
        its id, a key of `BUTTONS`.
    detail
        what was picked of a list, or the answers to the questions so far, a line each.

    Returns
    -------
    str or list
        a sentence for the person, "" where a workbook was shown that says it all; or a row, a question: its kind and
        its text, then for each choice what stands for it and what it is called.
    """
    return answer(xw.Book.caller(), button, detail or "")


def answer(book: xw.Book, button: str, detail: str = "") -> Said:
    """What `pressed` gives for ``book``."""
    with by_button():
        try:
            return _carried_out(book, BUTTONS[button](Asked(ExcelWorkbook(book, escape_pressed), book, detail)))
        except TieraddinError as fault:
            return fault.sentence()
        except Exception as fault:
            if _refused_by(fault) in _BUSY:
                return say("excel.busy", book=book.name)
            return say("live.unexpected", file=fault_log.kept())
        finally:
            with suppress(Exception):
                book.app.status_bar = False  # Excel's own words again


def _carried_out(book: xw.Book, said: Answer) -> Said:
    """What the VBA is to show of an answer; workbooks are shown here."""
    match said:
        case str():
            return said
        case Question(text, kind, choices):
            return [[kind, text, *chain.from_iterable(choices)]]
        case Opening(file, sentence, once):
            book.app.api.Workbooks.Add(str(file))
            if once:
                shutil.rmtree(file.parent, ignore_errors=True)
            return sentence
    _shown(book.app, said)
    return ""


def _shown(app: xw.App, rows: Sequence[Sequence[Any]]) -> None:
    """Show rows in a workbook of their own, which is closed without a question."""
    shown = app.books.add()
    book, sheet = ExcelWorkbook(shown), shown.sheets[0].name
    book.write(sheet, 1, 1, rows)
    book.set_look(sheet, look_of(rows))
    shown.api.Saved = True


def _refused_by(fault: Exception) -> Any:
    """The code with which COM refused: its own, or that of the exception that it tells of."""
    args = fault.args
    told = args[2] if len(args) > 2 and args[0] == _EXCEPTION else None
    return told[-1] if told else next(iter(args), None)


def escape_pressed() -> bool:
    """Whether Esc is held down, or was pressed since last asked; nobody knows but Windows."""
    windows = getattr(ctypes, "windll", None)
    return windows is not None and bool(windows.user32.GetAsyncKeyState(_ESCAPE))
