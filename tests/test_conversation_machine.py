"""Whatever a person does, the conversation holds: Hypothesis presses, types and waits at random.

In CI the same conversations are played every time. To play others, and more of them, say how many:

    CONVERSATIONS=5000 .venv/bin/python -m pytest tests/test_conversation_machine.py
"""

import os
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import timedelta

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, precondition, rule

from bot.telegram.rendering import messages
from content.library import Library
from content.model import Edition
from content.values import is_value
from dialogs.core import present
from dialogs.presses import VERBS
from dialogs.saving import from_json, to_json
from dialogs.scenes.asking import NOTE_LIMIT
from dialogs.tokens import parse
from dialogs.types import (
    Agreed,
    Answer,
    Assessment,
    Choice,
    Event,
    Forgotten,
    Heading,
    Moved,
    Notice,
    Paragraph,
    Pressed,
    Reply,
    Said,
    Sent,
    Started,
    State,
    Statement,
    Step,
    World,
)
from locales import LANGUAGES
from tests.chat import Chat, agreed, edition
from tests.later_editions import CHANGES, changed

COMMANDS = (
    *("/plan", "/reminders"),
    *("/start", "/menu", "/language", "/results", "/review", "/privacy", "/help", "/cancel"),
    *(
        "/MENU@MeriloBot",
        "/guide",
        "/guide rules",
        "/help_tech",
        "/start a deep link",
        "/",
        "//",
        "/ menu",
        "/erase",
        "/настройки",
        "/x\ny",
    ),
)
AMBIGUOUS = (
    "no sound",
    "rules",
    "agree",
    "disagree",
    "fully",
    "съгласен",
    "не",
    "да",
    "piekrītu",
    "piekritu",
    "no",
)
NUMBERS = (
    "0",
    "1",
    "2",
    "3",
    "4",
    "5",
    "-1",
    "2.",
    "1.1",
    "1.2",
    "²",
    "④",
    "٣",
    "1 2",
    "007",
    "7,5",
    "7.5",
    "20",
    "0.25",
    "1e1",
)
ODD = (
    *("", " ", "\n\n", "\0", "\u200b", "\u200d\ufe0f", "\u202eагент\u202c", "שלום", "مرحبا"),
    *(
        "🙂",
        "👩‍👩‍👧‍👦",
        "e\u0301" * 40,
        "{0} {count} %s",
        "<b>&amp;</b>",
        "“”",
        "\ufeff",
        "𝒇𝒖𝒍𝒍𝒚 𝒂𝒈𝒓𝒆𝒆",
    ),
)
KINDS = ("photo", "voice", "sticker", "edited", "video", "document", "location", "other", "")
NOTES = (0, 1, NOTE_LIMIT, NOTE_LIMIT + 1)

Kept = dict[tuple[str, str], Answer]
"""Every answer and note there is, by assessment and statement."""


@dataclass(frozen=True)
class Look:
    """How things stood before an event."""

    state: State
    kept: Kept
    codes: list[str]
    world: World

    @property
    def card(self) -> Reply:
        """Made when it is asked for, which is seldom: it takes longer than the event."""
        return present(self.state, self.world)


