"""What is refused, each with its own sentence, and nothing written."""

from __future__ import annotations

import os
import stat
import zipfile

import pytest

from tieraddin.errors import WorkbookRefused
from tieraddin.workbooks import open_workbook

from .conftest import parts_of, relationships, write_zip

CFB = bytes.fromhex("d0cf11e0a1b11ae1")


def zipped(parts, tmp_path, name="x.xlsx"):
    return write_zip(tmp_path / name, parts).read_bytes()


def broken_crc(tmp_path):
    data = zipped(parts_of(), tmp_path)
    entry = zipfile.ZipFile(tmp_path / "x.xlsx").getinfo("xl/workbook.xml")
    crc = entry.CRC.to_bytes(4, "little")
    return data.replace(crc, bytes(4))


def bomb(tmp_path):
    return zipped(parts_of() | {"xl/media/image.png": bytes(70 << 20)}, tmp_path)


CASES = {
    "text_file": lambda t: "客户,sales\nAnn,5\n".encode(),
    "text_file gbk": lambda t: "客户,销售额\n".encode("gbk"),
    "not_a_workbook": lambda t: b"\x7fELF\0\0",
    "not_a_workbook empty": lambda t: b"",
    "open_document": lambda t: zipped({"mimetype": "application/vnd.oasis.opendocument.spreadsheet"}, t),
    "old_format": lambda t: CFB + bytes(600),
    "encrypted": lambda t: CFB + bytes(600) + "EncryptedPackage".encode("utf-16-le"),
    "damaged": lambda t: zipped(parts_of(), t)[:-40],
    "damaged crc": broken_crc,
    "too_large": bomb,
    "no_workbook": lambda t: zipped({"a.txt": "x"}, t),
    "no_workbook part": lambda t: zipped(
        parts_of() | {"_rels/.rels": relationships(("officeDocument", "gone.xml"))}, t
    ),
    "binary_workbook": lambda t: zipped(
        parts_of() | {"_rels/.rels": relationships(("officeDocument", "xl/workbook.bin")), "xl/workbook.bin": "x"}, t
    ),
    "signed": lambda t: zipped(
        parts_of()
        | {"_rels/.rels": relationships(("officeDocument", "xl/workbook.xml"), ("digital-signature/origin", "o.sigs"))},
        t,
    ),
    "duplicate_part": lambda t: zipped(parts_of() | {"XL/Workbook.xml": "x"}, t),
    "doctype": lambda t: zipped(
        parts_of() | {"xl/workbook.xml": '<!DOCTYPE a [<!ENTITY b "c">]>' + parts_of()["xl/workbook.xml"]}, t
    ),
    "malformed": lambda t: zipped(parts_of() | {"xl/workbook.xml": "<workbook"}, t),
}


@pytest.mark.parametrize("case", CASES)
def test_files_that_are_refused(case, tmp_path):
    path = tmp_path / "book.xlsx"
    path.write_bytes(CASES[case](tmp_path))
    with pytest.raises(WorkbookRefused) as refusal:
        open_workbook(path)
    assert refusal.value.key == f"workbooks.{case.split()[0]}"
    assert refusal.value.sentence("en").endswith(".")
    assert refusal.value.sentence("zh").endswith("。")


def test_no_file(tmp_path):
    with pytest.raises(WorkbookRefused, match="nowhere"):
        open_workbook(tmp_path / "nowhere.xlsx")


@pytest.mark.parametrize(
    ("sheet", "key"),
    [
        ('<sheetData><row r="2"/><row r="1"/></sheetData>', "rows_out_of_order"),
        ('<sheetData><row r="1"><c r="A1"><v>1</c></row></sheetData>', "malformed"),
        ('<sheetData><row r="1">', "malformed"),
        ('<sheetData><row r="1.0"/></sheetData>', "malformed"),
        ('<sheetData><row r=""/></sheetData>', "malformed"),
        ('<sheetData><row r="1" s="x" customFormat="1"/></sheetData>', "malformed"),
        ('<sheetData><row r="1"><c r="A1" s="9999999999"/></row></sheetData>', "malformed"),
        ('<sheetData><row r="1"><c r="A1"><f t="shared" si="x">1</f></c></row></sheetData>', "malformed"),
        ("<cols/>", "no_rows"),
    ],
)
def test_sheets_that_are_refused(make, sheet, key):
    with open_workbook(make(sheet)) as book, pytest.raises(WorkbookRefused) as refusal:
        book.write("S", 1, 1, [[1]])
    assert refusal.value.key == f"workbooks.{key}"


