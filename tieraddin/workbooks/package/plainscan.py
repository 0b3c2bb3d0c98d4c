"""Rows and cells found by looking at all tags at once, as Excel and most libraries write them, where little is read.

It knows one way of writing: no namespace prefix, no comment, CDATA section or processing instruction, double quotes, an
address at every row and cell, no attribute at a value, no ``>`` within a text. At anything else it gives up,
and `scan` takes over; on what it accepts its result is `scan`'s. Unlike `fastscan` it needs no compiler, whose start
takes as long as a hundred small sheets.
"""

from __future__ import annotations

import re
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tieraddin.tables.layout import LAST_COLUMN, LAST_ROW
from tieraddin.workbooks.package.block import GROUPED, TYPES, Block, Formula, Type, formula_kind
from tieraddin.workbooks.package.markup import is_text

_BEYOND = bytes(16)
"""Put after the data: what is looked for after its last tag is not there."""
Places = NDArray[np.intp]
"""Where bytes are."""

_ROW, _ROW_END, _EMPTY_ROW, _CELL, _CELL_END, _EMPTY_CELL = range(6)
_VALUE, _VALUE_END, _INLINE, _INLINE_END, _TEXT, _TEXT_END, _FORMULA, _FORMULA_END, _EMPTY_FORMULA = range(6, 15)
_UNKNOWN = 15
_WHOLE = {
    _ROW_END: b"</row>", _CELL_END: b"</c>", _VALUE: b"<v>", _VALUE_END: b"</v>", _INLINE: b"<is>",
    _INLINE_END: b"</is>", _TEXT: b"<t>", _TEXT_END: b"</t>", _FORMULA: b"<f>", _FORMULA_END: b"</f>",
}  # fmt: skip
"""The tags that are always written alike."""
_SPACED = b'<t xml:space="preserve">'
_FOLLOWS = {
    _ROW: [_CELL, _EMPTY_CELL, _ROW_END],
    _ROW_END: [_ROW, _EMPTY_ROW],
    _EMPTY_ROW: [_ROW, _EMPTY_ROW],
    _CELL: [_FORMULA, _EMPTY_FORMULA, _VALUE, _INLINE, _CELL_END],
    _CELL_END: [_CELL, _EMPTY_CELL, _ROW_END],
    _EMPTY_CELL: [_CELL, _EMPTY_CELL, _ROW_END],
    _VALUE: [_VALUE_END],
    _VALUE_END: [_CELL_END],
    _INLINE: [_TEXT],
    _INLINE_END: [_CELL_END],
    _TEXT: [_TEXT_END],
    _TEXT_END: [_INLINE_END],
    _FORMULA: [_FORMULA_END],
    _FORMULA_END: [_VALUE, _CELL_END],
    _EMPTY_FORMULA: [_VALUE, _CELL_END],
}
"""Which tag may stand after which."""
_MAY_FOLLOW = np.zeros((_UNKNOWN + 1, _UNKNOWN + 1), bool)
for _tag, _next in _FOLLOWS.items():
    _MAY_FOLLOW[_tag, _next] = True
_HOLDS_TEXT = np.isin(np.arange(_UNKNOWN + 1), [_VALUE, _TEXT, _FORMULA])
_BY_LETTERS = np.full(1 << 16, _UNKNOWN, np.uint8)
"""The tag by the two bytes after its ``<``."""
for _tag, _written in (_WHOLE | {_ROW: b"<row", _CELL: b"<c "}).items():
    _BY_LETTERS[_written[1] << 8 | _written[2]] = _tag
