"""Rows and cells of a sheet found by expat: right on any well-formed XML; the measure for `fastscan`."""

from __future__ import annotations

import re
from pyexpat import ExpatError

from tieraddin.errors import WorkbookRefused
from tieraddin.tables.layout import LAST_COLUMN, LAST_ROW, column_number
from tieraddin.workbooks.package import markup
from tieraddin.workbooks.package.block import GROUPED, TYPES, Block, Formula, Type, formula_kind

_SPANS = re.compile(rb"""\sspans\s*=\s*(["'])([^"']*)\1""")
_LETTERS = re.compile("[A-Z]{1,3}")
_WHOLE_NUMBER = re.compile(r"\s*[+-]?[0-9]{1,9}\s*")
_SENTINEL = b"<?tieraddin-end?>"


def scan(head: bytes, data: bytes, previous: int, part: str) -> Block | None:
    """The rows in ``data``.

    Parameters
    ----------
    head
        the sheet part up to and including ``<sheetData>``.
    data
        what follows, cut after some row or before ``</sheetData>``.
    previous
        the number of the last row before these.
    part
        the part's name, for refusals.

    Returns
    -------
    Block or None
        None where ``data`` was cut inside a comment, a CDATA section or a row.

    Raises
    ------
    WorkbookRefused
        no well-formed XML, or rows out of order or off the sheet.
    """
    scanner = _Scanner(head, data, previous, part)
    try:
        scanner.parser.Parse(head + data + _SENTINEL, False)
    except ExpatError as error:
        raise markup.malformed(part, error) from None
    return Block.of(data, scanner.rows, scanner.cells) if scanner.whole else None


class _Scanner:
    """The handlers of one run; ``depth`` counts the elements open inside sheetData."""

    def __init__(self, head: bytes, data: bytes, previous: int, part: str) -> None:
        self.parser = markup.new_parser(part)
        self.parser.StartElementHandler = self.start
        self.parser.EndElementHandler = self.end
        self.parser.ProcessingInstructionHandler = self.sentinel
        self.data, self.base, self.part = data, len(head), part
        self.number, self.column = previous, 0
        self.rows: list[tuple[int, ...]] = []
        self.cells: list[tuple[int, ...]] = []
        self.whole = False
        self.depth = 0
        self.row: list[int] = []
        self.cell: list[int] = []
        self.inner = 0
        self.value = (-1, -1)
        self.formula = (Formula.NONE, -1)

    def sentinel(self, target: str, _: str | None) -> None:
        self.whole = target == "tieraddin-end" and self.depth == 0

    def start(self, name: str, attributes: dict[str, str]) -> None:
        namespace, _, local = name.rpartition(" ")
        at = self.parser.CurrentByteIndex - self.base
        if at < 0:
            return
        if namespace in markup.MAIN:
            if self.depth == 0 and local == "row":
                self.start_row(at, attributes)
            elif self.depth == 1 and local == "c" and self.row:
                self.start_cell(at, attributes)
            elif self.depth == 2 and self.cell and local in ("v", "is", "f"):
                self.inner = self.tag_end(at)
                if local == "f":
                    kind = formula_kind(attributes, not self.empty(self.inner))
                    self.formula = (kind, self.whole_number(attributes.get("si", "-1")) if kind in GROUPED else -1)
        self.depth += 1

    def end(self, name: str) -> None:
        if self.parser.CurrentByteIndex < self.base:
            return
        self.depth -= 1
        namespace, _, local = name.rpartition(" ")
        if self.depth < 0 or namespace not in markup.MAIN:
            return
        if self.depth == 2 and self.cell and local == ("is" if self.cell[1] == Type.INLINE else "v"):
            at = self.parser.CurrentByteIndex - self.base
            self.value = (self.inner, self.inner if self.empty(self.inner) else at)
        elif self.depth == 1 and self.cell and local == "c":
            _, end = self.close(self.cell.pop())
            column, kind, style, at = self.cell
            self.cells.append((column, kind, style, *self.formula, at, end, *self.value))
            self.cell = []
        elif self.depth == 0 and self.row and local == "row":
            number, first, at, inner, *rest = self.row
            self.rows.append((number, first, at, inner, *self.close(inner), *rest))
            self.row = []

    def start_row(self, at: int, attributes: dict[str, str]) -> None:
        number = self.whole_number(attributes["r"]) if "r" in attributes else self.number + 1
        if not self.number < number <= LAST_ROW:
            raise WorkbookRefused("workbooks.rows_out_of_order", part=self.part, row=number)
        self.number, self.column = number, 0
        inner = self.tag_end(at)
        spans = _SPANS.search(self.data, at, inner)
        style = self.whole_number(attributes.get("s") or "0") if attributes.get("customFormat") in ("1", "true") else -1
        self.row = [number, len(self.cells), at, inner, *(spans.span(2) if spans else (-1, -1)), style]

    def start_cell(self, at: int, attributes: dict[str, str]) -> None:
        letters = _LETTERS.match(attributes.get("r", ""))
        self.column = column_number(letters[0]) if letters else self.column + 1
        if self.column > LAST_COLUMN:
            raise WorkbookRefused("workbooks.rows_out_of_order", part=self.part, row=self.number)
        kind = TYPES.get(attributes.get("t", "n"), Type.TEXT)
        self.cell = [self.column, kind, self.whole_number(attributes.get("s") or "0"), at, self.tag_end(at)]
        self.value, self.formula = (-1, -1), (Formula.NONE, -1)

    def whole_number(self, text: str) -> int:
        """What an attribute says that is to be a number of at most nine digits."""
        if _WHOLE_NUMBER.fullmatch(text) is None:
            raise WorkbookRefused("workbooks.malformed", part=self.part, detail=f"{text[:20]!r}")
        return int(text)

    def tag_end(self, at: int) -> int:
        return markup.START_TAG.match(self.data, at).end()  # type: ignore[union-attr]

    def empty(self, inner: int) -> bool:
        return self.data[inner - 2 : inner] == b"/>"

    def close(self, inner: int) -> tuple[int, int]:
        """Where the end tag of the element whose start tag ends at ``inner`` begins and ends."""
        if self.empty(inner):
            return inner, inner
        at = self.parser.CurrentByteIndex - self.base
        return at, self.data.index(b">", at) + 1
