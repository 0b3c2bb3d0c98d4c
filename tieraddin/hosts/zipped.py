"""The files that programs take as add-ins are zip files."""

from __future__ import annotations

import zipfile
from collections.abc import Mapping
from io import BytesIO

_DAY = (2026, 1, 1, 0, 0, 0)


def zipped(parts: Mapping[str, str | bytes]) -> bytes:
    """``parts`` in their order as a zip file: the same parts give the same bytes on every system, on any day."""
    packed = BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        for name, content in parts.items():
            entry = zipfile.ZipInfo(name, _DAY)
            entry.create_system = 0
            archive.writestr(entry, content, zipfile.ZIP_DEFLATED)
    return packed.getvalue()
