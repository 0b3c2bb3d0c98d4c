from __future__ import annotations

import pytest


@pytest.fixture(autouse=True)
def _english_and_no_models_of_ones_own(english: None, no_models_of_ones_own: None) -> None:
    """For every test of this room."""
