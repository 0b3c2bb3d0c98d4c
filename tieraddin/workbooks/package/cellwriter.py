"""From values to the XML of cells."""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Iterable, Sequence
from contextlib import suppress
from numbers import Real
from typing import Any

import numpy as np

from tieraddin.errors import WorkbookRefused
from tieraddin.tables.layout import column_letters
from tieraddin.tables.values import DAYS_1904, MOST_EXACT, CellError, to_serial, written_number
from tieraddin.workbooks.package import strings
from tieraddin.workbooks.package.styles import Styles, date_format
from tieraddin.workbooks.port import ERASE, KEEP, Written

ERRORS = {"#NULL!", "#DIV/0!", "#VALUE!", "#REF!", "#NAME?", "#NUM!", "#N/A", "#GETTING_DATA", "#SPILL!", "#CALC!"}
_MOST_REMEMBERED = 50_000


class _Bodies(dict[str, str]):
    """What follows address and format in a cell of text, by its text; made when first asked for."""

    def __init__(self, prefix: str) -> None:
        super().__init__()
        self._prefix = prefix

    def __missing__(self, text: str) -> str:
        if len(self) >= _MOST_REMEMBERED:
            self.clear()
        body = self[text] = f' t="inlineStr">{strings.inline(text, self._prefix)}</{self._prefix}c>'
        return body


class CellWriter:
    """Writes cells; ``prefix`` is the namespace prefix of the sheet's elements."""

    def __init__(self, prefix: str, styles: Styles, date1904: bool) -> None:
        self._prefix = prefix
        self._styles = styles
        self._shift = DAYS_1904 if date1904 else 0
        self._bodies = _Bodies(prefix)

    def texts(
        self,
        column: int,
        rows: Sequence[int],
        values: Sequence[Written],
        styles: Sequence[int],
        exists: Sequence[bool],
        blanks: Sequence[bool],
    ) -> list[str | None]:
        """The XML of cells of one column.

        Parameters
        ----------
        column, rows
            where the cells are.
        values
            what they are to hold.
        styles
            their cell formats.
        exists
            whether a cell is there now.
        blanks
            whether an empty cell is written for its format's sake.

        Returns
        -------
        list
            for each the cell's text; "" where a cell that is there goes; None where nothing is to be done.

        Raises
        ------
        WorkbookRefused
            NaN, infinity, a date before 1900, a text too long or with half a character, a value of another kind.
        """
        letters, p = column_letters(column), self._prefix
        shown = {style: f' s="{style}"' if style else "" for style in set(styles)}
        simple = self._dates(values, shown) or self._simple(values)
        return [
            f'<{p}c r="{letters}{row}"{shown[style]}{body}'
            if body
            else self._text(f"{letters}{row}", value, style, there, blank)
            for row, value, style, there, blank, body in zip(rows, values, styles, exists, blanks, simple, strict=True)
        ]

    def _dates(self, values: Sequence[Any], styles: Iterable[int]) -> Sequence[str | None] | None:
        """What follows address and format in the cells, where all are dates or to be empty, and shown as dates."""
        kinds = set(map(type, values)) - {type(None)}
        if kinds not in ({dt.datetime}, {dt.date}) or not all(map(self._styles.is_date, styles)):
            return None
        bodies: dict[Any, str | None] = {}
        with suppress(WorkbookRefused):  # then each is looked at, so that the cell can be named
            bodies = {value: self.body(value) for value in set(values) if value is not None}
        return [bodies.get(value) for value in values]

    def _simple(self, values: Sequence[Any]) -> Sequence[str | None]:
        """What follows address and format in the cells, where all are of one simple kind or to be empty; else None."""
        p, kinds = self._prefix, set(map(type, values)) - {type(None)}
        nothing = [None] * len(values)
        if kinds == {str}:
            if strings.are_plain([value for value in values if value is not None]):
                start, end = f' t="inlineStr"><{p}is><{p}t>', f"</{p}t></{p}is></{p}c>"
                return [None if value is None else f"{start}{value}{end}" for value in values]
            with suppress(WorkbookRefused):
                return [None if value is None else self._bodies[value] for value in values]
        if kinds not in ({float}, {int}):
            return nothing
        numbers = [value for value in values if value is not None]
        plain = max(map(abs, numbers)) < MOST_EXACT if kinds == {int} else bool(np.isfinite(numbers).all())
        if not plain:
            return nothing
        return [None if value is None else f"><{p}v>{value!r}</{p}v></{p}c>" for value in values]

    def _text(self, address: str, written: Written, style: int, exists: bool, blank: bool) -> str | None:
        p = self._prefix
        if written is KEEP:
            return None
        if written is None and style and (exists or blank):
            return f'<{p}c r="{address}" s="{style}"/>'
        if written is None or written is ERASE:
            return "" if exists else None
        try:
            body = self.body(written)
        except WorkbookRefused as refusal:
            refusal.facts["cell"] = address
            raise
        shown_as = self.dated(style, written) if isinstance(written, dt.date) else style
        shown = f' s="{shown_as}"' if shown_as else ""
        return f'<{p}c r="{address}"{shown}{body}'

    def body(self, value: Any) -> str:
        """What follows the cell's address and format, its end tag included."""
        p = self._prefix
        if type(value) is str:
            return self._bodies[value]
        if isinstance(value, np.generic):
            return self.body(value.item())
        if isinstance(value, bool):
            return f' t="b"><{p}v>{value:d}</{p}v></{p}c>'
        if isinstance(value, CellError) and value in ERRORS:
            return f' t="e"><{p}v>{value}</{p}v></{p}c>'
        if isinstance(value, str):  # a subclass of str
            return self._bodies[str.__str__(value)]
        if isinstance(value, dt.date):
            return f"><{p}v>{written_number(self._serial(value))}</{p}v></{p}c>"
        if isinstance(value, (int, Real)):
            number = int(value) if isinstance(value, int) else float(value)
            if not math.isfinite(number):
                raise WorkbookRefused("workbooks.not_finite", value=str(value))
            return f"><{p}v>{written_number(number)}</{p}v></{p}c>"
        raise WorkbookRefused("workbooks.no_cell_value", kind=type(value).__name__)

    def _serial(self, value: dt.date) -> float:
        serial = to_serial(value) - self._shift
        if serial < (0 if self._shift else 1):
            raise WorkbookRefused("workbooks.date_too_early", value=str(value))
        return serial

    def dated(self, style: int, value: dt.date) -> int:
        """The cell format that shows the value as a date: ``style`` itself if it does."""
        if self._styles.is_date(style):
            return style
        return self._styles.with_number_format(style, date_format(value))
