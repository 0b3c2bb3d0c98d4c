"""Headers as they are compared: without case, width, spaces and punctuation, their unit taken off and read."""

from __future__ import annotations

import re
import unicodedata
from collections import defaultdict
from collections.abc import Sequence
from functools import cache
from itertools import count

from tieraddin.tables.numerals import MAGNITUDES

_ENGLISH = {
    **dict.fromkeys(("thousand", "thousands", "'000", "000", "k"), 1e3),
    **dict.fromkeys(("million", "millions", "mn", "mio"), 1e6),
    **dict.fromkeys(("billion", "billions", "bn"), 1e9),
}
_SCALES = MAGNITUDES | _ENGLISH
_MAGNITUDE = "|".join(sorted(map(re.escape, _SCALES), key=len, reverse=True))
_MONEY = r"元|人民币|rmb|cny|usd|eur|gbp|jpy|hkd|twd|美元|欧元|英镑|日元|港元|港币|[¥$€£]"
_OTHER = r"%|天|日|次|个|家|人|户|台|套|件|岁|年|月|周|吨|days?|weeks?|months?|years?|times?|count"
_BEFORE = rf"(?:单位\s*[:]?\s*)?(?:in\s+)?(?:{_MONEY})?\s*"
_BRACKETED = re.compile(
    rf"\s*[(\[【〔]\s*{_BEFORE}(?P<scale>{_MAGNITUDE})?\s*(?:{_MONEY}|{_OTHER})?\s*[)\]】〕]\s*", re.IGNORECASE
)
_TRAILING = re.compile(rf"\s*[/,:_-]?\s*(?P<scale>{'|'.join(MAGNITUDES)})元\s*$|\s*[/,:_-]\s*元\s*$")
_NO_WORD = re.compile(r"[\W_]+")


@cache
def header_key(header: str) -> tuple[str, float]:
    """What a header is compared by, and what its bare numbers are multiplied by.

    ``销售额（万元）`` gives ``销售额`` and 10,000; ``Sales (CNY '000)`` gives ``sales`` and 1,000; a bracket that is no
    unit stays: ``销售额(2024)`` gives ``销售额2024`` and 1.
    """
    text, scale = _without_unit(header)
    return _NO_WORD.sub("", text).casefold(), scale


def plain_header(header: str) -> str:
    """A header as it reads above numbers that were multiplied by its unit: ``销售额（万元）`` gives ``销售额``."""
    text, scale = _without_unit(header)
    return header.strip() if scale == 1 else " ".join(text.split())


def _without_unit(header: str) -> tuple[str, float]:
    """The header in plain forms, its unit taken off, and the unit's scale."""
    text = unicodedata.normalize("NFKC", header).replace("’", "'")
    for unit in (_BRACKETED, _TRAILING):
        if (found := unit.search(text)) and text[: found.start()].strip():
            scale = _SCALES[found["scale"].lower()] if found["scale"] else 1.0
            return f"{text[: found.start()]} {text[found.end() :]}", scale
    return text, 1.0


def distinct(headers: Sequence[str]) -> list[str]:
    """``headers`` with repeated ones told apart: the second 销售额 is ``销售额 (2)``; blank ones stay blank."""
    taken, result = set(headers), list[str]()
    seen: set[str] = set()
    numbers: defaultdict[str, count[int]] = defaultdict(lambda: count(2))
    for header in headers:
        name = header
        while header and (name in seen or (name != header and name in taken)):
            name = f"{header} ({next(numbers[header])})"
        seen.add(name)
        result.append(name)
    return result
