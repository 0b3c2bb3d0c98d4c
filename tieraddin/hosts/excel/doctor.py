"""What keeps the add-in from working on a machine: one small check a fault, each with its mend."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path, PureWindowsPath
from typing import Any, Literal

from tieraddin.hosts.excel.machine import ADD_IN, INTERPRETER, Machine, bits
from tieraddin.language import listed, say

State = Literal["ok", "fault", "unknown"]

OFFICE = r"Microsoft\Office\16.0\Excel"
"""Office 2016 and all later ones."""


@dataclass(frozen=True)
class Finding:
    """What a check came to.

    Attributes
    ----------
    id
        what was found, for programs.
    state
        ok; fault: the add-in can't work, or not well; unknown: can't be told here.
    sentence
        what was found.
    mend
        what to do about a fault.
    """

    id: str
    state: State
    sentence: str
    mend: str = ""


def _found(id_: str, state: State, **facts: Any) -> Finding:
    mend = say(f"doctor.mend_{id_}", **facts) if state == "fault" else ""
    return Finding(id_, state, say(f"doctor.{id_}", **facts), mend)


_ok = partial(_found, state="ok")
_fault = partial(_found, state="fault")
_unknown = partial(_found, state="unknown")


def excel(machine: Machine) -> Finding:
    """Excel is there, and not the one of the Microsoft Store, which is shut off from other programs."""
    program = _excel(machine)
    if program is None:
        return _unknown("excel_unknown")
    if _of_store(program):
        return _fault("excel_fault", program=program)
    return _ok("excel_ok", program=program)


def interpreter(machine: Machine) -> Finding:
    """The Python that the add-in is to start is there, and of 64 bits."""
    named = machine.settings().get(INTERPRETER)
    if named is None:
        return _fault("interpreter_unset", file=machine.settings_file)
    if not Path(named).is_file():
        return _fault("interpreter_gone", path=named)
    if _of_store(named):
        return _fault("interpreter_store", path=named)
    if bits(Path(named)) == 32:
        return _fault("interpreter_32", path=named)
    return _ok("interpreter_ok", path=named)


def dll(machine: Machine) -> Finding:
    """The DLL of xlwings lies by the interpreter, for the bits of Office, of the release that is installed."""
    named = machine.settings().get(INTERPRETER)
    if named is None or machine.xlwings is None:
        return _unknown("dll_unknown")
    name = f"xlwings{_office_bits(machine)}-{machine.xlwings}.dll"
    folders = list(Path(named).parents[:2])  # in a virtual environment it lies above the programs
    if any((folder / name).is_file() for folder in folders):
        return _ok("dll_ok", name=name)
    others = sorted(file.name for folder in folders if folder.is_dir() for file in folder.glob("xlwings*-*.dll"))
    if others:
        return _fault("dll_other", name=name, others=listed(others), path=named)
    return _fault("dll_gone", name=name, path=named)


def add_in(machine: Machine) -> Finding:
    """The add-in's file is there, and the one that this release of tieraddin and of xlwings builds."""
    from tieraddin.hosts.xlam.build import addin

    if not machine.add_in.is_file():
        return _fault("add_in_gone", file=machine.add_in)
    if machine.add_in.read_bytes() != addin():
        return _fault("add_in_outdated", file=machine.add_in)
    return _ok("add_in_ok", file=machine.add_in)


def blocked(machine: Machine) -> Finding:
    """Windows has not marked the file as one from the internet, which Excel would not run."""
    try:
        with open(f"{machine.add_in}:Zone.Identifier", encoding="utf-8", errors="replace") as mark:
            zone = re.search(r"ZoneId=(\d)", mark.read())
    except OSError:
        return _ok("blocked_ok")
    return _fault("blocked_fault", file=machine.add_in) if zone and int(zone[1]) >= 3 else _ok("blocked_ok")


def trust(machine: Machine) -> Finding:
    """Excel's settings, or those of the organisation, let add-ins run."""
    for branch, by in (("Software\\Policies", "organisation"), ("Software", "user")):
        security = f"HKCU\\{branch}\\{OFFICE}\\Security"
        values = machine.registry.values(security)
        for name in ("DisableAllAddins", "RequireAddinSig"):
            if values.get(name) == 1:
                return _fault(f"trust_{by}", name=name, where=security)
        locations = machine.registry.values(f"{security}\\Trusted Locations")
        if locations.get("AllLocationsDisabled") == 1 and values.get("VBAWarnings", 2) != 1:
            return _fault(f"trust_{by}", name="AllLocationsDisabled", where=f"{security}\\Trusted Locations")
    return _ok("trust_ok")


def project_access(machine: Machine) -> Finding:
    """Whether programs may change VBA projects: our add-in needs it not, only "Import Functions" of xlwings does."""
    values = machine.registry.values(f"HKCU\\Software\\{OFFICE}\\Security")
    return _ok("project_access_on" if values.get("AccessVBOM") == 1 else "project_access_off")


def stale_link(machine: Machine) -> Finding:
    """Excel is not told to open a copy of the add-in elsewhere: functions would be there twice, or a file missing."""
    for name, value in machine.registry.values(f"HKCU\\Software\\{OFFICE}\\Options").items():
        path = str(value).removeprefix("/R ").strip('" ')
        if re.fullmatch(r"OPEN\d*", name) and PureWindowsPath(path).name.lower() == ADD_IN:
            return _fault("stale_link_fault", name=name, path=path)
    return _ok("stale_link_ok")


CHECKS: tuple[Callable[[Machine], Finding], ...] = (
    excel,
    interpreter,
    dll,
    add_in,
    blocked,
    trust,
    project_access,
    stale_link,
)


def examine(machine: Machine | None = None, book: Path | None = None) -> Iterator[Finding]:
    """All checks of a machine, and of the links of ``book`` to the add-in.

    Raises
    ------
    TieraddinError
        a book that can't be read.
    """
    machine = machine or Machine.here()
    if machine.windows:
        yield from (check(machine) for check in CHECKS)
    else:
        yield _unknown("system_unknown")
    if book is not None:
        yield from links(book)


def links(book: Path) -> Iterator[Finding]:
    """The links of a workbook to the add-in lead to a file that is there."""
    from tieraddin.actions.recalc.links import links_of

    found = links_of(book)
    if not found:
        yield _ok("links_none", book=book.name)
    for link in found:
        facts: dict[str, Any] = {"book": book.name, "target": link.target}
        yield _ok("links_ok", **facts) if link.there else _fault("links_fault", **facts)


def _of_store(program: str) -> bool:
    return "windowsapps" in (part.lower() for part in PureWindowsPath(program.strip('"')).parts)


def _excel(machine: Machine) -> str | None:
    key = r"Software\Microsoft\Windows\CurrentVersion\App Paths\excel.exe"
    programs = (machine.registry.values(f"{hive}\\{key}").get("") for hive in ("HKCU", "HKLM"))
    return next((str(program) for program in programs if program), None)


def _office_bits(machine: Machine) -> int:
    """As Office says, or as its program is; 64 where neither tells."""
    office = machine.registry.values(r"HKLM\Software\Microsoft\Office\ClickToRun\Configuration").get("Platform")
    if office in ("x86", "x64"):
        return 32 if office == "x86" else 64
    program = _excel(machine)
    return (bits(Path(program.strip('"'))) if program else None) or 64
