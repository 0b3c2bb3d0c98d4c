"""The styles part: which cell formats show dates, and new formats put after those that are there."""

from __future__ import annotations

import datetime as dt
import re
from enum import IntEnum

import numpy as np
from numpy.typing import NDArray

from tieraddin.workbooks.package import markup
from tieraddin.workbooks.package.markup import Element, Splice
from tieraddin.workbooks.port import HEAD_FILL

DATE, DATE_TIME = "yyyy-mm-dd", "yyyy-mm-dd hh:mm:ss"
_BUILT_IN = {"General": 0, "0": 1, "0.00": 2, "#,##0": 3, "#,##0.00": 4, "0%": 9, "0.00%": 10, "0.00E+00": 11, "@": 49}
_BUILT_IN_DATES = {*range(14, 23), *range(27, 37), *range(45, 48), *range(50, 59)}
"""ECMA-376 part 1, 18.8.30: the fixed date formats, those of the Chinese and other East Asian locales included."""
_FIRST_CUSTOM = 164
_LITERAL = re.compile(r'"[^"]*"|\[(?!hh?\]|mm?\]|ss?\])[^\]]*\]|[_\\].')
_DATE_LETTER = re.compile(r"[dmhysDMHYS]")
_AFTER_FORMATS = ("cellStyles", "dxfs", "tableStyles", "colors", "extLst")

EMPTY = (
    '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n<styleSheet xmlns="{}">'
    '<fonts count="1"><font/></fonts><fills count="2"><fill><patternFill patternType="none"/></fill>'
    '<fill><patternFill patternType="gray125"/></fill></fills><borders count="1"><border/></borders>'
    '<cellStyleXfs count="1"><xf/></cellStyleXfs><cellXfs count="1"><xf/></cellXfs>'
    '<cellStyles count="1"><cellStyle name="Normal" xfId="0" builtinId="0"/></cellStyles></styleSheet>'
)
"""A styles part for a workbook that has none; to be filled with the namespace."""


class Weight(IntEnum):
    """How heavy a cell of a sheet of our own is: plain, bold, or bold on a light fill."""

    PLAIN = 0
    TITLE = 1
    HEAD = 2


def shows_date(code: str) -> bool:
    """Whether a number format shows its number as a date or a time."""
    return _DATE_LETTER.search(_LITERAL.sub("", code.split(";", maxsplit=1)[0])) is not None


def date_format(value: dt.date) -> str:
    """The number format that shows a date, with its time of day where it has one."""
    timed = isinstance(value, dt.datetime) and value.time() != dt.time()
    return DATE_TIME if timed else DATE


