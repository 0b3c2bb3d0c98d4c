"""Putting the extension into a person's LibreOffice: what is asked of unopkg, and what is said where it fails."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import pytest

from tieraddin.errors import TieraddinError
from tieraddin.hosts.calc import install as installing
from tieraddin.hosts.calc.install import install, uninstall

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="a stand-in for unopkg is a shell script here")


@pytest.fixture
def asked(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A stand-in for unopkg, which writes down what it is asked and keeps the extension; not root."""
    program = tmp_path / "unopkg"
    program.write_text(
        f'#!/bin/sh\necho "$@" > {tmp_path}/asked\n[ "$1" = add ] && cp "$4" {tmp_path}/kept.oxt\n'
        f'[ -e {tmp_path}/fails ] && {{ echo "locked by another" >&2; exit 1; }}\nexit 0\n'
    )
    program.chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}:{os.environ['PATH']}")
    monkeypatch.setattr(installing.os, "geteuid", lambda: 1000)
    return tmp_path


def test_the_extension_is_added_in_place_of_an_older_one(asked: Path) -> None:
    assert install() == asked / "unopkg"
    words = (asked / "asked").read_text().split()
    assert words[:3] == ["add", "--force", "--suppress-license"]
    assert (asked / "kept.oxt").read_bytes()[:2] == b"PK"
    assert not Path(words[3]).exists(), "nothing is left behind"


def test_it_is_removed_by_its_name(asked: Path) -> None:
    uninstall()
    assert (asked / "asked").read_text().split() == ["remove", "org.tieraddin.calc"]


def test_what_unopkg_says_is_passed_on(asked: Path) -> None:
    (asked / "fails").touch()
    with pytest.raises(TieraddinError, match="locked by another"):
        install()


def test_the_administrator_is_told_to_do_it_as_the_user(asked: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(installing.os, "geteuid", lambda: 0)
    with pytest.raises(TieraddinError) as refused:
        install()
    assert refused.value.key == "calc.root"
    assert not (asked / "asked").exists()


def test_no_libreoffice_is_said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(TieraddinError) as refused:
        uninstall()
    assert refused.value.key == "calc.no_unopkg"
