"""Rows and cells found by a compiled byte scanner, as Excel and most libraries write them, where much is read.

It knows one way of writing: no namespace prefix, no comment, CDATA section or processing instruction, double quotes,
no reference inside an attribute, an address at every row and cell. At anything else it gives up, and `scan` takes over;
on what it accepts its result is `scan`'s.
"""

from __future__ import annotations

from typing import Final

import numpy as np
from numpy.typing import NDArray

from tieraddin.tables.layout import LAST_COLUMN, LAST_ROW
from tieraddin.workbooks.package.block import TYPES, Block, Formula, Type
from tieraddin.workbooks.package.fastmarkup import (
    attribute,
    blank,
    closes,
    compiled,
    digits,
    reads,
    skip_attributes,
    tag_end,
    text_end,
)
from tieraddin.workbooks.package.markup import is_text

# As plain numbers, for the compiler
_NUMBER, _TEXT, _INLINE = int(Type.NUMBER), int(Type.TEXT), int(Type.INLINE)
_BY_LETTER = np.array([TYPES.get(chr(letter), -1) for letter in range(256)], np.int32)
_PLAIN, _MEMBER, _MASTER, _RANGE = int(Formula.PLAIN), int(Formula.SHARED), int(Formula.MASTER), int(Formula.RANGE)
_SPACE, _QUOTE, _SLASH, _LESS, _EQUALS, _GREATER = 0x20, 0x22, 0x2F, 0x3C, 0x3D, 0x3E
_A, _Z, _ZERO, _NINE = 0x41, 0x5A, 0x30, 0x39
_LOWER_F, _LOWER_I, _LOWER_V = 0x66, 0x69, 0x76
_FIELDS: Final = 9
_STOP: Final = b"<" + bytes(16)
"""Put after the data: every loop below ends at it, so none of them needs to look for the end."""
_SHORTEST: Final = len('<c r="A1"/>')
_C, _R, _S, _T = 0x63, 0x72, 0x73, 0x74


def scan(data: bytes, previous: int) -> Block | None:
    """The rows in ``data`` as the expat scanner finds them; None where they are written otherwise or no UTF-8."""
    if not is_text(data):
        return None
    room = len(data) // _SHORTEST + 1  # memory that is not written to is never really taken
    rows, cells = np.empty((room, _FIELDS), np.int32), np.empty((room, _FIELDS), np.int32)
    n, m = _scan(np.frombuffer(data + _STOP, np.uint8), len(data), previous, rows, cells)
    return Block.of(data, rows[:n], cells[:m]) if n >= 0 else None


@compiled
def _row(data: NDArray[np.uint8], i: int, previous: int, row: NDArray[np.int32]) -> int:
    """Read the start tag ``<row`` at ``i`` into ``row``; its end, or -1."""
    row[2], row[6], row[7], row[8] = i, -1, -1, -1
    style, own = 0, False
    number = -1
    i += 4
    while data[i] == _SPACE:
        i += 1
        name_end, start, end, fault = attribute(data, i)
        if fault < 0:
            return -1
        if reads(data, i, name_end, b"r"):
            number = digits(data, start, end)
        elif reads(data, i, name_end, b"spans"):
            row[6], row[7] = start, end
        elif reads(data, i, name_end, b"s"):
            style = digits(data, start, end) if end > start else 0
            if style < 0:
                return -1
        elif reads(data, i, name_end, b"customFormat"):
            own = reads(data, start, end, b"1") or reads(data, start, end, b"true")
        i = end + 1
    if number <= previous or number > LAST_ROW:
        return -1
    row[0] = number
    if own:
        row[8] = style
    row[3] = tag_end(data, i)
    return int(row[3])


@compiled
def _type(data: NDArray[np.uint8], i: int, cell: NDArray[np.int32]) -> int:
    """Read the `Type` at ``i`` into ``cell``; just after its quote, or -1."""
    end = i
    while data[end] != _QUOTE:
        if data[end] == _LESS:
            return -1
        end += 1
    if end - i == 1:
        cell[1] = _BY_LETTER[data[i]]
    elif reads(data, i, end, b"str"):
        cell[1] = _TEXT
    else:
        cell[1] = _INLINE if reads(data, i, end, b"inlineStr") else -1
    return end + 1 if cell[1] >= 0 else -1


@compiled
def _style(data: NDArray[np.uint8], i: int, cell: NDArray[np.int32]) -> int:
    """Read the number of a cell format at ``i`` into ``cell``; just after its quote, or -1."""
    number, k = 0, i
    while _ZERO <= data[k] <= _NINE and k < i + 9:
        number = number * 10 + data[k] - _ZERO
        k += 1
    cell[2] = number
    return k + 1 if data[k] == _QUOTE else -1


@compiled
def _address(data: NDArray[np.uint8], i: int, cell: NDArray[np.int32]) -> int:
    """Read the address at ``i`` into ``cell``; just after its quote, or -1."""
    number, k = 0, i
    while _A <= data[k] <= _Z:
        number = number * 26 + data[k] - _A + 1
        k += 1
    digits = k
    while _ZERO <= data[k] <= _NINE:
        k += 1
    cell[0] = number
    known = 0 < digits - i <= 3 and number <= LAST_COLUMN and k > digits and data[k] == _QUOTE
    return k + 1 if known else -1


