"""Data files and streams in, graded data out: .csv, .json, .parquet and the table of a workbook."""

from __future__ import annotations

import io
import json
import sys
from collections.abc import Mapping, Sequence
from contextlib import nullcontext
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

from tieraddin.actions.big.parts import parquet_files, row_count
from tieraddin.actions.big.run import grade_parts
from tieraddin.actions.grade import frame_with, graded, records_with, result_columns
from tieraddin.actions.locate import locate
from tieraddin.actions.memory import Memory
from tieraddin.actions.output import check_target, to_json, write_whole
from tieraddin.actions.rules import Rules
from tieraddin.errors import TableRefused, UsageError
from tieraddin.language import language
from tieraddin.tables.csv_text import decoded, separator
from tieraddin.tables.frame import from_frame, from_records
from tieraddin.tables.values import Table
from tieraddin.workbooks import open_workbook
from tieraddin.workbooks.foreign import open_foreign

if TYPE_CHECKING:
    import pandas as pd

    from tieraddin.workbooks.port import Workbook

Record = dict[str, Any]
FORMS = ("csv", "json", "parquet")
SHEET_ROWS = 1_048_576
"""What a sheet of Excel holds; a Parquet file with more is graded part by part."""


def grade_source(
    source: str,
    rules: Rules,
    *,
    sheet: str | None = None,
    table: str | None = None,
    given: Mapping[str, str] | None = None,
    form: str | None = None,
    output: Path | None = None,
    columns: Sequence[str] | None = None,
    cluster: str | None = None,
) -> dict[str, Any] | None:
    """Grade a file (or JSON records from standard input: ``-``) and write the records with their grades.

    A folder of Parquet files, and a Parquet file with more rows than a sheet of Excel holds, becomes Parquet part by
    part; see `tieraddin.actions.big.run.grade_parts`, whose account of it is then returned.

    Parameters
    ----------
    form
        csv, json or parquet; by default what the output's name says, else json.
    output
        a file; standard output by default.
    columns
        the results to write; all by default.
    cluster
        the address of a cluster that is to do it part by part.
    """
    if form is None and output is not None:
        form = output.suffix.lstrip(".").lower()
        if form not in FORMS:
            raise UsageError("actions.unknown_data", file=output)
    form = form or "json"
    if form not in FORMS:
        raise UsageError("actions.unknown_format", format=form)
    if form == "parquet" and output is None:
        raise UsageError("actions.parquet_needs_output")
    path = Path(source)
    if cluster is not None or path.is_dir():
        parquet_files(path)  # which refuses what holds none
        if form != "parquet" or output is None:
            raise UsageError("scale.needs_parquet")
        return grade_parts(path, rules, output, given=given, columns=columns, cluster=cluster)
    if form == "parquet" and output is not None and path.suffix.lower() == ".parquet" and row_count(path) > SHEET_ROWS:
        return grade_parts(path, rules, output, given=given, columns=columns)
    data: list[Record] | pd.DataFrame
    if source == "-":
        data = _records(sys.stdin.buffer.read(), "-")
        customers = from_records(data)
    else:
        check_target(path, output)
        data, customers = read_source(path, rules, sheet, table, given)
    nothing = isinstance(data, list) and not data  # no record, so no field to look for
    results = {} if nothing else result_columns(graded(rules, customers, given), language(), columns)
    written = _written(data, results, form)
    if output is None:
        sys.stdout.buffer.write(written)
    else:
        write_whole(output, written)
    return None


def read_source(
    path: Path, rules: Rules, sheet: str | None, table: str | None, given: Mapping[str, str] | None
) -> tuple[list[Record] | pd.DataFrame, Table]:
    """The rows of a file as they came, and as a table."""
    if not path.is_file():
        raise TableRefused("actions.no_file", file=path)
    match path.suffix.lower():
        case ".json":
            records = _records(path.read_bytes(), str(path))
            return records, from_records(records)
        case ".csv" | ".parquet":
            frame = read_frame(path)
            return frame, from_frame(frame)
        case ".xlsx" | ".xlsm" | ".xlsb" | ".xls" | ".ods":
            frame = _workbook_frame(path, rules, sheet, table, given)
            return frame, from_frame(frame)
    raise TableRefused("actions.unknown_input", file=path)


