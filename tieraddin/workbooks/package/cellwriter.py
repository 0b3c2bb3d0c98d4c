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

    def check(self, value: Written) -> None:
        """Refuse a value that no cell can hold.

        Raises
        ------
        WorkbookRefused
            NaN, infinity, a date before 1900, a text too long or with half a character, a value of another kind.
        """
        if value is not None and value is not KEEP and value is not ERASE:
            self._body(value)

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
        """
        letters, p, out = column_letters(column), self._prefix, []
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
                if isinstance(written, dt.date) and not self._styles.is_date(style):
                    style = self._styles.with_number_format(style, _date_format(written))
                shown = f' s="{style}"' if style else ""
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
        if isinstance(value, str):
            return self._body(str(value))
        if isinstance(value, dt.date):
            return f"><{p}v>{_number(self._serial(value))}</{p}v></{p}c>"
        if isinstance(value, Real):
            if not math.isfinite(value):
                raise WorkbookRefused("workbooks.not_finite", cell="", value=str(value))
            return f"><{p}v>{_number(value)}</{p}v></{p}c>"
        raise WorkbookRefused("workbooks.no_cell_value", cell="", kind=type(value).__name__)

    def _serial(self, value: dt.date) -> float:
        serial = to_serial(value) - self._shift
        if serial < (0 if self._shift else 1):
            raise WorkbookRefused("workbooks.date_too_early", cell="", value=str(value))
        return serial


def _date_format(value: dt.date) -> str:
    return DATE_TIME if isinstance(value, dt.datetime) and value.time() != dt.time() else DATE


def _number(value: Real) -> str:
    if isinstance(value, int) and abs(value) < 10**15:
        return str(value)
    number = float(value)
    return str(int(number)) if number.is_integer() and abs(number) < 1e15 else repr(number)