class Styles:
    """The cell formats (``cellXfs``) of a workbook, by number.

    Parameters
    ----------
    data
        the styles part (UTF-8).
    part
        its name.
    """

    def __init__(self, data: bytes, part: str) -> None:
        self.part = part
        self._root = markup.parse_part(data, part)
        if not self._root.children:  # an empty tag: nothing in it to refer to, and no place for a format
            data = EMPTY.format(self._root.namespace).encode()
            self._root = markup.parse_part(data, part)
        self._data = data
        self._tag = markup.prefix(data, self._root)
        formats = self._root.first("cellXfs")
        xfs = formats.all("xf") if formats else []
        self._raw = [data[xf.start : xf.end] for xf in xfs]
        self._old = len(xfs)
        self._number_formats = [int(xf.attributes.get("numFmtId") or 0) for xf in xfs]
        custom = self._root.first("numFmts")
        self._codes = {
            int(element.attributes["numFmtId"]): element.attributes.get("formatCode", "")
            for element in (custom.all("numFmt") if custom else [])
        }
        self._ids = {code: number for number, code in self._codes.items()} | _BUILT_IN
        self._new_codes: list[bytes] = []
        self._dates = [self._is_date(number) for number in self._number_formats]
        self._new_fonts: list[bytes] = []
        self._new_fills: list[bytes] = []
        self._memo: dict[tuple[int, str | Weight], int] = {}

    def _is_date(self, number_format: int) -> bool:
        if number_format in self._codes:
            return shows_date(self._codes[number_format])
        return number_format in _BUILT_IN_DATES

    def is_date(self, style: int) -> bool:
        """Whether the cell format shows a date."""
        return 0 <= style < len(self._dates) and self._dates[style]

    def is_general(self, style: int) -> bool:
        """Whether the cell format leaves numbers as they are."""
        return not 0 <= style < len(self._number_formats) or self._number_formats[style] == 0

    def date_mask(self, styles: NDArray[np.int32]) -> NDArray[np.bool_]:
        """`is_date` of many."""
        flags = np.array([*self._dates, False])
        unknown = (styles < 0) | (styles >= len(self._dates))
        return flags[np.where(unknown, len(self._dates), styles)]

    def with_number_format(self, style: int, code: str) -> int:
        """The number of a cell format that is ``style`` in all but its number format."""
        key = (style, code)
        if key not in self._memo:
            self._memo[key] = self._restyled(style if 0 <= style < len(self._raw) else 0, self._number_format(code))
        return self._memo[key]

    def looked(self, style: int, weight: Weight) -> int:
        """The number of a cell format that shows numbers as ``style`` does, and nothing else of it."""
        key = (style, weight)
        if key not in self._memo:
            number = self._number_formats[style] if 0 <= style < len(self._number_formats) else 0
            font, fill = self._bold() if weight else 0, self._light() if weight == Weight.HEAD else 0
            said = f'numFmtId="{number}" fontId="{font}" fillId="{fill}" borderId="0" xfId="0" applyNumberFormat="1"'
            self._add(f'<{self._tag}xf {said} applyFont="1" applyFill="1"/>'.encode(), number)
            self._memo[key] = len(self._raw) - 1
        return self._memo[key]

    def _bold(self) -> int:
        """The number of the font of the workbook's plain cells, in bold."""
        fonts = self._root.first("fonts")
        there = fonts.all("font") if fonts else []
        inside = self._data[there[0].inner : there[0].inner_end] if there else b""
        bold, name = f"<{self._tag}b/>".encode(), f"{self._tag}font".encode()
        self._new_fonts = [b"<%s>%s</%s>" % (name, bold + inside.replace(bold, b""), name)]
        return len(there)

    def _light(self) -> int:
        """The number of the fill of heads."""
        fills, t = self._root.first("fills"), self._tag
        colour = "FF" + "".join(f"{part:02X}" for part in HEAD_FILL)
        pattern = f'<{t}patternFill patternType="solid"><{t}fgColor rgb="{colour}"/></{t}patternFill>'
        self._new_fills = [f"<{t}fill>{pattern}</{t}fill>".encode()]
        return len(fills.all("fill")) if fills else 0

    def _number_format(self, code: str) -> int:
        if code not in self._ids:
            number = max([_FIRST_CUSTOM - 1, *self._ids.values()]) + 1
            self._ids[code], self._codes[number] = number, code
            element = f'<{self._tag}numFmt numFmtId="{number}" formatCode="{markup.escape(code)}"/>'
            self._new_codes.append(element.encode())
        return self._ids[code]

    def _restyled(self, style: int, number_format: int) -> int:
        if not self._raw:
            self._add(f'<{self._tag}xf numFmtId="0" fontId="0" fillId="0" borderId="0"/>'.encode(), 0)
        if self._number_formats[style] == number_format:
            return style
        raw = self._raw[style]
        for name, value in (("numFmtId", str(number_format)), ("applyNumberFormat", "1")):
            tag = Element("", "xf", {}, 0, markup.START_TAG.match(raw).end())  # type: ignore[union-attr]
            raw = markup.spliced(raw, [markup.set_attribute(raw, tag, name, value)])
        self._add(raw, number_format)
        return len(self._raw) - 1

    def _add(self, raw: bytes, number_format: int) -> None:
        self._raw.append(raw)
        self._number_formats.append(number_format)
        self._dates.append(self._is_date(number_format))

    def changed(self) -> bytes | None:
        """The part with the new formats, or None when there are none."""
        if len(self._raw) == self._old:
            return None
        splices = self._put("numFmts", self._new_codes, len(self._codes), self._root.inner)
        end = next((child.start for child in self._root.children if child.name in _AFTER_FORMATS), self._root.inner_end)
        for name, new in (("fonts", self._new_fonts), ("fills", self._new_fills)):
            there = self._root.first(name)
            splices += self._put(name, new, (len(there.children) if there else 0) + len(new), self._root.inner)
        splices += self._put("cellXfs", self._raw[self._old :], len(self._raw), end)
        return markup.spliced(self._data, splices)

    def _put(self, name: str, children: list[bytes], count: int, at: int) -> list[Splice]:
        element, new = self._root.first(name), b"".join(children)
        tag = f"{self._tag}{name}".encode()
        if not children:
            return []
        if element is None:
            return [Splice(at, at, b'<%s count="%d">%s</%s>' % (tag, count, new, tag))]
        inside = markup.append_child(self._data, element, new)
        return [markup.set_attribute(self._data, element, "count", str(count)), *inside]
