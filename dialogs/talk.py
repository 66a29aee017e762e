"""What a scene works with: the state, the world, and the changes gathered so far. Immutable."""

from collections import ChainMap
from collections.abc import Iterable
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

from content.model import Edition
from dialogs.carrying import under
from dialogs.types import (
    Answer,
    Answered,
    Assessment,
    Block,
    Change,
    Choice,
    Finished,
    Judged,
    Moved,
    Noted,
    Notice,
    Opened,
    PlanStep,
    Reply,
    State,
    Step,
    StepKept,
    World,
)
from locales import Words, words_in

Rows = Iterable[Iterable[Choice]]


@dataclass(frozen=True)
class Talk:
    state: State
    world: World
    changes: tuple[Change, ...] = ()

    @cached_property
    def words(self) -> Words:
        return words_in(self.state.language)

    @cached_property
    def assessment(self) -> Assessment:
        """The one at hand. Raises KeyError in a scene that has none: a broken invariant."""
        return self.world.shelf[self.state.assessment or ""]

    @cached_property
    def edition(self) -> Edition:
        return self.world.library.edition(self.assessment.edition)

    def text(self, key: str) -> str:
        """A text of the edition at hand, in the person's language."""
        return self.edition.text(key, self.state.language)

    def at(self, **places: Any) -> "Talk":
        """The same talk in another place: names are the fields of ``State``."""
        if all(getattr(self.state, name) == value for name, value in places.items()):
            return self  # copying costs more than looking, and on the hot path it is mostly so
        return replace(self, state=replace(self.state, **places))

    def open(self, assessment: Assessment) -> "Talk":
        return self._with(assessment, Opened(assessment))

    def answer(self, statement: str, answer: Answer) -> "Talk":
        """Keep an answer of the assessment at hand."""
        own_words = self.edition.statements[statement].kind == "text"
        change = Answered(self.assessment.code, statement, answer, self.state.language, own_words)
        return self._with(self.assessment.with_answer(statement, answer), change)

    def note(self, statement: str, note: str) -> "Talk":
        """Keep a note of the assessment at hand; without text it is deleted."""
        code, revision = self.assessment.code, self.edition.statements[statement].revision
        change = Noted(code, statement, note, revision, self.state.language)
        return self._with(self.assessment.with_note(statement, note, revision), change)

    def move(self, edition: Edition) -> "Talk":
        """Go on with the assessment at hand in another edition."""
        return self._with(
            under(edition, self.assessment), Moved(self.assessment.code, edition.digest)
        )

    def finish(self) -> "Talk":
        """Mark the assessment at hand as finished, the first time only."""
        if self.assessment.finished:
            return self
        done = replace(self.assessment, finished=self.world.now)
        return self._with(done, Finished(done.code))

    def keep_step(self, step: PlanStep) -> "Talk":
        """Keep a step of the plan; nothing changes where it is kept so already."""
        if self.world.plan.get(step.code) == step:
            return self
        plan = ChainMap({step.code: step}, self.world.plan)  # type: ignore[arg-type]
        world = replace(self.world, plan=plan)
        return replace(self, world=world, changes=(*self.changes, StepKept(step)))

    def judge(self, judged: Judged) -> "Talk":
        """Keep what the person thinks of a text."""
        return replace(self, changes=(*self.changes, judged))

    def shows(self, *replies: Reply) -> Step:
        return Step(self.state, replies, self.changes)

    def _with(self, assessment: Assessment, change: Change) -> "Talk":
        shelf = ChainMap({assessment.code: assessment}, self.world.shelf)  # type: ignore[arg-type]
        world = replace(self.world, shelf=shelf)
        return replace(self, world=world, changes=(*self.changes, change))


def reply(*blocks: Block | None, choices: Rows = (), replaces: bool = True) -> Reply:
    """A message of the blocks that are there, with its rows of buttons."""
    rows = tuple(tuple(row) for row in choices)
    return Reply(tuple(b for b in blocks if b is not None), tuple(r for r in rows if r), replaces)


def noticed(message: Reply, text: str) -> Reply:
    """The same message with a sentence ahead of it."""
    return replace(message, blocks=(Notice(text), *message.blocks))


def as_new(message: Reply) -> Reply:
    return replace(message, replaces=False)
