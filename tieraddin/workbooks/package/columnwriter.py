"""From a whole column to the XML of its cells: each text, and each date, is written out once."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from tieraddin.errors import WorkbookRefused
from tieraddin.tables.values import Column, Kind
from tieraddin.workbooks.package import strings

_WHOLE = 1e15
"""Excel keeps 15 digits."""


def bodies(column: Column, style: int, date_style: int) -> list[str]:
    """What follows the address in each cell of a new sheet: from its closing quotation mark to its end tag.

    A blank cell is there for its format's sake.

    Parameters
    ----------
    style
        the cell format.
    date_style
        the format of the cells that hold a date.

    Raises
    ------
    WorkbookRefused
        a text that no cell can hold, infinity, a date before 1900.
    """
    start = f'" s="{style}"' if style else '"'
    codes, kinds = column.codes.tolist(), set(column.kinds.tolist())
    written = list(map([*_texts(column.texts, start), f"{start}/>"].__getitem__, codes))
    for kind in kinds - {Kind.BLANK, Kind.TEXT}:
        at = np.flatnonzero(column.kinds == kind)
        if kind == Kind.ERROR:
            cells = [f'{start} t="e"><v>{column.texts[codes[i]]}</v></c>' for i in at.tolist()]
        else:
            tag = {Kind.BOOLEAN: f'{start} t="b"', Kind.DATE: f'" s="{date_style}"'}.get(Kind(kind), start)
            cells = [f"{tag}><v>{number}</v></c>" for number in _numbers(column.numbers[at], kind)]
        if len(at) == len(written):
            return cells
        for i, cell in zip(at.tolist(), cells, strict=True):
            written[i] = cell
    return written


def _texts(texts: Sequence[str], start: str) -> list[str]:
    """The bodies of cells of text."""
    if strings.are_plain(texts):
        before, after = f'{start} t="inlineStr"><is><t>', "</t></is></c>"
        return [f"{before}{text}{after}" for text in texts]
    return [f'{start} t="inlineStr">{strings.inline(text, "")}</c>' for text in texts]


def _numbers(numbers: np.ndarray[tuple[int], np.dtype[np.float64]], kind: int) -> list[int] | list[float]:
    """The numbers as Python writes them: whole ones without a decimal point."""
    if not np.isfinite(numbers).all():
        raise WorkbookRefused("workbooks.not_finite", value=str(numbers[~np.isfinite(numbers)][0]))
    if kind == Kind.DATE and (numbers < 1).any():
        raise WorkbookRefused("workbooks.date_too_early", value=str(numbers.min()))
    whole = (numbers == np.rint(numbers)).all() and (np.abs(numbers) < _WHOLE).all()
    return (numbers.astype(np.int64) if whole else numbers).tolist()
