"""Start here. Everything that a conversation is made of.

An ``Event`` comes in. ``dialogs.core.step`` looks at the ``State`` of the conversation and at the
``World`` around it, and returns a ``Step``: the next state, the ``Reply`` messages to show, and the
``Change`` records to save. It reads no clock, no database and no network, so that any conversation
can be replayed as text.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from functools import cached_property

from content.library import Library

# --- What comes in ---------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Started:
    """The conversation was opened; ``argument`` is what a deep link carried."""

    argument: str = ""


@dataclass(frozen=True, slots=True)
class Pressed:
    """A button was tapped. The token is under the sender's control: nothing in it is trusted."""

    token: str


@dataclass(frozen=True, slots=True)
class Said:
    """A text was typed; a command is a text that begins with a slash."""

    text: str


@dataclass(frozen=True, slots=True)
class Sent:
    """Something that is not a text arrived: ``kind`` is photo, voice, sticker, edited, …"""

    kind: str


Event = Started | Pressed | Said | Sent
"""What a face makes of an update."""

# --- What a person sees ----------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Heading:
    """A title above what follows."""

    text: str


@dataclass(frozen=True, slots=True)
class Paragraph:
    """Plain text, as it is to be read."""

    text: str


@dataclass(frozen=True, slots=True)
class Statement:
    """The statement that is asked: the face makes it stand out."""

    id: str
    text: str


@dataclass(frozen=True, slots=True)
class Notice:
    """What just happened, in one sentence, ahead of everything else."""

    text: str


@dataclass(frozen=True, slots=True)
class Bullets:
    """A list, a line for each item. ``repeats``: the buttons say the same, so that a face which never
    cuts them off leaves it out."""

    items: tuple[str, ...]
    repeats: bool = False


@dataclass(frozen=True, slots=True)
class Progress:
    """``done`` of ``total`` steps; ``label`` says the same in words."""

    done: int
    total: int
    label: str


@dataclass(frozen=True, slots=True)
class Link:
    """An address elsewhere: its text is shown, and leads there."""

    text: str
    url: str


@dataclass(frozen=True, slots=True)
class Document:
    """A file to take away. ``which`` names it to the reception, which makes it when it is fetched."""

    label: str
    which: str
    filename: str


@dataclass(frozen=True, slots=True)
class Bar:
    """A bar of a chart. ``ratio`` is 0 to 1; None where there is nothing to show yet. ``told`` is the value in words.

    ``wanted``: the required value as a ratio, where there is one.
    """

    label: str
    told: str
    ratio: float | None
    wanted: float | None = None


@dataclass(frozen=True, slots=True)
class Chart:
    """What a picture shows: bars, and nothing else. ``marks`` are the bounds of the levels as ratios, which
    every bar shows; ``legend`` says in words what the drawing means by itself."""

    title: str
    bars: tuple[Bar, ...]
    marks: tuple[float, ...] = ()
    legend: str = ""

    @property
    def words(self) -> str:
        """All that the picture shows, for who does not see it."""
        told = (": ".join(part for part in (bar.label, bar.told) if part) for bar in self.bars)
        return f"{self.title}. {'; '.join(told)}."


@dataclass(frozen=True, slots=True)
class Picture:
    """A chart of what the other blocks say in words. A face has it drawn, or fetches it later from the
    reception by its name, ``which``. Where it cannot be drawn, it is left out.

    ``repeats``: the other blocks show the same, bar included, so that a face with room for both at once
    leaves it out."""

    which: str
    chart: Chart
    repeats: bool = False


@dataclass(frozen=True, slots=True)
class Page:
    """The way to a page of our own in the browser; left out where there is no browser."""

    text: str
    path: str


Block = (
    Heading | Paragraph | Statement | Notice | Bullets | Progress | Link | Document | Picture | Page
)
"""A part of a message; each face has its own way of showing it."""


@dataclass(frozen=True, slots=True)
class Choice:
    """A button: what it says, and the token that a tap sends back (at most 64 bytes)."""

    label: str
    token: str


@dataclass(frozen=True, slots=True)
class Reply:
    """One message, finished and localised. ``choices`` are rows of buttons.

    ``replaces``: it takes the place of the message that was tapped; otherwise it is a new one.
    """

    blocks: tuple[Block, ...]
    choices: tuple[tuple[Choice, ...], ...] = ()
    replaces: bool = True


# --- What is kept ----------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Answer:
    """``value`` is what ``content.values`` says, None where there is only a note. ``revision`` is the
    statement's when answered."""

    value: str | None = None
    note: str = ""
    revision: int = 1


@dataclass(frozen=True, slots=True)
class Former:
    """An answer to another wording: kept and shown, never counted. ``edition``: where that stands."""

    answer: Answer
    edition: str


