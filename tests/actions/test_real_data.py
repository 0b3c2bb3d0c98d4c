"""Real input from end to end, against pandas: sort, cumsum, quantiles."""

from __future__ import annotations

import collections
import math
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import openpyxl
import pandas as pd
import pytest

from .conftest import SHARED, Desk, losses, under

DATA = SHARED / "data"
pytestmark = pytest.mark.skipif(not DATA.is_dir(), reason="the shared folder with the real data is not there")


def by_share(values: pd.Series, cuts: tuple[float, float] = (0.80, 0.95)) -> pd.Series:
    """Classes by cumulative share: sort, cumsum, and the share reached before each value, ties together."""
    positive = values.clip(lower=0)
    ranked = positive.sort_values(ascending=False)
    before = (ranked.cumsum() - ranked).groupby(ranked).min() / ranked.sum()
    share = positive.map(before).where(positive > 0, 1.0)
    return pd.Series(np.select([share < cuts[0] - 1e-9, share < cuts[1] - 1e-9], ["A", "B"], "C"), values.index)


def by_rank(values: pd.Series) -> pd.Series:
    """Classes by position: the best 5 and 20 % of those that have a value, counts rounded up, ties together."""
    rank = values.rank(method="min", ascending=False)
    n = values.notna().sum()
    return pd.Series(
        np.select([rank <= math.ceil(n * 0.05), rank <= math.ceil(n * 0.20)], ["A", "B"], "C"), values.index
    )


def counts(grades: pd.Series, labels: Sequence[str] = "ABC") -> dict[str, int]:
    return {label: int((grades == label).sum()) for label in labels}


def read(path: Path) -> pd.DataFrame:
    return pd.read_excel(path, engine="openpyxl")


def excel(frame: pd.DataFrame, path: Path) -> Path:
    book = openpyxl.Workbook(write_only=True)
    sheet = book.create_sheet("Sheet1")
    sheet.append(list(frame.columns))
    for row in frame.astype(object).where(frame.notna(), None).itertuples(index=False, name=None):
        sheet.append(row)
    book.save(path)
    return path


# The invoices of a year


def by_customer(invoices: pd.DataFrame) -> pd.DataFrame:
    """One row a customer on 2011-12-31, by pandas."""
    known = invoices.dropna(subset=["CustomerID"]).assign(day=lambda f: f["InvoiceDate"].dt.normalize())
    orders = known[known["amount_gbp"] >= 0].groupby("CustomerID")
    frame = pd.DataFrame({"monetary": known.groupby("CustomerID")["amount_gbp"].sum(), "frequency": orders.size()})
    frame["frequency"] = frame["frequency"].fillna(0).astype(int)
    frame["first_order"], frame["last_order"] = orders["day"].min(), orders["day"].max()
    frame["recency_days"] = (pd.Timestamp("2011-12-31") - frame["last_order"]).dt.days
    frame["returns"] = -known["amount_gbp"].clip(upper=0).groupby(known["CustomerID"]).sum()
    year = known[(known["amount_gbp"] >= 0) & (known["day"] > "2010-12-31")]
    frame["orders_12m"] = year.groupby("CustomerID").size().reindex(frame.index, fill_value=0)
    return frame


def same_series(one: pd.Series, other: pd.Series) -> None:
    """Equal values for equal customers; an id may be 17850 in one and 17850.0 in the other."""
    pd.testing.assert_series_equal(one, other, check_dtype=False, check_names=False, check_index_type=False)


def equal(back: pd.DataFrame, expected: pd.DataFrame) -> None:
    assert len(back) == len(expected)
    expected = expected.loc[back.index]
    for column in ("monetary", "returns"):
        np.testing.assert_allclose(back[column], expected[column], rtol=0, atol=1e-4)
    for column in ("frequency", "orders_12m"):
        assert (back[column] == expected[column]).all()
    for column in ("first_order", "last_order", "recency_days"):
        same_series(back[column], expected[column])


def score(values: pd.Series) -> pd.Series:
    """1 to 5 by quantile: one more for every edge strictly below."""
    known = values.dropna()
    edges = np.quantile(known, [0.2, 0.4, 0.6, 0.8])
    return pd.Series((known.to_numpy()[:, None] > edges).sum(axis=1) + 1, known.index)


