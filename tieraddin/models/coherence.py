"""Whether the parts of a model fit together: names that are there, words that exist, grades that can be reached."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from graphlib import CycleError, TopologicalSorter
from itertools import product
from typing import TYPE_CHECKING

from pydantic_core import PydanticCustomError

from tieraddin.language import listed
from tieraddin.models.conditions import All, AnyOf, AtLeast, Compare, Condition, Not, condition_inputs, parts_of
from tieraddin.models.parts import fault
from tieraddin.models.steps import Bands, Grid, Ladder, Lookup, LowestItem, QuantileScores, Scorecard, dependencies

if TYPE_CHECKING:
    from tieraddin.models.schema import Model

Place = tuple[str | int, ...]

NUMERIC = ("number", "share", "count", "date")


def faults(model: Model) -> Iterator[PydanticCustomError]:
    """Every `fault` there is, with its place in the model; those that are the cause of others come first."""
    if not (model.steps or model.keeps or model.ownership):
        yield fault("no_way_to_a_grade", ("steps",))
        return
    yield from _way(model)
    yield from _names(model)
    yield from _wrong_words(model)
    yield from _grades(model)
    yield from _facts(model)


def _way(model: Model) -> Iterator[PydanticCustomError]:
    """One way to a grade: steps, a kept grade, or the state of who holds the customer."""
    if model.steps and model.keeps:
        yield fault("no_way_to_a_grade", ("steps",))
    try:
        TopologicalSorter(dependencies(model.steps)).prepare()
    except CycleError as circle:
        yield fault("cycle", ("steps",), steps=" -> ".join(circle.args[1]))


# ------------------------------------------------------------ names


def _names(model: Model) -> Iterator[PydanticCustomError]:
    fields, known = {field.name for field in model.fields}, _readable(model)
    for place, name in (*_names_read(model), *_tests_read(model)):
        if name not in known:
            yield fault("unknown_input", place, name=name)
    for place, name in _fields_read(model):
        if name not in fields:
            yield fault("unknown_field", place, name=name)


def _readable(model: Model) -> set[str]:
    """Every name that a step or a condition may read."""
    measures = (f"{s.id}.{m.input}" for s in model.steps if isinstance(s, QuantileScores) for m in s.measures)
    days = (f"{field.name}.days" for field in model.fields if field.kind == "date")
    return {field.name for field in model.fields} | {step.id for step in model.steps} | {*measures, *days}


def _names_read(model: Model) -> Iterator[tuple[Place, str]]:
    for i, step in enumerate(model.steps):
        yield from ((("steps", i), name) for name in step.inputs())
    if model.score is not None:
        yield ("score",), model.score


def _tests_read(model: Model) -> Iterator[tuple[Place, str]]:
    for place, test in _tests(model):
        yield from ((place, name) for name in condition_inputs(test))


def _fields_read(model: Model) -> Iterator[tuple[Place, str]]:
    """The names that must be fields, a step will not do."""
    yield from ((("common", i), name) for i, name in enumerate(model.common))
    if model.keeps:
        yield ("keeps",), model.keeps
    if model.cadence and model.cadence.event:
        yield ("cadence", "event"), model.cadence.event
    for i, move in enumerate(model.movement.moves if model.movement else []):
        needed = {"current_grade": True, "grade_since": move.after_days is not None, "approved": move.needs_approval}
        yield from ((("movement", "moves", i), name) for name, need in needed.items() if need)
        if move.since:
            yield ("movement", "moves", i, "since"), move.since
    for i, rule in enumerate(model.ownership.rules if model.ownership else []):
        yield from ((("ownership", "rules", i, "since"), name) for name in rule.since)
    for i, entry in enumerate(model.audit.checks if model.audit else []):
        yield from ((("audit", "checks", i, "fields"), name) for name in entry.fields)
    if model.portfolio:
        named = {"value": model.portfolio.value, "counted_by": model.portfolio.counted_by}
        yield from ((("portfolio", "by"), name) for name in model.portfolio.by)
        yield from ((("portfolio", key), name) for key, name in named.items() if name)


def _tests(model: Model) -> Iterator[tuple[Place, Compare]]:
    """Every single comparison of the model, with its place."""
    for place, condition in _conditions(model):
        yield from _tests_of(place, condition)


def _tests_of(place: Place, condition: Condition) -> Iterator[tuple[Place, Compare]]:
    match condition:
        case Compare():
            yield place, condition
        case Not():
            yield from _tests_of((*place, "not"), condition.not_)
        case _:
            key = {All: "all", AnyOf: "any", AtLeast: "of"}[type(condition)]
            for i, part in enumerate(parts_of(condition)):
                yield from _tests_of((*place, key, i), part)


def _conditions(model: Model) -> Iterator[tuple[Place, Condition]]:
    """Every condition of the model, with its place."""
    for i, step in enumerate(model.steps):
        if isinstance(step, Ladder):
            yield from ((("steps", i, "rules", j, "when"), rule.when) for j, rule in enumerate(step.rules))
    for i, move in enumerate(model.movement.moves if model.movement else []):
        if move.when:
            yield ("movement", "moves", i, "when"), move.when
    for i, held in enumerate(model.ownership.rules if model.ownership else []):
        if held.when:
            yield ("ownership", "rules", i, "when"), held.when
    for i, warning in enumerate(model.warnings):
        yield ("warnings", i, "when"), warning.when
    for i, entry in enumerate(model.audit.checks if model.audit else []):
        if entry.when:
            yield ("audit", "checks", i, "when"), entry.when


# ------------------------------------------------------------ words


def _words(model: Model, name: str) -> list[str] | None:
    """The words that a field or step can hold; None where any word may stand there."""
    for field in model.fields:
        if field.name == name:
            return None if field.kind == "text" else [*field.values, *field.words]
    return next((step.grades_named() for step in model.steps if step.id == name), [])


def _wrong_words(model: Model) -> Iterator[PydanticCustomError]:
    kinds = {field.name: field.kind for field in model.fields}
    readable = _readable(model)
    for place, test in _tests(model):
        yield from _wrong_kind(test, kinds.get(test.field), place)
    for place, name, words in _words_read(model):
        known = _words(model, name)
        for word in words:
            if name in readable and known is not None and word not in known:
                yield fault("unknown_word", place, name=word, field=name, known=listed(known) or "-")
    for i, step in enumerate(model.steps):
        if isinstance(step, LowestItem):
            for word in dict.fromkeys(word for item in (*step.items, *step.aids) for word in _words(model, item) or ()):
                if word not in step.grades:
                    yield fault("unknown_grade", ("steps", i), grade=word)
        if isinstance(step, Grid):
            axes = [_words(model, axis) or () for axis in (step.x, step.y)]
            there = {(cell.x, cell.y) for cell in step.cells}
            if missing := [pair for pair in product(*axes) if pair not in there]:
                yield fault("grid_cells", ("steps", i), cells=", ".join(f"{x} x {y}" for x, y in missing))


def _words_read(model: Model) -> Iterator[tuple[Place, str, Iterable[str]]]:
    """Where words stand, and of which field or step they are."""
    for i, step in enumerate(model.steps):
        place = ("steps", i)
        match step:
            case Lookup():
                yield (*place, "table"), step.input, step.table
            case Grid():
                yield (*place, "cells"), step.x, [cell.x for cell in step.cells]
                yield (*place, "cells"), step.y, [cell.y for cell in step.cells]
            case Bands():
                yield (*place, "words"), step.input, step.words
            case Scorecard():
                yield from (((*place, "items", k), item.input, item.points) for k, item in enumerate(step.items))
            case _:
                pass
    for at, test in _tests(model):
        if isinstance(test.is_, (str, list)):
            yield at, test.field, [test.is_] if isinstance(test.is_, str) else test.is_


def _wrong_kind(test: Compare, kind: str | None, place: Place) -> Iterator[PydanticCustomError]:
    """A yes or no is asked of a flag, a number of what holds numbers."""
    if kind is None or test.known is not None:
        return
    if test.is_ is None and kind not in NUMERIC:
        yield fault("no_number", place, name=test.field)
    elif isinstance(test.is_, bool) != (kind == "flag"):
        yield fault("no_flag" if kind != "flag" else "flag_only", place, name=test.field)


# ------------------------------------------------------------ grades


def _grades(model: Model) -> Iterator[PydanticCustomError]:
    known = model.grade_ids
    for place, grade in _grades_named(model):
        if grade not in known:
            yield fault("unknown_grade", place, grade=grade)
    if model.keeps:
        return
    given = set(model.steps[-1].grades_named()) if model.steps else _states(model)
    if not given:
        yield fault("last_step_no_grade", ("steps", len(model.steps) - 1), step=model.steps[-1].id)
        return
    given |= {move.to for move in model.movement.moves} if model.movement else set()
    for i, grade in enumerate(known):
        if grade not in given:
            yield fault("grade_without_rule", ("grades", i), grade=grade)


def _states(model: Model) -> set[str]:
    return {rule.state for rule in model.ownership.rules} if model.ownership else set()


def _grades_named(model: Model) -> Iterator[tuple[Place, str]]:
    """Every mention of a grade outside the list of grades."""
    if model.steps:
        yield from ((("steps", len(model.steps) - 1), grade) for grade in model.steps[-1].grades_named())
    elif not model.keeps:
        yield from ((("ownership", "rules"), state) for state in sorted(_states(model)))
    for i, contact in enumerate(model.cadence.contacts if model.cadence else []):
        yield ("cadence", "contacts", i), contact.grade
    for i, move in enumerate(model.movement.moves if model.movement else []):
        yield from ((("movement", "moves", i), grade) for grade in (*move.from_, move.to))
    for i, norm in enumerate(model.portfolio.norms if model.portfolio else []):
        yield ("portfolio", "norms", i), norm.grade
    for i, finding in enumerate(model.portfolio.findings if model.portfolio else []):
        for k, test in enumerate(finding.mix):
            yield from ((("portfolio", "findings", i, "mix", k, "grades"), grade) for grade in test.grades)


def _facts(model: Model) -> Iterator[PydanticCustomError]:
    """What a reason fills in is a field or a fact of the last step; what a warning does, a field or a step."""
    facts = {field.name for field in model.fields} | {"grade", "score"}
    facts |= set(model.steps[-1].facts) if model.steps else set()
    texts = [(("grades", i, "reason"), grade.reason, facts) for i, grade in enumerate(model.grades)]
    told = {field.name for field in model.fields} | {step.id for step in model.steps}
    texts += [(("warnings", i, "text"), warning.text, told) for i, warning in enumerate(model.warnings)]
    for place, text, there in texts:
        if unknown := text.placeholders() - there:
            known = listed(sorted(there))
            yield fault("unknown_fact", place, fact=listed(sorted(unknown)), known=known)
