"""The command line: a module of this package holds a command, or some that belong together, thin wrappers of actions.

Exit codes: 0 done, 2 wrong use, 3 this input can't be used, 4 done in part.
"""

from __future__ import annotations

import pkgutil
from importlib import import_module

from tieraddin.cli.base import app

__all__ = ["app"]

for module in pkgutil.iter_modules(__path__):
    import_module(f"{__name__}.{module.name}")
