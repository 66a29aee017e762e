"""A reception that says what a test wrote down, and remembers what it was told."""

import asyncio
from collections import deque
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import cast

from bot.reception import Address, Answer, NotSaved, Reception
from dialogs.types import (
    Bullets,
    Choice,
    Event,
    Heading,
    Link,
    Notice,
    Paragraph,
    Pressed,
    Progress,
    Reply,
    Said,
    Statement,
)

SCALE = ("Fully agree", "Rather agree", "Rather disagree", "Fully disagree")


@dataclass(frozen=True)
class Told:
    address: Address
    update: str
    event: Event
    hint: str


class Scripted:
    """``script``: what each token or typed text leads to. ``open``: what is shown at first.

    ``refuse`` counts the events still to be refused; ``gate`` holds every event while it is shut.
    """

    def __init__(self, script: Mapping[str, Sequence[Reply]] | None = None) -> None:
        self.script = dict(script or {})
        self.open: Reply = card(1)
        self.language = "en"
        self.told: list[Told] = []
        self.refuse = 0
        self.gate = asyncio.Event()
        self.gate.set()

    @property
    def reception(self) -> Reception:
        return cast(Reception, self)

    @property
    def tokens(self) -> list[str]:
        """The tokens pressed, each update once, as the real reception takes it."""
        events = {told.update: told.event for told in self.told}.values()
        return [event.token for event in events if isinstance(event, Pressed)]

    async def look(self, address: Address, hint: str) -> Answer:
        return Answer(self.language, (self.open,))

    async def receive(self, address: Address, update: str, event: Event, hint: str) -> Answer:
        self.told.append(Told(address, update, event, hint))
        await self.gate.wait()
        if self.refuse:
            self.refuse -= 1
            raise NotSaved
        return Answer(self.language, tuple(self.script.get(_said(event), (self.open,))))


def _said(event: Event) -> str:
    match event:
        case Pressed(token):
            return token
        case Said(text):
            return text
    return ""


def tools(number: int) -> tuple[tuple[Choice, ...], ...]:
    labels = deque(("Why it matters", "Add a note", "Later", "Back"))
    choices = [Choice(label, f"{label}:{number}") for label in labels]
    return tuple(choices[:2]), tuple(choices[2:])


def answers(number: int, labels: Sequence[str] = SCALE) -> tuple[tuple[Choice, ...], ...]:
    """``a:k1:1.<number>:1:<value>``, 4 for the fullest agreement."""
    choices = [Choice(label, f"a:k1:1.{number}:1:{4 - i}") for i, label in enumerate(labels)]
    return tuple(choices[:2]), tuple(choices[2:])


def card(number: int, notice: str = "", *, replaces: bool = True) -> Reply:
    """A statement card as the dialogue core makes it."""
    blocks = (
        Heading("Section 1 of 7 · Rules and standards"),
        Progress(number, 4, f"{number} of 35"),
        Statement(f"1.{number}", "We follow professional standards when we work online."),
    )
    told = (Notice(notice), *blocks) if notice else blocks
    return Reply(told, (*answers(number), *tools(number)), replaces)


RESULT = Reply(
    (
        Heading("Section 1 · Rules and standards"),
        Progress(3, 4, "75 % · Established"),
        Paragraph("1.1: 3 + 1.2: 2 + 1.3: 1 + 1.4: 3 = 9 of 12 points, 75 %."),
        Paragraph("Next steps for 1.3 (your answer: Rather disagree):"),
        Bullets(("Use encrypted channels.", "Explain the risks before the client agrees.")),
        Link("The guide", "https://example.org/guide"),
    ),
    (
        (Choice("Next section", "+next:k1"),),
        (Choice("Review my answers", "+review:k1"), Choice("Menu", "+menu")),
    ),
)

LANGUAGE = Reply(
    (
        Paragraph("Choose your language."),
        Paragraph("Изберете език."),
        Paragraph("Izvēlieties valodu."),
    ),
    (
        (
            Choice("English", "language:en"),
            Choice("Български", "language:bg"),
            Choice("Latviešu", "language:lv"),
        ),
    ),
)
