"""What a person says of columns, sheets and tables: ``--map FIELD=HEADER``, or a file for many workbooks.

A file is TOML: ``[columns]`` gives headers for all files, each a text or a list of texts of which the first that is
there counts; ``[files."NORTH*.xlsx"]`` says for some files which ``sheet``, ``table`` or ``columns`` are meant. A
``sheet`` is a name, or a list of names and patterns such as ``"*月"``: then all tables on them are meant.
"""

from __future__ import annotations

import tomllib
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from fnmatch import fnmatch
from pathlib import Path
from typing import Any

from tieraddin.errors import UsageError
from tieraddin.language import listed
from tieraddin.tables.headers import header_key

_KEYS = ("sheet", "table", "columns")

Columns = Mapping[str, Sequence[str]]
"""Column of the template -> headers, the likeliest first."""


@dataclass(frozen=True)
class Wish:
    """What is said of some files.

    Attributes
    ----------
    sheets
        names and patterns of the sheets to look at, () for all.
    every
        whether all tables that fit are meant, rather than the only one.
    """

    sheets: Sequence[str] = ()
    table: str | None = None
    columns: Columns = field(default_factory=dict)
    every: bool = False


@dataclass(frozen=True)
class Wishes:
    """What is said: of all files, and of those whose name fits a pattern."""

    columns: Columns = field(default_factory=dict)
    files: Mapping[str, Wish] = field(default_factory=dict)
    every: bool = False

    @classmethod
    def read(cls, texts: Iterable[str], known: Collection[str], *, all_tables: bool = False) -> Wishes:
        """What ``FIELD=HEADER`` texts and the names of files say; ``known`` are the template's columns.

        ``all_tables``: in every file, all tables that fit are meant.

        Raises
        ------
        UsageError
            a file that is not there or can't be understood, a column that the template doesn't have.
        """
        columns: dict[str, list[str]] = {}
        files: dict[str, Wish] = {}
        for text in texts:
            name, sign, header = text.partition("=")
            if sign and not Path(text).is_file():
                _check(name.strip(), known, text)
                columns.setdefault(name.strip(), []).append(header.strip())
                continue
            data = _read(Path(text))
            _only(data, ("columns", "files"), text)
            columns |= _columns(data.get("columns", {}), known, text)
            for pattern, said in _table(data.get("files", {}), text).items():
                _only(_table(said, text), _KEYS, text)
                wish = _columns(said.get("columns", {}), known, text)
                sheets, table = _sheets(said.get("sheet"), text), _text(said.get("table"), text)
                every = isinstance(said.get("sheet"), list) or any(map(is_pattern, sheets))
                files[pattern] = Wish(sheets, table, wish, every)
        return cls(columns, files, all_tables)

    @property
    def several(self) -> bool:
        """Whether a file may have several tables."""
        return self.every or any(wish.every for wish in self.files.values())

    def of(self, file: Path) -> Wish:
        """What is said of a file: of the first pattern that its name or path fits, and of all files."""
        patterns = (p for p in self.files if fnmatch(file.name, p) or fnmatch(file.as_posix(), p))
        wish = self.files.get(next(patterns, ""), Wish())
        return Wish(wish.sheets, wish.table, {**self.columns, **wish.columns}, wish.every or self.every)

    def plain(self) -> Any:
        """All of it as JSON can hold it."""
        files = {name: [[*wish.sheets], wish.table, dict(wish.columns)] for name, wish in self.files.items()}
        return [dict(self.columns), files, self.every]


def is_pattern(sheet: str) -> bool:
    """Whether it means several sheets; the name of a sheet has no such sign."""
    return bool({"*", "?"} & {*sheet})


def given(columns: Columns, headers: Sequence[str]) -> dict[str, str]:
    """For each column the first of its headers that is there (``#3`` is the third); other columns are left out."""
    numbers = {f"#{k}" for k in range(1, len(headers) + 1)}
    there = {header_key(header)[0] for header in headers} - {""}
    fitting = {
        key: [h for h in wanted if h in headers or h in numbers or header_key(h)[0] in there]
        for key, wanted in columns.items()
    }
    return {key: found[0] for key, found in fitting.items() if found}


def _read(path: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(path.read_text("utf-8-sig"))
    except OSError as fault:
        raise UsageError("convert.map_unreadable", file=path, detail=fault.strerror) from None
    except ValueError as fault:  # no TOML, no UTF-8
        raise UsageError("convert.map_unreadable", file=path, detail=fault) from None


def _columns(said: Any, known: Collection[str], file: str) -> dict[str, list[str]]:
    found = {}
    for key, headers in _table(said, file).items():
        _check(key, known, file)
        found[key] = [headers] if isinstance(headers, str) else headers
        if not isinstance(found[key], list) or not all(isinstance(header, str) for header in found[key]):
            raise UsageError("convert.map_form", file=file, entry=key)
    return found


def _check(key: str, known: Collection[str], file: str) -> None:
    if key not in known:
        raise UsageError("convert.map_unknown", file=file, entry=key, known=listed(known))


def _only(said: Mapping[str, Any], keys: Collection[str], file: str) -> None:
    for key in said:
        if key not in keys:
            raise UsageError("convert.map_form", file=file, entry=key)


def _table(said: Any, file: str) -> dict[str, Any]:
    if not isinstance(said, dict):
        raise UsageError("convert.map_form", file=file, entry=said)
    return said


def _sheets(said: Any, file: str) -> list[str]:
    names = said if isinstance(said, list) else [] if said is None else [said]
    return [name for name in names if _text(name, file) is not None]


def _text(said: Any, file: str) -> str | None:
    if said is not None and not isinstance(said, str):
        raise UsageError("convert.map_form", file=file, entry=said)
    return said
