"""Which files are converted, and what each result is called."""

from __future__ import annotations

import glob
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain
from pathlib import Path

from tieraddin.actions.convert.ledger import NAME
from tieraddin.actions.output import is_copy
from tieraddin.errors import TableRefused, UsageError
from tieraddin.language import listed
from tieraddin.workbooks.foreign import SPREADSHEETS, TEXTS
from tieraddin.workbooks.reading import PACKAGES

_HALVES = re.compile("[\ud800-\udfff]")
"""What names have in place of bytes that are no text here, as from archives of other systems."""
KINDS = (*PACKAGES, *SPREADSHEETS, *TEXTS)


@dataclass(frozen=True, slots=True)
class Source:
    """A file to convert; ``folder`` is the one that was asked for and holds it, its own where it was named itself."""

    path: Path
    folder: Path


def find_sources(wanted: Sequence[str], out: Path) -> list[Source]:
    """The files that ``wanted`` means: files, folders with all below them, patterns such as ``2026/*.xlsx``.

    Each file comes once, in order. Not taken are files of other kinds in folders, the lock files of Excel and
    LibreOffice, hidden ones, the copies that a run keeps of what it replaces, and whatever lies in the output folder,
    or in that of another run below a folder that was asked for: those hold results.

    Raises
    ------
    UsageError
        a file or folder that isn't there.
    TableRefused
        there is none.
    """
    found: dict[Path, Source] = {}
    within = out.resolve()
    for text in wanted:
        for source in _of(text):
            resolved = source.path.resolve()
            if not resolved.is_relative_to(within):
                found.setdefault(resolved, source)
    if not found:
        raise TableRefused("convert.no_files", sources=listed(wanted), output=out, kinds=listed(KINDS))
    return list(found.values())


def _of(text: str) -> Iterator[Source]:
    path = Path(text)
    if path.is_dir():
        files = sorted(path.rglob("*"))
        results = {file.parent for file in files if file.name == NAME} - {path}
        yield from (Source(file, path) for file in files if _is_wanted(file, path) and results.isdisjoint(file.parents))
    elif path.exists():
        yield Source(path, path.parent)
    elif glob.has_magic(text):
        for match in sorted(glob.glob(text, recursive=True)):
            file = Path(match)
            if file.is_file() and _is_wanted(file, file.parent):
                yield Source(file, file.parent)
    else:
        raise UsageError("convert.no_source", source=text)


def _is_wanted(file: Path, folder: Path) -> bool:
    hidden = any(part.startswith((".", "~$")) for part in file.relative_to(folder).parts)
    return file.suffix.lower() in KINDS and not hidden and not is_copy(file) and file.is_file()


def output_names(
    sources: Iterable[Source], taken: Mapping[str, str], reserved: Iterable[str] = ()
) -> Iterator[tuple[Source, str]]:
    """For each source the path of its result below the output folder, no two alike.

    That is the source's own place below its folder; where two would be alike, the kind, the folder or a number tells
    them apart. A source keeps the name of an earlier run (``taken``: source -> name); ``reserved`` names are no one's.
    """
    sources = list(sources)
    used = {name.casefold() for name in (*taken.values(), *reserved)}
    for source in sources:
        name = taken.get(str(source.path.resolve()))
        if name is None:
            name = next(name for name in _names(source) if name.casefold() not in used)
            used.add(name.casefold())
        yield source, name


def _names(source: Source) -> Iterator[str]:
    within = source.path.parent.relative_to(source.folder)
    stem, kind, folder = source.path.stem, source.path.suffix[1:].lower(), source.path.resolve().parent.name
    names = [stem, f"{stem} ({kind})", f"{stem} ({folder})", f"{stem} ({folder}, {kind})"]
    for name in chain(names, (f"{stem} ({k})" for k in range(2, 10_002))):
        yield _HALVES.sub("_", (within / f"{name}.xlsx").as_posix())
