"""Re-tier a sheet: grades, reasons, next steps and follow-up dates into columns of the person's own table."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from tieraddin.actions.grade import reason
from tieraddin.actions.locate import Located, locate, read_table
from tieraddin.actions.memory import Kept, KeptColumn, Memory, packed
from tieraddin.actions.rules import Result, Rules
from tieraddin.errors import TableRefused, UsageError
from tieraddin.grading.explain import Explainer, Lazy
from tieraddin.grading.movement import current_codes
from tieraddin.grading.readings import read_field
from tieraddin.language import LANGUAGES, Language, language, say
from tieraddin.tables.coerce import as_texts
from tieraddin.tables.layout import LAST_COLUMN, Area
from tieraddin.tables.mapping import How, Mapped, said
from tieraddin.tables.values import Cell, Kind
from tieraddin.workbooks.port import KEEP, Workbook, Written

RESULTS = ("grade", "score", "reason", "next_step", "next_contact")
WIDTHS = {"grade": 10, "score": 10, "reason": 60, "next_step": 44, "next_contact": 14}
DATE_FORMAT = "yyyy-mm-dd"


@dataclass(slots=True)
class Retier:
    """A re-tier worked out, nothing written yet.

    Attributes
    ----------
    before
        the grade of each row before the run: a grade's id where it is one of the model's, else the text; None where
        there is none. None in all where the table holds no grades yet.
    keys
        which results become columns.
    """

    book: Workbook
    memory: Memory
    located: Located
    result: Result
    before: list[str | None] | None
    keys: list[str]
    lang: Language
    explain: Explainer = field(init=False)

    def __post_init__(self) -> None:
        self.explain = Explainer(self.result.grading, self.lang)

    @property
    def area(self) -> Area:
        """Where the customers are."""
        return self.located.found.area

    @property
    def rows(self) -> list[int]:
        """The sheet row of each customer."""
        return [int(row) for row in self.located.found.rows]

    def ungraded(self) -> list[dict[str, Any]]:
        """The rows without a grade, with the reason."""
        at = np.flatnonzero(self.result.grading.codes < 0).tolist()
        return [{"row": self.rows[i], "reason": self.explain.reason(i)} for i in at]

    def moved(self) -> list[int]:
        """The positions whose grade is another than before."""
        if self.before is None:
            return []
        return [
            i for i, (old, new) in enumerate(zip(self.before, self.result.grading.grades, strict=True)) if old != new
        ]

    def moves(self) -> list[dict[str, Any]]:
        """How many went from which grade to which, most first."""
        grades, before = self.result.grading.grades, self.before or []
        pairs = Counter((before[i], grades[i]) for i in self.moved())
        return [{"from": old, "to": new, "count": count} for (old, new), count in pairs.most_common()]

    def customers(self, positions: Sequence[int]) -> list[str]:
        """What rows are called, for people: the first column that holds texts, else the first column."""
        if not positions:
            return []
        first, last = self.rows[0], self.rows[-1]
        numbers = [number for number, header in self.located.headers.items() if header]
        columns = self.book.read_columns(self.located.sheet, numbers, first, last)
        named = next((column for column in columns if (column.kinds == Kind.TEXT).any()), columns[0])
        codes, texts = as_texts(named)
        return [texts[code] if (code := codes[self.rows[i] - first]) >= 0 else "" for i in positions]

    def notes(self) -> list[str]:
        """What a person should know of how the table was read."""
        scaled = {name: mapped for name, mapped in self.located.mapping.items() if mapped.scale != 1}
        unsure = [say("actions.unsure_beside", field=name) for name in self.located.unsure]
        return [*said(scaled), *unsure]

    def summary(self) -> dict[str, Any]:
        """What the run comes to, as JSON has it."""
        grading = self.result.grading
        ungraded = self.ungraded()
        return {
            "model": grading.model.id,
            "sheet": self.located.sheet,
            "table": str(self.area),
            "rows": len(grading),
            "graded": len(grading) - len(ungraded),
            "ungraded": ungraded,
            "left_out": [{"row": int(out.row), "reason": str(out.why)} for out in self.located.found.left_out],
            "counts": grading.counts(),
            "moves": self.moves(),
            "mapping": {name: mapped.header for name, mapped in self.located.mapping.items()},
            "columns": [header for _, header in self.targets().values()],
        }

    # ------------------------------------------------------------ writing

    def targets(self, overwrite: bool = False) -> dict[str, tuple[int | None, str]]:
        """For each result its column (None for a new one) and header."""
        taken = {header.strip(): column for column, header in self.located.headers.items() if header}
        targets: dict[str, tuple[int | None, str]] = {}
        for key in self.keys:
            if key in self.located.ours:
                targets[key] = self.located.ours[key]
                continue
            names = [say(f"actions.column_{key}", lang) for lang in LANGUAGES]
            own = next((name for name in names if name in taken), None)
            name = say(f"actions.column_{key}", self.lang)
            if own is not None and overwrite:
                targets[key] = (taken[own], own)
            else:
                targets[key] = (None, _free_name(name, self.result.grading.model.id, taken))
        return targets

    def values(self, key: str) -> Callable[[int], Cell]:
        """What result ``key`` is for each row."""
        match key:
            case "grade":
                return self.explain.label
            case "score":
                return self.explain.score
            case "reason":
                return lambda i: reason(self.result, self.explain, i)
            case "next_step":
                return self.explain.next_step
            case _:
                return self.result.next_contact

    def apply(self, *, overwrite: bool = False, log: bool = True) -> list[str]:
        """Write the results into the open workbook (nothing is saved yet); the headers written.

        Parameters
        ----------
        overwrite
            write over columns of the person's own that bear a result's name.
        log
            add a line to the log.
        """
        targets = self.targets(overwrite)
        found, header_row = self.located.found, self.located.header_row
        new = [(key, header) for key, (column, header) in targets.items() if column is None]
        in_table, first_new = self._place(new)
        first, last = int(found.rows[0]), int(found.rows[-1])
        kept = Kept(
            self.memory.next_run, self.result.grading.model.id, self.located.sheet, found.name, in_table,
            header_row, first, last,
            {name: mapped.header for name, mapped in self.located.mapping.items()},
            skipped=sorted(set(range(first, last + 1)) - set(self.rows)),
            written=checksum(self.explain.label(i) for i in range(len(self.rows))),
        )  # fmt: skip
        at = np.full(last - first + 1, -1, np.int64)
        at[found.rows - first] = np.arange(len(found.rows))
        for key, (column, header) in targets.items():
            if column is not None:
                before = self.book.read_columns(self.located.sheet, [column], first, last)[0]
                kept.columns.append(KeptColumn(key, header, column, packed(before), header))
                self._write([key], column, at, None)
        if new:
            kept.columns += [KeptColumn(key, header, first_new + k) for k, (key, header) in enumerate(new)]
            self._write([key for key, _ in new], first_new, at, self.area.last_column)
            for k, (key, _) in enumerate(new):
                self.book.set_column_width(self.located.sheet, first_new + k, WIDTHS[key])
        self.memory.add(kept)
        if log:
            self._log(kept.run)
        return [header for _, header in targets.values()]

    def _write(self, keys: list[str], column: int, at: Any, like: int | None) -> None:
        """Write results side by side; rows that are no customers stay as they are."""
        positions = at.tolist()

        def cells(value: Callable[[int], Cell]) -> Callable[[int], Written]:
            return lambda k: value(positions[k]) if positions[k] >= 0 else KEEP

        columns = [Lazy(len(positions), cells(self.values(key))) for key in keys]
        row = int(self.located.found.rows[0])
        formats = [DATE_FORMAT if like and key == "next_contact" else None for key in keys]
        self.book.write_columns(self.located.sheet, row, column, columns, like=like, number_formats=formats)

    def _place(self, new: Sequence[tuple[str, str]]) -> tuple[bool, int]:
        """Make room for new columns: in the Excel table, else beside the block; whether in the table, and the first."""
        found, sheet = self.located.found, self.located.sheet
        headers = [header for _, header in new]
        right = max([self.area.last_column, *(column for column, _ in self.located.ours.values())])
        free = self._free(right + 1, len(new))
        if found.name is not None and (free or not new) and right == self.area.last_column:
            if new:
                self.book.extend_table(sheet, found.name, headers)
            return True, right + 1
        if not new:
            return False, right + 1
        if not free:
            used = self.book.used_range(sheet)
            right = (used.last_column if used else right) + 1
        if right + len(new) > LAST_COLUMN:
            raise TableRefused("actions.no_room", sheet=sheet, count=len(new))
        style_like = [[header] for header in headers]
        self.book.write_columns(sheet, self.located.header_row, right + 1, style_like, like=self.area.last_column)
        return False, right + 1

    def _free(self, column: int, count: int) -> bool:
        """Whether the cells right of the table are free."""
        grid = self.book.kinds(self.located.sheet)
        rows = (grid.rows >= self.located.header_row) & (grid.rows <= self.area.last_row)
        columns = (grid.columns >= column) & (grid.columns < column + count)
        return not (grid.kinds[np.ix_(rows, columns)] != Kind.BLANK).any()

    def _log(self, run: int) -> None:
        summary, rules = self.summary(), self.result.rules
        entries = {
            "Model": summary["model"],
            "Model hash": rules.source.hash,
            "Options": ", ".join(f"{name}={value}" for name, value in rules.options.items()),
            "Sheet": summary["sheet"],
            "Table": summary["table"],
            "Rows": summary["rows"],
            "Graded": summary["graded"],
            "Counts": "; ".join(f"{grade}: {count}" for grade, count in summary["counts"].items()),
            "Moves": "; ".join(f"{m['from'] or '-'} > {m['to'] or '-'}: {m['count']}" for m in summary["moves"]),
        }
        self.memory.write_log(run, "retier", **entries)


def checksum(labels: Any) -> str:
    """SHA-256 of grades as written."""
    return hashlib.sha256("\n".join("" if label is None else str(label) for label in labels).encode()).hexdigest()[:16]


def _free_name(name: str, model: str, taken: Mapping[str, Any]) -> str:
    names = [name, f"{name} ({model})", *(f"{name} ({model}) {k}" for k in range(2, 100))]
    folded = {text.casefold() for text in taken}
    return next(candidate for candidate in names if candidate.casefold() not in folded)


def result_keys(columns: Sequence[str] | None) -> list[str]:
    """The results that ``columns`` names, by key or header in either language; all where None."""
    if columns is None:
        return list(RESULTS)
    known = {say(f"actions.column_{key}", lang).casefold(): key for key in RESULTS for lang in LANGUAGES}
    known |= {key: key for key in RESULTS} | {
        "tier": "grade",
        "next_follow_up": "next_contact",
        "follow_up": "next_contact",
    }
    keys = []
    for column in columns:
        if column.strip().casefold() not in known:
            raise UsageError("actions.unknown_column", column=column, columns=", ".join(RESULTS))
        keys.append(known[column.strip().casefold()])
    return [key for key in RESULTS if key in keys]


def plan_retier(
    book: Workbook,
    rules: Rules,
    *,
    sheet: str | None = None,
    table: str | None = None,
    given: Mapping[str, str] | None = None,
    columns: Sequence[str] | None = None,
    lang: Language | None = None,
) -> Retier:
    """Work out a re-tier of the customers of ``book``; nothing is written.

    Parameters
    ----------
    sheet, table, given
        see `tieraddin.actions.locate.locate`.
    columns
        the results that become columns (default: all).

    Raises
    ------
    UsageError, TableRefused, ModelError
        see `locate`; a table without customers, or whose main measure holds no number, is refused.
    """
    keys = result_keys(columns)
    memory = Memory(book)
    located = locate(book, rules, memory, sheet, table, given)
    if not len(located.found.rows):
        raise TableRefused("actions.no_customers", table=str(located.found.area), sheet=located.sheet)
    before = located.ours.get("grade")
    customers = read_table(book, located, [before[0]] if before else [])
    mapping = dict(located.mapping)
    if before and "current_grade" not in mapping:
        mapping["current_grade"] = Mapped(len(located.headers), before[1], How.REMEMBERED)
    result = rules.apply(customers, mapping)
    _refuse_without_numbers(rules, located, result)
    if result.due is None:
        keys = [key for key in keys if key != "next_contact"]
    old = Mapped(len(located.headers), before[1], How.REMEMBERED) if before else mapping.get("current_grade")
    return Retier(book, memory, located, result, _before(rules, result, customers, old), keys, lang or language())


def _refuse_without_numbers(rules: Rules, located: Located, result: Result) -> None:
    main = rules.model.main_field
    reading = result.readings[main.name]
    if main.required and reading.kind == "number" and not reading.known.any():
        header = located.mapping[main.name].header
        raise TableRefused("actions.no_numbers", header=header, sheet=located.sheet, field=main.name)


def _before(rules: Rules, result: Result, customers: Any, old: Mapped | None) -> list[str | None] | None:
    """The grade of each row before the run."""
    if old is None:
        return None
    spec = next(field for field in rules.fields if field.name == "current_grade")
    reading = read_field(spec, customers.columns[old.column], 1.0, len(customers))
    codes = current_codes(rules.model, reading).tolist()
    ids = rules.model.grade_ids
    return [
        ids[code] if code >= 0 else (reading.names[value] if known else None)
        for code, value, known in zip(codes, reading.values.tolist(), reading.known.tolist(), strict=True)
    ]
