"""Formulas that stand in the way of a write: shared ones move to another cell of their group."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

import numpy as np

from tieraddin.tables.layout import Area, column_letters, common
from tieraddin.workbooks.package import markup
from tieraddin.workbooks.package.patch import Patch, pending
from tieraddin.workbooks.package.strings import text_of
from tieraddin.workbooks.package.survey import Master, Survey
from tieraddin.workbooks.port import KEEP

_FORMULA = re.compile(rb"<(?:[\w.\-]+:)?f\b[^>]*>(.*?)</(?:[\w.\-]+:)?f>", re.S)


def overwritten(survey: Survey, patches: Sequence[Patch]) -> Iterator[tuple[int, int]]:
    """The cells with a formula that ``patches`` write over."""
    rows, columns, _ = survey.formulas
    inside = np.zeros(len(rows), bool)
    patches = [patch for patch in patches if not patch.results]
    for patch in patches:
        area = patch.area
        inside |= (
            (rows >= area.first_row)
            & (rows <= area.last_row)
            & (columns >= area.first_column)
            & (columns <= area.last_column)
        )
    for row, column in zip(rows[inside].tolist(), columns[inside].tolist(), strict=True):
        if pending(patches, row, column) is not KEEP:
            yield row, column


def moved(survey: Survey, patches: Sequence[Patch], prefix: str) -> dict[tuple[int, int], str]:
    """New homes of shared formulas whose first cell is written over: cell -> its new ``<f>`` element."""
    homes, patches = {}, [patch for patch in patches if not patch.results]
    for master in survey.masters:
        here = Area(master.row, master.column, master.row, master.column)
        if any(common(patch.area, here) for patch in patches) and pending(patches, *here[:2]) is not KEEP:
            homes.update(_new_home(survey, patches, master, prefix))
    return homes


def _new_home(survey: Survey, patches: Sequence[Patch], master: Master, prefix: str) -> dict[tuple[int, int], str]:
    from openpyxl.formula.translate import Translator

    rows, columns, groups = survey.formulas
    area = master.area
    group = (groups == master.group) & (rows >= area.first_row) & (rows <= area.last_row)
    group &= (columns >= area.first_column) & (columns <= area.last_column)
    left = [
        (row, column)
        for row, column in zip(rows[group].tolist(), columns[group].tolist(), strict=True)
        if pending(patches, row, column) is KEEP
    ]
    text = _FORMULA.search(master.cell)
    if not left or text is None:
        return {}
    origin, home = (f"{column_letters(column)}{row}" for row, column in ((master.row, master.column), left[0]))
    formula = Translator("=" + text_of(text[1]), origin=origin).translate_formula(home)[1:]
    reach = Area(left[0][0], min(c for _, c in left), left[-1][0], max(c for _, c in left))
    element = f'<{prefix}f t="shared" ref="{reach}" si="{master.group}">{markup.escape(formula)}</{prefix}f>'
    return {left[0]: element}
