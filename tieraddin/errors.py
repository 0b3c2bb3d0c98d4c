"""What can go wrong, said in one plain sentence: what, where, and what to do."""

from __future__ import annotations

from typing import Any

from tieraddin.language import Language, say


class TieraddinError(Exception):
    """A fault that a person can mend. ``str()`` is the sentence, in the language in use.

    Parameters
    ----------
    key
        id of the sentence, ``room.id`` in ``tieraddin/locale``.
    facts
        what the sentence names: file, sheet, cell, key.
    """

    exit_code = 3  # this input can't be used

    def __init__(self, key: str, **facts: Any) -> None:
        super().__init__(key)
        self.key = key
        self.facts = facts

    def sentence(self, lang: Language | None = None) -> str:
        """The sentence in ``lang``."""
        return say(self.key, lang, **self.facts)

    def __str__(self) -> str:
        return self.sentence()


class UsageError(TieraddinError):
    """The command or the call itself is wrong: an unknown model, option or field."""

    exit_code = 2


class WorkbookRefused(TieraddinError):
    """A workbook, or an edit of it, that is refused rather than harmed; ``reason`` says why."""

    @property
    def reason(self) -> str:
        """Why, in the language in use."""
        return self.sentence()


class ModelError(TieraddinError):
    """A model file or model sheet with a mistake: names file, key (or cell) and reason."""


class TableRefused(TieraddinError):
    """No customer table, or more than one that could be meant, or an unsure mapping of its columns."""
