"""The add-in put into the Excel of the user at work, and taken out."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from tieraddin.actions.output import write_whole
from tieraddin.errors import TieraddinError, WorkbookRefused
from tieraddin.hosts.excel.machine import INTERPRETER, Machine

Done = dict[str, Any]


def install(machine: Machine | None = None) -> Done:
    """Put the add-in where Excel opens it by itself, and note down which Python it is to start.

    Other settings that the user has are kept.

    Returns
    -------
    ``add_in``, ``settings``, ``interpreter``: paths.

    Raises
    ------
    TieraddinError
        no Windows; a file that is in use; an interpreter whose path Excel's VBA can't read.
    """
    from tieraddin.hosts.xlam.build import addin

    machine = _on_windows(machine)
    interpreter = str(machine.interpreter)
    try:
        interpreter.encode(machine.code_page)
    except UnicodeEncodeError:
        raise TieraddinError("excel.unreadable_path", path=interpreter) from None
    _write(machine.add_in, addin())
    _save(machine, machine.settings() | {INTERPRETER: interpreter})
    return {"add_in": str(machine.add_in), "settings": str(machine.settings_file), "interpreter": interpreter}


def uninstall(machine: Machine | None = None) -> Done:
    """Take out what `install` put in; the user's other settings are kept.

    Returns
    -------
    ``removed``: the paths of what was taken out.

    Raises
    ------
    TieraddinError
        no Windows; a file that is in use.
    """
    machine = _on_windows(machine)
    removed = []
    if machine.add_in.exists():
        _take_away(machine.add_in)
        removed.append(str(machine.add_in))
    settings = machine.settings()
    if settings.pop(INTERPRETER, None) is not None:
        removed.append(f"{machine.settings_file}: {INTERPRETER}")
        if settings:
            _save(machine, settings)
        else:
            _take_away(machine.settings_file)
    return {"removed": removed}


def _on_windows(machine: Machine | None) -> Machine:
    machine = machine or Machine.here()
    if not machine.windows:
        raise TieraddinError("excel.no_windows")
    return machine


def _save(machine: Machine, settings: dict[str, str]) -> None:
    lines = "".join(f'"{name}","{value}"\r\n' for name, value in settings.items())
    _write(machine.settings_file, lines.encode(machine.code_page, "replace"))


def _write(path: Path, data: bytes) -> None:
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        write_whole(path, data)
    except (OSError, WorkbookRefused):
        raise TieraddinError("excel.in_use", file=path) from None


def _take_away(path: Path) -> None:
    try:
        path.unlink()
    except OSError:
        raise TieraddinError("excel.in_use", file=path) from None
