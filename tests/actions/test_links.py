"""Links to the add-in's file: found, led elsewhere, taken away; judged by the parts and by openpyxl."""

from __future__ import annotations

import zipfile
from pathlib import Path

import openpyxl
import pytest

from tieraddin.actions.recalc.links import address, links_of, mend, plain_path
from tieraddin.actions.recalc.run import recalc_file
from tieraddin.errors import TableRefused

from .conftest import SHARED
from .test_recalc import linked, part, parts, raw

GONE = "file:///C:\\Users\\me\\add%20ins\\tieraddin.xlam"
RELATIONS = "xl/externalLinks/_rels/externalLink1.xml.rels"


@pytest.mark.parametrize(
    ("written", "path"),
    [
        (GONE, "C:\\Users\\me\\add ins\\tieraddin.xlam"),
        ("/Users/me/tieraddin.xlam", "/Users/me/tieraddin.xlam"),
        ("file:///home/me/tieraddin.xlam", "/home/me/tieraddin.xlam"),
        ("file:///\\\\server\\share\\tieraddin.xlam", "\\\\server\\share\\tieraddin.xlam"),
        ("tieraddin.xlam", "tieraddin.xlam"),
        ("%E5%8A%A0%E8%BD%BD/tieraddin.xlam", "加载/tieraddin.xlam"),
    ],
)
def test_addresses_as_excel_writes_them(written: str, path: str) -> None:
    assert plain_path(written) == path
    assert plain_path(address(path)) in (path, f"/{path}")


def test_links_are_listed_with_whether_the_file_is_there(desk) -> None:
    path = linked(raw(desk, {"D1": "><f>[1]!GINI(B2:B4)</f>"}), GONE)
    (link,) = links_of(path)
    assert (link.number, link.target, link.there) == (1, "C:\\Users\\me\\add ins\\tieraddin.xlam", False)
    desk.path("tieraddin.xlam").write_bytes(b"")
    (link,) = links_of(linked(raw(desk, {"D1": "><f>[1]!GINI(B2:B4)</f>"}), "tieraddin.xlam"))
    assert link.there
    assert links_of(linked(raw(desk, {}), "/Oracle/SmartView/bin/HsTbar.xla")) == []


def test_a_link_is_led_elsewhere(desk) -> None:
    path = linked(raw(desk, {"D1": "><f>[1]!GINI(B2:B4)</f>"}), GONE)
    before = parts(path)
    done = mend(path, "C:\\new place\\tieraddin.xlam")
    after = parts(path)
    assert {name for name in before if before[name] != after[name]} == {RELATIONS}
    assert 'Target="file:///C:\\new%20place\\tieraddin.xlam"' in part(path, RELATIONS)
    assert Path(done["backup"]).is_file()
    assert links_of(path)[0].target == "C:\\new place\\tieraddin.xlam"
    assert openpyxl.load_workbook(path).active["D1"].value == "=[1]!GINI(B2:B4)"


def test_a_link_is_taken_away(desk) -> None:
    cells = {"D1": '><f>IF([1]!GINI(B2:B4)&gt;0,"[1]!x",[1]!Pareto_Cutoff(B2:B4))</f>', "D2": "><f>SUM(B2:B4)</f>"}
    path, out = linked(raw(desk, cells), GONE), desk.path("out.xlsx")
    mend(path, output=out)
    sheet = openpyxl.load_workbook(out).active
    assert sheet["D1"].value == '=IF(GINI(B2:B4)>0,"[1]!x",Pareto_Cutoff(B2:B4))'
    assert sheet["D2"].value == "=SUM(B2:B4)"


def test_with_the_last_call_the_link_goes(desk) -> None:
    path, out = linked(raw(desk, {"D1": "><f>[1]!GINI(B2:B4)</f>"}), GONE), desk.path("out.xlsx")
    mend(path, output=out)
    assert links_of(out) == []
    with zipfile.ZipFile(out) as file:
        assert not [name for name in file.namelist() if "externalLink" in name]
    assert "external" not in part(out, "xl/workbook.xml") + part(out, "xl/_rels/workbook.xml.rels").lower()
    assert "externalLink" not in part(out, "[Content_Types].xml")
    assert recalc_file(out)["calculated"] == 1


def test_a_workbook_without_such_a_link(desk) -> None:
    path = linked(raw(desk, {}), "/Oracle/other.xla")
    state = desk.state()
    with pytest.raises(TableRefused, match=r"book|raw"):
        mend(path, "C:\\x\\tieraddin.xlam")
    assert desk.state() == state


@pytest.mark.parametrize("name", ["HsGetVal", "56502"])
def test_other_add_ins_links_in_excels_own_files(name: str) -> None:
    path = SHARED / "corpus" / f"poi__test-data~spreadsheet~{name}.xlsx"
    if not path.is_file():
        pytest.skip("the shared folder with Excel's own files is not there")
    assert links_of(path) == []
    assert recalc_file(path) == {"calculated": 0, "unchanged": 0, "left": [], "told": [], "output": None}
