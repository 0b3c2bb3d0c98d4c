"""The extension file itself: made from the registry, in both languages, the same bytes each time."""

from __future__ import annotations

import ast
import json
import sys
import zipfile
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest

import tieraddin
from tieraddin.errors import TieraddinError
from tieraddin.hosts.calc.build import build_extension
from tieraddin.hosts.calc.commands import COMMANDS
from tieraddin.hosts.calc.names import uno_name
from udfs import FUNCTIONS

OOR = "{http://openoffice.org/2001/registry}"
LANG = "{http://www.w3.org/XML/1998/namespace}lang"
MANIFEST = "{http://openoffice.org/2001/manifest}"


@pytest.fixture(scope="module")
def parts(tmp_path_factory: pytest.TempPathFactory) -> dict[str, bytes]:
    path = build_extension(tmp_path_factory.mktemp("oxt") / "calc.oxt", Path("lib/python3.11/site-packages"))
    with zipfile.ZipFile(path) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def named(node: ET.Element, *path: str) -> ET.Element:
    for name in path:
        node = next(child for child in node if child.get(f"{OOR}name") == name)
    return node


def texts(prop: ET.Element) -> dict[str | None, str | None]:
    return {value.get(LANG): value.text for value in prop}


def test_every_part_is_listed_and_every_part_listed_is_there(parts: dict[str, bytes]) -> None:
    root = ET.fromstring(parts["META-INF/manifest.xml"])
    listed = {entry.get(f"{MANIFEST}full-path") for entry in root}
    assert listed <= set(parts)
    assert set(parts) - listed == {"META-INF/manifest.xml", "description.xml", "tieraddin.json"}


def test_the_same_bytes_each_time(tmp_path: Path) -> None:
    one, other = (build_extension(tmp_path / f"{i}.oxt", Path("lib")).read_bytes() for i in range(2))
    assert one == other


@pytest.mark.parametrize("name", FUNCTIONS)
def test_each_function_is_described(parts: dict[str, bytes], name: str) -> None:
    function = FUNCTIONS[name]
    root = ET.fromstring(parts["CalcAddIn.xcu"])
    node = named(root, "AddInInfo", "org.tieraddin.calc.Functions", "AddInFunctions", uno_name(name))
    assert texts(named(node, "DisplayName")) == {"en": name, "zh-CN": name}
    assert texts(named(node, "CompatibilityName")) == {"en-US": name}
    assert texts(named(node, "Description")) == {"en": function.help("en"), "zh-CN": function.help("zh")}
    arguments = named(node, "Parameters")
    assert [texts(named(each, "DisplayName"))["zh-CN"] for each in arguments] == [a.name for a in function.arguments]
    for each in arguments:
        told = texts(named(each, "Description"))
        assert set(told) == {"en", "zh-CN"}
        assert all(told.values())
    declared = next(line for line in parts["XFunctions.idl"].decode().splitlines() if f" {uno_name(name)}(" in line)
    assert [part.split()[-1].rstrip(");") for part in declared.split(",")] == [
        "workbook", *(uno_name(a.name) for a in function.arguments),
    ]  # fmt: skip
    assert json.loads(parts["tieraddin.json"])["functions"][uno_name(name)] == name


def test_where_the_packages_are_and_for_which_python_is_known(parts: dict[str, bytes]) -> None:
    known = json.loads(parts["tieraddin.json"])
    assert Path(known["site"]) == Path("lib/python3.11/site-packages")
    assert known["python"] == f"{sys.version_info.major}.{sys.version_info.minor}"
    for name in ("no_site", "other_python"):
        assert set(known[name]) == {"en", "zh"}
        assert all("{folder}" in text for text in known[name].values())


def test_names_inside_libreoffice_are_all_different_and_have_no_underscore() -> None:
    names = [uno_name(name) for name in FUNCTIONS]
    assert len(set(names)) == len(names)
    assert all(name.isalnum() for name in names)
    assert [uno_name(name) for name in ("TIER", "TIER_WHY", "as_of")] == ["tier", "tierWhy", "asOf"]


