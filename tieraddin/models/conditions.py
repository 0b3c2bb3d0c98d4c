"""Conditions of a model file: structured, never evaluated as code."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated, Any, TypeAlias

from pydantic import Discriminator, Field, Tag, model_validator

from tieraddin.models.parts import Part, fault


class Compare(Part):
    """One field or step against a value: at_least, above, at_most, below (a number or an `Operand`), is, or known.

    ``known``: whether there is a value at all; a cell that holds something wrong is neither blank nor known.
    """

    field: str
    at_least: float | Operand | None = None
    above: float | Operand | None = None
    at_most: float | Operand | None = None
    below: float | Operand | None = None
    is_: bool | str | list[str] | None = Field(None, alias="is")
    known: bool | None = None

    @model_validator(mode="after")
    def _one_test(self) -> Compare:
        tests = (self.at_least, self.above, self.at_most, self.below, self.is_, self.known)
        if sum(test is not None for test in tests) != 1:
            raise fault("one_test")
        return self


class Operand(Part):
    """Another field's number (and so much more), to compare with."""

    field: str
    plus: float = 0


class All(Part):
    """Every one of these holds."""

    all: list[Condition] = Field(min_length=1)


class AnyOf(Part):
    """At least one of these holds."""

    any: list[Condition] = Field(min_length=1)


class AtLeast(Part):
    """At least k of these hold."""

    at_least_k: int = Field(ge=1)
    of: list[Condition] = Field(min_length=1)

    @model_validator(mode="after")
    def _k_can_be_reached(self) -> AtLeast:
        if self.at_least_k > len(self.of):
            raise fault("k_too_large", k=self.at_least_k, count=len(self.of))
        return self


class Not(Part):
    """The condition does not hold."""

    not_: Condition = Field(alias="not")


def _condition_kind(value: Any) -> str:
    given = value if isinstance(value, dict) else {type(value).__name__: None}
    names = {"All": "all", "AnyOf": "any", "AtLeast": "at_least_k", "Not": "not", "Compare": "field"}
    keys = {names.get(key, key) for key in given}
    return next((key for key in ("all", "any", "at_least_k", "not") if key in keys), "field")


Condition: TypeAlias = Annotated[
    Annotated[All, Tag("all")]
    | Annotated[AnyOf, Tag("any")]
    | Annotated[AtLeast, Tag("at_least_k")]
    | Annotated[Not, Tag("not")]
    | Annotated[Compare, Tag("field")],
    Discriminator(_condition_kind),
]


def parts_of(condition: Condition) -> list[Condition]:
    """The conditions that a combined condition is made of; none for a `Compare`."""
    match condition:
        case All():
            return condition.all
        case AnyOf():
            return condition.any
        case AtLeast():
            return condition.of
        case Not():
            return [condition.not_]
        case _:
            return []


def comparisons(condition: Condition) -> Iterator[Compare]:
    """All single comparisons within a condition."""
    if isinstance(condition, Compare):
        yield condition
    for part in parts_of(condition):
        yield from comparisons(part)


def condition_inputs(condition: Condition) -> list[str]:
    """The fields and steps that a condition reads."""
    names: list[str] = []
    for test in comparisons(condition):
        names.append(test.field)
        bounds = (test.at_least, test.above, test.at_most, test.below)
        names += [bound.field for bound in bounds if isinstance(bound, Operand)]
    return list(dict.fromkeys(names))
