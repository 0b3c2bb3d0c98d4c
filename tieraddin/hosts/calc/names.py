"""What things are called inside LibreOffice, where a name has no underscore."""

from __future__ import annotations

IDENTIFIER = "org.tieraddin.calc"
SERVICE = f"{IDENTIFIER}.Functions"
"""The service behind the functions; a formula in an .ods file holds ``ORG.TIERADDIN.CALC.FUNCTIONS.TIERWHY``."""
COMMANDS = f"{IDENTIFIER}.Commands"
"""The service behind the menu: ``service:org.tieraddin.calc.Commands?faults``."""

OLDEST = "25.2"
"""LibreOffice 7.4 does not know the functions of an extension when it loads an .xlsx file."""


def uno_name(name: str) -> str:
    """``TIER_WHY`` as ``tierWhy``, ``as_of`` as ``asOf``."""
    first, *others = name.lower().split("_")
    return first + "".join(map(str.capitalize, others))
