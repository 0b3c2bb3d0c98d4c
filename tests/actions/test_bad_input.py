"""Input that can't be used: one clear line in each language, the right exit code, nothing written, nothing lost."""

from __future__ import annotations

import errno
import io
import os
import zipfile
from collections.abc import Callable
from pathlib import Path

import openpyxl
import pytest
from openpyxl.worksheet.table import Table

from .conftest import SALES, Desk, fill

HEAD = ("Customer", "Sales")
PLAIN = [HEAD, *SALES]
CFB = bytes.fromhex("d0cf11e0a1b11ae1")
RETIER = ("retier", "book.xlsx", "--model", "value-abc")


def refused(desk: Desk, *arguments: object, code: int = 3, stdin: str | None = None) -> dict[str, str]:
    """What is said, in both languages, while nothing in the folder changes."""
    before, said = desk.state(), {}
    for lang in ("en", "zh"):
        answer = desk.run(*arguments, "--lang", lang, stdin=stdin)
        assert answer.code == code, answer
        assert answer.out == ""
        assert answer.err.endswith("\n")
        assert answer.err.count("\n") == 1, answer.err
        assert "Traceback" not in answer.err
        assert "Something went wrong" not in answer.err
        assert "意外错误" not in answer.err
        assert any("一" <= letter <= "鿿" for letter in answer.err) == (lang == "zh"), answer.err
        said[lang] = answer.err
    assert desk.state() == before
    return said


@pytest.fixture(autouse=True)
def here(desk, monkeypatch):
    monkeypatch.chdir(desk.folder)


def parts(desk: Desk) -> dict[str, bytes]:
    with zipfile.ZipFile(desk.book(PLAIN, "whole.xlsx")) as file:
        return {name: file.read(name) for name in file.namelist()}


def zipped(parts: dict[str, bytes]) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as file:
        for name, data in parts.items():
            file.writestr(name, data)
    return buffer.getvalue()


def broken_crc(desk: Desk) -> bytes:
    """The sheet's bytes are changed behind its checksum."""
    sheet = b"<worksheet>" + os.urandom(64)
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_STORED) as file:
        for name, data in {**parts(desk), "xl/worksheets/sheet1.xml": sheet}.items():
            file.writestr(name, data)
    return buffer.getvalue().replace(sheet, sheet[:-1] + bytes([sheet[-1] ^ 1]))


def with_sheet(desk: Desk, change: Callable[[bytes], bytes]) -> bytes:
    found = parts(desk)
    name = "xl/worksheets/sheet1.xml"
    return zipped(found | {name: change(found[name])})


def signed(desk: Desk) -> bytes:
    found = parts(desk)
    kind = b"http://schemas.openxmlformats.org/package/2006/relationships/digital-signature/origin"
    link = b'<Relationship Id="sig" Type="%s" Target="_xmlsignatures/origin.sigs"/></Relationships>' % kind
    found["_rels/.rels"] = found["_rels/.rels"].replace(b"</Relationships>", link)
    return zipped(found | {"_xmlsignatures/origin.sigs": b""})


LAUGHS = b'<!DOCTYPE x [<!ENTITY a "ha">' + b"".join(
    b'<!ENTITY %c "%s">' % (98 + k, b"&%c;" % (97 + k) * 10) for k in range(9)
)
EXTERNAL = b'<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/hostname">'


def doctype(declaration: bytes, entity: bytes) -> Callable[[bytes], bytes]:
    def change(sheet: bytes) -> bytes:
        text = sheet.partition(b"?>")[2] if sheet.startswith(b"<?xml") else sheet
        return declaration + b"]>" + text.replace(b"<sheetData>", b"<sheetData><!-- &%s; -->" % entity)

    return change


