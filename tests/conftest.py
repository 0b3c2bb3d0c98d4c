"""How property tests draw their examples: the same ones on every run, so that a check that passed passes again.

``HYPOTHESIS_PROFILE=hunt pytest`` looks for new ones, and for more of them.
"""

from __future__ import annotations

import os

from hypothesis import HealthCheck, settings

UNTIMED = {"deadline": None, "suppress_health_check": [HealthCheck.too_slow]}  # a busy machine fails no test
settings.register_profile("checks", derandomize=True, max_examples=60, **UNTIMED)
settings.register_profile("hunt", max_examples=1000, **UNTIMED)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "checks"))
