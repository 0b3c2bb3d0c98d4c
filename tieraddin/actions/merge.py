"""Many workbooks of one template into one: all rows are kept, but for doubles that a person decided to drop."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, cast

import numpy as np

from tieraddin.actions.convert.beside import AFTER_REASON, AFTER_ROW, Sheet, below_each_other, cells_of, with_column
from tieraddin.actions.convert.tidy import written
from tieraddin.actions.doubles import Decisions, Doubles, doubles
from tieraddin.actions.output import keeping_copy, write_whole
from tieraddin.actions.templates.rows import remembered, results
from tieraddin.errors import TableRefused
from tieraddin.language import LANGUAGES, language, say
from tieraddin.tables.layout import LAST_ROW, Area
from tieraddin.tables.values import Cell, Column, Mask
from tieraddin.templates.build import FIRST_ROW, HEADER_ROW
from tieraddin.templates.fill import Extra, Filling, fill
from tieraddin.templates.source import TemplateSheet
from tieraddin.templates.variant import template_of
from tieraddin.workbooks.port import Readable
from tieraddin.workbooks.reading import open_to_read

MERGED = "merged.xlsx"
Done = dict[str, Any]


@dataclass(frozen=True)
class _Part:
    """What a result holds: its customers by column, and the sheets beside."""

    file: str
    columns: Mapping[str, Column]
    unmapped: Sheet
    rejected: Sheet

    @property
    def count(self) -> int:
        return len(next(iter(self.columns.values())))


def merge_files(template: str, files: Mapping[Path, str], target: Path) -> Done:
    """Put the customers of workbooks of ``template`` into one, graded together.

    The sheet of doubles lists each group for a decision: the number or name in common, then its rows. What a person
    wrote there is kept from run to run; a row is left out, and told among the rejected, only where they wrote to drop
    it. The sheet of sources tells which rows came from which file, and so do those of columns without a place and of
    rows that can't be used, which are carried over.

    Parameters
    ----------
    files
        the workbooks, and what each is called on the sheets.

    Raises
    ------
    TableRefused
        no row, or more than a sheet holds; a customer of whom all rows are to be dropped.
    WorkbookRefused
        a result, or the merged workbook of the last run, that can't be read.
    """
    sheet, lang = template_of(template).main, language()
    parts = [_part(path, name, sheet) for path, name in files.items()]
    total = sum(part.count for part in parts)
    if not 0 < total <= LAST_ROW - FIRST_ROW:
        raise TableRefused("convert.merge_none" if not total else "convert.merge_many", count=total)
    everything = {key: written(Column.joined([part.columns[key] for part in parts])) for key in parts[0].columns}
    sources = np.repeat([part.file for part in parts], [part.count for part in parts]).tolist()
    decisions, groups = Decisions.read(target, sheet), doubles(everything)
    said = decisions.of(groups, sources, everything)
    kept = _kept(total, groups, [[decisions.says(text, "drop") for text in texts] for texts in said])
    rows: list[Cell] = [row if stays else None for row, stays in zip(_rows(kept), kept.tolist(), strict=True)]
    columns = {key: column.take(kept) for key, column in everything.items()}
    graded = {key: written(column) for key, column in results(sheet, columns, lang).items()}
    tables = {sheet.table: columns | graded}
    labels = {key: sheet.header(column, lang) for column in sheet.columns if (key := column.key) in everything}
    shown = {labels[key]: column.cells() for key, column in everything.items()}
    is_open = [not decisions.decided(texts) for texts in said]
    order = sorted(range(len(groups)), key=lambda k: not is_open[k])
    file = say("convert.merged_file")
    rejected = (with_column(part.rejected, AFTER_REASON, file, part.file) for part in parts)
    sheets = {
        "unmapped": below_each_other(list(_unmapped(parts, rows))),
        "rejected": below_each_other([*rejected, _dropped(shown, sources, ~kept)]),
        "sources": _sources(parts, kept),
        "duplicates": _listed([(groups[k], said[k]) for k in order], shown, sources, rows),
    }
    extras = {name: Extra(*found) for name, found in sheets.items() if found[1]}
    hidden = remembered(template_of(template), tables, lang, live=False)
    data = fill(template, Filling(tables, extras, hidden), lang)
    with keeping_copy(target) as copy:
        write_whole(target, data)
    undecided = [group for group, still in zip(groups, is_open, strict=True) if still]
    return {
        "output": str(target),
        "files": len(parts),
        "rows": int(kept.sum()),
        "dropped": int((~kept).sum()),
        "duplicates": list(_told(undecided, rows, sources)),
    } | copy


def _part(path: Path, name: str, sheet: TemplateSheet) -> _Part:
    """What a workbook of the template holds; a column that is not there any more is blank."""
    with open_to_read(path) as book:
        main = next((sheet.name[lang] for lang in LANGUAGES if sheet.name[lang] in book.sheet_names), None)
        used = book.used_range(main) if main else None
        if main is None or used is None or used.last_row < FIRST_ROW:
            raise TableRefused("convert.not_ours", file=path)
        heads = book.read(main, str(Area(HEADER_ROW, 1, HEADER_ROW, used.last_column)))[0]
        columns = [column for column in sheet.columns if column.result is None and not column.formula]
        spots = {
            column.key: heads.index(header) + 1
            for column in columns
            for header in (sheet.header(column, lang) for lang in LANGUAGES)
            if header in heads
        }
        last = _last_row(book, main, list(spots.values()), used)
        found = dict(zip(spots, book.read_columns(main, list(spots.values()), FIRST_ROW, last), strict=True))
        beside = [_beside(book, say(f"templates.{key}")) for key in ("unmapped", "rejected")]
    blank = Column.blank(last - FIRST_ROW + 1)
    return _Part(name, {column.key: found.get(column.key, blank) for column in columns}, *beside)


def _last_row(book: Readable, sheet: str, columns: Sequence[int], used: Area) -> int:
    """The last row in which one of the columns holds something."""
    grid = book.kinds(sheet)
    here = [k for k, column in enumerate(grid.columns.tolist()) if column in columns]
    full = grid.rows[(grid.kinds[:, here] != 0).any(axis=1)]
    return max(FIRST_ROW, int(full[-1]) if len(full) else used.last_row)


def _beside(book: Readable, name: str) -> Sheet:
    """The headers and columns of a sheet beside the table, if there is one."""
    used = book.used_range(name) if name in book.sheet_names else None
    if used is None or used.last_row < FIRST_ROW:
        return [], []
    heads = book.read(name, str(Area(HEADER_ROW, 1, HEADER_ROW, used.last_column)))[0]
    columns = book.read_columns(name, range(1, used.last_column + 1), FIRST_ROW, used.last_row)
    return ["" if head is None else str(head) for head in heads], list(columns)


def _kept(total: int, groups: Sequence[Doubles], drops: Sequence[Sequence[bool]]) -> Mask:
    """The rows that stay: of each customer at least one, in whichever group the others are dropped."""
    kept = np.ones(total, bool)
    for group, out in zip(groups, drops, strict=True):
        kept[np.array(group.rows)[list(out)]] = False
    for group in groups:
        if not kept[group.rows].any():
            raise TableRefused("convert.merge_drops_all", value=group.value)
    if not kept.any():
        raise TableRefused("convert.merge_none")
    return kept


def _rows(kept: Mask) -> list[int]:
    """The row of the merged table in which each row that stays is."""
    found: list[int] = (FIRST_ROW - 1 + np.cumsum(kept)).tolist()
    return found


def _unmapped(parts: Sequence[_Part], rows: Sequence[Cell]) -> Iterator[Sheet]:
    """Columns without a place, each line with its row in the merged table, if it is there, and its file."""
    start = 0
    for part in parts:
        headers, columns = part.unmapped
        if columns:
            here = dict(enumerate(rows[start : start + part.count], FIRST_ROW))
            moved = [here.get(cast("int", row)) for row in cells_of(columns[0])]
            yield with_column((headers, [moved, *columns[1:]]), AFTER_ROW, say("convert.merged_file"), part.file)
        start += part.count


def _dropped(shown: Mapping[str, Sequence[Cell]], sources: Sequence[str], at: Mask) -> Sheet:
    """Rows that a person decided to leave out."""
    spots = np.flatnonzero(at).tolist()
    if not spots:
        return [], []
    heads = [say("convert.source_row"), say("convert.reason"), say("convert.merged_file")]
    reasons: list[Cell] = [say("convert.why_dropped")] * len(spots)
    given: list[list[Cell]] = [[None] * len(spots), reasons, [sources[i] for i in spots]]
    return [*heads, *shown], [*given, *([cells[i] for i in spots] for cells in shown.values())]


def _sources(parts: Sequence[_Part], kept: Mask) -> Sheet:
    """Which rows came from which file; none where all of a file were dropped."""
    ends = np.cumsum([part.count for part in parts])
    reached = np.concatenate([[0], np.cumsum(kept)])
    firsts, lasts = reached[np.concatenate([[0], ends[:-1]])] + FIRST_ROW, reached[ends] + FIRST_ROW - 1
    spans = [(a, b) if a <= b else (None, None) for a, b in zip(firsts.tolist(), lasts.tolist(), strict=True)]
    headers = [say(f"convert.merged_{key}") for key in ("first", "last", "file")]
    return headers, [[a for a, _ in spans], [b for _, b in spans], [part.file for part in parts]]


def _listed(
    groups: Sequence[tuple[Doubles, Sequence[str]]],
    cells: Mapping[str, Sequence[Cell]],
    sources: Sequence[str],
    rows: Sequence[Cell],
) -> Sheet:
    """The groups as a sheet: one line a row, with a column for the decision."""
    shown = [header for header, column in cells.items() if any(cell is not None for cell in column)]
    heads = [say(f"convert.merged_{key}") for key in ("group", "by", "decision", "row", "file")]
    lines: list[list[Cell]] = [
        [k, say(f"convert.by_{group.by}"), text or None, rows[i], sources[i], *(cells[header][i] for header in shown)]
        for k, (group, texts) in enumerate(groups, 1)
        for i, text in zip(group.rows, texts, strict=True)
    ]
    return [*heads, *shown], [list(column) for column in zip(*lines, strict=True)]


def _told(groups: Iterable[Doubles], rows: Sequence[Cell], sources: Sequence[str]) -> Iterable[Done]:
    for group in groups:
        at = [{"row": rows[i], "file": sources[i]} for i in group.rows]
        yield {"by": group.by, "value": group.value, "rows": at}
