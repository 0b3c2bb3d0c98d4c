"""A person's own models: begun as a sheet, checked, and put where they are found by their id."""

from __future__ import annotations

import re
from importlib import resources
from pathlib import Path

import tomli_w

from tieraddin.actions.models.form import write_form
from tieraddin.actions.models.worksheet import model_of
from tieraddin.actions.output import keeping_copy, refuse_existing, write_whole
from tieraddin.errors import ModelError, UsageError
from tieraddin.models.load import Data, ModelSource, find_model, read_any_file, read_model, user_folder
from tieraddin.models.schema import MODEL_ID

STARTER = resources.files("tieraddin.models").joinpath("starter.toml")
BOOKS = (".xlsx", ".xlsm")


def new_model(id: str, target: Path, like: str | None = None) -> ModelSource:
    """Write a new model called ``id`` to begin from: the starter, or one ``like`` another.

    Raises
    ------
    UsageError
        ``id`` is no plain name, there is no model ``like``, ``target`` exists or is neither .xlsx nor .toml.
    """
    if not re.fullmatch(MODEL_ID, id):
        raise UsageError("own_models.id", id=id)
    begun = read_model(STARTER.read_text("utf-8"), str(STARTER)) if like is None else find_model(like)
    source = ModelSource(str(target), renamed(begun.data, id))
    write_model(source, target)
    return source


def renamed(data: Data, id: str) -> Data:
    """A model's data under another id, its names told apart by it; it stands for no system of the catalogue."""
    name = {lang: f"{text} ({id})" if lang == "en" else f"{text}（{id}）" for lang, text in data["name"].items()}
    return {key: value for key, value in data.items() if key != "systems"} | {"id": id, "name": name}


def write_model(source: ModelSource, target: Path) -> None:
    """Write a model as a workbook to fill in, or as a file; by the ending of ``target``.

    Raises
    ------
    UsageError
        ``target`` exists already or is neither .xlsx nor .toml.
    ModelError
        the model has a mistake.
    """
    suffix = target.suffix.lower()
    if suffix not in (".xlsx", ".toml"):
        raise UsageError("own_models.target", file=target)
    refuse_existing(target)
    if suffix == ".xlsx":
        write_form(source, target)
    else:
        write_whole(target, toml_of(source))


def toml_of(source: ModelSource) -> bytes:
    """The model as the content of a file."""
    return tomli_w.dumps(source.data).encode("utf-8")


def read_own(file: Path) -> ModelSource:
    """The model of a ``.toml`` file, or of the sheet "Tier model" of a workbook; it may have mistakes.

    Raises
    ------
    UsageError
        the file isn't there, or is of another kind, or the workbook has no such sheet.
    ModelError
        it can't be read as a model at all.
    """
    if not file.is_file():
        raise UsageError("own_models.no_file", file=file)
    suffix = file.suffix.lower()
    if suffix in BOOKS:
        return model_of("sheet", file)
    if suffix != ".toml":
        raise UsageError("own_models.kind", file=file)
    return read_any_file(file)


def add_model(source: ModelSource, replace: bool = False) -> dict[str, str]:
    """Put a model into the person's folder of models, where its id finds it.

    Parameters
    ----------
    replace
        whether a model of that id that is there already may be replaced; a copy of it is kept.

    Returns
    -------
    dict
        the ``model``'s id, the ``output`` file, and the ``backup`` of the one that was there.

    Raises
    ------
    ModelError
        the model has a mistake (the first is told).
    UsageError
        there is one of that id already.
    """
    model = source.model
    target = user_folder() / f"{model.id}.toml"
    target.parent.mkdir(parents=True, exist_ok=True)
    if target.exists() and not replace:
        raise UsageError("own_models.there", file=target, id=model.id)
    content = toml_of(source)
    if read_model(content.decode(), str(target)).hash != source.hash:  # what TOML can't hold as it is
        raise ModelError("own_models.not_kept", where=source.where)
    with keeping_copy(target) as kept:
        write_whole(target, content)
    return {"model": model.id, "output": str(target)} | kept
