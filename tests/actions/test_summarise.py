"""Transactions made one row a customer; the judge is a plain loop over dicts, or pandas."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import openpyxl
import pytest

from .conftest import Desk, fill

HEAD = ("Client", "Day", "Sum")
ROWS = [
    ("Ann", dt.date(2025, 10, 30), 100),
    ("Bob", dt.date(2026, 3, 1), "¥1,200.50"),
    ("Ann", dt.date(2026, 10, 31), -30.10),
    (None, dt.date(2026, 1, 1), 5),
    ("Ann", "2025-11-01", 50.10),
    ("Cid", dt.date(2026, 2, 2), -7),
    ("Bob", None, 9),
    ("Bob", dt.date(2026, 5, 1), "n/a"),
    ("Bob", dt.date(2027, 1, 1), 1),
    ("Dee", "2026年10月31日", 0),
]
COLUMNS = ["customer", "first_order", "last_order", "recency_days", "frequency", "monetary", "orders_12m", "returns"]
DAY = dt.datetime
EXPECTED = [
    ("Ann", DAY(2025, 10, 30), DAY(2025, 11, 1), 364, 2, 120, 1, 30.1),
    ("Bob", DAY(2026, 3, 1), DAY(2026, 3, 1), 244, 1, 1200.5, 1, None),
    ("Cid", None, None, None, 0, -7, 0, 7),
    ("Dee", DAY(2026, 10, 31), DAY(2026, 10, 31), 0, 1, 0, 1, None),
]
"""As of 2026-10-31: the twelve months begin on 2025-11-01, so Ann's first order is not among them."""
ARGUMENTS = ("--id", "Client", "--date", "Day", "--amount", "Sum", "--as-of", "2026-10-31")


def customers(path) -> list[tuple]:
    book = openpyxl.load_workbook(path)
    assert book.sheetnames == ["Customers"]
    return list(book["Customers"].iter_rows(values_only=True))


def expected() -> list[tuple]:
    return [tuple(0 if value is None and k == 7 else value for k, value in enumerate(row)) for row in EXPECTED]


def test_a_file_that_is_replaced_stays_as_a_copy(desk):
    path = desk.book([HEAD, *ROWS])
    before = desk.book([("mine",)], "customers.xlsx").read_bytes()
    done = desk.done("summarise", path, *ARGUMENTS, "-o", desk.path("customers.xlsx"))
    assert desk.path("customers.xlsx").read_bytes() != before
    assert Path(done["backup"]).read_bytes() == before


def test_a_workbook(desk):
    book = openpyxl.Workbook()
    fill(book.active, [("Sales of the shop",), (), HEAD, *ROWS])
    book.save(desk.path())
    done = desk.done("summarise", desk.path(), *ARGUMENTS)
    assert done["output"] == str(desk.path("book.customers.xlsx"))
    head, *rows = customers(done["output"])
    assert list(head) == COLUMNS
    assert rows == expected()
    counts = {key: done[key] for key in ("transactions", "customers", "without_id", "without_date", "without_amount")}
    assert counts == {"transactions": 10, "customers": 4, "without_id": 1, "without_date": 1, "without_amount": 1}
    assert done["after_as_of"] == 1


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
def test_a_csv(encoding, desk):
    lines = [("客户", "日期", "金额"), *(("" if v is None else v for v in row) for row in ROWS)]
    text = "".join(",".join(f'"{value}"' for value in line) + "\n" for line in lines)
    desk.path("sales.csv").write_bytes(text.encode(encoding))
    arguments = ("--id", "客户", "--date", "日期", "--amount", "金额", "--as-of", "2026-10-31")
    done = desk.done("summarise", desk.path("sales.csv"), *arguments, "-o", desk.path("out.xlsx"), "--lang", "zh")
    head, *rows = customers(desk.path("out.xlsx"))
    assert rows == expected()
    assert head[0] == "客户"
    assert all(not name.isascii() for name in head)
    assert done["without_id"] == 1


