"""The add-in file as a whole: its package, ribbon, words and VBA."""

from __future__ import annotations

import io
import os
import re
import zipfile
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

import pytest
import xlwings
from openpyxl import load_workbook
from typer.testing import CliRunner

from tieraddin.addin.names import _reserved
from tieraddin.cli import app
from tieraddin.errors import WorkbookRefused
from tieraddin.hosts.xlam import sources
from tieraddin.hosts.xlam.build import SHEETS, addin
from tieraddin.hosts.xlam.package import ADD_IN
from tieraddin.hosts.xlam.ribbon import controls, layout, ribbons
from tieraddin.hosts.xlam.sources import modules
from tieraddin.language import LANGUAGES, messages
from udfs import FUNCTIONS

SHARED = Path(__file__).parents[3] / os.environ.get("TIERADDIN_SHARED", "../shared")
MODULES = {
    module.name: re.sub(r" _\n\s*", " ", module.text) for module in modules(tuple(sheet.code_name for sheet in SHEETS))
}
"""The text of each module, continued lines as one."""
OURS = {name: text for name, text in MODULES.items() if name not in ("xlwings", "Dictionary")}
VBA = "\n".join(OURS.values())
HEAD = re.compile(r"^\s*(?:(Public|Private) )?(Function|Sub) (\w+)\((.*)\)", re.M)
XLSM = "application/vnd.ms-excel.sheet.macroEnabled.main+xml"


@pytest.fixture(scope="module")
def parts() -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(addin())) as archive:
        assert archive.testzip() is None
        return {name: archive.read(name) for name in archive.namelist()}


# The command


def test_two_builds_are_the_same_bytes(tmp_path: Path) -> None:
    made = []
    for name, lang in (("a.xlam", "en"), ("b.xlam", "zh")):
        run = CliRunner().invoke(app, ["addin", "build", "-o", str(tmp_path / name), "--lang", lang])
        assert run.exit_code == 0
        assert str(tmp_path / name) in run.stdout
        made.append((tmp_path / name).read_bytes())
    assert made[0] == made[1] == addin()


def test_calc(tmp_path: Path) -> None:
    run = CliRunner().invoke(app, ["addin", "build", "--calc", "--json", "-o", str(tmp_path / "c.oxt")])
    assert run.exit_code == 0
    assert zipfile.is_zipfile(tmp_path / "c.oxt")


@pytest.mark.parametrize("calc", [[], ["--calc"]])
def test_a_folder_that_is_not_there(tmp_path: Path, calc: list[str]) -> None:
    run = CliRunner().invoke(app, ["addin", "build", *calc, "-o", str(tmp_path / "no" / "a.xlam"), "--lang", "en"])
    assert run.exit_code == 3
    assert "no" in run.stderr
    assert run.stderr.count("\n") == 1


def test_another_release_of_xlwings_is_told(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    text = (Path(xlwings.__file__).parent / "xlwings_custom_addin.bas").read_text("ascii")
    (tmp_path / "xlwings_custom_addin.bas").write_text(text.replace("Function XLPyCommand()", "Function Command()"))
    monkeypatch.setattr(sources, "_XLWINGS", tmp_path)
    with pytest.raises(WorkbookRefused) as refused:
        modules(())
    assert "XLPyCommand" in refused.value.sentence("en")


# The package


def test_each_part_has_a_kind_and_each_relationship_a_part(parts: dict[str, bytes]) -> None:
    kinds = ET.fromstring(parts["[Content_Types].xml"])
    endings = {each.get("Extension") for each in kinds if each.tag.endswith("Default")}
    named = {str(each.get("PartName"))[1:]: each.get("ContentType") for each in kinds if each.tag.endswith("Override")}
    assert named.keys() <= parts.keys()
    assert all(name in named or name.rpartition(".")[2] in endings for name in parts)
    assert named["xl/workbook.xml"] == ADD_IN
    reached = set()
    for name in (each for each in parts if each.endswith(".rels")):
        folder = name.partition("_rels/")[0]
        for relation in ET.fromstring(parts[name]):
            assert folder + str(relation.get("Target")) in parts
            reached.add(folder + str(relation.get("Target")))
    assert reached == {name for name in parts if not name.endswith(".rels")} - {"[Content_Types].xml"}


def test_openpyxl_reads_it_as_a_workbook_with_macros() -> None:
    """It refuses add-ins by their kind, so the kind is changed for it."""
    copy = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(addin())) as before, zipfile.ZipFile(copy, "w") as after:
        for name in before.namelist():
            after.writestr(name, before.read(name).replace(ADD_IN.encode(), XLSM.encode()))
    book = load_workbook(copy, keep_vba=True)
    assert book.sheetnames == ["tieraddin.conf", "words", "help", "models"]
    assert [sheet.sheet_properties.codeName for sheet in book] == [sheet.code_name for sheet in SHEETS]
    assert book.code_name == "ThisWorkbook"
    assert {sheet.code_name for sheet in SHEETS} | {"ThisWorkbook"} <= MODULES.keys()
    for lang, column in zip(LANGUAGES, (2, 3), strict=True):
        told = {row[0].value: row[column - 1].value for row in book["words"].iter_rows(min_row=2)}
        for id_, text in told.items():
            assert text == messages("xlam")[id_][lang]
    assert book["tieraddin.conf"]["A1"].value == "UDF MODULES"


