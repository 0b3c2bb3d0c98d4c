"""One row a customer out of transactions: recency, frequency, money, and what models of spend need."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np

from tieraddin.actions.data import read_frame
from tieraddin.actions.locate import called, read_rows, tables_of
from tieraddin.actions.memory import Memory
from tieraddin.actions.output import check_target, keeping_copy, write_whole
from tieraddin.actions.plain_sheet import PlainSheet, plain_book
from tieraddin.errors import TableRefused, UsageError
from tieraddin.grading.evaluate import EPOCH
from tieraddin.language import listed, say
from tieraddin.tables.coerce import as_texts, coerce
from tieraddin.tables.dates import NO_DAY
from tieraddin.tables.detect import Found
from tieraddin.tables.frame import from_frame
from tieraddin.tables.headers import distinct
from tieraddin.tables.values import Cell, Column, Kind
from tieraddin.workbooks import open_workbook
from tieraddin.workbooks.port import Readable

COLUMNS = (
    "customer", "first_order", "last_order", "recency_days", "frequency", "monetary", "orders_12m", "returns",
)  # fmt: skip
WIDTHS = (24, 14, 14, 16, 12, 14, 14, 14)
_DAY, _MONEY = "yyyy-mm-dd", "#,##0.00"
FORMATS = ("General", _DAY, _DAY, "General", "General", _MONEY, "General", _MONEY)
SHEET = "Customers"

LEFT_OUT = ("without_id", "without_date", "without_amount", "after_as_of")
"""Why a transaction is left out."""

Done = dict[str, Any]


def summarise(ids: Column, dates: Column, amounts: Column, as_of: dt.date) -> tuple[dict[str, list[Cell]], Done]:
    """One row a customer, in the order of first appearance.

    A transaction of a negative amount is a return: it is netted into ``monetary`` and is no order. ``recency_days`` are
    counted from the last order to ``as_of``; ``orders_12m`` are the orders of the twelve months before it; transactions
    after ``as_of`` are not looked at.

    Returns
    -------
    columns
        by name, see ``COLUMNS``; a customer that only returned has no dates.
    counts
        transactions, customers, and the transactions left out: ``LEFT_OUT``.
    """
    codes, texts = as_texts(ids)
    day, amount = coerce(dates, "date"), coerce(amounts, "number")
    today = (as_of - EPOCH).days
    with_id = np.array([*map(bool, texts), False])[codes]  # code -1, no text, is the last
    with_day, with_amount = day.values != NO_DAY, ~np.isnan(amount.values)
    in_time = day.values <= today
    used = with_id & with_day & with_amount & in_time
    counts = {
        "transactions": len(codes),
        "without_id": int((~with_id).sum()),
        "without_date": int((with_id & ~with_day).sum()),
        "without_amount": int((with_id & with_day & ~with_amount).sum()),
        "after_as_of": int((with_id & with_day & with_amount & ~in_time).sum()),
    }
    first_seen, customer = np.unique(codes[used], return_index=True, return_inverse=True)[1:]
    order = np.argsort(first_seen)
    rank = np.empty(len(order), np.int64)
    rank[order] = np.arange(len(order))
    customer, days, money = rank[customer], day.values[used], amount.values[used]
    n = len(order)
    ordered = money >= 0
    first, last = np.full(n, np.iinfo(np.int64).max), np.full(n, np.iinfo(np.int64).min)
    np.minimum.at(first, customer[ordered], days[ordered])
    np.maximum.at(last, customer[ordered], days[ordered])
    frequency = np.bincount(customer[ordered], minlength=n)
    year_ago = (_year_before(as_of) - EPOCH).days
    names = np.flatnonzero(used)[first_seen[order]]
    has = (frequency > 0).tolist()
    columns: dict[str, list[Cell]] = {
        "customer": [ids[int(i)] for i in names],
        "first_order": [_date(d) if there else None for d, there in zip(first.tolist(), has, strict=True)],
        "last_order": [_date(d) if there else None for d, there in zip(last.tolist(), has, strict=True)],
        "recency_days": [today - d if there else None for d, there in zip(last.tolist(), has, strict=True)],
        "frequency": frequency.tolist(),
        "monetary": _cents(np.bincount(customer, weights=money, minlength=n)),
        "orders_12m": np.bincount(customer[ordered & (days > year_ago)], minlength=n).tolist(),
        "returns": _cents(np.bincount(customer[~ordered], weights=-money[~ordered], minlength=n)),
    }
    return columns, counts | {"customers": n}


def left_out_of(counts: Done) -> list[str]:
    """A sentence for each reason for which transactions were left out."""
    return [say(f"actions.{reason}", count=counts[reason]) for reason in LEFT_OUT if counts[reason]]


def headers() -> list[str]:
    """What stands above the columns, in the language in use."""
    return [say(f"actions.summary_{name}") for name in COLUMNS]


def _cents(sums: Any) -> list[Cell]:
    """Sums without the noise of adding floats: to the hundredth of a cent."""
    return [round(total, 4) + 0.0 for total in sums.tolist()]


def _date(day: int) -> dt.date:
    return EPOCH + dt.timedelta(days=day)


def _year_before(day: dt.date) -> dt.date:
    try:
        return day.replace(year=day.year - 1)
    except ValueError:  # 29 February
        return day.replace(year=day.year - 1, day=28)


def summarise_file(
    path: Path,
    id: str,
    date: str,
    amount: str,
    *,
    sheet: str | None = None,
    table: str | None = None,
    as_of: dt.date,
    output: Path | None = None,
) -> Done:
    """Summarise the transactions of a .xlsx, .xlsm or .csv into a workbook with one sheet, ``Customers``.

    Parameters
    ----------
    id, date, amount
        the headers of the three columns.
    output
        the workbook to write (default: ``NAME.customers.xlsx`` beside the transactions); a copy of a file that is
        replaced stays beside it.

    Raises
    ------
    UsageError
        the output is no .xlsx; no table has these headers.
    TableRefused
        no file, several tables that could be meant, or no transaction that holds all three.
    """
    target = output or path.with_name(f"{path.stem}.customers.xlsx")
    if target.suffix.lower() != ".xlsx":
        raise UsageError("actions.summary_is_xlsx", file=target)
    check_target(path, target)
    transactions = read_transactions(path, [id, date, amount], sheet, table)
    columns, counts = summarise(transactions[0], transactions[1], transactions[2], as_of)
    if not counts["customers"]:
        raise TableRefused("actions.no_transactions", file=path)
    with keeping_copy(target) as copy:
        write_whole(target, _workbook(columns))
    return counts | {"output": str(target), "as_of": as_of} | copy


def read_transactions(path: Path, headers: list[str], sheet: str | None, table: str | None) -> list[Column]:
    """The three columns of a file: customers, dates, amounts.

    Raises
    ------
    UsageError, TableRefused
        see `summarise_file`.
    """
    if not path.is_file():
        raise TableRefused("actions.no_file", file=path)
    if path.suffix.lower() == ".csv":
        whole = from_frame(read_frame(path))
        _check(headers, [whole.headers])
        columns = [whole.columns[whole.headers.index(header)] for header in headers]
        return [_numbered(columns[0]), *columns[1:]]
    with open_workbook(path) as book:
        tables = tables_of(book, Memory(book), sheet, table)
        fitting = [(name, found) for name, found in tables if set(headers) <= set(distinct(found.headers))]
        if len(fitting) > 1:
            raise TableRefused("actions.several_tables", tables=listed(called(*at) for at in fitting))
        _check(headers, [distinct(found.headers) for _, found in fitting or tables])
        name, found = fitting[0]
        return columns_of(book, name, found, [distinct(found.headers).index(header) for header in headers])


def columns_of(book: Readable, sheet: str, found: Found, positions: Sequence[int]) -> list[Column]:
    """The columns at ``positions`` (from 0) of a table, its rows only.

    Raises
    ------
    TableRefused
        the table has headers only.
    """
    if not len(found.rows):
        raise TableRefused("actions.no_customers", table=str(found.area), sheet=sheet)
    return read_rows(book, sheet, found, [found.first_column + position for position in positions])


def _check(headers: list[str], there: list[list[str]]) -> None:
    """Refuse headers that no table has."""
    for header in headers:
        if not any(header in table for table in there):
            known = listed(dict.fromkeys(name for table in there for name in table if name))
            raise UsageError("actions.unknown_header", header=header, headers=known)


def _numbered(column: Column) -> Column:
    """Ids of a .csv as numbers where they are written like plain whole numbers, so that Excel takes them as such."""
    texts = [text for text in column.texts if text.strip()]
    if not all(text.isascii() and text.isdigit() and len(text) <= 15 and str(int(text)) == text for text in texts):
        return column
    at, numbers = column.read_texts(lambda text: float(text) if text.strip() else np.nan, np.float64)
    numbered, there = Column.blank(len(column)), ~np.isnan(numbers)
    numbered.kinds[at[there]], numbered.numbers[at[there]] = Kind.NUMBER, numbers[there]
    return numbered


def _workbook(columns: dict[str, list[Cell]]) -> bytes:
    sheet = PlainSheet(SHEET, tuple(zip(headers(), WIDTHS, strict=True)), FORMATS)
    return plain_book({sheet: [columns[name] for name in COLUMNS]})
