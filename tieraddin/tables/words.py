"""Words as people type them: compared without regard to case, width, spaces, hyphens and underscores."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping
from typing import Literal, Protocol

from tieraddin.language import LANGUAGES, Language

FieldKind = Literal["number", "share", "count", "flag", "choice", "date", "text"]

_SPACE = re.compile(r"[\s_\ufe0f]+|(?<=\w)-(?=\w)")


class LabelLike(Protocol):
    """A label in both languages: ``label["zh"]``."""

    def __getitem__(self, lang: Language, /) -> str: ...


class ChoiceLike(Protocol):
    """One of the values of a field: its label and the other words for it."""

    @property
    def label(self) -> LabelLike: ...
    @property
    def aliases(self) -> Iterable[str]: ...


class FieldLike(Protocol):
    """What the tables need to know of a model's field."""

    @property
    def name(self) -> str: ...
    @property
    def kind(self) -> FieldKind: ...
    @property
    def required(self) -> bool: ...
    @property
    def label(self) -> LabelLike: ...
    @property
    def aliases(self) -> Iterable[str]: ...
    @property
    def values(self) -> Mapping[str, ChoiceLike]: ...
    @property
    def words(self) -> Mapping[str, ChoiceLike]: ...


def folded(text: str) -> str:
    """``text`` as it is compared: ``Long-Term `` and ``ｌｏｎｇ＿ｔｅｒｍ`` are both ``longterm``."""
    return _SPACE.sub("", unicodedata.normalize("NFKC", text).strip()).casefold()


def shown_width(text: str) -> int:
    """The width of ``text`` in characters, of which a Chinese one counts twice."""
    if text.isascii():
        return len(text)
    return sum(2 if unicodedata.east_asian_width(letter) in "FW" else 1 for letter in text)


def alike(text: str) -> str:
    """``text`` as records are compared for doubles: without case, width and spaces, but with every other mark.

    ``Ａcme Ltd`` and ``acme  ltd`` are the same, ``1-11`` and ``11-1`` are not.
    """
    return "".join(unicodedata.normalize("NFKC", text).split()).casefold()


def names_of(choices: Mapping[str, ChoiceLike]) -> dict[str, list[str]]:
    """The other ways to write each choice: its labels and aliases."""
    return {name: [*(choice.label[lang] for lang in LANGUAGES), *choice.aliases] for name, choice in choices.items()}
