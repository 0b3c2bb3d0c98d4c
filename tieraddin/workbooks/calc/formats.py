"""Number formats of a Calc document: which show dates or yes and no, and those that a code names."""

from __future__ import annotations

from typing import Any

DATES, LOGICAL = 6, 1024
"""Kinds of number formats (com.sun.star.util.NumberFormat): DATE and TIME together, LOGICAL."""


class Formats:
    """The number formats of one document."""

    def __init__(self, document: Any) -> None:
        self._formats = document.NumberFormats
        self._english = document.CharLocale
        self._english.Language, self._english.Country, self._english.Variant = "en", "US", ""
        self._own = document.CharLocale
        self._own.Language, self._own.Country, self._own.Variant = "", "", ""
        self._kinds: dict[int, int] = {}
        self._numbers: dict[str, int] = {}

    def kind(self, number: int) -> int:
        """What a format shows: `LOGICAL`, some of the bits of `DATES`, or others."""
        if number not in self._kinds:
            self._kinds[number] = self._formats.getByKey(number).Type
        return self._kinds[number]

    def number(self, code: str) -> int:
        """The format of an English code such as ``yyyy-mm-dd``, in the document's own locale."""
        if code not in self._numbers:
            self._numbers[code] = self._found(code)
        return self._numbers[code]

    def _found(self, code: str) -> int:
        formats = self._formats
        own: int = formats.queryKey(code, self._own, False)
        if own >= 0:
            return own
        english: int = formats.queryKey(code, self._english, False)
        if english >= 0:
            return int(formats.getFormatForLocale(english, self._own))
        try:
            return int(formats.addNewConverted(code, self._english, self._own))
        except Exception:  # there is one already, written as the locale writes it
            return int(formats.addNew(code, self._english))

    @property
    def logical(self) -> int:
        """The format that shows 1 and 0 as yes and no."""
        number: int = self._formats.getStandardFormat(LOGICAL, self._own)
        return number
