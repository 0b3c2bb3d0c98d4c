"""What tests of all rooms share, and how property tests draw their examples: the same ones on every run.

``HYPOTHESIS_PROFILE=hunt pytest`` looks for new ones, and for more of them; ``TIERADDIN_LONG=1 pytest`` runs at length
what the plain command runs in short.
"""

from __future__ import annotations

import gc
import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

from tieraddin.language import use_language
from tieraddin.workbooks.package import stream

SHARED = (Path(__file__).parents[1] / os.environ.get("TIERADDIN_SHARED", "../shared")).resolve()
"""The folder of foreign workbooks and real data, which need not be there."""

LONG = bool(os.environ.get("TIERADDIN_LONG"))
"""Whether the long tests are asked for: all cases where the plain command takes some, large ones for small ones."""

UNTIMED = {"deadline": None, "suppress_health_check": [HealthCheck.too_slow]}  # a busy machine fails no test
settings.register_profile("checks", derandomize=True, max_examples=200 if LONG else 40, **UNTIMED)
settings.register_profile("hunt", max_examples=1000, **UNTIMED)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "checks"))


@pytest.fixture(autouse=True)
def nothing_read_before(monkeypatch: pytest.MonkeyPatch) -> None:
    """Which reader is at work depends on nothing that other tests have read."""
    monkeypatch.setattr(stream.ReadSoFar, "bytes", 0)


def pytest_collection_finish() -> None:
    """What is imported and collected by now stays: it is not looked through for garbage while the tests run."""
    gc.collect()
    gc.freeze()


@pytest.fixture
def english() -> Iterator[None]:
    """What is said is said in English."""
    use_language("en")
    yield
    use_language(None)


@pytest.fixture
def no_models_of_ones_own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A folder that isn't there in place of the user's own models."""
    monkeypatch.setenv("TIERADDIN_MODELS", str(tmp_path / "models"))
