"""What a run goes by: the model with its options, the cadence, the day; and what it finds for a table."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from functools import cache, cached_property
from typing import Any, NamedTuple

import numpy as np

from tieraddin.errors import UsageError
from tieraddin.followup.cadence import Due, due_dates
from tieraddin.grading.cutoffs import Cutoffs
from tieraddin.grading.evaluate import EPOCH, Grading, grade_table
from tieraddin.grading.readings import Reading, read_field
from tieraddin.models.load import ModelSource, common_fields, find_model
from tieraddin.models.parts import FieldSpec
from tieraddin.models.schema import Model
from tieraddin.models.sections import Cadence
from tieraddin.tables.dates import NO_DAY, Days
from tieraddin.tables.mapping import Mapped
from tieraddin.tables.values import Table

BESIDE = ("current_grade", "last_contact")
"""Fields that are looked for in every table, whatever the model."""


@dataclass(frozen=True, eq=False)
class Rules:
    """The rules of one run.

    Attributes
    ----------
    cadence_of
        the model whose cadence it is, as it was asked for: its own, where no other was.
    """

    source: ModelSource
    model: Model
    options: Mapping[str, Any]
    cadence: Cadence | None
    cadence_of: str
    as_of: dt.date
    beside: tuple[str, ...] = BESIDE

    @classmethod
    def of(
        cls,
        model: str | ModelSource,
        options: Mapping[str, Any] | None = None,
        cadence: str | None = None,
        as_of: dt.date | None = None,
        beside: Iterable[str] = (),
    ) -> Rules:
        """The rules of ``model`` (an id, a name or a file), with the follow-up dates of the model ``cadence`` if named.

        ``beside`` names shared fields that are looked for as well, such as ``rep``.

        Raises
        ------
        UsageError
            an unknown model or option, or a cadence model that has none.
        """
        source = model if isinstance(model, ModelSource) else find_model(model)
        bound = source.bind(options)
        follows = bound.cadence
        if cadence is not None:
            follows = find_model(cadence).model.cadence
            if follows is None:
                raise UsageError("actions.no_cadence", model=cadence)
        found = tuple(dict.fromkeys((*BESIDE, *beside)))
        of = cadence or bound.id
        return cls(source, bound, dict(options or {}), follows, of, as_of or dt.date.today(), found)

    def with_options(self, options: Mapping[str, Any]) -> Rules:
        """These rules with other options of the model.

        Raises
        ------
        UsageError
            an option that the model does not have, or a value that it can't take.
        """
        bound = self.source.bind(options)
        cadence = bound.cadence if self.cadence is self.model.cadence else self.cadence
        return replace(self, model=bound, options=dict(options), cadence=cadence)

    @cached_property
    def fields(self) -> list[FieldSpec]:
        """All fields that are looked for in a table: the model's, and those that cadence and moves need."""
        names = {field.name for field in self.model.fields}
        wanted = {*self.beside, *(("first_visit", self.cadence.event) if self.cadence else ())} - names
        shared = [field["name"] for field in common_fields() if field["name"] in wanted]
        return [*self.model.fields, *map(shared_field, shared)]

    def apply(self, table: Table, mapping: Mapping[str, Mapped], cutoffs: Cutoffs | None = None) -> Result:
        """Grade ``table`` and find its follow-up dates; ``cutoffs`` as `grade_table` takes them."""
        places = {name: (mapped.column, mapped.scale) for name, mapped in mapping.items()}
        grading = grade_table(self.model, table, places, self.as_of, cutoffs)
        readings = dict(grading.readings)
        for field in self.fields[len(self.model.fields) :]:
            column = table.columns[mapping[field.name].column] if field.name in mapping else None
            readings[field.name] = read_field(field, column, 1.0, len(table))
        due = self._due(grading, readings) if self.cadence and "last_contact" in mapping else None
        return Result(self, grading, readings, due)

    def _due(self, grading: Grading, readings: Mapping[str, Reading]) -> Due | None:
        if self.cadence is None:
            return None
        last, first, event = anchors(self.cadence, readings)
        ids = grading.model.grade_ids
        return due_dates(self.cadence, grading.codes, ids, last, first_visit=first, event=event)


@cache
def shared_field(name: str) -> FieldSpec:
    """A field that several models share."""
    return next(FieldSpec.model_validate(field) for field in common_fields() if field["name"] == name)


class Anchors(NamedTuple):
    """The days from which contacts are counted, `NO_DAY` where not known; ``event`` is None without a column of it."""

    last_contact: Days
    first_visit: Days
    event: Days | None


def anchors(cadence: Cadence, readings: Mapping[str, Reading]) -> Anchors:
    """What ``cadence`` counts from; who has a last contact that can't be read is not taken for never contacted."""
    last = readings["last_contact"]
    first = np.where(last.unreadable, NO_DAY, readings["first_visit"].days)
    return Anchors(last.days, first, readings[cadence.event].days if cadence.event else None)


@dataclass(frozen=True, eq=False)
class Result:
    """What the rules say of a table.

    Attributes
    ----------
    readings
        every field (also those beside the model's) and step, for all rows.
    due
        the follow-up dates; None without a cadence or without a column of last contacts.
    """

    rules: Rules
    grading: Grading
    readings: Mapping[str, Reading]
    due: Due | None

    def next_contact(self, i: int) -> dt.date | None:
        """When row ``i`` is due."""
        if self.due is None or self.due.next_contact[i] == NO_DAY:
            return None
        return EPOCH + dt.timedelta(days=int(self.due.next_contact[i]))

    @cached_property
    def overdue(self) -> list[int]:
        """Days by which each row is overdue on the day of the run."""
        days = (self.rules.as_of - EPOCH).days
        return [] if self.due is None else [int(late) for late in self.due.overdue_days(days)]
