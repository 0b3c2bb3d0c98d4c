"""Which names a function and its arguments can have: none that means something else to Excel or to VBA."""

from __future__ import annotations

import re
import tomllib
from functools import cache
from importlib import resources

_NAME = re.compile(r"[A-Za-z][A-Za-z0-9_]*")
_A1 = re.compile(r"[A-Z]{1,3}[0-9]+")
_R1C1 = re.compile(r"R[0-9]*C[0-9]*|[RC][0-9]*")


@cache
def _reserved(language: str) -> frozenset[str]:
    lists = tomllib.loads(resources.files("tieraddin.addin").joinpath("reserved.toml").read_text("utf-8"))
    return frozenset(lists[language])


def is_address(name: str) -> bool:
    """Whether spreadsheets read ``name`` as cells: ``ABC123``, ``R1C1``, ``RC``, ``c``."""
    return bool(_A1.fullmatch(name.upper()) or _R1C1.fullmatch(name.upper()))


def check_argument(name: str) -> None:
    """Refuse a name that an argument can't have.

    Raises
    ------
    ValueError
        no name of plain ASCII letters, digits and underscores; a cell address; a word of VBA (an argument ``End``
        breaks a whole VBA module).
    """
    if not _NAME.fullmatch(name):
        raise ValueError(f"{name}: a name is letters, digits and underscores, a letter first")
    if is_address(name):
        raise ValueError(f"{name} is a cell address")
    if name.casefold() in _reserved("vba"):
        raise ValueError(f"{name} is a word of VBA")


def check_function(name: str) -> None:
    """Refuse a name that a function can't have: as `check_argument`, and none of Excel's own functions."""
    check_argument(name)
    if name.upper() in _reserved("excel"):
        raise ValueError(f"{name} is a function of Excel")
