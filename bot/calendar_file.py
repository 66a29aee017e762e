"""A plan as an iCalendar file (RFC 5545).

Steps are all-day events, not tasks: the calendars of iOS and Android take events from a file and pass
over tasks. An event keeps its UID, so that a newer file changes what an older one has brought.
"""

from collections.abc import Iterable
from datetime import datetime

from dialogs.types import PlanStep


def calendar(steps: Iterable[PlanStep], now: datetime) -> bytes:
    """The steps that have a date. ``now``: when the file is made."""
    # Imported here: it is needed by few, and costs 5 MB.
    from icalendar import Calendar

    made = Calendar()
    made.add("prodid", "-//Merilo//Plan//EN")
    made.add("version", "2.0")
    made.add("method", "PUBLISH")
    for step in steps:
        if step.due:
            made.add_component(_event(step, now))
    return bytes(made.to_ical())


def _event(step: PlanStep, now: datetime):  # type: ignore[no-untyped-def] # see the import
    from icalendar import Event

    event = Event()
    event.add("uid", f"{step.code}@merilo")
    event.add("dtstamp", now)
    event.add("dtstart", step.due)
    event.add("summary", step.text)
    if step.note:
        event.add("description", step.note)
    event.add("transp", "TRANSPARENT")  # it takes up no time of the day
    return event
