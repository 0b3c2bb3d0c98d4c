"""Compound files, read back by olefile."""

from __future__ import annotations

import io

import olefile
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tieraddin.hosts.xlam.cfb import Tree, compound_file

names = st.text("abcXYZ019_é", min_size=1, max_size=31)
streams = st.integers(0, 3).flatmap(lambda k: st.binary(max_size=[10, 200, 5000, 5000][k])).map(lambda data: data * 3)


def own_names(content: st.SearchStrategy[Tree | bytes]) -> st.SearchStrategy[Tree]:
    return st.lists(st.tuples(names, content), max_size=12, unique_by=lambda pair: pair[0].upper()).map(dict)


def paths(tree: Tree, above: tuple[str, ...] = ()) -> dict[tuple[str, ...], bytes]:
    found: dict[tuple[str, ...], bytes] = {}
    for name, content in tree.items():
        here = (*above, name)
        found |= {here: content} if isinstance(content, bytes) else paths(content, here)
    return found


def read(data: bytes) -> dict[tuple[str, ...], bytes]:
    with olefile.OleFileIO(io.BytesIO(data), raise_defects=olefile.DEFECT_POTENTIAL) as ole:
        assert not ole.parsing_issues
        return {tuple(path): ole.openstream(path).read() for path in ole.listdir()}


@given(own_names(streams | own_names(streams)))
@settings(max_examples=60)
def test_every_stream_is_read_back(tree: Tree) -> None:
    assert read(compound_file(tree)) == paths(tree)
    assert compound_file(tree) == compound_file(tree)


@pytest.mark.parametrize(
    "size", [0, 1, 63, 64, 65, 4095, 4096, 4097, 512 * 126, 512 * 127, 512 * 128, 512 * 129, 3_000_000]
)
def test_sizes_at_the_edges_of_sectors_and_their_table(size: int) -> None:
    tree = {"S": bytes(i % 251 for i in range(size)), "T": b"t"}
    assert read(compound_file(tree)) == paths(tree)


@pytest.mark.parametrize("count", [1, 2, 3, 4, 7, 8, 60])
def test_names_are_found_by_the_order_that_readers_search_by(count: int) -> None:
    """Windows walks the tree: by the length of the name first, then by its capitals."""
    names = [f"{'n' * (i % 9)}{i}" for i in range(count)]
    data = compound_file({name: name.encode() for name in names})
    with olefile.OleFileIO(io.BytesIO(data)) as ole:
        entries = ole.direntries
        for name in names:
            at = ole.root.sid_child
            while entries[at].name != name:
                here = entries[at].name
                left = (len(name), name.upper()) < (len(here), here.upper())
                at = entries[at].sid_left if left else entries[at].sid_right


def test_more_than_fits_is_refused() -> None:
    with pytest.raises(ValueError, match="more than"):
        compound_file({"S": bytes(8_000_000)})