_BY_LETTERS[ord("t") << 8 | ord(" ")] = _TEXT
_BY_LETTERS[ord("f") << 8 | ord(" ")] = _FORMULA
_ROW_TAG = re.compile(rb'<row r="([0-9]{1,7})"((?: (?!xmlns)[a-zA-Z0-9:]+="[^"<&]*")*) ?/?>')
_FORMULA_TAG = re.compile(rb'<f((?: (?!xmlns)[a-zA-Z0-9:]+="[^"<&]*")+) ?/?>')
_FORMULA_FACT = re.compile(rb' (t|si|ref)="([^"]*)"')
_ROW_FACT = re.compile(rb' (spans|s|customFormat)="([^"]*)"')
_NO_REFERENCE = re.compile(rb"&(?!(?:amp|lt|gt|quot|apos|#[0-9]+|#x[0-9a-fA-F]+);)")
_SPACE, _QUOTE, _SLASH, _ZERO, _LESS, _EQUALS, _GREATER = b' "/0<=>'
_A, _Z, _LOWER_R, _LOWER_S, _LOWER_T = b"AZrst"


class _OtherwiseError(Exception):
    """It is written in a way that is not known."""


def scan(data: bytes, previous: int) -> Block | None:
    """The rows in ``data`` as the expat scanner finds them; None where they are written otherwise or no text."""
    if not data.strip():
        return Block.of(data, (), ())
    try:
        _demand(is_text(data) and not (b"&" in data and _NO_REFERENCE.search(data)))
        return _Tags(data).block(previous)
    except _OtherwiseError:
        return None


def _demand(known: object) -> None:
    if not known:
        raise _OtherwiseError