def command(entry: ET.Element) -> str:
    return (named(entry, "URL")[0].text or "").removeprefix("service:org.tieraddin.calc.Commands?")


def test_each_command_is_in_the_menu_in_both_languages(parts: dict[str, bytes]) -> None:
    menu = named(ET.fromstring(parts["Addons.xcu"]), "AddonUI", "OfficeMenuBar", "org.tieraddin.calc.menu")
    assert texts(named(menu, "Title")) == {"en": "Tier", "zh-CN": "Tier 客户分级"}
    entries = [entry for entry in named(menu, "Submenu") if command(entry) != "private:separator"]
    assert [command(entry) for entry in entries] == list(COMMANDS)
    assert all(set(texts(named(entry, "Title"))) == {"en", "zh-CN"} for entry in entries)
    assert len(named(menu, "Submenu")) == len(entries) + len({each.group for each in COMMANDS.values()}) - 1


def test_lines_stand_between_the_groups_of_the_menu(parts: dict[str, bytes]) -> None:
    menu = named(ET.fromstring(parts["Addons.xcu"]), "AddonUI", "OfficeMenuBar", "org.tieraddin.calc.menu", "Submenu")
    names = {entry.get(f"{OOR}name", ""): command(entry) for entry in menu}
    in_order = [names[name] for name in sorted(names, key=lambda name: (len(name), name))]
    lines = [k for k, name in enumerate(in_order) if name == "private:separator"]
    groups = [each.group for each in COMMANDS.values()]
    begins = [k for k in range(1, len(groups)) if groups[k] != groups[k - 1]]
    assert [line - before for before, line in enumerate(lines)] == begins, "LibreOffice takes shorter names first"


def test_models_and_languages_are_chosen_in_submenus(parts: dict[str, bytes]) -> None:
    menu = named(ET.fromstring(parts["Addons.xcu"]), "AddonUI", "OfficeMenuBar", "org.tieraddin.calc.menu", "Submenu")
    inner = {command(entry): [*named(entry, "Submenu")] for entry in menu if len(entry) > 3}
    chosen = {name: [command(entry) for entry in entries] for name, entries in inner.items()}
    catalogue = [path.stem for path in (Path(tieraddin.__file__).parent / "models" / "catalogue").glob("*.toml")]
    assert {f"model={name}" for name in [*catalogue, "sheet"]} <= set(chosen["model"])
    assert chosen["language"] == ["language=zh", "language=en", "language=auto"]
    assert all(set(texts(named(e, "Title"))) == {"en", "zh-CN"} for entries in inner.values() for e in entries)


def test_the_buttons_of_the_toolbar_are_entries_of_the_menu(parts: dict[str, bytes]) -> None:
    bar = named(ET.fromstring(parts["Addons.xcu"]), "AddonUI", "OfficeToolBar", "org.tieraddin.calc.toolbar")
    assert [command(entry) for entry in bar] == [name for name, each in COMMANDS.items() if each.in_toolbar]
    assert {named(entry, "Context")[0].text for entry in bar} == {"com.sun.star.sheet.SpreadsheetDocument"}


def test_what_libreoffice_loads_at_its_start_is_light(parts: dict[str, bytes]) -> None:
    source = parts["component.py"]
    assert source == (Path(tieraddin.__file__).parent / "hosts" / "calc" / "component.py").read_bytes()
    modules = {
        (node.module if isinstance(node, ast.ImportFrom) else node.names[0].name).partition(".")[0]
        for node in ast.parse(source).body
        if isinstance(node, (ast.Import, ast.ImportFrom))
    }
    assert modules <= set(sys.stdlib_module_names) | {"unohelper", "com", "org"}


def test_an_extension_is_replaced_whole_or_not_at_all(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "calc.oxt"
    path.write_bytes(b"as it was")
    monkeypatch.setattr("os.replace", lambda *_: (_ for _ in ()).throw(OSError("the disk is full")))
    with pytest.raises((OSError, TieraddinError)):
        build_extension(path)
    assert path.read_bytes() == b"as it was"
    assert [file.name for file in tmp_path.iterdir()] == ["calc.oxt"]
