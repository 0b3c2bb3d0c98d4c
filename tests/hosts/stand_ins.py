"""xlwings' own Windows code on any system: small stand-ins for the three modules of pywin32 that it imports."""

from __future__ import annotations

import importlib
import sys
from types import ModuleType, SimpleNamespace
from typing import Any

import xlwings


def _module(name: str, **members: Any) -> ModuleType:
    module = ModuleType(name)
    vars(module).update(members)
    return module


def stand_in() -> dict[str, ModuleType]:
    """The modules by name."""
    client = _module("win32com.client", Dispatch=lambda obj, **_: obj)
    return {
        "pythoncom": _module("pythoncom", CoInitialize=lambda: None, IID_IDispatch=None),
        "pywintypes": _module("pywintypes", com_error=type("com_error", (Exception,), {})),
        "win32com": _module("win32com", client=client),
        "win32com.client": client,
    }


def decorated(*names: str) -> SimpleNamespace:
    """Modules imported as on Windows, with the decorators that fill ``__xlfunc__``, and ``udfs`` of xlwings itself.

    ``decorated("tieraddin.hosts.excel.functions").functions`` is a module that nobody else sees: in ``sys.modules``
    all is as it was.

    Example: ``d.udfs.generate_vba_wrapper("tieraddin.hosts.excel.functions", d.functions, file, book)``, where of the
    book only ``.Name`` is asked.
    """
    kept = dict(sys.modules)
    seen = {name: getattr(xlwings, name) for name in ("func", "arg", "ret")}
    try:
        sys.modules.update(stand_in())
        sys.modules.pop("xlwings.udfs", None)
        udfs = importlib.import_module("xlwings.udfs")
        xlwings.func, xlwings.arg, xlwings.ret = udfs.xlfunc, udfs.xlarg, udfs.xlret
        for name in names:
            sys.modules.pop(name, None)
        return SimpleNamespace(udfs=udfs, **{name.rpartition(".")[2]: importlib.import_module(name) for name in names})
    finally:
        vars(xlwings).update(seen)
        vars(xlwings).pop("udfs", None)
        sys.modules.clear()
        sys.modules.update(kept)