def read_frame(path: Path) -> pd.DataFrame:
    """A .csv (all cells as text) or .parquet file."""
    import pandas as pd

    try:
        if path.suffix.lower() == ".parquet":
            return pd.read_parquet(path)
        text = decoded(path.read_bytes())
        frame = pd.read_csv(io.StringIO(text), sep=separator(text), dtype=str, keep_default_na=False)
    except (ValueError, OSError) as fault:  # pandas' and pyarrow's own errors are ValueErrors
        detail = str(fault).splitlines()[0] if str(fault) else type(fault).__name__
        raise TableRefused("actions.unreadable_data", file=path, form=path.suffix[1:], detail=detail) from None
    if not isinstance(frame.index, pd.RangeIndex):  # pandas took the first column for row labels
        raise TableRefused("actions.rows_too_long", file=path, count=frame.shape[1])
    return frame


def _workbook_frame(
    path: Path, rules: Rules, sheet: str | None, table: str | None, given: Mapping[str, str] | None
) -> pd.DataFrame:
    import pandas as pd

    edited = path.suffix.lower() in (".xlsx", ".xlsm")
    with open_workbook(path) if edited else nullcontext(open_foreign(path)) as book:
        memory = Memory(cast("Workbook", book))  # which is only read here
        located = locate(book, rules, memory, sheet, table, given)
        found = located.found
        numbers = [number for number, header in located.headers.items() if header]
        if not len(found.rows):
            raise TableRefused("actions.no_customers", table=str(found.area), sheet=located.sheet)
        first = int(found.rows[0])
        columns = book.read_columns(located.sheet, numbers, first, int(found.rows[-1]))
        cells = [[column[int(row) - first] for row in found.rows] for column in columns]
    return pd.DataFrame({located.headers[n]: pd.Series(c, dtype=object) for n, c in zip(numbers, cells, strict=True)})


def _records(raw: bytes, name: str) -> list[Record]:
    try:
        records = json.loads(raw.decode("utf-8-sig"))
        if b"\\ud" in raw.lower():
            json.dumps(records, ensure_ascii=False).encode()  # half a character, which no file could be written with
    except ValueError as fault:
        raise TableRefused("actions.not_records", file=name, detail=fault) from None
    if not isinstance(records, list) or not all(isinstance(record, dict) for record in records):
        raise TableRefused("actions.not_records", file=name, detail=type(records).__name__)
    return records


def _as_records(data: list[Record] | pd.DataFrame) -> list[Record]:
    if isinstance(data, list):
        return data
    plain = data.astype(object).where(data.notna(), None)
    return [dict(zip(map(str, plain.columns), row, strict=True)) for row in plain.itertuples(index=False, name=None)]


def _written(data: list[Record] | pd.DataFrame, columns: Mapping[str, list[Any]], form: str) -> bytes:
    if form == "json":
        return (to_json(records_with(_as_records(data), columns)) + "\n").encode()
    import pandas as pd

    full = frame_with(pd.DataFrame(data) if isinstance(data, list) else data, columns)
    if form == "csv":
        return full.to_csv(index=False).encode("utf-8-sig" if sys.platform == "win32" else "utf-8")
    buffer = io.BytesIO()
    try:
        full.to_parquet(buffer, index=False)
    except (ValueError, TypeError, NotImplementedError) as fault:  # what pyarrow raises for cells of several kinds
        raise TableRefused("actions.not_parquet", detail=str(fault).splitlines()[0]) from None
    return buffer.getvalue()
