"""Compression of VBA source and of the ``dir`` stream, as [MS-OVBA] 2.4.1 has it."""

from __future__ import annotations

SIGNATURE = 1
CHUNK = 4096
_COMPRESSED, _RAW = 0xB000, 0x3000


def compress(data: bytes) -> bytes:
    """``data`` as a CompressedContainer: chunks of up to 4096 bytes, each tokens or, where those are longer, as it is.

    A last chunk that tokens make longer is filled up with zeros, as the format wants it; text never comes to that.
    """
    return bytes([SIGNATURE]) + b"".join(_chunk(data[i : i + CHUNK]) for i in range(0, len(data), CHUNK))


def _chunk(data: bytes) -> bytes:
    tokens = _tokens(data)
    if len(tokens) > CHUNK:
        return (_RAW | CHUNK - 1).to_bytes(2, "little") + data.ljust(CHUNK, b"\0")
    return (_COMPRESSED | len(tokens) - 1).to_bytes(2, "little") + tokens


def _tokens(data: bytes) -> bytes:
    """Groups of eight tokens under a flag byte; a token is a byte, or two that name an earlier run."""
    written, at = bytearray(), 0
    while at < len(data):
        flag_at = len(written)
        written.append(0)
        for bit in range(8):
            if at >= len(data):
                break
            bits = _length_bits(at)
            length, offset = _longest(data, at, (1 << bits) + 2)
            if length:
                written[flag_at] |= 1 << bit
                written += ((offset - 1) << bits | length - 3).to_bytes(2, "little")
                at += length
            else:
                written.append(data[at])
                at += 1
    return bytes(written)


def _longest(data: bytes, at: int, most: int) -> tuple[int, int]:
    """The longest run at ``at`` that came before, 3 to ``most`` bytes, and how far back it begins; 0, 0 for none."""
    length, offset = 2, 0
    while length < most and at + length < len(data):
        # a longer run begins with one byte more than the longest so far; it may reach into itself
        found = data.rfind(data[at : at + length + 1], 0, at + length)
        if found < 0:
            break
        offset, length = at - found, length + 1
        while length < most and at + length < len(data) and data[found + length] == data[at + length]:
            length += 1
    return (length, offset) if offset else (0, 0)


def _length_bits(at: int) -> int:
    """How many of the 16 bits of a copy token, ``at`` bytes into a chunk, hold the length; the others: the offset."""
    return 16 - max((at - 1).bit_length(), 4)


def decompress(data: bytes) -> bytes:
    """What a CompressedContainer holds.

    Raises
    ------
    ValueError
        no such container, or one that breaks off.
    """
    if data[:1] != bytes([SIGNATURE]):
        raise ValueError("no compressed container")
    plain, at = bytearray(), 1
    try:
        while at < len(data):
            header = int.from_bytes(data[at : at + 2], "little")
            end = at + (header & 0x0FFF) + 3
            body = data[at + 2 : end]
            plain += _untokened(body) if header & 0x8000 else body
            at = end
    except IndexError:
        raise ValueError("a compressed container that breaks off") from None
    return bytes(plain)


def _untokened(body: bytes) -> bytes:
    plain, at = bytearray(), 0
    while at < len(body):
        flags = body[at]
        at += 1
        for bit in range(8):
            if at >= len(body):
                break
            if flags >> bit & 1:
                token, bits = body[at] | body[at + 1] << 8, _length_bits(len(plain))
                start = len(plain) - (token >> bits) - 1
                if start < 0:
                    raise IndexError
                for i in range(start, start + (token & (1 << bits) - 1) + 3):
                    plain.append(plain[i])
                at += 2
            else:
                plain.append(body[at])
                at += 1
    return bytes(plain)
