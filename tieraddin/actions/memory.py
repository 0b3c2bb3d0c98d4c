"""What a workbook remembers of its runs, on two sheets of our own: a log for people, and what restore needs."""

from __future__ import annotations

import base64
import getpass
import json
import zlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tieraddin.actions.output import slots_of
from tieraddin.actions.own_sheet import append, found_or_free, has_headers, renewed_sheets
from tieraddin.language import LANGUAGES, say
from tieraddin.models.sheet import SHEET as MODEL_SHEET
from tieraddin.tables.layout import Area, parse_area
from tieraddin.tables.values import Cell, Column
from tieraddin.workbooks.port import Workbook

LOG = "Tier log"
STORE = "Tier restore"
LOG_HEADERS = [
    "Run", "Time", "User", "Action", "Model", "Model hash", "Options", "Sheet", "Table", "Rows", "Graded", "Counts",
    "Moves",
]  # fmt: skip
LOG_WIDTHS = (6, 19, 12, 10, 16, 19, 24, 16, 20, 8, 8, 24, 40)
STORE_HEADERS = ["Run", "Part", "Text"]
CHUNK = 8_000
"""Characters in one cell of the store: Excel takes no longer text together with other cells."""
_CHART = ("place", "customer", "share")
CHOICE = 0
"""In place of a run's number: which model the person picked."""


@dataclass(slots=True)
class KeptColumn:
    """A result column of a run.

    Attributes
    ----------
    before
        its cells before the run, from the first customer's row to the last one's; None where the run added it.
    after
        of the grades, what the run wrote into the same cells.
    number_format
        how it shows numbers since.
    """

    key: str
    header: str
    column: int
    before: dict[str, Any] | None = None
    number_format: str | None = None
    after: dict[str, Any] | None = None


@dataclass(slots=True)
class Kept:
    """What is kept of a run, so that it can be undone and done again.

    Attributes
    ----------
    run
        its number, from 1.
    action
        what it was: retier, review.
    table
        the name of the Excel table, None where the customers are a plain block.
    area
        where the customers were.
    in_table
        whether the result columns are columns of the Excel table.
    header_row, first_row, last_row
        where on the sheet: rows from 1.
    skipped
        rows in between that are no customers.
    written
        a checksum of the grades as written, by which restore sees whether rows were moved since.
    undoes
        the runs that this one took back.
    who
        a mark of each row's customer, by which they are known again when rows were sorted: see `marked`.
    """

    run: int
    action: str = "retier"
    model: str = ""
    sheet: str = ""
    table: str | None = None
    area: str = ""
    in_table: bool = False
    header_row: int = 0
    first_row: int = 0
    last_row: int = 0
    mapping: dict[str, str] = field(default_factory=dict)
    columns: list[KeptColumn] = field(default_factory=list)
    skipped: list[int] = field(default_factory=list)
    written: str = ""
    undoes: list[int] = field(default_factory=list)
    who: str = ""

    def column(self, key: str) -> KeptColumn | None:
        """The column of result ``key``; None where the run wrote none."""
        return next((column for column in self.columns if column.key == key), None)

    def was_at(self, area: Area) -> bool:
        """Whether the customers of the run stood, at least in part, in ``area``."""
        before = parse_area(self.area)
        rows = range(max(before.first_row, area.first_row), min(before.last_row, area.last_row) + 1)
        columns = range(max(before.first_column, area.first_column), min(before.last_column, area.last_column) + 1)
        return len(rows) > 0 and len(columns) > 0


def packed(column: Column) -> dict[str, Any]:
    """A column as JSON can hold it."""
    arrays = {name: getattr(column, name) for name in ("kinds", "numbers", "codes")}
    return {name: _text_of(array.tobytes()) for name, array in arrays.items()} | {"texts": list(column.texts)}


def unpacked(data: dict[str, Any]) -> Column:
    """The column of `packed`."""
    kinds = np.frombuffer(_bytes_of(data["kinds"]), np.uint8)
    numbers = np.frombuffer(_bytes_of(data["numbers"]), np.float64)
    return Column(kinds, numbers, np.frombuffer(_bytes_of(data["codes"]), np.int32), data["texts"])


def mark_of(name: str) -> int:
    """A customer's name as a number; 0 for none."""
    return zlib.crc32(name.strip().casefold().encode())


def marked(names: Mapping[int, str], height: int) -> str:
    """The customers of ``height`` rows, as text: position -> name, no customer at the other positions."""
    marks = np.zeros(height, np.uint32)
    marks[list(names)] = [mark_of(name) for name in names.values()]
    return _text_of(marks.tobytes())


def marks_of(kept: Kept) -> NDArray[np.uint32]:
    """The marks of `marked`; none for a run that was kept without them."""
    return np.frombuffer(_bytes_of(kept.who), np.uint32) if kept.who else np.zeros(0, np.uint32)


def lines_of(kept: Kept) -> list[list[Cell]]:
    """A run as rows of the hidden sheet, under `STORE_HEADERS`."""
    text = json.dumps(kept, ensure_ascii=False, separators=(",", ":"), default=_parts)
    parts = [text[i : i + CHUNK] for i in range(0, len(text), CHUNK)]
    return [[kept.run, k, part] for k, part in enumerate(parts, 1)]


