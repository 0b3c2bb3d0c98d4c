"""A whole conversion: sources found, results written, the report, the merge."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterator, Sequence
from contextlib import nullcontext, suppress
from functools import partial
from pathlib import Path
from typing import Any

from tieraddin import __version__
from tieraddin.actions.cluster import check_cluster
from tieraddin.actions.convert import LIMIT
from tieraddin.actions.convert.alone import alone_in
from tieraddin.actions.convert.away import outcomes_on
from tieraddin.actions.convert.fields import fields_of
from tieraddin.actions.convert.job import Entry, Job, Outcome
from tieraddin.actions.convert.ledger import Ledger
from tieraddin.actions.convert.report import WORKBOOK, report, write_report
from tieraddin.actions.convert.run import outcomes
from tieraddin.actions.convert.sources import find_sources, output_names
from tieraddin.actions.convert.wishes import Wishes
from tieraddin.actions.merge import MERGED, merge_files
from tieraddin.actions.output import whole_text
from tieraddin.errors import TieraddinError, UsageError, WorkbookRefused
from tieraddin.language import language
from tieraddin.templates.source import find_template
from tieraddin.templates.variant import name_of

Done = dict[str, Any]
Work = Callable[[list[Job]], Iterator[Outcome]]
Tell = Callable[[Entry, int, int], None]
"""Called for each file: its entry, how many are done, how many there are."""


def convert(
    template: str,
    wanted: Sequence[str],
    out: Path,
    *,
    model: str | None = None,
    maps: Sequence[str] = (),
    workers: int | None = None,
    limit: float = LIMIT,
    cluster: str | None = None,
    all_tables: bool = False,
    preview: bool = False,
    force: bool = False,
    merge: bool = False,
    tell: Tell | None = None,
) -> Done:
    """Turn customer lists into workbooks of a template; what was done, as JSON has it.

    Parameters
    ----------
    wanted
        files, folders and patterns.
    out
        the folder for the results; made where it isn't there. What it holds is never taken for a source.
    model
        grades by this model rather than the template's.
    maps
        ``FIELD=HEADER``, or a file; see `tieraddin.actions.convert.wishes`.
    workers
        processes (default: one for each processor).
    limit
        seconds after which a file is given up; see `tieraddin.actions.convert.run.outcomes`.
    cluster
        the address of a Dask scheduler whose workers convert, instead of processes here.
    all_tables
        take all tables of a file that fit, rather than refuse a file with more than one.
    preview
        write nothing.
    force
        also convert what has not changed since the last run.
    merge
        also put all results into one workbook.

    Raises
    ------
    UsageError
        an unknown template, model or column; a file that isn't there; an output that is no folder;
        nobody answers at the cluster's address.
    TableRefused
        no file to convert.
    WorkbookRefused
        the output folder can't be written to, or another run is at work there.
    """
    graded, lang = name_of(template, model), language()
    wishes = Wishes.read(maps, [field.name for field in fields_of(graded)], all_tables=all_tables)
    name = name_of(template, model, origin=wishes.several)
    if out.exists() and not out.is_dir():
        raise UsageError("convert.out_is_file", output=out)
    if cluster is not None:
        check_cluster(cluster)
    sources = find_sources(wanted, out)
    with nullcontext() if preview else alone_in(out):
        ledger = Ledger(out)
        settings = hashlib.sha256(json.dumps([__version__, name, lang, wishes.plain()]).encode()).hexdigest()[:16]
        jobs = [
            Job(
                source=source.path,
                name=str(source.path),
                output=out / file,
                template=name,
                lang=lang,
                wishes=wishes,
                settings="" if force else settings,
                known=ledger.records.get(str(source.path.resolve()), {}),
                preview=preview,
            )
            for source, file in output_names(sources, ledger.names(), (MERGED, WORKBOOK))
        ]
        work: Work = (
            partial(outcomes, workers=workers, limit=limit) if cluster is None else partial(outcomes_on, cluster, out)
        )
        entries = _run(jobs, work, None if preview else ledger, settings, tell)
        done: Done = {"template": find_template(template).id, "output": None if preview else str(out), "files": entries}
        if left_over := ledger.left_over():
            done["left_over"] = left_over
        if merge and not preview:
            done["merged"] = _merged(name, out, entries)
        told = report(done)
        if not preview:
            write_report(out, told, entries)
        return told


def _run(jobs: list[Job], work: Work, ledger: Ledger | None, settings: str, tell: Tell | None) -> list[Entry]:
    """The entries in the order of the jobs; results are in the ledger as soon as they are written."""
    entries: dict[str, Entry] = {}

    def taken(outcome: Outcome) -> None:
        entries[outcome.job.name] = outcome.entry
        if tell is not None:
            tell(outcome.entry, len(entries), len(jobs))

    if ledger is None:
        for outcome in work(jobs):
            taken(outcome)
    else:
        folder = ledger.path.parent
        _prepare(folder)
        with ledger:
            for outcome in work(jobs):
                if outcome.record is not None:
                    source, name = str(outcome.job.source.resolve()), outcome.job.output.relative_to(folder).as_posix()
                    ledger.add({"source": source, "name": name} | outcome.record | {"settings": settings})
                taken(outcome)
        with suppress(OSError):  # else the next run tells
            _clear(folder)
    return [entries[job.name] for job in jobs]


def _prepare(folder: Path) -> None:
    """Clear away what a run that was cut off left half written."""
    try:
        _clear(folder)
    except OSError as fault:
        raise WorkbookRefused("convert.no_output", output=folder, detail=fault.strerror) from None


def _clear(folder: Path) -> None:
    """Remove what a process that died had begun to write."""
    for half in folder.rglob(".tieraddin-*.tmp"):
        half.unlink(missing_ok=True)


def _merged(template: str, out: Path, entries: Sequence[Entry]) -> Done:
    """Merge the results; what was done, or why it could not be."""
    results = {entry.output: whole_text(entry.file) for entry in entries if entry.output and not entry.error}
    try:
        return merge_files(template, {Path(path): file for path, file in results.items()}, out / MERGED)
    except TieraddinError as fault:
        return {"output": None, "error": str(fault), "key": fault.key}
