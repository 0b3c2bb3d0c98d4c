"""A VBA project as ``vbaProject.bin`` ([MS-OVBA]), of source only: no compiled code, so that Excel compiles it anew."""

from __future__ import annotations

import struct
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from tieraddin.hosts.xlam.cfb import compound_file
from tieraddin.hosts.xlam.ovba import compress

NAME = "Tieraddin"
PROJECT_ID = "{6A3B5F0C-8D1E-4C27-9B54-7E0D2A61C8F3}"
"""Any GUID; always the same, so that a build can be repeated."""

REFERENCES = {
    "stdole": r"*\G{00020430-0000-0000-C000-000000000046}#2.0#0#C:\Windows\System32\stdole2.tlb#OLE Automation",
    "Office": (
        r"*\G{2DF8D04C-5BFA-101B-BDE5-00AA0044DE52}#2.0#0#C:\Program Files\Common Files\Microsoft Shared"
        r"\OFFICE16\MSO.DLL#Microsoft Office 16.0 Object Library"
    ),
}
"""Type libraries as Excel itself names them; Excel and VBA need no naming. A path that is gone is found by its GUID."""

RECOMPILE = bytes.fromhex("CC61 FFFF 00 0000")
"""``_VBA_PROJECT`` of no version: no compiled code that an Excel could take for its own."""

_ENGLISH, _CODE_PAGE = 0x0409, 1252
_VERSION = (1, 0)
_LONGEST_LINE, _MOST_CONTINUATIONS = 1023, 24


_USUAL = {
    "GlobalNameSpace": False, "Creatable": False, "PredeclaredId": True, "Exposed": True, "TemplateDerived": False,
    "Customizable": True,
}  # fmt: skip


@dataclass(frozen=True)
class Kind:
    """What a module is.

    Attributes
    ----------
    listed
        its line in ``PROJECT``, but for its name.
    base
        the class that it is of; None for a module that is no class.
    others
        attributes that are not as usual for a class.
    """

    listed: str
    base: str | None = None
    others: Mapping[str, bool] = field(default_factory=dict)

    def header(self, name: str) -> str:
        """The attributes that the source begins with, which no editor shows."""
        lines = [f'Attribute VB_Name = "{name}"']
        if self.base is not None:
            lines.append(f'Attribute VB_Base = "0{{{self.base}}}"')
            lines += [f"Attribute VB_{key} = {value}" for key, value in {**_USUAL, **self.others}.items()]
        return "".join(f"{line}\r\n" for line in lines)


STANDARD = Kind("Module={}")
CLASS = Kind("Class={}", "FCFB3D2A-A0FA-1068-A738-08002B3371B5", {"PredeclaredId": False, "Customizable": False})
WORKBOOK = Kind("Document={}/&H00000000", "00020819-0000-0000-C000-000000000046")
SHEET = Kind("Document={}/&H00000000", "00020820-0000-0000-C000-000000000046")


@dataclass(frozen=True)
class Module:
    """A module of VBA: its name, its kind, and its text without the attributes at its top."""

    name: str
    kind: Kind
    text: str

    @property
    def source(self) -> bytes:
        """All of it, as it is stored.

        Raises
        ------
        ValueError
            text that the editor would not take: letters beyond ASCII (a module is in the code page of one country), a
            line above 1023 characters, more than 24 continuations.
        """
        lines = self.text.splitlines()
        if not self.text.isascii():
            raise ValueError(f"{self.name}: {next(line for line in lines if not line.isascii())!r} is not ASCII")
        if long := [line for line in lines if len(line) > _LONGEST_LINE]:
            raise ValueError(f"{self.name}: a line of {len(long[0])} characters: {long[0][:40]!r}")
        continued = 0
        for line in lines:
            continued = continued + 1 if line.endswith(" _") else 0
            if continued > _MOST_CONTINUATIONS:
                raise ValueError(f"{self.name}: more than {_MOST_CONTINUATIONS} continuations: {line!r}")
        return (self.kind.header(self.name) + "".join(f"{line}\r\n" for line in lines)).encode("ascii")


