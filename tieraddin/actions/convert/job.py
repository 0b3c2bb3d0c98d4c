"""What is to be done with one file, and what became of it: both cross from one process to another."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from tieraddin.actions.convert.wishes import Wishes
from tieraddin.language import Language


@dataclass(frozen=True, slots=True)
class Job:
    """A conversion of one file.

    Attributes
    ----------
    name
        what the file is called in reports: its path as the person gave it.
    output
        the workbook to write.
    template
        the name under which `tieraddin.templates.variant.template_of` finds it.
    settings
        what, besides the file's bytes, the result depends on.
    known
        what an earlier run made of the file, as its ledger says.
    preview
        whether nothing is to be written.
    """

    source: Path
    name: str
    output: Path
    template: str
    lang: Language
    wishes: Wishes
    settings: str
    known: dict[str, Any] = field(default_factory=dict)
    preview: bool = False


@dataclass(slots=True)
class Entry:
    """What became of a file: a line of the report.

    Attributes
    ----------
    sheet, table
        where its customers are.
    rows_in
        the customers found there: ``rows_out`` and ``rejected`` together. ``totals`` are none, and counted apart.
    mapping
        column of the template -> header, how it was found, and how sure that is (1 at most).
    tables
        of several tables each one: sheet, table, rows_in, rows_out, rejected, totals, mapping.
    unmapped
        the headers that have no place in the template; their cells are on a sheet beside.
    notes
        what a person should know.
    error, key
        why there is no result, as a sentence and as its id; None where there is one.
    skipped
        whether the result of an earlier run stands.
    """

    file: str
    sheet: str | None = None
    table: str | None = None
    rows_in: int = 0
    rows_out: int = 0
    rejected: int = 0
    totals: int = 0
    mapping: dict[str, dict[str, Any]] = field(default_factory=dict)
    tables: list[dict[str, Any]] = field(default_factory=list)
    unmapped: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    seconds: float = 0.0
    error: str | None = None
    key: str | None = None
    output: str | None = None
    backup: str | None = None
    skipped: bool = False


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a process gives back: the line of the report, and what the ledger keeps (hashes; None for a failure)."""

    job: Job
    entry: Entry
    record: dict[str, Any] | None = None
