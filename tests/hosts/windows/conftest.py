"""The COM server of xlwings on a Windows Python under Wine, which ``.ci/windows`` sets up."""

from __future__ import annotations

import json
import os
import subprocess
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import pytest

HERE = Path(__file__).parent
ROOT = HERE.parents[2]
KIT = Path(os.environ.get("TIERADDIN_SHARED", ROOT.parent / "shared")) / "windows"
TARGET = Path(os.environ.get("TIERADDIN_WINDOWS", ""))

Job = Callable[..., dict[str, Any]]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    if not (TARGET / ".ok").is_file() or not (KIT / "run.sh").is_file():
        reason = "no Windows Python: .ci/windows sets one up under Wine, and says where in TIERADDIN_WINDOWS"
        for item in items:
            if HERE in item.path.parents:
                item.add_marker(pytest.mark.skip(reason=reason))


def run(*arguments: Any, seconds: int, **environment: str) -> str:
    """What the Windows Python writes."""
    settings = {
        "WINPATH": f"{ROOT}:{HERE}", "RUN_TIMEOUT": str(seconds), "TIERADDIN_MODELS": "Z:\\nowhere",
        "LC_ALL": "en_US.UTF-8", **environment,
    }  # fmt: skip
    done = subprocess.run(
        ["bash", KIT / "run.sh", TARGET, *map(str, arguments)],
        env=os.environ | settings, stdin=subprocess.DEVNULL, capture_output=True, timeout=seconds + 60, check=False,
    )  # fmt: skip
    assert done.returncode == 0, (done.returncode, done.stdout[-2000:], done.stderr[-4000:])
    return done.stdout.decode("utf-8")


@pytest.fixture(scope="session")
def job(tmp_path_factory: pytest.TempPathFactory) -> Job:
    """Calls made by one server: see ``driver.py``."""

    def made(
        calls: list[dict[str, Any]], types: Sequence[dict[str, Any]] = (), plain: bool = False, **environment: str
    ) -> dict[str, Any]:
        file = tmp_path_factory.mktemp("job") / "job.json"
        file.write_text(json.dumps({"calls": calls, "types": [*types], "plain": plain}), "utf-8")
        answer: dict[str, Any] = json.loads(
            run(HERE / "driver.py", KIT / "udf_call.py", file, seconds=600, **environment)
        )
        return answer

    return made
