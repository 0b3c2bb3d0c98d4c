"""The commands on a real Windows registry and its folders (Wine's, where there is no Excel)."""

from __future__ import annotations

import json
from typing import Any

from .conftest import HERE, run

OPTIONS = r"HKCU\Software\Microsoft\Office\16.0\Excel\Options"
SOUND = {
    "excel_unknown": "unknown", "interpreter_ok": "ok", "dll_ok": "ok", "add_in_ok": "ok", "blocked_ok": "ok",
    "trust_ok": "ok", "project_access_off": "ok", "stale_link_ok": "ok",
}  # fmt: skip


def said(*lines: str) -> list[Any]:
    """What each command line prints, one after the other in one Python."""
    answers: list[Any] = json.loads(run(HERE / "commands.py", *lines, seconds=300))
    return answers


def test_install_doctor_uninstall() -> None:
    installed, doctor, _, linked, _, removed, nothing = said(
        "addin install --json",
        "addin doctor --json",
        rf"set {OPTIONS} OPEN D:\old\tieraddin.xlam",
        "addin doctor --json",
        f"unset {OPTIONS} OPEN",
        "addin uninstall --json",
        "addin uninstall --json",
    )
    assert installed["add_in"].endswith("\\AppData\\Roaming\\Microsoft\\Excel\\XLSTART\\tieraddin.xlam")
    assert installed["interpreter"].endswith("\\py\\python.exe")
    assert {check["id"]: check["state"] for check in doctor["checks"]} == SOUND
    assert [check["id"] for check in linked["checks"] if check["state"] == "fault"] == ["stale_link_fault"]
    assert removed["removed"] == [installed["add_in"], f"{installed['settings']}: INTERPRETER_WIN"]
    assert nothing == {"removed": []}
