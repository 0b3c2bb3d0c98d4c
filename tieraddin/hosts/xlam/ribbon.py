"""The ribbon as XML, of ``ribbon.toml``: once for Excel 2007, once for Excel 2010 and later."""

from __future__ import annotations

import tomllib
from importlib import resources
from typing import Any
from xml.etree import ElementTree as ET

from tieraddin.hosts.xlam.package import Ribbon

_RELATIONS = "http://schemas.microsoft.com/office"
_VERSIONS = (
    ("customUI/customUI.xml", f"{_RELATIONS}/2006/relationships/ui/extensibility", f"{_RELATIONS}/2006/01/customui"),
    ("customUI/customUI14.xml", f"{_RELATIONS}/2007/relationships/ui/extensibility", f"{_RELATIONS}/2009/07/customui"),
)
TAB = "tier_tab"


def layout() -> list[dict[str, Any]]:
    """The groups with their buttons."""
    text = resources.files("tieraddin.hosts.xlam").joinpath("ribbon.toml").read_text("utf-8")
    groups: list[dict[str, Any]] = tomllib.loads(text)["group"]
    return groups


def controls(group: dict[str, Any]) -> list[dict[str, Any]]:
    """All that a person can press or choose in a group."""
    return [*group.get("list", ()), *group["button"]]


def ribbons() -> list[Ribbon]:
    """The parts of the ribbon."""
    return [Ribbon(part, relationship, _xml(namespace)) for part, relationship, namespace in _VERSIONS]


def _xml(namespace: str) -> str:
    top = ET.Element("customUI", {"xmlns": namespace, "onLoad": "TieraddinRibbonLoaded"})
    tab = ET.SubElement(ET.SubElement(ET.SubElement(top, "ribbon"), "tabs"), "tab", {"id": TAB, **_labelled()})
    for group in layout():
        shown = ET.SubElement(tab, "group", {"id": group["id"], **_labelled()})
        for choice in group.get("list", ()):
            ET.SubElement(shown, "dropDown", {
                "id": choice["id"], **_labelled(), "getSupertip": "TieraddinTip", "sizeString": "W" * 20,
                "getItemCount": choice["count"], "getItemLabel": choice["name"],
                "getSelectedItemIndex": choice["shown"], "onAction": choice["macro"],
            })  # fmt: skip
        for button in group["button"]:
            ET.SubElement(shown, "button", {
                "id": button["id"], **_labelled(), "getSupertip": "TieraddinTip", "imageMso": button["image"],
                "size": button.get("size", "large"), "onAction": button["macro"],
            })  # fmt: skip
    ET.indent(top)
    return '<?xml version="1.0" encoding="UTF-8"?>\n' + ET.tostring(top, encoding="unicode") + "\n"


def _labelled() -> dict[str, str]:
    """Words that are asked for when the ribbon is shown, in the language in use."""
    return {"getLabel": "TieraddinLabel"}
