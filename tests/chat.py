"""A chat with the dialogue core alone, as a person has it: say, press, look.

The state goes through JSON before every step, time stands still but for a minute an event, and
codes are counted, so a conversation can be replayed to the letter.
"""

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path

from content.compiled import load_edition
from content.compiler import compile_edition
from content.guide.compiler import compile_guide
from content.guide.model import Guide, load_guide
from content.library import Library
from content.model import Edition
from dialogs.carrying import under
from dialogs.core import present, step
from dialogs.saving import from_json, to_json
from dialogs.types import (
    Agreed,
    Answered,
    Assessment,
    Choice,
    Event,
    Finished,
    Forgotten,
    Moved,
    Noted,
    Opened,
    PlanStep,
    Pressed,
    Reply,
    Said,
    State,
    Step,
    StepKept,
    World,
)
from locales import catalogue_path

HERE = Path(__file__).parent
NOON = datetime(2026, 11, 21, 12, 0, tzinfo=UTC)


@cache
def edition(name: str) -> Edition:
    """A shipped instrument, or one of ``tests/instruments``."""
    return load_edition(compiled(name))


@cache
def compiled(name: str) -> bytes:
    """The same as it is published."""
    own = HERE / "instruments" / name
    if own.exists():
        catalogues = {language: own / f"{language}.po" for language in ("bg", "lv")}
        return compile_edition(own / "instrument.yaml", catalogues)
    shipped = HERE.parent / "content" / "instruments" / name / "instrument.yaml"
    catalogues = {language: catalogue_path(language, name) for language in ("bg", "lv")}
    return compile_edition(shipped, catalogues)


@cache
def guide(name: str) -> Guide:
    """The guide of a shipped instrument, or one of ``tests/guides``."""
    own = HERE / "guides" / name
    if own.exists():
        catalogues = {language: own / f"{language}.po" for language in ("bg", "lv")}
        return load_guide(compile_guide(own / "guide.yaml", catalogues, edition(name)))
    catalogues = {language: catalogue_path(language, "guide") for language in ("bg", "lv")}
    shipped = HERE.parent / "content" / "guide" / "guide.yaml"
    return load_guide(compile_guide(shipped, catalogues, edition(name)))


def library(*names: str, guide_of: str = "") -> Library:
    editions = [edition(name) for name in names]
    digests = [one.digest for one in editions]
    return Library(editions, digests, guide(guide_of) if guide_of else None)


class Chat:
    """One person's conversation. ``shown`` holds every message that ever appeared, in order."""

    def __init__(self, *instruments: str, language: str = "en", guide_of: str = "") -> None:
        self.library = library(*(instruments or ("tiny",)), guide_of=guide_of)
        self.state = State(language)
        self.shelf: dict[str, Assessment] = {}
        self.plan: dict[str, PlanStep] = {}
        self.shown: list[Reply] = []
        self.now = NOON
        self.events = 0

    def receive(self, event: Event) -> Step:
        """One event, as the reception would handle it."""
        self.events += 1
        self.now += timedelta(minutes=1)
        done = step(from_json(to_json(self.state)), event, self.world())
        self.state = done.state
        self._save(done)
        self.shown += done.replies
        return done

    def say(self, text: str) -> Step:
        return self.receive(Said(text))

    def press(self, label: str, message: int = 0) -> Step:
        """Tap a button: of the newest message that has it, or of the one with that number."""
        return self.receive(Pressed(self.button(label, message).token))

    def press_token(self, token: str) -> Step:
        """A tap whose button is not looked for: on any message, or forged."""
        return self.receive(Pressed(token))

    def button(self, label: str, message: int = 0) -> Choice:
        messages = [self.shown[message - 1]] if message else reversed(self.shown)
        choices = (c for m in messages for row in m.choices for c in row if c.label == label)
        found = next(choices, None)
        assert found, f"there is no button {label!r}"
        return found

    def card(self) -> Reply:
        """The open message again."""
        return present(from_json(to_json(self.state)), self.world())

    def publish(self, name: str) -> None:
        """That edition of an instrument is on offer from now on; earlier ones stay at hand."""
        new, known = edition(name), self.library
        on_offer = [known.current(instrument) for instrument in known.instruments]
        now = [new if one.instrument == new.instrument else one for one in on_offer]
        pinned = [known.edition(assessment.edition) for assessment in self.shelf.values()]
        left = [known.edition(f.edition) for a in self.shelf.values() for f in a.former.values()]
        digests = [one.digest for one in now]
        self.library = Library([*pinned, *left, *on_offer, *now], digests, known.guide)

    @property
    def answers(self) -> Mapping[str, str]:
        """What the latest assessment holds."""
        return list(self.shelf.values())[-1].values if self.shelf else {}

    def world(self) -> World:
        code = f"code{self.events}"
        return World(self.library, dict(self.shelf), self.now, code, dict(self.plan))

    def _save(self, done: Step) -> None:
        for change in done.changes:
            match change:
                case Agreed():
                    pass
                case Forgotten():
                    self.shelf.clear()
                    self.plan.clear()
                case Opened(assessment):
                    self.shelf[assessment.code] = assessment
                case Answered(code, statement, answer, _):
                    self.shelf[code] = self.shelf[code].with_answer(statement, answer)
                case Noted(code, statement, note, revision, _):
                    self.shelf[code] = self.shelf[code].with_note(statement, note, revision)
                case Moved(code, digest):
                    self.shelf[code] = under(self.library.edition(digest), self.shelf[code])
                case StepKept(kept):
                    self.plan[kept.code] = kept
                case Finished(code):
                    self.shelf[code] = replace(self.shelf[code], finished=self.now)


def agreed(*instruments: str, language: str = "en", guide_of: str = "") -> Chat:
    """A chat past first contact, in the menu."""
    chat = Chat(*instruments, language=language, guide_of=guide_of)
    chat.say("/start")
    chat.receive(Pressed(f"language:{language}"))
    chat.receive(Pressed("agree:1"))
    return chat
