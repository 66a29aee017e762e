"""The conversation as a pure function: ``step`` takes an event in, ``present`` shows the open card."""

from collections.abc import Mapping
from dataclasses import replace
from decimal import Decimal

from content.model import Statement
from content.values import is_value, number_value
from dialogs import understanding
from dialogs.answering import answer_notice, keep
from dialogs.arriving import ask_consent
from dialogs.due import Due, Making, PutOff
from dialogs.handling import where_we_are
from dialogs.place import shown_statement
from dialogs.presses import TYPED, guess, is_guide, is_prompt, press, search
from dialogs.scenes import asking, guidance, kinds, welcome
from dialogs.scenes.showing import QUESTIONS, show
from dialogs.talk import Talk, as_new, noticed, reply
from dialogs.tokens import STAYS, parse, token
from dialogs.types import Event, Paragraph, Pressed, Reply, Said, Sent, Started, State, Step, World
from locales import LANGUAGES


def step(state: State, event: Event, world: World) -> Step:
    """What follows from an event. A person's mistake is a reply; an exception is a broken invariant."""
    talk = _talk(state, world)
    match event:
        case Pressed(made):
            done = press(talk, made)
            return _as_new(done) if made.startswith(STAYS) else done
        case Said(text):
            return _as_new(_said(talk, text.strip()))
        case Sent(kind):
            return _as_new(_asked_again(talk, guidance.cannot_take(talk, kind)))
        case Started():
            return _as_new(press(talk, token("start")))


def present(state: State, world: World) -> Reply:
    """The open message again; changes nothing."""
    return show(_talk(state, world))


def repeat(state: State, event: Event, world: World) -> Reply:
    """What to show when an event comes that was handled before: what is on the screen, placed as then."""
    in_place = isinstance(event, Pressed) and not event.token.startswith(STAYS)
    card = _on_screen(_talk(state, world))
    return card if in_place else as_new(card)


def say_later(making: Making, state: State, due: Due, world: World) -> Reply | PutOff | None:
    """A message whose time has come, as a new one. It changes nothing: who is asked stays asked."""
    made = making(_talk(state, world), due)
    return as_new(made) if isinstance(made, Reply) else made


def open_question(state: State, world: World) -> Reply | None:
    """The card that waits for an answer, again, below what came between; None where none does."""
    talk = _talk(state, world)
    if is_prompt(talk.state.view):
        return as_new(_on_screen(talk))
    return as_new(show(talk)) if talk.state.scene in QUESTIONS else None


def _talk(state: State, world: World) -> Talk:
    """Somebody whose assessment was deleted in the meantime, by age, is in the menu."""
    if state.assessment is not None and state.assessment not in world.shelf:
        state = State(
            state.language,
            scene="menu",
            consent=state.consent,
            zone=state.zone,
            reminders=state.reminders,
        )
    return Talk(state, world)


def _as_new(done: Step) -> Step:
    """What answers a typed text comes below it, not in place of something further up."""
    return replace(done, replies=tuple(as_new(message) for message in done.replies))


# --- Typed texts -----------------------------------------------------------------------------


def _said(talk: Talk, text: str) -> Step:
    if text.startswith("/"):
        return _command(talk, text)
    if talk.state.consent not in (None, welcome.CONSENT):
        return _typed_consent(talk, text)
    if is_prompt(talk.state.view):
        return _typed_for_prompt(talk, text)
    if talk.state.view:
        return _typed_button(talk, text)
    if talk.state.scene == "note":
        return _note(talk, text)
    if talk.state.scene == "asking" and shown_statement(talk):
        return _typed_answer(talk, text)
    return _typed_button(talk, text)


def _asked_again(talk: Talk, notice: str) -> Step:
    """A sentence, and below it what is to be typed or tapped."""
    if is_prompt(talk.state.view):
        return talk.shows(noticed(_on_screen(talk), notice))
    return where_we_are(talk.at(view=""), notice)


def _may_answer(talk: Talk, text: str) -> bool:
    """Whether the text may be an answer to the open card: then the guide leaves it alone."""
    on_card = shown_statement(talk) if talk.state.scene == "asking" else None
    if not on_card:
        return False
    statement = talk.edition.statements[on_card]
    if statement.kind == "choice":
        return bool(understanding.options_meant(text, talk.edition, statement.scale.options)[0])
    return statement.kind != "text" and understanding.number_meant(text) is not None


def _command(talk: Talk, text: str) -> Step:
    """``/menu``, also as ``/menu@MeriloBot`` and with words behind it."""
    command = text.split()[0].split("@")[0].lower()
    if command == "/cancel":
        return press(talk, token("here" if talk.state.scene == "note" else "menu"))
    if talk.state.scene == "note":
        talk = asking.close_note(talk)  # what is typed next must not be taken for the note
    if command == "/review":
        return _review(talk)
    if command == "/guide" and (wanted := text[len(text.split()[0]) :].strip()):
        return search(talk, wanted)
    verb = COMMANDS.get(command)
    if verb is None:
        return _asked_again(talk, guidance.unknown_command(talk, command[:COMMAND_LIMIT]))
    return press(talk, token(verb))


def _review(talk: Talk) -> Step:
    code = talk.state.assessment or next(reversed(list(talk.world.shelf)), None)
    if code is None:
        return where_we_are(talk, talk.words("There are no answers to review yet."))
    return press(talk, token("review", code, *_section_at_hand(talk)))