FILES: dict[str, tuple[Callable[[Desk], bytes], str]] = {
    "not a workbook": (lambda desk: b"name,sales\nAnn,5\n", "no Excel workbook"),
    "empty file": (lambda desk: b"", "no Excel workbook"),
    "old .xls": (lambda desk: CFB + bytes(600), ".xls"),
    "encrypted": (lambda desk: CFB + bytes(600) + "EncryptedPackage".encode("utf-16-le"), "password"),
    "signed": (signed, "signed"),
    "cut off": (lambda desk: zipped(parts(desk))[:-60], "damaged"),
    "bad CRC": (broken_crc, "damaged"),
    "zip bomb": (lambda desk: with_sheet(desk, lambda _: b"<worksheet>" + bytes(80 << 20)), "too large"),
    "XML bomb": (lambda desk: with_sheet(desk, doctype(LAUGHS, b"j")), "document type"),
    "external entity": (lambda desk: with_sheet(desk, doctype(EXTERNAL, b"a")), "document type"),
    "sheet cut off": (lambda desk: with_sheet(desk, lambda sheet: sheet[: len(sheet) // 2]), "damaged"),
    "no workbook in it": (lambda desk: zipped({"a.txt": b"x"}), "no Excel workbook"),
}


SHEET_ONLY = ("bad CRC", "XML bomb", "external entity", "sheet cut off")
"""What is wrong with these only those commands see that read the sheet."""
READERS = ("retier", "grade", "summarise")
CASES = [(case, by) for case in FILES for by in (*READERS, *(() if case in SHEET_ONLY else ("history", "restore")))]


@pytest.mark.parametrize(("case", "command"), CASES)
def test_files_that_can_not_be_read(case, command, desk):
    make, said = FILES[case]
    desk.path().write_bytes(make(desk))
    more = {
        "retier": ["--model", "value-abc", "--in-place"],
        "grade": ["--model", "value-abc"],
        "summarise": ["--id", "Customer", "--date", "Day", "--amount", "Sales"],
    }
    assert said in refused(desk, command, "book.xlsx", *more.get(command, []))["en"]


@pytest.mark.parametrize("command", ["retier", "grade"])
@pytest.mark.parametrize("name", ["none.xlsx", "folder", "folder.xlsx", "old.xls", "binary.xlsb", "notes.txt"])
def test_what_is_no_workbook_file(name, command, desk):
    if name.startswith("folder"):
        desk.path(name).mkdir()
    elif name != "none.xlsx":
        desk.path(name).write_bytes(CFB + bytes(600))
    said = refused(desk, command, name, "--model", "value-abc")
    assert all(name.partition(".")[0] in sentence for sentence in said.values())


def test_a_workbook_under_another_name(desk):
    """An .xlsx in all but its name: no Excel would open the result."""
    desk.book(PLAIN).rename(desk.path("book.xls"))
    refused(desk, "retier", "book.xls", "--model", "value-abc", "-o", "out.xlsx")


# Who else has it, and where it can't be written


@pytest.mark.parametrize("lock", ["~$book.xlsx", ".~lock.book.xlsx#"])
def test_open_elsewhere(lock, desk):
    desk.book(PLAIN)
    desk.path(lock).write_bytes(b"x")
    said = refused(desk, *RETIER, "--in-place")
    assert lock in said["en"]
    assert desk.run(*RETIER).code == 0  # a copy beside can be made all the same


def test_a_result_that_is_open_elsewhere(desk):
    desk.book(PLAIN)
    desk.path("~$book.tiered.xlsx").write_bytes(b"x")
    refused(desk, *RETIER)


@pytest.mark.parametrize("fault", [errno.ENOSPC, errno.EIO, errno.EDQUOT])
@pytest.mark.parametrize("more", [[], ["--in-place"], ["-o", "out.xlsx"]])
def test_a_disk_that_fails_while_it_is_written(fault, more, desk, monkeypatch):
    desk.book(PLAIN)

    def fail(_: int) -> None:
        raise OSError(fault, os.strerror(fault))

    monkeypatch.setattr(os, "fsync", fail)
    said = refused(desk, *RETIER, *more)
    assert os.strerror(fault) in said["en"]


def test_a_disk_too_full_for_the_backup(desk, monkeypatch):
    desk.book(PLAIN)

    def fail(source: Path, target: Path) -> None:
        target.write_bytes(b"half")
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC), str(target))

    monkeypatch.setattr("shutil.copy2", fail)
    refused(desk, *RETIER, "--in-place")


@pytest.mark.parametrize("command", ["retier", "grade", "summarise", "demo"])
def test_a_folder_that_can_not_be_written_to(command, desk, monkeypatch):
    rows = [(*HEAD, "Day"), *((*row, "2026-01-02") for row in SALES)]
    desk.book(rows)

    def deny(*_: object, **__: object) -> None:
        raise PermissionError(errno.EACCES, os.strerror(errno.EACCES), str(desk.folder))

    monkeypatch.setattr("tempfile.mkstemp", deny)
    monkeypatch.setattr("shutil.copyfile", deny)
    arguments = {
        "retier": RETIER,
        "grade": ("grade", "book.xlsx", "--model", "value-abc", "-o", "out.csv"),
        "summarise": ("summarise", "book.xlsx", "--id", "Customer", "--date", "Day", "--amount", "Sales"),
        "demo": ("demo",),
    }
    refused(desk, *arguments[command])


@pytest.mark.parametrize("folder", ["none", "book.xlsx"])
@pytest.mark.parametrize(
    ("arguments", "name"),
    [
        (RETIER, "out.xlsx"),
        (("restore", "book.xlsx"), "out.xlsx"),
        (("grade", "book.xlsx", "--model", "value-abc"), "out.csv"),
        (("summarise", "book.xlsx", "--id", "Customer", "--date", "Day", "--amount", "Sales"), "out.xlsx"),
        (("models", "value-abc"), "out.xlsx"),
    ],
)
def test_an_output_folder_that_is_missing(arguments, name, folder, desk):
    desk.book(PLAIN)
    assert f"no folder {folder}." in refused(desk, *arguments, "-o", f"{folder}/{name}")["en"]


@pytest.mark.parametrize("name", ["book.xlsx", "./book.xlsx", "link.xlsx"])
def test_an_output_that_is_the_input(name, desk):
    desk.book(PLAIN)
    desk.path("link.xlsx").symlink_to(desk.path())
    assert "--in-place" in refused(desk, *RETIER, "-o", name, code=2)["en"]
    desk.path("in.csv").write_text("value\n1\n")
    refused(desk, "grade", "in.csv", "--model", "value-abc", "-o", "in.csv", code=2)


def test_an_output_of_another_kind(desk):
    desk.book(PLAIN)
    refused(desk, *RETIER, "-o", "out.xlsm")
    refused(desk, *RETIER, "-o", "out.csv")


# Sheets


def test_a_protected_sheet(desk):
    book = openpyxl.Workbook()
    fill(book.active, PLAIN)
    book.active.protection.sheet = True
    book.save(desk.path())
    assert "protected" in refused(desk, *RETIER)["en"]


def test_a_table_that_hides_its_headers(desk):
    book = openpyxl.Workbook()
    fill(book.active, PLAIN)
    table = Table(displayName="T", ref="A2:B6", headerRowCount=0)
    table._initialise_columns()
    for column, name in zip(table.tableColumns, HEAD, strict=True):
        column.name = name
    table.autoFilter = None
    book.active.add_table(table)
    book.active["A1"] = book.active["B1"] = None
    book.save(desk.path())
    assert "Header Row" in refused(desk, *RETIER)["en"]


def test_a_sheet_at_its_last_column(desk):
    book = openpyxl.Workbook()
    fill(book.active, PLAIN)
    book.active["XFD1"] = "the end"
    fill(book.active, [("x", "y"), (1, 2)], 1, 4)
    book.save(desk.path())
    assert "last column" in refused(desk, *RETIER, "--map", "value=Sales")["en"]


def test_a_table_that_ends_at_the_last_column(desk):
    book = openpyxl.Workbook()
    fill(book.active, PLAIN, 1, 16_383)
    book.active.add_table(Table(displayName="T", ref="XFC1:XFD6"))
    book.save(desk.path())
    refused(desk, *RETIER)


def test_a_table_that_ends_at_the_last_row_is_graded(desk):
    book = openpyxl.Workbook()
    fill(book.active, PLAIN, 1_048_571)
    book.save(desk.path())
    done = desk.done(*RETIER)
    sheet = openpyxl.load_workbook(done["output"]).worksheets[0]
    assert [sheet.cell(row, 3).value for row in range(1_048_572, 1_048_577)] == ["A", "A", "B", "B", "C"]


@pytest.mark.parametrize("cell", ["x", None, "#N/A", "=1+1"])
def test_no_number_in_the_measure(cell, desk):
    desk.book([HEAD, *((name, cell) for name, _ in SALES)])
    assert "Sales on Sheet1 holds no number" in refused(desk, *RETIER)["en"]


@pytest.mark.parametrize("rows", [[], [HEAD], [("x",)], [(1, 2), (3, 4)]])
def test_no_table(rows, desk):
    desk.book(rows)
    refused(desk, *RETIER)


def test_two_tables_that_could_both_be_meant(desk):
    book = openpyxl.Workbook()
    fill(book.active, PLAIN)
    fill(book.active, PLAIN, 1, 8)
    fill(book.create_sheet("More"), PLAIN)
    book.save(desk.path())
    said = refused(desk, *RETIER)
    assert all(place in said["en"] for place in ("Sheet!A1:B6", "Sheet!H1:I6", "More!A1:B6"))
    refused(desk, *RETIER, "--sheet", "Sheet")
    assert desk.done(*RETIER, "--sheet", "More")["sheet"] == "More"
    assert desk.done(*RETIER, "--sheet", "Sheet", "--table", "H1")["table"] == "H1:I6"


def test_the_table_that_comes_closest_is_spoken_of(desk):
    """With several tables, what is said is about the one that was likely meant."""
    book = openpyxl.Workbook()
    fill(book.active, [("Region", "Manager"), ("North", "Zoe"), ("South", "Yan")])
    fill(book.create_sheet("C"), [("Customer", "Amount", "Revenue"), *((name, value, 1) for name, value in SALES)])
    book.save(desk.path())
    assert "Amount, Revenue" in refused(desk, *RETIER)["en"]
    assert desk.done(*RETIER, "--map", "value=Revenue", "--preview")["sheet"] == "C"
    assert "Region" in refused(desk, *RETIER, "--map", "value=Regions", code=2)["en"]
    assert "valu" in refused(desk, *RETIER, "--map", "valu=Revenue", code=2)["en"]
    both = refused(desk, "retier", "book.xlsx", "--model", "loss-ratio")["en"]
    assert all(said in both for said in ("Sheet!A1:B3", "C!A1:C6", "loss_ratio"))


# Wrong use

WRONG = {
    "model": (("--model", "value-abd"), "value-abc"),
    "option": (("--model", "value-abc", "--option", "cutz=1"), "cuts"),
    "option value": (("--model", "value-abc", "--option", "cuts=x"), "cuts"),
    "option form": (("--model", "value-abc", "--option", "cuts"), "cuts"),
    "field": (("--model", "value-abc", "--map", "valu=Sales"), "value"),
    "header": (("--model", "value-abc", "--map", "value=Sale"), "Sales"),
    "map form": (("--model", "value-abc", "--map", "Sales"), "Sales"),
    "sheet": (("--model", "value-abc", "--sheet", "Sheet9"), "Sheet1"),
    "table": (("--model", "value-abc", "--table", "Nope"), "A1:B6"),
    "area": (("--model", "value-abc", "--table", "A1:B"), "A1:B"),
    "result": (("--model", "value-abc", "--columns", "grade,colour"), "colour"),
    "cadence": (("--model", "value-abc", "--cadence", "rfm"), "rfm"),
    "unknown cadence": (("--model", "value-abc", "--cadence", "nope"), "nope"),
    "day": (("--model", "value-abc", "--as-of", "someday"), "someday"),
    "two outputs": (("--model", "value-abc", "--in-place", "-o", "out.xlsx"), "--in-place"),
    "no result": (("--model", "value-abc", "--columns", ""), "grade"),
}


@pytest.mark.parametrize("case", WRONG)
def test_wrong_use(case, desk):
    desk.book(PLAIN)
    arguments, said = WRONG[case]
    assert said in refused(desk, "retier", "book.xlsx", *arguments, code=2)["en"]


def test_an_unknown_language(desk):
    desk.book(PLAIN)
    before = desk.state()
    answer = desk.run(*RETIER, "--lang", "fr")
    assert (answer.code, answer.err.count("\n")) == (2, 1)
    assert desk.state() == before


def test_an_error_in_json(desk):
    answer = desk.run("retier", "none.xlsx", "--model", "value-abc", "--json")
    assert answer.code == 3
    assert "none.xlsx" in answer.json["error"]
    assert answer.json["key"] == "workbooks.no_such_file"


# Data


HALF = r'[{"value": 1, "customer": "\ud83d"}]'


@pytest.mark.parametrize("text", ["", "{", '{"value": 1}', "[1, 2]", "value\n1", '[{"value": 1}', "null", HALF])
def test_broken_json(text, desk):
    desk.path("in.json").write_text(text)
    refused(desk, "grade", "in.json", "--model", "value-abc")
    refused(desk, "grade", "-", "--model", "value-abc", stdin=text)


@pytest.mark.parametrize("data", [b"", b"a,b\n1,2,3\n4,5,6\n", b'value\n"1\n', b"\xff\xfe\x81", b"a,b\n1\n1,2,3\n"])
def test_broken_csv(data, desk):
    desk.path("in.csv").write_bytes(data)
    refused(desk, "grade", "in.csv", "--model", "value-abc")


@pytest.mark.parametrize("name", ["in.parquet", "in.json", "in.csv"])
def test_binary_rubbish(name, desk):
    desk.path(name).write_bytes(bytes(range(256)) * 4)
    refused(desk, "grade", name, "--model", "value-abc")


def test_an_unexpected_fault_is_one_line_and_its_details_are_kept(desk, monkeypatch):
    desk.book(PLAIN)
    monkeypatch.setenv("TMPDIR", str(desk.folder))
    monkeypatch.setattr("tempfile.tempdir", None)

    def fail(*_: object, **__: object) -> None:
        raise RuntimeError("a fault of ours")

    monkeypatch.setattr("tieraddin.actions.files.plan_retier", fail)
    answer = desk.run(*RETIER)
    assert answer.code == 3
    assert answer.err.count("\n") == 1
    (log,) = desk.folder.glob("tieraddin-*.log")
    assert str(log) in answer.err
    assert "a fault of ours" in log.read_text()
