"""The statement card: one statement, its answers, and what may be done with it."""

from dialogs.place import before, looking_at, next_statement, pending, shown_statement
from dialogs.scenes import guide
from dialogs.talk import Talk, reply
from dialogs.tokens import token
from dialogs.types import (
    Answer,
    Block,
    Choice,
    Heading,
    Paragraph,
    Progress,
    Reply,
    Statement,
)

NOTE_LIMIT = 500
"""Characters of a note: what fits a card with its statement, and a report's margin."""


def card(talk: Talk, *, why: bool = False) -> Reply:
    """The open card. Raises ValueError where nothing is open: the scene is then ``result``."""
    statement = shown_statement(talk)
    if statement is None:
        raise ValueError("no statement is open")
    return reply(
        section_heading(talk, statement),
        _progress(talk, statement),
        _introduction(talk, statement),
        Statement(statement, talk.text(statement)),
        Paragraph(talk.text(f"{statement}/why")) if why else None,
        *_kept(talk, statement),
        choices=[
            *_scale(talk, statement),
            *_tools(talk, statement),
            *(guide.way_to_topic(talk, statement) if why else []),
        ],
    )


def section_heading(talk: Talk, statement: str) -> Heading:
    section = talk.edition.section_of(statement)
    return Heading(
        talk.words(
            "Section {number} of {total} · {title}",
            number=talk.edition.number_of(section),
            total=len(talk.edition.sections),
            title=talk.text(section.key),
        )
    )


def _progress(talk: Talk, statement: str) -> Progress:
    section, order = talk.edition.section_of(statement), talk.edition.order
    ids = [s.id for s in section.statements]
    label = talk.words("{count} of {total}", count=order.index(statement) + 1, total=len(order))
    return Progress(ids.index(statement) + 1, len(ids), label)


def _introduction(talk: Talk, statement: str) -> Paragraph | None:
    """The section's introduction, with its first statement only."""
    section = talk.edition.section_of(statement)
    first = section.statements[0].id == statement
    return Paragraph(talk.text(section.intro_key)) if first else None


def _kept(talk: Talk, statement: str) -> tuple[Block, ...]:
    """The answer and the note that are already there."""
    words, answer = talk.words, talk.assessment.answers.get(statement, Answer())
    blocks: list[Block] = []
    if answer.option:
        label = option_label(talk, answer.option)
        blocks.append(Paragraph(words("Your answer so far: {answer}.", answer=label)))
    if answer.note:
        blocks.append(Paragraph(words("Your note: {note}", note=answer.note)))
    return tuple(blocks)


def option_label(talk: Talk, option: str) -> str:
    return talk.text(talk.edition.options[option].key)


def answer_choices(talk: Talk, statement: str) -> list[Choice]:
    """A button for each option, from full agreement to full disagreement."""
    code, revision = talk.assessment.code, talk.edition.statements[statement].revision
    return [
        Choice(talk.text(option.key), token("a", code, statement, revision, option.id))
        for option in talk.edition.scale
    ]


def _scale(talk: Talk, statement: str) -> list[list[Choice]]:
    """Two to a row: four labels side by side do not fit a phone."""
    choices = answer_choices(talk, statement)
    return [choices[i : i + 2] for i in range(0, len(choices), 2)]


def _tools(talk: Talk, statement: str) -> list[list[Choice]]:
    words, code = talk.words, talk.assessment.code
    return [
        [
            Choice(words("Why it matters"), token("why", code, statement)),
            Choice(words("Add a note"), token("note", code, statement)),
        ],
        [
            Choice(words("Later"), token("later", code, statement, showing(talk, statement))),
            Choice(words("Back"), token("back", code, statement)),
        ],
    ]


# --- What the buttons do ---------------------------------------------------------------------


def answer(talk: Talk, statement: str, option: str) -> Talk:
    """The same talk with that answer kept; nothing changes where it is the answer already."""
    old = talk.assessment.answers.get(statement, Answer())
    if old.option == option:
        return talk
    revision = talk.edition.statements[statement].revision
    return talk.answer(statement, Answer(option, old.note, revision))


def move_on(talk: Talk, answered: str) -> Talk:
    """Where an answer on the open card leads: review page, section result, or the next card."""
    section = talk.edition.section_of(answered)
    talk = talk.at(cursor=None, scene="asking")
    if talk.state.reviewing:
        return talk.at(scene="review", section=section.id, reviewing=False)
    if not pending(talk, section):
        return talk.at(scene="section", section=section.id)
    return talk


def showing(talk: Talk, statement: str) -> str:
    """Which showing of a card this is: “0” the first, “1” after it was postponed."""
    return str(int(statement in talk.state.postponed))


def postpone(talk: Talk, statement: str) -> Talk:
    """Leave the open card for the end of its section; the second time, leave it open for good."""
    if talk.state.reviewing or talk.state.cursor:
        return move_on(talk, statement)
    alone = len(pending(talk, talk.edition.section_of(statement))) == 1
    if alone or statement in talk.state.postponed:
        return move_on(talk.at(passed=(*talk.state.passed, statement)), statement)
    return talk.at(postponed=(*talk.state.postponed, statement))


def go_back(talk: Talk, statement: str) -> Talk | None:
    """The card before this one; None at the first. From a review: the page it came from."""
    if talk.state.reviewing:
        return move_on(talk, statement)
    earlier = before(talk.edition.order, statement)
    return looking_at(talk, earlier) if earlier else None


# --- Notes -----------------------------------------------------------------------------------


def ask_note(talk: Talk) -> Reply:
    """The prompt for a note on the statement at the cursor."""
    words, statement = talk.words, talk.state.cursor or ""
    note = talk.assessment.note(statement)
    delete = Choice(words("Delete the note"), token("unnote", talk.assessment.code, statement))
    return reply(
        Heading(words("Note on {statement}", statement=statement)),
        Statement(statement, talk.text(statement)),
        Paragraph(words("Your note: {note}", note=note)) if note else None,
        Paragraph(
            words(
                "Write your note and send it as one message, at most {limit} characters. "
                "Please leave out clients' names.",
                limit=NOTE_LIMIT,
            )
        ),
        choices=[[Choice(words("Back to the statement"), token("here"))], [delete] if note else []],
    )


def write_note(talk: Talk, note: str) -> Talk:
    """Keep the note on the statement at the cursor, and open its card again."""
    statement = talk.state.cursor or ""
    old = talk.assessment.answers.get(statement, Answer())
    revision = talk.edition.statements[statement].revision
    if note != old.note:
        talk = talk.answer(statement, Answer(old.option, note, revision))
    return close_note(talk)


def close_note(talk: Talk) -> Talk:
    """Back from the prompt to the card it was opened on."""
    talk = talk.at(scene="asking")
    if talk.state.reviewing or talk.state.cursor is None:
        return talk
    return looking_at(talk, talk.state.cursor)


def position_or_result(talk: Talk) -> Talk:
    """The next card, or the overall result where no statement is left to ask."""
    return talk.at(scene="asking" if next_statement(talk) else "result", cursor=None)