class Conversation(RuleBasedStateMachine):
    """One person, and a stranger whose buttons leak."""

    @initialize(
        instruments=st.sampled_from(
            [("tiny",), ("tiny", "second"), ("answers",), ("points", "yesno"), ("gaps", "answers")]
        ),
        language=st.sampled_from(list(LANGUAGES)),
        guide_of=st.sampled_from(["", "tiny"]),
        steps=st.sampled_from([0, 0, 1, 1, 2, 3, 3, 4, 5, 6, 7, 8]),
    )
    def meet(self, instruments: tuple[str, ...], language: str, guide_of: str, steps: int) -> None:
        self.chat = Chat(*instruments, language=language, guide_of=guide_of)
        self.agreed = False
        self.pins: dict[str, Assessment] = {}
        self.published: dict[str, Edition] = {
            one: self.chat.library.edition(one)
            for one in (self.chat.library.current(i).digest for i in self.chat.library.instruments)
        }
        self.tokens: dict[str, None] = {}
        self.stranger = answering_stranger()
        self.receive(Started())
        for _ in range(steps):
            self.go_on()

    # --- What a person does ------------------------------------------------------------------

    @rule(n=st.integers(0, 99))
    def press_a_button_of_the_newest_message(self, n: int) -> None:
        choices = buttons(self.chat.shown[-1])
        self.receive(Pressed(choices[n % len(choices)].token))

    @rule(answers=st.lists(st.integers(0, 3), min_size=1, max_size=5))
    def answer_what_is_asked(self, answers: list[int]) -> None:
        for n in answers:
            self.go_on(n)

    @rule(again=st.sampled_from(["from", "afresh", "compare"]))
    def finish_and_look_back(self, again: str) -> None:
        """To the result by the first answers, then a new one, with or without those of last time."""
        if not self.agreed:
            return
        self.receive(Pressed(f"begin:{self.chat.library.instruments[0]}"))
        for _ in range(12):
            self.go_on()
        for shown in (self.chat.shown[-1], self.receive(Pressed("results")).replies[-1]):
            tokens = [c.token for c in buttons(shown)]
            for made in [t for t in tokens if parse(t)[0] == again][:2]:
                self.receive(Pressed(made))

    @rule(n=st.integers(0, 9999))
    def press_any_button_ever_shown(self, n: int) -> None:
        tokens = list(self.tokens)
        self.receive(Pressed(tokens[n % len(tokens)]))

    @rule(n=st.integers(0, 9999), newest=st.booleans())
    def double_tap(self, n: int, newest: bool) -> None:
        tokens = [c.token for c in buttons(self.chat.shown[-1])] if newest else list(self.tokens)
        tapped = Pressed(tokens[n % len(tokens)])
        self.receive(tapped)
        once = self.look()
        self.receive(tapped)
        assert (self.look().kept, self.look().codes) == (once.kept, once.codes)

    @rule(n=st.integers(0, 9999))
    def press_a_button_of_a_stranger(self, n: int) -> None:
        tokens = dict.fromkeys(c.token for m in self.stranger.shown for c in buttons(m))
        self.receive(Pressed(list(tokens)[n % len(tokens)]))

    @rule(made=st.text(max_size=64))
    def press_garbage(self, made: str) -> None:
        self.receive(Pressed(made))

    @rule(data=st.data(), verb=st.sampled_from(list(VERBS)), stays=st.sampled_from(["", "+"]))
    def press_a_forged_button(self, data: st.DataObject, verb: str, stays: str) -> None:
        codes = [*self.chat.shelf, *self.stranger.shelf, "code0"]
        arguments = [
            *codes,
            *("1.1", "1.2", "2.1", "9.9", "1", "2", "99", "0", "-1", ""),
            *("full", "none", "maybe", "tiny", "second", "occay", *LANGUAGES, "de"),
            *(
                "1.3",
                "1.4",
                "3.1",
                "a",
                "b",
                "a,b",
                "yes",
                "17.5",
                "17.50",
                "1e1",
                "NaN",
                "answers",
            ),
        ]
        count = data.draw(st.sampled_from([*VERBS[verb][1], 5]))
        some = [data.draw(st.sampled_from(arguments)) for _ in range(count)]
        self.receive(Pressed(stays + ":".join([verb, *some])))

    @rule(data=st.data(), n=st.integers(0, 9999))
    def press_a_button_with_one_part_changed(self, data: st.DataObject, n: int) -> None:
        tokens = [made for made in self.tokens if ":" in made]
        parts = (tokens or ["a:code0:1.1:1:full"])[n % max(len(tokens), 1)].split(":")
        part = data.draw(st.integers(0, len(parts) - 1))
        parts[part] = data.draw(st.sampled_from(["", "1.2", "2", "maybe", "code0", "full", "a"]))
        self.receive(Pressed(":".join(parts)))

    @precondition(lambda self: self.chat.state.scene != "note" and self.in_agreement())
    @rule(text=st.sampled_from(AMBIGUOUS))
    def say_something_ambiguous(self, text: str) -> None:
        before = self.look().kept
        self.receive(Said(text))
        assert self.look().kept == before, "it is asked back, never guessed"

    @rule(text=st.sampled_from([*NUMBERS, *ODD, *LANGUAGES.values()]))
    def say_something_short(self, text: str) -> None:
        self.receive(Said(text))

    @rule(n=st.integers(0, 9999), shout=st.booleans())
    def say_an_answer(self, n: int, shout: bool) -> None:
        words = sorted(option_words())
        text = words[n % len(words)]
        self.receive(Said(text.upper() if shout else text))

    @rule(n=st.integers(0, 9999))
    def say_what_a_button_says(self, n: int) -> None:
        labels = [c.label for message in self.chat.shown for c in buttons(message)]
        self.receive(Said(labels[n % len(labels)]))

    @rule(text=st.text(max_size=60))
    def say_anything(self, text: str) -> None:
        self.receive(Said(text))

    @rule(command=st.sampled_from(COMMANDS))
    def say_a_command(self, command: str) -> None:
        self.receive(Said(command))

    @rule(argument=st.text(max_size=20))
    def come_by_a_link(self, argument: str) -> None:
        self.receive(Started(argument))

    @rule(kind=st.sampled_from(KINDS))
    def send_something_else(self, kind: str) -> None:
        self.receive(Sent(kind))

    @rule(language=st.sampled_from([*LANGUAGES, "de"]))
    def switch_the_language(self, language: str) -> None:
        self.receive(Pressed(f"language:{language}"))

    @precondition(lambda self: self.note_buttons())
    @rule(size=st.sampled_from(NOTES), letter=st.sampled_from(["x", "ж", "🙂", "&", "\u200f"]))
    def write_a_note(self, size: int, letter: str) -> None:
        self.receive(Pressed(self.note_buttons()[-1]))
        self.receive(Said(letter * size))

    @precondition(lambda self: self.chat.plan)
    @rule(
        n=st.integers(0, 9),
        prompt=st.sampled_from(["steptext", "stepdate", "stepnote"]),
        text=st.sampled_from([*ODD, *NUMBERS, "1 March", "31.2.", "след две седмици", "x" * 501]),
    )
    def work_on_the_plan(self, n: int, prompt: str, text: str) -> None:
        """It leaves every answer alone, and the open card."""
        codes = list(self.chat.plan)
        before = self.look()
        self.receive(Pressed(f"{prompt}:{codes[n % len(codes)]}"))
        self.receive(Said(text))
        assert (self.look().kept, self.look().card) == (before.kept, before.card)
        assert all(len(step.text) <= 500 >= len(step.note) for step in self.chat.plan.values())

    @rule(days=st.integers(1, 400))
    def wait(self, days: int) -> None:
        """What nobody came back to for long is deleted meanwhile."""
        self.chat.now += timedelta(days=days)
        for code, assessment in list(self.chat.shelf.items()):
            if self.chat.now - assessment.started > timedelta(days=500):
                del self.chat.shelf[code]
                del self.pins[code]

    @rule(n=st.integers(0, 1), change=st.sampled_from(list(CHANGES)))
    def a_new_edition_is_published(self, n: int, change: str) -> None:
        on_offer = self.chat.library.instruments
        current = self.chat.library.current(on_offer[n % len(on_offer)])
        self.publish(changed(current, change))

    @rule(n=st.integers(0, 99))
    def an_earlier_edition_is_current_again(self, n: int) -> None:
        editions = list(self.published.values())
        self.publish(editions[n % len(editions)])

    @rule(n=st.integers(0, 99), stays=st.booleans())
    def answer_the_offer(self, n: int, stays: bool) -> None:
        """Of the newest message that has one, still valid or not."""
        verb = "stay" if stays else "renew"
        tokens = [made for made in self.tokens if parse(made)[0] == verb]
        if tokens:
            self.receive(Pressed(tokens[-1 - n % len(tokens)]))

    def publish(self, new: Edition) -> None:
        library = self.chat.library
        on_offer = [library.current(instrument) for instrument in library.instruments]
        self.published |= {one.digest: one for one in (*on_offer, new)}
        offered = [new if one.instrument == new.instrument else one for one in on_offer]
        digests = [one.digest for one in offered]
        self.chat.library = Library(self.published.values(), digests, library.guide)

    def go_on(self, n: int = 0) -> None:
        """The natural way forward; on a card, one of the answers."""
        choices = buttons(self.chat.card())
        way = n if self.chat.state.scene == "asking" else 0
        self.receive(Pressed(choices[way % len(choices)].token))

    # --- What holds --------------------------------------------------------------------------

    def receive(self, event: Event) -> Step:
        before = self.look()
        done = self.chat.receive(event)
        for reply in (*done.replies, self.chat.card()):
            holds_as_a_message(reply)
        holds_as_a_state(done.state)
        self.keeps_nothing_without_consent(before, done)
        self.forgets_everything_or_nothing(before, event, done)
        self.moves_only_where_told(before, event, done)
        self.keeps_each_assessment_in_its_edition()
        self.reads_no_answer_as_one_to_another_wording()
        self.changes_only_what_was_addressed(before, event, done)
        self.tokens |= {c.token: None for reply in done.replies for c in buttons(reply)}
        return done

    def look(self) -> Look:
        kept = {
            (code, statement): answer
            for code, assessment in self.chat.shelf.items()
            for statement, answer in given(assessment).items()
        }
        return Look(self.chat.state, kept, list(self.chat.shelf), self.chat.world())

    def in_agreement(self) -> bool:
        """Whether all there is to ask is how far somebody agrees."""
        return set(self.chat.library.instruments) <= {"tiny", "second"}

    def note_buttons(self) -> list[str]:
        verbs = ((c.token, parse(c.token)[0]) for c in buttons(self.chat.card()))
        return [made for made, verb in verbs if verb == "note"]

    def keeps_nothing_without_consent(self, before: Look, done: Step) -> None:
        agreed_now = any(isinstance(change, Agreed) for change in done.changes)
        if not self.agreed:
            assert all(isinstance(change, Agreed | Forgotten) for change in done.changes)
            assert not self.chat.shelf
        if not self.agreed and not agreed_now:
            bare = State(done.state.language, done.state.scene)
            assert done.state == bare
            assert done.state.scene in ("language", "consent")
        self.agreed = self.agreed or agreed_now
        if any(isinstance(change, Forgotten) for change in done.changes):
            self.agreed = False

    def forgets_everything_or_nothing(self, before: Look, event: Event, done: Step) -> None:
        if not any(isinstance(change, Forgotten) for change in done.changes):
            assert set(before.codes) <= set(self.chat.shelf)
            return
        assert done.changes == (Forgotten(),)
        assert done.state == State(before.state.language)
        assert not self.chat.shelf
        if before.state.consent:
            assert isinstance(event, Pressed)
            assert parse(event.token)[0] == "erase", "only that button deletes"
        self.pins.clear()

    def keeps_each_assessment_in_its_edition(self) -> None:
        for code, assessment in self.chat.shelf.items():
            pin = self.pins.setdefault(code, assessment)
            self.pins[code] = replace(pin, finished=assessment.finished)
            assert assessment.edition == pin.edition
            assert assessment.instrument == pin.instrument
            assert assessment.started == pin.started
            pinned = self.chat.library.edition(assessment.edition)
            assert set(assessment.answers) <= set(pinned.statements)
            assert all(is_value(pinned.statements[s], v) for s, v in assessment.values.items())
        assert len(self.pins) == len(self.chat.shelf)

    def moves_only_where_told(self, before: Look, event: Event, done: Step) -> None:
        for change in done.changes:
            if isinstance(change, Moved):
                assert isinstance(event, Pressed | Said)
                assert not self.pins[change.assessment].finished
                assert self.chat.library.is_current(change.edition)
                if isinstance(event, Pressed):
                    assert parse(event.token)[:2] == (
                        "renew",
                        [change.assessment, change.edition[:12]],
                    )
                assert self.look().kept == before.kept, "no answer is touched by a move"
                self.pins[change.assessment] = self.chat.shelf[change.assessment]

    def reads_no_answer_as_one_to_another_wording(self) -> None:
        for assessment in self.chat.shelf.values():
            pinned = self.chat.library.edition(assessment.edition).statements
            for statement, answer in assessment.answers.items():
                if answer.value is not None:
                    assert answer.revision == pinned[statement].revision
            for statement, left in assessment.former.items():
                read = self.chat.library.edition(left.edition).statements[statement]
                assert left.answer.value is None or is_value(read, left.answer.value)
                assert statement not in assessment.values

    def changes_only_what_was_addressed(self, before: Look, event: Event, done: Step) -> None:
        if any(isinstance(change, Forgotten) for change in done.changes):
            return
        after = self.look().kept
        changed = [key for key in after if after[key] != before.kept.get(key)]
        assert len(changed) <= 1
        for code, statement in changed:
            assert code == before.state.assessment, "only the assessment at hand is ever changed"
            old = before.kept.get((code, statement), Answer())
            last = before.kept.get((self.chat.shelf[code].earlier or "", statement), Answer())
            kept = Answer(last.value, old.note or last.note)
            addressed(before, event, statement, old, after[code, statement], kept)


