"""The VBA project of the add-in, set against that of the add-in which Excel made for ``xlwings quickstart``."""

from __future__ import annotations

import io
import re
import struct
import subprocess
import sys
import zipfile
from pathlib import Path
from typing import NamedTuple

import olefile
import pytest
from oletools.olevba import VBA_Parser, decompress_stream

from tieraddin.hosts.xlam.build import addin
from tieraddin.hosts.xlam.project import CLASS, PROJECT_ID, SHEET, STANDARD, WORKBOOK, Module, vba_project
from tieraddin.hosts.xlam.sources import modules

SHEETS = ("SettingsSheet", "WordsSheet", "HelpSheet", "ModelsSheet")
RECORDS = {
    0x01: "syskind", 0x02: "lcid", 0x14: "lcid of calls", 0x03: "code page", 0x04: "name", 0x05: "docstring",
    0x40: "docstring, wide", 0x06: "help file", 0x3D: "help file again", 0x07: "help context", 0x08: "lib flags",
    0x09: "version", 0x0C: "constants", 0x3C: "constants, wide", 0x16: "reference name", 0x3E: "reference name, wide",
    0x0D: "registered library", 0x33: "original library", 0x2F: "control library", 0x30: "control library, extended",
    0x0F: "modules", 0x13: "cookie", 0x19: "module", 0x47: "module, wide", 0x1A: "stream", 0x32: "stream, wide",
    0x1C: "module docstring", 0x48: "module docstring, wide", 0x31: "offset", 0x1E: "module help",
    0x2C: "module cookie", 0x21: "procedural", 0x22: "class or document", 0x2B: "end of module", 0x10: "end",
}  # fmt: skip


class Project(NamedTuple):
    streams: dict[str, bytes]
    records: list[tuple[str, bytes]]
    keys: list[tuple[str, str]]

    @property
    def properties(self) -> list[str]:
        """The records up to the first reference."""
        names = [name for name, _ in self.records]
        return names[: names.index("reference name")]

    @property
    def modules(self) -> list[list[str]]:
        """The records of each module."""
        names = [name for name, _ in self.records]
        starts = [i for i, name in enumerate(names) if name == "module"]
        return [names[a:b] for a, b in zip(starts, [*starts[1:], len(names) - 1], strict=True)]

    def of(self, name: str) -> list[bytes]:
        return [content for each, content in self.records if each == name]


def read(data: bytes) -> Project:
    with olefile.OleFileIO(io.BytesIO(data)) as ole:
        streams = {"/".join(path): ole.openstream(path).read() for path in ole.listdir()}
    packed = bytes(decompress_stream(bytearray(streams["VBA/dir"])))
    records, at = [], 0
    while at < len(packed):
        number, size = struct.unpack_from("<HI", packed, at)
        size = 6 if number == 0x09 else size  # the one record whose size is not its size
        records.append((RECORDS[number], packed[at + 6 : at + 6 + size]))
        at += 6 + size
    lines = streams["PROJECT"].decode("ascii").split("\r\n")
    return Project(streams, records, [tuple(line.partition("=")[::2]) for line in lines])  # type: ignore[misc]


@pytest.fixture(scope="module")
def ours() -> Project:
    return read(zipfile.ZipFile(io.BytesIO(addin())).read("xl/vbaProject.bin"))


@pytest.fixture(scope="module")
def theirs(tmp_path_factory: pytest.TempPathFactory) -> Project:
    folder = tmp_path_factory.mktemp("quickstart")
    script = "import sys; from xlwings.cli import main; sys.argv = sys.argv[1:]; main()"
    command = [sys.executable, "-c", script, "xlwings", "quickstart", "peer", "--addin", "--ribbon"]
    subprocess.run(command, cwd=folder, check=True, capture_output=True, timeout=60)
    return read(zipfile.ZipFile(folder / "peer" / "peer.xlam").read("xl/vbaProject.bin"))