def _section_at_hand(talk: Talk) -> list[str]:
    """The section on the screen, or that of the open card."""
    if talk.state.assessment is None:
        return []
    if talk.state.scene in ("section", "review") and talk.state.section:
        return [talk.state.section]
    statement = shown_statement(talk)
    return [talk.edition.section_of(statement).id] if statement else []


def _typed_for_prompt(talk: Talk, text: str) -> Step:
    """What a card asks for, unless it names one of that card's buttons."""
    if made := _button_named(talk, text):
        return press(talk, made)
    verb, arguments, _ = parse(talk.state.view)
    return TYPED[verb](talk, *arguments, text)


def _typed_consent(talk: Talk, text: str) -> Step:
    """Nothing is kept before the newer notice is agreed to."""
    cards = [welcome.ask_consent(talk.at(language=code)) for code in LANGUAGES]
    made = understanding.pressed_by(text, cards)
    return press(talk, made) if made else ask_consent(talk)


def _note(talk: Talk, text: str) -> Step:
    words, limit = talk.words, asking.NOTE_LIMIT
    if not text:
        return where_we_are(talk, guidance.not_understood(talk))
    if len(text) > limit:
        return where_we_are(talk, _too_long(talk, text, limit))
    statement = talk.state.cursor
    saved = words("Your note on {statement} is saved.", statement=statement)
    return where_we_are(asking.write_note(talk, text), saved)


def _too_long(talk: Talk, text: str, limit: int) -> str:
    return talk.words.plural(
        "Your text has {count} character; at most {limit} fit. Please shorten it.",
        "Your text has {count} characters; at most {limit} fit. Please shorten it.",
        len(text),
        limit=limit,
    )


def _typed_answer(talk: Talk, text: str) -> Step:
    """What is typed on an open card."""
    statement = talk.edition.statements[shown_statement(talk) or ""]
    if statement.kind == "choice":
        return _typed_choice(talk, statement, text)
    if _button_named(talk, text) or understanding.language_named(text):
        return _typed_button(talk, text)
    if statement.kind == "text":
        return _typed_text(talk, statement, text)
    number = understanding.number_meant(text)
    if number is None:
        return _typed_button(talk, text)
    if statement.kind == "number":
        return _typed_number(talk, statement, number)
    toggle = kinds.toggle_token(talk, statement, number)
    return press(talk, toggle) if toggle else _typed_button(talk, text)


def _typed_number(talk: Talk, statement: Statement, number: Decimal) -> Step:
    value = number_value(number)
    if not is_value(statement, value):
        return where_we_are(talk, kinds.number_wanted(talk, statement))
    return _kept(talk, statement, value)


def _typed_text(talk: Talk, statement: Statement, text: str) -> Step:
    if not text:
        return where_we_are(talk, guidance.not_understood(talk))
    if len(text) > statement.limit:
        return where_we_are(talk, _too_long(talk, text, statement.limit))
    return _kept(talk, statement, text)


def _kept(talk: Talk, statement: Statement, value: str) -> Step:
    """Say how a typed answer was understood, ahead of what comes next."""
    done = keep(talk, statement.id, value)
    notice = answer_notice(talk, statement.id, value)
    return replace(done, replies=tuple(noticed(message, notice) for message in done.replies))


def _typed_choice(talk: Talk, asked: Statement, text: str) -> Step:
    options, certain = understanding.options_meant(text, talk.edition, asked.scale.options)
    if certain:
        return _kept(talk, asked, options[0])
    if options and not _button_named(talk, text):
        return _ask_back(talk, asked, options)
    return _typed_button(talk, text)


def _ask_back(talk: Talk, asked: Statement, options: list[str]) -> Step:
    statement, choices = asked.id, kinds.option_choices(talk, asked)
    meant = [c for c in choices if c.token.split(":")[-1] in options]
    question = talk.words("Which answer do you mean for {statement}?", statement=statement)
    return talk.shows(reply(Paragraph(question), choices=[[choice] for choice in meant]))


def _typed_button(talk: Talk, text: str) -> Step:
    """The words of a button on the screen, or of a language; else a friendly sentence."""
    if made := _button_named(talk, text):
        return press(talk, made)
    if language := understanding.language_named(text):
        return press(talk, token("language", language))
    return _looked_up(talk, text) or where_we_are(talk.at(view=""), guidance.not_understood(talk))


def _looked_up(talk: Talk, text: str) -> Step | None:
    """What the guide has on the text: all of it where the guide is on the screen, otherwise only what
    surely fits. Nothing for the words of an answer, which belong to the card."""
    if talk.state.consent is None or _may_answer(talk, text):
        return None
    if is_guide(talk.state.view):
        return search(talk, text)
    return guess(talk, text)


def _button_named(talk: Talk, text: str) -> str | None:
    """The token of the button on the screen that the text names, in any language."""
    cards = [_on_screen(talk.at(language=code)) for code in LANGUAGES]
    return understanding.pressed_by(text, cards)


def _on_screen(talk: Talk) -> Reply:
    return press(talk, talk.state.view).replies[0] if talk.state.view else show(talk)


COMMAND_LIMIT = 33
"""Characters of a command with its slash, as Telegram allows them."""

COMMANDS: Mapping[str, str] = {
    "/start": "start",
    "/menu": "menu",
    "/language": "languages",
    "/results": "results",
    "/privacy": "privacy",
    "/help": "help",
    "/guide": "guide",
    "/help_tech": "faults",
    "/plan": "steps",
    "/reminders": "reminders",
}
