"""What commands on customers are asked, said once: by which model, in which table, and where the result goes."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, TypedDict

import typer

from tieraddin.cli.base import AsOf, CadenceOf, Maps, ModelId, Options, Output, Sheet, Table, day, pairs
from tieraddin.errors import UsageError
from tieraddin.report.console import told

if TYPE_CHECKING:
    from tieraddin.actions.rules import Rules

InPlace = Annotated[bool, typer.Option("--in-place", help=told("in_place"))]


class Place(TypedDict):
    """Where the customers are, as `tieraddin.actions.locate.locate` takes it."""

    sheet: str | None
    table: str | None
    given: dict[str, str]


@dataclass(frozen=True, kw_only=True)
class Asked:
    """The options of a command that grades the customers of a table."""

    model: ModelId
    sheet: Sheet = None
    table: Table = None
    map_: Maps = None
    option: Options = None
    as_of: AsOf = None

    @property
    def place(self) -> Place:
        """Where the customers are."""
        return {"sheet": self.sheet, "table": self.table, "given": pairs(self.map_, "cli.map_form")}

    @property
    def options(self) -> dict[str, str]:
        """The options of the model."""
        return pairs(self.option, "models.option_form")

    @property
    def day(self) -> dt.date:
        """The day to grade for."""
        return day(self.as_of)

    def rules(self, book: Path, *, cadence: str | None = None, beside: Iterable[str] = ()) -> Rules:
        """The rules asked for; a model ``sheet`` is the one in ``book``."""
        from tieraddin.actions.models.worksheet import model_of
        from tieraddin.actions.rules import Rules

        return Rules.of(model_of(self.model, book), self.options, cadence, self.day, beside)


@dataclass(frozen=True, kw_only=True)
class AskedInTime(Asked):
    """Those of a command that looks at follow-ups too."""

    cadence: CadenceOf = None


@dataclass(frozen=True, kw_only=True)
class Target:
    """Where a workbook is written: a file, or the workbook itself."""

    output: Output = None
    in_place: InPlace = False

    def __post_init__(self) -> None:
        if self.output is not None and self.in_place:
            raise UsageError("cli.output_and_in_place")
