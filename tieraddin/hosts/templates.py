"""The commands that make workbooks of our templates: a new one, or a folder of customer lists turned into them."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import Any

from tieraddin.actions.convert.folder import convert as convert_folder
from tieraddin.actions.convert.job import Entry
from tieraddin.actions.convert.ledger import NAME as LEDGER
from tieraddin.actions.convert.report import WORKBOOK as REPORT
from tieraddin.actions.templates.new import list_templates, new_template
from tieraddin.errors import UsageError, WorkbookRefused
from tieraddin.hosts.asked import Answer, Asked, Opening, Question
from tieraddin.language import language, listed, say
from tieraddin.workbooks.port import LiveWorkbook


def new(asked: Asked) -> Answer:
    """A new workbook of a template, before the person; asks of which."""
    template = _template(asked)
    if template is None:
        return Question(say("live.ask_template"), "choice", _titles())
    file = Path(tempfile.mkdtemp(prefix="tieraddin-")) / f"{dict(_titles())[template]}.xlsx"
    new_template(template, file)
    return Opening(file, once=True)


def convert(asked: Asked) -> Answer:
    """Standard workbooks of all customer lists in a folder; asks for the template and the folder.

    They are written to a folder beside it. The report is shown.
    """
    template = _template(asked)
    if template is None:
        return Question(say("live.ask_template_convert"), "choice", _titles())
    if len(asked.answers) < 2:
        return Question(say("live.ask_folder"), "folder")
    folder = Path(asked.answers[1])
    out = _beside(folder)
    made = _converted(asked.book, template, folder, out)
    files = made["files"]
    rows, rejected = (sum(file[key] for file in files) for key in ("rows_out", "rejected"))
    failed, unchanged = (sum(bool(file[key]) for file in files) for key in ("error", "skipped"))
    said = say(
        "live.converted",
        done=len(files) - failed, files=len(files), folder=out, rows=rows, rejected=rejected, report=REPORT,
    )  # fmt: skip
    more = {"live.converted_before": unchanged, "live.converted_not": failed}
    told = [said, *(say(key, count=count) for key, count in more.items() if count)]
    if left_over := made.get("left_over"):
        told.append(say("convert.left_over", results=listed(left_over, 20)))
    return Opening(out / REPORT, "\n".join(told))


def _beside(folder: Path) -> Path:
    """Where the results of a folder go."""
    if not folder.is_dir():
        raise UsageError("convert.no_source", source=folder)
    if not folder.name:
        raise UsageError("live.whole_disk", folder=folder)
    if earlier := next(folder.rglob(LEDGER), None):
        raise UsageError("live.folder_of_results", folder=folder, results=earlier.parent)
    return folder.with_name(say("live.converted_folder", folder=folder.name))


def _converted(book: LiveWorkbook | None, template: str, folder: Path, out: Path) -> dict[str, Any]:
    """Convert a folder, in this process: to start others is to start the program at work, which may be LibreOffice.

    What is done is told where the workbook before the person tells it, and can be stopped there.
    """
    finished = 0

    def tell(entry: Entry, done: int, count: int) -> None:
        nonlocal finished
        finished = done
        if book is not None:
            book.tell(say("live.converting", done=done, count=count, file=Path(entry.file).name))

    try:
        return convert_folder(template, [str(folder)], out, workers=1, tell=tell)
    except WorkbookRefused as fault:
        if fault.key != "live.stopped":
            raise
        raise WorkbookRefused("live.conversion_stopped", done=finished, folder=out) from None


def _titles() -> tuple[tuple[str, str], ...]:
    return tuple((template["id"], template["name"][language()]) for template in list_templates())


def _template(asked: Asked) -> str | None:
    """The template that was chosen."""
    return next((answer for answer in asked.answers[:1] if answer in dict(_titles())), None)