def vba_project(modules: Sequence[Module]) -> bytes:
    """``vbaProject.bin`` that holds ``modules``; the same bytes for the same modules."""
    streams = {module.name: compress(module.source) for module in modules}
    names = (module.name + "\0" for module in modules)
    return compound_file({
        "VBA": {**streams, "dir": compress(_dir(modules)), "_VBA_PROJECT": RECOMPILE},
        "PROJECT": _project(modules).encode("ascii"),
        "PROJECTwm": b"".join(name.encode("ascii") + name.encode("utf-16-le") for name in names) + b"\0\0",
    })  # fmt: skip


def _project(modules: Iterable[Module]) -> str:
    """The stream ``PROJECT``: the project as an .ini file; neither protected nor hidden."""
    shown, no_password, visible = bytes(4), bytes(1), b"\xff"
    lines = [
        f'ID="{PROJECT_ID}"',
        *(module.kind.listed.format(module.name) for module in modules),
        f'Name="{NAME}"',
        'HelpContextID="0"',
        'VersionCompatible32="393222000"',
        f'CMG="{_sealed(shown)}"',
        f'DPB="{_sealed(no_password)}"',
        f'GC="{_sealed(visible)}"',
        "",
        "[Host Extender Info]",
        "&H00000001={3832D640-CF90-11CF-8E43-00A0C911005A};VBE;&H00000000",
        "",
        "[Workspace]",
        *(f"{module.name}=0, 0, 0, 0, C" for module in modules),
    ]
    return "".join(f"{line}\r\n" for line in lines)


def _sealed(data: bytes, seed: int = 0x28) -> str:
    """``data`` by the "data encryption" of [MS-OVBA] 2.4.3.2, in hexadecimal; this seed asks for no filling bytes."""
    key = sum(PROJECT_ID.encode("ascii")) & 0xFF
    sealed = [seed, seed ^ 2, seed ^ key]
    before = key
    for byte in struct.pack("<I", len(data)) + data:
        sealed.append(byte ^ (sealed[-2] + before & 0xFF))
        before = byte
    return bytes(sealed).hex().upper()


def _dir(modules: Sequence[Module]) -> bytes:
    """The stream ``dir``: the project's properties, what it refers to, its modules, a record each."""
    return b"".join((
        _number(0x0001, 4, 1),  # made for Windows, 32 bits; Excel takes that for any
        _number(0x0002, 4, _ENGLISH), _number(0x0014, 4, _ENGLISH), _number(0x0003, 2, _CODE_PAGE),
        _record(0x0004, NAME.encode("ascii")), *_twice(0x0005, 0x0040, ""), _record(0x0006), _record(0x003D),
        _number(0x0007, 4, 0), _number(0x0008, 4, 0),
        struct.pack("<HIIH", 0x0009, 4, *_VERSION), *_twice(0x000C, 0x003C, ""),
        *(record for name, library in REFERENCES.items() for record in _reference(name, library)),
        _number(0x000F, 2, len(modules)), _number(0x0013, 2, 0xFFFF),
        *(record for module in modules for record in _module(module)),
        _record(0x0010),
    ))  # fmt: skip


def _reference(name: str, library: str) -> Iterator[bytes]:
    yield from _twice(0x0016, 0x003E, name)
    packed = library.encode("ascii")
    yield _record(0x000D, struct.pack("<I", len(packed)) + packed + bytes(6))


def _module(module: Module) -> Iterator[bytes]:
    yield from _twice(0x0019, 0x0047, module.name)
    yield from _twice(0x001A, 0x0032, module.name)
    yield from _twice(0x001C, 0x0048, "")
    yield _number(0x0031, 4, 0)  # where the source begins: no compiled code before it
    yield _number(0x001E, 4, 0)
    yield _number(0x002C, 2, 0xFFFF)
    yield _record(0x0021 if module.kind.base is None else 0x0022)
    yield _record(0x002B)


def _record(id_: int, content: bytes = b"") -> bytes:
    return struct.pack("<HI", id_, len(content)) + content


def _number(id_: int, size: int, value: int) -> bytes:
    return _record(id_, value.to_bytes(size, "little"))


def _twice(id_: int, wide: int, text: str) -> Iterator[bytes]:
    """A text in the project's code page, and again in UTF-16."""
    yield _record(id_, text.encode("ascii"))
    yield _record(wide, text.encode("utf-16-le"))
