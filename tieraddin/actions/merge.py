"""Many workbooks of one template into one: all rows are kept, possible doubles are listed for a decision."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tieraddin.actions.convert.tidy import written
from tieraddin.actions.output import keeping_copy, write_whole
from tieraddin.actions.templates.rows import remembered, results
from tieraddin.errors import TableRefused
from tieraddin.language import LANGUAGES, language, say
from tieraddin.tables.coerce import as_texts
from tieraddin.tables.layout import LAST_ROW, Area
from tieraddin.tables.values import Cell, Column
from tieraddin.tables.words import alike
from tieraddin.templates.build import FIRST_ROW, HEADER_ROW
from tieraddin.templates.fill import Extra, Filling, fill
from tieraddin.templates.source import TemplateSheet
from tieraddin.templates.variant import template_of
from tieraddin.workbooks.port import Readable
from tieraddin.workbooks.reading import open_to_read

MERGED = "merged.xlsx"
IDS = ("number", "customer")
"""The columns by which a customer is found again: the number first, then the name."""
_CHINESE = re.compile(r"(?<=.)(?:股份|责任|有限|公司|株式会社)+$")
_ENGLISH = frozenset({
    "co", "company", "corp", "corporation", "inc", "incorporated", "ltd", "limited", "llc", "llp", "lp", "plc", "gmbh",
    "ag", "kg", "sarl", "srl", "spa", "sa", "bv", "nv", "oy", "ab", "as", "pty", "pte", "sdn", "bhd", "kk",
})  # fmt: skip
"""What companies' names end with, whatever the company."""
_MARKS = re.compile(r"(?<!\d)[\W_]+|[\W_]+(?!\d)")
"""Marks that make no difference: all but those between digits, where 1-11 is not 11-1."""
_INITIALS = re.compile(r"\b(\w)\.(?=\w\b)")

Done = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Doubles:
    """Rows that may be one customer: positions, the column by which, and what they have in common."""

    by: str
    value: str
    rows: list[int]


def normalised(name: str) -> str:
    """A customer's name as it is compared: without width, case, spaces, marks, and what companies end with.

    ``ＡＣＭＥ（上海）有限公司`` and ``Acme 上海`` are one; so are ``Acme Co., Ltd.`` and ``ACME``.
    """
    text = _INITIALS.sub(r"\1", unicodedata.normalize("NFKC", name).casefold())
    words = [word for word in _MARKS.split(text) if word]
    while len(words) > 1 and words[-1] in _ENGLISH:
        words.pop()
    return _CHINESE.sub("", "".join(words)) or alike(name)


def doubles(columns: Mapping[str, Column]) -> list[Doubles]:
    """Rows that may be one customer: by the same number, then by the same name where not all have one number."""
    found: list[Doubles] = []
    together: set[tuple[int, ...]] = set()
    for key, compared in zip(IDS, (alike, normalised), strict=True):
        if key not in columns:
            continue
        codes, texts = as_texts(columns[key])
        names = [compared(text) for text in texts]
        groups: dict[str, list[int]] = {}
        for i, code in enumerate(codes.tolist()):
            if code >= 0 and names[code]:
                groups.setdefault(names[code], []).append(i)
        for rows in groups.values():
            if len(rows) > 1 and tuple(rows) not in together:
                together.add(tuple(rows))
                found.append(Doubles(key, texts[codes[rows[0]]], rows))
    return found


