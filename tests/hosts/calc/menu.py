"""The menu of the running LibreOffice, as a person uses it: a command, and what is told or shown then."""

from __future__ import annotations

from typing import Any


class Menu:
    """Commands dispatched to the open workbook."""

    def __init__(self, calc: Any) -> None:
        self.calc = calc

    def told(self, command: str) -> str:
        """What the message box of a command says, which LibreOffice without a screen writes to its log."""
        before = self.calc.log(10**7)
        opened = self._opened(command)
        assert not opened, "a message is no workbook"
        said = self.calc.log(10**7)
        assert said.startswith(before)
        return str(said[len(before) :].strip())

    def shown(self, command: str) -> list[list[Any]]:
        """The rows of the workbook that a command opens."""
        (book,) = self._opened(command)
        assert not book.isModified()
        try:
            cursor = book.Sheets.getByIndex(0).createCursor()
            cursor.gotoEndOfUsedArea(True)
            return [list(row) for row in cursor.getDataArray()]
        finally:
            book.close(True)
            self.calc.doc.CurrentController.Frame.activate()

    def opened(self, command: str) -> Any:
        """The workbook that a command opens."""
        (book,) = self._opened(command)
        return book

    def _opened(self, command: str) -> list[Any]:
        before = {book.RuntimeUID for book in self.books()}
        assert self.calc.dispatch(f"service:org.tieraddin.calc.Commands?{command}") == "success"
        return [book for book in self.books() if book.RuntimeUID not in before]

    def books(self) -> list[Any]:
        """The workbooks that are open."""
        found, components = [], self.calc.desktop.getComponents().createEnumeration()
        while components.hasMoreElements():
            found.append(components.nextElement())
        return found

    def select(self, address: str, sheet: str | None = None) -> None:
        """Go to a sheet and mark cells."""
        controller = self.calc.doc.CurrentController
        if sheet is not None:
            controller.setActiveSheet(self.calc.doc.Sheets.getByName(sheet))
        controller.select(controller.ActiveSheet.getCellRangeByName(address))
