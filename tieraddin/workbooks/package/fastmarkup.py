"""The pieces of XML as compiled loops meet them: white space, words, attributes, the ends of tags."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

import numpy as np
from numba import njit
from numpy.typing import NDArray

_SPACE, _QUOTE, _AMPERSAND, _SLASH, _LESS, _EQUALS, _GREATER = 0x20, 0x22, 0x26, 0x2F, 0x3C, 0x3D, 0x3E
_ZERO, _NINE = 0x30, 0x39
Loop = TypeVar("Loop", bound=Callable[..., object])


def compiled(function: Loop) -> Loop:
    """Compile a loop over bytes.

    ``_nrt`` leaves out numba's count of who holds an array, which every inner call would change twice: scanning is five
    times as fast without it. Such a loop can't make arrays.
    """
    return njit(cache=True, nogil=True, error_model="numpy", _nrt=False)(function)  # type: ignore[call-overload, no-any-return]


@compiled
def blank(data: NDArray[np.uint8], i: int) -> int:
    """The first place from ``i`` on that is no white space."""
    while data[i] == 0x20 or data[i] == 0x0A or data[i] == 0x0D or data[i] == 0x09:
        i += 1
    return i


@compiled
def reads(data: NDArray[np.uint8], start: int, end: int, word: bytes) -> bool:
    """Whether the bytes from ``start`` to ``end`` are ``word``."""
    if end - start != len(word):
        return False
    for k in range(len(word)):  # noqa: SIM110
        if data[start + k] != word[k]:
            return False
    return True


@compiled
def attribute(data: NDArray[np.uint8], i: int) -> tuple[int, int, int, int]:
    """Name and value of the attribute at ``i`` (just after its space): ends of the name, start and end of the value.

    The last number is -1 for anything that is not written ``name="value"``.
    """
    if reads(data, i, i + 5, b"xmlns"):
        return i, i, i, -1
    name_end = i
    while data[name_end] != _EQUALS:
        letter = data[name_end]
        if letter <= _SPACE or letter in (_GREATER, _SLASH, _LESS):
            return i, i, i, -1
        name_end += 1
    start = name_end + 2
    if data[start - 1] != _QUOTE:
        return i, i, i, -1
    end = start
    while data[end] != _QUOTE:
        if data[end] == _AMPERSAND or data[end] == _LESS:
            return i, i, i, -1
        end += 1
    return name_end, start, end, 0


@compiled
def skip_attributes(data: NDArray[np.uint8], i: int) -> int:
    """The end of the attributes that begin at ``i``, where their first space is; -1 as `attribute` says."""
    while data[i] == _SPACE:
        _, _, end, fault = attribute(data, i + 1)
        if fault < 0:
            return -1
        i = end + 1
    return i


@compiled
def digits(data: NDArray[np.uint8], start: int, end: int) -> int:
    """The number written there; -1 for no or too many digits, or anything else."""
    if end <= start or end - start > 9:
        return -1
    number = 0
    for k in range(start, end):
        if data[k] < _ZERO or data[k] > _NINE:
            return -1
        number = number * 10 + data[k] - _ZERO
    return number


@compiled
def tag_end(data: NDArray[np.uint8], i: int) -> int:
    """Just after the ``>`` or ``/>`` at ``i``; -1 for anything else."""
    if data[i] == _GREATER:
        return i + 1
    return i + 2 if data[i] == _SLASH and data[i + 1] == _GREATER else -1


@compiled
def text_end(data: NDArray[np.uint8], i: int) -> int:
    """The first ``<`` from ``i`` on."""
    while data[i] != _LESS:
        i += 1
    return i


@compiled
def closes(data: NDArray[np.uint8], i: int, letter: int) -> bool:
    """Whether the end tag of the element called ``letter`` is at ``i``."""
    return bool(data[i] == _LESS and data[i + 1] == _SLASH and data[i + 2] == letter and data[i + 3] == _GREATER)