def test_the_help_has_every_function_and_argument_as_excel_takes_them() -> None:
    rows = [row for sheet in SHEETS if sheet.name == "help" for row in sheet.rows[1:]]
    for name, function in FUNCTIONS.items():
        mine = [row for row in rows if row[0] == name]
        assert [row[1] for row in mine] == [function.signature, *(argument.name for argument in function.arguments)]
        for k, lang in enumerate(LANGUAGES, 2):
            assert [row[k] for row in mine] == [
                function.help(lang),
                *(function.argument_help(a, lang) for a in function.arguments),
            ]
    assert [row[0] for row in rows] == sorted(row[0] for row in rows), "the rows of a function stand together"
    assert all(len(text) <= 255 for row in rows for text in row), "MacroOptions takes no more"


# The ribbon


@pytest.mark.parametrize(("schema", "at"), [("customUI.xsd", 0), ("customui14.xsd", 1)])
def test_the_ribbon_is_valid(schema: str, at: int) -> None:
    path = SHARED / "schemas" / schema
    if not path.is_file():
        pytest.skip(f"the schema of the ribbon is not at {path}")
    import xmlschema

    known = xmlschema.XMLSchema(str(path))
    known.validate(ribbons()[at].xml)
    with pytest.raises(xmlschema.XMLSchemaValidationError):
        known.validate(ribbons()[at].xml.replace("getLabel", "askLabel"))


CALLBACKS = {
    "onLoad": "shown As IRibbonUI",
    "getLabel": "control As IRibbonControl, ByRef words",
    "getSupertip": "control As IRibbonControl, ByRef words",
    "onAction": "control As IRibbonControl",
    "getItemCount": "control As IRibbonControl, ByRef many",
    "getItemLabel": "control As IRibbonControl, at As Integer, ByRef words",
    "getSelectedItemIndex": "control As IRibbonControl, ByRef at",
}
PICKED = "control As IRibbonControl, id As String, at As Integer"
"""What a list is given when one of it is picked; its attribute has the name of a button's."""


def test_each_callback_of_the_ribbon_is_in_the_vba() -> None:
    heads = {head[3]: head[4] for head in HEAD.finditer(OURS["TieraddinRibbon"]) if head[1] != "Private"}
    found = set()
    for ribbon in ribbons():
        for element in ET.fromstring(ribbon.xml).iter():
            for attribute, callback in element.attrib.items():
                if attribute in CALLBACKS:
                    picked = attribute == "onAction" and element.tag.endswith("dropDown")
                    assert heads[callback] == (PICKED if picked else CALLBACKS[attribute]), callback
                    found.add(callback)
    assert found == heads.keys() - {"TieraddinRenewRibbon"}, "and nothing else is"


def test_each_word_that_the_vba_says_is_on_its_sheet() -> None:
    (words,) = (sheet for sheet in SHEETS if sheet.name == "words")
    there = [row[0] for row in words.rows[1:]]
    said = set(re.findall(r'TieraddinSay\("(\w+)"[,)]', VBA))
    buttons = [control["id"] for group in layout() for control in controls(group)]
    shown = {f"{kind}_{id_}" for id_ in buttons for kind in ("label", "tip")}
    assert set(there) == said | shown | {"label_tier_tab"} | {f"label_{group['id']}" for group in layout()}
    assert len(there) == len(set(there))
    for name in ("words", "help", "models"):
        assert f'Worksheets("{name}")' in VBA


