"""Texts as a workbook writes them: the shared strings, inline strings, and the ``_xHHHH_`` escapes."""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from itertools import chain
from operator import eq
from pyexpat import ExpatError

from tieraddin.errors import WorkbookRefused
from tieraddin.workbooks.package import markup

MOST_CHARACTERS = 32_767
"""The longest text a cell holds (Excel specifications and limits); counted in UTF-16 units."""

_ESCAPED = re.compile(r"_x([0-9A-Fa-f]{4})_")
_TO_ESCAPE = re.compile("_(?=x[0-9A-Fa-f]{4}_)|[\0-\x08\x0b\x0c\x0e-\x1f\r\ufffe\uffff]")
_SPECIAL = ("&", "<", ">")
_PRINTED = bytes(range(0x20, 0x7F))
_SURROGATE = re.compile("[\ud800-\udfff]")
_REFERENCE = re.compile("&(amp|lt|gt|quot|apos);")
_REFERRED = {"amp": "&", "lt": "<", "gt": ">", "quot": '"', "apos": "'"}
_BETWEEN = "\ue000"
_SEAM, _ITEM = "</t></si><si><t>", re.compile("<si>(.*?)</si>", re.S)
_UNUSUAL = (b"<!", b"<si ", b"<si/", b":si", b"\r")
_PLAIN = re.compile(rb"<t(?: xml:space=\"preserve\")?>([^<]*)</t>")


def decode(text: str) -> str:
    """The text with its ``_xHHHH_`` escapes resolved (ECMA-376 part 1, 22.9.2.19, ST_Xstring)."""
    return _ESCAPED.sub(lambda match: chr(int(match[1], 16)), text) if "_x" in text else text


def encode(text: str) -> str:
    """The text with what XML can't hold, and what would read as an escape, written as ``_xHHHH_``."""
    return _TO_ESCAPE.sub(lambda match: f"_x{ord(match[0]):04X}_", text)


def units(text: str) -> int:
    """The length of a text in UTF-16 units, as spreadsheets count."""
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


def check(text: str) -> None:
    """Refuse a text that no cell can hold.

    Raises
    ------
    WorkbookRefused
        over 32,767 UTF-16 units, or half a surrogate pair.
    """
    if len(text) > MOST_CHARACTERS // 2 and units(text) > MOST_CHARACTERS:
        raise WorkbookRefused("workbooks.text_too_long", text=text[:20], limit=MOST_CHARACTERS)
    if _SURROGATE.search(text):
        raise WorkbookRefused("workbooks.half_character", text=text[:20].encode(errors="replace").decode())


def are_short(texts: Collection[str]) -> bool:
    """Whether a cell holds each of the texts, whatever its characters (no: one may be too long)."""
    return max(map(len, texts), default=0) <= MOST_CHARACTERS // 2


def are_plain(texts: Collection[str]) -> bool:
    """Whether all texts stand in XML as they are (no: some may not)."""
    joined = "".join(texts)
    return (
        (not joined.encode().translate(None, _PRINTED) if joined.isascii() else joined.isprintable())
        and are_short(texts)
        and not any(mark in joined for mark in _SPECIAL)
        and not ("_" in joined and "_x" in joined)
        and all(map(eq, texts, map(str.strip, texts)))
    )


def inline(text: str, prefix: str) -> str:
    """The ``<is>`` element of a text.

    Raises
    ------
    WorkbookRefused
        a text that no cell can hold, see `check`.
    """
    return f"<{prefix}is>{_element('t', text, prefix)}</{prefix}is>"


def result(text: str, prefix: str) -> str:
    """The ``<v>`` element of a text that a formula gives.

    Raises
    ------
    WorkbookRefused
        a text that no cell can hold, see `check`.
    """
    return _element("v", text, prefix)


def _element(name: str, text: str, prefix: str) -> str:
    if are_plain([text]):
        return f"<{prefix}{name}>{text}</{prefix}{name}>"
    check(text)
    space = ' xml:space="preserve"' if text != text.strip() or "\n" in text else ""
    body = encode(text).replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    return f"<{prefix}{name}{space}>{body}</{prefix}{name}>"