@compiled
def _formula(data: NDArray[np.uint8], i: int, cell: NDArray[np.int32]) -> int:
    """Read the ``<f`` at ``i`` into ``cell``; the element's end, or -1."""
    kind, group, reference = _PLAIN, -1, False
    i += 2
    while data[i] == _SPACE:
        i += 1
        name_end, start, end, fault = attribute(data, i)
        if fault < 0:
            return -1
        if reads(data, i, name_end, b"t"):
            if reads(data, start, end, b"shared"):
                kind = _MEMBER
            elif reads(data, start, end, b"array") or reads(data, start, end, b"dataTable"):
                kind = _RANGE
            else:
                kind = _PLAIN
        elif reads(data, i, name_end, b"si"):
            group = digits(data, start, end)
            if group < 0:
                return -1
        elif reads(data, i, name_end, b"ref"):
            reference = True
        i = end + 1
    inner = tag_end(data, i)
    if inner < 0:
        return -1
    filled = data[i] == _GREATER
    if kind == _MEMBER and reference and filled:
        kind = _MASTER
    cell[3] = kind
    cell[4] = group if kind in (_MEMBER, _MASTER) else -1
    if not filled:
        return inner
    close = text_end(data, inner)
    return close + 4 if closes(data, close, _LOWER_F) else -1


@compiled
def _value(data: NDArray[np.uint8], i: int, cell: NDArray[np.int32]) -> int:
    """Read the ``<v`` at ``i`` into ``cell``; the element's end, or -1."""
    i = skip_attributes(data, i + 2)
    inner = tag_end(data, i) if i >= 0 else -1
    if inner < 0:
        return -1
    close = text_end(data, inner) if data[i] == _GREATER else inner
    if cell[1] != _INLINE:
        cell[7], cell[8] = inner, close
    if data[i] != _GREATER:
        return inner
    return close + 4 if closes(data, close, _LOWER_V) else -1


@compiled
def _inline(data: NDArray[np.uint8], i: int, cell: NDArray[np.int32]) -> int:
    """Read an ``<is><t>…</t></is>`` at ``i`` into ``cell``; the element's end, or -1."""
    if not reads(data, i, i + 6, b"<is><t"):
        return -1
    inner, i = i + 4, skip_attributes(data, i + 6)
    end = tag_end(data, i) if i >= 0 else -1
    if end < 0:
        return -1
    if data[i] == _GREATER:
        end = text_end(data, end)
        if not closes(data, end, _T):
            return -1
        end += 4
    if not reads(data, end, end + 5, b"</is>"):
        return -1
    if cell[1] == _INLINE:
        cell[7], cell[8] = inner, end
    return end + 5


@compiled
def _cell_tag(data: NDArray[np.uint8], i: int, cell: NDArray[np.int32]) -> int:
    """Read the start tag ``<c`` at ``i`` into ``cell``; where its ``>`` or ``/>`` is, or -1."""
    cell[0], cell[1], cell[2], cell[3], cell[4], cell[5], cell[7], cell[8] = -1, _NUMBER, 0, 0, -1, i, -1, -1
    i += 2
    while data[i] == _SPACE:
        letter = data[i + 1] if data[i + 2] == _EQUALS and data[i + 3] == _QUOTE else 0
        if letter == _R:
            i = _address(data, i + 4, cell)
        elif letter == _S:
            i = _style(data, i + 4, cell)
        elif letter == _T:
            i = _type(data, i + 4, cell)
        else:
            _, _, end, fault = attribute(data, i + 1)
            i = end + 1 if fault == 0 else -1
        if i < 0:
            return -1
    return -1 if cell[0] < 0 else i


@compiled
def _cell(data: NDArray[np.uint8], i: int, cell: NDArray[np.int32]) -> int:
    """Read the ``<c`` at ``i`` into ``cell``; the element's end, or -1."""
    i = _cell_tag(data, i, cell)
    inner = tag_end(data, i) if i >= 0 else -1
    if inner < 0:
        return -1
    if data[i] == _SLASH:
        cell[6] = inner
        return inner
    i = blank(data, inner)
    while data[i] == _LESS and data[i + 1] != _SLASH:
        after = data[i + 2]
        if data[i + 1] == _LOWER_I:
            i = _inline(data, i, cell)
        elif after not in (_SPACE, _GREATER, _SLASH):
            return -1
        elif data[i + 1] == _LOWER_V:
            i = _value(data, i, cell)
        elif data[i + 1] == _LOWER_F:
            i = _formula(data, i, cell)
        else:
            return -1
        if i < 0:
            return -1
        i = blank(data, i)
    if not closes(data, i, _C):
        return -1
    cell[6] = i + 4
    return i + 4


@compiled
def _scan(
    data: NDArray[np.uint8], size: int, previous: int, rows: NDArray[np.int32], cells: NDArray[np.int32]
) -> tuple[int, int]:
    """Fill ``rows`` and ``cells``, items by fields; how many of each, (-1, -1) where it gives up."""
    n = m = 0
    i = blank(data, 0)
    while i < size:
        if not reads(data, i, i + 4, b"<row") or n == len(rows):
            return -1, -1
        row = rows[n]
        i = _row(data, i, previous, row)
        if i < 0:
            return -1, -1
        row[1], previous = m, row[0]
        row[4] = row[5] = i
        if data[i - 2] != _SLASH:
            i = blank(data, i)
            while data[i] == _LESS and data[i + 1] == _C and data[i + 2] == _SPACE:
                if m == len(cells):
                    return -1, -1
                i = _cell(data, i, cells[m])
                if i < 0:
                    return -1, -1
                m += 1
                i = blank(data, i)
            if not reads(data, i, i + 6, b"</row>"):
                return -1, -1
            row[4], row[5] = i, i + 6
            i += 6
        n += 1
        i = blank(data, i)
    return n, m
