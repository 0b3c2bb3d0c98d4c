"""The small parts of a model file: words, sources, fields, options, grades."""

from __future__ import annotations

import re
from string import Formatter
from typing import Annotated, Any, Literal, TypeAlias

from pydantic import BaseModel, ConfigDict, Field, field_validator, model_validator
from pydantic_core import PydanticCustomError

NAME = r"^[a-z][a-z0-9_]*$"
_SPEC = re.compile(r"[,.0-9]*[df%]?")

Name: TypeAlias = Annotated[str, Field(pattern=NAME)]
Share: TypeAlias = Annotated[float, Field(ge=0, le=1)]
Cut: TypeAlias = Annotated[float, Field(gt=0, lt=1)]


def fault(key: str, at: tuple[str | int, ...] = (), **facts: Any) -> PydanticCustomError:
    """A mistake of the model: said as ``models.KEY`` of the locale, in the reader's language.

    ``at`` is the place of the mistake below the part that finds it.
    """
    return PydanticCustomError(key, "mistake", {"at": at, **facts})


class Part(BaseModel):
    """A piece of a model: unknown keys are refused, so that a slip of the pen is not silently ignored."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class Text(Part):
    """Words for people, in both languages."""

    zh: str = Field(min_length=1)
    en: str = Field(min_length=1)

    def __getitem__(self, lang: Literal["zh", "en"]) -> str:
        return self.zh if lang == "zh" else self.en

    def placeholders(self) -> set[str]:
        """The names in braces; refused where a brace holds more than a name and a number format."""
        found = [_placeholders(text) for text in (self.zh, self.en)]
        if found[0] != found[1]:
            raise fault("placeholders_differ", zh=sorted(found[0]), en=sorted(found[1]))
        return found[0]


def _placeholders(text: str) -> set[str]:
    names = set()
    try:
        parsed = list(Formatter().parse(text))
    except ValueError:
        raise fault("placeholder", name=text) from None
    for _, name, spec, conversion in parsed:
        if name is None:
            continue
        if not re.fullmatch(NAME, name) or conversion or not _SPEC.fullmatch(spec or ""):
            raise fault("placeholder", name=name)
        names.add(name)
    return names


class Source(Part):
    """Where a rule comes from: a source document (by its prefix) and heading, or a publication."""

    document: str
    heading: str = ""


class Choice(Part):
    """One allowed value of a field (or a word that may stand in place of its number)."""

    label: Text
    aliases: list[str] = []


class FieldSpec(Part):
    """An input: one column of the customer table.

    ``kind``: number, share (0.6 or 60 %), count (whole, not negative), flag (yes or no; blank is no), choice (one of
    ``values``), date, text. ``words`` are words that may stand in place of a number, such as "never". A ``fixed`` field
    is what the customer is, not what anyone can change: no next step is asked of it. A
    number that is ``absent`` = no is not missed: where the table has no such column, no condition on it holds. A date
    that may lie ``ahead`` is no mistake when it is later than the day of an audit.
    """

    name: Name
    kind: Literal["number", "share", "count", "flag", "choice", "date", "text"]
    label: Text
    unit: str = ""
    required: bool = False
    main: bool = False
    fixed: bool = False
    aliases: list[str] = []
    values: dict[str, Choice] = {}
    words: dict[str, Choice] = {}
    help: Text | None = None
    absent: Literal["unknown", "no"] = "unknown"
    ahead: bool = False

    @model_validator(mode="after")
    def _values_fit_kind(self) -> FieldSpec:
        if bool(self.values) != (self.kind == "choice"):
            raise fault("choice_values" if self.kind == "choice" else "no_values", kind=self.kind)
        return self


class OptionSpec(Part):
    """What a person may set for one run: ``name=value``; lists by commas, lists of lists by semicolons."""

    kind: Literal["number", "numbers", "lists", "count", "choice", "calendar"]
    default: Any = None
    values: list[str] = []
    help: Text


class Playbook(Part):
    """How to handle customers of a grade (P9): its signs, how to treat them, their rights, what to do in order."""

    signs: Text | None = None
    handling: Text
    rights: Text | None = None
    steps: list[Text] = []


class Grade(Part):
    """A grade: ``reason`` says in words why a customer has it, with the facts of the deciding step in braces."""

    id: str = Field(min_length=1)
    label: Text
    group: str = ""
    reason: Text
    playbook: Playbook | None = None

    @field_validator("reason")
    @classmethod
    def _plain_placeholders(cls, reason: Text) -> Text:
        reason.placeholders()
        return reason
