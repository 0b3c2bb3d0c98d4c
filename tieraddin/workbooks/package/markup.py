"""XML parts of a package as bytes: where their elements stand, and changes that leave every other byte alone."""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from functools import lru_cache
from pyexpat import ExpatError, ParserCreate, XMLParserType
from typing import NamedTuple

from tieraddin.errors import WorkbookRefused

MAIN = ("http://schemas.openxmlformats.org/spreadsheetml/2006/main", "http://purl.oclc.org/ooxml/spreadsheetml/main")
"""The namespace of sheets, styles and tables: Transitional, Strict (ISO/IEC 29500)."""

START_TAG = re.compile(rb"""<[^>"']*(?:"[^"]*"[^>"']*|'[^']*'[^>"']*)*>""")
_ATTRIBUTE = re.compile(rb"""\s([^\s=/>]+)\s*=\s*("[^"]*"|'[^']*')""")
_ENCODING = re.compile(rb"""(<\?xml[^>]*?\sencoding\s*=\s*)("[^"]*"|'[^']*')""")
_SMALL = 1 << 14
_BOMS = {codecs.BOM_UTF16_LE: "utf-16", codecs.BOM_UTF16_BE: "utf-16", b"<\0?\0": "utf-16-le", b"\0<\0?": "utf-16-be"}


class Splice(NamedTuple):
    """Put ``data`` in place of the bytes from ``start`` to ``end``."""

    start: int
    end: int
    data: bytes


def spliced(data: bytes, splices: Iterable[Splice]) -> bytes:
    """``data`` with all ``splices`` done; where two begin at one place, the one given first comes first."""
    pieces: list[bytes] = []
    position = 0
    for start, end, text in sorted(splices, key=lambda splice: splice[:2]):
        pieces += data[position:start], text
        position = end
    return b"".join([*pieces, data[position:]])


@dataclass(slots=True, eq=False)
class Element:
    """An element and where it stands: ``start`` < ``inner`` <= ``inner_end`` <= ``end`` are offsets in its part.

    ``inner`` is just after the start tag, ``inner_end`` just before the end tag; an empty-element tag has all three at
    its end. Names of attributes with a namespace are written "namespace name".
    """

    namespace: str
    name: str
    attributes: dict[str, str]
    start: int
    inner: int
    inner_end: int = 0
    end: int = 0
    text: str = ""
    children: list[Element] = field(default_factory=list)

    def all(self, name: str) -> list[Element]:
        """The children called ``name`` in this element's own namespace."""
        return [child for child in self.children if child.name == name and child.namespace == self.namespace]

    def first(self, name: str) -> Element | None:
        """The first child called ``name`` in this element's own namespace."""
        return next(iter(self.all(name)), None)


def new_parser(part: str) -> XMLParserType:
    """A namespace-aware expat parser that refuses a DOCTYPE, so no entity is ever expanded or fetched."""

    def refuse(*_: object) -> None:
        raise WorkbookRefused("workbooks.doctype", part=part)

    parser = ParserCreate(namespace_separator=" ")
    parser.StartDoctypeDeclHandler = refuse
    parser.buffer_text = True
    return parser


def malformed(part: str, error: ExpatError) -> WorkbookRefused:
    """The refusal of a part that is no well-formed XML."""
    return WorkbookRefused("workbooks.malformed", part=part, detail=str(error))


def parse_part(data: bytes, part: str) -> Element:
    """The tree of a whole part (see `parse`), not to be changed: a small one that comes again is not parsed again.

    File after file of one program has the same styles, relationships and content types.
    """
    return _parsed_before(data, part) if len(data) < _SMALL else parse(data, part)


@lru_cache(maxsize=100)
def _parsed_before(data: bytes, part: str) -> Element:
    return parse(data, part)


