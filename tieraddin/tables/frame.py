"""Tables that come from programs: pandas data frames and JSON records."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from tieraddin.tables.values import EPOCH, Cell, Column, Floats, Kind, Table

if TYPE_CHECKING:
    import pandas as pd

LARGEST = 1e300
"""Whole numbers beyond this, which no cell holds, are taken as text."""

_DAY = np.timedelta64(1, "D")


def from_frame(frame: pd.DataFrame) -> Table:
    """The table of a data frame: its column labels as headers, its rows numbered from 1; the index is left out.

    NaN, NaT, NA and None are blank. Numbers and booleans of numpy, pandas and pyarrow, decimals, dates (a time zone is
    dropped, the time shown is kept), texts and categories are taken; any other object by its text.
    """
    columns = [_column(frame.iloc[:, i]) for i in range(frame.shape[1])]
    return Table([str(label) for label in frame.columns], columns, np.arange(1, len(frame) + 1))


def from_records(records: Iterable[Mapping[str, Any]]) -> Table:
    """The table of JSON records: keys in the order of their first appearance; a missing or null value is blank."""
    records = list(records)
    keys = dict.fromkeys(str(key) for record in records for key in record)
    columns = [Column.of(_cell(record.get(key)) for record in records) for key in keys]
    return Table(list(keys), columns, np.arange(1, len(records) + 1))


def _column(series: pd.Series[Any]) -> Column:
    import pandas as pd

    kind = series.dtype
    if isinstance(kind, pd.CategoricalDtype):
        return _by_codes(series.cat.codes.to_numpy(), list(kind.categories))
    if pd.api.types.is_bool_dtype(kind):
        return _of_numbers(_floats(series), Kind.BOOLEAN)
    if pd.api.types.is_numeric_dtype(kind) and not pd.api.types.is_complex_dtype(kind):
        return _of_numbers(_floats(series), Kind.NUMBER)
    if pd.api.types.is_datetime64_any_dtype(kind):
        return _of_numbers(_serials(series), Kind.DATE)
    if pd.api.types.infer_dtype(series, skipna=True) == "string":
        codes, texts = pd.factorize(series, use_na_sentinel=True)
        return _by_codes(codes, list(texts))
    return Column.of(map(_cell, series.astype(object).where(series.notna(), None)))


def _floats(series: pd.Series[Any]) -> Floats:
    return series.to_numpy(dtype=np.float64, na_value=np.nan)


def _serials(series: pd.Series[Any]) -> Floats:
    times = series.dt.tz_localize(None).to_numpy().astype("datetime64[ms]")
    serials: Floats = (times - np.datetime64(EPOCH, "ms")) / _DAY
    return np.where(serials >= 61, serials, serials - 1)


def _of_numbers(numbers: Floats, kind: int) -> Column:
    column = Column.blank(len(numbers))
    there = ~np.isnan(numbers)
    column.kinds[there] = kind
    column.numbers[there] = numbers[there]
    return column


def _by_codes(codes: NDArray[Any], values: list[Any]) -> Column:
    """The column whose cells are ``values[codes]``, -1 for blank."""
    return Column.of([*map(_cell, values), None]).take(codes.astype(np.intp))


def _cell(value: Any) -> Cell:
    """One value as a cell."""
    if isinstance(value, np.generic):
        value = value.item()
    if isinstance(value, Decimal):
        return float(value)
    if value is None or isinstance(value, (bool, float, str, dt.date)):
        return value
    return value if isinstance(value, int) and abs(value) < LARGEST else str(value)
