"""A sheet part read once from front to back: what stands before its rows, the rows in blocks, what stands after."""

from __future__ import annotations

from collections.abc import Iterator
from pyexpat import ExpatError

from tieraddin.errors import WorkbookRefused
from tieraddin.workbooks.package import markup, plainscan
from tieraddin.workbooks.package.ahead import ahead
from tieraddin.workbooks.package.block import Block
from tieraddin.workbooks.package.scan import scan

LARGE = 1 << 20
"""Sheet parts of more bytes than this are unpacked in a second thread."""
MUCH = 16 << 20
"""The compiled scanner and reader take half a second to start, and then a quarter of the time: they are for what a
process reads after this many bytes."""


class _FoundError(Exception):
    """Ends expat's run at the start of sheetData."""


class ReadSoFar:
    """How many bytes of sheet parts this process has begun to read."""

    bytes = 0


class SheetStream:
    """One run through a sheet part of ``size`` bytes.

    Attributes
    ----------
    large, compiled
        whether a second thread, and the compiled scanner and reader, are at work.
    head
        everything up to and including the tag ``<sheetData>``.
    empty_tag
        whether that tag is ``<sheetData/>``.
    prefix
        the namespace prefix of the sheet's elements, such as ``x:``.
    tail
        everything from ``</sheetData>`` on (after ``<sheetData/>``); known when all blocks are taken.
    """

    def __init__(self, chunks: Iterator[bytes], part: str, size: int = 0) -> None:
        self.part = part
        ReadSoFar.bytes += size
        self.large, self.compiled = size > LARGE, ReadSoFar.bytes > MUCH
        self._chunks = chunks
        self.head, self._rest = self._find_head()
        tag = self.head[self.head.rindex(b"<") + 1 :]
        self.empty_tag = tag.endswith(b"/>")
        self.prefix = tag[: tag.find(b":") + 1].decode() if b":" in tag.split(b"sheetData")[0] else ""
        self.tail = b""

    def _find_head(self) -> tuple[bytes, bytes]:
        parser = markup.new_parser(self.part)
        depth = at = 0

        def start(name: str, _: dict[str, str]) -> None:
            nonlocal depth, at
            namespace, local = name.rpartition(" ")[::2]
            if depth == 1 and local == "sheetData" and namespace in markup.MAIN:
                at = parser.CurrentByteIndex
                raise _FoundError
            depth += 1

        def end(_: str) -> None:
            nonlocal depth
            depth -= 1

        parser.StartElementHandler, parser.EndElementHandler = start, end
        data = b""
        try:
            for chunk in self._chunks:
                data += chunk
                parser.Parse(chunk, False)
            parser.Parse(b"", True)
        except _FoundError:
            end_of_tag = markup.START_TAG.match(data, at).end()  # type: ignore[union-attr]
            return data[:end_of_tag], data[end_of_tag:]
        except ExpatError as error:
            raise markup.malformed(self.part, error) from None
        raise WorkbookRefused("workbooks.no_rows", part=self.part)

    def _scan(self, data: bytes, previous: int) -> Block | None:
        """A block of whole rows, found the quick way where that can be."""
        block = None if self.prefix else self._quick(data, previous)
        return block or scan(self.head, data, previous, self.part)

    def _quick(self, data: bytes, previous: int) -> Block | None:
        if not self.compiled:
            return plainscan.scan(data, previous)
        from tieraddin.workbooks.package import fastscan

        return fastscan.scan(data, previous)

    def __iter__(self) -> Iterator[Block]:
        """The blocks, in order."""
        return ahead(self._blocks()) if self.large else self._blocks()

    def _blocks(self) -> Iterator[Block]:
        if self.empty_tag:
            self.tail = self._rest + b"".join(self._chunks)
            return
        close, row_close = f"</{self.prefix}sheetData".encode(), f"</{self.prefix}row>".encode()
        data, previous, searched = self._rest, 0, 0
        while True:
            end = data.find(close, searched)
            cut = end if end >= 0 else data.rfind(row_close) + len(row_close)
            whole = cut >= len(row_close) or end >= 0
            block = self._scan(data[:cut], previous) if whole else None
            if block is not None:
                yield block
                previous = int(block.rows[-1]) if len(block.rows) else previous
                data, searched = data[cut:], 0
                if end >= 0:
                    break
            elif end >= 0:
                searched = end + 1
                continue
            chunk = next(self._chunks, None)
            if chunk is None:
                raise WorkbookRefused("workbooks.malformed", part=self.part, detail="</sheetData>")
            data += chunk
        self.tail = data + b"".join(self._chunks)
