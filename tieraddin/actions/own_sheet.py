"""Sheets of our own in a person's workbook: known again by what stands at their top, renewed by the next run.

A renewed sheet has its title in A1, below it the mark (a sentence by which we know the sheet for ours), lines of text
for people, then tables one below the other. A person's own sheet of the same name is left alone: ours takes a free one.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from itertools import chain, count

from tieraddin.errors import WorkbookRefused
from tieraddin.language import LANGUAGES, say
from tieraddin.tables.layout import Area
from tieraddin.tables.values import Cell
from tieraddin.tables.words import shown_width
from tieraddin.workbooks.port import ERASE, KEEP, Look, Workbook

MARK = "own_sheet.mark"
NARROWEST, WIDEST = 10, 60
"""The least and the greatest width of a column, in characters of which a Chinese one counts twice."""
LOOKED_AT = 1000
"""How many rows of a table are looked at to find the widths."""


@dataclass(frozen=True, slots=True)
class Block:
    """A table of the sheet.

    Attributes
    ----------
    headers
        what stands above the columns.
    rows
        the cells below, each row as long as the headers.
    number_formats
        for each column a number format, or None; () for none at all. Dates are shown as dates by themselves.
    title
        a line above the headers, "" for none.
    """

    headers: Sequence[str]
    rows: Sequence[Sequence[Cell]]
    number_formats: Sequence[str | None] = ()
    title: str = ""

    def __len__(self) -> int:
        return bool(self.title) + 1 + len(self.rows)

    def columns(self) -> list[list[Cell]]:
        """The headers and rows by column."""
        return [[header, *(row[k] for row in self.rows)] for k, header in enumerate(self.headers)]

    def forms(self) -> list[str | None]:
        """For each column its number format, or None."""
        return list(self.number_formats) or [None] * len(self.headers)


def shown(cell: Cell, form: str | None = None) -> str:
    """How a cell reads under a number format."""
    if cell is None:
        return ""
    if isinstance(cell, bool) or not isinstance(cell, (int, float)):
        return str(cell)
    if form is None or form == "General":
        return f"{cell:,.10g}"
    _, point, decimals = form.removesuffix("%").partition(".")
    kind = "%" if form.endswith("%") else "f"
    return f"{cell:,.{decimals.count('0') if point else 0}{kind}}"


def found_or_free(book: Workbook, names: Sequence[str], is_ours: Callable[[str], bool]) -> str:
    """The sheet under one of ``names`` that is ours, else the first of ``names``, "NAME (2)" and so on that is free."""
    there = {sheet.casefold(): sheet for sheet in book.sheet_names}
    free = []
    for name in names:
        for candidate in chain([name], (f"{name} ({k})" for k in count(2))):
            sheet = there.get(candidate.casefold())
            if sheet is None:
                free.append(candidate)
                break
            if is_ours(sheet):
                return sheet
    return free[0]


def is_renewed(book: Workbook, sheet: str) -> bool:
    """Whether the sheet is one that `renew` wrote; one that can't be read is not."""
    with suppress(WorkbookRefused):
        return book.read(sheet, "A2")[0][0] in {say(MARK, lang) for lang in LANGUAGES}
    return False


def renewed_sheets(book: Workbook) -> set[str]:
    """The sheets that `renew` wrote: no customers are looked for there."""
    return {sheet for sheet in book.sheet_names if is_renewed(book, sheet)}


