"""What went wrong unexpectedly while a button was carried out, kept in a file for whoever mends it."""

from __future__ import annotations

import datetime as dt
import traceback
from pathlib import Path

from tieraddin.models.load import user_folder


def kept() -> Path:
    """The file, to which the error that is being handled was added."""
    file = user_folder().parent / "tieraddin.log"
    file.parent.mkdir(parents=True, exist_ok=True)
    with file.open("a", encoding="utf-8") as log:
        log.write(f"{dt.datetime.now():%Y-%m-%d %H:%M:%S}\n{traceback.format_exc()}\n")
    return file
