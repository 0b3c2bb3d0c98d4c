"""What models there are."""

from __future__ import annotations

from typing import Any

from tieraddin.models.load import ModelSource, all_models, find_model

Described = dict[str, Any]


def list_models() -> list[Described]:
    """Every model, by id."""
    return [_described(source) for source in all_models()]


def describe(name: str) -> Described:
    """One model, with labels, options and playbook as well."""
    source = find_model(name)
    model = source.model
    return _described(source) | {
        "about": model.about.model_dump(),
        "fields": [field.model_dump() for field in model.fields],
        "options": {name: option.model_dump() for name, option in model.options.items()},
        "playbook": {grade.id: grade.playbook.model_dump() for grade in model.grades if grade.playbook},
        "assumed": model.assumed,
    }


def _described(source: ModelSource) -> Described:
    model = source.model
    return {
        "id": model.id,
        "systems": model.systems,
        "name": model.name.model_dump(),
        "blocks": model.blocks,
        "fields": [
            {"name": field.name, "kind": field.kind, "unit": field.unit, "required": field.required}
            for field in model.fields
        ],
        "grades": model.grade_ids,
        "labels": {grade.id: grade.label.model_dump() for grade in model.grades},
        "source": [source.model_dump() for source in model.source],
        "hash": source.hash,
    }