def test_invoices_summarised_and_graded(tmp_path):
    """The invoices as .xlsx, made one row a customer, re-tiered by share of value and by RFM."""
    desk = Desk(tmp_path)
    source = DATA / "uci_online_retail_invoices_derived.csv"
    invoices = pd.read_csv(source, parse_dates=["InvoiceDate"])
    arguments = ("--id", "CustomerID", "--date", "InvoiceDate", "--amount", "amount_gbp", "--as-of", "2011-12-31")
    expected = by_customer(invoices)
    path = desk.path("customers.xlsx")

    done = desk.done("summarise", excel(invoices, desk.path("i.xlsx")), *arguments, "-o", path, "--lang", "en")

    assert (done["transactions"], done["customers"]) == (len(invoices), len(expected))
    assert done["without_id"] == invoices["CustomerID"].isna().sum()
    assert (done["without_date"], done["without_amount"], done["after_as_of"]) == (0, 0, 0)
    summary = read(path)
    equal(summary.set_index("customer"), expected)
    desk.done("summarise", source, *arguments, "-o", desk.path("from csv.xlsx"), "--lang", "en")
    pd.testing.assert_frame_equal(read(desk.path("from csv.xlsx")), summary)

    done = desk.done("retier", path, "--model", "value-abc", "-o", desk.path("abc.xlsx"))

    classes = by_share(expected["monetary"].round(4))
    assert done["counts"] == counts(classes)
    assert done["graded"] == len(expected)
    sheet = openpyxl.load_workbook(done["output"])["Customers"]
    ids = under(sheet, "customer")
    assert ids == summary["customer"].tolist()
    assert under(sheet, "Tier") == classes.loc[ids].tolist()
    reasons = dict(zip(ids, under(sheet, "Tier reason"), strict=True))
    assert "negative" in reasons[expected["monetary"].idxmin()]
    assert losses(path, desk.path("abc.xlsx"), "Customers", "I:L") == []

    done = desk.done("retier", path, "--model", "rfm", "-o", desk.path("rfm.xlsx"))

    frame = expected.loc[ids].assign(monetary=lambda f: f["monetary"].round(4))
    never = frame.index[frame["recency_days"].isna()]
    assert [entry["row"] for entry in done["ungraded"]] == [ids.index(i) + 2 for i in never]
    scores = [6 - score(frame["recency_days"]), score(frame["frequency"]), score(frame["monetary"])]
    codes = [None if i in never else "".join(str(s[i]) for s in scores) for i in ids]
    assert under(openpyxl.load_workbook(done["output"])["Customers"], "Tier score") == codes


# Wholesale customers: no id, no date


@pytest.mark.parametrize("column", ["Grocery", "Fresh"])
def test_wholesale_customers_by_rank(column, tmp_path):
    desk = Desk(tmp_path)
    frame = pd.read_csv(DATA / "uci_wholesale_customers.csv")
    path = excel(frame, desk.path("wholesale.xlsx"))
    done = desk.done("retier", path, "--model", "rank-abc", "--map", f"value={column}")
    expected = by_rank(frame[column])
    assert done["counts"] == counts(expected)
    sheet = openpyxl.load_workbook(done["output"]).worksheets[0]
    assert under(sheet, "Tier") == expected.tolist()
    assert losses(path, Path(done["output"]), "Sheet1", "I:L") == []


def test_wholesale_customers_without_a_mapping_are_refused(tmp_path):
    desk = Desk(tmp_path)
    path = excel(pd.read_csv(DATA / "uci_wholesale_customers.csv"), desk.path("wholesale.xlsx"))
    answer = desk.run("retier", path, "--model", "rank-abc")
    assert answer.code == 3
    assert "Grocery" in answer.err


# Sales of 2018, and the customers' old status


@pytest.fixture(scope="module")
def sales() -> pd.DataFrame:
    return read(DATA / "pbpython_2018_Sales_Total_v2.xlsx")


