"""The transactions of an open sheet: which columns they are, and their customers on a sheet of the same workbook.

The columns are known by their headers; what is not sure is left to be asked, of all columns that hold such values where
no header says it. The new sheet is the person's own from then on, one like any other: it can be graded, and no later
run renews it.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache
from importlib import resources

from tieraddin.actions.locate import called, tables_of
from tieraddin.actions.memory import Memory
from tieraddin.actions.own_sheet import found_or_free
from tieraddin.actions.rules import shared_field
from tieraddin.actions.summarise import FORMATS, WIDTHS, columns_of
from tieraddin.actions.summarise import headers as summary_headers
from tieraddin.errors import TableRefused
from tieraddin.language import language, listed, say
from tieraddin.models.parts import FieldSpec
from tieraddin.tables.coerce import Problem, coerce
from tieraddin.tables.detect import Found
from tieraddin.tables.headers import distinct
from tieraddin.tables.mapping import likely
from tieraddin.tables.values import Cell, Column
from tieraddin.workbooks.port import Readable, Workbook

LOOKED_AT = 100
"""So many rows tell what a column holds."""


@dataclass(frozen=True)
class Transactions:
    """A table of transactions.

    Attributes
    ----------
    places
        for customer, date and amount, in this order, the positions (from 0) of the columns that it could be.
    unsure
        those of the three that are not known by the words of one header alone.
    """

    sheet: str
    found: Found
    places: Mapping[str, list[int]]
    unsure: tuple[str, ...]

    def candidates(self, role: str) -> dict[str, str]:
        """What could be ``role``: the number of each column on the sheet, as text, and its header."""
        headers = distinct(self.found.headers)
        return {str(self.found.first_column + at): headers[at] for at in self.places[role]}

    def columns(self, book: Readable, chosen: Mapping[str, str]) -> list[Column]:
        """Customers, dates and amounts; ``chosen`` are numbers of columns for what was unsure."""
        first = self.found.first_column
        at = [int(chosen[role]) - first if role in chosen else places[0] for role, places in self.places.items()]
        return columns_of(book, self.sheet, self.found, at)


@cache
def fields() -> dict[str, FieldSpec]:
    """Customer, date and amount, with the words for them."""
    text = resources.files("tieraddin.actions").joinpath("transactions.toml").read_text("utf-8")
    return {
        "customer": shared_field("customer"),
        **{field["name"]: FieldSpec.model_validate(field) for field in tomllib.loads(text)["fields"]},
    }


def find_transactions(book: Readable, memory: Memory, sheet: str, table: str | None) -> Transactions:
    """The transactions on a sheet.

    Parameters
    ----------
    table
        see `tieraddin.actions.locate.locate`.

    Raises
    ------
    TableRefused
        no table, one without a column that could be the customer, the date or the amount, or several with them.
    """
    tables, found, refusals = tables_of(book, memory, sheet, table), [], []
    for name, one in tables:
        try:
            found.append(_of(name, one))
        except TableRefused as refusal:
            refusals.append(refusal)
    if len(tables) == 1 and not found:
        found.append(_of(*tables[0], book))
    if len(found) > 1:
        raise TableRefused("actions.several_tables", tables=listed(called(one.sheet, one.found) for one in found))
    if not found:
        raise refusals[0]
    return found[0]


def _of(sheet: str, found: Found, book: Readable | None = None) -> Transactions:
    """The transactions of a table by its headers; with ``book`` by what the columns hold where no header says it."""
    headers = distinct(found.headers)
    fits = {role: likely(headers, field) for role, field in fields().items()}
    sure = {places[0] for places, equal in fits.values() if equal and len(places) == 1}
    places, unsure = {}, []
    for role, (at, equal) in fits.items():
        known = equal and len(at) == 1
        places[role] = at if known else [k for k in at if k not in sure]
        if book is not None and not places[role]:
            places[role] = [k for k in _holding(book, sheet, found, fields()[role]) if k not in sure]
        if not known:
            unsure.append(role)
        if not places[role]:
            raise TableRefused(
                "live.no_transaction_column",
                field=fields()[role].label[language()],
                table=called(sheet, found),
                headers=listed(filter(None, headers)),
            )
    return Transactions(sheet, found, places, tuple(unsure))


def _holding(book: Readable, sheet: str, found: Found, field: FieldSpec) -> list[int]:
    """The positions of the columns with a header that hold what ``field`` is, by the first rows."""
    first = replace(found, rows=found.rows[:LOOKED_AT])
    named = [k for k, header in enumerate(found.headers) if header]
    columns = columns_of(book, sheet, first, named)
    read = [coerce(column, field.kind) for column in columns]
    return [k for k, one in zip(named, read, strict=True) if (one.problem == Problem.OK).any()]


def write_customers(book: Workbook, columns: Sequence[Sequence[Cell]]) -> str:
    """Write a summary (see `tieraddin.actions.summarise.COLUMNS`) on a new sheet; its name."""
    sheet = found_or_free(book, [say("live.summary_sheet")], lambda _: False)
    book.add_sheet(sheet)
    whole = [[header, *cells] for header, cells in zip(summary_headers(), columns, strict=True)]
    book.write_columns(sheet, 1, 1, whole, number_formats=FORMATS)
    for number, width in enumerate(WIDTHS, 1):
        book.set_column_width(sheet, number, width)
    return sheet
