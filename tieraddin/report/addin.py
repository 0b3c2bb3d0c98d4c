"""Reports of putting the add-ins in, taking them out, and checking them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

from tieraddin.language import listed
from tieraddin.report.console import data, told, written


def installed(done: dict[str, Any], *, as_json: bool) -> None:
    """What was put where, and what to do next."""
    if as_json:
        data(done)
        return
    print(told("excel.installed", **done))


def uninstalled(done: dict[str, Any], *, as_json: bool) -> None:
    """What was taken out."""
    if as_json:
        data(done)
        return
    print(told("excel.uninstalled" if done["removed"] else "excel.not_installed"))
    for each in done["removed"]:
        print(f"  {each}")


def calc(what: str, program: Path, *, as_json: bool) -> None:
    """LibreOffice's own program did it."""
    if as_json:
        data({"calc": what, "program": str(program)})
    else:
        print(told(f"excel.calc_{what}", program=program))


def examined(findings: Sequence[Any], *, as_json: bool) -> None:
    """Each check on a line, and how a fault is mended on the next."""
    if as_json:
        data({"checks": [asdict(finding) for finding in findings]})
        return
    for finding in findings:
        state = told(f"doctor.state_{finding.state}")
        print(f"{state}  {finding.sentence}")
        if finding.mend:
            print(f"      {finding.mend}")


def mended(done: dict[str, Any], *, as_json: bool) -> None:
    """Which links were taken away, and where the workbook is."""
    if as_json:
        data(done)
        return
    print(told("doctor.mended", links=listed(done["mended"])))
    written(done)