def addressed(
    before: Look, event: Event, statement: str, old: Answer, new: Answer, kept: Answer
) -> None:
    """Whether the event could have meant that change of that statement. ``kept``: what it is where
    last time's answer is kept."""
    match event:
        case Pressed(made):
            verb, arguments, _ = parse(made)
            assert arguments[:2] == [before.state.assessment, statement]
            if verb == "stands":
                assert (new.value, new.note) == (old.value, old.note)
            elif verb == "a":
                assert (arguments[3], new.note) == (new.value, old.note)
            elif verb == "keep":
                assert (new.value, new.note) == (kept.value, kept.note)
            elif verb in ("tick", "ticked"):
                assert new.note == old.note
            else:
                assert verb == "unnote"
                assert (new.value, new.note) == (old.value, "")
        case Said(text) if before.state.scene == "note":
            assert statement == before.state.cursor
            assert (new.value, new.note) == (old.value, text.strip())
            assert not text.startswith("/")
            assert len(new.note) <= NOTE_LIMIT
        case Said():
            assert before.state.scene == "asking"
            assert statement in [b.id for b in before.card.blocks if isinstance(b, Statement)]
            assert new.note == old.note or (new.value, new.note) == (kept.value, kept.note)
        case _:
            pytest.fail("only a tap or a text changes an answer")


