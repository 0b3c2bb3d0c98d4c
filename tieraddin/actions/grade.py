"""Grade data rather than workbooks: frames and records in, the same with their grades out."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from tieraddin.actions.rules import Result, Rules
from tieraddin.errors import UsageError
from tieraddin.followup.calendars import years_of
from tieraddin.grading.explain import Explainer
from tieraddin.grading.facts import literal
from tieraddin.grading.reason import Reasons
from tieraddin.language import Language, language, listed, say
from tieraddin.tables.frame import from_frame
from tieraddin.tables.mapping import map_fields
from tieraddin.tables.values import Table

if TYPE_CHECKING:
    import pandas as pd

Record = dict[str, Any]


def grade(
    frame: pd.DataFrame,
    model: str,
    *,
    map: Mapping[str, str] | None = None,
    cadence: str | None = None,
    as_of: dt.date | None = None,
    lang: Language | None = None,
    **options: Any,
) -> pd.DataFrame:
    """Grade the rows of a frame.

    Parameters
    ----------
    frame
        one row a customer; its columns are recognised as the model's fields by name, label or alias.
    model
        a model's id (``value-abc``), its Chinese or English name, or the path of a ``.toml`` file.
    map
        field -> column, where a column is not recognised by itself.
    cadence
        a model whose follow-up rhythm is used, where the model has none of its own.
    as_of
        the day for which the rows are graded (default: today).
    lang
        language of reasons and next steps, "zh" or "en" (default: the system's).
    options
        the model's options, such as ``crossing="out"`` or ``cuts=[0.7, 0.9]``.

    Returns
    -------
    pandas.DataFrame
        the frame's columns and index, and the columns grade (None for none), class, score, reason and next_step;
        where the model says how to treat a grade also handling;
        where there are follow-up dates also next_contact and overdue_days, where there are moves to propose movement.
        A column of the frame that bears such a name comes back as ``input_NAME``.

    Raises
    ------
    UsageError
        an unknown model, option, field or column.
    TableRefused
        a field has no column, or more than one could be meant.
    """
    result = graded(Rules.of(model, options, cadence, as_of), from_frame(frame), map)
    return frame_with(frame, result_columns(result, lang or language()))


def graded(rules: Rules, table: Table, given: Mapping[str, str] | None = None) -> Result:
    """The result of ``rules`` for a table whose columns are found by their headers."""
    return rules.apply(table, map_fields(table.headers, rules.fields, given))


def frame_with(frame: pd.DataFrame, columns: Mapping[str, list[Any]]) -> pd.DataFrame:
    """``frame`` with result columns at its right; its own columns of those names are kept as ``input_NAME``."""
    import pandas as pd

    own = frame.rename(columns=kept_names(frame.columns, columns))
    return pd.concat([own, pd.DataFrame(dict(columns), index=frame.index, dtype=object)], axis=1)


def records_with(records: Sequence[Record], columns: Mapping[str, list[Any]]) -> list[Record]:
    """Each record with its entries of ``columns``; its own entries of those names are kept as ``input_NAME``."""
    kept = kept_names((name for record in records for name in record), columns)
    return [
        {kept.get(name, name): value for name, value in record.items()}
        | {name: column[i] for name, column in columns.items()}
        for i, record in enumerate(records)
    ]


def kept_names(own: Iterable[str], results: Iterable[str]) -> dict[str, str]:
    """New names for those of ``own`` that are results too; the prefix is repeated where the new name is taken."""
    taken, kept = set(own), {}
    for name in taken.intersection(results):
        new = f"input_{name}"
        while new in taken:
            new = f"input_{new}"
        kept[name] = new
    return kept


def result_columns(result: Result, lang: Language, wanted: Collection[str] | None = None) -> dict[str, list[Any]]:
    """What comes back for each row, by name; only those of ``wanted``, where that is given.

    Raises
    ------
    UsageError
        a wanted column that this result does not have.
    """
    explain = Explainer(result.grading, lang)
    rows = range(len(result.grading))
    make: dict[str, Callable[[], list[Any]]] = {
        "grade": lambda: list(result.grading.grades),
        "class": lambda: [explain.group(i) for i in rows],
        "score": lambda: list(explain.scores),
        "reason": lambda: reasons(result, explain).all(),
        "next_step": lambda: explain.next_step.all(),  # noqa: PLW0108 - planned only when asked for
    }
    if any(grade.playbook for grade in result.grading.model.grades):
        make["handling"] = lambda: [explain.handling(i) for i in rows]
    if result.due is not None:
        days = [result.next_contact(i) for i in rows]
        make["next_contact"] = lambda: days
        make["overdue_days"] = lambda: [late if day else None for day, late in zip(days, result.overdue, strict=True)]
    if result.grading.model.movement and result.grading.model.movement.moves:
        make["movement"] = lambda: [result.grading.move_to(i) for i in rows]
    for name in wanted or ():
        if name not in make:
            raise UsageError("actions.unknown_column", column=name, columns=listed(make))
    return {name: column() for name, column in make.items() if wanted is None or name in wanted}


def reasons(result: Result, explain: Explainer) -> Reasons:
    """Why each row has its grade, and what is to be known of its follow-up date."""
    due = result.due
    if due is None or not due.plain_week.any():
        return explain.reason
    years = years_of(due.next_contact)
    said = {year: say("actions.plain_week", explain.lang, year=year) for year in set(years[due.plain_week].tolist())}
    return explain.reason_and([(due.plain_week & (years == year), literal(note)) for year, note in said.items()])