def renew(book: Workbook, name: str, blocks: Sequence[Block], lines: Sequence[str] = ()) -> str:
    """Write the sheet of our own called ``name``, all that it held before replaced; nothing is saved yet.

    Parameters
    ----------
    name
        the id of the sheet's name in the locale ("ownership.sheet"); a sheet in the other language is renewed too.
    lines
        what the sheet says first: its title, and what else people should know of it.

    Returns
    -------
    str
        the sheet's name.
    """
    names = [say(name), *(say(name, lang) for lang in LANGUAGES)]
    sheet = found_or_free(book, names, lambda candidate: is_renewed(book, candidate))
    if sheet not in book.sheet_names:
        book.add_sheet(sheet)
    title, *more = lines or [say(name)]
    head = [title, say(MARK), *more]
    tops = header_rows(blocks, len(head))
    if used := book.used_range(sheet):
        written = dict.fromkeys(range(1, len(head) + 1), 1)
        for block, row in zip(blocks, tops, strict=True):
            written |= {row - 1: 1} if block.title else {}
            written |= dict.fromkeys(range(row, row + 1 + len(block.rows)), len(block.headers))
        _erase(book, sheet, used, written)
    book.write_columns(sheet, 1, 1, [head], number_formats=["General"])
    for block, row in zip(blocks, tops, strict=True):
        if block.title:
            book.write_columns(sheet, row - 1, 1, [[block.title]], number_formats=["General"])
        formats = [form or "General" for form in block.number_formats or [None] * len(block.headers)]
        book.write_columns(sheet, row, 1, block.columns(), number_formats=formats)
    book.set_look(sheet, _look(blocks, tops))
    return sheet


def _look(blocks: Sequence[Block], tops: Sequence[int]) -> Look:
    """Titles in bold, headers as heads; those of a single table stay in view."""
    titles = [
        Area(1, 1, 1, 1),
        *(Area(r - 1, 1, r - 1, 1) for block, r in zip(blocks, tops, strict=True) if block.title),
    ]
    heads = [Area(row, 1, row, len(block.headers)) for block, row in zip(blocks, tops, strict=True)]
    return Look(tuple(titles), tuple(heads), tops[0] if len(tops) == 1 else 0, tuple(_widths(blocks)))


def _erase(book: Workbook, sheet: str, used: Area, written: Mapping[int, int]) -> None:
    """Take away what an earlier run left; ``written`` says of a row how many cells are about to be written anyway."""
    rows, columns = range(1, used.last_row + 1), range(1, used.last_column + 1)
    left = [[KEEP if column <= written.get(row, 0) else ERASE for row in rows] for column in columns]
    book.write_columns(sheet, 1, 1, left)


def header_rows(blocks: Sequence[Block], head: int) -> list[int]:
    """The row of each block's headers, below a head of so many rows: the title, the mark, what else is said."""
    rows, row = [], head + 2
    for block in blocks:
        rows.append(row + bool(block.title))
        row += len(block) + 1
    return rows


def append(
    book: Workbook,
    sheet: str,
    headers: Sequence[str],
    rows: Sequence[Sequence[Cell]],
    *,
    widths: Sequence[float] = (),
    hidden: bool = False,
) -> None:
    """Add rows to a sheet of our own that only grows; where it isn't there, it is made with ``headers`` in row 1."""
    if sheet not in book.sheet_names:
        book.add_sheet(sheet, hidden=hidden)
        book.write(sheet, 1, 1, [list(headers)])
        if not hidden:
            book.set_look(sheet, Look(heads=(Area(1, 1, 1, len(headers)),), frozen=1, widths=tuple(widths)))
    used = book.used_range(sheet)
    book.write(sheet, used.last_row + 1 if used else 2, 1, rows)


def has_headers(book: Workbook, sheet: str, headers: Sequence[str]) -> bool:
    """Whether the sheet has ``headers`` in row 1, as those that grow have."""
    return book.read(sheet, str(Area(1, 1, 1, len(headers))))[0] == list(headers)


def _widths(blocks: Sequence[Block]) -> list[float]:
    """For each column a width at which its cells can be read, within reason; texts that end a table may run over."""
    columns = []
    for block in blocks:
        *firsts, end = replace(block, rows=block.rows[:LOOKED_AT]).columns()
        end = [end[0], *(cell for cell in end[1:] if not isinstance(cell, str))]
        columns.append(
            [[shown(c, form) for c in cells] for cells, form in zip([*firsts, end], block.forms(), strict=True)]
        )
    most = max((len(block) for block in columns), default=0)
    texts = ([text for block in columns for text in (block[k] if k < len(block) else ())] for k in range(most))
    return list(map(width_of, texts))


def width_of(texts: Iterable[str]) -> float:
    """A width at which the texts of a column can be read, within reason."""
    return min(max([NARROWEST, *(shown_width(text) + 2 for text in texts)]), WIDEST)