def merge_files(template: str, files: Mapping[Path, str], target: Path) -> Done:
    """Put the customers of workbooks of ``template`` into one, graded together.

    The sheet of doubles lists each group for a decision: the number or name in common, then its rows. Nothing is taken
    out. The sheet of sources tells which rows came from which file.

    Parameters
    ----------
    files
        the workbooks, and what each is called on the sheet of sources.

    Raises
    ------
    TableRefused
        no row, or more than a sheet holds.
    """
    sheet, lang = template_of(template).main, language()
    parts = [(name, _rows_of(path, sheet)) for path, name in files.items()]
    keys = [column.key for column in sheet.columns if column.result is None and not column.formula]
    counts = [len(part[keys[0]]) for _, part in parts]
    total = sum(counts)
    if not 0 < total <= LAST_ROW - FIRST_ROW:
        raise TableRefused("convert.merge_none" if not total else "convert.merge_many", count=total)
    cells = {key: [cell for _, part in parts for cell in part[key]] for key in keys}
    labels = {column.key: sheet.header(column, lang) for column in sheet.columns}
    columns = {key: Column.of(column) for key, column in cells.items()}
    groups = doubles(columns)
    sources = [name for (name, _), count in zip(parts, counts, strict=True) for _ in range(count)]
    graded = {key: written(column) for key, column in results(sheet, columns, lang).items()}
    tables = {sheet.table: columns | graded}
    extras = {"sources": _sources([name for name, _ in parts], counts)}
    if groups:
        extras["duplicates"] = _listed(groups, {labels[key]: cells[key] for key in keys}, sources)
    hidden = remembered(template_of(template), tables, lang, live=False)
    data = fill(template, Filling(tables, extras, hidden), lang)
    with keeping_copy(target) as copy:
        write_whole(target, data)
    return {
        "output": str(target),
        "files": len(parts),
        "rows": total,
        "duplicates": list(_told(groups, sources)),
    } | copy


def _rows_of(path: Path, sheet: TemplateSheet) -> dict[str, list[Cell]]:
    """The cells of a workbook of the template by column; one that is not there any more is blank."""
    with open_to_read(path) as book:
        name = next((sheet.name[lang] for lang in LANGUAGES if sheet.name[lang] in book.sheet_names), None)
        used = book.used_range(name) if name else None
        if name is None or used is None or used.last_row < FIRST_ROW:
            raise TableRefused("convert.not_ours", file=path)
        heads = book.read(name, str(Area(HEADER_ROW, 1, HEADER_ROW, used.last_column)))[0]
        columns = [column for column in sheet.columns if column.result is None]
        spots = {
            column.key: heads.index(header) + 1
            for column in columns
            for header in (sheet.header(column, lang) for lang in LANGUAGES)
            if header in heads
        }
        last = _last_row(book, name, list(spots.values()), used)
        found = dict(zip(spots, book.read_columns(name, list(spots.values()), FIRST_ROW, last), strict=True))
    blank = Column.blank(last - FIRST_ROW + 1)
    return {column.key: found.get(column.key, blank).cells() for column in columns}


def _last_row(book: Readable, sheet: str, columns: Sequence[int], used: Area) -> int:
    """The last row in which one of the columns holds something."""
    grid = book.kinds(sheet)
    here = [k for k, column in enumerate(grid.columns.tolist()) if column in columns]
    full = grid.rows[(grid.kinds[:, here] != 0).any(axis=1)]
    return max(FIRST_ROW, int(full[-1]) if len(full) else used.last_row)


def _sources(names: Sequence[str], counts: Sequence[int]) -> Extra:
    """Which rows came from which file."""
    ends = [FIRST_ROW - 1 + sum(counts[: k + 1]) for k in range(len(counts))]
    headers = [say(f"convert.merged_{key}") for key in ("first", "last", "file")]
    firsts: list[Cell] = [end - count + 1 for end, count in zip(ends, counts, strict=True)]
    return Extra(headers, [firsts, list(ends), list(names)])


def _listed(groups: Iterable[Doubles], cells: Mapping[str, Sequence[Cell]], sources: Sequence[str]) -> Extra:
    """The groups as a sheet: one line a row, with an empty column for the decision."""
    shown = [header for header, column in cells.items() if any(cell is not None for cell in column)]
    heads = [say(f"convert.merged_{key}") for key in ("group", "by", "decision", "row", "file")]
    lines: list[list[Cell]] = [
        [k, say(f"convert.by_{group.by}"), None, FIRST_ROW + i, sources[i], *(cells[header][i] for header in shown)]
        for k, group in enumerate(groups, 1)
        for i in group.rows
    ]
    return Extra([*heads, *shown], [list(column) for column in zip(*lines, strict=True)])


def _told(groups: Iterable[Doubles], sources: Sequence[str]) -> Iterable[Done]:
    for group in groups:
        rows = [{"row": FIRST_ROW + i, "file": sources[i]} for i in group.rows]
        yield {"by": group.by, "value": group.value, "rows": rows}