def holds_as_a_message(reply: Reply) -> None:
    """It says something, leads on, and fits Telegram."""
    assert buttons(reply), "there is always a way forward"
    for row in reply.choices:
        assert 1 <= len(row) <= 8
    assert len(buttons(reply)) <= 100
    for choice in buttons(reply):
        verb, arguments, _ = parse(choice.token)
        assert len(arguments) in VERBS[verb][1], "no button leads nowhere"
        assert len(choice.token.encode()) <= 64
        assert 1 <= len(choice.label.strip()) <= 64
    for block in reply.blocks:
        if isinstance(block, Heading | Paragraph | Notice):
            assert block.text.strip()
    parts = messages(reply.blocks)
    assert 1 <= len(parts) <= 3
    assert all(1 <= len(part.encode("utf-16-le")) // 2 <= 4096 for part in parts)


def holds_as_a_state(state: State) -> None:
    assert from_json(to_json(state)) == state
    assert len(to_json(state).encode()) < 2000


def buttons(message: Reply) -> list[Choice]:
    return [choice for row in message.choices for choice in row]


def option_words() -> Iterator[str]:
    tiny = edition("tiny")
    for language in tiny.texts:
        for option in tiny.scale:
            yield tiny.text(option.key, language)
            yield from tiny.text(f"{option.key}/typed", language).split(";")


def answering_stranger() -> Chat:
    """Somebody else's chat, halfway through, whose codes are none of ours."""
    stranger = Chat("tiny")
    stranger.events = 1000
    for label in ("/start", "English", "I agree", "Begin", "Rather agree", "/review", "/privacy"):
        stranger.say(label)
    return stranger


def given(assessment: Assessment) -> dict[str, Answer]:
    """Every answer and note, whether it counts or not."""
    former = {statement: left.answer for statement, left in assessment.former.items()}
    return {**assessment.answers, **former}


MORE = int(os.environ.get("CONVERSATIONS", "0"))

# A failure is made as short as can be before it is shown, which takes its time.
TestConversation = pytest.mark.timeout(0 if MORE else 600)(Conversation.TestCase)
TestConversation.settings = settings(
    max_examples=MORE or 400,
    stateful_step_count=50,
    derandomize=not MORE,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow],
)


