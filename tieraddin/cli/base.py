"""What every command is made of: the app, the options they share, and how one is registered."""

from __future__ import annotations

import datetime as dt
import functools
from collections.abc import Callable
from pathlib import Path
from typing import Annotated, Any

import typer
from typer.core import TyperGroup

from tieraddin.errors import TieraddinError, UsageError
from tieraddin.language import LANGUAGES, use_language
from tieraddin.report import console
from tieraddin.report.console import told

app = typer.Typer(
    name="tieraddin", help=told("about"), no_args_is_help=True, add_completion=False, pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)  # fmt: skip

Book = Annotated[Path, typer.Argument(help=told("book"), show_default=False)]
ModelId = Annotated[str, typer.Option("--model", "-m", help=told("model"), show_default=False)]
Sheet = Annotated[str | None, typer.Option("--sheet", "-s", help=told("sheet"), show_default=False)]
Table = Annotated[str | None, typer.Option("--table", "-t", help=told("table"), show_default=False)]
Maps = Annotated[list[str] | None, typer.Option("--map", help=told("map"), metavar="FIELD=HEADER", show_default=False)]
Options = Annotated[
    list[str] | None, typer.Option("--option", help=told("option"), metavar="NAME=VALUE", show_default=False)
]
CadenceOf = Annotated[str | None, typer.Option("--cadence", help=told("cadence"), show_default=False)]
AsOf = Annotated[str | None, typer.Option("--as-of", help=told("as_of"), metavar="DATE", show_default=False)]
Output = Annotated[Path | None, typer.Option("--output", "-o", help=told("output"), show_default=False)]
Json = Annotated[bool, typer.Option("--json", help=told("json"))]
Lang = Annotated[str | None, typer.Option("--lang", help=told("lang"), metavar="|".join(LANGUAGES), show_default=False)]

_GROUPS: dict[str, typer.Typer] = {}


def command(name: str, help: str | None = None) -> Callable[[Callable[..., int | None]], Callable[..., None]]:
    """Make a function a command: help from the locale, errors as one line, the result as exit code.

    Parameters
    ----------
    name
        ``retier``, or ``addin build`` for a command of the group ``addin`` (whose own help is ``cli.group_addin``).
    help
        the id of the sentence that says what it does; by default that of ``cli`` under the command's name.
    """
    where, _, last = name.rpartition(" ")

    def register(function: Callable[..., int | None]) -> Callable[..., None]:
        @functools.wraps(function)
        def run(**arguments: Any) -> None:
            as_json = bool(arguments.get("json_"))
            try:
                lang = arguments.get("lang")
                if lang is not None and lang not in LANGUAGES:
                    raise UsageError("cli.unknown_language", name=lang, known=", ".join(LANGUAGES))
                use_language(lang)
                code = function(**arguments) or 0
            except TieraddinError as fault:
                console.error(str(fault), fault.key, as_json=as_json)
                code = fault.exit_code
            except BrokenPipeError:
                raise  # who read our output has gone, as with "| head": that ends us quietly
            except Exception as fault:  # no traceback reaches a user
                console.error(console.unexpected(fault), "cli.unexpected", as_json=as_json)
                code = 3
            raise typer.Exit(code)

        group(where).command(last, help=told(help or last))(run)
        return run

    return register


def group(name: str, cls: type[TyperGroup] = TyperGroup) -> typer.Typer:
    """The app that holds the commands of a group, made (as a ``cls``) when first asked for; "" is the whole."""
    if not name:
        return app
    if name not in _GROUPS:
        _GROUPS[name] = typer.Typer(help=told(f"group_{name}"), no_args_is_help=True, cls=cls)
        app.add_typer(_GROUPS[name], name=name)
    return _GROUPS[name]


def pairs(texts: list[str] | None, fault: str) -> dict[str, str]:
    """``NAME=VALUE`` texts as a dict."""
    split = [text.partition("=") for text in texts or []]
    for text, (name, sign, _) in zip(texts or [], split, strict=True):
        if not sign or not name.strip():
            raise UsageError(fault, text=text)
    return {name.strip(): value.strip() for name, _, value in split}


def day(text: str | None) -> dt.date:
    """A date as people write it; today for none."""
    if text is None:
        return dt.date.today()
    from tieraddin.tables.dates import NO_DAY, read_date

    days = read_date(text)
    if days == NO_DAY:
        raise UsageError("cli.not_a_date", text=text)
    return dt.date(1970, 1, 1) + dt.timedelta(days=int(days))