def test_sales_lead_from_the_old_status_to_the_new(sales, tmp_path):
    """Gold, silver and bronze of the status workbook are the grades before."""
    desk = Desk(tmp_path)
    arguments = ("--id", "account number", "--date", "date", "--amount", "ext price", "--as-of", "2018-12-31")
    source = DATA / "pbpython_2018_Sales_Total_v2.xlsx"
    done = desk.done("summarise", source, *arguments, "-o", desk.path("c.xlsx"), "--lang", "en")
    assert done["customers"] == sales["account number"].nunique()
    status = read(DATA / "pbpython_customer-status.xlsx").drop_duplicates("account number")
    joined = read(desk.path("c.xlsx")).merge(
        status[["account number", "status"]], left_on="customer", right_on="account number", how="left"
    )
    path = excel(joined.drop(columns="account number").assign(service_cost=0), desk.path("joined.xlsx"))
    before = desk.state()

    shown = desk.done("retier", path, "--model", "value-tiers", "--preview")

    assert desk.state() == before
    money = sales.groupby("account number")["ext price"].sum().round(4)
    rank = money.rank(method="min", ascending=False)
    edges = [rank <= math.ceil(len(money) * share) for share in (0.05, 0.20, 0.50)]
    new = pd.Series(np.select(edges, ["diamond", "gold", "silver"], "ordinary"), money.index)
    old = status.set_index("account number")["status"].reindex(money.index)
    moves = collections.Counter(
        (None if pd.isna(old[i]) else old[i], new[i]) for i in money.index if pd.isna(old[i]) or old[i] != new[i]
    )
    assert {(move["from"], move["to"]): move["count"] for move in shown["moves"]} == dict(moves)
    assert {"bronze", "silver", "gold"} >= {move["from"] for move in shown["moves"] if move["from"]}
    assert sum(move["from"] is None for move in shown["moved"]) == old.isna().sum() == 4
    assert shown["counts"] == counts(new, ("diamond", "gold", "silver", "ordinary", "junk"))
    assert {move["customer"] for move in shown["moved"]} <= {str(number) for number in money.index}
    said = desk.run("retier", path, "--model", "value-tiers", "--preview")
    assert "bronze" in said.out


def test_sales_graded_with_the_status_as_from(sales, tmp_path):
    """The status workbook itself, with each customer's sales beside."""
    desk = Desk(tmp_path)
    status = read(DATA / "pbpython_customer-status.xlsx")
    status["sales"] = status["account number"].map(sales.groupby("account number")["ext price"].sum().round(2))
    path = excel(status, desk.path("status.xlsx"))
    done = desk.done("retier", path, "--model", "value-abc")
    sheet = openpyxl.load_workbook(done["output"]).worksheets[0]
    expected = by_share(status["sales"])
    assert under(sheet, "Tier") == expected.tolist()
    assert under(sheet, "status") == status["status"].tolist()
    moves = collections.Counter(zip(status["status"], expected, strict=True))
    assert {(move["from"], move["to"]): move["count"] for move in done["moves"]} == dict(moves)


# The smaller workbooks


def test_money_as_text(tmp_path):
    desk = Desk(tmp_path)
    source = DATA / "pbpython_sales_cleanup.xlsx"
    done = desk.done("retier", source, "--model", "value-abc", "-o", desk.path("out.xlsx"))
    values = read(source)["Sales"].map(lambda v: float(str(v).replace("$", "").replace(",", "")))
    sheet = openpyxl.load_workbook(desk.path("out.xlsx")).worksheets[0]
    assert under(sheet, "Tier") == by_share(values).tolist()
    assert done["graded"] == len(values)
    assert losses(source, desk.path("out.xlsx"), sheet.title, "C:F") == []


def test_a_funnel_with_a_price_named(tmp_path):
    desk = Desk(tmp_path)
    source = DATA / "pbpython_salesfunnel.xlsx"
    frame = read(source)
    done = desk.done("retier", source, "--model", "value-abc", "--map", "value=Price", "-o", desk.path("out.xlsx"))
    sheet = openpyxl.load_workbook(desk.path("out.xlsx")).worksheets[0]
    expected = by_share(frame["Price"])
    assert under(sheet, "Tier") == expected.tolist()
    assert done["counts"] == counts(expected)
    assert {move["from"] for move in done["moves"]} == set(frame["Status"])
    assert losses(source, desk.path("out.xlsx"), sheet.title, "I:L") == []


def test_sales_by_rep_with_dates_as_text(tmp_path):
    desk = Desk(tmp_path)
    source = DATA / "pbpython_sample-sales-reps.xlsx"
    frame = read(source)
    arguments = ("--id", "customer name", "--date", "date", "--amount", "ext price", "--as-of", "2016-12-31")
    done = desk.done("summarise", source, *arguments, "-o", desk.path("out.xlsx"), "--lang", "en")
    back = read(desk.path("out.xlsx")).set_index("customer")
    groups = frame.groupby("customer name")
    assert done["customers"] == len(back) == len(groups)
    np.testing.assert_allclose(back["monetary"], groups["ext price"].sum().loc[back.index], atol=1e-4)
    days = pd.to_datetime(frame["date"]).dt.normalize()
    last = days[frame["ext price"] >= 0].groupby(frame["customer name"]).max()
    same_series(back["last_order"], last.loc[back.index])
