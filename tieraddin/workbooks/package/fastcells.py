"""The values of plain cells read by a compiled loop; whatever is not plain is left to `cells`.

Plain are: numbers whose text says exactly which double they are (at most 2**53, at most 22 places), indexes of shared
strings, booleans, and texts without escapes and runs.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from tieraddin.tables.values import Kind
from tieraddin.workbooks.package.block import Block, Type
from tieraddin.workbooks.package.fastmarkup import compiled, digits, reads

_NUMBER, _SHARED, _BOOLEAN, _INLINE, _DATE = map(int, (Type.NUMBER, Type.SHARED, Type.BOOLEAN, Type.INLINE, Type.DATE))
_BLANK = int(Kind.BLANK)
_CARRIAGE_RETURN, _AMPERSAND, _MINUS, _POINT, _ZERO, _NINE = 0x0D, 0x26, 0x2D, 0x2E, 0x30, 0x39
_HASH, _SEMICOLON, _LESS, _UNDERSCORE, _LOWER_X = 0x23, 0x3B, 0x3C, 0x5F, 0x78
_OPEN, _OPEN_SPACED, _CLOSE = b"<t>", b'<t xml:space="preserve">', b"</t>"
_NAMED = ((b"amp;", 0x26), (b"lt;", 0x3C), (b"gt;", 0x3E), (b"quot;", 0x22), (b"apos;", 0x27))
_DIGITS = np.full(256, 99, np.int64)
for _value, _letter in enumerate(b"0123456789abcdef"):
    _DIGITS[[_letter, ord(chr(_letter).upper())]] = _value
_MOST_EXACT = 1 << 53
_POWERS = 10.0 ** np.arange(23)


def read(block: Block, kinds: NDArray[np.uint8], numbers: NDArray[np.float64]) -> tuple[bytes, NDArray[np.intp]]:
    """Fill in ``kinds`` (blank where a cell is empty) and ``numbers`` of the plain cells.

    Returns
    -------
    plain, left
        the texts as `tieraddin.workbooks.package.values.Values` has them, and the cells left over.
    """
    texts = np.empty(len(block.data) + 1, np.uint8)  # memory that is not written to is never really taken
    left = np.zeros(len(kinds), np.bool_)
    end = _read(np.frombuffer(block.data, np.uint8), block.types, block.values, kinds, numbers, texts, left)
    return texts[:end].tobytes(), np.flatnonzero(left)


@compiled
def _read(
    data: NDArray[np.uint8],
    types: NDArray[np.uint8],
    values: NDArray[np.int32],
    kinds: NDArray[np.uint8],
    numbers: NDArray[np.float64],
    texts: NDArray[np.uint8],
    left: NDArray[np.bool_],
) -> int:
    """Fill in all that is plain; how many bytes of ``texts`` were written."""
    end, count = 0, 0
    for i in range(len(types)):
        start, stop, kind = values[i, 0], values[i, 1], types[i]
        if stop <= start:
            kinds[i] = _BLANK
        elif kind == _NUMBER:
            numbers[i] = _number(data, start, stop)
            left[i] = np.isnan(numbers[i])
        elif kind in (_SHARED, _BOOLEAN):
            numbers[i] = digits(data, start, stop)
            left[i] = numbers[i] < 0 or (kind == _BOOLEAN and (stop - start > 1 or numbers[i] > 1))
        elif kind == _DATE:
            left[i] = True
        else:
            if kind == _INLINE:
                start, stop = _inner(data, start, stop)
            last = _copied(data, start, stop, texts, end)
            if last < 0:
                left[i] = True
            elif last == end:
                kinds[i], numbers[i] = _BLANK, 0
            else:
                texts[last] = 0
                end = last + 1
                count += 1
                numbers[i] = -count
    return end


@compiled
def _number(data: NDArray[np.uint8], start: int, stop: int) -> float:
    """The number written there, as the nearest double; NaN where that takes more than one division."""
    i = start + 1 if data[start] == _MINUS else start
    mantissa, places, digits = 0, 0, 0
    point = False
    while i < stop:
        letter = data[i]
        if _ZERO <= letter <= _NINE and mantissa < _MOST_EXACT // 16:
            mantissa = mantissa * 10 + (letter - _ZERO)
            digits += 1
            places += point
        elif letter == _POINT and not point:
            point = True
        else:
            return np.nan
        i += 1
    if not digits or places > 22:
        return np.nan
    number: float = mantissa / _POWERS[places]
    return -number if data[start] == _MINUS else number


@compiled
def _inner(data: NDArray[np.uint8], start: int, stop: int) -> tuple[int, int]:
    """What stands between ``<t>`` and ``</t>``; (0, -1) where more than that is there."""
    end = stop - len(_CLOSE)
    if end >= start and reads(data, end, stop, _CLOSE):
        for opening in (_OPEN, _OPEN_SPACED):
            inner = start + len(opening)
            if inner <= end and reads(data, start, inner, opening):
                return inner, end
    return 0, -1


@compiled
def _copied(data: NDArray[np.uint8], start: int, stop: int, texts: NDArray[np.uint8], end: int) -> int:
    """Copy a plain text to ``texts`` at ``end``; where it ends there, -1 for one that is not plain."""
    if stop < start:
        return -1
    i = start
    while i < stop:
        letter = data[i]
        escape = letter == _UNDERSCORE and i + 1 < stop and data[i + 1] == _LOWER_X
        if letter in (_LESS, _CARRIAGE_RETURN) or escape:
            return -1
        if letter == _AMPERSAND:
            code, i = _reference(data, i + 1, stop)
            if code < 0:
                return -1
            end = _encoded(code, texts, end)
        else:
            texts[end] = letter
            end += 1
            i += 1
    return end


@compiled
def _reference(data: NDArray[np.uint8], i: int, stop: int) -> tuple[int, int]:
    """The character that the reference at ``i`` (just after its ``&``) stands for, and where it ends.

    The character is -1 where no name of XML's own and no plain number stands there, or one of a character that may not
    be, or that may be part of an escape.
    """
    if data[i] != _HASH:
        for name, code in _NAMED:
            if reads(data, i, min(i + len(name), stop), name):
                return code, i + len(name)
        return -1, i
    base = 10
    i += 1
    if data[i] == _LOWER_X:
        base = 16
        i += 1
    first, code = i, 0
    while i < stop and i < first + 7:
        digit = _DIGITS[data[i]]
        if digit >= base:
            break
        code = code * base + digit
        i += 1
    whole = i > first and i < stop and data[i] == _SEMICOLON
    if not whole or code < 0x20 or 0xD800 <= code < 0xE000 or code in (0xFFFE, 0xFFFF, _UNDERSCORE, _LOWER_X):
        return -1, i
    return (code if code <= 0x10FFFF else -1), i + 1


@compiled
def _encoded(code: int, texts: NDArray[np.uint8], end: int) -> int:
    """Put a character in UTF-8 into ``texts`` at ``end``; where it ends there."""
    if code < 0x80:
        texts[end] = code
        return end + 1
    if code < 0x800:
        texts[end] = 0xC0 | code >> 6
    elif code < 0x10000:
        texts[end] = 0xE0 | code >> 12
        end += 1
        texts[end] = 0x80 | code >> 6 & 0x3F
    else:
        texts[end] = 0xF0 | code >> 18
        texts[end + 1] = 0x80 | code >> 12 & 0x3F
        end += 2
        texts[end] = 0x80 | code >> 6 & 0x3F
    texts[end + 1] = 0x80 | code & 0x3F
    return end + 2
