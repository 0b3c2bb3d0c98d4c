"""Parquet as parts: the row groups of a file or of all files of a folder, each read in batches of bounded size."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from tieraddin.errors import TableRefused

if TYPE_CHECKING:
    import pyarrow as pa

BATCH_ROWS = 250_000
"""How many rows are in memory at a time, beside one row group as it lies in the file."""


@dataclass(frozen=True, slots=True)
class Part:
    """One row group of one file; ``number`` counts all parts of a source from 0."""

    number: int
    file: Path
    group: int
    rows: int


@dataclass(frozen=True, slots=True)
class Source:
    """The parts of a file or folder, which all have the same columns; row groups without rows are left out."""

    path: Path
    schema: pa.Schema
    parts: tuple[Part, ...]

    @property
    def rows(self) -> int:
        """How many rows there are in all."""
        return sum(part.rows for part in self.parts)

    @classmethod
    def of(cls, path: Path) -> Source:
        """What is in ``path``; only the files' own descriptions are read.

        Raises
        ------
        TableRefused
            no Parquet file, an unreadable one, files whose columns differ, two columns of one name.
        """
        import pyarrow.parquet as pq

        files = parquet_files(path)
        schema: pa.Schema | None = None
        parts: list[Part] = []
        for file in files:
            with _reading(file), pq.ParquetFile(file) as parquet:
                own, about = parquet.schema_arrow.remove_metadata(), parquet.metadata
            if len(set(own.names)) < len(own.names):
                raise TableRefused("scale.equal_columns", file=file)
            if schema is None:
                schema = own
            elif not own.equals(schema):
                raise TableRefused("scale.other_columns", file=file, first=files[0].name)
            for group in range(about.num_row_groups):
                if rows := about.row_group(group).num_rows:
                    parts.append(Part(len(parts), file, group, rows))
        return cls(path, schema, tuple(parts))


def row_count(path: Path) -> int:
    """How many rows a Parquet file has, as it says itself; 0 where it can't be read."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    try:
        return int(pq.read_metadata(path).num_rows)
    except (OSError, pa.ArrowException):
        return 0


def batches(part: Part, columns: Sequence[str] | None = None) -> Iterator[pa.RecordBatch]:
    """The rows of ``part``, all columns by default, in batches of at most `BATCH_ROWS`."""
    import pyarrow.parquet as pq

    with _reading(part.file), pq.ParquetFile(part.file) as parquet:
        for batch in parquet.iter_batches(BATCH_ROWS, row_groups=[part.group], columns=columns):
            rows = batch.replace_schema_metadata(None)
            yield rows if columns is None else rows.select(list(columns))


def parquet_files(path: Path) -> list[Path]:
    """The Parquet files at ``path``: itself, or those of the folder and below by their names; refused where none is."""
    if path.is_file() and path.suffix.lower() == ".parquet":
        return [path.resolve()]
    if path.is_file():
        raise TableRefused("scale.not_parquet", file=path)
    if not path.is_dir():
        raise TableRefused("actions.no_file", file=path)
    found = sorted(file.resolve() for file in path.rglob("*.parquet") if file.is_file() and not _hidden(file, path))
    if not found:
        raise TableRefused("scale.no_parquet", folder=path)
    if keyed := next((file for file in found if "=" in file.parent.name), None):
        raise TableRefused("scale.keyed_folder", folder=keyed.parent)
    return found


def _hidden(file: Path, folder: Path) -> bool:
    """Whether ``file`` is one of those that programs leave beside their data (_temporary, .part)."""
    return any(name.startswith(("_", ".")) for name in file.relative_to(folder).parts)


@contextmanager
def _reading(file: Path) -> Iterator[None]:
    import pyarrow as pa

    try:
        yield
    except (OSError, pa.ArrowException) as fault:
        detail = (str(fault) or type(fault).__name__).splitlines()[0]
        raise TableRefused("actions.unreadable_data", file=file, form="parquet", detail=detail) from None
