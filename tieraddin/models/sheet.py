"""The worksheet form of a model: the sheet "Tier model", on which people change a threshold in Excel.

A model file and its sheet say the same: every value stands either in one of the tables (model, fields, values, options,
grades, conditions) or, by its key, in the last one (settings). ``docs/models-format.md`` shows the layout.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from tieraddin.language import Language, listed
from tieraddin.models.load import ModelSource
from tieraddin.models.notation import (
    NO_KINDS,
    TEXT,
    KeyPath,
    Kinds,
    cell_of,
    decode,
    key_path,
    key_text,
    kinds_at,
    leaves,
    plain,
)
from tieraddin.models.sheet_grid import TABLES, Draft, Grid, Row, SheetCell, header, read_tables, refuse, title
from tieraddin.models.sheet_rules import lines_of, read_conditions

SHEET = "Tier model"
MODEL_KEYS = ("id", "systems", "name", "about", "source", "assumed", "common", "keeps", "score", "ordered")
OPTION_KINDS: dict[str, Kinds] = {
    "number": frozenset({"number"}), "count": frozenset({"number"}), "numbers": frozenset({"numbers"}),
    "lists": frozenset({"numbers"}), "choice": frozenset({"text"}), "calendar": frozenset({"text"}),
}  # fmt: skip

Line = dict[str, Any]


def sheet_of(source: ModelSource, lang: Language) -> list[list[Any]]:
    """The cells of the sheet that holds ``source``, row by row, headers and words in ``lang``.

    Cells are None, bool, numbers and text. `read_sheet` gives back the same model, with the same hash.

    Raises
    ------
    ModelError
        the model has a mistake.
    """
    source.model  # noqa: B018  (checks it)
    left = dict(leaves(source.data))
    lines: dict[str, list[Line]] = {name: [] for name in TABLES}
    for table in ("fields", "values", "options", "grades"):
        lines[table] = [_record_line(table, base, head, left) for base, head in _records(table, source.data)]
    for base, rows in lines_of(source.data, lang):
        lines["conditions"] += rows
        left = {path: value for path, value in left.items() if path[: len(base) + 1] != (*base, "when")}
        if "rule" in rows[0]:
            del left[(*base, "grade")]
    for path, value in left.items():
        _add_setting(lines["model" if path[0] in MODEL_KEYS else "settings"], path, value)
    return [row for table in TABLES for row in _table_rows(table, lines[table], lang)]


def _records(table: str, data: Mapping[str, Any]) -> Iterator[tuple[KeyPath, Line]]:
    """Where each record of a table stands in the data, with the cells that say so."""
    match table:
        case "options":
            yield from ((("options", name), {"name": name}) for name in data.get("options", {}))
        case "values":
            for i, field in enumerate(data.get("fields", [])):
                section = _words_section(field.get("kind"))
                for word in field.get(section, {}):
                    yield ("fields", i, section, word), {"field": field["name"], "word": cell_of(TEXT, word)}
        case _:
            yield from (((table, i), {}) for i in range(len(data.get(table, []))))


def _words_section(kind: Any) -> str:
    """Where the words of a field stand: the values of a choice, or words in place of a number."""
    return "values" if kind == "choice" else "words"


def _record_line(table: str, base: KeyPath, head: Line, left: dict[KeyPath, Any]) -> Line:
    """The cells of one record; what they hold is taken from ``left``."""
    line = dict(head)
    for column, inner in TABLES[table].items():
        path = (*base, *inner)
        if inner and path in left:
            line[column] = cell_of(_kinds(path, line.get("kind")), left.pop(path))
    return line


def _kinds(path: KeyPath, option_kind: Any) -> Kinds:
    """What a value may be; an option's default is what the option's kind says."""
    if path[0] == "options" and path[2:] == ("default",):
        return OPTION_KINDS.get(option_kind, NO_KINDS)
    return kinds_at(path)


def _add_setting(lines: list[Line], path: KeyPath, value: Any) -> None:
    """Write one value as a row (its languages in one), or as a row an entry where a list can't stand in one cell."""
    cell = plain(kinds_at(path), value)
    if cell is None and isinstance(value, list) and value and all(isinstance(entry, str) for entry in value):
        for i, entry in enumerate(value):
            _add_setting(lines, (*path, i), entry)
    elif cell is not None and path[-1] in ("zh", "en"):
        key = key_text(path[:-1])
        line = next((line for line in lines if line["key"] == key), None)
        if line is None:
            lines.append(line := {"key": key})
        line[str(path[-1])] = cell
    else:
        lines.append({"key": key_text(path), "value": cell_of(kinds_at(path), value)})


def _table_rows(table: str, lines: list[Line], lang: Language) -> Iterator[list[Any]]:
    columns = list(TABLES[table])
    yield [title(table, lang)]
    yield [header(column, lang) for column in columns]
    yield from ([line.get(column) for column in columns] for line in lines)
    yield []


def read_sheet(rows: Grid, where: str, first_row: int = 1, first_column: int = 1) -> ModelSource:
    """The model that a sheet holds; not yet checked, see `ModelSource.model`. Cells that can't be read are noted in it.

    Parameters
    ----------
    rows
        the cells of the sheet, row by row (None, bool, numbers, text).
    where
        file and sheet, for messages.
    first_row, first_column
        where on the sheet the first cell of ``rows`` stands, from 1.

    Raises
    ------
    ModelError
        the sheet holds no model at all.
    """
    draft = Draft(where)
    tables = read_tables(rows, draft, first_row, first_column)
    for row in (*tables["model"], *tables["settings"]):
        with draft.noting():
            _read_setting(row, draft)
    for table in ("fields", "options", "grades"):
        for i, row in enumerate(tables[table]):
            base = ("options", str(row["name"].value).strip()) if table == "options" else (table, i)
            with draft.noting():
                _read_record(table, base, row, draft)
    for row in tables["values"]:
        with draft.noting():
            _read_record("values", _values_base(row, draft), row, draft)
    read_conditions(tables["conditions"], draft)
    return ModelSource(where, draft.data(), draft.cells, tuple(draft.misread))


def _read_setting(row: Row, draft: Draft) -> None:
    at = row["key"].at
    try:
        path = key_path(str(row["key"].value))
    except ValueError:
        refuse(draft.where, at, "sheet_key", name=row["key"].value)
    for column in ("zh", "en", "value"):
        inner = (*path, *TABLES["settings"][column])
        if column in row:
            draft.put(inner, decode(kinds_at(inner), row[column].value), row[column].at)


def _read_record(table: str, base: KeyPath, row: Row, draft: Draft) -> None:
    kind = row.get("kind", SheetCell(None, "")).value
    for column, inner in TABLES[table].items():
        if inner and column in row:
            path = (*base, *inner)
            draft.put(path, decode(_kinds(path, kind), row[column].value), row[column].at)


def _values_base(row: Row, draft: Draft) -> KeyPath:
    field = str(row["field"].value).strip()
    fields = {
        value: int(path[1]) for path, value in draft.values.items() if path[0] == "fields" and path[2:] == ("name",)
    }
    if field not in fields:
        refuse(draft.where, row["field"].at, "sheet_unknown_field", field=field, known=listed(fields) or "-")
    i = fields[field]
    section = _words_section(draft.values.get(("fields", i, "kind")))
    word = decode(TEXT, row["word"].value) if "word" in row else None
    if word is None:
        refuse(draft.where, row["field"].at, "sheet_blank_word", field=field)
    return ("fields", i, section, str(word))
