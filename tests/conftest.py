"""How property tests draw their examples: the same ones on every run, so that a check that passed passes again.

``HYPOTHESIS_PROFILE=hunt pytest`` looks for new ones, and for more of them.
"""

from __future__ import annotations

import os

from hypothesis import settings

settings.register_profile("checks", deadline=None, derandomize=True, max_examples=60)
settings.register_profile("hunt", deadline=None, max_examples=1000)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "checks"))
