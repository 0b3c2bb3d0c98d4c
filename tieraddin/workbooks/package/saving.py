"""Saving a package: parts that did not change are copied as they are, the file is replaced at once or not at all."""

from __future__ import annotations

import os
import shutil
import tempfile
import zipfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import IO

from tieraddin.errors import WorkbookRefused
from tieraddin.workbooks.package.archive import ArchiveWriter, Packed, pack
from tieraddin.workbooks.package.parts import Parts

_PROLOG = 4096
"""A DOCTYPE stands among an XML part's first bytes."""


def check_target(source: Path, target: Path) -> None:
    """Refuse a target of another kind than the source, or open in Excel or LibreOffice."""
    if source.suffix.lower() != target.suffix.lower():
        raise WorkbookRefused("workbooks.wrong_suffix", file=target.name, suffix=source.suffix)
    for lock in (f"~${target.name}", f".~lock.{target.name}#"):
        if target.with_name(lock).exists():
            raise WorkbookRefused("workbooks.open_elsewhere", file=target.name, lock=lock)


@contextmanager
def replacing(target: Path, *, durable: bool = True) -> Iterator[IO[bytes]]:
    """A file to write to, which takes the place of ``target`` when all went well.

    ``durable``: wait until the disk has it, so that it outlives a power cut.

    Raises
    ------
    WorkbookRefused
        the disk is full, the folder can't be written to, …; ``target`` is then as it was.
    """
    temporary = None
    try:
        try:
            handle, name = tempfile.mkstemp(prefix=".tieraddin-", suffix=".tmp", dir=target.parent)
            temporary = Path(name)
            with os.fdopen(handle, "wb") as file:
                yield file
                file.flush()
                if durable:
                    os.fsync(file.fileno())
            if target.exists():
                shutil.copymode(target, temporary)
            else:
                temporary.chmod(0o666 & ~_umask())
            temporary.replace(target)
        except OSError as error:
            raise WorkbookRefused("workbooks.cannot_write", file=target.name, detail=error.strerror) from None
    finally:
        if temporary is not None:
            with suppress(FileNotFoundError):
                temporary.unlink()
    if durable:
        _sync_folder(target.parent)


def _umask() -> int:
    mask = os.umask(0)
    os.umask(mask)
    return mask


def _sync_folder(folder: Path) -> None:
    """Let the folder's entry reach the disk too, where the system can."""
    with suppress(OSError):
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)


def write_package(parts: Parts, packed: Mapping[str, Packed], file: IO[bytes], scratch: IO[bytes]) -> None:
    """Write all parts in their order: those in ``packed``, those changed in memory, the others as they are."""
    writer = ArchiveWriter(file)
    for name in parts.names():
        entry = parts.entry(name)
        if name in packed:
            writer.add(entry, packed[name])
        elif (data := parts.changed_data(name)) is not None:
            writer.add(entry, pack([data], scratch))
        else:
            _check_copied(parts, entry)
            writer.add(entry, parts.archive.packed(entry))
    writer.finish()


def _check_copied(parts: Parts, entry: zipfile.ZipInfo) -> None:
    """Refuse to pass on a part that is damaged, or XML with a DOCTYPE."""
    for i, chunk in enumerate(parts.archive.chunks(entry)):
        if i == 0 and entry.filename.lower().endswith((".xml", ".rels")) and b"<!DOCTYPE" in chunk[:_PROLOG]:
            raise WorkbookRefused("workbooks.doctype", part=entry.filename)
