"""The command that turns many customer lists into workbooks of a template."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from tieraddin.actions.convert import LIMIT
from tieraddin.cli.base import Json, Lang, command
from tieraddin.errors import UsageError
from tieraddin.report import convert as reported
from tieraddin.report.console import told


@command("convert", help="convert.about")
def convert(
    template: Annotated[str, typer.Argument(help=told("convert.template"), show_default=False)],
    sources: Annotated[list[str], typer.Argument(help=told("convert.sources"), metavar="SRC...", show_default=False)],
    output: Annotated[Path, typer.Option("--output", "-o", help=told("convert.output"), show_default=False)],
    model: Annotated[str | None, typer.Option("--model", "-m", help=told("convert.model"), show_default=False)] = None,
    map_: Annotated[
        list[str] | None,
        typer.Option("--map", help=told("convert.map"), metavar="FILE|FIELD=HEADER", show_default=False),
    ] = None,
    workers: Annotated[
        int | None, typer.Option("--workers", help=told("convert.workers"), metavar="N", show_default=False)
    ] = None,
    limit: Annotated[float, typer.Option("--limit", help=told("convert.limit"), metavar="SECONDS")] = LIMIT,
    cluster: Annotated[
        str | None, typer.Option("--cluster", help=told("convert.cluster"), metavar="ADDRESS", show_default=False)
    ] = None,
    tables: Annotated[
        str, typer.Option("--tables", help=told("convert.tables"), metavar="one|all", show_default=False)
    ] = "one",
    preview: Annotated[bool, typer.Option("--preview", help=told("convert.preview"))] = False,
    force: Annotated[bool, typer.Option("--force", help=told("convert.force"))] = False,
    merge: Annotated[bool, typer.Option("--merge", help=told("convert.merge"))] = False,
    json_: Json = False,
    lang: Lang = None,
) -> int:
    """Convert a folder of customer lists."""
    from tieraddin.actions.convert.folder import convert as convert_folder

    if workers is not None and workers < 1:
        raise UsageError("convert.not_workers", value=workers)
    if not limit > 0:
        raise UsageError("convert.not_limit", value=f"{limit:g}")
    if workers is not None and cluster is not None:
        raise UsageError("convert.workers_and_cluster")
    if tables not in ("one", "all"):
        raise UsageError("convert.not_tables", value=tables)
    with reported.progress(quiet=json_) as tell:
        done = convert_folder(
            template,
            sources,
            output,
            model=model,
            maps=map_ or (),
            workers=workers,
            limit=limit,
            cluster=cluster,
            all_tables=tables == "all",
            preview=preview,
            force=force,
            merge=merge,
            tell=tell,
        )
    reported.converted(done, as_json=json_)
    return reported.exit_code(done)