def parse(data: bytes, part: str) -> Element:
    """The tree of the elements with their offsets in ``data`` (UTF-8)."""
    parser = new_parser(part)
    top = Element("", "", {}, 0, 0)
    stack = [top]

    def start(name: str, attributes: dict[str, str]) -> None:
        namespace, _, local = name.rpartition(" ")
        at = parser.CurrentByteIndex
        inner = START_TAG.match(data, at).end()  # type: ignore[union-attr]
        element = Element(namespace, local, attributes, at, inner)
        stack[-1].children.append(element)
        stack.append(element)

    def end(_: str) -> None:
        element = stack.pop()
        if data[element.inner - 2 : element.inner] == b"/>":
            element.inner_end = element.end = element.inner
        else:
            element.inner_end = parser.CurrentByteIndex
            element.end = data.index(b">", element.inner_end) + 1

    def text(characters: str) -> None:
        stack[-1].text += characters

    parser.StartElementHandler, parser.EndElementHandler, parser.CharacterDataHandler = start, end, text
    try:
        parser.Parse(data, True)
    except ExpatError as error:
        raise malformed(part, error) from None
    return top.children[0]


def prefix(data: bytes, element: Element) -> str:
    """The namespace prefix the element is written with, its colon included: "x:" or nothing."""
    tag = re.split(rb"[\s/>]", data[element.start + 1 : element.inner], maxsplit=1)[0].decode()
    return tag[: tag.find(":") + 1]


def attributes(tag: bytes) -> dict[str, str]:
    """The attributes of a start tag by their names as written; references are not resolved."""
    return {match[1].decode(): match[2][1:-1].decode() for match in _ATTRIBUTE.finditer(tag)}


def set_attribute(data: bytes, element: Element, name: str, value: str) -> Splice:
    """Give the element's attribute ``name`` (as written, prefix included) this value, adding it where it is missing."""
    for match in _ATTRIBUTE.finditer(data, element.start, element.inner):
        if match[1] == name.encode():
            return Splice(*match.span(2), f'"{escape(value)}"'.encode())
    at = element.inner - (2 if data[element.inner - 2 : element.inner] == b"/>" else 1)
    return Splice(at, at, f' {name}="{escape(value)}"'.encode())


def append_child(data: bytes, element: Element, child: bytes) -> list[Splice]:
    """Put ``child`` last in the element, opening the element where it is an empty tag."""
    if data[element.inner - 2 : element.inner] != b"/>":
        return [Splice(element.inner_end, element.inner_end, child)]
    name = re.split(rb"[\s/>]", data[element.start + 1 : element.inner], maxsplit=1)[0]
    return [Splice(element.inner - 2, element.inner, b">" + child + b"</" + name + b">")]


def escape(text: str) -> str:
    """``text`` as it stands in an attribute or between tags; line ends and tabs as references, so they survive."""
    for character, reference in _REFERENCES:
        text = text.replace(character, reference)
    return text


_REFERENCES = [
    ("&", "&amp;"),
    ("<", "&lt;"),
    (">", "&gt;"),
    ('"', "&quot;"),
    ("\t", "&#9;"),
    ("\n", "&#10;"),
    ("\r", "&#13;"),
]


def is_text(data: bytes) -> bool:
    """Whether the bytes are text in UTF-8, without the NUL that no XML may hold."""
    if b"\0" in data:
        return False
    if not data.isascii():
        try:
            data.decode()
        except UnicodeDecodeError:
            return False
    return True


def utf8_chunks(chunks: Iterable[bytes]) -> Iterator[bytes]:
    """The chunks of an XML part in UTF-8, whatever its encoding; the declaration is changed to agree."""
    chunks = iter(chunks)
    first = next(chunks, b"")
    encoding = next((name for bom, name in _BOMS.items() if first.startswith(bom)), None)
    declared = _ENCODING.search(first[:200])
    if encoding is None and declared:
        name = declared[2][1:-1].decode("ascii", "replace").lower()
        encoding = None if name in ("utf-8", "utf8", "us-ascii", "ascii") else name
    if encoding is None:
        yield first
        yield from chunks
        return
    decoder = codecs.getincrementaldecoder(encoding)()
    text = decoder.decode(first).encode()
    yield _ENCODING.sub(rb'\1"UTF-8"', text, count=1)
    for chunk in chunks:
        yield decoder.decode(chunk).encode()
    yield decoder.decode(b"", True).encode()
