"""What every command is made of: the app, the options they share, and how one is registered."""

from __future__ import annotations

import datetime as dt
import functools
import inspect
from collections.abc import Callable
from dataclasses import fields, is_dataclass
from inspect import Parameter, Signature
from pathlib import Path
from typing import Annotated, Any, get_type_hints

import typer
from typer.core import TyperGroup

from tieraddin.errors import TieraddinError, UsageError
from tieraddin.language import LANGUAGES, listed, use_language
from tieraddin.report import console
from tieraddin.report.console import told

PANELS = {
    "panel_grade": ("demo", "summarise", "retier", "grade", "history", "restore"),
    "panel_plan": ("followups", "review", "ownership", "amounts"),
    "panel_look": ("portfolio", "audit", "whatif", "stability"),
    "panel_models": ("models",),
    "panel_files": ("template", "convert", "recalc"),
    "panel_addins": ("addin",),
}
"""What a person does, in order, by its title in the locale, and the commands for it; any other command is on files."""


def _panel(name: str) -> str:
    return next((panel for panel, names in PANELS.items() if name in names), "panel_files")


class InOrder(TyperGroup):
    """Commands in the order in which a person comes to need them."""

    def list_commands(self, ctx: Any) -> list[str]:
        names = super().list_commands(ctx)
        told_in_order = [name for panel in PANELS.values() for name in panel if name in names]
        rest = [name for name in names if name not in told_in_order]
        return sorted([*told_in_order, *rest], key=lambda name: list(PANELS).index(_panel(name)))


app = typer.Typer(
    name="tieraddin", cls=InOrder, help=told("about"), no_args_is_help=True, add_completion=False,
    pretty_exceptions_enable=False, context_settings={"help_option_names": ["-h", "--help"]},
)  # fmt: skip

Book = Annotated[Path, typer.Argument(help=told("book"), show_default=False)]
Transactions = Annotated[Path, typer.Argument(help=told("transactions"), show_default=False)]
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
NoLog = Annotated[bool, typer.Option("--no-log", help=told("no_log"))]
Json = Annotated[bool, typer.Option("--json", help=told("json"))]
Lang = Annotated[str | None, typer.Option("--lang", help=told("lang"), metavar="|".join(LANGUAGES), show_default=False)]


def _speak(lang: str | None) -> None:
    if lang is not None and lang not in LANGUAGES:
        raise UsageError("cli.unknown_language", name=lang, known=listed(LANGUAGES))
    use_language(lang)


@app.callback()
def _whole(lang: Lang = None) -> None:
    try:
        _speak(lang)
    except UsageError as fault:
        raise typer.BadParameter(str(fault)) from fault


def _part(lang: Lang = None) -> None:
    if lang is not None:
        _whole(lang)


_GROUPS: dict[str, typer.Typer] = {}


def command(name: str, help: str | None = None) -> Callable[[Callable[..., int | None]], Callable[..., None]]:
    """Make a function a command: help from the locale, errors as one line, the result as exit code.

    A parameter whose type is a dataclass stands for the options that are its fields.

    Parameters
    ----------
    name
        ``retier``, or ``addin build`` for a command of the group ``addin`` (whose own help is ``cli.group_addin``).
    help
        the id of the sentence that says what it does; by default that of ``cli`` under the command's name.
    """
    where, _, last = name.rpartition(" ")

    def register(function: Callable[..., int | None]) -> Callable[..., None]:
        signature, gathered = _spread(function)

        @functools.wraps(function)
        def run(**arguments: Any) -> None:
            as_json = bool(arguments.get("json_"))
            try:
                if arguments.get("lang") is not None:
                    _speak(arguments["lang"])
                code = function(**gathered(arguments)) or 0
            except TieraddinError as fault:
                console.error(str(fault), fault.key, as_json=as_json)
                code = fault.exit_code
            except BrokenPipeError:
                raise  # who read our output has gone, as with "| head": that ends us quietly
            except Exception as fault:  # no traceback reaches a user
                console.error(console.unexpected(fault), "cli.unexpected", as_json=as_json)
                code = 3
            raise typer.Exit(code)

        run.__signature__ = signature  # type: ignore[attr-defined]
        panel = None if where else told(_panel(last))
        group(where).command(last, help=told(help or last), rich_help_panel=panel)(run)
        return run

    return register


def _spread(function: Callable[..., Any]) -> tuple[Signature, Callable[[dict[str, Any]], dict[str, Any]]]:
    """The signature of ``function`` with the fields of dataclasses in their place, and what puts them back together."""
    types = get_type_hints(function, include_extras=True)
    wholes: dict[str, Any] = {name: kind for name, kind in types.items() if is_dataclass(kind)}
    flat: list[Parameter] = []
    for name, parameter in inspect.signature(function).parameters.items():
        inner = inspect.signature(wholes[name]).parameters.values() if name in wholes else [parameter]
        known = get_type_hints(wholes[name], include_extras=True) if name in wholes else types
        flat += [each.replace(kind=Parameter.KEYWORD_ONLY, annotation=known[each.name]) for each in inner]

    def gathered(arguments: dict[str, Any]) -> dict[str, Any]:
        left = dict(arguments)
        for name, kind in wholes.items():
            left[name] = kind(**{field.name: left.pop(field.name) for field in fields(kind)})
        return left

    return Signature(flat), gathered


def group(name: str, cls: type[TyperGroup] = TyperGroup) -> typer.Typer:
    """The app that holds the commands of a group, made (as a ``cls``) when first asked for; "" is the whole."""
    if not name:
        return app
    if name not in _GROUPS:
        _GROUPS[name] = typer.Typer(help=told(f"group_{name}"), no_args_is_help=True, cls=cls)
        _GROUPS[name].callback()(_part)
        app.add_typer(_GROUPS[name], name=name, rich_help_panel=told(_panel(name)))
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
