"""What a tier model is: the vocabulary of a model file, checked as it is read.

A model is data, never code, so a file from a stranger can do no harm. It says which fields it reads, the grades it
gives (best first), and by which *steps* a row comes to its grade: each step is one of the blocks P1-P9, takes fields or
earlier steps as input, and the last step gives the grade. What follows from a grade (cadence, movement, ownership,
amounts, portfolio, audit: P10-P15) are sections of their own. ``docs/models-format.md`` is the reference for people.
"""

from __future__ import annotations

from graphlib import TopologicalSorter
from typing import Any

from pydantic import Field, ValidationInfo, field_validator, model_validator

from tieraddin.models.coherence import faults
from tieraddin.models.parts import FieldSpec, Grade, Name, OptionSpec, Part, Source, Text, fault
from tieraddin.models.sections import SECTIONS, Audit, Cadence, Movement, Ownership, Phase, Portfolio, Warning_
from tieraddin.models.steps import BLOCKS, Bands, CumulativeShare, Step, dependencies

MODEL_ID = r"^[a-z0-9]+(-[a-z0-9]+)*$"


class Model(Part):
    """A tier model with its options filled in."""

    id: str = Field(pattern=MODEL_ID)
    systems: list[str] = []
    name: Text
    about: Text
    source: list[Source] = Field(min_length=1)
    assumed: list[str] = []
    common: list[Name] = []
    fields: list[FieldSpec] = Field(min_length=1)
    options: dict[Name, OptionSpec] = {}
    grades: list[Grade] = Field(min_length=1)
    steps: list[Step] = []
    score: str | None = None
    ordered: bool = True
    keeps: Name | None = None
    cadence: Cadence | None = None
    movement: Movement | None = None
    ownership: Ownership | None = None
    phases: list[Phase] = []
    portfolio: Portfolio | None = None
    audit: Audit | None = None
    warnings: list[Warning_] = []

    @field_validator("fields", "grades", "steps")
    @classmethod
    def _no_doubles(cls, items: list[Any]) -> list[Any]:
        names = [getattr(item, "name", None) or item.id for item in items]
        for i, name in enumerate(names):
            if name in names[:i]:
                raise fault("twice", (i,), name=name)
        return items

    @model_validator(mode="after")
    def _hangs_together(self, info: ValidationInfo) -> Model:
        """Refuse the first fault; where the context is a list, note them all there instead."""
        for found in faults(self):
            if info.context is None:
                raise found
            info.context.append(found)
        return self

    def field(self, name: str) -> FieldSpec:
        """The field ``name``."""
        return next(field for field in self.fields if field.name == name)

    def grade(self, id: str) -> Grade:
        """The grade ``id``."""
        return next(grade for grade in self.grades if grade.id == id)

    @property
    def grade_ids(self) -> list[str]:
        """All grades, best first."""
        return [grade.id for grade in self.grades]

    @property
    def main_field(self) -> FieldSpec:
        """The main measure: the field marked so, else the first one."""
        return next((field for field in self.fields if field.main), self.fields[0])

    @property
    def money_field(self) -> FieldSpec | None:
        """The main measure, where it is an amount of money: what a customer is worth."""
        main = self.main_field
        return main if main.kind == "number" and main.unit == "CNY" else None

    @property
    def score_step(self) -> Step | None:
        """The step whose number is the score."""
        wanted = self.score or (self.steps[-1].id if self.steps else None)
        return next((step for step in self.steps if step.id == wanted), None)

    @property
    def score_is_share(self) -> bool:
        """Whether the score is a share of 1: a running share, or a measure that is a share."""
        match self.score_step:
            case CumulativeShare():
                return True
            case Bands(input=name):
                return any(field.name == name and field.kind == "share" for field in self.fields)
        return False

    @property
    def blocks(self) -> list[str]:
        """The building blocks in use, such as ``P1``."""
        used = {BLOCKS[step.block] for step in self.steps}
        used |= {block for section, block in SECTIONS.items() if getattr(self, section)}
        if any(grade.playbook for grade in self.grades):
            used.add("P9")
        return sorted(used, key=lambda block: int(block[1:]))

    def step_order(self) -> list[Step]:
        """The steps, each after those it reads."""
        by_id = {step.id: step for step in self.steps}
        return [by_id[id] for id in TopologicalSorter(dependencies(self.steps)).static_order()]