def _parts(value: Any) -> Any:
    """What JSON holds in place of a run and its columns."""
    return slots_of(value) if isinstance(value, (Kept, KeptColumn)) else str(value)


def _text_of(data: bytes) -> str:
    return base64.b64encode(zlib.compress(data)).decode()


def _bytes_of(text: str) -> bytes:
    return zlib.decompress(base64.b64decode(text))


def _chart_sheets(book: Workbook) -> set[str]:
    """The sheets of a template's Pareto chart, whose rows are customers of the table beside."""
    heads = {say("templates.pareto_sheet", lang): lang for lang in LANGUAGES}
    return {
        sheet
        for sheet in heads.keys() & {*book.sheet_names}
        for place, customer, _, share in book.read(sheet, "A3:D3")
        if [place, customer, share] == [say(f"templates.pareto_{key}", heads[sheet]) for key in _CHART]
    }


class Memory:
    """The runs of one workbook."""

    def __init__(self, book: Workbook) -> None:
        self.book = book
        self.log_sheet = found_or_free(book, [LOG], lambda sheet: has_headers(book, sheet, LOG_HEADERS))
        self.store_sheet = found_or_free(book, [STORE], lambda sheet: has_headers(book, sheet, STORE_HEADERS))
        self.kept = list(self._read_kept())

    @cached_property
    def sheets(self) -> set[str]:
        """Our own sheets, where no customers are looked for."""
        ours = {self.log_sheet, self.store_sheet, MODEL_SHEET}
        return ours | renewed_sheets(self.book) | _chart_sheets(self.book)

    @property
    def next_run(self) -> int:
        """The number of the next run."""
        logged = [int(row["Run"]) for row in self.log() if isinstance(row["Run"], (int, float))]
        return 1 + max([0, *logged, *(kept.run for kept in self.kept)])

    def standing(self) -> list[Kept]:
        """The runs that were not taken back, oldest first."""
        undone = self.undone()
        return [kept for kept in self.kept if kept.run not in undone and not kept.undoes]

    def undone(self) -> set[int]:
        """The runs that were taken back."""
        return {run for kept in self.kept for run in kept.undoes}

    def last(self, sheet: str, table: str | None, area: Area) -> Kept | None:
        """The last standing run on an Excel table, or on a block of cells that overlaps ``area``."""
        for kept in reversed(self.standing()):
            if kept.sheet == sheet and kept.table == table and (table or kept.was_at(area)):
                return kept
        return None

    def log(self) -> list[dict[str, Cell]]:
        """The log, a dict a row."""
        rows = _rows(self.book, self.log_sheet, LOG_HEADERS)
        return [dict(zip(LOG_HEADERS, row, strict=False)) for row in rows if row[0] not in (None, "")]

    def add(self, kept: Kept) -> None:
        """Keep a run for restore, on the hidden sheet."""
        append(self.book, self.store_sheet, STORE_HEADERS, lines_of(kept), hidden=True)
        self.kept.append(kept)

    @property
    def model(self) -> str | None:
        """The model that the person picked for this workbook, else that of the last run; None before the first."""
        picked = next((str(text) for run, _, text in self._stored() if run == CHOICE), None)
        return picked or next((kept.model for kept in reversed(self.standing()) if kept.model), None)

    def pick(self, model: str) -> None:
        """Remember the model that the person picked."""
        for row, (run, _, _) in enumerate(self._stored(), 2):
            if run == CHOICE:
                self.book.write(self.store_sheet, row, 3, [[model]])
                return
        append(self.book, self.store_sheet, STORE_HEADERS, [[CHOICE, CHOICE, model]], hidden=True)

    def write_log(self, run: int, action: str, **entries: Any) -> None:
        """Add a line to the log."""
        line: dict[str, Any] = {
            "Run": run,
            "Time": datetime.now().replace(microsecond=0),
            "User": _user(),
            "Action": action,
        } | entries
        values: list[Cell] = [line.get(header) for header in LOG_HEADERS]
        append(self.book, self.log_sheet, LOG_HEADERS, [values], widths=LOG_WIDTHS)

    def _stored(self) -> list[list[Cell]]:
        return _rows(self.book, self.store_sheet, STORE_HEADERS)

    def _read_kept(self) -> Iterator[Kept]:
        texts: dict[int, list[str]] = {}
        for run, _, text in self._stored():
            if run in (CHOICE, None, ""):
                continue
            texts.setdefault(int(str(run).partition(".")[0]), []).append(str(text))
        for parts in texts.values():
            data = json.loads("".join(parts))
            yield Kept(**data | {"columns": [KeptColumn(**column) for column in data["columns"]]})


def _user() -> str:
    try:
        return getpass.getuser()
    except (OSError, KeyError, ImportError):
        return ""


def _rows(book: Workbook, sheet: str, headers: Sequence[str]) -> list[list[Cell]]:
    used = book.used_range(sheet) if sheet in book.sheet_names else None
    if used is None or used.last_row < 2:
        return []
    return book.read(sheet, str(Area(2, 1, used.last_row, len(headers))))
