"""The zip file of a package: its entries read with every check, copied as they are, and written."""

from __future__ import annotations

import struct
import zipfile
import zlib
from collections.abc import Iterable, Iterator
from pathlib import Path
from threading import Lock
from typing import IO, Any, NamedTuple

from tieraddin.errors import WorkbookRefused

try:
    from isal import isal_zlib

    fast_zlib: Any = isal_zlib
except ImportError:
    fast_zlib = zlib

CHUNK = 1 << 20
MOST_BYTES = 8 << 30
"""A package that says it unpacks to more than this is refused."""
FREE_BYTES, MOST_RATIO = 64 << 20, 200
"""An entry over FREE_BYTES may be at most MOST_RATIO times its packed size (large real sheets reach about 50)."""
MOST_ENTRY = (1 << 32) - 1
_TURN = Lock()
_LOCAL = struct.Struct("<4s5H3L2H")
_CENTRAL = struct.Struct("<4s6H3L5H2L")
_END = struct.Struct("<4s4H2LH")
_CFB = bytes.fromhex("d0cf11e0a1b11ae1")
_ENCRYPTED, _SIXTY_FOUR, _UTF8 = 1, 4_294_967_295, 0x800


class Packed(NamedTuple):
    """Compressed bytes somewhere in a file, and what they are."""

    file: IO[bytes]
    offset: int
    method: int
    crc: int
    packed: int
    size: int


class Archive:
    """The entries of a zip file, in its order. Close it when done.

    Raises
    ------
    WorkbookRefused
        no file, no zip file, an old or encrypted workbook, a truncated or doubtful zip file, a zip bomb.
    """

    def __init__(self, path: Path) -> None:
        self.name, self._path = path.name, path
        try:
            self._file = path.open("rb")
        except OSError as error:
            key = "no_such_file" if isinstance(error, FileNotFoundError) else "cannot_read"
            raise WorkbookRefused(f"workbooks.{key}", file=path.name, detail=error.strerror) from None
        try:
            self._zip = zipfile.ZipFile(self._file)
            self.entries = self._zip.infolist()
            self._check()
        except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError, struct.error):
            self._file.seek(0)
            refusal = self._no_zip(self._file.read())
            self._file.close()
            raise refusal from None
        except WorkbookRefused:
            self._file.close()
            raise

    def close(self) -> None:
        """Close the file."""
        self._file.close()

    def reopen(self) -> None:
        """Open the file again, closed for a save that failed."""
        if self._file.closed:
            self._file = self._path.open("rb")

    def _refused(self, key: str, **facts: object) -> WorkbookRefused:
        return WorkbookRefused(f"workbooks.{key}", file=self.name, **facts)

    def _no_zip(self, data: bytes) -> WorkbookRefused:
        if data.startswith(_CFB):
            return self._refused("encrypted" if "EncryptedPackage".encode("utf-16-le") in data else "old_format")
        if data.startswith(b"PK"):
            return self._refused("damaged", part=self.name)
        return self._refused("text_file" if data and 0 not in data[:CHUNK] else "not_a_workbook")

    def _check(self) -> None:
        names = set()
        for entry in self.entries:
            name = entry.filename.replace("\\", "/").lower()
            if name in names:
                raise self._refused("duplicate_part", part=entry.filename)
            names.add(name)
            if entry.flag_bits & _ENCRYPTED:
                raise self._refused("encrypted")
            if entry.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
                raise self._refused("damaged", part=entry.filename)
            bomb = entry.file_size > FREE_BYTES and entry.file_size > MOST_RATIO * entry.compress_size
            if bomb or entry.file_size > MOST_ENTRY:
                raise self._refused("too_large", part=entry.filename)
        if sum(entry.file_size for entry in self.entries) > MOST_BYTES:
            raise self._refused("too_large", part=self.name)

    def packed(self, entry: zipfile.ZipInfo) -> Packed:
        """Where the entry's compressed bytes are."""
        header = _read(self._file, entry.header_offset, _LOCAL.size)
        if len(header) < _LOCAL.size or not header.startswith(b"PK\3\4"):
            raise self._refused("damaged", part=entry.filename)
        *_, name, extra = _LOCAL.unpack(header)
        offset = entry.header_offset + _LOCAL.size + name + extra
        return Packed(self._file, offset, entry.compress_type, entry.CRC, entry.compress_size, entry.file_size)

    def chunks(self, entry: zipfile.ZipInfo) -> Iterator[bytes]:
        """The entry's bytes, unpacked piece by piece; size and check sum are proven when the last piece is taken."""
        packed = self.packed(entry)
        crc, left, damaged = 0, packed.size, self._refused("damaged", part=entry.filename)
        for chunk in _unpacked(packed, damaged):
            crc = fast_zlib.crc32(chunk, crc)
            left -= len(chunk)
            if left < 0:
                raise damaged
            yield chunk
        if left or crc != packed.crc:
            raise damaged

    def read(self, entry: zipfile.ZipInfo) -> bytes:
        """All of the entry's bytes."""
        return b"".join(self.chunks(entry))


