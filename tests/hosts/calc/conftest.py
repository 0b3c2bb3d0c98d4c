"""One LibreOffice for all tests here, with the extension in it, driven by the shared kit; skipped without them."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.hosts.calc.desk import Desk, desk
from tests.hosts.calc.menu import Menu
from tieraddin.hosts.calc.build import build_extension
from tieraddin.language import use_language
from tieraddin.workbooks.calc import progress
from tieraddin.workbooks.calc.live import LiveCalcWorkbook

ROOT = Path(__file__).parents[3]
KIT = Path(os.environ.get("TIERADDIN_SHARED") or ROOT.parent / "shared") / "calc"
OLDEST = 25, 2


def missing() -> str | None:
    """Why there can be no session here, None where there can."""
    soffice = shutil.which("soffice")
    if soffice is None:
        return "LibreOffice (soffice) is not installed"
    if not (KIT / "calc_session.py").is_file():
        return f"the kit that drives LibreOffice is not at {KIT}"
    said = subprocess.run([soffice, "--version"], capture_output=True, text=True, timeout=60, check=False).stdout
    found = tuple(int(part) for part in said.split()[1].split(".")[:2]) if len(said.split()) > 1 else (0, 0)
    return None if found >= OLDEST else f"LibreOffice is {said.strip()}: 25.2 is needed"


@pytest.fixture(scope="session")
def extension(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return build_extension(tmp_path_factory.mktemp("oxt") / "tieraddin-calc.oxt")


@pytest.fixture(scope="session")
def sessions() -> Any:
    """The kit."""
    if why := missing():
        pytest.skip(why)
    sys.path.insert(0, str(KIT))
    import calc_session

    return calc_session


@pytest.fixture(scope="session")
def calc(sessions: Any, extension: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    """A running LibreOffice that has the functions."""
    own = {"TIERADDIN_MODELS": str(tmp_path_factory.mktemp("models")), "PYTHONDONTWRITEBYTECODE": "1"}
    with sessions.CalcSession(timeout=240, env=own) as session:
        session.install_extension(extension)
        yield session


@pytest.fixture(scope="session")
def seen(sessions: Any, extension: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    """A LibreOffice that is seen, with the functions."""
    if missing := [name for name in ("Xvfb", "xdotool") if shutil.which(name) is None]:
        pytest.skip(f"to press keys in LibreOffice {missing[0]} is needed")
    with desk(sessions, extension, tmp_path_factory.mktemp("desk")) as made:
        yield made


@pytest.fixture
def menu(calc: Any) -> Iterator[Menu]:
    """The menu; what the file is compared with speaks LibreOffice's language here."""
    use_language("en")
    yield Menu(calc)
    use_language(None)
    calc.close_book()


@pytest.fixture
def book(calc: Any, path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[LiveCalcWorkbook]:
    """The workbook at ``path``, open before a person who reads English."""
    monkeypatch.setattr(progress, "_SOON", 3600)  # a window to stop can't be opened from another process
    use_language("en")
    calc.open(path)
    yield LiveCalcWorkbook(calc.doc, "test")
    use_language(None)
    calc.close_book()