def test_unknown_sheet_and_area(make):
    with open_workbook(make()) as book:
        with pytest.raises(WorkbookRefused, match="Nobody"):
            book.read("Nobody", "A1")
        for area in ("A0", "1A", "A1:B2:C3", "XFE1", "A1048577", ""):
            with pytest.raises(WorkbookRefused):
                book.read("S", area)
        for columns, first, last in (([0], 1, 2), ([1], 0, 2), ([1], 3, 2), ([16_385], 1, 1), ([1], 1, 1_048_577)):
            with pytest.raises(WorkbookRefused):
                book.read_columns("S", columns, first, last)
        with pytest.raises(WorkbookRefused):
            book.write_columns("S", 1, 1, [[1], [1, 2]])
        with pytest.raises(WorkbookRefused):
            book.write_columns("S", 1, 1, [[1]], number_formats=["0", "0"])


def saved_badly(path, target=None):
    with open_workbook(path) as book:
        book.write("S", 1, 1, [[1]])
        with pytest.raises(WorkbookRefused) as refusal:
            book.save(target)
        assert book.read("S", "A1") == [[1]]
    return refusal.value.key.removeprefix("workbooks.")


@pytest.mark.parametrize("lock", ["~$book.xlsx", ".~lock.book.xlsx#"])
def test_open_elsewhere(make, lock):
    path = make()
    before = path.read_bytes()
    path.with_name(lock).write_text("me")
    assert saved_badly(path) == "open_elsewhere"
    assert path.read_bytes() == before


@pytest.mark.parametrize("name", ["book.xlsm", "book.xls", "book"])
def test_wrong_suffix(make, name):
    path = make()
    assert saved_badly(path, path.with_name(name)) == "wrong_suffix"
    assert not path.with_name(name).exists()


def test_changed_by_someone_else(make):
    path = make()
    with open_workbook(path) as book:
        book.write("S", 1, 1, [[1]])
        other = write_zip(path.with_name("other.xlsx"), parts_of("<sheetData></sheetData>"))
        other.replace(path)
        theirs = path.read_bytes()
        with pytest.raises(WorkbookRefused) as refusal:
            book.save()
        assert refusal.value.key == "workbooks.changed_meanwhile"
        assert path.read_bytes() == theirs


def test_no_space_left(make, monkeypatch):
    path = make()
    before = path.read_bytes()

    def full(_: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    assert saved_badly(path) == "cannot_write"
    assert path.read_bytes() == before
    assert [entry.name for entry in path.parent.iterdir()] == ["book.xlsx"]


def test_no_such_folder(make):
    path = make()
    assert saved_badly(path, path.parent / "nowhere" / "book.xlsx") == "cannot_write"


def test_a_damaged_part_is_not_passed_on(tmp_path):
    path = write_zip(tmp_path / "book.xlsx", parts_of() | {"xl/media/image.png": b"picture" * 9})
    entry = zipfile.ZipFile(path).getinfo("xl/media/image.png")
    path.write_bytes(path.read_bytes().replace(entry.CRC.to_bytes(4, "little"), bytes(4)))
    assert saved_badly(path) == "damaged"


@pytest.mark.skipif(os.name != "posix", reason="file modes are of POSIX")
def test_the_file_keeps_its_mode_and_a_link_stays(make):
    path = make()
    path.chmod(0o640)
    link = path.with_name("link.xlsx")
    link.symlink_to(path)
    with open_workbook(link) as book:
        book.write("S", 1, 1, [[1]])
        book.save()
    assert stat.S_IMODE(path.stat().st_mode) == 0o640
    assert link.is_symlink()
    with open_workbook(path) as book:
        assert book.read("S", "A1") == [[1]]
