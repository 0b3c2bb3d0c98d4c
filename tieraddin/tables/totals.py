"""The words by which a totals row is known."""

from __future__ import annotations

import re

import numpy as np

from tieraddin.tables.values import Column, Mask

_WORDS = re.compile(
    r"(?:(?:(?:本[页月年季期日周]|全部|全年|各项)?(?:合\s*计|总\s*计|小\s*计|共\s*计|累\s*计|总\s*和|汇\s*总)[数额]?)"
    r"|(?:(?:grand|sub|overall|page|running)[\s-]*)?totals?|sum)"
    r"(?:\s*[(（][^)）]*[)）])?[\s:：]*",
    re.IGNORECASE,
)
_OF_A_GROUP = re.compile(r"(?P<group>.+\S)\s+(?:total|汇总|小计|合计)", re.IGNORECASE)
_FIRST = frozenset("本全各合总小共累汇gsoprtGSOPRT")
_LAST = ("l", "L", "总", "计")
_TOTAL, _GROUP = 1, 2


def is_total(text: str) -> bool:
    """Whether ``text`` is the label of a totals row: 合计, 小计, Total, Grand total and the like, and nothing more."""
    return _read(text) == _TOTAL


def totals_in(column: Column) -> Mask:
    """Which cells label a totals row.

    ``East total`` and ``华东 汇总``, as Excel's own subtotals write them, count where the column also holds that group.
    """
    found = np.zeros(len(column), bool)
    at, what = column.read_texts(_read, np.int8)
    found[at] = what == _TOTAL
    grouped = at[what == _GROUP]
    if len(grouped):
        present = {column.texts[code].strip() for code in set(column.codes[at].tolist())}
        for i in grouped.tolist():
            of_group = _OF_A_GROUP.fullmatch(column.texts[column.codes[i]].strip())
            found[i] = of_group is not None and of_group["group"] in present
    return found


def _read(text: str) -> int:
    text = text.strip()
    if text[:1] in _FIRST and _WORDS.fullmatch(text):
        return _TOTAL
    return _GROUP if text.endswith(_LAST) and _OF_A_GROUP.fullmatch(text) else 0
