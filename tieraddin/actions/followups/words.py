"""What reps, channels and mixes of grades are called: light, since the command line says them too."""

from __future__ import annotations

from collections.abc import Mapping

from tieraddin.language import listed, messages, say


def channel_said(channel: str) -> str:
    """A channel as people call it; one that a model made up by its own name."""
    known = f"channel_{channel}" in messages("followups")
    return say(f"followups.channel_{channel}") if known else channel


def rep_said(rep: str) -> str:
    """A rep's name, or that there is none."""
    return rep or say("followups.no_rep")


def mix_said(grades: Mapping[str, int]) -> str:
    """Numbers of customers by grade: "A 3, B 5"."""
    return listed(f"{grade or say('followups.ungraded')} {count}" for grade, count in grades.items())
