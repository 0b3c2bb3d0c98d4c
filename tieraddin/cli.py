"""The command line: one function a command, each a thin wrapper of an action.

Exit codes: 0 done, 2 wrong use, 3 this input can't be used (4, done in part, is kept for later).
"""

from __future__ import annotations

import datetime as dt
import functools
from collections.abc import Callable
from pathlib import Path
from typing import Annotated, Any

import typer

from tieraddin import report
from tieraddin.errors import TieraddinError, UsageError
from tieraddin.language import LANGUAGES, use_language
from tieraddin.report import told

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


def command(name: str) -> Callable[[Callable[..., int | None]], Callable[..., None]]:
    """Make a function a command: help from the locale, errors as one line, the result as exit code."""

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
                report.error(str(fault), fault.key, as_json=as_json)
                code = fault.exit_code
            except BrokenPipeError:
                raise  # who read our output has gone, as with "| head": that ends us quietly
            except Exception as fault:  # no traceback reaches a user
                report.error(report.unexpected(fault), "cli.unexpected", as_json=as_json)
                code = 3
            raise typer.Exit(code)

        app.command(name, help=told(name))(run)
        return run

    return register


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


@command("retier")
def retier(
    book: Book,
    model: ModelId,
    sheet: Sheet = None,
    table: Table = None,
    map_: Maps = None,
    option: Options = None,
    cadence: CadenceOf = None,
    as_of: AsOf = None,
    output: Output = None,
    in_place: Annotated[bool, typer.Option("--in-place", help=told("in_place"))] = False,
    preview: Annotated[bool, typer.Option("--preview", help=told("preview"))] = False,
    columns: Annotated[str | None, typer.Option("--columns", help=told("columns"), show_default=False)] = None,
    overwrite: Annotated[bool, typer.Option("--overwrite", help=told("overwrite"))] = False,
    no_log: Annotated[bool, typer.Option("--no-log", help=told("no_log"))] = False,
    json_: Json = False,
    lang: Lang = None,
) -> int:
    """Grade the customers of a workbook, in the workbook."""
    from tieraddin.actions.files import retier_file
    from tieraddin.actions.model_sheet import model_of
    from tieraddin.actions.rules import Rules

    if output is not None and in_place:
        raise UsageError("cli.output_and_in_place")
    given, options = pairs(map_, "cli.map_form"), pairs(option, "models.option_form")
    with report.working(json_):
        done = retier_file(
            book,
            Rules.of(model_of(model, book), options, cadence, day(as_of)),
            sheet=sheet,
            table=table,
            given=given,
            columns=None if columns is None else columns.split(","),
            output=output,
            in_place=in_place,
            preview=preview,
            overwrite=overwrite,
            log=not no_log,
        )
    report.retier(done, as_json=json_)
    return 0


@command("grade")
def grade(
    source: Annotated[str, typer.Argument(help=told("input"), metavar="INPUT", show_default=False)],
    model: ModelId,
    sheet: Sheet = None,
    table: Table = None,
    map_: Maps = None,
    option: Options = None,
    cadence: CadenceOf = None,
    as_of: AsOf = None,
    format_: Annotated[str | None, typer.Option("--format", help=told("format"), metavar="csv|json|parquet")] = None,
    output: Output = None,
    json_: Json = False,
    lang: Lang = None,
) -> int:
    """Grade data rather than a workbook."""
    from tieraddin.actions.data import grade_source
    from tieraddin.actions.rules import Rules

    given, options = pairs(map_, "cli.map_form"), pairs(option, "models.option_form")
    with report.working(json_ or output is None):
        grade_source(
            source,
            Rules.of(model, options, cadence, day(as_of)),
            sheet=sheet,
            table=table,
            given=given,
            form=format_ or ("json" if json_ else None),
            output=output,
        )
    return 0


@command("summarise")
def summarise(
    book: Book,
    id_: Annotated[str, typer.Option("--id", help=told("id"), metavar="HEADER", show_default=False)],
    date: Annotated[str, typer.Option("--date", help=told("date"), metavar="HEADER", show_default=False)],
    amount: Annotated[str, typer.Option("--amount", help=told("amount"), metavar="HEADER", show_default=False)],
    sheet: Sheet = None,
    table: Table = None,
    as_of: AsOf = None,
    output: Output = None,
    json_: Json = False,
    lang: Lang = None,
) -> int:
    """One row a customer out of transactions."""
    from tieraddin.actions.summarise import summarise_file

    with report.working(json_):
        done = summarise_file(book, id_, date, amount, sheet=sheet, table=table, as_of=day(as_of), output=output)
    report.summary(done, as_json=json_)
    return 0


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
        report.model_written(output, as_json=json_)
    else:
        report.models(list_models() if id_ is None else [describe(id_)], whole=id_ is not None, as_json=json_)
    return 0


@command("history")
def history(book: Book, json_: Json = False, lang: Lang = None) -> int:
    """The runs of a workbook."""
    from tieraddin.actions.files import history_of

    report.history(history_of(book), as_json=json_)
    return 0


@command("restore")
def restore(
    book: Book,
    run: Annotated[int | None, typer.Option("--run", help=told("run"), show_default=False)] = None,
    output: Output = None,
    no_log: Annotated[bool, typer.Option("--no-log", help=told("no_log"))] = False,
    json_: Json = False,
    lang: Lang = None,
) -> int:
    """Take a run back."""
    from tieraddin.actions.files import restore_file

    with report.working(json_):
        done = restore_file(book, run, output, log=not no_log)
    report.restored(done, as_json=json_)
    return 0


@command("demo")
def demo(
    folder: Annotated[Path, typer.Argument(help=told("folder"))] = Path(),
    json_: Json = False,
    lang: Lang = None,
) -> int:
    """Try it on the sample workbook."""
    from tieraddin.actions.demo import run_demo

    with report.working(json_):
        done = run_demo(folder)
    report.retier(done, as_json=json_)
    return 0