def text_of(raw: bytes) -> str:
    """The character data of a fragment of XML, between the tags of ``v``: references and CDATA resolved."""
    if b"<" not in raw and b"\r" not in raw:
        text = raw.decode()
        if "&" not in text:
            return text
        resolved, count = _REFERENCE.subn(lambda match: _REFERRED[match[1]], text)
        if count == text.count("&"):
            return resolved
    return _fragment(raw).text


def plain_texts(raws: Sequence[bytes], *, inline: bool) -> list[str] | None:
    """The texts of ``<v>`` or ``inline`` ``<is>`` elements by what is inside; None where one has escapes or runs."""
    between = _BETWEEN.encode()
    joined = between.join(raws).replace(b'<t xml:space="preserve">', b"<t>")
    if inline and joined.startswith(b"<t>") and joined.endswith(b"</t>"):
        joined = joined[len(b"<t>") : -len(b"</t>")].replace(b"</t>" + between + b"<t>", between)
    elif inline:
        return None
    if b"<" in joined or b"\r" in joined:
        return None
    text = text_of(joined)
    texts = text.split(_BETWEEN)
    return None if "_x" in text or len(texts) != len(raws) else texts


def inline_text(raw: bytes) -> str:
    """The text of an ``<is>`` element's inside: its ``t`` and those of its runs, phonetic readings left out."""
    plain = _PLAIN.fullmatch(raw)
    if plain:
        return decode(text_of(plain[1]))
    return decode(_rich_text(_fragment(raw)))


def _rich_text(element: markup.Element) -> str:
    texts = []
    for child in element.children:
        name = child.name.rpartition(":")[2]
        if name == "t":
            texts.append(child.text)
        elif name == "r":
            texts += [run.text for run in child.children if run.name.rpartition(":")[2] == "t"]
    return "".join(texts)


def _fragment(raw: bytes) -> markup.Element:
    prefixes = set(re.findall(rb"[<\s]/?([A-Za-z_][\w.\-]*):", raw)) - {b"xml", b"xmlns"}
    names = b"".join(b' xmlns:%s="a"' % prefix for prefix in sorted(prefixes))
    return markup.parse(b"<a%s>%s</a>" % (names, raw), "sheet")


def shared_strings(data: bytes, part: str) -> list[str]:
    """The texts of a shared strings part, in order: cut out at its tags, by expat where it is written otherwise."""
    if data.find(b"<?", len("<?xml")) >= 0 or any(mark in data for mark in _UNUSUAL):
        return _parsed_strings(data, part)
    try:
        text = data.decode()
    except UnicodeDecodeError:
        return _parsed_strings(data, part)
    start, end = text.find("<si>"), text.rfind("</si>")
    if start < 0 or end < 0:
        return _parsed_strings(data, part)
    nothing = "<si><t></t></si>"  # so that both ends are plain
    pieces = f"{nothing}{text[start : end + 5]}{nothing}"[len("<si><t>") : -len("</t></si>")].split(_SEAM)
    texts = list(chain.from_iterable(map(_texts_of_piece, pieces)))
    return texts[1:-1]


def _texts_of_piece(piece: str) -> list[str]:
    """The texts of what stands between two plain seams: nearly always one."""
    if "<" not in piece and "&" not in piece and "_x" not in piece:
        return [piece]
    return [inline_text(raw.encode()) for raw in _ITEM.findall(f"<si><t>{piece}</t></si>")]


def _parsed_strings(data: bytes, part: str) -> list[str]:
    parser = markup.new_parser(part)
    texts: list[str] = []
    pieces: list[str] = []
    path: list[str] = []

    def start(name: str, _: dict[str, str]) -> None:
        path.append(name.rpartition(" ")[2])

    def end(_: str) -> None:
        if path.pop() == "si" and len(path) == 1:
            texts.append(decode("".join(pieces)))
            pieces.clear()

    def text(characters: str) -> None:
        if path[2:] in (["t"], ["r", "t"]):
            pieces.append(characters)

    parser.StartElementHandler, parser.EndElementHandler, parser.CharacterDataHandler = start, end, text
    try:
        parser.Parse(data, True)
    except ExpatError as error:
        raise markup.malformed(part, error) from None
    return texts
