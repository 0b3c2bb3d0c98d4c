"""The compression of VBA text: read back by a reader of others, and by our own."""

from __future__ import annotations

from pathlib import Path

import pytest
import xlwings
from hypothesis import given
from hypothesis import strategies as st
from oletools.olevba import decompress_stream

from tieraddin.hosts.xlam.ovba import CHUNK, compress, decompress

words = st.sampled_from(["Dim ", "As ", "Variant", "\r\n", "End If", "    ", "x", "Function ", "tier", "(", ")", "é"])
source = st.lists(words, max_size=3000).map("".join).map(lambda text: text.encode("cp1252"))
scattered = st.binary(max_size=3 * CHUNK).map(lambda data: data[: len(data) // CHUNK * CHUNK] + bytes(len(data) % 97))


@given(source | scattered)
def test_what_is_compressed_is_read_back_by_olevba_and_by_us(data: bytes) -> None:
    packed = compress(data)
    assert decompress(packed) == data
    assert not data or bytes(decompress_stream(bytearray(packed))) == data


@pytest.mark.parametrize("length", [0, 1, 2, 3, 15, 16, 17, 4094, 4095, 4096, 4097, 8192, 8193])
@pytest.mark.parametrize("run", [b"\0", b"ab", b"abcdefghijklmnopq", bytes(range(256))])
def test_lengths_at_the_edges_of_chunks_and_of_token_widths(length: int, run: bytes) -> None:
    data = (run * (length // len(run) + 1))[:length]
    assert decompress(compress(data)) == data


def test_the_examples_of_the_specification() -> None:
    """[MS-OVBA] 3.2: no run, some runs, one long run."""
    examples = {
        b"abcdefghijklmnopqrstuv.": (
            "01 19 B0 00 61 62 63 64 65 66 67 68 00 69 6A 6B 6C 6D 6E 6F 70 00 71 72 73 74 75 76 2E"
        ),
        b"#aaabcdefaaaaghijaaaaaklaaamnopqaaaaaaaaaaaarstuvwxyzaaa": (
            "01 2F B0 00 23 61 61 61 62 63 64 65 82 66 00 70 61 67 68 69 6A 01 38 08 61 6B 6C 00 30 6D 6E 6F 70 06 71"
            " 02 70 04 10 72 73 74 75 76 10 77 78 79 7A 00 3C"
        ),
        b"a" * 73: "01 03 B0 02 61 45 00",
    }
    for plain, packed in examples.items():
        assert decompress(bytes.fromhex(packed)) == plain
        assert len(compress(plain)) <= len(bytes.fromhex(packed)), "not longer than that of the specification"
        assert decompress(compress(plain)) == plain


def test_the_module_of_xlwings_becomes_smaller() -> None:
    text = (Path(xlwings.__file__).parent / "xlwings_custom_addin.bas").read_bytes()
    packed = compress(text)
    assert len(packed) < len(text) / 2
    assert bytes(decompress_stream(bytearray(packed))) == text


@pytest.mark.parametrize(
    "broken", [b"", b"\0abc", b"\x01\x10\xb0\x01\x61", b"\x01\x02\xb0\x02\x61\x45", b"\x01\x02\xb0\x01\xff\xff"]
)
def test_what_is_no_container_is_refused(broken: bytes) -> None:
    with pytest.raises(ValueError):
        decompress(broken)
