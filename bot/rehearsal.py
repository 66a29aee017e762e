"""A draft walked as a real conversation, of which nothing is kept."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from itertools import count

from content.library import Library
from content.model import Edition
from dialogs.core import present, step
from dialogs.scenes.welcome import CONSENT
from dialogs.types import (
    Answered,
    Assessment,
    Change,
    Event,
    Finished,
    Forgotten,
    Noted,
    Opened,
    Reply,
    State,
    World,
)


class Rehearsal:
    """One person's conversation about one edition, past first contact. It lives as long as the object.

    ``state`` may be put back from where it was kept: the shelf cannot, so answers end with the object.
    """

    def __init__(self, edition: Edition, language: str) -> None:
        self.state = State(language, scene="menu", consent=CONSENT)
        self._library = Library([edition], [edition.digest])
        self._shelf: dict[str, Assessment] = {}
        self._codes: Iterator[int] = count(1)

    def receive(self, event: Event, now: datetime | None = None) -> tuple[Reply, ...]:
        """What follows from an event."""
        done = step(self.state, event, self._world(now))
        self.state = done.state
        for change in done.changes:
            self._take(change, now)
        return done.replies

    def card(self) -> Reply:
        """The open message again."""
        return present(self.state, self._world(None))

    def _world(self, now: datetime | None) -> World:
        moment = now or datetime.now(UTC)
        return World(self._library, dict(self._shelf), moment, f"draft{next(self._codes)}")

    def _take(self, change: Change, now: datetime | None) -> None:
        match change:
            case Opened(assessment):
                self._shelf[assessment.code] = assessment
            case Answered(code, statement, answer, _):
                self._shelf[code] = self._shelf[code].with_answer(statement, answer)
            case Noted(code, statement, note, revision, _):
                self._shelf[code] = self._shelf[code].with_note(statement, note, revision)
            case Finished(code):
                moment = now or datetime.now(UTC)
                self._shelf[code] = replace(self._shelf[code], finished=moment)
            case Forgotten():
                self._shelf.clear()
            case _:
                pass  # consent was given before
