"""One file into one workbook: runs in a process of its own, and never raises for what is wrong with the file."""

from __future__ import annotations

import gc
import hashlib
import time
import zipfile
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from tieraddin.actions.convert.fields import fields_of
from tieraddin.actions.convert.job import Entry, Job, Outcome
from tieraddin.actions.convert.ledger import file_hash
from tieraddin.actions.convert.place import Placed, place, shown_mapping
from tieraddin.actions.convert.rows import Taken
from tieraddin.actions.convert.several import in_several, joined, take_all
from tieraddin.actions.convert.tidy import written
from tieraddin.actions.doubles import repeated
from tieraddin.actions.locate import called
from tieraddin.actions.output import keeping_copy, slots_of, write_whole
from tieraddin.actions.templates.rows import remembered, results
from tieraddin.errors import TieraddinError
from tieraddin.language import listed, say, use_language
from tieraddin.tables.bodies import Why
from tieraddin.tables.detect import left_out_said
from tieraddin.templates.fill import Extra, Filling, fill
from tieraddin.templates.variant import template_of
from tieraddin.workbooks.port import Readable
from tieraddin.workbooks.reading import open_to_read


def convert_one(job: Job) -> Outcome:
    """Convert a file; whatever is wrong with it is told in the outcome's entry."""
    use_language(job.lang)
    start = time.perf_counter()
    entry, record = Entry(job.name), None
    try:
        with _uncollected():
            record = _converted(job, entry)
    except TieraddinError as fault:
        entry.error, entry.key = str(fault), fault.key
    except OSError as fault:
        entry.key = "convert.unreadable"
        entry.error = say(entry.key, file=job.source, detail=fault.strerror or fault)
    except Exception as fault:  # one file's fault of ours must not end the others
        entry.key = "convert.fault"
        entry.error = say(entry.key, file=job.source, detail=f"{type(fault).__name__}: {fault}"[:200])
    entry.seconds = round(time.perf_counter() - start, 4)
    return Outcome(job, entry, record)


@contextmanager
def _uncollected() -> Iterator[None]:
    """No search for cycles until the file is done, then one: else looking through its cells takes a tenth."""
    before = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if before:
            gc.enable()
            gc.collect(0)  # all that the file left is young


def _converted(job: Job, entry: Entry) -> dict[str, Any] | None:
    """Fill in ``entry``; the record for the ledger, None where nothing was written."""
    digest = file_hash(job.source)
    known = job.known
    same = known.get("hash") == digest and known.get("settings") == job.settings
    if same and zipfile.is_zipfile(job.output):  # else lost in a power cut, or taken away
        for name, value in known["entry"].items():
            setattr(entry, name, value)
        entry.file, entry.skipped, entry.backup = job.name, True, None
        return None
    with open_to_read(job.source) as book:
        parts = take_all(book, _placed(job, book, entry), fields_of(job.template), job.lang)
    taken = joined(parts, job.lang) if job.wishes.several else parts[0]
    _tell(entry, job.template, parts, taken)
    if job.preview:
        return None
    data = _filled(job, taken)
    job.output.parent.mkdir(parents=True, exist_ok=True)
    entry.output = str(job.output)
    result = hashlib.sha256(data).hexdigest()
    _write(job, entry, data, result)
    return {"hash": digest, "settings": job.settings, "result": result, "entry": slots_of(entry)}


def _placed(job: Job, book: Readable, entry: Entry) -> list[Placed]:
    hidden = [sheet for sheet in book.sheet_names if book.sheet_state(sheet) != "visible"]
    wish = job.wishes.of(job.source)
    if hidden and not wish.sheets:
        entry.notes.append(say("convert.hidden", sheets=listed(hidden)))
    return place(book, job.template, wish)


def _tell(entry: Entry, template: str, parts: Sequence[Taken], taken: Taken) -> None:
    """What was found, for the report: of each table, and of all together."""
    tables = [_table(part) for part in parts]
    entry.sheet, entry.table = (", ".join(dict.fromkeys(table[key] for table in tables)) for key in ("sheet", "table"))
    entry.rows_in, entry.rows_out, entry.rejected = taken.rows_in, taken.count, taken.rejects
    if entry.rows_in != entry.rows_out + entry.rejected:
        raise ValueError(f"{entry.rows_in} rows in, {entry.rows_out} out, {entry.rejected} rejected")
    entry.totals = sum(table["totals"] for table in tables)
    for table in reversed(tables):
        entry.mapping = table["mapping"] | entry.mapping
    entry.unmapped = taken.unmapped[0][1:]
    entry.notes += [note for part in parts for note in _notes(part, named=len(parts) > 1)]
    if others := [other for part in parts for other in part.placed.others]:
        entry.notes.append(say("convert.others", tables=listed(others, 20)))
    if len(parts) > 1:
        entry.tables = tables
        if count := in_several(parts, taken):
            entry.notes.append(say("convert.in_several", count=count))
    elif "deal" not in {column.key for column in template_of(template).main.columns}:
        count, rows = repeated(taken.columns)
        if count:
            entry.notes.append(say("convert.repeated", count=count, rows=rows))


def _table(part: Taken) -> dict[str, Any]:
    """A table as the report has it."""
    found = part.placed.found
    return {
        "sheet": part.placed.sheet,
        "table": found.name or str(found.area),
        "rows_in": part.rows_in,
        "rows_out": part.count,
        "rejected": part.rejects,
        "totals": Counter(out.why for out in found.left_out)[Why.TOTALS],
        "mapping": shown_mapping(part.placed.mapping),
    }


def _notes(part: Taken, *, named: bool) -> list[str]:
    """What a person should know of a table."""
    unsure = (say("convert.unsure", field=name) for name in part.placed.unsure)
    notes = [*left_out_said(part.placed.found), *unsure, *part.notes]
    where = called(part.placed.sheet, part.placed.found)
    return [say("convert.in_table", table=where, said=note) for note in notes] if named else notes


def _filled(job: Job, taken: Taken) -> bytes:
    """The workbook."""
    template = template_of(job.template)
    sheet = template.main
    columns = {**taken.columns, **results(sheet, taken.columns, job.lang)}
    tables = {sheet.table: {key: written(column) for key, column in columns.items()}}
    extras = {
        name: Extra(*extra) for name, extra in (("unmapped", taken.unmapped), ("rejected", taken.rejected)) if extra[1]
    }
    hidden = remembered(template, tables, job.lang, live=False)
    return fill(job.template, Filling(tables, extras, hidden), job.lang)


def _write(job: Job, entry: Entry, data: bytes, result: str) -> None:
    """Write the result (``result``: its hash) whole; a file there that is not that of an earlier run is kept beside."""
    there = file_hash(job.output) if job.output.is_file() else None
    if there == result:
        return  # of a run that was cut off before it could note it
    if there in (None, job.known.get("result")):
        write_whole(job.output, data, durable=False)
        return
    with keeping_copy(job.output) as copy:
        write_whole(job.output, data, durable=False)
    entry.backup = copy.get("backup")
