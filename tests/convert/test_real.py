"""Real workbooks and data: those with customers are converted and counted by others, the rest end in a clear reason."""

from __future__ import annotations

import csv

import openpyxl
import pandas
import pytest

from tests.conftest import SHARED

from .conftest import columns_of, sheet_of

DATA, CORPUS = SHARED / "data", SHARED / "corpus"
needs_data = pytest.mark.skipif(not DATA.is_dir(), reason="the shared folder of real data is not there")
needs_corpus = pytest.mark.skipif(not CORPUS.is_dir(), reason="the shared folder of foreign workbooks is not there")
LONG = 60
"""Seconds that no file may take on the slowest machine; most take none."""
OURS = {"convert.fault", "convert.died"}


def by_abc(values):
    """Tiers by running share, worked out with pandas: who crosses a cut belongs to the better class."""
    frame = pandas.DataFrame({"value": values}).sort_values("value", ascending=False)
    before = (frame.value.cumsum() - frame.value) / frame.value.sum()
    return before.map(lambda share: "A" if share < 0.8 else "B" if share < 0.95 else "C").sort_index().tolist()


@needs_data
def test_the_wholesale_customers(office, result):
    path = DATA / "uci_wholesale_customers.csv"
    with path.open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    name = next(iter(rows[0]))
    entry = office.entry("--map", "value=Grocery", "--map", f"customer={name}", sources=[path])
    assert (entry["rows_in"], entry["rows_out"], entry["rejected"]) == (len(rows), len(rows), 0)
    columns = result("uci_wholesale_customers.xlsx")
    values = [float(row["Grocery"]) for row in rows]
    assert columns["Value"] == values
    assert columns["Tier"] == by_abc(values)
    kept = result("uci_wholesale_customers.xlsx", "Unmapped")
    assert columns["Region"] == [row["Region"] for row in rows]
    for header in set(rows[0]) - {"Grocery", "Region", name}:
        assert [str(cell) for cell in kept[header]] == [row[header] for row in rows]


@needs_data
def test_sales_lines_of_a_real_workbook(office, result):
    path = DATA / "pbpython_2018_Sales_Total_v2.xlsx"
    source = columns_of(sheet_of(path), 1)
    given = ["--map", "value=ext price", "--map", "customer=name", "--map", "number=account number"]
    entry = office.entry(*given, sources=[path])
    assert entry["rows_in"] == entry["rows_out"] + entry["rejected"] == len(source["name"])
    columns = result("pbpython_2018_Sales_Total_v2.xlsx")
    assert columns["Customer"] == source["name"]
    assert columns["Value"] == source["ext price"]
    assert columns["Customer number"] == [str(number) for number in source["account number"]]
    kept = result("pbpython_2018_Sales_Total_v2.xlsx", "Unmapped")
    assert kept["sku"] == source["sku"]
    assert kept["quantity"] == source["quantity"]


@needs_data
def test_every_workbook_of_the_data_ends_in_a_result_or_a_reason(office):
    done = office.run(sources=[DATA])[1]
    assert len(done["files"]) == sum(1 for file in DATA.iterdir() if file.suffix in (".xlsx", ".csv"))
    check(done["files"])


def check(entries):
    """Each entry is a result that adds up, or one sentence of a known kind."""
    for entry in entries:
        assert entry["key"] not in OURS, entry
        assert entry["seconds"] < LONG, entry
        if entry["error"]:
            assert entry["output"] is None
            assert "Traceback" not in entry["error"]
        else:
            assert entry["rows_in"] == entry["rows_out"] + entry["rejected"] > 0
            assert openpyxl.load_workbook(entry["output"]).worksheets[0].max_row == entry["rows_out"] + 3


@needs_corpus
@pytest.mark.parametrize("lang", ["en", "zh"])
def test_a_sample_of_foreign_workbooks(office, lang):
    files = [file for file in sorted(CORPUS.iterdir())[::12] if file.stat().st_size < 300_000]
    done = office.run("--workers", 1, "--lang", lang, sources=files)[1]
    assert len(done["files"]) == len(files)
    check(done["files"])


@needs_corpus
@pytest.mark.corpus
def test_all_foreign_workbooks(office):
    done = office.run("--workers", 1, sources=[CORPUS])[1]
    assert len(done["files"]) > 500
    check(done["files"])


@needs_corpus
@pytest.mark.corpus
def test_the_first_columns_of_foreign_workbooks(office):
    """Whatever they hold: many of these have no numbers, some are no tables, a few become results."""
    given = ["--map", "value=#2", "--map", "customer=#1"]
    done = office.run(*given, "--workers", 1, sources=sorted(CORPUS.iterdir())[::3])[1]
    check(done["files"])
    assert sum(1 for entry in done["files"] if not entry["error"]) > 5
