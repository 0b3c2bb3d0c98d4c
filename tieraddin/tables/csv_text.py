"""The text of a .csv file as spreadsheets of several countries save it: its encoding and its separator."""

from __future__ import annotations

import codecs
import re

SEPARATORS = ",;\t"
_QUOTED = re.compile(r'"[^"]*"')
_BEYOND_ASCII = re.compile(rb"[\x80-\xff]+")


def decoded(raw: bytes) -> str:
    """The text of ``raw``: UTF-8, UTF-16 with its mark, GB 18030 or Windows-1252.

    A Chinese character is two bytes or four, its first and mostly its second beyond ASCII; an accented letter of a
    European text is one such byte between others that are not.

    Raises
    ------
    UnicodeDecodeError
        bytes that are no text in the encoding that fits best.
    """
    if raw.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return raw.decode("utf-16")
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError:
        runs = _BEYOND_ASCII.findall(raw)
        alone = sum(len(run) == 1 for run in runs)
        return raw.decode("cp1252" if 2 * alone > len(runs) else "gb18030")


def separator(text: str) -> str:
    """What stands between the cells: the one of `SEPARATORS` that the header holds most often."""
    header = _QUOTED.sub("", text.lstrip().partition("\n")[0])
    return max(SEPARATORS, key=header.count)
