"""What is wrong with a model's data, and where: the schema's findings in our own words."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from pydantic import ValidationError
from pydantic_core import PydanticCustomError

from tieraddin.language import Phrase, messages
from tieraddin.models.notation import KeyPath, key_text, leaves

NOT_A = {
    "float_type": "not_a_number", "float_parsing": "not_a_number", "int_type": "not_a_count",
    "int_parsing": "not_a_count", "int_from_float": "not_a_count", "bool_type": "not_a_flag",
    "bool_parsing": "not_a_flag", "string_type": "not_a_text", "list_type": "not_a_list", "tuple_type": "not_a_list",
    "dict_type": "not_a_table", "model_type": "not_a_table", "model_attributes_type": "not_a_table",
}  # fmt: skip
"""Kinds of value that are wrong where they stand: pydantic's names and our sentences."""
CONSEQUENCES = {"missing", "too_short", "union_tag_not_found", "one_test", "how_often", "choice_values"}
"""Mistakes that follow where a cell could not be read."""


def first_error(fault: ValidationError) -> Any:
    """The mistake to tell: a key that does not exist rather than the one that is missing in its place."""
    errors = fault.errors()
    slips = (error for error in errors if error["type"] == "extra_forbidden")
    return next(slips, errors[0]) if errors[0]["type"] == "missing" else errors[0]


def reason_of(error: Any) -> Phrase:
    """Why a model is refused: our own words for the mistakes that a person makes, else pydantic's."""
    kind = NOT_A.get(error["type"], error["type"])
    if kind in messages("models"):
        return Phrase(f"models.{kind}", **error.get("ctx", {}))
    return Phrase("models.not_valid", detail=error["msg"])


def of_faults(found: Iterable[PydanticCustomError]) -> list[Any]:
    """Faults of a whole model, as a `ValidationError` lists its own."""
    return [{"type": each.type, "loc": (), "ctx": each.context or {}} for each in found]


def place_of(error: Any, data: Any, cells: Mapping[KeyPath, str], where: str) -> str:
    """Where a mistake is: the file and the key, or the sheet, the cell and the key."""
    facts = error.get("ctx", {})
    path = (*_data_path(error["loc"], data), *facts.get("at", ()))
    while path and isinstance(path[-1], int) and _at(data, path) is None:
        path = path[:-1]  # an entry that stands elsewhere, such as a shared field
    if named := facts.get("name", facts.get("grade", facts.get("tag"))):
        path = next((p for p, value in leaves(_at(data, path), path) if _mentions(p, value, named)), path)
    key = key_text(path) or "model"
    for end in range(len(path), -1, -1):
        if cell := next((cell for p, cell in cells.items() if p[:end] == path[:end]), None):
            return f"{where}, {cell} ({key})"
    return f"{where}, {key}"


def _data_path(location: KeyPath, data: Any) -> KeyPath:
    """The path in ``data`` of a place in the schema: without the names that tell one form of a part from another."""
    path: KeyPath = ()
    form = False
    for left, part in enumerate(location, start=1 - len(location)):
        if form:
            form = False
        elif isinstance(data, dict) and (part in data or left == 0):
            path, data = (*path, part), data.get(part)
            form = part in ("when", "not")
        elif isinstance(data, list) and isinstance(part, int) and part < len(data):
            form = path[-1] in ("steps", "all", "any", "of")
            path, data = (*path, part), data[part]
    return path


def _at(data: Any, path: KeyPath) -> Any:
    """What stands at ``path``, None where nothing does."""
    for part in path:
        inside = (isinstance(data, dict) and part in data) or (isinstance(data, list) and part in range(len(data)))
        data = data[part] if inside else None
    return data


def _mentions(path: KeyPath, value: Any, name: str) -> bool:
    return name in (*path[-1:], value) or (isinstance(value, list) and name in value)
