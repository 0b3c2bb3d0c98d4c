"""Functions for cells, in Excel's own terms.

Importing this package registers them all; ``udfs.FUNCTIONS`` holds them by name. A new function is one more function
here and its words in ``tieraddin/locale/addin.toml``.
"""

from __future__ import annotations

from tieraddin.addin.registry import FUNCTIONS
from udfs import classes, followup, grids, models, ownership, pareto, rfm, tier, workdays

__all__ = ["FUNCTIONS", "classes", "followup", "grids", "models", "ownership", "pareto", "rfm", "tier", "workdays"]
