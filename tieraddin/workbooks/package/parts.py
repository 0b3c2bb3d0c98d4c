"""The parts of a package (ECMA-376 part 2, OPC): names, content types, relationships, and parts changed in memory."""

from __future__ import annotations

import posixpath
import zipfile
from collections.abc import Iterator
from typing import NamedTuple
from urllib.parse import unquote

from tieraddin.errors import WorkbookRefused
from tieraddin.workbooks.package import markup
from tieraddin.workbooks.package.archive import Archive
from tieraddin.workbooks.package.markup import Splice

TYPES = "[Content_Types].xml"
MOST_IN_MEMORY = 1 << 30
_EMPTY_RELATIONSHIPS = (
    b'<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
    b'<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"></Relationships>'
)


class Relationship(NamedTuple):
    """One relationship of a part; ``target`` is a part's name, or None outside the package."""

    id: str
    kind: str
    target: str | None
    element: markup.Element


def _normal(name: str) -> str:
    return name.replace("\\", "/").lstrip("/").lower()


class Parts:
    """Parts by name, without regard to case; those changed or added are kept in memory until saved."""

    def __init__(self, archive: Archive) -> None:
        self.archive = archive
        self._entries = {_normal(entry.filename): entry for entry in archive.entries}
        self._changed: dict[str, bytes] = {}
        self._added: list[str] = []
        self._removed: set[str] = set()
        self._links: dict[str, list[Relationship]] = {}

    def names(self) -> Iterator[str]:
        """The names of all parts, in the order they are saved."""
        yield from (entry.filename for entry in self.archive.entries if _normal(entry.filename) not in self._removed)
        yield from self._added

    def entry(self, name: str) -> zipfile.ZipInfo:
        """The zip entry of a part; for a new part, one to write."""
        found = self._entries.get(_normal(name))
        return found or zipfile.ZipInfo(name)

    def has(self, name: str) -> bool:
        """Whether there is such a part."""
        key = _normal(name)
        return key in self._changed or (key in self._entries and key not in self._removed)

    def chunks(self, name: str) -> Iterator[bytes]:
        """The bytes of an XML part in UTF-8, piece by piece."""
        key = _normal(name)
        if key in self._changed:
            return iter((self._changed[key],))
        if not self.has(name):
            raise WorkbookRefused("workbooks.damaged", file=self.archive.name, part=name)
        return markup.utf8_chunks(self.archive.chunks(self._entries[key]))

    def size(self, name: str) -> int:
        """How many bytes the part has, unpacked, in the file."""
        return self._entries[_normal(name)].file_size if _normal(name) in self._entries else 0

    def read(self, name: str) -> bytes:
        """The bytes of an XML part in UTF-8, whole."""
        key = _normal(name)
        if key in self._entries and self._entries[key].file_size > MOST_IN_MEMORY:
            raise WorkbookRefused("workbooks.too_large", file=self.archive.name, part=name)
        return b"".join(self.chunks(name))

    def tree(self, name: str) -> tuple[bytes, markup.Element]:
        """The bytes of an XML part and its elements."""
        data = self.read(name)
        return data, markup.parse_part(data, name)

    def change(self, name: str, data: bytes) -> None:
        """Give the part these bytes from now on; a new part is saved after all others."""
        key = _normal(name)
        if not self.has(name) and key not in self._entries:
            self._added.append(name)
        self._removed.discard(key)
        self._changed[key] = data
        self._links.clear()

    def changed_data(self, name: str) -> bytes | None:
        """The bytes the part was given; None for a part that is as in the file."""
        return self._changed.get(_normal(name))

    def new_name(self, pattern: str) -> str:
        """``pattern`` ("xl/worksheets/sheet{}.xml") with the first number that no part has."""
        number = 1
        while self.has(pattern.format(number)):
            number += 1
        return pattern.format(number)

    def set_content_type(self, name: str, content_type: str) -> None:
        """Declare the content type of a new part."""
        data, root = self.content_types()
        tag = markup.prefix(data, root)
        child = f'<{tag}Override PartName="/{markup.escape(name)}" ContentType="{content_type}"/>'
        self.change(TYPES, markup.spliced(data, markup.append_child(data, root, child.encode())))

    def content_types(self) -> tuple[bytes, markup.Element]:
        """The content types part."""
        return self.tree(TYPES)

    def relationships(self, source: str) -> list[Relationship]:
        """The relationships of part ``source``; of the package itself for ``""``."""
        if source not in self._links:
            part = relationships_part(source)
            found = self.tree(part)[1].all("Relationship") if self.has(part) else []
            self._links[source] = [self._relationship(source, element) for element in found]
        return self._links[source]

    def _relationship(self, source: str, element: markup.Element) -> Relationship:
        facts = element.attributes
        target: str | None = None
        if facts.get("TargetMode") != "External":
            raw = facts.get("Target", "").split("#")[0].replace("\\", "/")
            target = posixpath.normpath(posixpath.join("/", posixpath.dirname(source), raw)).lstrip("/")
            if not self.has(target) and self.has(unquote(target)):
                target = unquote(target)
        return Relationship(facts.get("Id", ""), facts.get("Type", "").rsplit("/", 1)[-1], target, element)

    def related(self, source: str, kind: str) -> list[str]:
        """The parts that ``source`` names by relationships of ``kind`` (the last word of the type's address)."""
        return [link.target for link in self.relationships(source) if link.kind == kind and link.target]

    def relate(self, source: str, type_address: str, target: str) -> str:
        """Add a relationship from ``source`` to the part ``target`` and return its id."""
        name = relationships_part(source)
        data = self.read(name) if self.has(name) else _EMPTY_RELATIONSHIPS
        root = markup.parse_part(data, name)
        taken = {element.attributes.get("Id") for element in root.children}
        number = len(taken) + 1
        while f"rId{number}" in taken:
            number += 1
        tag = markup.prefix(data, root)
        child = f'<{tag}Relationship Id="rId{number}" Type="{type_address}" Target="/{markup.escape(target)}"/>'
        self.change(name, markup.spliced(data, markup.append_child(data, root, child.encode())))
        return f"rId{number}"

    def remove(self, source: str, name: str) -> None:
        """Take away a part that only ``source`` is related to, with all relationships and its content type."""
        links, _ = self.tree(relationships_part(source))
        gone = [
            link.element for link in self.relationships(source) if link.target and _normal(link.target) == _normal(name)
        ]
        self.change(relationships_part(source), markup.spliced(links, [Splice(e.start, e.end, b"") for e in gone]))
        types, root = self.content_types()
        overrides = [
            e for e in root.all("Override") if _normal(unquote(e.attributes.get("PartName", ""))) == _normal(name)
        ]
        self.change(TYPES, markup.spliced(types, [Splice(e.start, e.end, b"") for e in overrides]))
        for key in (_normal(name), _normal(relationships_part(name))):
            self._changed.pop(key, None)
            self._removed.add(key)
            self._added = [added for added in self._added if _normal(added) != key]
        self._links.clear()


def relationships_part(source: str) -> str:
    """The name of the part that holds the relationships of ``source``."""
    folder, name = posixpath.split(source)
    return posixpath.join(folder, "_rels", f"{name}.rels")
