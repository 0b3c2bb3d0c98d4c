"""The commands on templates: which there are, a new workbook of one."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from tieraddin.cli.base import Json, Lang, command
from tieraddin.report import template as reported
from tieraddin.report.console import told


@command("template list", help="templates.about_list")
def show(json_: Json = False, lang: Lang = None) -> None:
    """The templates there are."""
    from tieraddin.actions.templates.new import list_templates

    reported.templates(list_templates(), as_json=json_)


@command("template new", help="templates.about_new")
def new(
    id_: Annotated[str, typer.Argument(help=told("templates.arg_id"), metavar="ID", show_default=False)],
    output: Annotated[Path, typer.Option("--output", "-o", help=told("templates.opt_output"), show_default=False)],
    live: Annotated[bool, typer.Option("--live", help=told("templates.opt_live"))] = False,
    rows: Annotated[int | None, typer.Option("--rows", help=told("templates.opt_rows"), show_default=False)] = None,
    json_: Json = False,
    lang: Lang = None,
) -> None:
    """A new workbook of a template."""
    from tieraddin.actions.templates.new import new_template

    reported.written(new_template(id_, output, live=live, rows=rows), as_json=json_)
