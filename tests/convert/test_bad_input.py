"""What is wrong with one file is said of that file, in a sentence, and the others are converted all the same."""

from __future__ import annotations

import os
import subprocess
import sys
import zipfile

import pytest

from tieraddin.actions.convert.tidy import MOST_CHARACTERS

from .conftest import ROWS, sheet_of

CFB = bytes.fromhex("d0cf11e0a1b11ae1") + bytes(600)
OTHER = [("Team", "Goals"), ("Reds", 3), ("Blues", 1)]


def text_of(office, name, data):
    (office.src / name).write_bytes(data)


def without_results(office, name):
    """A workbook whose formulas were never calculated, as programs write them."""
    office.book(name, [("Customer", "Sales"), ("Ann", "=1+1"), ("Bo", "=2+2")])


def cut_off(office, name):
    whole = office.book(name).read_bytes()
    text_of(office, name, whole[: len(whole) // 2])


def hidden(office, name):
    import openpyxl

    path = office.book(name, OTHER, Customers=ROWS)
    book = openpyxl.load_workbook(path)
    book["Customers"].sheet_state = "hidden"
    book.save(path)


def twice(office, name):
    office.book(name, ROWS, Second=ROWS)


def mixed(office, name):
    text_of(office, name, "客户,Sales\n".encode() + "客户,1\n".encode("gbk") + b"\xff\xfe\n")


TWO_NAMES = [("Name", "Client", "Sales"), ("a", "b", 1)]
NO_NUMBERS = [("Customer", "Sales"), ("Ann", "x"), ("Bo", "y")]
FAULTS = {
    "encrypted": ("b.xlsx", lambda o, n: text_of(o, n, CFB + "EncryptedPackage".encode("utf-16-le")), "password"),
    "corrupt": ("b.xlsx", cut_off, "damaged"),
    "corrupt xls": ("b.xls", lambda o, n: text_of(o, n, CFB), "b.xls"),
    "empty file": ("b.xlsx", lambda o, n: text_of(o, n, b""), "b.xlsx"),
    "no table": ("b.xlsx", lambda o, n: o.book(n, [("just a note",)]), "header"),
    "empty sheet": ("b.xlsx", lambda o, n: o.book(n, []), "empty"),
    "another table": ("b.xlsx", lambda o, n: o.book(n, OTHER), "--map"),
    "headers only": ("b.xlsx", lambda o, n: o.book(n, ROWS[:1]), "header"),
    "ambiguous table": ("b.xlsx", twice, "Sheet1!A1:D6, Second!A1:D6"),
    "ambiguous columns": ("b.xlsx", lambda o, n: o.book(n, TWO_NAMES), "Name, Client"),
    "only on a hidden sheet": ("b.xlsx", hidden, "Goals"),
    "no results": ("b.xlsx", without_results, "Open the file in Excel and save it"),
    "mixed encodings": ("b.csv", mixed, "b.csv"),
    "no customer can be used": ("b.xlsx", lambda o, n: o.book(n, NO_NUMBERS), "“x”"),
}  # fmt: skip


@pytest.mark.parametrize("lang", ["en", "zh"])
@pytest.mark.parametrize("case", FAULTS)
def test_a_file_that_fails_is_told_and_leaves_the_others(office, case, lang):
    name, make, said = FAULTS[case]
    office.book("a.xlsx")
    make(office, name)
    code, done = office.run("--lang", lang)
    assert code == 4
    good, bad = done["files"]
    assert (good["error"], good["rows_out"]) == (None, 5)
    assert (bad["output"], bad["rows_out"]) == (None, 0)
    assert bad["key"] not in (None, "convert.fault")
    assert "\n" not in bad["error"].strip()
    if lang == "en":
        assert said in bad["error"]
    else:
        assert any("\u4e00" <= letter <= "\u9fff" for letter in bad["error"])
    assert office.files() == {"a.xlsx"}


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_a_hidden_sheet_is_told_and_read_when_named(office, lang):
    hidden(office, "b.xlsx")
    assert "Customers" in " ".join(office.entry("--lang", lang)["notes"])
    wish = office.out.parent / "map.toml"
    wish.write_text('[files."b*"]\nsheet = "Customers"\n', "utf-8")
    assert office.entry("--map", wish)["rows_out"] == 5


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_one_table_among_twenty_sheets(office, result, lang):
    others = {f"Page {k}": OTHER if k % 2 else [] for k in range(19)}
    office.book("a.xlsx", OTHER, **others, Customers=ROWS)
    entry = office.entry("--lang", lang)
    assert (entry["sheet"], entry["rows_out"]) == ("Customers", 5)
    assert any("Page 1!" in note for note in entry["notes"])


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_several_tables_among_twenty_sheets_are_named(office, lang):
    office.book("a.xlsx", ROWS, **{f"Page {k}": ROWS if k in (3, 17) else OTHER for k in range(19)})
    entry = office.entry("--lang", lang)
    assert entry["key"] == "convert.several_tables"
    between = {"en": ", ", "zh": "、"}[lang]
    assert between.join(["Sheet1!A1:D6", "Page 3!A1:D6", "Page 17!A1:D6"]) in entry["error"]
    assert office.entry("--lang", lang, "--tables", "all")["rows_out"] == 15


@pytest.mark.parametrize("lang, said", [("en", "Close it"), ("zh", "请关闭正在使用它的程序")])
def test_a_locked_file(office, monkeypatch, lang, said):
    from pathlib import Path

    office.book("a.xlsx")
    locked, real = office.book("b.xlsx"), Path.open

    def opened(self, *arguments, **more):
        if self == locked:
            raise PermissionError(13, "Permission denied", str(self))
        return real(self, *arguments, **more)

    monkeypatch.setattr(Path, "open", opened)
    code, done = office.run("--workers", 1, "--lang", lang)
    assert code == 4
    assert "Permission denied" in done["files"][1]["error"]
    assert said in done["files"][1]["error"]


def test_a_result_that_is_open_elsewhere(office, monkeypatch):
    """Windows replaces no file that another program has open."""
    from pathlib import Path

    office.book("a.xlsx")
    office.book("b.xlsx")
    office.run()
    office.book("a.xlsx", [("Customer", "Sales"), ("New", 7)])
    office.book("b.xlsx", [("Customer", "Sales"), ("New", 7)])
    before, real = (office.out / "b.xlsx").read_bytes(), Path.replace

    def replaced(self, target):
        if target == office.out / "b.xlsx":
            raise PermissionError(13, "Permission denied", str(target))
        return real(self, target)

    monkeypatch.setattr(Path, "replace", replaced)
    code, done = office.run("--workers", 1)
    assert code == 4
    assert [entry["key"] for entry in done["files"]] == [None, "workbooks.cannot_write"]
    assert "b.xlsx" in done["files"][1]["error"]
    assert (office.out / "b.xlsx").read_bytes() == before
    assert not [*office.out.rglob("*.tmp")]
    monkeypatch.undo()
    again = office.run()[1]["files"]
    assert [(entry["skipped"], entry["error"]) for entry in again] == [(True, None), (False, None)]


def test_a_signed_workbook_is_read(office):
    """Only an edit would break the signature."""
    path = office.book("a.xlsx")
    with zipfile.ZipFile(path) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    kind = "http://schemas.openxmlformats.org/package/2006/relationships/digital-signature/origin"
    signature = f'<Relationship Id="sig" Type="{kind}" Target="_xmlsignatures/origin.sigs"/></Relationships>'
    parts["_rels/.rels"] = parts["_rels/.rels"].replace(b"</Relationships>", signature.encode())
    with zipfile.ZipFile(path, "w") as archive:
        for name, data in parts.items():
            archive.writestr(name, data)
    before = path.read_bytes()
    assert office.entry()["rows_out"] == 5
    assert path.read_bytes() == before


def test_lock_files_and_other_kinds_are_no_sources(office):
    office.book("a.xlsx")
    for name in ("~$a.xlsx", ".~lock.a.xlsx#", ".hidden.xlsx", "notes.docx"):
        text_of(office, name, b"x")
    assert [entry["file"] for entry in office.run()[1]["files"]] == [str(office.src / "a.xlsx")]


@pytest.mark.skipif(sys.platform in ("win32", "darwin"), reason="names of files are always text on this system")
def test_names_that_are_no_text(office):
    """As an archive made in China leaves them elsewhere."""
    made = office.book("a.xlsx").read_bytes()
    for name in ("客户.xlsx", "名单.xlsx"):
        with open(os.fsencode(office.src) + b"/" + name.encode("gb18030"), "wb") as file:
            file.write(made)
    with open(os.fsencode(office.src) + "/坏.xls".encode("gb18030"), "wb") as file:
        file.write(b"no workbook")
    code, done = office.run("--merge")
    assert code == 4
    assert [entry["rows_out"] for entry in done["files"] if not entry["error"]] == [5, 5, 5]
    assert done["merged"]["rows"] == 15
    assert len(office.files()) == 4
    assert sheet_of(office.out / "conversion-report.xlsx").max_row == 5
    assert [entry["skipped"] for entry in office.run()[1]["files"] if not entry["error"]] == [True] * 3


@pytest.mark.parametrize("lang", ["en", "zh"])
@pytest.mark.parametrize("where", ["mapped", "unmapped"])
def test_a_cell_of_40_000_characters(office, result, where, lang):
    long = "长" * 40_000
    head = ("Customer", "Sales", "Region" if where == "mapped" else "Note")
    office.csv("a.csv", [head, ("Ann", 5, "x"), ("Bo", 3, long)])
    entry = office.entry("--lang", lang)
    assert entry["rejected"] == (1 if where == "mapped" else 0)
    names = {"en": ("Rejected", "Unmapped"), "zh": ("未采用的行", "未对应的列")}[lang]
    sheet = result(sheet=names[where == "unmapped"])
    cell = sheet[head[2]][-1]
    assert len(cell) <= MOST_CHARACTERS
    assert cell.startswith("长" * 1000)
    assert "40000" in cell
    assert entry["rows_in"] == 2 == entry["rows_out"] + entry["rejected"]


def test_some_formulas_without_results_are_rejected(office, result):
    """One formula has a result, as Excel saves it; one has none."""
    path = office.book("a.xlsx", [("Customer", "Sales"), ("Ann", "=1+1"), ("Bo", "=2+2")])
    parts = {}
    with zipfile.ZipFile(path) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    sheet = parts["xl/worksheets/sheet1.xml"]
    assert b"<f>1+1</f><v></v>" in sheet or b"<f>1+1</f><v/>" in sheet or b"<f>1+1</f><v />" in sheet
    for blank in (b"<v></v>", b"<v/>", b"<v />"):
        sheet = sheet.replace(b"<f>1+1</f>" + blank, b"<f>1+1</f><v>2</v>")
    with zipfile.ZipFile(path, "w") as archive:
        for name, data in parts.items():
            archive.writestr(name, sheet if name == "xl/worksheets/sheet1.xml" else data)
    entry = office.entry()
    assert (entry["rows_out"], entry["rejected"]) == (1, 1)
    assert result()["Value"] == [2]
    assert "no result yet" in result(sheet="Rejected")["Reason"][0]


def test_an_error_value_is_no_number(office, result):
    office.book("a.xlsx", [("Customer", "Sales"), ("Ann", 5), ("Bo", "#DIV/0!")])
    assert office.entry()["rejected"] == 1
    assert result(sheet="Rejected")["Sales"] == ["#DIV/0!"]


@pytest.mark.parametrize("lang, said", [("en", "no customer list"), ("zh", "没有可转换的客户清单")])
def test_an_empty_folder(office, lang, said):
    code, done = office.run("--lang", lang)
    assert code == 3
    assert said in done["error"]
    assert not office.out.exists()


@pytest.mark.parametrize(
    "arguments, said",
    [
        (["convert", "no-such-template", "SRC", "-o", "OUT"], "no-such-template"),
        (["convert", "SRC/a.xlsx", "SRC", "-o", "OUT"], "customer-master"),
        (["convert", "customer-master", "SRC/missing", "-o", "OUT"], "missing"),
        (["convert", "customer-master", "SRC", "-o", "SRC/a.xlsx"], ("is a file", "是一个文件")),
        (["convert", "customer-master", "SRC", "-o", "OUT", "--workers", "0"], "--workers"),
        (["convert", "customer-master", "SRC", "-o", "OUT", "--model", "nonsense"], "nonsense"),
        (["convert", "customer-master", "SRC", "-o", "OUT", "--map", "nonsense=Fax"], "nonsense"),
        (["convert", "customer-master", "SRC", "-o", "OUT", "--map", "SRC/none.toml"], "none.toml"),
        (["convert", "customer-master", "SRC", "-o", "OUT", "--map", "SRC/a.xlsx"], "TOML"),
        (["convert", "customer-master", "SRC", "-o", "OUT", "--map", "SRC/bad.toml"], "colums"),
    ],
)
@pytest.mark.parametrize("lang", ["en", "zh"])
def test_wrong_use_is_told_before_anything_is_written(office, arguments, said, lang):
    from typer.testing import CliRunner

    from tieraddin.cli import app

    office.book("a.xlsx")
    text_of(office, "bad.toml", b'[colums]\nvalue = "Sales"\n')
    given = [text.replace("SRC", str(office.src)).replace("OUT", str(office.out)) for text in arguments]
    answer = CliRunner().invoke(app, [*given, "--lang", lang])
    assert answer.exit_code == 2, answer.output
    assert said[lang == "zh"] in answer.stderr if isinstance(said, tuple) else said in answer.stderr
    assert answer.stderr.count("\n") == 1
    assert not office.out.exists()


LIMITED = """
import resource, sys
from tieraddin.__main__ import main
limit = int(sys.argv[1])
resource.setrlimit(resource.RLIMIT_FSIZE, (limit, limit))
sys.argv = ["tieraddin", *sys.argv[2:]]
main()
"""


@pytest.mark.skipif(sys.platform == "win32", reason="Windows sets no limit to the size of files")
@pytest.mark.parametrize(
    "limit, lang, said",
    [(9000, "en", "can't be written"), (300, "zh", "无法写入")],
    ids=["no result fits", "nor the report"],
)
def test_a_full_disk_leaves_no_half_file(office, limit, lang, said):
    """A limit to the size of files stands for the disk: writing fails in the same way, in the middle of a file."""
    pytest.importorskip("resource")
    office.book("a.xlsx")
    given = ["convert", "customer-master", office.src, "-o", office.out, "--lang", lang]
    command = [sys.executable, "-c", LIMITED, limit, *given]
    done = subprocess.run(list(map(str, command)), capture_output=True, text=True, timeout=120, check=False)
    assert done.returncode == 3
    assert "Traceback" not in done.stderr
    assert said in done.stdout + done.stderr
    assert office.files() == set()
    assert not [*office.out.rglob("*.tmp")]
    assert office.run()[0] == 0


@pytest.mark.skipif(not os.path.exists("/dev/full"), reason="this system has no disk that is always full")
@pytest.mark.parametrize("workers", [1, 2])
def test_a_disk_that_is_full_when_the_run_takes_its_notes(office, workers):
    for name in ("a.xlsx", "b.xlsx", "c.xlsx"):
        office.book(name)
    office.out.mkdir()
    notes = office.out / ".tieraddin-convert.jsonl"
    notes.symlink_to("/dev/full")
    code, done = office.run("--workers", workers)
    assert code == 3
    assert "No space left" in done["error"]
    assert office.files()
    assert all(zipfile.ZipFile(office.out / name).testzip() is None for name in office.files())
    notes.unlink()
    again = office.run()[1]["files"]
    assert [(entry["error"], entry["backup"]) for entry in again] == [(None, None)] * 3


def test_a_folder_that_cannot_be_made(office):
    office.book("a.xlsx")
    text_of(office, "file", b"")
    office.out = office.src / "file" / "below"
    code, done = office.run()
    assert code == 3
    assert "below" in done["error"]
