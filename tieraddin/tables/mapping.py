"""Which column is which field of a model: said by the user, remembered, or recognised by its header; never guessed."""

from __future__ import annotations

import difflib
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from tieraddin.errors import TableRefused, UsageError
from tieraddin.language import LANGUAGES, language, listed, say
from tieraddin.tables.headers import distinct, header_key
from tieraddin.tables.layout import column_number
from tieraddin.tables.words import FieldLike

_LETTERS = re.compile(r"[A-Za-z]{1,3}")
_NUMBER = re.compile(r"#([1-9][0-9]{0,4})")
_SCALED = ("number", "count")
_SHOWN = 20
"""How many headers a sentence names at most."""


class How(StrEnum):
    """How a column was found."""

    GIVEN = "given"
    REMEMBERED = "remembered"
    EXACT = "exact"
    ALIAS = "alias"


@dataclass(slots=True, frozen=True)
class Mapped:
    """The column of a field.

    Attributes
    ----------
    column
        position among the headers, from 0.
    header
        its header, told apart from equal ones (``销售额 (2)``).
    how
        how it was found.
    scale
        what bare numbers in it are multiplied by: 10,000 under 销售额（万元）.
    """

    column: int
    header: str
    how: How
    scale: float = 1.0


def map_fields(
    headers: Sequence[str],
    fields: Iterable[FieldLike],
    given: Mapping[str, str] | None = None,
    remembered: Mapping[str, str] | None = None,
    *,
    first_column: int = 1,
) -> dict[str, Mapped]:
    """The column of each field; fields without one are left out.

    What is given comes first, then what is remembered (as far as it is still there), then headers that equal the
    field's name or label, then those that equal one of its aliases. A column taken by an earlier way is out of the race
    for the later ones.

    Parameters
    ----------
    given
        field -> header, column letters (where no header is called so), ``#3`` for the third column, or "" for none.
    remembered
        field -> header of the last time.
    first_column
        the sheet's number of the first column, for letters.

    Raises
    ------
    UsageError
        where a given field or header does not exist.
    TableRefused
        where two columns fit a field equally well, a column fits two fields, or a required field has no column.
    """
    search = _Search(headers, fields, first_column)
    search.take_given(given or {})
    search.take_remembered(remembered or {})
    search.take_equal(How.EXACT, _titles)
    search.take_equal(How.ALIAS, lambda field: field.aliases)
    search.refuse_missing()
    return {name: search.found[name] for name in search.fields if name in search.found}


def likely(headers: Sequence[str], field: FieldLike) -> tuple[list[int], bool]:
    """The positions of the headers that could be ``field``, and whether they are its words.

    Its words are its name and labels, where none is there its aliases; else it is headers that have one within, if that
    is no short one of letters.
    """
    keys = [header_key(header)[0] for header in headers]
    for texts in (_titles(field), field.aliases):
        if columns := _equal(keys, texts):
            return columns, True
    within = [key for key in _keys(field) if len(key) > 3 or not key.isascii()]
    return [i for i, key in enumerate(keys) if any(each in key for each in within)], False


def _titles(field: FieldLike) -> list[str]:
    return [field.name, *(field.label[lang] for lang in LANGUAGES)]


def _equal(keys: Sequence[str], texts: Iterable[str]) -> list[int]:
    """The positions of the ``keys`` that are one of ``texts``."""
    wanted = {header_key(text)[0] for text in texts} - {""}
    return [i for i, key in enumerate(keys) if key in wanted]


def _alike(key: str, field: FieldLike) -> bool:
    """Whether a header is a loose likeness of the field: one contains the other, or only letters differ."""
    for other in _keys(field):
        if min(len(key), len(other)) >= 2 and (key in other or other in key):
            return True
        if difflib.SequenceMatcher(None, key, other).ratio() >= 0.7:
            return True
    return False


def _keys(field: FieldLike) -> list[str]:
    return [header_key(text)[0] for text in (*_titles(field), *field.aliases)]


def said(mapping: Mapping[str, Mapped]) -> list[str]:
    """A sentence for each field: which column it is read from, how that was found, and the unit it is read in."""
    return [
        say(
            "tables.mapped_scaled" if mapped.scale != 1 else "tables.mapped",
            field=name,
            header=mapped.header,
            how=say(f"tables.how_{mapped.how}"),
            scale=f"{mapped.scale:,.0f}",
        )
        for name, mapped in mapping.items()
    ]


