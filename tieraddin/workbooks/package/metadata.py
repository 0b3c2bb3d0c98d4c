"""The metadata part, by which Excel knows a formula as a dynamic array ([MS-XLSX] 2.6.5, ECMA-376 part 1, 18.9)."""

from __future__ import annotations

from tieraddin.workbooks.package import markup
from tieraddin.workbooks.package.markup import Element, Splice

KIND = "XLDAPR"
CONTENT_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheetMetadata+xml"
_NAMESPACE = "http://schemas.microsoft.com/office/spreadsheetml/2017/dynamicarray"
_EXTENSION = "{bdbb8cdc-fa1e-496e-a857-3c3f30c029c3}"
_FACTS = "copy pasteAll pasteValues merge splitFirst rowColShift clearFormats clearComments assign coerce cellMeta"
_AFTER_TYPES = ("futureMetadata", "cellMetadata", "valueMetadata", "extLst")
EMPTY = (
    '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
    f'<metadata xmlns="{{}}" xmlns:xda="{_NAMESPACE}"></metadata>'
)
"""A metadata part for a workbook that has none; to be filled with the namespace."""


class Metadata:
    """A metadata part.

    Parameters
    ----------
    data
        its bytes (UTF-8).
    part
        its name.
    """

    def __init__(self, data: bytes, part: str) -> None:
        self._data = data
        self._root = markup.parse_part(data, part)
        self._tag = markup.prefix(data, self._root)
        self._types = self._list("metadataTypes", "metadataType")
        self._cells = self._list("cellMetadata", "bk")

    def _list(self, name: str, child: str) -> list[Element]:
        element = self._root.first(name)
        return element.all(child) if element else []

    def dynamic(self) -> list[int]:
        """The numbers (attribute ``cm`` of a cell) that mark dynamic arrays."""
        kinds = {str(i) for i, kind in enumerate(self._types, 1) if kind.attributes.get("name") == KIND}
        return [
            number
            for number, block in enumerate(self._cells, 1)
            if any(record.attributes.get("t") in kinds for record in block.all("rc"))
        ]

    def with_dynamic(self) -> tuple[bytes, int]:
        """The part with a mark for dynamic arrays, and its number."""
        if numbers := self.dynamic():
            return self._data, numbers[0]
        p = self._tag
        bound = "" if b"xmlns:xda=" in self._data else f' xmlns:xda="{_NAMESPACE}"'
        facts = " ".join(f'{name}="1"' for name in _FACTS.split())
        kind = f'<{p}metadataType name="{KIND}" minSupportedVersion="120000" {facts}/>'
        future = (
            f'<{p}futureMetadata name="{KIND}" count="1"><{p}bk><{p}extLst><{p}ext uri="{_EXTENSION}">'
            f'<xda:dynamicArrayProperties{bound} fDynamic="1" fCollapsed="0"/>'
            f"</{p}ext></{p}extLst></{p}bk></{p}futureMetadata>"
        ).encode()
        record = f'<{p}bk><{p}rc t="{len(self._types) + 1}" v="0"/></{p}bk>'
        at = self._before(*_AFTER_TYPES[1:])
        splices = [
            *self._added("metadataTypes", len(self._types), kind, self._before(*_AFTER_TYPES, "metadataStrings")),
            Splice(at, at, future),
            *self._added("cellMetadata", len(self._cells), record, self._before(*_AFTER_TYPES[2:])),
        ]
        return markup.spliced(self._data, splices), len(self._cells) + 1

    def _before(self, *names: str) -> int:
        """The place before the first of these elements, or at the end."""
        return next((child.start for child in self._root.children if child.name in names), self._root.inner_end)

    def _added(self, name: str, count: int, child: str, at: int) -> list[Splice]:
        """One child more in the list ``name``, made at ``at`` where there is none."""
        element, p = self._root.first(name), self._tag
        if element is None:
            return [Splice(at, at, f'<{p}{name} count="1">{child}</{p}{name}>'.encode())]
        counted = markup.set_attribute(self._data, element, "count", str(count + 1))
        return [counted, *markup.append_child(self._data, element, child.encode())]
