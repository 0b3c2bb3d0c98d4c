"""The model that a formula names, found and filled in once for the many cells that name it.

A model file that is changed, added or taken away is noticed at the next call.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TypeAlias

from tieraddin.addin.blocks import Block
from tieraddin.addin.memo import lasting
from tieraddin.language import LANGUAGES, Language, language, say
from tieraddin.models.load import ModelSource, find_model, user_folder
from tieraddin.models.schema import Model
from tieraddin.models.sheet import read_sheet
from tieraddin.tables.headers import header_key

Options: TypeAlias = tuple[tuple[str, str], ...]
Stamp: TypeAlias = tuple[tuple[str, int, int], ...]


@dataclass(frozen=True, eq=False)
class Chosen:
    """A model with its options: the same object as long as nothing of it changes, so that it can key a cache."""

    model: Model

    @cached_property
    def headers(self) -> frozenset[str]:
        """The headers by which the fields are recognised, as `header_key` compares them."""
        words = {w for f in self.model.fields for w in (f.name, *(f.label[lang] for lang in LANGUAGES), *f.aliases)}
        return frozenset(header_key(word)[0] for word in words)


def model_of(model: str | Block, options: Options = ()) -> Chosen:
    """The model of an id, a name, a ``.toml`` file, or the cells of a "Tier model" sheet, with ``options`` filled in.

    Raises
    ------
    UsageError
        no such model (near names are listed) or option.
    ModelError
        a model with a mistake: the cell is named, counted from the first of the range.
    """
    if isinstance(model, Block):
        return _of_cells(model, options, language())
    return _of_name(model, options, tuple(_stamp(model)), language())


def _stamp(name: str) -> Iterator[tuple[str, int, int]]:
    """The files of the user's own models, and the one that ``name`` may be, with size and time of change."""
    with suppress(OSError):  # most people have no models of their own
        for file in [*os.scandir(user_folder()), *([Path(name)] if name.endswith(".toml") else [])]:
            stat = file.stat()
            yield str(file), stat.st_mtime_ns, stat.st_size


@lasting(most=64)
def _of_name(name: str, options: Options, stamp: Stamp, lang: Language) -> Chosen:
    return Chosen(_found(name, stamp, lang).bind(dict(options)))


@lasting(most=64)
def _found(name: str, stamp: Stamp, lang: Language) -> ModelSource:
    return find_model(name)


@lasting(most=16)
def _of_cells(block: Block, options: Options, lang: Language) -> Chosen:
    return Chosen(read_sheet(block.rows, say("addin.model_range")).bind(dict(options)))
