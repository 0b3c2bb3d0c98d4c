"""The report of a conversion, as a workbook and as JSON, in the output folder."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from tieraddin.actions.convert.job import Entry
from tieraddin.actions.output import slots_of, to_json, write_whole
from tieraddin.actions.plain_sheet import PlainSheet, plain_book
from tieraddin.language import say
from tieraddin.tables.values import Cell

WORKBOOK, DATA = "conversion-report.xlsx", "conversion-report.json"
_FILES = {
    "file": 44, "state": 14, "sheet": 18, "table": 16, "rows_in": 10, "rows_out": 10, "rejected": 10, "totals": 10,
    "seconds": 10, "output": 44, "error": 80, "notes": 60,
}  # fmt: skip
_COLUMNS = {"file": 44, "column": 18, "header": 30, "how": 18, "confidence": 12, "sheet": 18}


def report(done: dict[str, Any]) -> dict[str, Any]:
    """``done`` with its entries as JSON has them."""
    return done | {"files": [slots_of(entry) for entry in done["files"]]}


def write_report(folder: Path, told: dict[str, Any], entries: Sequence[Entry]) -> None:
    """Write both forms of the report: as JSON has it (see `report`), and as a workbook.

    Raises
    ------
    WorkbookRefused
        the folder can't be written to, the disk is full.
    """
    write_whole(folder / DATA, (to_json(told) + "\n").encode())
    write_whole(folder / WORKBOOK, _workbook(entries))


def _workbook(entries: Sequence[Entry]) -> bytes:
    lines = [line for entry in entries for line in _column_lines(entry)]
    return plain_book(
        {
            _sheet("files", _FILES): _columns(list(map(_file_line, entries)), len(_FILES)),
            _sheet("columns", _COLUMNS): _columns(lines, len(_COLUMNS)),
        }
    )


def _sheet(name: str, columns: dict[str, int]) -> PlainSheet:
    heads = tuple((say(f"convert.column_{key}"), width) for key, width in columns.items())
    return PlainSheet(say(f"convert.sheet_{name}"), heads, report=True)


def _columns(lines: list[list[Cell]], count: int) -> list[Sequence[Cell]]:
    return list(zip(*lines, strict=True)) or [()] * count


def _file_line(entry: Entry) -> list[Cell]:
    said = {"state": state_said(entry), "notes": " ".join(entry.notes)}
    return [said[key] if key in said else getattr(entry, key) for key in _FILES]


def state_said(entry: Entry) -> str:
    """What became of a file, in a word."""
    state = "failed" if entry.error else "unchanged" if entry.skipped else "done"
    return say(f"convert.state_{state}")


def _column_lines(entry: Entry) -> Iterator[list[Cell]]:
    for table in entry.tables or [{"mapping": entry.mapping, "sheet": entry.sheet}]:
        for key, mapped in table["mapping"].items():
            how = say(f"tables.how_{mapped['how']}")
            yield [entry.file, key, mapped["header"], how, mapped["confidence"], table["sheet"]]
    for header in entry.unmapped:
        yield [entry.file, None, header, say("convert.unmapped"), 0, None]
