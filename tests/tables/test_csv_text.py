"""Texts as spreadsheets of several countries save them are read as they were written, or not at all."""

from __future__ import annotations

import pytest

from tieraddin.tables.csv_text import decoded, separator

MAINLAND = "客户名称,销售额,备注\n甲有限公司,700,朱镕基\n乙,200,喆\n"
TAIWAN = "客戶名稱,銷售額,備註\n台灣電子,700,a\n宏碁,200,b\n"
GERMAN = "Kunde;Umsatz\nMüller;1\nÖl AG;2\nStraße;3\n"


@pytest.mark.parametrize(
    "text, encodings",
    [
        (MAINLAND, ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "gb18030"]),
        (TAIWAN, ["utf-8", "gb18030", "cp950"]),
        (GERMAN, ["utf-8", "cp1252", "utf-16-le"]),
        ("Customer,Sales\n台灣,1\n", ["cp950", "utf-16-le"]),
        ("Customer,Sales\nÄrger,1\n", ["cp1252"]),
        ("Customer,Sales\nÉCOLE À PARIS,1\nCAFÉ,2\n", ["cp1252"]),
        ("Ann’s – shop,5 €\n", ["cp1252"]),
        ("Customer,Sales\nAnn,1\n", ["ascii", "utf-16-le", "utf-16-be"]),
        ("", ["ascii"]),
    ],
)
def test_a_text_is_as_it_was_written(text, encodings):
    assert {encoding: decoded(text.encode(encoding)) for encoding in encodings} == dict.fromkeys(encodings, text)


@pytest.mark.parametrize(
    "raw",
    [
        "株式会社トヨタ,100\nソニー,50\n".encode("shift-jis"),
        "Клиент,Sales\nГазпром,1\n".encode("cp1251"),
        "客户,1\n".encode() + "客户,1\n".encode("gb18030") + b"\xff\xfe\n",
    ],
)
def test_what_no_encoding_fits_is_no_text(raw):
    with pytest.raises(UnicodeDecodeError):
        decoded(raw)


@pytest.mark.parametrize(
    "text, expected",
    [
        ("a,b;c,d\n1;2;3;4", ","),
        ("a;b\n1,5;2,5\n", ";"),
        ("Customers of 2026\n\nCustomer;Sales\nAnn;1,5\n", ";"),
        ('"Customer, of all,, kinds";Sales\nAnn;1\n', ";"),
        ("a\tb\n", "\t"),
        ("alone\nx\n", ","),
    ],
)
def test_what_stands_between_cells(text, expected):
    assert separator(text) == expected
