"""What a tier model is: the vocabulary of a model file, checked as it is read.

A model is data, never code, so a file from a stranger can do no harm. It says which fields it reads, the grades it
gives (best first), and by which *steps* a row comes to its grade: each step is one of the blocks P1-P9, takes fields or
earlier steps as input, and the last step gives the grade. What follows from a grade (cadence, movement, ownership,
amounts, portfolio, audit: P10-P15) are sections of their own. ``docs/models-format.md`` is the reference for people.
"""

from __future__ import annotations

from collections.abc import Iterator
from graphlib import CycleError, TopologicalSorter
from typing import Any

from pydantic import Field, field_validator, model_validator

from tieraddin.models.conditions import Condition, condition_inputs
from tieraddin.models.parts import FieldSpec, Grade, Name, OptionSpec, Part, Source, Text, fault
from tieraddin.models.sections import SECTIONS, Audit, Cadence, Movement, Ownership, Phase, Portfolio, Warning_
from tieraddin.models.steps import BLOCKS, Step

MODEL_ID = r"^[a-z0-9]+(-[a-z0-9]+)*$"


class Model(Part):
    """A tier model with its options filled in."""

    id: str = Field(pattern=MODEL_ID)
    systems: list[str] = []
    name: Text
    about: Text
    source: list[Source] = Field(min_length=1)
    assumed: list[str] = []
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
        for name in names:
            if names.count(name) > 1:
                raise fault("twice", name=name)
        return items

    @model_validator(mode="after")
    def _hangs_together(self) -> Model:
        if (not self.steps) == (self.keeps is None) and self.ownership is None:
            raise fault("no_way_to_a_grade")
        names = {field.name for field in self.fields} | {step.id for step in self.steps}
        _check_steps(self.steps, names)
        _check_grades(self)
        for where, condition in _conditions(self):
            for name in condition_inputs(condition):
                if name.partition(".")[0] not in names:
                    raise fault("unknown_input", where=where, name=name)
        facts = {field.name for field in self.fields} | {"grade", "score"}
        facts |= set(self.steps[-1].facts) if self.steps else set()
        for grade in self.grades:
            if unknown := grade.reason.placeholders() - facts:
                raise fault("unknown_fact", grade=grade.id, name=", ".join(unknown), known=", ".join(sorted(facts)))
        if self.score is not None and self.score not in names:
            raise fault("unknown_input", where="score", name=self.score)
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
        return [by_id[id] for id in TopologicalSorter(_dependencies(self.steps)).static_order()]


def _dependencies(steps: list[Step]) -> dict[str, list[str]]:
    ids = {step.id for step in steps}
    return {step.id: [name for name in (n.partition(".")[0] for n in step.inputs()) if name in ids] for step in steps}


def _check_steps(steps: list[Step], names: set[str]) -> None:
    for step in steps:
        for name in step.inputs():
            if name.partition(".")[0] not in names:
                raise fault("unknown_input", where=step.id, name=name)
    try:
        TopologicalSorter(_dependencies(steps)).prepare()
    except CycleError as circle:
        raise fault("cycle", steps=" -> ".join(circle.args[1])) from None


def _check_grades(model: Model) -> None:
    known = set(model.grade_ids)
    if model.steps:
        given = set(model.steps[-1].grades_named())
        if not given:
            raise fault("last_step_no_grade", step=model.steps[-1].id)
        if unknown := given - known:
            raise fault("unknown_grade", where=model.steps[-1].id, grade=", ".join(sorted(unknown)))
        moves = {move.to for move in model.movement.moves} if model.movement else set()
        if unreached := known - given - moves:
            raise fault("grade_without_rule", grade=", ".join(sorted(unreached)))
    named = [("cadence", c.grade) for c in model.cadence.contacts] if model.cadence else []
    named += [("movement", g) for m in model.movement.moves for g in [*m.from_, m.to]] if model.movement else []
    named += [("portfolio", n.grade) for n in model.portfolio.norms] if model.portfolio else []
    for where, grade_id in named:
        if grade_id not in known:
            raise fault("unknown_grade", where=where, grade=grade_id)
    event = model.cadence.event if model.cadence else None
    if event and event not in {field.name for field in model.fields}:
        raise fault("unknown_input", where="cadence", name=event)


def _conditions(model: Model) -> Iterator[tuple[str, Condition]]:
    for move in model.movement.moves if model.movement else []:
        if move.when:
            yield "movement", move.when
    for rule in model.ownership.rules if model.ownership else []:
        if rule.when:
            yield "ownership", rule.when
    for warning in model.warnings:
        yield f"warnings.{warning.id}", warning.when
    for check in model.audit.checks if model.audit else []:
        if check.when:
            yield "audit", check.when
