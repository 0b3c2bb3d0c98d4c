"""Faults of records, one kind a table, worked by hand; the day of the audit is 20 March 2026."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tieraddin.grading.audit import Fault, Records, faults_of, general_checks
from tieraddin.grading.readings import Reading, read_field
from tieraddin.language import use_language
from tieraddin.models.parts import FieldSpec
from tieraddin.models.sections import AuditCheck
from tieraddin.tables.values import Cell, CellError, Column
from tieraddin.tables.words import alike

pytestmark = pytest.mark.usefixtures("english")
DAY = dt.date(2026, 3, 20)
LABEL = {"zh": "错", "en": "fault"}
KINDS = {
    "amount": "number", "ratio": "share", "visits": "count", "late": "flag", "credit": "choice", "ordered": "date",
    "due": "date", "note": "text", "customer": "text",
}  # fmt: skip


def spec(name: str) -> FieldSpec:
    extra: dict[str, Any] = {"label": {"zh": name, "en": name}}
    if name == "credit":
        extra["values"] = {word: {"label": {"zh": word, "en": word}} for word in ("good", "poor")}
    return FieldSpec.model_validate(
        {"name": name, "kind": KINDS[name], "ahead": name == "due", "required": name == "amount", **extra}
    )


def records(**cells: Sequence[Cell]) -> Records:
    columns = {name: Column.of(list(column)) for name, column in cells.items()}
    fields = {name: spec(name) for name in cells}
    readings: dict[str, Reading] = {
        name: read_field(fields[name], column, 1.0, len(column)) for name, column in columns.items()
    }
    return Records(fields, columns, {name: name.title() for name in cells}, readings, DAY)


def check(kind: str, *fields: str, **keys: Any) -> AuditCheck:
    return AuditCheck.model_validate({"id": kind, "kind": kind, "fields": list(fields), "label": LABEL, **keys})


def found(checks: AuditCheck | Sequence[AuditCheck], rows: Records) -> list[tuple[int, str]]:
    faults = faults_of([checks] if isinstance(checks, AuditCheck) else checks, rows)
    return [(fault.row, fault.field) for fault in faults]


def d(year: int, month: int, day: int) -> dt.datetime:
    return dt.datetime(year, month, day)


# ------------------------------------------------------------ late and wrong

LATE = {"field": "late", "is": True}


def test_late_is_a_marked_row() -> None:
    rows = records(late=["yes", "no", None, "是", 1])
    assert found(check("late", when=LATE), rows) == [(0, "late"), (3, "late"), (4, "late")]


@pytest.mark.parametrize(
    "date, late",
    [
        (d(2026, 3, 13), False),  # seven days ago
        (d(2026, 3, 12), True),
        (d(2026, 3, 20), False),
        (d(2026, 4, 1), False),
        (d(1990, 1, 1), True),
        (d(1989, 12, 31), False),  # no date that can be: an impossible one, not a late one
        (None, False),
        ("soon", False),
        ("2026年3月1日", True),
    ],
)
def test_late_is_a_date_too_long_ago(date: Cell, late: bool) -> None:
    assert bool(found(check("late", "ordered", older_than=7), records(ordered=[date]))) is late


def test_a_row_is_late_once() -> None:
    rows = records(late=["yes", None], ordered=[d(2026, 1, 1), d(2026, 1, 1)])
    faults = faults_of([check("late", "ordered", when=LATE, older_than=7, charge=20)], rows)
    assert [(fault.row, fault.field, fault.check.charge) for fault in faults] == [(0, "late", 20), (1, "ordered", 20)]
    assert str(faults[1].reason) == "dated 2026-01-01, 78 days ago, more than the 7 allowed"
    assert found(check("late", "ordered"), rows) == []  # without a limit the date does not count


@pytest.mark.parametrize(
    "field, cells, wrong",
    [
        ("amount", [1, "1,200", "¥3", "about 5", CellError("#N/A"), None, True], [3, 4, 6]),
        ("ratio", [0.5, "50%", "half"], [2]),
        ("visits", [3, "4", -1, 1.5, "two"], [2, 3, 4]),
        ("late", ["yes", "否", "√", "perhaps", 2, None], [3, 4]),
        ("note", ["any", 5, CellError("#REF!"), None], [2]),
        ("credit", ["good", "bad", None], [1]),
    ],
)
def test_wrong_is_a_cell_that_can_not_be_read(field: str, cells: list[Cell], wrong: list[int]) -> None:
    assert found(check("wrong", field), records(**{field: cells})) == [(row, field) for row in wrong]


# ------------------------------------------------------------ doubles


@pytest.mark.parametrize(
    "names, expected",
    [
        (["Acme", "acme", "Bolt"], [(1, 0)]),
        (["Ａｃｍｅ　Ltd", "ACME LTD", "acme  ltd "], [(1, 0), (2, 0)]),
        (["甲公司", "甲 公司", "乙公司"], [(1, 0)]),
        (["甲（北京）", "甲(北京)"], [(1, 0)]),
        (["1-11", "11-1"], []),
        ([1001, "1001", 1001.0], [(1, 0), (2, 0)]),
        ([None, None, "", " ", CellError("#N/A"), CellError("#N/A")], []),
        (["a", "b", "a", "b"], [(2, 0), (3, 1)]),
        (["only"], []),
        ([], []),
    ],
)
def test_doubles(names: list[Cell], expected: list[tuple[int, int]]) -> None:
    faults = faults_of([check("duplicate", "customer")], records(customer=names))
    assert [(fault.row, fault.twin) for fault in faults] == expected


def test_doubles_in_several_fields_are_alike_in_all_of_them() -> None:
    rows = records(customer=["a", "a", "a", "A"], ordered=[d(2026, 1, 1), d(2026, 1, 2), None, "2026年1月1日"])
    assert found(check("duplicate", "customer", "ordered"), rows) == [(3, "customer")]
    rows = records(customer=["a", "b", "A"], amount=[1200, 1200, "1,200"])
    assert found(check("duplicate", "customer", "amount"), rows) == [(2, "customer")]
    rows = records(customer=["a", "a", "A"], note=["x", "y", " X"])
    assert found(check("duplicate", "customer", "note"), rows) == [(2, "customer")]
    assert found(check("duplicate", "customer", "due"), rows) == []  # without the column no one can tell


def test_doubles_among_some_rows_only() -> None:
    rows = records(customer=["a", "a", "a"], late=[None, "yes", "yes"])
    assert found(check("duplicate", "customer", when=LATE), rows) == [(2, "customer")]


@given(st.lists(st.sampled_from(["a", "A", " a", "b", "ｂ", "c", None]), max_size=20))
def test_every_name_is_left_once(names: list[str | None]) -> None:
    faults = faults_of([check("duplicate", "customer")], records(customer=names))
    there = [alike(name) for name in names if name]
    assert len(there) - len(faults) == len(set(there))
    assert all(fault.twin is not None and fault.twin < fault.row for fault in faults)


# ------------------------------------------------------------ dates


@pytest.mark.parametrize(
    "cell, ordered, due",
    [
        (d(2026, 3, 20), None, None),
        (d(2026, 3, 21), "2026-03-21 lies after 2026-03-20", None),  # a due date may lie ahead
        (d(1990, 1, 1), None, None),
        (d(1989, 12, 31), "1989-12-31 lies before 1990", "1989-12-31 lies before 1990"),
        ("2026-02-30", "is no date that can be read", "is no date that can be read"),
        ("1/2/2026", "is no date that can be read", "is no date that can be read"),
        (CellError("#VALUE!"), "is no date that can be read", "is no date that can be read"),
        (20260301, None, None),
        (None, None, None),
    ],
)
def test_impossible_dates(cell: Cell, ordered: str | None, due: str | None) -> None:
    for field, expected in (("ordered", ordered), ("due", due)):
        faults = faults_of([check("impossible_date", field)], records(**{field: [cell]}))
        assert [str(fault.reason) for fault in faults] == ([expected] if expected else [])


def test_dates_in_the_wrong_order() -> None:
    rows = records(
        ordered=[d(2026, 3, 2), d(2026, 3, 2), d(2026, 3, 2), None, d(2026, 3, 2)],
        due=[d(2026, 3, 1), d(2026, 3, 2), d(2026, 4, 1), d(2026, 3, 1), None],
    )
    assert found(check("impossible_date", "ordered", "due"), rows) == []
    faults = faults_of([check("impossible_date", "ordered", "due", in_order=True)], rows)
    assert [(fault.row, fault.field, str(fault.reason)) for fault in faults] == [
        (0, "due", "2026-03-01 lies before Ordered (2026-03-02)")
    ]


# ------------------------------------------------------------ codes, blanks, and what any model is asked


def test_unknown_codes_and_blanks() -> None:
    rows = records(credit=["good", "Poor ", "fair", None, CellError("#N/A")])
    faults = faults_of([check("unknown_code", "credit")], rows)
    assert [fault.row for fault in faults] == [2, 4]
    assert str(faults[0].reason) == "is none of: good, poor"
    assert found(check("missing", "credit"), rows) == [(3, "credit")]


def test_general_checks_look_at_what_the_model_leaves_out() -> None:
    rows = records(amount=["x", None], credit=["bad", "good"], ordered=["never", None], customer=["a", "a"])
    assert found(general_checks([], rows), rows) == [
        (0, "credit"),
        (0, "ordered"),
        (0, "amount"),
        (1, "amount"),
        (1, "customer"),
    ]
    own = [check("unknown_code", "credit", charge=10), check("duplicate", "note")]
    general = general_checks(own, rows)
    assert sorted(entry.kind for entry in general) == ["impossible_date", "missing", "wrong"]
    assert all(entry.charge == 0 for entry in general)


def test_reasons_are_said_in_the_language_in_use() -> None:
    fault: Fault = faults_of([check("impossible_date", "ordered")], records(ordered=[d(2026, 3, 21)]))[0]
    use_language("zh")
    assert str(fault.reason) == "2026-03-21 晚于 2026-03-20"
