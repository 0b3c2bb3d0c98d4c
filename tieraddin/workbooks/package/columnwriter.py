"""From whole columns to the XML of a sheet's rows: what cells share is written once, each text is read once."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import lru_cache
from itertools import chain, islice, repeat
from typing import Any, NamedTuple

import numpy as np

from tieraddin.errors import WorkbookRefused
from tieraddin.tables.layout import column_letters
from tieraddin.tables.values import MOST_EXACT, Column, Floats, Kind
from tieraddin.workbooks.package import strings
from tieraddin.workbooks.package.cellwriter import ERRORS

ROW = "\0"
"""Stands for the number of the row; no XML can hold it."""
_END = "\1"
"""Stands between two cells; nor can XML hold it."""
_KEPT, _STEP, _BLOCK = 1000, 250, 10_000
"""What stands between the cells is kept for the next sheet up to the row _KEPT, for _STEP rows more at a time; so many
rows as _BLOCK are put together at once."""


def _utf8(text: str) -> str:
    """The bytes of a text, a character for each: such texts are joined in half the time that bytes take."""
    return text.encode().decode("latin-1")


class Cells(NamedTuple):
    """The cells of a column as XML, each from the closing quotation mark of its address to its end tag.

    Attributes
    ----------
    before, after
        what all of them have, `ROW` for the number of the row.
    each
        what tells them apart, None where nothing does.

    All of them are as `_utf8` gives them.
    """

    before: str
    each: Sequence[str] | None = None
    after: str = ""

    def whole(self, count: int) -> list[str]:
        """The ``count`` cells one by one."""
        before, _, after = self
        if self.each is None:
            return [before + after] * count
        return (before + (after + _END + before).join(self.each) + after).split(_END)


def cells_of(column: Column, style: int, date_style: int, formula: str = "") -> Cells:
    """The cells of a new sheet; a blank one is there for its format's sake.

    Parameters
    ----------
    style
        the cell format.
    date_style
        the format of the cells that hold a date.
    formula
        the ``<f>`` element that gives the cells, with `ROW` for the number of the row.

    Raises
    ------
    WorkbookRefused
        a text that no cell can hold, infinity, a date before 1900.
    """
    column = _with_known_errors(column)
    start, kinds = f'" s="{style}"' if style else '"', column.kinds.tobytes() or bytes([Kind.BLANK])
    formula = _utf8(formula)
    if kinds == kinds[:1] * len(kinds):
        return _alike(column, kinds[0], start, date_style, formula)
    mixed = _alike(column, Kind.BLANK, start, date_style, formula).whole(len(column))
    for kind in set(kinds) - {Kind.BLANK}:
        at = np.flatnonzero(column.kinds == kind)
        cells = _alike(column.take(at), kind, start, date_style, formula).whole(len(at))
        for i, cell in zip(at.tolist(), cells, strict=True):
            mixed[i] = cell
    return Cells("", mixed)


def _with_known_errors(column: Column) -> Column:
    """The column with errors that spreadsheets have no value for, as odd files hold them, as texts."""
    at = np.flatnonzero(column.kinds == Kind.ERROR)
    unknown = [i for i in at.tolist() if column.texts[column.codes[i]] not in ERRORS]
    if not unknown:
        return column
    kinds = column.kinds.copy()
    kinds[unknown] = Kind.TEXT
    return Column(kinds, column.numbers, column.codes, column.texts)


def _alike(column: Column, kind: int, start: str, date_style: int, formula: str) -> Cells:
    """Cells of one kind."""
    if kind == Kind.BLANK:
        return Cells(f'{start} t="str">{formula}<v></v></c>' if formula else f"{start}/>")
    if kind == Kind.TEXT:
        return _texts(column, f'{start} t="str">{formula}' if formula else f'{start} t="inlineStr">', bool(formula))
    if kind == Kind.ERROR:
        each = _encoded(list(map(column.texts.__getitem__, column.codes.tolist())))
        return Cells(f'{start} t="e">{formula}<v>', each, "</v></c>")
    start = {Kind.BOOLEAN: f'{start} t="b"', Kind.DATE: f'" s="{date_style}"'}.get(kind, start)
    return Cells(f"{start}>{formula}<v>", _numbers(column.numbers, kind), "</v></c>")


def _texts(column: Column, start: str, worked_out: bool) -> Cells:
    texts, codes = column.texts, column.codes.tolist()
    if len(texts) > len(codes):  # many are of no cell
        texts, codes = list(map(texts.__getitem__, codes)), list(range(len(codes)))
    if strings.are_plain(texts):
        parts = _encoded(texts)
        before, after = ("<v>", "</v></c>") if worked_out else ("<is><t>", "</t></is></c>")
        return Cells(start + before, list(map(parts.__getitem__, codes)), after)
    element = strings.result if worked_out else strings.inline
    elements = {code: _utf8(element(texts[code], "")) for code in set(codes)}
    return Cells(start, list(map(elements.__getitem__, codes)), "</c>")


def _encoded(texts: Sequence[str]) -> list[str]:
    return _utf8(_END.join(texts)).split(_END)


def _numbers(numbers: Floats, kind: int) -> list[str]:
    """The numbers in the fewest digits; where all are whole, without a decimal point."""
    if not np.isfinite(numbers).all():
        raise WorkbookRefused("workbooks.not_finite", value=str(numbers[~np.isfinite(numbers)][0]))
    if kind == Kind.DATE and (numbers < 1).any():
        raise WorkbookRefused("workbooks.date_too_early", value=str(numbers.min()))
    whole = (numbers == np.rint(numbers)).all() and (np.abs(numbers) < MOST_EXACT).all()
    text = as_json((numbers.astype(np.int64) if whole else numbers).tolist()).decode()
    return text[1:-1].split(",")


def python_json(numbers: list[Any]) -> bytes:
    """Numbers as JSON, by Python's own library."""
    return json.dumps(numbers, separators=(",", ":")).encode()


