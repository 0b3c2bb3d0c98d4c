"""What a first look costs: help and imports load none of the heavy libraries."""

from __future__ import annotations

import json
import subprocess
import sys

import pytest

HEAVY = {"numba", "pandas", "openpyxl", "pydantic", "pyarrow", "holidays", "numpy", "python_calamine"}
LOADED = "import json, sys; print(json.dumps(sorted({name.partition('.')[0] for name in sys.modules})))"
HELP = "import contextlib, io\nimport tieraddin.__main__ as m, sys\nsys.argv = ['tieraddin', *{!r}]\n" + (
    "with contextlib.redirect_stdout(io.StringIO()) as out, contextlib.suppress(SystemExit):\n    m.main()\n"
    "assert 'tieraddin' in out.getvalue(), out.getvalue()\n"
)


@pytest.mark.parametrize(
    "code",
    [
        "import tieraddin",
        "from tieraddin import TieraddinError",
        HELP.format(["--help"]),
    ],
)
def test_no_heavy_library_is_loaded(code):
    command = [sys.executable, "-c", f"{code}\n{LOADED}"]
    done = subprocess.run(command, capture_output=True, check=False, text=True, timeout=120)
    assert done.returncode == 0, done.stderr
    loaded = set(json.loads(done.stdout))
    assert "tieraddin" in loaded
    assert loaded & HEAVY == set()