class _Tags:
    """The tags of some rows: what they are, where they start, and where their last byte is."""

    def __init__(self, data: bytes) -> None:
        self.data, self.bytes = data, np.frombuffer(data + _BEYOND, np.uint8)
        self.starts, self.ends = np.flatnonzero(self.bytes == _LESS), np.flatnonzero(self.bytes == _GREATER)
        starts, ends = self.starts, self.ends
        _demand(0 < len(starts) == len(ends) and (starts < ends).all() and (ends[:-1] < starts[1:]).all())
        self.kinds = self._known()
        _demand(_MAY_FOLLOW[self.kinds[:-1], self.kinds[1:]].all())
        _demand(self.kinds[0] in (_ROW, _EMPTY_ROW) and self.kinds[-1] in (_ROW_END, _EMPTY_ROW))
        self._between()

    def at(self, *kinds: int) -> Places:
        """Which tags are of one of these kinds."""
        return np.flatnonzero(np.logical_or.reduce([self.kinds == kind for kind in kinds]))

    def _known(self) -> NDArray[np.uint8]:
        starts, ends, data = self.starts, self.ends, self.data
        kinds: NDArray[np.uint8] = _BY_LETTERS[self.bytes[starts + 1].astype(np.intp) << 8 | self.bytes[starts + 2]]
        for kind, written in _WHOLE.items():
            at = np.flatnonzero(kinds == kind)
            other = at[ends[at] - starts[at] != len(written) - 1].tolist()
            if kind == _TEXT:
                _demand(all(data[starts[i] : ends[i] + 1] == _SPACED for i in other))
            else:
                _demand(kind == _FORMULA or not other)
            if len(written) > len("</v>"):
                _demand(self._read(starts[at], written).all())
        empty = self.bytes[ends - 1] == _SLASH
        kinds[empty & (kinds == _ROW)] = _EMPTY_ROW
        kinds[empty & (kinds == _CELL)] = _EMPTY_CELL
        kinds[empty & (kinds == _FORMULA)] = _EMPTY_FORMULA
        return kinds

    def _read(self, starts: Places, word: bytes) -> NDArray[np.bool_]:
        """Which of these places ``word`` is at."""
        there: NDArray[np.bool_] = np.ones(len(starts), bool)
        for k, letter in enumerate(word):
            there &= self.bytes[starts + k] == letter
        return there

    def _between(self) -> None:
        """Only values, texts and formulas may have something but white space after their tag."""
        at = np.flatnonzero((self.starts[1:] - self.ends[:-1] > 1) & ~_HOLDS_TEXT[self.kinds[:-1]])
        gaps = zip((self.ends[at] + 1).tolist(), self.starts[at + 1].tolist(), strict=True)
        around = self.data[: self.starts[0]], self.data[self.ends[-1] + 1 :]
        _demand(not b"".join([*around, *(self.data[a:b] for a, b in gaps)]).strip(b" \t\r\n"))

    def block(self, previous: int) -> Block:
        """The rows and cells; the row before them has the number ``previous``."""
        at = self.at(_CELL, _EMPTY_CELL)
        columns, types, styles = self._attributes(self.starts[at], self.ends[at], self.kinds[at] == _EMPTY_CELL)
        last = at.copy()
        last[self.kinds[at] == _CELL] = self.at(_CELL_END)
        cell_of = np.cumsum((self.kinds == _CELL) | (self.kinds == _EMPTY_CELL)) - 1
        values = np.full((len(at), 2), -1, np.int32)
        for opening, closing, is_inline in ((_VALUE, _VALUE_END, False), (_INLINE, _INLINE_END, True)):
            inside = np.stack([self.ends[self.at(opening)] + 1, self.starts[self.at(closing)]], axis=1)
            cells = cell_of[self.at(opening)]
            meant = (types[cells] == Type.INLINE) == is_inline
            values[cells[meant]] = inside[meant]
        formulas, groups = np.zeros(len(at), np.uint8), np.full(len(at), -1, np.int32)
        for i in self.at(_FORMULA, _EMPTY_FORMULA).tolist():
            formulas[cell_of[i]], groups[cell_of[i]] = self._formula(i)
        return Block(
            self.data,
            **self._rows(previous, cell_of),
            columns=columns,
            types=types,
            styles=styles,
            formulas=formulas,
            groups=groups,
            spots=np.stack([self.starts[at], self.ends[last] + 1], axis=1).astype(np.int32),
            values=values,
        )

    def _attributes(
        self, starts: Places, ends: Places, empty: NDArray[np.bool_]
    ) -> tuple[NDArray[np.int32], NDArray[np.uint8], NDArray[np.int32]]:
        """Columns, types and styles of the cells with these tags."""
        read, quotes = self.bytes, np.flatnonzero(self.bytes == _QUOTE)
        first, end = np.searchsorted(quotes, starts), np.searchsorted(quotes, ends)
        count = end - first
        _demand(np.isin(count, (2, 4, 6)).all())
        _demand((quotes[first] == starts + 5).all() and (read[starts + 3] == _LOWER_R).all())
        _demand((read[starts + 4] == _EQUALS).all() and (quotes[end - 1] + 1 + empty == ends).all())
        types, styles = np.zeros(len(starts), np.uint8), np.zeros(len(starts), np.int32)
        names = np.zeros((2, len(starts)), np.uint8)
        for k in (0, 1):
            at = np.flatnonzero(count > 2 * k + 2)
            before = quotes[first[at] + 2 * k + 1]
            opening, closing = quotes[first[at] + 2 * k + 2], quotes[first[at] + 2 * k + 3]
            name = names[k, at] = read[before + 2]
            _demand((opening == before + 4).all() and (read[before + 1] == _SPACE).all())
            _demand((read[before + 3] == _EQUALS).all() and np.isin(name, (_LOWER_S, _LOWER_T)).all())
            styled, typed = name == _LOWER_S, name == _LOWER_T
            styles[at[styled]] = self._digits(opening[styled] + 1, closing[styled])
            types[at[typed]] = self._types(opening[typed] + 1, closing[typed])
        _demand(((names[0] != names[1]) | (count == 2)).all())
        return self._columns(quotes[first] + 1), types, styles

    def _columns(self, starts: Places) -> NDArray[np.int32]:
        """The numbers of the letters that addresses start with."""
        columns, going = np.zeros(len(starts), np.int32), np.ones(len(starts), bool)
        for k in range(3):
            letter = self.bytes[starts + k]
            going &= (letter >= _A) & (letter <= _Z)
            columns = np.where(going, columns * 26 + letter - _A + 1, columns)
        _demand(((columns > 0) & (columns <= LAST_COLUMN)).all())
        return columns

    def _digits(self, starts: Places, ends: Places) -> NDArray[np.int32]:
        """The numbers written there; nothing is 0."""
        size = ends - starts
        longest = int(size.max(initial=0))
        numbers = np.zeros(len(starts), np.int32)
        _demand(longest <= len("999999999"))
        for k in range(longest):
            inside = k < size
            digit = self.bytes[np.where(inside, starts + k, 0)].astype(np.int32) - _ZERO
            _demand((((digit >= 0) & (digit <= 9)) | ~inside).all())
            numbers = np.where(inside, numbers * 10 + digit, numbers)
        return numbers

    def _types(self, starts: Places, ends: Places) -> NDArray[np.int8]:
        types, size = np.full(len(starts), -1, np.int8), ends - starts
        for word, kind in TYPES.items():
            at = np.flatnonzero(size == len(word))
            types[at[self._read(starts[at], word.encode())]] = kind
        _demand((types >= 0).all())
        return types

    def _formula(self, i: int) -> tuple[Formula, int]:
        """Kind and shared group of the formula of tag ``i``."""
        if self.ends[i] == self.starts[i] + 2:
            return Formula.PLAIN, -1
        tag = _FORMULA_TAG.fullmatch(self.data, self.starts[i], self.ends[i] + 1)
        if tag is None:
            raise _OtherwiseError
        facts = {name.decode(): value.decode() for name, value in _FORMULA_FACT.findall(tag[1])}
        kind = formula_kind(facts, bool(self.kinds[i] == _FORMULA))
        return kind, self._whole(facts["si"]) if kind in GROUPED and "si" in facts else -1

    def _whole(self, text: str) -> int:
        _demand(text.isascii() and text.isdigit() and len(text) < len("1234567890"))
        return int(text)

    def _rows(self, previous: int, cell_of: Places) -> dict[str, Any]:
        at = self.at(_ROW, _EMPTY_ROW)
        closing = at.copy()
        closing[self.kinds[at] == _ROW] = self.at(_ROW_END)
        starts, after, ends = self.starts[at], self.ends[at] + 1, self.ends[closing] + 1
        before = np.where(closing == at, after, self.starts[closing])
        found = [self._row(start, end) for start, end in zip(starts.tolist(), after.tolist(), strict=True)]
        facts = np.array(found, np.int32).reshape(-1, 4)
        rows = facts[:, 0]
        _demand(rows[0] > previous and (rows[1:] > rows[:-1]).all() and rows[-1] <= LAST_ROW)
        return {
            "rows": rows,
            "row_spots": np.stack([starts, after, before, ends], axis=1).astype(np.int32),
            "row_spans": facts[:, 1:3],
            "row_styles": facts[:, 3],
            "first": np.append(cell_of[at] + 1, cell_of[-1] + 1).astype(np.int32),
        }

    def _row(self, start: int, end: int) -> tuple[int, int, int, int]:
        """Number, place of the spans and own style of a row."""
        tag = _ROW_TAG.fullmatch(self.data, start, end)
        if tag is None:
            raise _OtherwiseError
        if not tag[2]:
            return int(tag[1]), -1, -1, -1
        facts = {fact[1]: fact for fact in _ROW_FACT.finditer(self.data, *tag.span(2))}
        spans, style, own = (facts.get(name) for name in (b"spans", b"s", b"customFormat"))
        styled = own is not None and own[2] in (b"1", b"true")
        number = self._whole(style[2].decode() or "0") if style and styled else 0
        return int(tag[1]), *(spans.span(2) if spans else (-1, -1)), number if styled else -1
