"""The menu in Calc as data: each command, what it needs, and what it answers."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any, Literal, TypeAlias

from tieraddin.errors import TieraddinError, WorkbookRefused
from tieraddin.hosts import customers, fault_log, templates, transactions
from tieraddin.hosts.asked import Answer, Asked, Opening, Question
from tieraddin.hosts.calc import about, settings, speech
from tieraddin.hosts.calc.settings import Choices
from tieraddin.language import Language, by_button, say, use_language
from tieraddin.workbooks.calc.live import LiveCalcWorkbook

Kind: TypeAlias = Literal["rows", "told", "refused", "asked", "opened"]


@dataclass(frozen=True, slots=True)
class Command:
    """An entry of the menu; its title is ``calc.command_NAME``, what it is for ``calc.tip_NAME``.

    Attributes
    ----------
    run
        what it does.
    group
        entries of one group stand together between lines.
    choices
        where the entry is a submenu, what can be chosen in it.
    in_toolbar
        whether it is a button as well.
    needs_book
        whether it works on an open workbook.
    """

    run: Callable[[Asked], Answer]
    group: str
    choices: Callable[[], Choices] | None = None
    in_toolbar: bool = False
    needs_book: bool = True


def _help(asked: Asked) -> Answer:
    """What each command is for."""
    return [[say(f"calc.command_{name}"), say(f"calc.tip_{name}")] for name in COMMANDS]


COMMANDS: dict[str, Command] = {
    "retier": Command(customers.retier, "grade", in_toolbar=True),
    "preview": Command(customers.preview, "grade", in_toolbar=True),
    "explain": Command(customers.explain, "grade", in_toolbar=True),
    "undo": Command(customers.undo, "grade", in_toolbar=True),
    "followups": Command(customers.followups, "work", in_toolbar=True),
    "review": Command(customers.review, "work", in_toolbar=True),
    "summarise": Command(transactions.summarise, "work"),
    "pareto": Command(customers.pareto, "charts", in_toolbar=True),
    "dashboard": Command(customers.dashboard, "charts", in_toolbar=True),
    "template": Command(templates.new, "files", needs_book=False),
    "convert": Command(templates.convert, "files", needs_book=False),
    "model": Command(customers.pick_model, "settings", settings.models),
    "language": Command(settings.speak, "settings", settings.languages, needs_book=False),
    "functions": Command(about.functions, "addin", needs_book=False),
    "faults": Command(about.faults, "addin", needs_book=False),
    "adopt": Command(about.adopt, "addin"),
    "doctor": Command(about.doctor, "addin", needs_book=False),
    "help": Command(_help, "addin", needs_book=False),
}
"""By the names that the menu uses, in its order."""


def answered(line: str, document: Any, lang: Language) -> tuple[Kind, Any]:
    """Carry out a command of the menu.

    Parameters
    ----------
    line
        a name of `COMMANDS`, of a submenu with what was chosen: ``model=value-abc``.
    document
        the UNO object of what is open before the person, None for nothing.
    lang
        the language of LibreOffice itself; the person may have chosen another.

    Returns
    -------
    tuple
        "rows" and rows of texts and numbers, to be shown in a workbook of their own; "told" and a sentence; "refused"
        and the sentence that says why nothing was changed; "asked" and a question: its text, its kind and its choices
        (see `tieraddin.hosts.asked.Question`); "opened" and what `tieraddin.hosts.asked.Opening` holds.
    """
    use_language(speech.spoken(lang))
    name, _, detail = line.partition("=")
    command = COMMANDS[name]
    book = None
    with by_button():
        try:
            book = _book(command, name, document)
            return _given(command.run(Asked(book, document, detail)))
        except TieraddinError as fault:
            return "refused", fault.sentence()
        except Exception:  # a mistake of ours, or of LibreOffice: what it was stands in a file
            return "refused", say("live.unexpected", file=fault_log.kept())
        finally:
            if book is not None:
                book.rest()


def _given(answer: Answer) -> tuple[Kind, Any]:
    match answer:
        case str():
            return "told", answer
        case Question():
            return "asked", tuple(answer)
        case Opening(file, sentence, once):
            return "opened", (str(file), sentence, once)
    return "rows", tuple(map(tuple, answer))


def _book(command: Command, name: str, document: Any) -> LiveCalcWorkbook | None:
    if document is None or not document.supportsService("com.sun.star.sheet.SpreadsheetDocument"):
        if command.needs_book:
            raise WorkbookRefused("live.no_workbook")
        return None
    return LiveCalcWorkbook(document, say(f"calc.command_{name}"))


def groups() -> Iterator[list[str]]:
    """The names of the entries, group by group."""
    for group in dict.fromkeys(command.group for command in COMMANDS.values()):
        yield [name for name, command in COMMANDS.items() if command.group == group]