class _Search:
    """The columns and fields still without each other."""

    def __init__(self, headers: Sequence[str], fields: Iterable[FieldLike], first_column: int) -> None:
        self.headers = distinct(headers)
        self.keys = [header_key(header) for header in headers]
        self.fields = {field.name: field for field in fields}
        self.first_column = first_column
        self.found: dict[str, Mapped] = {}
        self.closed: set[str] = set()

    def take_given(self, given: Mapping[str, str]) -> None:
        for name, header in given.items():
            if name not in self.fields:
                near = difflib.get_close_matches(name, self.fields, cutoff=0.5) or self.fields
                raise UsageError("tables.unknown_field", field=name, fields=listed(near, _SHOWN))
            self.closed.add(name)
            if header.strip():
                self._take(name, self._column(name, header.strip()), How.GIVEN)

    def take_remembered(self, remembered: Mapping[str, str]) -> None:
        for name in self._open():
            if (header := remembered.get(name)) and header in self.headers:
                self._take(name, self.headers.index(header), How.REMEMBERED)

    def take_equal(self, how: How, names: Callable[[FieldLike], Iterable[str]]) -> None:
        taken = {mapped.column for mapped in self.found.values()}
        fits: dict[str, int] = {}
        for name in self._open():
            equal = _equal([key for key, _ in self.keys], names(self.fields[name]))
            columns = [i for i in equal if i not in taken]
            if len(columns) > 1:
                raise TableRefused(
                    "tables.two_columns",
                    field=self._called(name),
                    columns=self._headers(columns),
                    name=name,
                    choices=[self.headers[column] for column in columns],
                )
            if columns:
                fits[name] = columns[0]
        for name, column in fits.items():
            if rivals := [self._called(other) for other in fits if fits[other] == column and other != name]:
                both = listed([self._called(name), *rivals])
                raise TableRefused("tables.two_fields", column=self.headers[column], fields=both, name=name)
            self._take(name, column, how)

    def refuse_missing(self) -> None:
        missing = [name for name, field in self.fields.items() if field.required and name not in self.found]
        if missing:
            taken = {mapped.column for mapped in self.found.values()}
            free = [i for i, header in enumerate(self.headers) if header and i not in taken]
            like = [i for i in free if any(_alike(self.keys[i][0], self.fields[name]) for name in missing)]
            raise TableRefused(
                "tables.no_column",
                fields=listed((self._called(field) for field in missing), _SHOWN),
                columns=self._headers(like or free) or "-",
                name=missing[0],
            )

    def _open(self) -> list[str]:
        return [name for name in self.fields if name not in self.found and name not in self.closed]

    def _take(self, name: str, column: int, how: How) -> None:
        scale = self.keys[column][1] if self.fields[name].kind in _SCALED else 1.0
        self.found[name] = Mapped(column, self.headers[column], how, scale)

    def _column(self, name: str, header: str) -> int:
        """The column that a person calls ``header``."""
        if header in self.headers:
            return self.headers.index(header)
        equal = [i for i, (key, _) in enumerate(self.keys) if key and key == header_key(header)[0]]
        if len(equal) > 1:
            field, columns = self._called(name), self._headers(equal)
            raise TableRefused("tables.two_columns", field=field, columns=columns, name=name)
        if equal:
            return equal[0]
        column = -1
        if number := _NUMBER.fullmatch(header):
            column = int(number[1]) - 1
        elif _LETTERS.fullmatch(header):
            column = column_number(header) - self.first_column
        if 0 <= column < len(self.headers):
            return column
        near = difflib.get_close_matches(header, self.headers, n=5, cutoff=0.5) or filter(None, self.headers)
        raise UsageError("tables.unknown_header", field=name, header=header, headers=listed(near, _SHOWN))

    def _called(self, name: str) -> str:
        return field_called(self.fields[name])

    def _headers(self, columns: Iterable[int]) -> str:
        return listed((self.headers[column] for column in columns), _SHOWN)


def field_called(field: FieldLike) -> str:
    """What ``--map`` takes for a field, and what people call it."""
    return say("tables.field_called", name=field.name, label=field.label[language()])
