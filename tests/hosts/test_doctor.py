"""Made-up machines, one fault each: the doctor names it and its mend; the installer keeps what is not its own."""

from __future__ import annotations

import struct
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import pytest
from openpyxl import Workbook

from tieraddin.errors import TieraddinError
from tieraddin.hosts.excel.doctor import CHECKS, examine
from tieraddin.hosts.excel.install import install, uninstall
from tieraddin.hosts.excel.machine import Machine, bits
from tieraddin.language import LANGUAGES, use_language

EXCEL = r"HKCU\Software\Microsoft\Office\16.0\Excel"
POLICY = r"HKCU\Software\Policies\Microsoft\Office\16.0\Excel\Security"
APP_PATH = r"HKLM\Software\Microsoft\Windows\CurrentVersion\App Paths\excel.exe"
CLICK_TO_RUN = r"HKLM\Software\Microsoft\Office\ClickToRun\Configuration"
DLL = "xlwings64-0.37.8.dll"


@dataclass
class Registry:
    keys: dict[str, dict[str, str | int]] = field(default_factory=dict)

    def values(self, key: str) -> dict[str, str | int]:
        return self.keys.get(key, {})


def program(path: Path, kind: int = 0x8664) -> Path:
    """The beginning of a program of Windows."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(b"MZ".ljust(0x3C, b"\0") + struct.pack("<I", 0x40) + b"PE\0\0" + struct.pack("<H", kind))
    return path


@pytest.fixture(autouse=True)
def _english() -> Iterator[None]:
    use_language("en")
    yield
    use_language(None)


@pytest.fixture
def sound(tmp_path: Path) -> Machine:
    """A machine with Excel, where all is well."""
    python = program(tmp_path / "venv" / "Scripts" / "python.exe")
    (tmp_path / "venv" / DLL).touch()
    excel = program(tmp_path / "Office16" / "EXCEL.EXE")
    registry = Registry({APP_PATH: {"": str(excel)}, CLICK_TO_RUN: {"Platform": "x64"}})
    machine = Machine(True, tmp_path / "home", tmp_path / "roaming", python, registry, "0.37.8", "cp936")
    install(machine)
    return machine


def faults(machine: Machine) -> dict[str, str]:
    return {finding.id: finding.mend for finding in examine(machine) if finding.state == "fault"}


def registered(key: str, **values: str | int) -> Callable[[Machine], Machine]:
    return lambda machine: replace(machine, registry=Registry({**machine.registry.keys, key: values}))  # type: ignore[attr-defined]


def done(act: Callable[[Machine], Any]) -> Callable[[Machine], Machine]:
    def harmed(machine: Machine) -> Machine:
        act(machine)
        return machine

    return harmed


def with_python_of_the_store(machine: Machine) -> Machine:
    python = program(machine.home / "WindowsApps" / "python.exe")
    (python.parent / DLL).touch()
    machine = replace(machine, interpreter=python)
    install(machine)
    return machine


FAULTS: list[tuple[str, Callable[[Machine], Machine]]] = [
    ("excel_fault", registered(APP_PATH, **{"": r"C:\Program Files\WindowsApps\Office\EXCEL.EXE"})),
    ("interpreter_unset", done(lambda m: m.settings_file.unlink())),
    ("interpreter_gone", done(lambda m: m.interpreter.unlink())),
    ("interpreter_store", with_python_of_the_store),
    ("interpreter_32", done(lambda m: program(m.interpreter, 0x14C))),
    ("dll_gone", done(lambda m: (m.interpreter.parents[1] / DLL).unlink())),
    ("dll_other", lambda m: replace(m, xlwings="0.38.0")),
    ("dll_other", registered(CLICK_TO_RUN, Platform="x86")),
    ("add_in_gone", done(lambda m: m.add_in.unlink())),
    ("add_in_outdated", done(lambda m: m.add_in.write_bytes(b"of last year"))),
    ("blocked_fault", done(lambda m: Path(f"{m.add_in}:Zone.Identifier").write_text("[ZoneTransfer]\nZoneId=3\n"))),
    ("trust_user", registered(rf"{EXCEL}\Security", DisableAllAddins=1)),
    ("trust_user", registered(rf"{EXCEL}\Security\Trusted Locations", AllLocationsDisabled=1)),
    ("trust_organisation", registered(POLICY, RequireAddinSig=1)),
    ("stale_link_fault", registered(rf"{EXCEL}\Options", OPEN=r'/R "D:\old\Tieraddin.xlam"')),
    ("stale_link_fault", registered(rf"{EXCEL}\Options", OPEN1=r'"D:\old\tieraddin.xlam"')),
]


def test_a_sound_machine_has_no_fault(sound: Machine) -> None:
    assert [finding.state for finding in examine(sound)] == ["ok"] * len(CHECKS)


@pytest.mark.parametrize("id, harm", FAULTS, ids=[f"{i}-{id}" for i, (id, _) in enumerate(FAULTS)])
def test_one_fault_is_named_with_its_mend(id: str, harm: Callable[[Machine], Machine], sound: Machine) -> None:
    harmed = harm(sound)
    mends = []
    for lang in LANGUAGES:
        use_language(lang)
        found = faults(harmed)
        assert [*found] == [id]
        mends.append(found[id])
    assert all(mends)
    assert mends[0] != mends[1]


def test_what_can_be_mended_by_installing_is(sound: Machine) -> None:
    sound.settings_file.unlink()
    sound.add_in.write_bytes(b"of last year")
    install(sound)
    assert faults(sound) == {}


def test_other_values_of_the_registry_are_no_faults(sound: Machine) -> None:
    harmless = {
        rf"{EXCEL}\Options": {"OPEN": r'/R "C:\a\other.xlam"', "OPENED": "tieraddin.xlam", "Font": 1},
        rf"{EXCEL}\Security": {"VBAWarnings": 2, "RequireAddinSig": 0, "AccessVBOM": 0},
    }
    assert faults(replace(sound, registry=Registry({**sound.registry.keys, **harmless}))) == {}  # type: ignore[attr-defined]


def test_without_excel_it_is_not_known(sound: Machine) -> None:
    findings = list(examine(replace(sound, registry=Registry())))
    assert [finding.id for finding in findings if finding.state == "unknown"] == ["excel_unknown"]


def test_elsewhere_only_workbooks_are_checked(sound: Machine, tmp_path: Path) -> None:
    Workbook().save(tmp_path / "book.xlsx")
    found = examine(replace(sound, windows=False), tmp_path / "book.xlsx")
    assert [(finding.id, finding.state) for finding in found] == [("system_unknown", "unknown"), ("links_none", "ok")]


def test_settings_of_ones_own_are_kept(sound: Machine) -> None:
    own = '"LANGUAGE","zh"\r\n"ONEDRIVE_CONSUMER_WIN","D:\\云盘"\r\n'
    sound.settings_file.write_bytes(own.encode("cp936"))
    install(sound)
    assert sound.settings() == {
        "LANGUAGE": "zh", "ONEDRIVE_CONSUMER_WIN": "D:\\云盘", "INTERPRETER_WIN": str(sound.interpreter),
    }  # fmt: skip
    uninstall(sound)
    assert sound.settings_file.read_bytes() == own.encode("cp936")
    assert not sound.add_in.exists()


def test_uninstall_leaves_nothing_and_says_what_it_took(sound: Machine) -> None:
    assert len(uninstall(sound)["removed"]) == 2
    assert not sound.settings_file.exists()
    assert uninstall(sound) == {"removed": []}


@pytest.mark.parametrize(
    "harm, key",
    [
        (lambda m: replace(m, windows=False), "excel.no_windows"),
        (lambda m: replace(m, interpreter=Path("C:/สมชาย/python.exe")), "excel.unreadable_path"),
    ],
)
def test_what_can_not_be_installed(harm: Callable[[Machine], Machine], key: str, sound: Machine) -> None:
    before = sound.settings_file.read_bytes()
    with pytest.raises(TieraddinError) as refused:
        install(harm(sound))
    assert refused.value.key == key
    assert sound.settings_file.read_bytes() == before


@pytest.mark.parametrize("content", [b"", b"MZ", b"no program at all" * 9])
def test_bits_of_what_is_no_program(content: bytes, tmp_path: Path) -> None:
    (tmp_path / "a.exe").write_bytes(content)
    assert bits(tmp_path / "a.exe") is None
