"""What the answers of functions share: names of classes, headings, dates, and kernels' refusals as #NUM!."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from string import ascii_uppercase
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tieraddin.addin.blocks import CallError
from tieraddin.language import Language, say
from tieraddin.tables.values import Cell


@contextmanager
def in_range(argument: str) -> Iterator[None]:
    """Numbers that a kernel refuses are out of the range of ``argument``."""
    try:
        yield
    except ValueError:
        raise CallError("#NUM!", f"range_{argument}", argument=argument) from None


def class_names(labels: Sequence[Cell], count: int) -> list[Cell]:
    """The names of ``count`` classes: A, B, C ... unless labels are given, one a class."""
    names: Sequence[Cell] = labels or ascii_uppercase[:count]
    if len(names) != count:
        raise CallError("#VALUE!", "labels", argument="labels", classes=count, labels=len(names))
    return list(names)


def labelled(codes: NDArray[Any], names: Sequence[Cell]) -> list[Cell]:
    """The name of each class, ``""`` for -1."""
    cells: list[Cell] = np.array([*names, ""], object)[codes].tolist()
    return cells


def heading(what: str, lang: Language | None = None) -> str:
    """The header over a column of results."""
    return say(f"addin.heading_{what}", lang)


def day_cells(days: NDArray[np.int64]) -> list[Cell]:
    """Days since 1970 as dates, `NO_DAY` as ``""``."""
    dates = days.astype("datetime64[D]").astype("datetime64[us]").tolist()
    return ["" if date is None else date for date in dates]
