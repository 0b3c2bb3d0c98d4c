"""What an output folder remembers: which source, by the hash of its bytes, became which result. One line a file."""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import TracebackType
from typing import IO, Any, Self

from tieraddin.errors import WorkbookRefused

NAME = ".tieraddin-convert.jsonl"

Record = dict[str, Any]


def file_hash(path: Path) -> str:
    """The hash of a file's bytes.

    Raises
    ------
    WorkbookRefused
        a file that can't be read.
    """
    try:
        with path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    except OSError as fault:
        raise WorkbookRefused("convert.unreadable", file=path, detail=fault.strerror) from None


class Ledger:
    """The records of an output folder by source; a line is added when a result is there, so a run can stop anywhere.

    Use it in a ``with`` statement to add lines.
    """

    def __init__(self, folder: Path) -> None:
        self.path = folder / NAME
        self.records: dict[str, Record] = {}
        self._file: IO[bytes] | None = None
        if self.path.is_file():
            for line in self.path.read_bytes().splitlines():
                self._take(line)

    def _take(self, line: bytes) -> None:
        try:
            record = json.loads(line)
            self.records[record["source"]] = record
        except (ValueError, KeyError, TypeError):  # half a line of a run that was cut off
            return

    def names(self) -> dict[str, str]:
        """Source -> name of its result."""
        return {source: record["name"] for source, record in self.records.items()}

    def left_over(self) -> list[str]:
        """The results that are there while the lists they were made of are not: renamed, moved, deleted."""
        sources: dict[str, list[str]] = {}
        for source, name in self.names().items():
            sources.setdefault(name, []).append(source)
        gone = (name for name, made_of in sources.items() if not any(map(os.path.exists, made_of)))
        return sorted(name for name in gone if (self.path.parent / name).is_file())

    def __enter__(self) -> Self:
        with self._told():
            self._file = self.path.open("ab", buffering=0)
            if self._file.tell():
                self._file.write(b"\n")  # what was cut off stands alone
        return self

    @contextmanager
    def _told(self) -> Iterator[None]:
        """A fault of the disk in a sentence."""
        try:
            yield
        except OSError as fault:
            raise WorkbookRefused("convert.no_output", output=self.path.parent, detail=fault.strerror) from None

    def add(self, record: Record) -> None:
        """Keep a record.

        Raises
        ------
        WorkbookRefused
            the disk is full.
        """
        if self._file is not None:
            self.records[record["source"]] = record
            with self._told():
                self._file.write(json.dumps(record).encode() + b"\n")

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._file is not None:
            with self._told(), self._file:
                if error is None:
                    os.fsync(self._file.fileno())
