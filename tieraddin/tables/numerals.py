"""Numbers written as text: ``1,200``, ``¥1,200.50``, ``(1,200)``, ``12%``, ``1.2万``, ``３亿元``."""

from __future__ import annotations

import re
from typing import Final

NOT_A_NUMBER = float("nan")

MAGNITUDES = {
    "千": 1e3,
    "万": 1e4,
    "萬": 1e4,
    "十万": 1e5,
    "百万": 1e6,
    "千万": 1e7,
    "亿": 1e8,
    "億": 1e8,
    "十亿": 1e9,
    "百亿": 1e10,
}

_WIDE = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)} | {
    ord(wide): plain
    for wide, plain in {
        "\u3000": " ",
        "\u00a0": " ",
        "\u202f": " ",
        "\u2009": " ",
        "￥": "¥",
        "−": "-",
        "’": "'",
    }.items()
}
_CURRENCY = r"¥|\$|€|£|(?:US|HK|NT)\$|CNY|RMB|USD|EUR|GBP|JPY|HKD|TWD|人民币"
_UNIT = r"元整?|圆|块钱?|人民币|美元|欧元|英镑|日元|港元|港币|CNY|RMB|USD|EUR|GBP|JPY|HKD|TWD"
_NUMERAL = re.compile(
    rf"""
    (?P<open>\()? \s* (?P<sign>[+-])? \s*
    (?:{_CURRENCY})? \s* (?P<inner>[+-])? \s*
    (?P<digits> [0-9]{{1,3}}(?:(?P<mark>[,'\ ])[0-9]{{3}}(?:(?P=mark)[0-9]{{3}})*)(?:\.[0-9]*)?
              | [0-9]+(?:\.[0-9]*)?(?:e[+-]?[0-9]{{1,3}})?
              | \.[0-9]+ )
    \s* (?P<percent>%)? (?P<magnitude>{"|".join(sorted(MAGNITUDES, key=len, reverse=True))})? \s* (?P<unit>{_UNIT})?
    \s* (?P<after>-)? (?P<close>\))?
    """,
    re.VERBOSE | re.IGNORECASE,
)
_THOUSANDS = re.compile(r"-?[0-9]{1,3}(?:,[0-9]{3})+(?:\.[0-9]+)?")
_GROUPING = str.maketrans("", "", ",' ")


class Written:
    """How a number was written: bare, with its own unit (``1.2万``, ``1200元``), or as a percentage."""

    BARE: Final = 0
    UNIT: Final = 1
    PERCENT: Final = 2


def narrow(text: str) -> str:
    """``text`` with full-width forms, hard spaces and typographic minus signs made plain, and its ends stripped."""
    return text.strip() if text.isascii() else text.translate(_WIDE).strip()


def read_number(text: str) -> tuple[float, int]:
    """The number that ``text`` says and how it was written; NaN where it is no number or can be read in two ways.

    A comma, space or apostrophe groups digits by threes and a point starts the decimals, so ``1.200,50`` and ``1,5``
    are not read.
    """
    text = narrow(text)
    if "," in text and _THOUSANDS.fullmatch(text):  # the plain ways come first: a million texts are read
        return float(text.replace(",", "")), Written.BARE
    if text[-1:].isdecimal() and "_" not in text:
        try:
            return float(text), Written.BARE
        except ValueError:
            pass
    found = _NUMERAL.fullmatch(text)
    if not found or bool(found["open"]) != bool(found["close"]):
        return NOT_A_NUMBER, Written.BARE
    signs = [found["sign"], found["inner"], found["after"], found["open"]]
    if sum(sign is not None for sign in signs) > 1 or (found["percent"] and (found["magnitude"] or found["unit"])):
        return NOT_A_NUMBER, Written.BARE
    number = float(found["digits"].translate(_GROUPING))
    if any(sign in ("-", "(") for sign in signs):
        number = -number
    if found["percent"]:
        return number / 100, Written.PERCENT
    if found["magnitude"]:
        return number * MAGNITUDES[found["magnitude"]], Written.UNIT
    return number, Written.UNIT if found["unit"] else Written.BARE
