"""The command ``addin build``: the add-in files for Excel and for LibreOffice Calc."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from tieraddin.cli.base import Json, Lang, command
from tieraddin.report import console
from tieraddin.report.console import told

Target = Annotated[
    Path | None, typer.Option("--output", "-o", help=told("xlam.output_option"), metavar="FILE", show_default=False)
]
Calc = Annotated[bool, typer.Option("--calc", help=told("xlam.calc_option"))]


@command("addin build", help="xlam.about")
def build(output: Target = None, calc: Calc = False, json_: Json = False, lang: Lang = None) -> int:
    """Write an add-in file."""
    with console.working(json_):
        written = _calc(output) if calc else _excel(output)
    if json_:
        console.data({"output": str(written)})
    else:
        print(told("xlam.built", file=written, command="tieraddin addin install" + (" --calc" if calc else "")))
    return 0


def _excel(output: Path | None) -> Path:
    from tieraddin.hosts.excel.machine import ADD_IN
    from tieraddin.hosts.xlam.build import build_addin

    return build_addin(output or Path(ADD_IN))


def _calc(output: Path | None) -> Path:
    from tieraddin.hosts.calc.build import build_extension

    return build_extension(output or Path("tieraddin-calc.oxt"))