DIFFERENCES = {
    "streams": "Each add-in has its own modules; all other streams are the same.",
    "references": "Theirs refers to the forms library, which neither has a form for; ours to OLE automation, as Excel's"
    " own new projects do. Both refer to Office.",
    "offset": "Theirs has compiled code before the source of most modules; ours has none, so each source begins at 0.",
    "cookies, version": "Numbers by which compiled code is checked: there is none.",
    "docstring": "Their dictionary has a description in the list of objects; ours has it in its comments only.",
    "workspace": "Which windows of the editor are open, and where.",
    "_VBA_PROJECT": "Its last two bytes mean nothing ([MS-OVBA] 2.3.4.1); theirs are 01 00.",
}


def test_the_streams_are_the_same_but_for_the_modules(ours: Project, theirs: Project) -> None:
    def others(project: Project) -> set[str]:
        named = {f"VBA/{name.decode('ascii')}" for name in project.of("stream")}
        assert named <= project.streams.keys()
        return project.streams.keys() - named

    assert others(ours) == others(theirs) == {"PROJECT", "PROJECTwm", "VBA/dir", "VBA/_VBA_PROJECT"}


def test_the_records_of_the_project_come_in_the_same_order(ours: Project, theirs: Project) -> None:
    assert ours.properties == theirs.properties
    for name in ours.properties:
        if name not in ("name", "version"):
            assert ours.of(name) == theirs.of(name), name
    assert [name for name, _ in ours.records if name in ("modules", "cookie", "end")] == ["modules", "cookie", "end"]
    assert ours.of("modules") == [struct.pack("<H", len(ours.modules))]


def test_the_records_of_each_module_come_in_the_same_order(ours: Project, theirs: Project) -> None:
    assert {tuple(records) for records in ours.modules} == {tuple(records) for records in theirs.modules}
    assert set(ours.of("offset")) == {bytes(4)}, DIFFERENCES["offset"]
    for name in ("module", "stream", "module docstring"):
        wide = [content.decode("utf-16-le") for content in ours.of(f"{name}, wide")]
        assert [content.decode("ascii") for content in ours.of(name)] == wide


def test_the_references(ours: Project, theirs: Project) -> None:
    assert ours.of("reference name") == [b"stdole", b"Office"]
    assert theirs.of("reference name") == [b"MSForms", b"MSForms", b"Office"], DIFFERENCES["references"]
    library = re.compile(rb"....\*\\G\{[0-9A-F-]{36}\}#\d+\.\d+#\d+#[^#]+#[^#]+\0{6}", re.S)
    for registered in (*ours.of("registered library"), *theirs.of("registered library")):
        assert library.fullmatch(registered)
        assert struct.unpack("<I", registered[:4])[0] == len(registered) - 10
    guids = [re.findall(rb"\{.*?\}", registered)[0] for registered in ours.of("registered library")]
    assert guids[1] in theirs.of("registered library")[0], "Office by the same GUID"


def test_project_has_the_same_keys_in_the_same_order(ours: Project, theirs: Project) -> None:
    listed = {"Module", "Class", "Document"}

    def keys(project: Project) -> list[str]:
        names = [key for key, _ in project.keys if key not in listed]
        return names[: names.index("[Workspace]") + 1]

    assert keys(ours) == keys(theirs)
    for key in ("HelpContextID", "VersionCompatible32", "&H00000001"):
        assert dict(ours.keys)[key] == dict(theirs.keys)[key]
    names = [value.removesuffix("/&H00000000") for key, value in ours.keys if key in listed]
    assert names == [name.decode("ascii") for name in ours.of("module")]
    assert {key for key, _ in theirs.keys} & listed == {key for key, _ in ours.keys} & listed


def test_the_wide_names(ours: Project, theirs: Project) -> None:
    for project in (ours, theirs):
        expected = b"".join(
            name + b"\0" + f"{name.decode('ascii')}\0".encode("utf-16-le") for name in project.of("module")
        )
        assert project.streams["PROJECTwm"] == expected + b"\0\0"


