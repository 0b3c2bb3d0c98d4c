"""The tables of a "Tier model" sheet: which there are, their columns, and how they are found in a grid of cells.

Each table is a title row, a header row and its rows; blank rows stand between. Titles and headers are understood in
both languages, and the columns in any order.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cache
from typing import Any, NoReturn

from tieraddin.errors import ModelError
from tieraddin.language import LANGUAGES, Language, Phrase, listed, messages, say
from tieraddin.models.notation import KeyPath, key_text

Grid = Sequence[Sequence[Any]]

SETTINGS: dict[str, KeyPath] = {"key": (), "value": (), "zh": ("zh",), "en": ("en",)}
TABLES: dict[str, dict[str, KeyPath]] = {
    "model": SETTINGS,
    "fields": {
        "name": ("name",), "kind": ("kind",), "label_zh": ("label", "zh"), "label_en": ("label", "en"),
        "unit": ("unit",), "required": ("required",), "main": ("main",), "fixed": ("fixed",), "aliases": ("aliases",),
        "help_zh": ("help", "zh"), "help_en": ("help", "en"),
    },
    "values": {
        "field": (), "word": (), "label_zh": ("label", "zh"), "label_en": ("label", "en"), "aliases": ("aliases",),
    },
    "options": {
        "name": (), "kind": ("kind",), "default": ("default",), "values": ("values",), "help_zh": ("help", "zh"),
        "help_en": ("help", "en"),
    },
    "grades": {
        "id": ("id",), "label_zh": ("label", "zh"), "label_en": ("label", "en"), "group": ("group",),
        "reason_zh": ("reason", "zh"), "reason_en": ("reason", "en"),
        "signs_zh": ("playbook", "signs", "zh"), "signs_en": ("playbook", "signs", "en"),
        "handling_zh": ("playbook", "handling", "zh"), "handling_en": ("playbook", "handling", "en"),
        "rights_zh": ("playbook", "rights", "zh"), "rights_en": ("playbook", "rights", "en"),
    },
    "conditions": {"step": (), "rule": (), "grade": ("grade",), "nesting": (), "field": (), "test": (), "value": ()},
    "settings": SETTINGS,
}  # fmt: skip
"""Each table's columns, the key column first, with the place of a cell's value within its record."""

REMARK = "remark"
"""A column that any table may have, for notes: it is no part of the model."""
TESTS = ("at_least", "above", "at_most", "below", "is", "known")

_ERRORS = re.compile(r"#(N/A|REF!|VALUE!|NAME\?|DIV/0!|NUM!|NULL!|SPILL!|CALC!)")


@dataclass(frozen=True)
class SheetCell:
    """A value and the name of the cell that holds it."""

    value: Any
    at: str


Row = dict[str, SheetCell]
"""The cells of one row of a table that hold something, by column."""


@dataclass
class Draft:
    """A model being put together from cells: each value with the cell it came from, and what could not be read."""

    where: str
    values: dict[KeyPath, Any] = field(default_factory=dict)
    cells: dict[KeyPath, str] = field(default_factory=dict)
    misread: list[ModelError] = field(default_factory=list)

    @contextmanager
    def noting(self) -> Iterator[None]:
        """Note what is refused within, and go on."""
        try:
            yield
        except ModelError as fault:
            self.misread.append(fault)

    def put(self, path: KeyPath, value: Any, at: str) -> None:
        """Note ``value``; one place is filled once."""
        if path in self.values:
            refuse(self.where, at, "sheet_twice", name=key_text(path), other=self.cells[path])
        self.values[path], self.cells[path] = value, at

    def data(self) -> dict[str, Any]:
        """The model's data; a list with a gap, and a value that has parts, are noted as misread."""
        root: dict[str | int, Any] = {}
        for path, value in self.values.items():
            with self.noting():
                self._place(root, path, value)
        return dict(self._listed(root, ()))

    def _place(self, node: dict[str | int, Any], path: KeyPath, value: Any) -> None:
        for part in path[:-1]:
            node = node.setdefault(part, {})
            if not isinstance(node, dict):
                self._refuse_part(path)
        if isinstance(node.get(path[-1]), dict):
            self._refuse_part(path)
        node[path[-1]] = value if value != {} else _NOTHING

    def _listed(self, node: Any, path: KeyPath) -> Any:
        if node is _NOTHING:
            return {}
        if not isinstance(node, dict):
            return node
        inner = {part: self._listed(value, (*path, part)) for part, value in node.items()}
        positions = [part for part in inner if isinstance(part, int)]
        if not positions:
            return inner
        if len(positions) < len(inner) or set(positions) != set(range(len(inner))):
            missing = next(i for i in range(len(inner) + 1) if i not in positions)
            with self.noting():
                if not self.misread:  # else the gap is where a cell could not be read
                    self._refuse_part((*path, max(positions)), "sheet_gap", missing=key_text((*path, missing)))
        return [inner[i] for i in sorted(positions)]

    def _refuse_part(self, path: KeyPath, key: str = "sheet_part", **facts: Any) -> NoReturn:
        at = next(at for other, at in self.cells.items() if other[: len(path)] == path)
        refuse(self.where, at, key, name=key_text(path), **facts)


_NOTHING: Any = object()


def refuse(where: str, at: str, key: str, **facts: Any) -> NoReturn:
    """Refuse a sheet for what stands in the cell ``at``."""
    raise ModelError("models.at", where=f"{where}, {at}" if at else where, reason=Phrase(f"models.{key}", **facts))


