"""What leaves the actions: JSON text, and files that are written whole or not at all."""

from __future__ import annotations

import datetime as dt
import json
import math
import re
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import count
from pathlib import Path
from typing import Any

from tieraddin.errors import TableRefused, UsageError

_COPY = re.compile(r"\.backup-\d{8}-\d{6}(?:-\d+)?$")


def to_json(value: Any, *, escaped: bool = False) -> str:
    """JSON text; dates as ISO text, NaN as null; ``escaped``: in ASCII only."""
    return whole_text(json.dumps(_plain(value), ensure_ascii=escaped, indent=1))


def slots_of(record: Any) -> dict[str, Any]:
    """What a dataclass with slots holds, by name, without the copies that ``asdict`` makes."""
    return {name: getattr(record, name) for name in record.__slots__}


def whole_text(text: str) -> str:
    """``text`` with halves of characters spelt out, as JSON spells them.

    Names of files from other systems have them, and no file can hold them.
    """
    return text.encode("utf-8", "backslashreplace").decode()


def _plain(value: Any) -> Any:
    if isinstance(value, dict):
        return {str(key): _plain(part) for key, part in value.items()}
    if isinstance(value, (list, tuple)):
        return [_plain(part) for part in value]
    if isinstance(value, dt.date):
        return value.isoformat()
    if isinstance(value, float):
        return value if math.isfinite(value) else None
    return value if isinstance(value, (str, int, type(None))) else _plain_other(value)


def _plain_other(value: Any) -> Any:
    """A number of numpy as Python's own; anything else by its text."""
    return _plain(value.item()) if hasattr(value, "item") else str(value)


def check_folder(folder: Path) -> None:
    """Refuse a folder that isn't there."""
    if not folder.is_dir():
        raise TableRefused("actions.no_folder", folder=folder)


def check_target(source: Path, target: Path | None) -> None:
    """Refuse a target that is the source file, or whose folder isn't there."""
    if target is None:
        return
    check_folder(target.parent)
    if target.exists() and source.exists() and target.samefile(source):
        raise UsageError("actions.output_is_input", file=source)


def refuse_existing(target: Path) -> None:
    """Refuse to write over a file, or into a folder that isn't there."""
    check_folder(target.parent)
    if target.exists():
        raise UsageError("actions.output_exists", file=target)


@contextmanager
def keeping_copy(target: Path) -> Iterator[dict[str, str]]:
    """While ``target`` is replaced, keep a copy of the file that was there; its name, if any, under "backup"."""
    if not target.is_file():
        yield {}
        return
    copy = _copy_name(target)
    try:
        shutil.copy2(target, copy)
        yield {"backup": str(copy)}
    except BaseException:
        copy.unlink(missing_ok=True)
        raise


def _copy_name(path: Path) -> Path:
    """A name with the time for a copy of ``path``, such as no file has yet."""
    stem = f"{path.stem}.backup-{dt.datetime.now():%Y%m%d-%H%M%S}"
    names = (path.with_name(f"{stem}{f'-{k}' if k > 1 else ''}{path.suffix}") for k in count(1))
    return next(name for name in names if not name.exists())


def is_copy(path: Path) -> bool:
    """Whether a file is called as the copies of `keeping_copy` are."""
    return _COPY.search(path.stem) is not None


def write_whole(path: Path, data: bytes, *, durable: bool = True) -> None:
    """Write a file at once, or leave what was there; ``durable``: wait until the disk has it."""
    from tieraddin.workbooks.package.saving import replacing

    with replacing(path, durable=durable) as file:
        file.write(data)
