"""The text of a .csv file as spreadsheets of several countries save it: its encoding and its separator."""

from __future__ import annotations

import codecs
import re

SEPARATORS = ",;\t"
_QUOTED = re.compile(r'"[^"]*"')
_BEYOND_ASCII = re.compile(rb"[\x80-\xff]+")
_HEAD = 400
"""So many bytes show whether each second one is zero,"""
_FRONT = 20_000
"""and so many characters what stands between the cells."""
_MARKS = frozenset("€£§©®™°²³½·•…–—‘’“”«»¡¿ªº´\xa0")
"""Beyond letters, what European texts hold."""
_LEAST = 0.25
"""Of a text in its own encoding at least this share of the characters is common."""


def decoded(raw: bytes) -> str:
    """The text of ``raw``: UTF-8, UTF-16, GB 18030, Big5 or Windows-1252.

    A Chinese character is two bytes or four, its first and mostly its second beyond ASCII; an accented letter of a
    European text is one such byte between others that are not. Of the encodings that can be meant it is the one in
    which the most characters are common.

    Raises
    ------
    UnicodeDecodeError
        bytes that are no text in the encoding that fits best.
    """
    if raw.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return raw.decode("utf-16")
    if (encoding := _unmarked(raw[:_HEAD])) is not None:
        return raw.decode(encoding)
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError as fault:
        runs = _BEYOND_ASCII.findall(raw)
        alone = sum(len(run) == 1 for run in runs)
        wanted = ("gb18030", "cp1252", "cp950") if 2 * alone > len(runs) else ("gb18030", "cp950")
        texts = [(encoding, text) for encoding in wanted if (text := _text(raw, encoding)) is not None]
        share, text = max(((_common(text, encoding), text) for encoding, text in texts), key=_first, default=(0.0, ""))
        if share < _LEAST:
            raise fault
        return text


def _unmarked(head: bytes) -> str | None:
    """UTF-16 without its mark: of the separators, digits and Latin letters every second byte is zero."""
    high, low = head[::2].count(0), head[1::2].count(0)
    if 16 * max(high, low) < len(head) or not head:
        return None
    return "utf-16-be" if high > low else "utf-16-le"


def _text(raw: bytes, encoding: str) -> str | None:
    try:
        return raw.decode(encoding)
    except UnicodeDecodeError:
        return None


def _first(scored: tuple[float, str]) -> float:
    return scored[0]


def _common(text: str, encoding: str) -> float:
    """Which share of the characters beyond ASCII, each counted once, is common in texts of that encoding."""
    beyond = [letter for letter in set(text) if not letter.isascii()]
    return sum(_is_common(letter, encoding) for letter in beyond) / len(beyond)


def _is_common(letter: str, encoding: str) -> bool:
    if encoding == "cp1252":
        return letter.isalpha() or letter in _MARKS
    if encoding == "cp950":
        return letter.encode(encoding)[0] <= 0xC6  # Big5 has its common characters first
    try:
        return bool(letter.encode("gb2312"))
    except UnicodeEncodeError:
        return False


def separator(text: str) -> str:
    """What stands between the cells: the one of `SEPARATORS` that the first line with any of them holds most often."""
    lines = _QUOTED.sub("", text[:_FRONT]).splitlines()
    header = next((line for line in lines if not set(SEPARATORS).isdisjoint(line)), "")
    return max(SEPARATORS, key=header.count)