# --- Found by looking, too rare for chance -----------------------------------------------------


def test_unknown_command__as_long_as_telegram_lets__reply_fits() -> None:
    chat = agreed()
    holds_as_a_message(chat.say("/" + "x" * 4095).replies[0])


def test_number__longer_than_python_reads__not_understood() -> None:
    chat = agreed()
    chat.press("Begin")
    chat.say("1" * 4400)
    assert not chat.answers


def test_begin_a_new_one__instrument_withdrawn_meanwhile__says_so() -> None:
    chat = agreed("tiny", "second")
    chat.press("Begin")
    chat.say("/menu")
    second = edition("second")
    chat.library = Library([edition("tiny"), second], [second.digest])
    shown = chat.press("Begin a new one").replies[0]
    assert "no longer" in messages(shown.blocks)[0]


def test_menu__instrument_withdrawn_meanwhile__the_one_begun_can_be_continued() -> None:
    chat = agreed("tiny", "second")
    chat.press("Begin")
    second = edition("second")
    chat.library = Library([edition("tiny"), second], [second.digest])
    shown = chat.say("/menu").replies[0]
    assert [c for c in buttons(shown) if parse(c.token)[0] == "resume"]


def test_overall_result__reached_from_the_review__assessment_is_finished() -> None:
    chat = agreed()
    chat.press("Begin")
    for answer in ("Fully agree", "Fully agree", "/review", "Next section", "2.1"):
        chat.say(answer)
    for answer in ("Fully agree", "Overall result"):
        chat.say(answer)
    assert chat.state.scene == "result"
    (assessment,) = chat.shelf.values()
    assert assessment.finished


