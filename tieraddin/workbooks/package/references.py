"""What formulas refer to beside cells: defined names, and links to other workbooks and add-ins."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable
from typing import NamedTuple

from tieraddin.workbooks.package import markup
from tieraddin.workbooks.package.parts import Parts, Relationship, relationships_part
from tieraddin.workbooks.port import BookLink, DefinedName


def defined_names(parts: Parts, workbook: str) -> list[DefinedName]:
    """The defined names of the part ``workbook``."""
    _, root = parts.tree(workbook)
    sheets, names = root.first("sheets"), root.first("definedNames")
    titles = [sheet.attributes.get("name", "") for sheet in (sheets.all("sheet") if sheets else [])]
    found = []
    for name in names.all("definedName") if names else []:
        scope = name.attributes.get("localSheetId", "")
        sheet = titles[int(scope)] if scope.isdecimal() and int(scope) < len(titles) else None
        found.append(DefinedName(name.attributes.get("name", ""), name.text.strip().removeprefix("="), sheet))
    return found


_FORMULA = re.compile(rb"<((?:[\w.\-]+:)?(?:f|definedName|formula|formula1|formula2))\b[^>]*(?<!/)>[^<]*</\1\s*>")
"""The elements that hold formulas: of cells, names, conditional formats and data validations."""


class Link(NamedTuple):
    """A link to another file: the part that holds it, and the relationship that says where the file is."""

    part: str
    file: Relationship

    @property
    def target(self) -> str:
        """Where the file is, as written."""
        return self.file.element.attributes.get("Target", "")


def external_links(parts: Parts, workbook: str) -> dict[int, Link]:
    """The links of the part ``workbook`` by the numbers that formulas say."""
    _, root = parts.tree(workbook)
    references = root.first("externalReferences")
    related = {link.id: link.target for link in parts.relationships(workbook)}
    found = {}
    for number, reference in enumerate(references.all("externalReference") if references else [], 1):
        id_ = next((value for name, value in reference.attributes.items() if name.endswith(" id")), "")
        part = related.get(id_)
        if part is None or not parts.has(part):
            continue
        files = [link for link in parts.relationships(part) if link.element.attributes.get("TargetMode") == "External"]
        if files:
            found[number] = Link(part, files[0])
    return found


def book_links(parts: Parts, workbook: str) -> list[BookLink]:
    """The links as the port has them."""
    return [BookLink(number, link.target) for number, link in external_links(parts, workbook).items()]


def relink(parts: Parts, workbook: str, number: int, target: str) -> None:
    """Let link ``number`` point to another file."""
    link = external_links(parts, workbook)[number]
    name = relationships_part(link.part)
    data, element = parts.read(name), link.file.element
    address = element.attributes.get("Type", "").rpartition("/")[0] + "/externalLinkPath"
    splices = [
        markup.set_attribute(data, element, "Target", target),
        markup.set_attribute(data, element, "Type", address),
    ]
    parts.change(name, markup.spliced(data, splices))


def unlink(parts: Parts, workbook: str, sheets: Iterable[str], number: int, names: Collection[str]) -> None:
    """Take ``[number]!`` away before calls of ``names``; the link too, where it is the last and nothing else needs it.

    Parameters
    ----------
    sheets
        the worksheets' parts.
    """
    called = re.compile(rb"\[%d\]!(?=(?:%s)\s*\()" % (number, "|".join(map(re.escape, names)).encode()), re.IGNORECASE)
    other = b"[%d]" % number
    needed = False
    for part in (*sheets, workbook):
        old = parts.read(part)
        new = _FORMULA.sub(lambda found: called.sub(b"", found[0]), old)
        needed |= any(other in found[0] for found in _FORMULA.finditer(new))
        if new != old:
            parts.change(part, new)
    links = external_links(parts, workbook)
    if not needed and number == max(links):
        _drop(parts, workbook, number, links[number].part)


def _drop(parts: Parts, workbook: str, number: int, part: str) -> None:
    """Take the last link away."""
    data, root = parts.tree(workbook)
    references = root.first("externalReferences")
    if references is None:
        return
    left = references.all("externalReference")
    gone = references if len(left) == 1 else left[number - 1]
    parts.change(workbook, markup.spliced(data, [markup.Splice(gone.start, gone.end, b"")]))
    parts.remove(workbook, part)