def cell_name(row: int, column: int) -> str:
    """The name of a cell, such as ``AB12``; row and column from 1."""
    letters = ""
    while column:
        column, digit = divmod(column - 1, 26)
        letters = chr(ord("A") + digit) + letters
    return f"{letters}{row}"


def title(table: str, lang: Language) -> str:
    """The title of a table."""
    return say(f"models.sheet_table_{table}", lang)


def header(column: str, lang: Language) -> str:
    """The header of a column; ``label_zh`` is the Chinese label."""
    name, _, of = column.rpartition("_")
    if name and of in LANGUAGES:
        return say(f"models.sheet_in_{of}", lang, what=say(f"models.sheet_column_{name}", lang))
    return say(f"models.sheet_column_{column}", lang)


def plain_word(text: Any) -> str:
    """A title, header or word as it is compared: without regard to case, width and spaces."""
    return re.sub(r"[\s_]+", "", unicodedata.normalize("NFKC", str(text))).casefold()


@cache
def words(prefix: str, names: tuple[str, ...]) -> dict[str, str]:
    """What ``names`` are called in either language (``models.PREFIX_NAME``), and by themselves."""
    said = {plain_word(say(f"models.{prefix}_{name}", lang)): name for name in names for lang in LANGUAGES}
    return {plain_word(name): name for name in names} | said


@cache
def _headers(table: str) -> dict[str, str]:
    said = {plain_word(header(column, lang)): column for column in (*TABLES[table], REMARK) for lang in LANGUAGES}
    return {plain_word(column): column for column in TABLES[table]} | said


def read_tables(rows: Grid, draft: Draft, first_row: int, first_column: int) -> dict[str, list[Row]]:
    """The rows of each table on the sheet, in their order.

    A table twice, a header that is not known or there twice, an error value are noted in ``draft``.

    Parameters
    ----------
    rows
        the cells, row by row; the first stands at ``first_row``, ``first_column`` of the sheet (from 1).

    Raises
    ------
    ModelError
        no table at all.
    """
    found: dict[str, list[Row]] = {}
    table, columns = "", dict[int, str]()
    for line in _lines(rows, draft, first_row, first_column):
        first = next(iter(line.values()))
        if len(line) == 1 and (name := words("sheet_table", tuple(TABLES)).get(plain_word(first.value))):
            table, columns = ("" if name in found else name), {}
            with draft.noting():
                if name in found:
                    refuse(draft.where, first.at, "sheet_table_twice", table=first.value)
            found.setdefault(name, [])
        elif table and not columns:
            columns = _columns(table, line, draft)
        elif table:
            with draft.noting():
                if row := _row(table, columns, line, draft.where):
                    found[table].append(row)
    if "model" not in found:
        refuse(draft.where, "", "sheet_no_model", title=" / ".join(title("model", lang) for lang in LANGUAGES))
    return {name: found.get(name, []) for name in TABLES}


def _lines(rows: Grid, draft: Draft, first_row: int, first_column: int) -> Iterator[Mapping[int, SheetCell]]:
    """The rows that hold something: column -> cell."""
    for i, row in enumerate(rows, first_row):
        line = {
            j: SheetCell(value, cell_name(i, j))
            for j, value in enumerate(row, first_column)
            if value is not None and str(value).strip()
        }
        for cell in line.values():
            with draft.noting():
                if isinstance(cell.value, str) and _ERRORS.fullmatch(cell.value):
                    refuse(draft.where, cell.at, "sheet_error_value", value=cell.value)
        if line:
            yield line


UNKNOWN = "?"
"""In place of a column whose header can't be understood: what stands below is passed over."""


def _columns(table: str, line: Mapping[int, SheetCell], draft: Draft) -> dict[int, str]:
    columns: dict[int, str] = {}
    for j, cell in line.items():
        column = _headers(table).get(plain_word(cell.value), UNKNOWN)
        with draft.noting():
            if column == UNKNOWN:
                known = listed(header(name, lang) for lang in LANGUAGES for name in TABLES[table])
                refuse(draft.where, cell.at, "sheet_header", header=cell.value, known=known)
            if column in columns.values() and column != REMARK:
                column = UNKNOWN
                refuse(draft.where, cell.at, "sheet_header_twice", header=cell.value)
        columns[j] = column
    return columns


def _row(table: str, columns: Mapping[int, str], line: Mapping[int, SheetCell], where: str) -> Row:
    for j, cell in line.items():
        if j not in columns:
            refuse(where, cell.at, "sheet_no_header", value=cell.value)
    row = {columns[j]: cell for j, cell in line.items() if columns[j] not in (UNKNOWN, REMARK)}
    if row:
        need(row, next(iter(TABLES[table])), where)
    return row


def need(row: Row, column: str, where: str) -> SheetCell:
    """The cell of ``column``, which the row must have."""
    if column not in row:
        at = next(iter(row.values())).at
        refuse(where, at, "sheet_blank", **{lang: header(column, lang) for lang in LANGUAGES})
    return row[column]


def options_said(prefix: str, names: Sequence[str]) -> str:
    """All words of a kind in both languages, to be listed in a message."""
    return ", ".join(messages("models")[f"{prefix}_{name}"][lang] for lang in LANGUAGES for name in names)