def test_excel_compiles_anew(ours: Project, theirs: Project) -> None:
    assert ours.streams["VBA/_VBA_PROJECT"][:5] == theirs.streams["VBA/_VBA_PROJECT"][:5] == bytes.fromhex("CC61FFFF00")
    assert len(ours.streams["VBA/_VBA_PROJECT"]) == len(theirs.streams["VBA/_VBA_PROJECT"]), DIFFERENCES["_VBA_PROJECT"]


def opened(sealed: str, project_id: str) -> bytes:
    """What is sealed by [MS-OVBA] 2.4.3.3, "data decryption"."""
    data = bytes.fromhex(sealed)
    seed, version, key = data[0], data[0] ^ data[1], data[0] ^ data[2]
    assert version == 2
    assert key == sum(project_id.encode()) & 0xFF, "the project's id is the key"
    before, one, two, plain = key, data[2], data[1], bytearray()
    for byte in data[3:]:
        plain.append(byte ^ (two + before & 0xFF))
        two, one, before = one, byte, plain[-1]
    content = plain[(seed & 6) // 2 :]
    assert struct.unpack("<I", content[:4])[0] == len(content) - 4
    return bytes(content[4:])


@pytest.mark.parametrize("key", ["CMG", "DPB", "GC"])
def test_no_protection_no_password_not_hidden(ours: Project, theirs: Project, key: str) -> None:
    def plain(project: Project) -> bytes:
        keys = {name: value.strip('"') for name, value in project.keys}
        return opened(keys[key], keys["ID"])

    assert plain(ours) == plain(theirs) == {"CMG": bytes(4), "DPB": bytes(1), "GC": b"\xff"}[key]


def test_classes_begin_with_the_same_attributes(ours: Project, theirs: Project) -> None:
    def attributes(project: Project, stream: str) -> list[bytes]:
        offset = dict(zip(project.of("stream"), project.of("offset"), strict=True))[stream.encode()]
        packed = project.streams[f"VBA/{stream}"][int.from_bytes(offset, "little") :]
        lines = bytes(decompress_stream(bytearray(packed))).splitlines()
        found = [line for line in lines if line.startswith(b"Attribute VB_")]
        return [
            line.replace(stream.encode(), b"NAME")
            for line in found
            if b"VB_Description" not in line and b"VB_User" not in line
        ]

    for mine, yours in {"ThisWorkbook": "ThisWorkbook", "WordsSheet": "Sheet2", "xlwings": "xlwings"}.items():
        assert attributes(ours, mine) == attributes(theirs, yours)
    assert attributes(ours, "Dictionary") == attributes(theirs, "Dictionary"), DIFFERENCES["docstring"]


def test_olevba_reads_every_module_back_identical(tmp_path: Path) -> None:
    path = tmp_path / "tieraddin.xlam"
    path.write_bytes(addin())
    parser = VBA_Parser(str(path))
    try:
        found = {stream.removeprefix("VBA/"): code for _, stream, _, code in parser.extract_all_macros()}
    finally:
        parser.close()
    stored = {module.name: module.source.decode("ascii") for module in modules(SHEETS)}
    assert {name: code.splitlines() for name, code in found.items()} == {
        n: text.splitlines() for n, text in stored.items()
    }
    assert len(stored) == 13


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("Dim 客户", "not ASCII"),
        ('x = 1\ny = "' + "a" * 1020 + '"', "1026 characters"),
        ("x = 1 + _\n" * 25 + "2", "continuations"),
    ],
)
def test_text_that_the_editor_would_not_take_is_refused(text: str, fault: str) -> None:
    with pytest.raises(ValueError, match=fault):
        vba_project([Module("M", STANDARD, text)])


def test_text_at_the_edge_is_taken() -> None:
    text = "x = 1 + _\n" * 24 + "2\n'" + "a" * 1022
    assert b"ID=" in vba_project([Module("M", STANDARD, text), Module("T", WORKBOOK, ""), Module("S", SHEET, "")])
    assert Module("C", CLASS, "").source.startswith(b'Attribute VB_Name = "C"\r\nAttribute VB_Base')
    assert PROJECT_ID.strip("{}").count("-") == 4
