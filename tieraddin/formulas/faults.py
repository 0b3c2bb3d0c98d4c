"""Why a formula is not worked out here."""

from __future__ import annotations

from typing import Any

from tieraddin.errors import TieraddinError


class NotWorkedOut(TieraddinError):
    """A formula that can't be worked out without a spreadsheet program; ``str()`` is the reason.

    Parameters
    ----------
    key
        the sentence: ``formulas.KEY``.
    """

    def __init__(self, key: str, **facts: Any) -> None:
        super().__init__(f"formulas.{key}", **facts)