try:
    import orjson

    as_json: Callable[[list[Any]], bytes] = orjson.dumps
except ImportError:
    as_json = python_json


def rows_of(columns: Sequence[Cells], rows: range) -> Iterator[bytes]:
    """The ``<row>`` elements of cells from column A on, in blocks; ``rows`` are their numbers."""
    numbers = list(map(str, rows)) if rows.stop > _KEPT else []
    seam, pieces = f'<row r="{ROW}">', list[Iterable[str]]()
    for k, cells in enumerate(columns, 1):
        seam += f'<c r="{column_letters(k)}{ROW}{cells.before}'
        if cells.each is not None:
            pieces += [*_numbered(seam, rows, numbers), _placed(cells.each, rows)]
            seam = ""
        seam += cells.after
    pieces += _numbered(f"{seam}</row>", rows, numbers)
    lines = zip(*pieces)  # noqa: B905 - what is the same in all rows has no end
    while block := "".join(chain.from_iterable(islice(lines, _BLOCK))):
        yield block.encode("latin-1")


def _placed(cells: Sequence[str], rows: range) -> Sequence[str]:
    """Cells with the numbers of their rows."""
    if ROW not in cells[0]:
        return cells
    return [cell.replace(ROW, str(row)) for row, cell in zip(rows, cells, strict=True)]


def _numbered(text: str, rows: range, numbers: list[str]) -> Sequence[Iterable[str]]:
    """``text`` with the number of each row, as a whole or, where ``numbers`` are given, in pieces."""
    first, *others = text.split(ROW)
    if others and not numbers:
        return [_kept(text, -(-rows.stop // _STEP) * _STEP)[rows.start : rows.stop]]
    return [repeat(first), *chain.from_iterable((numbers, repeat(part)) for part in others)]


@lru_cache(maxsize=128)
def _kept(text: str, count: int) -> list[str]:
    return [text.replace(ROW, str(row)) for row in range(count)]