@dataclass(frozen=True)
class Assessment:
    """One pass by one person through one edition (``edition`` is its digest).

    ``answers`` were given to the wordings of that edition; ``former`` ones were left behind by a move
    from another edition: their statement was reworded or withdrawn. ``touched``: when it was answered
    last; None while it is new. ``earlier``: the code of the assessment whose answers are offered again,
    where somebody chose so.
    """

    code: str
    instrument: str
    edition: str
    started: datetime
    finished: datetime | None = None
    answers: Mapping[str, Answer] = field(default_factory=dict)
    former: Mapping[str, Former] = field(default_factory=dict)
    touched: datetime | None = None
    earlier: str | None = None

    @cached_property
    def values(self) -> dict[str, str]:
        """The value of each answered statement."""
        return {id_: a.value for id_, a in self.answers.items() if a.value is not None}

    def note(self, statement: str) -> str:
        return self.answers[statement].note if statement in self.answers else ""

    def with_answer(self, statement: str, answer: Answer) -> "Assessment":
        former = {id_: old for id_, old in self.former.items() if id_ != statement}
        return replace(self, answers={**self.answers, statement: answer}, former=former)

    def with_note(self, statement: str, note: str, revision: int) -> "Assessment":
        """A note stands beside an answer and leaves it as it is. ``revision``: where there is none yet."""
        old = self.answers.get(statement, Answer(revision=revision))
        answers, former = {**self.answers, statement: replace(old, note=note)}, dict(self.former)
        if left := former.get(statement):
            former[statement] = replace(left, answer=replace(left.answer, note=note))
        return replace(self, answers=answers, former=former)


@dataclass(frozen=True, slots=True)
class State:
    """Where a conversation stands. Small: everything about answers is in the assessment.

    ``consent`` is the version of the notice that was agreed to. ``cursor`` is set only while
    somebody looks at an earlier statement; otherwise the place is the first open one.
    ``view`` is the token of what is shown over the open card, such as the help: what is typed is
    meant for it. ``postponed`` statements come again at the end of their section, ``passed`` ones stay open.
    ``declined``: which assessments shall not move to which editions, so that nobody is asked twice.
    ``desk``: what an admin is in the middle of at the content desk; the conversation leaves it alone.
    ``reminders`` are the kinds that were switched on, ``zone`` the time zone they keep to, "" if not told.
    """

    language: str
    scene: str = "language"
    consent: int | None = None
    assessment: str | None = None
    section: str | None = None
    cursor: str | None = None
    view: str = ""
    reviewing: bool = False
    postponed: tuple[str, ...] = ()
    passed: tuple[str, ...] = ()
    declined: tuple[str, ...] = ()
    desk: str = ""
    zone: str = ""
    reminders: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class PlanStep:
    """A step of a person's plan. It points at a statement of an assessment, and outlives that.

    ``standing`` is open, done or declined ("not for us"). ``tip`` is the key of the tip it began as.
    """

    code: str
    instrument: str
    assessment: str
    statement: str
    tip: str
    text: str
    made: datetime
    due: date | None = None
    note: str = ""
    standing: str = "open"


# --- What is to be saved ---------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Agreed:
    """The person agreed to that version of the notice: from now on things are kept."""

    version: int


@dataclass(frozen=True, slots=True)
class Opened:
    """A new assessment was begun."""

    assessment: Assessment


@dataclass(frozen=True, slots=True)
class Answered:
    """An answer was given or changed: the whole of it replaces what was kept.

    ``own_words``: the value is a text that the person wrote, and not for other eyes.
    """

    assessment: str
    statement: str
    answer: Answer
    language: str
    own_words: bool = False


@dataclass(frozen=True, slots=True)
class Noted:
    """A note was written; the answer beside it, and what was read for it, stay as they are.

    ``revision`` and ``language`` are kept where there is no answer yet.
    """

    assessment: str
    statement: str
    note: str
    revision: int
    language: str


@dataclass(frozen=True, slots=True)
class Moved:
    """An unfinished assessment goes on in another edition (its digest). No answer is touched: which of
    them count follows from their revision."""

    assessment: str
    edition: str


@dataclass(frozen=True, slots=True)
class Finished:
    """The assessment of that code has come to its end."""

    assessment: str


@dataclass(frozen=True, slots=True)
class StepKept:
    """A step of the plan is new or changed: the whole of it replaces what was kept."""

    step: PlanStep


@dataclass(frozen=True, slots=True)
class Judged:
    """What somebody thinks of the text ``key`` of an edition (its digest): ``verdict`` is helpful, not_helpful
    or unclear. It replaces what they thought of it before; an empty ``sentence`` leaves the one that was
    written with the same verdict. ``language``: what it was read in."""

    edition: str
    key: str
    verdict: str
    language: str
    sentence: str = ""


@dataclass(frozen=True, slots=True)
class Forgotten:
    """Nothing of this person may be left."""


Change = Agreed | Opened | Answered | Noted | Moved | Finished | StepKept | Judged | Forgotten
"""What a step has done to what is kept: ``storage`` writes it with the state, or nothing at all."""

# --- What surrounds a step -------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class World:
    """``shelf``: this person's own assessments by code, and nobody else's, the oldest first; ``plan``
    their steps, likewise. ``now`` is in UTC; ``fresh`` is a code that was never used."""

    library: Library
    shelf: Mapping[str, Assessment]
    now: datetime
    fresh: str
    plan: Mapping[str, PlanStep] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Step:
    """What follows from an event: the next state, what to show, what to save."""

    state: State
    replies: tuple[Reply, ...]
    changes: tuple[Change, ...] = ()
