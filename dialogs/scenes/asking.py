"""The statement card: one statement, its answers, and what may be done with it."""

from content.model import Section
from dialogs.place import asked, before, looking_at, next_statement, pending
from dialogs.scenes import earlier, guide, kinds, opinions, renewal
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


def card(talk: Talk, statement: str, *, why: bool = False) -> Reply:
    """The card of the statement that is shown. ``why``: with why it matters."""
    return reply(
        section_heading(talk, statement),
        _progress(talk, statement),
        _introduction(talk, statement),
        Statement(statement, talk.text(statement)),
        Paragraph(talk.text(f"{statement}/why")) if why else None,
        *kinds.directions(talk, talk.edition.statements[statement], why=why),
        *renewal.earlier_wording(talk, statement),
        *_kept(talk, statement),
        *earlier.last_time(talk, statement),
        choices=[
            *earlier.keep_row(talk, statement),
            *kinds.answer_rows(talk, talk.edition.statements[statement]),
            *renewal.standing_row(talk, statement),
            *_tools(talk, statement),
            *(_about_statement(talk, statement) if why else []),
        ],
    )


def _about_statement(talk: Talk, statement: str) -> list[list[Choice]]:
    """What leads on from why it matters."""
    ways = [[*row] for row in guide.way_to_topic(talk, statement)]
    return [*ways, opinions.is_unclear(talk, statement)]


def section_heading(talk: Talk, statement: str) -> Heading:
    return Heading(section_title(talk, talk.edition.section_of(statement)))


def section_title(talk: Talk, section: Section) -> str:
    """The section's title with its place, or that it may be left out."""
    words, title = talk.words, talk.text(section.key)
    if section.optional:
        return words("Optional · {title}", title=title)
    number, total = talk.edition.place_of(section)
    return words("Section {number} of {total} · {title}", number=number, total=total, title=title)


def _progress(talk: Talk, statement: str) -> Progress:
    """In the bar the section, in words the whole; an optional section is a whole of its own."""
    section = talk.edition.section_of(statement)
    values = talk.assessment.values
    among = [s.id for s in section.statements if s.only_if is None or s.applies(values)]
    optional = talk.edition.statements[statement].optional
    whole = among if optional else asked(talk, required=True)
    label = talk.words("{count} of {total}", count=whole.index(statement) + 1, total=len(whole))
    return Progress(among.index(statement) + 1, len(among), label)


def _introduction(talk: Talk, statement: str) -> Paragraph | None:
    """The section's introduction, with its first statement only."""
    section = talk.edition.section_of(statement)
    first = section.statements[0].id == statement
    return Paragraph(talk.text(section.intro_key)) if first else None


def _kept(talk: Talk, statement: str) -> tuple[Block, ...]:
    """The answer and the note that are already there."""
    words, answer = talk.words, talk.assessment.answers.get(statement, Answer())
    blocks: list[Block] = []
    if answer.value is not None:
        label = kinds.answer_label(talk, statement, answer.value)
        blocks.append(Paragraph(words("Your answer so far: {answer}.", answer=label)))
    if answer.note:
        blocks.append(Paragraph(words("Your note: {note}", note=answer.note)))
    return tuple(blocks)


def _tools(talk: Talk, statement: str) -> list[list[Choice]]:
    words, code = talk.words, talk.assessment.code
    optional = talk.edition.statements[statement].optional
    later = words("Skip") if optional else words("Later")
    return [
        [
            Choice(words("Why it matters"), token("why", code, statement)),
            Choice(words("Add a note"), token("note", code, statement)),
        ],
        [
            Choice(later, token("later", code, statement, showing(talk, statement))),
            Choice(words("Back"), token("back", code, statement)),
        ],
        _way_past(talk, statement),
    ]


def _way_past(talk: Talk, statement: str) -> list[Choice]:
    """Out of an optional section, where somebody is asked it for the first time."""
    section = talk.edition.section_of(statement)
    if not section.optional or talk.state.cursor or len(section.statements) == 1:
        return []
    made = token("skip", talk.assessment.code, statement)
    return [Choice(talk.words("Skip this section"), made)]


# --- What the buttons do ---------------------------------------------------------------------


def answer(talk: Talk, statement: str, value: str, note: str = "") -> Talk:
    """The same talk with that answer kept; nothing changes where it is the answer already.

    ``note`` goes with it unless there is one: the person's newer words are never replaced.
    """
    old = talk.assessment.answers.get(statement, Answer())
    new = Answer(value, old.note or note, talk.edition.statements[statement].revision)
    if (old.value, old.note) == (new.value, new.note):
        return talk
    return talk.answer(statement, new)


def move_on(talk: Talk, answered: str) -> Talk:
    """Where an answer on the open card leads: review page, section result, or the next card."""
    section = talk.edition.section_of(answered)
    talk = talk.at(cursor=None, scene="asking")
    if talk.state.reviewing:
        return talk.at(scene="review", section=section.id, reviewing=False)
    if pending(talk, section):
        return talk
    if section.optional and not section.ids & talk.assessment.values.keys():
        return position_or_result(talk)  # it was skipped: there is nothing to show
    return talk.at(scene="section", section=section.id)


def showing(talk: Talk, statement: str) -> str:
    """Which showing of a card this is: “0” the first, “1” after it was postponed."""
    return str(int(statement in talk.state.postponed))


def postpone(talk: Talk, statement: str) -> Talk:
    """Leave the open card for the end of its section; the second time, leave it open for good."""
    if talk.state.reviewing or talk.state.cursor:
        return move_on(talk, statement)
    if talk.edition.statements[statement].optional:
        return move_on(talk.at(passed=(*talk.state.passed, statement)), statement)
    alone = len(pending(talk, talk.edition.section_of(statement))) == 1
    if alone or statement in talk.state.postponed:
        return move_on(talk.at(passed=(*talk.state.passed, statement)), statement)
    return talk.at(postponed=(*talk.state.postponed, statement))


def skip_section(talk: Talk, statement: str) -> Talk:
    """Leave out what is still open in an optional section."""
    left = pending(talk, talk.edition.section_of(statement))
    return move_on(talk.at(passed=(*talk.state.passed, *left)), statement)


def go_back(talk: Talk, statement: str) -> Talk | None:
    """The card before this one; None at the first. From a review: the page it came from."""
    if talk.state.reviewing:
        return move_on(talk, statement)
    previous = before(asked(talk), statement)
    return looking_at(talk, previous) if previous else None


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
    if note != talk.assessment.note(statement):
        talk = talk.note(statement, note)
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
