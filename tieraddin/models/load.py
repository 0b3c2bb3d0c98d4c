"""Model files: where they are, how they are read, checked and filled with options."""

from __future__ import annotations

import hashlib
import os
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from difflib import get_close_matches
from functools import cache, cached_property, lru_cache
from importlib import resources
from pathlib import Path
from typing import Any

from pydantic import ValidationError
from pydantic_core import PydanticCustomError

from tieraddin.errors import ModelError, UsageError
from tieraddin.language import LANGUAGES, Phrase, listed
from tieraddin.models.mistakes import CONSEQUENCES, first_error, of_faults, place_of, reason_of
from tieraddin.models.notation import KeyPath, canonical
from tieraddin.models.schema import Model

COMMON = resources.files("tieraddin.models").joinpath("common.toml")
CATALOGUE = resources.files("tieraddin.models").joinpath("catalogue")

Data = dict[str, Any]


def user_folder() -> Path:
    """The user's own folder of models, looked into before the catalogue; ``TIERADDIN_MODELS`` names another."""
    config = os.environ.get("APPDATA") or os.environ.get("XDG_CONFIG_HOME") or f"{os.path.expanduser('~')}/.config"
    return _path(os.environ.get("TIERADDIN_MODELS") or f"{config}/tieraddin/models")


@lru_cache(maxsize=8)
def _path(text: str) -> Path:
    return Path(text)  # costs ten times what the rest of `user_folder` does, which every cell of a column asks for


@dataclass(frozen=True)
class ModelSource:
    """A model as it was written: options are still open.

    Attributes
    ----------
    where
        its file or sheet, for messages.
    data
        what it says, key by key.
    cells
        for a sheet the cell of each value, for messages.
    misread
        the cells of a sheet that could not be read.
    """

    where: str
    data: Data
    cells: Mapping[KeyPath, str] = field(default_factory=dict, compare=False)
    misread: tuple[ModelError, ...] = ()

    @property
    def hash(self) -> str:
        """SHA-256 of the content (not of its layout), the first 16 hex digits: which rule was it?"""
        return hashlib.sha256(canonical(self.data).encode()).hexdigest()[:16]

    @cached_property
    def model(self) -> Model:
        """The model with its default options; `ModelError` names the place and the reason where it has a mistake."""
        if self.misread:
            raise self.misread[0]
        try:
            return self._filled({})
        except ValidationError as fault:
            raise self._mistake(first_error(fault)) from None

    @cached_property
    def mistakes(self) -> list[ModelError]:
        """Every mistake that can be told at once, one a place; none for a model that is right.

        How parts fit together is told once each of them is right by itself, and what is missing on a sheet once all
        of its cells can be read.
        """
        found: list[PydanticCustomError] = []
        try:
            self._filled({}, found)
        except ValidationError as fault:
            errors = [e for e in fault.errors() if not (self.misread and e["type"] in CONSEQUENCES)]
        else:
            errors = [] if self.misread else of_faults(found)
        told: dict[str, ModelError] = {}
        for mistake in (*self.misread, *map(self._mistake, errors)):
            told.setdefault(str(mistake.facts["where"]), mistake)
        return list(told.values())

    def _mistake(self, error: Any) -> ModelError:
        where = place_of(error, self.data, self.cells, self.where)
        return ModelError("models.at", where=where, reason=reason_of(error))

    def bind(self, options: Mapping[str, Any] | None = None) -> Model:
        """The model with ``options`` filled in: texts as a person types them, or values.

        Raises
        ------
        UsageError
            an option that the model does not have, or a value that it can't take.
        """
        model = self.model
        values = {}
        for name, value in (options or {}).items():
            if name not in model.options:
                known = listed(model.options) or "-"
                raise UsageError("models.unknown_option", model=model.id, name=name, known=known)
            values[name] = _option_value(model, name, value)
        if not values:
            return model
        try:
            return self._filled(values)
        except ValidationError as fault:
            shown = ", ".join(f"{name}={value}" for name, value in (options or {}).items())
            reason = reason_of(first_error(fault))
            raise UsageError("models.at", where=f"{model.id}, {shown}", reason=reason) from None

    def _filled(self, values: Data, found: list[PydanticCustomError] | None = None) -> Model:
        specs = self.data.get("options")
        specs = specs if isinstance(specs, dict) else {}
        defaults = {name: spec.get("default") for name, spec in specs.items() if isinstance(spec, dict)}
        data = _fill({k: v for k, v in self.data.items() if k != "options"}, defaults | values)
        if isinstance(fields := data.get("fields", []), list):
            data["fields"] = fields + [f for f in common_fields() if f["name"] in (data.get("common") or ())]
        whole = data | ({"options": self.data["options"]} if "options" in self.data else {})
        return Model.model_validate(whole, context=found)