def test_what_is_left_out_is_said(desk):
    path = desk.book([HEAD, *ROWS])
    answer = desk.run("summarise", path, *ARGUMENTS)
    assert answer.code == 0
    assert "customer: 1" in answer.out
    assert "date" in answer.out


def test_ids_stay_what_they_are(desk):
    """Numbers stay numbers and texts texts: 007 is not 7, and =1+1 is no formula."""
    desk.path("a.csv").write_text("Client,Day,Sum\n12,2026-01-01,1\n3,2026-01-01,1\n")
    desk.path("b.csv").write_text("Client,Day,Sum\n007,2026-01-01,1\n=1+1,2026-01-01,1\n7,2026-01-02,1\n")
    desk.done("summarise", desk.path("a.csv"), *ARGUMENTS)
    desk.done("summarise", desk.path("b.csv"), *ARGUMENTS)
    assert [row[0] for row in customers(desk.path("a.customers.xlsx"))[1:]] == [12, 3]
    assert [row[0] for row in customers(desk.path("b.customers.xlsx"))[1:]] == ["007", "=1+1", "7"]
    kinds = [c.data_type for c in openpyxl.load_workbook(desk.path("b.customers.xlsx"))["Customers"]["A"]]
    assert kinds == ["s"] * 4


def test_ids_that_no_cell_can_hold_are_made_so_that_one_can(desk):
    """Neither the control characters of old exports nor an id like an error or of 40,000 characters are in the way."""
    desk.path("a.csv").write_text(
        f"Client,Day,Sum\nA\x0bB,2026-01-01,1\n#N/A,2026-01-01,1\n{'x' * 40_000},2026-01-02,1\n"
    )
    desk.done("summarise", desk.path("a.csv"), *ARGUMENTS)
    cells = openpyxl.load_workbook(desk.path("a.customers.xlsx"))["Customers"]["A"][1:]
    assert [(cell.value[:4], cell.data_type) for cell in cells] == [("A B", "s"), ("#N/A", "s"), ("xxxx", "s")]


def test_the_summary_can_be_graded(desk):
    path = desk.book([HEAD, *ROWS])
    for lang in ("en", "zh"):
        desk.done("summarise", path, *ARGUMENTS, "--lang", lang, "-o", desk.path(f"{lang}.xlsx"))
        for model in ("value-abc", "rfm"):
            done = desk.done("retier", desk.path(f"{lang}.xlsx"), "--model", model, "--preview")
            assert done["rows"] == 4
        assert done["graded"] == 3  # Cid only returned goods


@pytest.mark.parametrize("day", ["2026-02-29", "soon", ""])
def test_a_day_that_is_none(day, desk):
    path = desk.book([HEAD, *ROWS])
    answer = desk.run("summarise", path, *ARGUMENTS[:-1], day)
    assert answer.code == 2
    assert answer.err.count("\n") == 1


def test_as_of_a_leap_day(desk):
    path = desk.book([HEAD, ("Ann", dt.date(2027, 2, 28), 1), ("Ann", dt.date(2027, 3, 1), 1)])
    done = desk.done("summarise", path, *ARGUMENTS[:-1], "2028-02-29")
    assert customers(done["output"])[1][6] == 1


def refused(desk: Desk, *arguments: object) -> tuple[int, str]:
    before = desk.state()
    answer = desk.run("summarise", *arguments)
    assert desk.state() == before
    assert answer.err.count("\n") == 1
    return answer.code, answer.err


def test_what_is_refused(desk):
    path = desk.book([HEAD, *ROWS])
    code, said = refused(desk, path, "--id", "Klient", *ARGUMENTS[2:])
    assert (code, "Klient" in said, "Client" in said) == (2, True, True)
    assert refused(desk, path, *ARGUMENTS, "-o", path)[0] == 2
    assert refused(desk, path, *ARGUMENTS, "-o", desk.path("out.csv"))[0] == 2
    assert refused(desk, path, *ARGUMENTS, "-o", desk.path("none") / "out.xlsx")[0] == 3
    assert refused(desk, path, *ARGUMENTS[:-1], "1999-01-01")[0] == 3
    assert refused(desk, desk.path("none.csv"), *ARGUMENTS)[0] == 3
