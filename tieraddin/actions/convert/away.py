"""Conversions on a cluster: its workers must have the same program, and see the same files under the same paths."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterator, Sequence
from dataclasses import replace
from functools import cache, partial
from pathlib import Path

from tieraddin import __version__
from tieraddin.actions.cluster import map_on
from tieraddin.actions.convert.job import Entry, Job, Outcome
from tieraddin.actions.convert.ledger import NAME, file_hash
from tieraddin.actions.convert.one import convert_one
from tieraddin.actions.convert.run import DIED, died
from tieraddin.errors import TieraddinError
from tieraddin.language import say, use_language
from tieraddin.templates.variant import template_of


def outcomes_on(address: str, folder: Path, jobs: Sequence[Job]) -> Iterator[Outcome]:
    """What becomes of each job on the cluster at ``address``, as it is done; ``folder`` is that of the results.

    A file that takes one worker after the other with it has failed, and so has one that a worker does not see, or whose
    result does not arrive here: then there is no disk that all share.

    Raises
    ------
    UsageError, TieraddinError
        see `tieraddin.actions.cluster.map_on`; workers that have another program, or other models.
    """
    ours = {job.name: job for job in jobs}
    asked = [replace(job, source=_absolute(job.source), output=_absolute(job.output)) for job in jobs]
    task = partial(_there, address, _program(jobs[0].template), _absolute(folder))
    suspects: list[Job] = []
    for outcome in map_on(address, task, asked, died):
        if outcome.entry.key == DIED:
            suspects.append(outcome.job)  # or another file that its worker had to do
        else:
            yield _arrived(ours[outcome.job.name], outcome)
    for job in suspects:
        for outcome in map_on(address, task, [job], died):
            yield _arrived(ours[job.name], outcome)


def _absolute(path: Path) -> Path:
    return Path(os.path.abspath(path))  # as it is called here: a link may lead elsewhere there


@cache
def _program(template: str) -> str:
    """A hash of all that makes results what they are, besides the files: the version, the template and its models."""
    made = template_of(template)
    models = [sheet.grading.model_dump_json() for sheet in made.sheets if sheet.grading]
    return hashlib.sha256("\n".join([__version__, made.model_dump_json(), *models]).encode()).hexdigest()


def _there(address: str, program: str, folder: Path, job: Job) -> Outcome:
    """Convert a file, on a worker."""
    use_language(job.lang)
    if _program(job.template) != program:
        raise TieraddinError("convert.other_program", address=address)
    if not job.source.is_file() or not (job.preview or (folder / NAME).is_file()):
        return _not_shared(job)
    return convert_one(job)


def _arrived(job: Job, outcome: Outcome) -> Outcome:
    """The outcome with the paths of this machine, once the files turn out to be those that the worker had."""
    entry, record = outcome.entry, outcome.record
    if record is None:
        return Outcome(job, entry)
    there = {job.source: record["hash"], job.output: record["result"]}
    if any(not file.is_file() or file_hash(file) != known for file, known in there.items()):
        return _not_shared(job)
    entry.output = str(job.output)
    entry.backup = entry.backup and str(job.output.with_name(Path(entry.backup).name))
    record["entry"] |= {"output": entry.output, "backup": entry.backup}
    return Outcome(job, entry, record)


def _not_shared(job: Job) -> Outcome:
    key = "convert.not_shared"
    return Outcome(job, Entry(job.name, error=say(key, file=job.name), key=key))
