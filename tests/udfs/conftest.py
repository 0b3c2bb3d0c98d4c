from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tieraddin.language import use_language


@pytest.fixture(autouse=True)
def _english_and_no_models_of_ones_own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setenv("TIERADDIN_MODELS", str(tmp_path / "models"))
    use_language("en")
    yield
    use_language(None)
