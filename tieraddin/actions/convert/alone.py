"""One run at a time in an output folder: the system holds the lock, and lets go of it however the run ends."""

from __future__ import annotations

import os
import platform
import sys
from contextlib import ExitStack
from io import FileIO
from pathlib import Path

from tieraddin.errors import WorkbookRefused

NAME = ".tieraddin-convert.lock"
_FAR = 1 << 20
"""Windows lets no one read the bytes that are locked: they lie beyond those that name the process."""


def alone_in(folder: Path) -> ExitStack:
    """Have a folder for this run alone until what is given is left; it is made where it isn't there.

    On a disk that knows no locks nothing is held.

    Raises
    ------
    WorkbookRefused
        another run is at work there, which the sentence names, or the folder can't be written to.
    """
    with ExitStack() as stack:
        try:
            folder.mkdir(parents=True, exist_ok=True)
            file = stack.enter_context((folder / NAME).open("a+b", buffering=0))
            if not _lock(file):
                file.seek(0)
                raise WorkbookRefused("convert.busy", output=folder, process=file.read().decode(errors="replace"))
            file.truncate(0)
            file.write(f"{os.getpid()}, {platform.node()}".encode())
        except OSError as fault:
            raise WorkbookRefused("convert.no_output", output=folder, detail=fault.strerror) from None
        return stack.pop_all()


def _lock(file: FileIO) -> bool:
    """Lock a file; False where someone else has."""
    try:
        if sys.platform == "win32":
            import msvcrt

            file.seek(_FAR)
            msvcrt.locking(file.fileno(), msvcrt.LK_NBLCK, 1)
        else:
            import fcntl

            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except (BlockingIOError, PermissionError):
        return False
    except OSError:  # no locks here
        return True
    return True
