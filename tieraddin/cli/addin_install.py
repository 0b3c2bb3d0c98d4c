"""The commands ``addin install``, ``addin uninstall`` and ``addin doctor``."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from tieraddin.cli.base import Json, Lang, Output, command
from tieraddin.errors import UsageError
from tieraddin.report import addin as reported
from tieraddin.report.console import told

Calc = Annotated[bool, typer.Option("--calc", help=told("excel.calc_option"))]


@command("addin install", help="excel.about_install")
def install(calc: Calc = False, json_: Json = False, lang: Lang = None) -> int:
    """Put the add-in into Excel, or into LibreOffice Calc."""
    if calc:
        from tieraddin.hosts.calc.install import install as into_calc

        reported.calc("installed", into_calc(), as_json=json_)
    else:
        from tieraddin.hosts.excel.install import install as into_excel

        reported.installed(into_excel(), as_json=json_)
    return 0


@command("addin uninstall", help="excel.about_uninstall")
def uninstall(calc: Calc = False, json_: Json = False, lang: Lang = None) -> int:
    """Take the add-in out again."""
    if calc:
        from tieraddin.hosts.calc.install import uninstall as out_of_calc

        reported.calc("uninstalled", out_of_calc(), as_json=json_)
    else:
        from tieraddin.hosts.excel.install import uninstall as out_of_excel

        reported.uninstalled(out_of_excel(), as_json=json_)
    return 0


@command("addin doctor", help="doctor.about")
def doctor(
    book: Annotated[Path | None, typer.Argument(help=told("doctor.book"), show_default=False)] = None,
    mend: Annotated[bool, typer.Option("--mend", help=told("doctor.mend_option"))] = False,
    output: Output = None,
    json_: Json = False,
    lang: Lang = None,
) -> int:
    """Say what keeps the add-in from working; 3 where something does."""
    if mend:
        from tieraddin.actions.recalc.links import mend as mend_links

        if book is None:
            raise UsageError("doctor.mend_without_book")
        reported.mended(mend_links(book, output=output), as_json=json_)
        return 0
    from tieraddin.hosts.excel.doctor import examine

    findings = list(examine(book=book))
    reported.examined(findings, as_json=json_)
    return 3 if any(finding.state == "fault" for finding in findings) else 0