# The VBA


def test_no_name_stands_for_two_procedures() -> None:
    """Two public ones of one name are an ambiguous name wherever they are called."""
    public = [
        head[3].casefold()
        for name, text in MODULES.items()
        if name not in ("ThisWorkbook", "Dictionary")
        for head in HEAD.finditer(text)
        if head[1] != "Private"
    ]
    twice = {name for name in public if public.count(name) > 1}
    assert twice == {"getudfmodules", "getdirectorypath"}, "these of xlwings stand in the two branches of an #If"
    assert not {name.casefold() for name in MODULES} & {name for name in public if "tieraddin" in name}


def test_what_is_called_is_there() -> None:
    defined = {head[3] for text in MODULES.values() for head in HEAD.finditer(text)}
    called = set(re.findall(r"\b(Tieraddin[A-Z]\w+)", VBA + MODULES["xlwings"]))
    variables = set(re.findall(r"^Public (\w+) As ", OURS["TieraddinServer"], re.M))
    assert called <= defined | variables
    assert {"XLPy", "KillPy", "GetConfig", "GetConfigFilePath", "SaveConfigToFile", "WScript"} <= defined


def test_no_name_of_ours_is_a_word_of_vba() -> None:
    code = re.sub(r'"[^"]*"|\'.*', "", VBA)
    declared = {name for head in HEAD.finditer(code) for name in re.findall(r"(\w+)(?: As \w+)?(?:, |$)", head[4])}
    for line in re.findall(r"^\s*(?:Dim|Private|Public|Const|ReDim) (?!Function|Sub|WithEvents|Const)(.*)", code, re.M):
        declared |= {
            re.match(r"\w+", part.strip())[0] for part in line.split(",") if re.match(r"\w+ *(\(|As)", part.strip())
        }  # type: ignore[index]
    assert {"slot", "asker", "held", "model", "among"} <= declared
    assert not {name.casefold() for name in declared} & _reserved("vba")


@pytest.mark.parametrize("name", OURS)
def test_blocks_are_closed(name: str) -> None:
    code = [line.strip() for line in re.sub(r"'.*", "", OURS[name]).splitlines()]
    for opening, closing in {
        r"If .* Then$": r"End If$", r"(Public |Private )?Sub ": r"End Sub$", r"With ": r"End With$",
        r"For ": r"Next\b", r"#If ": r"#End If$", r"Do ": r"Loop\b",
    }.items():  # fmt: skip
        count: dict[str, Any] = {each: sum(bool(re.match(each, line)) for line in code) for each in (opening, closing)}
        assert count[opening] == count[closing], opening


def test_each_module_of_ours_declares_its_variables() -> None:
    for name, text in OURS.items():
        assert text.startswith("Option Explicit") or name in ("TieraddinFunctions", *(s.code_name for s in SHEETS))


def test_xlwings_keeps_its_licence_and_its_dll() -> None:
    text = MODULES["xlwings"]
    assert "BSD 3-clause license" in text
    assert "Copyright (C) 2014-present, Zoomer Analytics LLC." in text
    assert f'Lib "xlwings64-{xlwings.__version__}.dll"' in text
    assert f'Lib "xlwings32-{xlwings.__version__}.dll"' in text
    assert "MIT" in MODULES["Dictionary"]


def test_no_stranger_says_which_program_is_started() -> None:
    """Settings are read from the add-in and from the user's own folder, never from a workbook or beside one."""
    text = MODULES["xlwings"]
    asked = text[text.index("Function GetConfig(") : text.index("Function SaveConfigToFile")]
    assert "ThisWorkbook" in asked
    assert "SheetExists(ActiveWorkbook" not in asked
    assert "GetFullName(ActiveWorkbook)" not in asked
    command = text[text.index("Function XLPyNewCommand") : text.index("Private Sub XLPyLoadDLL")]
    assert 'PYTHONPATH = "false;;;;;"' in command
    assert "-B -P -c" in command