@lru_cache(maxsize=128)
def read_model(text: str, where: str) -> ModelSource:
    """The model that a TOML text holds; `ModelError` where it is not readable. Not yet checked: see `ModelSource`.

    The same text gives the same object, checked once: a run over many workbooks asks for its model often.
    """
    try:
        return ModelSource(where, tomllib.loads(text))
    except tomllib.TOMLDecodeError as fault:
        raise ModelError("models.unreadable_toml", where=where, detail=fault) from None


def read_any_file(path: Path) -> ModelSource:
    """The model of a file of any name; `ModelError` where it is not readable."""
    try:
        return read_model(path.read_text("utf-8-sig"), str(path))
    except UnicodeDecodeError as fault:
        raise ModelError("models.unreadable_toml", where=path, detail=fault.reason) from None


def read_model_file(path: Path) -> ModelSource:
    """The model of a file; its id must be the file's name."""
    source = read_any_file(path)
    if source.data.get("id") != path.stem:
        raise ModelError("models.id_not_file_name", where=path, id=source.data.get("id"))
    return source


def model_files() -> dict[str, Any]:
    """All model files by id: the user's own before the catalogue's."""
    found = {}
    for folder in (CATALOGUE, user_folder()):
        if folder.is_dir():
            for file in folder.iterdir():
                if file.name.endswith(".toml"):
                    found[file.name.removesuffix(".toml")] = file
    return dict(sorted(found.items()))


def all_models() -> Iterator[ModelSource]:
    """Every model there is, by id."""
    for file in model_files().values():
        yield read_model_file(Path(str(file)))


def find_model(name: str) -> ModelSource:
    """The model of an id, a Chinese or English name, or a ``.toml`` file.

    Raises
    ------
    UsageError
        there is none of that name; near names are listed.
    """
    files = model_files()
    if name in files:
        return read_model_file(Path(str(files[name])))
    if name.endswith(".toml") and Path(name).is_file():
        return read_model_file(Path(name))
    sources = list(all_models())
    wanted = name.strip().casefold()
    named = [s for s in sources if wanted in {s.model.name[lang].casefold() for lang in LANGUAGES} | {s.model.id}]
    if len(named) == 1:
        return named[0]
    if named:
        raise UsageError("models.ambiguous_model", name=name, names=listed(s.model.id for s in named))
    names = {word.casefold(): s.model.id for s in sources for word in (s.model.id, s.model.name.zh, s.model.name.en)}
    near = listed(dict.fromkeys(names[word] for word in get_close_matches(wanted, names, 5, 0.5)))
    raise UsageError("models.unknown_model", name=name, near=Phrase("models.did_you_mean", names=near) if near else "")


@cache
def common_fields() -> tuple[Data, ...]:
    """The fields that several models share."""
    return tuple(tomllib.loads(COMMON.read_text("utf-8"))["fields"])


def _fill(part: Any, values: Data) -> Any:
    """``part`` with each text "$name" replaced by that option's value; a key whose option is not set is left out."""
    if isinstance(part, dict):
        filled = {key: _fill(value, values) for key, value in part.items() if key != "options"}
        return {key: value for key, value in filled.items() if value is not None}
    if isinstance(part, list):
        return [_fill(value, values) for value in part]
    if isinstance(part, str) and part.startswith("$") and part[1:] in values:
        return values[part[1:]]
    return part


def _number(value: Any) -> float:
    """A number as a person types it: 0.7, 70%."""
    text = str(value).strip()
    return float(text[:-1]) / 100 if text.endswith("%") else float(text)


def _option_value(model: Model, name: str, value: Any) -> Any:
    spec = model.options[name]
    try:
        match spec.kind:
            case "number":
                return _number(value)
            case "count":
                return int(value)
            case "numbers":
                return [_number(number) for number in (value.split(",") if isinstance(value, str) else value)]
            case "lists":
                rows = [row.split(",") for row in value.split(";")] if isinstance(value, str) else value
                return [[_number(number) for number in row] for row in rows]
            case "choice":
                if str(value) not in spec.values:
                    raise ValueError
    except (ValueError, TypeError):
        expected = Phrase(f"models.expects_{spec.kind}", values=listed(spec.values))
        raise UsageError("models.option_value", model=model.id, name=name, value=value, expected=expected) from None
    return str(value)
