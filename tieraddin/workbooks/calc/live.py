"""The document that a person works in: what they look at, and changes that are made in one step or not at all."""

from __future__ import annotations

import traceback
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from tieraddin.errors import WorkbookRefused
from tieraddin.language import say
from tieraddin.tables.layout import Area
from tieraddin.tables.values import Column
from tieraddin.workbooks.calc.progress import Progress
from tieraddin.workbooks.calc.reading import area_of
from tieraddin.workbooks.calc.workbook import CalcWorkbook


class LiveCalcWorkbook(CalcWorkbook):
    """An open document before a person; see `tieraddin.workbooks.port.LiveWorkbook` for what the methods do.

    Parameters
    ----------
    document
        the UNO object of a spreadsheet document.
    step
        what LibreOffice's own undo calls the changes of one run.
    """

    def __init__(self, document: Any, step: str) -> None:
        super().__init__(document)
        self._step = step
        self._progress = Progress(document, step)
        self._writes = False

    @contextmanager
    def changing(self) -> Iterator[None]:
        """All changes as one step of LibreOffice's undo; a failure takes the step back."""
        document, undo = self.document, self.document.UndoManager
        modified, calculates = document.isModified(), document.isAutomaticCalculationEnabled()
        controller = document.CurrentController
        looked_at = controller and controller.ActiveSheet
        document.lockControllers()
        document.addActionLock()
        document.enableAutomaticCalculation(False)
        steps = undo.getAllUndoActionTitles()
        undo.enterUndoContext(self._step)
        failed = self._writes = True
        try:
            yield
            failed = False
        except Exception as fault:
            if hasattr(fault, "Message"):  # one of LibreOffice's, which contextlib can't pass on
                raise RuntimeError(traceback.format_exc()) from None
            raise
        finally:
            self._writes = False
            undo.leaveUndoContext()
            if failed:
                self._take_back(steps)
            document.enableAutomaticCalculation(calculates)
            document.removeActionLock()
            document.unlockControllers()
            self._progress.end()
            if failed:
                if controller is not None:  # an undo goes to where something changed
                    controller.setActiveSheet(looked_at)
                document.setModified(modified)

    def _take_back(self, steps: tuple[str, ...]) -> None:
        """Undo what was done since there were these steps; LibreOffice keeps no step of nothing."""
        undo = self.document.UndoManager
        if undo.getAllUndoActionTitles() != steps:
            undo.undo()
            undo.clearRedo()

    def tell(self, sentence: str) -> None:
        """Show ``sentence`` in the status bar, and in a window with a button to stop where the run is long."""
        self._progress.tell(sentence)

    def _tell_share(self, sheet: str, share: float) -> None:
        if self._writes:
            self.tell(say("live.percent", sheet=sheet, percent=round(100 * share)))

    def _columns(self, sheet: str, area: Area) -> list[Column]:
        if self._progress.long and not self._writes:
            self.tell(say("live.reading", sheet=sheet))
        return super()._columns(sheet, area)

    def rest(self) -> None:
        """The run has ended: nothing is told any more, and the document takes input."""
        self._progress.end()

    @property
    def active_sheet(self) -> str | None:
        """The sheet that the person looks at; None where it is but a chart, as LibreOffice reads chart sheets."""
        controller = self.document.CurrentController
        if controller is None:
            return None
        name = str(controller.ActiveSheet.Name)
        return None if controller.ActiveSheet.Charts.Count and self._used(name) is None else name

    def selected(self) -> Area | None:
        """The cells that are marked; of several ranges the first."""
        marked = self.document.CurrentSelection
        if marked is not None and marked.supportsService("com.sun.star.sheet.SheetCellRanges") and marked.Count:
            marked = marked.getByIndex(0)
        if marked is None or not marked.supportsService("com.sun.star.sheet.SheetCellRange"):
            return None
        return area_of(marked.RangeAddress)

    def fault(self) -> WorkbookRefused | None:
        """Read-only, shared, or protected against new sheets."""
        settings = self.document.createInstance("com.sun.star.document.Settings")
        for key, so in (
            ("live.read_only", self.document.isReadonly()),
            ("calc.shared", settings.IsDocumentShared),
            ("calc.structure", self.document.isProtected()),
        ):
            if so:
                return WorkbookRefused(key, book=self.document.Title)
        return None

    def show(self, sheet: str) -> None:
        """Let the person look at ``sheet``."""
        if self.document.CurrentController is not None:
            self.document.CurrentController.setActiveSheet(self._sheet(sheet))
