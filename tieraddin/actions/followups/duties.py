"""What a cadence asks for, in words: the duty, and why someone is to be contacted."""

from __future__ import annotations

from collections.abc import Mapping

from tieraddin.actions.followups.words import channel_said
from tieraddin.followup.schedule import FIRST
from tieraddin.language import language, say
from tieraddin.models.sections import Cadence, Contact


def duties_said(cadence: Cadence, labels: Mapping[str, str], event: str) -> dict[int, str]:
    """The sentence of each contact by its position in ``cadence``, and of the first touch.

    Parameters
    ----------
    labels
        grade -> what people call it.
    event
        what people call the day of the event.
    """
    said = {FIRST: say("followups.first_touch")}
    for k, contact in enumerate(cadence.contacts):
        grade = labels.get(contact.grade, contact.grade)
        said[k] = say("followups.why", grade=grade, duty=_with_event(contact, _rhythm(contact), event))
    return said


def _rhythm(contact: Contact) -> str:
    channel = channel_said(contact.channel)
    if contact.per is not None:
        return say(f"followups.duty_{contact.per}", channel=channel, times=contact.times)
    if contact.latest is not None and contact.latest > contact.interval:
        return say("followups.duty_window", channel=channel, days=contact.interval, latest=contact.latest)
    if contact.interval == 1:
        return say("followups.duty_day", channel=channel)
    return say("followups.duty_days", channel=channel, days=contact.interval)


def _with_event(contact: Contact, duty: str, event: str) -> str:
    if contact.when is not None:
        duty = say(f"followups.when_{contact.when}", duty=duty, event=event)
    if contact.after_event is not None:
        duty = say("followups.soon_after", duty=duty, days=contact.after_event, event=event)
    return duty


def who_said(contact: Contact) -> str | None:
    """Who makes a contact, where the model says so."""
    return None if contact.by is None else contact.by[language()]
