"""Changes to an open workbook: all or none, while Excel neither draws nor runs macros."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from typing import Any

import xlwings as xw

from tieraddin.errors import TieraddinError

_QUIET = {"screen_updating": False, "enable_events": False, "display_alerts": False, "calculation": "manual"}
"""Settings of Excel while a run writes."""

Undo = Callable[[], Any]


class Changes:
    """How to take back what was written, the latest first; kept while `together` runs."""

    def __init__(self, book: xw.Book) -> None:
        self._book = book
        self._undo: list[Undo] | None = None
        self._last: list[Undo] = []

    @property
    def kept(self) -> bool:
        """Whether changes are kept now."""
        return self._undo is not None

    def undo_by(self, undo: Undo) -> None:
        """Keep how the next change is taken back."""
        if self._undo is not None:
            self._undo.append(undo)

    def at_last(self, change: Undo) -> None:
        """Carry out what can't be taken back when all else went well."""
        if self._undo is None:
            change()
        else:
            self._last.append(change)

    @contextmanager
    def together(self) -> Iterator[None]:
        """Carry out all changes within, or none: a failure takes back what was done, and goes on as it came.

        What Excel does while it is written to (drawing, events, calculation) rests, and is set again whatever happens;
        so are the active sheet and what the status bar says.
        """
        app, active = self._book.app, self._book.sheets.active
        before = {name: getattr(app, name) for name in _QUIET}
        self._undo, self._last = [], []
        try:
            for name, value in _QUIET.items():
                setattr(app, name, value)
            yield
            self._finish()
        except BaseException:
            self._take_back()
            raise
        finally:
            self._undo = None
            with suppress(Exception):
                active.api.Activate()
            for name, value in before.items():
                with suppress(Exception):
                    setattr(app, name, value)
            with suppress(Exception):
                app.status_bar = False

    def _finish(self) -> None:
        """Carry out the last changes. Once the first is done the run holds: if another fails, what it was to take away
        stays.
        """
        for change in self._last[:1]:
            change()
        self._undo = []
        for change in self._last[1:]:
            with suppress(Exception):
                change()

    def _take_back(self) -> None:
        failed = []
        for undo in reversed(self._undo or []):
            try:
                undo()
            except Exception as fault:  # the others are taken back all the same
                failed.append(fault)
        if failed:
            raise TieraddinError("live.not_taken_back", book=self._book.name, detail=failed[0]) from failed[0]
