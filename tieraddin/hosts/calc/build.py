"""``tieraddin-calc.oxt``, the extension for LibreOffice Calc: all of it is made from the registry of functions.

An .oxt is a zip file. The interface of the functions is IDL as text, which LibreOffice reads without a compiler; their
names, help and categories are configuration; `component` is the code.
"""

from __future__ import annotations

import json
import sysconfig
from importlib.metadata import version
from importlib.resources import files
from pathlib import Path
from xml.etree import ElementTree as ET

from tieraddin.actions.output import check_folder, write_whole
from tieraddin.addin.registry import Category, Function
from tieraddin.hosts.calc.commands import COMMANDS as MENU
from tieraddin.hosts.calc.commands import groups
from tieraddin.hosts.calc.names import COMMANDS, IDENTIFIER, OLDEST, SERVICE, uno_name
from tieraddin.hosts.zipped import zipped
from tieraddin.language import LANGUAGES, Language, messages, say
from udfs import FUNCTIONS

_OOR = "http://openoffice.org/2001/registry"
_MANIFEST = "http://openoffice.org/2001/manifest"
_DESCRIPTION = "http://openoffice.org/extensions/description/2006"
_XML_LANG = "{http://www.w3.org/XML/1998/namespace}lang"
_CONTEXT = "com.sun.star.sheet.SpreadsheetDocument"
_TOOLBAR = f"{IDENTIFIER}.toolbar"
_LOCALES: dict[Language, str] = {"en": "en", "zh": "zh-CN"}
_CATEGORIES: dict[Category, str] = {"calendar": "Date&Time", "followup": "Date&Time"}
"""Where Calc itself has a category for it; the others are listed under "Add-in"."""


def build_extension(path: Path, site: Path | None = None) -> Path:
    """Write the extension to ``path``: the same bytes for the same functions and the same ``site``.

    Parameters
    ----------
    site
        the folder of packages in which LibreOffice finds tieraddin; by default that of the Python at work.

    Raises
    ------
    TableRefused
        no such folder.
    """
    check_folder(path.parent)
    parts: dict[str, str | bytes] = {
        "META-INF/manifest.xml": _manifest(),
        "description.xml": _description(),
        "XFunctions.idl": _idl(),
        "CalcAddIn.xcu": _functions(),
        "Addons.xcu": _menu(),
        "CalcWindowState.xcu": _toolbar_state(),
        "component.py": files(__package__).joinpath("component.py").read_bytes(),
        "tieraddin.json": _known(site or Path(sysconfig.get_path("purelib"))),
    }
    write_whole(path, zipped(parts))
    return path


def _idl() -> str:
    """Every argument is ``any``, the only kind that may be left out; Calc itself fills in the first, the workbook."""
    methods = "".join(
        f"  sequence< sequence<any> > {uno_name(function.name)}({', '.join(_parameters(function))});\n"
        for function in FUNCTIONS.values()
    )
    modules = IDENTIFIER.split(".")
    opened = " ".join(f"module {module} {{" for module in modules)
    return f"{opened}\ninterface XFunctions {{\n{methods}}};\n{'}; ' * len(modules)}\n"


def _parameters(function: Function) -> list[str]:
    return ["[in] com::sun::star::beans::XPropertySet workbook"] + [
        f"[in] any {uno_name(argument.name)}" for argument in function.arguments
    ]


def _known(site: Path) -> str:
    """What `component` knows before tieraddin is there."""
    facts = {
        "site": str(site),
        "python": sysconfig.get_python_version(),
        "service": SERVICE,
        "commands": COMMANDS,
        "title": say("calc.menu", "zh"),
        "functions": {uno_name(name): name for name in FUNCTIONS},
    }
    sentences = {name: messages("calc")[name] for name in ("no_site", "other_python")}
    return json.dumps(facts | sentences, ensure_ascii=False, indent=1) + "\n"


def _xml(root: ET.Element) -> bytes:
    ET.indent(root, " ")
    written: bytes = ET.tostring(root, encoding="utf-8")
    return b'<?xml version="1.0" encoding="UTF-8"?>\n' + written + b"\n"


def _manifest() -> bytes:
    kinds = {
        "XFunctions.idl": "application/vnd.sun.star.uno-typelibrary;type=RDB",
        "component.py": "application/vnd.sun.star.uno-component;type=Python",
        "CalcAddIn.xcu": "application/vnd.sun.star.configuration-data",
        "Addons.xcu": "application/vnd.sun.star.configuration-data",
        "CalcWindowState.xcu": "application/vnd.sun.star.configuration-data",
    }
    ET.register_namespace("manifest", _MANIFEST)
    root = ET.Element(f"{{{_MANIFEST}}}manifest")
    for name, kind in kinds.items():
        attributes = {f"{{{_MANIFEST}}}full-path": name, f"{{{_MANIFEST}}}media-type": kind}
        ET.SubElement(root, f"{{{_MANIFEST}}}file-entry", attributes)
    return _xml(root)


