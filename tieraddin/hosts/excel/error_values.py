"""Real error values in what the COM server answers.

pywin32 makes VT_ERROR of an object in one way only: "argument left out". So an answer leaves with that in place of its
errors, and they are written into the finished VARIANT before it goes on its way to Excel: `install` puts a function of
ours around ``IDispatch::Invoke`` of the objects that pywin32 serves.
"""

from __future__ import annotations

import ctypes
import re
from collections.abc import Sequence
from ctypes import byref, c_long, c_uint, c_ushort, c_void_p
from typing import Any

Place = tuple[int, ...]
"""Where in an answer: () for a single value, (column,) for a single row, else (row, column)."""

_INVOKE = 6  # after three of IUnknown and three of IDispatch
_VT_ERROR, _VT_ARRAY = 10, 0x2000
_PAGE_READWRITE = 4
_POINTER = ctypes.sizeof(c_void_p)
_VALUE = 8  # where in a VARIANT its value begins

_pending: list[tuple[Place, int]] = []
_under_way: list[int] = []
_kept: list[Any] = []


def leave(errors: Sequence[tuple[Place, int]]) -> None:
    """Write ``errors`` (place and SCODE) into the answer of the call that is under way.

    The call that imports this module came before us: its errors stay what pywin32 makes of them.
    """
    _pending[:] = errors if _under_way else []


def install() -> None:
    """Put ourselves around ``Invoke``, once a process; on Windows only."""
    if _kept:
        return
    from win32com.server.util import wrap

    served = wrap(_Nothing())
    address = re.search(r"obj at 0x([0-9A-Fa-f]+)", repr(served))
    if address is None:
        return
    methods = c_void_p.from_address(int(address[1], 16)).value or 0
    slot = methods + _INVOKE * _POINTER
    kind = ctypes.WINFUNCTYPE(  # type: ignore[attr-defined,unused-ignore]
        c_long, c_void_p, c_long, c_void_p, c_uint, c_ushort, c_void_p, c_void_p, c_void_p, c_void_p
    )
    before = kind(c_void_p.from_address(slot).value)

    def invoke(this: int, member: int, iid: int, lcid: int, flags: int, given: int, answer: int, *faults: int) -> int:
        _under_way.append(this)
        try:
            code: int = before(this, member, iid, lcid, flags, given, answer, *faults)
            if _pending and answer:
                _write(answer)
        finally:
            _under_way.pop()
            _pending.clear()
        return code

    ours = kind(invoke)
    protect = ctypes.windll.kernel32.VirtualProtect  # type: ignore[attr-defined,unused-ignore]
    protection = c_uint()
    if protect(c_void_p(slot), ctypes.c_size_t(_POINTER), _PAGE_READWRITE, byref(protection)):
        c_void_p.from_address(slot).value = ctypes.cast(ours, c_void_p).value
        protect(c_void_p(slot), ctypes.c_size_t(_POINTER), protection, byref(protection))
        _kept.extend((ours, before, served))


class _Nothing:
    """Something to be served, to see how."""

    _public_methods_: list[str] = []


def _write(answer: int) -> None:
    array = c_ushort.from_address(answer).value & _VT_ARRAY
    cells = c_void_p(c_void_p.from_address(answer + _VALUE).value) if array else None
    element = c_void_p(answer)
    at = ctypes.windll.oleaut32.SafeArrayPtrOfIndex  # type: ignore[attr-defined,unused-ignore]
    for place, scode in _pending:
        if cells and at(cells, (c_long * len(place))(*place), byref(element)):
            continue
        start = element.value or 0
        c_ushort.from_address(start).value = _VT_ERROR
        c_long.from_address(start + _VALUE).value = scode
