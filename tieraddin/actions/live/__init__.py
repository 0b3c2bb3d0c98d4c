"""The actions on a workbook that a person has open: where they mean, all or nothing, one at a time."""

from tieraddin.actions.live.lists import dashboard, followups, pareto, review, rhythms, summarise, transactions
from tieraddin.actions.live.tiers import explain, pick, preview, retier, undo

__all__ = [
    "dashboard",
    "explain",
    "followups",
    "pareto",
    "pick",
    "preview",
    "retier",
    "review",
    "rhythms",
    "summarise",
    "transactions",
    "undo",
]
