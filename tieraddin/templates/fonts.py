"""The letters of a template: one family for all of a workbook, as openpyxl's own default cells have it."""

from __future__ import annotations

from openpyxl.styles import Font

FAMILY, SIZE = "Calibri", 11


def font(*, size: float = SIZE, bold: bool = False, italic: bool = False, color: str | None = None) -> Font:
    """A font of the family; one without a name is shown in whatever the program takes first."""
    return Font(name=FAMILY, size=size, bold=bold, italic=italic, color=color)
