"""From values to the XML of cells."""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Iterable
from numbers import Real

import numpy as np

from tieraddin.errors import WorkbookRefused
from tieraddin.tables.layout import column_letters
from tieraddin.tables.values import CellError, to_serial
from tieraddin.workbooks.package import strings
from tieraddin.workbooks.package.cells import DAYS_1904
from tieraddin.workbooks.package.styles import DATE, DATE_TIME, Styles
from tieraddin.workbooks.port import ERASE, KEEP, Written

ERRORS = {"#NULL!", "#DIV/0!", "#VALUE!", "#REF!", "#NAME?", "#NUM!", "#N/A", "#GETTING_DATA", "#SPILL!", "#CALC!"}
_MOST_REMEMBERED = 50_000


class CellWriter:
    """Writes cells; ``prefix`` is the namespace prefix of the sheet's elements."""

    def __init__(self, prefix: str, styles: Styles, date1904: bool) -> None:
        self._prefix = prefix
        self._styles = styles
        self._shift = DAYS_1904 if date1904 else 0
        self._bodies: dict[str, str] = {}

    def texts(self, column: int, cells: Iterable[tuple[int, Written, int, bool, bool]]) -> list[str | None]:
        """The XML of a column's cells.

        Parameters
        ----------
        column
            the column's number.
        cells
            for each: row, value, cell format, whether a cell is there now, whether an empty cell is written for its
            format's sake.

        Returns
        -------
        list
            the cell's text; "" where a cell that is there goes; None where nothing is to be done.

        Raises
        ------
        WorkbookRefused
            NaN, infinity, a date before 1900, a text too long or with half a character, a value of another kind.
        """
        letters, p = column_letters(column), self._prefix
        out: list[str | None] = []
        for row, written, style, exists, blank in cells:
            if written is KEEP:
                out.append(None)
            elif written is None and style and (exists or blank):
                out.append(f'<{p}c r="{letters}{row}" s="{style}"/>')
            elif written is None or written is ERASE:
                out.append("" if exists else None)
            else:
                try:
                    body = self._body(written)
                except WorkbookRefused as refusal:
                    refusal.facts["cell"] = f"{letters}{row}"
                    raise
                shown_as = self._dated(style, written) if isinstance(written, dt.date) else style
                shown = f' s="{shown_as}"' if shown_as else ""
                out.append(f'<{p}c r="{letters}{row}"{shown}{body}')
        return out

    def _body(self, value: Written) -> str:
        """What follows the cell's address and format."""
        p = self._prefix
        if type(value) is str:
            body = self._bodies.get(value)
            if body is None:
                strings.check(value)
                body = f' t="inlineStr">{strings.inline(value, p)}</{p}c>'
                if len(self._bodies) >= _MOST_REMEMBERED:
                    self._bodies.clear()
                self._bodies[value] = body
            return body
        if isinstance(value, np.generic):
            return self._body(value.item())
        if isinstance(value, bool):
            return f' t="b"><{p}v>{value:d}</{p}v></{p}c>'
        if isinstance(value, CellError) and value in ERRORS:
            return f' t="e"><{p}v>{value}</{p}v></{p}c>'
        if isinstance(value, str):  # a subclass of str
            return self._body(str.__str__(value))
        if isinstance(value, dt.date):
            return f"><{p}v>{_number(self._serial(value))}</{p}v></{p}c>"
        if isinstance(value, (int, float, Real)):
            number = value if isinstance(value, int) else float(value)
            if not math.isfinite(number):
                raise WorkbookRefused("workbooks.not_finite", value=str(value))
            return f"><{p}v>{_number(number)}</{p}v></{p}c>"
        raise WorkbookRefused("workbooks.no_cell_value", kind=type(value).__name__)

    def _serial(self, value: dt.date) -> float:
        serial = to_serial(value) - self._shift
        if serial < (0 if self._shift else 1):
            raise WorkbookRefused("workbooks.date_too_early", value=str(value))
        return serial

    def _dated(self, style: int, value: dt.date) -> int:
        """The cell format that shows the value as a date: ``style`` itself if it does."""
        if self._styles.is_date(style):
            return style
        timed = isinstance(value, dt.datetime) and value.time() != dt.time()
        return self._styles.with_number_format(style, DATE_TIME if timed else DATE)


def _number(value: float) -> str:
    """The shortest text that reads back as the number."""
    return str(int(value)) if abs(value) < 1e15 and value == int(value) else repr(float(value))