def test_old_confirmation__as_much_kept_again_after_an_erasure__deletes_nothing() -> None:
    chat = agreed()
    chat.press("Begin")
    chat.press("Fully agree")
    chat.say("/privacy")
    chat.press("Delete everything")
    old = chat.button("Yes, delete everything").token
    chat.receive(Pressed(old))
    chat.say("English")
    chat.say("I agree")
    chat.say("Begin")
    chat.say("Rather agree")
    chat.receive(Pressed(old))
    assert chat.answers == {"1.1": "rather"}


def test_text__typed_on_a_help_opened_from_a_note__is_no_note() -> None:
    chat = agreed()
    chat.press("Begin")
    chat.press("Add a note")
    chat.say("/help")
    chat.say("back to my place")
    (assessment,) = chat.shelf.values()
    assert not assessment.note("1.1")


def test_statement_looked_at_again__no_longer_asked_after_an_older_tap__next_card() -> None:
    chat = agreed("answers")
    chat.press("Begin")
    no = next(c for c in buttons(chat.card()) if c.token.endswith(":no"))
    yes = next(c for c in buttons(chat.card()) if c.token.endswith(":yes"))
    chat.receive(Pressed(yes.token))
    asked = chat.card()
    chat.receive(Pressed(buttons(asked)[0].token))
    [code] = chat.shelf
    chat.receive(Pressed(f"change:{code}:1.2"))
    assert "1.2" in str(chat.card())
    chat.receive(Pressed(no.token))
    assert "1.2" not in [b.id for b in chat.card().blocks if isinstance(b, Statement)]


def test_note__of_spaces_only__leaves_the_note_that_was_there() -> None:
    chat = agreed()
    chat.press("Begin")
    chat.press("Add a note")
    chat.say("Ask the lawyer.")
    chat.press("Add a note")
    chat.say("   ")
    (assessment,) = chat.shelf.values()
    assert assessment.note("1.1") == "Ask the lawyer."


class TestConsentRaised:
    """A new version of the notice: everybody is asked again, and nothing is kept before that."""

    @pytest.fixture(autouse=True)
    def under_way(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.chat = agreed()
        self.chat.press("Begin")
        self.chat.press("Add a note")
        monkeypatch.setattr("dialogs.scenes.welcome.CONSENT", 2)

    def test_menu__notice_is_newer_than_the_consent__asks_for_consent(self) -> None:
        shown = self.chat.say("/start").replies[0]
        assert "agree:2" in [c.token for c in buttons(shown)]

    def test_note__notice_is_newer_than_the_consent__not_kept(self) -> None:
        self.chat.say("A secret.")
        (assessment,) = self.chat.shelf.values()
        assert not assessment.answers

    def test_typed_answer__notice_is_newer_than_the_consent__not_called_saved(self) -> None:
        self.chat.press("Back to the statement")
        self.chat.say("/cancel")
        shown = self.chat.say("fully agree").replies[0]
        assert not self.chat.answers
        assert "Saved" not in messages(shown.blocks)[0]


@pytest.mark.parametrize("button", ["Why it matters", "Add a note"])
def test_old_button__of_a_statement_that_is_no_longer_asked__leads_on(button: str) -> None:
    chat = agreed("answers")
    chat.press("Begin")
    chat.press("Yes")
    old = chat.button(button).token
    chat.press("No", message=4)
    chat.receive(Pressed(old))
    chat.say("/cancel")
    holds_as_a_message(chat.say("/menu").replies[0])
    holds_as_a_message(chat.press("Continue").replies[0])


def test_card_looked_at_again__no_longer_asked_meanwhile__next_one_is_open() -> None:
    chat = agreed("answers")
    chat.press("Begin")
    for answer in ("Yes", "10"):
        chat.say(answer)
    chat.press("Back")
    holds_as_a_message(chat.press("No", message=4).replies[0])
