"""The extension put into the LibreOffice of the user at work, and taken out, by LibreOffice's own program unopkg."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path
from tempfile import TemporaryDirectory

from tieraddin.errors import TieraddinError
from tieraddin.hosts.calc.names import IDENTIFIER, OLDEST

_PLACES = {
    "win32": (r"%ProgramFiles%\LibreOffice\program\unopkg.com", r"%ProgramFiles(x86)%\LibreOffice\program\unopkg.com"),
    "darwin": ("/Applications/LibreOffice.app/Contents/MacOS/unopkg",),
}
"""Where installers put unopkg without naming it on the path."""
_LONGEST = 180


def install() -> Path:
    """Build the extension for the Python at work and add it, in place of an older one.

    Returns
    -------
    The program unopkg that did it.

    Raises
    ------
    TieraddinError
        no LibreOffice; the system's administrator, for whom unopkg refuses; what unopkg says.
    """
    from tieraddin.hosts.calc.build import build_extension

    with TemporaryDirectory() as folder:
        made = build_extension(Path(folder) / "tieraddin-calc.oxt")
        return _run("add", "--force", "--suppress-license", str(made))


def uninstall() -> Path:
    """Take the extension out; see `install`."""
    return _run("remove", IDENTIFIER)


def unopkg() -> Path | None:
    """The program that adds extensions, None where there is no LibreOffice."""
    named = (os.path.expandvars(place) for place in _PLACES.get(sys.platform, ()))
    found = shutil.which("unopkg") or next((place for place in named if Path(place).is_file()), None)
    return Path(found) if found else None


def _run(*arguments: str) -> Path:
    program = unopkg()
    if program is None:
        raise TieraddinError("calc.no_unopkg", oldest=OLDEST)
    if sys.platform != "win32" and os.geteuid() == 0:
        raise TieraddinError("calc.root")
    try:
        done = subprocess.run(  # noqa: S603  (LibreOffice's own program)
            [program, *arguments], capture_output=True, text=True, errors="replace", check=False, timeout=_LONGEST
        )
    except (OSError, subprocess.TimeoutExpired) as fault:
        raise TieraddinError("calc.unopkg_failed", reason=fault) from None
    if done.returncode:
        said = (done.stderr or done.stdout).split()
        raise TieraddinError("calc.unopkg_failed", reason=" ".join(said) or done.returncode)
    return program
