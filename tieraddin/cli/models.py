"""The commands on models: show them, begin, check and add one's own."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

import typer
from typer.core import TyperGroup

from tieraddin.cli.base import Json, Lang, command, group
from tieraddin.errors import UsageError
from tieraddin.report import models as reported
from tieraddin.report.console import told

Target = Annotated[Path | None, typer.Option("--output", "-o", help=told("model_output"), show_default=False)]
OwnFile = Annotated[Path, typer.Argument(help=told("own_models.arg_file"), metavar="FILE", show_default=False)]


class ShowsByDefault(TyperGroup):
    """``tieraddin models`` and ``tieraddin models ID`` are short for ``tieraddin models show``."""

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        if not args or args[0] not in {*self.commands, *ctx.help_option_names}:
            args = ["show", *args]
        return super().parse_args(ctx, args)


group("models", ShowsByDefault)


@command("models show", help="own_models.about_show")
def show(
    id_: Annotated[str | None, typer.Argument(help=told("model_id"), metavar="ID", show_default=False)] = None,
    output: Target = None,
    json_: Json = False,
    lang: Lang = None,
) -> int:
    """The models there are, or one of them."""
    from tieraddin.actions.models.listing import describe, list_models

    if output is None:
        reported.models(list_models() if id_ is None else [describe(id_)], whole=id_ is not None, as_json=json_)
        return 0
    from tieraddin.actions.models.own import write_model
    from tieraddin.models.load import find_model

    if id_ is None:
        raise UsageError("cli.model_to_write")
    write_model(find_model(id_), output)
    reported.model_written(output, as_json=json_)
    return 0


@command("models new", help="own_models.about_new")
def new(
    id_: Annotated[str, typer.Argument(help=told("own_models.arg_id"), metavar="ID", show_default=False)],
    output: Annotated[
        Path | None, typer.Option("--output", "-o", help=told("own_models.opt_output"), show_default=False)
    ] = None,
    like: Annotated[
        str | None, typer.Option("--like", metavar="MODEL", help=told("own_models.opt_like"), show_default=False)
    ] = None,
    json_: Json = False,
    lang: Lang = None,
) -> int:
    """A model of one's own, to be filled in."""
    from tieraddin.actions.models.own import new_model

    target = output or Path(f"{id_}.xlsx")
    new_model(id_, target, like)
    reported.model_begun(target, as_json=json_)
    return 0


@command("models check", help="own_models.about_check")
def check(file: OwnFile, json_: Json = False, lang: Lang = None) -> int:
    """All that is wrong with a model."""
    from tieraddin.actions.models.own import read_own

    source = read_own(file)
    reported.model_checked(source, as_json=json_)
    return 3 if source.mistakes else 0


@command("models add", help="own_models.about_add")
def add(
    file: OwnFile,
    replace: Annotated[bool, typer.Option("--replace", help=told("own_models.opt_replace"))] = False,
    json_: Json = False,
    lang: Lang = None,
) -> int:
    """A model of one's own put where it is found by its id."""
    from tieraddin.actions.models.own import add_model, read_own

    source = read_own(file)
    if source.mistakes:
        reported.model_checked(source, as_json=json_)
        return 3
    reported.model_added(add_model(source, replace), as_json=json_)
    return 0