def _read(file: IO[bytes], position: int, size: int) -> bytes:
    """Bytes from anywhere in a file that other threads read too."""
    with _TURN:
        file.seek(position)
        return file.read(size)


def raw_chunks(packed: Packed) -> Iterator[bytes]:
    """The compressed bytes as they are."""
    position, left = packed.offset, packed.packed
    while left:
        chunk = _read(packed.file, position, min(CHUNK, left))
        if not chunk:
            return
        position, left = position + len(chunk), left - len(chunk)
        yield chunk


def _unpacked(packed: Packed, damaged: WorkbookRefused) -> Iterator[bytes]:
    if packed.method == zipfile.ZIP_STORED:
        yield from raw_chunks(packed)
        return
    inflater = fast_zlib.decompressobj(-15)
    try:
        for raw in raw_chunks(packed):
            data = raw
            while data and not inflater.eof:
                yield inflater.decompress(data, CHUNK)
                data = inflater.unconsumed_tail
        while not inflater.eof and (rest := inflater.decompress(inflater.unconsumed_tail, CHUNK)):
            yield rest
    except (zlib.error, fast_zlib.error):
        raise damaged from None


def pack(chunks: Iterable[bytes], file: IO[bytes]) -> Packed:
    """Compress ``chunks`` to the end of ``file``."""
    deflater = fast_zlib.compressobj(1, zlib.DEFLATED, -15)
    offset = file.seek(0, 2)
    crc = size = 0
    for chunk in chunks:
        crc = fast_zlib.crc32(chunk, crc)
        size += len(chunk)
        file.write(deflater.compress(chunk))
    file.write(deflater.flush())
    return Packed(file, offset, zipfile.ZIP_DEFLATED, crc, file.tell() - offset, size)


class ArchiveWriter:
    """Writes a zip file: entries of known size, one after the other, then `finish`."""

    def __init__(self, file: IO[bytes]) -> None:
        self._file = file
        self._directory: list[bytes] = []

    def add(self, like: zipfile.ZipInfo, packed: Packed) -> None:
        """One entry with the name, date and attributes of ``like``."""
        offset = self._file.tell()
        if max(offset + packed.packed, packed.size) > MOST_ENTRY:
            raise WorkbookRefused("workbooks.too_large", file=like.filename, part=like.filename)
        utf8 = like.flag_bits & _UTF8
        name = like.orig_filename.encode("utf-8" if utf8 else "cp437")
        year, month, day, hour, minute, second = like.date_time
        stamp = (hour << 11 | minute << 5 | second // 2, max(0, year - 1980) << 9 | month << 5 | day)
        facts = (20, utf8, packed.method, *stamp, packed.crc, packed.packed, packed.size, len(name), 0)
        self._file.write(_LOCAL.pack(b"PK\3\4", *facts) + name)
        for chunk in raw_chunks(packed):
            self._file.write(chunk)
        made_by = like.create_system << 8 | 20
        entry = _CENTRAL.pack(b"PK\1\2", made_by, *facts, 0, 0, like.internal_attr, like.external_attr, offset)
        self._directory.append(entry + name)

    def finish(self) -> None:
        """Write the directory."""
        offset, directory, count = self._file.tell(), b"".join(self._directory), len(self._directory)
        if count > 65_535 or offset + len(directory) > _SIXTY_FOUR:
            raise WorkbookRefused("workbooks.too_large", file="", part="")
        self._file.write(directory + _END.pack(b"PK\5\6", 0, 0, count, count, len(directory), offset, 0))