def _description() -> bytes:
    root = ET.Element("description", {"xmlns": _DESCRIPTION})
    ET.SubElement(root, "identifier", {"value": IDENTIFIER})
    ET.SubElement(root, "version", {"value": version("tieraddin")})
    needed = ET.SubElement(root, "dependencies")
    ET.SubElement(
        needed,
        "l:LibreOffice-minimal-version",
        {
            "xmlns:l": "http://libreoffice.org/extensions/description/2011",
            "value": OLDEST,
            "name": f"LibreOffice {OLDEST}",
        },
    )
    names = ET.SubElement(root, "display-name")
    for lang in LANGUAGES:
        ET.SubElement(names, "name", {"lang": _LOCALES[lang]}).text = say("calc.extension", lang)
    return _xml(root)


def _data(name: str, node: str, package: str = "org.openoffice.Office") -> tuple[ET.Element, ET.Element]:
    """A file of configuration data and its first node."""
    ET.register_namespace("oor", _OOR)
    root = ET.Element(f"{{{_OOR}}}component-data", {f"{{{_OOR}}}name": name, f"{{{_OOR}}}package": package})
    return root, _node(root, node, replace=False)


def _node(parent: ET.Element, name: str, replace: bool = True) -> ET.Element:
    attributes = {f"{{{_OOR}}}name": name} | ({f"{{{_OOR}}}op": "replace"} if replace else {})
    return ET.SubElement(parent, "node", attributes)


def _property(parent: ET.Element, name: str, texts: dict[str, str] | str) -> None:
    """A property: one text, or one a language."""
    prop = ET.SubElement(parent, "prop", {f"{{{_OOR}}}name": name})
    for locale, text in ({"": texts} if isinstance(texts, str) else texts).items():
        ET.SubElement(prop, "value", {_XML_LANG: locale} if locale else {}).text = text


def _functions() -> bytes:
    root, info = _data("CalcAddIns", "AddInInfo")
    all_ = _node(_node(info, SERVICE), "AddInFunctions", replace=False)
    for function in FUNCTIONS.values():
        node = _node(all_, uno_name(function.name))
        _property(node, "DisplayName", dict.fromkeys(_LOCALES.values(), function.name))
        _property(node, "Description", {_LOCALES[lang]: function.help(lang) for lang in LANGUAGES})
        _property(node, "Category", _CATEGORIES.get(function.category, "Add-In"))
        _property(node, "CompatibilityName", {"en-US": function.name})  # as .xlsx files have it
        arguments = _node(node, "Parameters", replace=False)
        for argument in function.arguments:
            shown = _node(arguments, uno_name(argument.name))
            _property(shown, "DisplayName", dict.fromkeys(_LOCALES.values(), argument.name))
            told = {_LOCALES[lang]: function.argument_help(argument, lang) for lang in LANGUAGES}
            _property(shown, "Description", told)
    return _xml(root)


def _menu() -> bytes:
    """The menu, and the toolbar with those of its entries that are buttons.

    LibreOffice takes nodes in the order of their names, and shorter names first: all are as long.
    """
    root, interface = _data("Addons", "AddonUI")
    menu = _node(_node(interface, "OfficeMenuBar", replace=False), f"{IDENTIFIER}.menu")
    _property(menu, "Title", _texts("calc.menu"))
    _property(menu, "Context", _CONTEXT)
    entries, toolbar = _node(menu, "Submenu", replace=False), _toolbar(interface)
    for i, names in enumerate(groups()):
        if i:
            _property(_node(entries, f"m{i}00"), "URL", "private:separator")
        for k, name in enumerate(names, 1):
            entry = _node(entries, f"m{i}{k:02}")
            _entry(entry, name, _texts(f"calc.command_{name}"))
            if MENU[name].in_toolbar:
                button = _node(toolbar, f"m{i}{k:02}")
                _entry(button, name, _texts(f"calc.command_{name}"))
                _property(button, "Context", _CONTEXT)
            if choices := MENU[name].choices:
                inner = _node(entry, "Submenu", replace=False)
                for n, (choice, titles) in enumerate(choices().items(), 1):
                    own = {_LOCALES[lang]: title for lang, title in titles.items()}
                    _entry(_node(inner, f"c{n:03}"), f"{name}={choice}", own)
    return _xml(root)


def _toolbar(interface: ET.Element) -> ET.Element:
    return _node(_node(interface, "OfficeToolBar", replace=False), _TOOLBAR)


def _toolbar_state() -> bytes:
    """What the toolbar is called, and that it stands below the others; else it floats, called "Add-On 1"."""
    root, elements = _data("CalcWindowState", "UIElements", "org.openoffice.Office.UI")
    state = _node(_node(elements, "States", replace=False), f"private:resource/toolbar/addon_{_TOOLBAR}")
    _property(state, "UIName", _texts("calc.menu"))
    for name, value in {"Docked": "true", "DockingArea": "0", "DockPos": "0,5", "Visible": "true"}.items():
        _property(state, name, value)
    return _xml(root)


def _entry(node: ET.Element, command: str, titles: dict[str, str]) -> None:
    _property(node, "URL", f"service:{COMMANDS}?{command}")
    _property(node, "Title", titles)
    _property(node, "Target", "_self")


def _texts(key: str) -> dict[str, str]:
    return {_LOCALES[lang]: say(key, lang) for lang in LANGUAGES}
