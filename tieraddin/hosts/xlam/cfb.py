"""A writer of OLE compound files ([MS-CFB]), as far as a VBA project needs one: version 3, a few streams below 7 MB.

What reads them is well kept (olefile, for the tests); a library that writes them was not found.
"""

from __future__ import annotations

import struct
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TypeAlias

Tree: TypeAlias = "Mapping[str, bytes | Tree]"
"""Names -> a stream's bytes, or what a storage holds."""

SECTOR, MINI, CUTOFF = 512, 64, 4096
_FREE, _END, _FAT, _NONE = 0xFFFFFFFF, 0xFFFFFFFE, 0xFFFFFFFD, 0xFFFFFFFF
_STORAGE, _STREAM, _ROOT = 1, 2, 5
_HEADER = struct.Struct("<8s16x5H6x10I")
_ENTRY = struct.Struct("<64sHBB3I16x4x8x8xIQ")
_UNUSED = struct.pack("<68x3I48x", _NONE, _NONE, _NONE)
_MAGIC = bytes.fromhex("D0CF11E0A1B11AE1")
_FAT_IN_HEADER = 109


@dataclass
class _Entry:
    """A directory entry; ``left``, ``right`` and ``child`` are numbers of entries."""

    name: str
    kind: int
    data: bytes = b""
    left: int = _NONE
    right: int = _NONE
    child: int = _NONE
    start: int = 0
    size: int = 0

    def packed(self) -> bytes:
        name = (self.name + "\0").encode("utf-16-le")
        black = 1
        return _ENTRY.pack(
            name, len(name), self.kind, black, self.left, self.right, self.child, self.start, self.size
        )  # fmt: skip


@dataclass
class _Sectors:
    """Sectors of one size, with the chain that says which follows which."""

    size: int
    data: bytearray = field(default_factory=bytearray)
    chain: list[int] = field(default_factory=list)

    def add(self, data: bytes) -> int:
        """Put ``data`` into new sectors, and say which is the first."""
        start, count = len(self.chain), -(-len(data) // self.size)
        self.data += data.ljust(count * self.size, b"\0")
        self.chain += [*range(start + 1, start + count), _END][:count]
        return start if count else _END


def compound_file(tree: Tree) -> bytes:
    """A compound file that holds ``tree``; the same bytes for the same tree."""
    root = _Entry("Root Entry", _ROOT)
    entries = [root]
    root.child = _directory(tree, entries)
    big, mini = _Sectors(SECTOR), _Sectors(MINI)
    for entry in entries:
        if entry.kind == _STREAM:
            entry.size = len(entry.data)
            entry.start = (mini if entry.size < CUTOFF else big).add(entry.data)
    root.size, root.start = len(mini.data), big.add(bytes(mini.data))
    listed = b"".join(entry.packed() for entry in entries)
    directory = big.add(listed + _UNUSED * (-len(entries) % (SECTOR // _ENTRY.size)))
    mini_chain = struct.pack(f"<{len(mini.chain)}I", *mini.chain)
    mini_count = -(-len(mini_chain) // SECTOR)
    mini_fat = big.add(mini_chain + b"\xff" * (-len(mini_chain) % SECTOR))
    fat = _fat(big)
    header = _HEADER.pack(
        _MAGIC, 0x3E, 3, 0xFFFE, 9, 6,
        0, len(fat), directory, 0, CUTOFF, mini_fat, mini_count, _END, 0, fat[0],
    )  # fmt: skip
    rest = struct.pack(f"<{_FAT_IN_HEADER - 1}I", *fat[1:], *[_FREE] * (_FAT_IN_HEADER - len(fat)))
    return header + rest + bytes(big.data)


def _fat(big: _Sectors) -> Sequence[int]:
    """Add the sectors that hold the chain of all sectors, themselves included, and say which they are."""
    count, used = 0, len(big.chain)
    while count * (SECTOR // 4) < used + count:
        count += 1
    if count > _FAT_IN_HEADER:
        raise ValueError("more than a compound file of this kind holds")
    whole = [*big.chain, *[_FAT] * count]
    packed = struct.pack(f"<{len(whole)}I", *whole)
    big.data += packed + b"\xff" * (count * SECTOR - len(packed))
    return range(used, used + count)


def _directory(tree: Tree, entries: list[_Entry]) -> int:
    """Add the entries of ``tree``, as a binary search tree by length and capitals of the names; its top's number."""
    added: list[int] = []
    for name in sorted(tree, key=lambda name: (len(name), name.upper())):
        content = tree[name]
        entry = _Entry(name, _STREAM, content) if isinstance(content, bytes) else _Entry(name, _STORAGE)
        added.append(len(entries))
        entries.append(entry)
        if not isinstance(content, bytes):
            entry.child = _directory(content, entries)
    return _balanced(added, entries)


def _balanced(numbers: Sequence[int], entries: list[_Entry]) -> int:
    """The middle one of ``numbers``, with those before it at its left and those after it at its right."""
    if not numbers:
        return _NONE
    middle = len(numbers) // 2
    top = entries[numbers[middle]]
    top.left = _balanced(numbers[:middle], entries)
    top.right = _balanced(numbers[middle + 1 :], entries)
    return numbers[middle]
