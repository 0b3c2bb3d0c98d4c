"""Re-tier a large workbook from end to end, beside an openpyxl script that loads, edits and saves it.

Run with the command that CONTRIBUTING.md gives.
"""

from __future__ import annotations

import random
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest
from openpyxl import Workbook, load_workbook

pytest.importorskip("pytest_benchmark")

ROWS = 100_000


@pytest.fixture(scope="module")
def book(tmp_path_factory: pytest.TempPathFactory, request: pytest.FixtureRequest) -> Path:
    """A workbook of 100,000 customers and ten columns; a hundred where benchmarks are only run as tests."""
    rows = 100 if request.config.getoption("--benchmark-disable") else ROWS
    path = tmp_path_factory.mktemp("large") / "customers.xlsx"
    chance = random.Random(7)
    made = Workbook(write_only=True)
    sheet = made.create_sheet("Customers")
    sheet.append(["Customer", "City", "Rep", "Sales", "Orders", "Discount", "Note", "Margin", "Code", "Year"])
    for k in range(rows):
        sheet.append(
            [
                f"Customer {k}",
                "Harbin",
                "Ana",
                round(chance.lognormvariate(9, 1.5), 2),
                k % 37,
                0.1,
                f"note {k % 50}",
                0.2,
                k,
                2026,
            ]
        )
    made.save(path)
    return path


def by_product(path: Path, out: Path) -> None:
    """The command as a person runs it."""
    command = [sys.executable, "-m", "tieraddin", "retier", str(path), "--model", "value-abc", "-o", str(out), "--json"]
    subprocess.run(command, check=True, capture_output=True)


def by_openpyxl(path: Path, out: Path) -> None:
    """The usual script: load, sort, four more columns, save."""
    book = load_workbook(path)
    sheet = book["Customers"]
    rows = list(sheet.iter_rows(min_row=2, min_col=4, max_col=4))
    total, running = sum(row[0].value for row in rows), 0.0
    sheet.cell(1, 11, "Tier"), sheet.cell(1, 12, "Share"), sheet.cell(1, 13, "Reason"), sheet.cell(1, 14, "Next")
    for cell in sorted((row[0] for row in rows), key=lambda cell: -cell.value):
        grade = "A" if running < 0.8 * total else "B" if running < 0.95 * total else "C"
        running += cell.value
        sheet.cell(cell.row, 11, grade)
        sheet.cell(cell.row, 12, running / total)
        sheet.cell(cell.row, 13, f"{grade}: running total {running / total:.1%}")
        sheet.cell(cell.row, 14, "" if grade == "A" else f"more than {cell.value:,.2f}")
    book.save(out)


@pytest.mark.benchmark(group="re-tier 100,000 rows")
@pytest.mark.parametrize("way", [by_product, by_openpyxl], ids=["tieraddin", "openpyxl"])
def test_retier(benchmark, book: Path, tmp_path: Path, way) -> None:
    out = tmp_path / "out.xlsx"
    benchmark.pedantic(way, args=(book, out), rounds=2, warmup_rounds=1 if way is by_product else 0)
    with closing(load_workbook(out, read_only=True)) as book:
        assert book["Customers"]["K1"].value == "Tier"
