"""The command on models."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from tieraddin.cli.base import Json, Lang, command
from tieraddin.errors import UsageError
from tieraddin.report import models as reported
from tieraddin.report.console import told


@command("models")
def models(
    id_: Annotated[str | None, typer.Argument(help=told("model_id"), metavar="ID", show_default=False)] = None,
    output: Annotated[
        Path | None, typer.Option("--output", "-o", help=told("model_output"), show_default=False)
    ] = None,
    json_: Json = False,
    lang: Lang = None,
) -> int:
    """The models there are, or one of them."""
    from tieraddin.actions.model_sheet import write_model_sheet
    from tieraddin.actions.models import describe, list_models

    if output is not None:
        if id_ is None:
            raise UsageError("cli.model_to_write")
        write_model_sheet(id_, output)
        reported.model_written(output, as_json=json_)
    else:
        reported.models(list_models() if id_ is None else [describe(id_)], whole=id_ is not None, as_json=json_)
    return 0
