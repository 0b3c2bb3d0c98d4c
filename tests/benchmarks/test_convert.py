"""Convert many small workbooks, beside an openpyxl script that fills the same template: one process each.

Run with the command that CONTRIBUTING.md gives.
"""

from __future__ import annotations

import random
from pathlib import Path

import pytest
from openpyxl import Workbook, load_workbook

from tieraddin.actions.convert.folder import convert
from tieraddin.templates.fill import Filling, fill

pytest.importorskip("pytest_benchmark")

FILES = 1000
HEADERS = ["客户名称", "Region", "Sales rep", "Telephone", "Sales", "Last contact", "Note", "Margin"]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory, request: pytest.FixtureRequest) -> Path:
    """1,000 workbooks of 200 to 500 customers; three where benchmarks are only run as tests."""
    files = 3 if request.config.getoption("--benchmark-disable") else FILES
    path = tmp_path_factory.mktemp("branches")
    chance = random.Random(7)
    for k in range(files):
        book = Workbook(write_only=True)
        sheet = book.create_sheet("Customers")
        sheet.append([f"Branch {k}"])
        sheet.append([])
        sheet.append(HEADERS)
        for i in range(chance.randint(200, 500)):
            day = f"2026-{i % 9 + 1:02d}-{i % 28 + 1:02d}"
            name, value = f"Customer {k}-{i} 有限公司", round(chance.lognormvariate(9, 1.5), 2)
            sheet.append([name, "Harbin", f"Rep {i % 9}", 13800000000 + i, value, day, f"note {i % 50}", 0.2])
        book.save(path / f"branch-{k:04d}.xlsx")
    return path


def by_product(folder: Path, out: Path) -> None:
    """The command in one process."""
    convert("customer-master", [str(folder)], out, workers=1)


def by_openpyxl(folder: Path, out: Path) -> None:
    """The usual script: load, sort, put what it knows into a copy of the template, save.

    It writes no reasons in words, no next steps, no dates of follow-ups, and no report.
    """
    empty = out / "template.xlsx"
    empty.write_bytes(fill("customer-master", Filling({}), "en"))
    for path in sorted(folder.glob("*.xlsx")):
        rows = list(load_workbook(path)["Customers"].iter_rows(min_row=4, values_only=True))
        total, running, grades = sum(row[4] for row in rows), 0.0, {}
        for i in sorted(range(len(rows)), key=lambda i: -rows[i][4]):
            grades[i] = ("A" if running < 0.8 * total else "B" if running < 0.95 * total else "C", running / total)
            running += rows[i][4]
        book = load_workbook(empty)
        sheet, rest = book["Customers"], book.create_sheet("Unmapped")
        for i, row in enumerate(rows):
            cells = [None, row[0], row[2], row[1], str(row[3]), row[4], row[5], *grades[i]]
            for k, cell in enumerate(cells, 1):
                sheet.cell(4 + i, k, cell)
            rest.append([4 + i, row[6], row[7]])
        table = next(iter(sheet.tables.values()))
        table.ref = table.autoFilter.ref = f"{table.ref.rstrip('0123456789')}{3 + len(rows)}"
        book.save(out / path.name)


@pytest.mark.usefixtures("english")
@pytest.mark.benchmark(group="convert 1,000 workbooks, one process")
@pytest.mark.parametrize("way", [by_product, by_openpyxl], ids=["tieraddin", "openpyxl"])
def test_convert(benchmark, folder: Path, tmp_path: Path, way) -> None:
    benchmark.pedantic(way, args=(folder, tmp_path), rounds=1)
    source = load_workbook(folder / "branch-0001.xlsx")["Customers"]
    result = load_workbook(tmp_path / "branch-0001.xlsx")["Customers"]
    assert [result.max_row, result["F4"].value] == [source.max_row, source["E4"].value]
