"""Last time's answers: offered at the start, shown on each card, and an answer only by a press."""

from zlib import crc32

from content.values import is_value, ticked
from dialogs.comparison import same_question
from dialogs.scenes.kinds import answer_label
from dialogs.talk import Rows, Talk, reply
from dialogs.tokens import token
from dialogs.types import Answer, Assessment, Block, Choice, Heading, Paragraph, Reply


def offer(talk: Talk, instrument: str, running: str = "") -> Reply | None:
    """How to begin; None for somebody who has not finished that instrument yet, or may not begin it.

    ``running`` is the code of the assessment under way that a new one is begun beside.
    """
    before = finished_before(talk, instrument)
    if before is None or instrument not in talk.world.library.instruments:
        return None
    words, beside = talk.words, [running] if running else []
    again = token("from", before.code, *beside)
    explained = words(
        "You did this assessment before; it was begun on {date}. You may go on from the answers you "
        "gave then: each is shown on its card, and counts only if you keep it.",
        date=words.date(before.started),
    )
    return reply(
        Heading(talk.world.library.current(instrument).text("title", talk.state.language)),
        Paragraph(explained),
        choices=[
            [Choice(words("Start from last time's answers"), again)],
            [Choice(words("Start afresh"), token("afresh", instrument, *beside))],
            [Choice(words("Menu"), token("menu"))],
        ],
    )


def finished_before(talk: Talk, instrument: str) -> Assessment | None:
    """This person's latest finished assessment with that instrument."""
    own = [a for a in talk.world.shelf.values() if a.instrument == instrument and a.finished]
    return own[-1] if own else None


def answer_before(talk: Talk, statement: str) -> Answer | None:
    """What may be kept from last time; None too where the same is not asked any more."""
    own = talk.assessment
    before = talk.world.shelf.get(own.earlier) if own.earlier else None
    if before is None or before.values.get(statement) is None:
        return None
    if not same_question(talk.world.library, before, own, statement):
        return None
    answer = before.answers[statement]
    fits = is_value(talk.edition.statements[statement], answer.value or "")
    return answer if fits else None


def last_time(talk: Talk, statement: str) -> list[Block]:
    """“Last time: Rather agree · 3 March 2026”, and the note of then."""
    answer = _offered(talk, statement)
    if answer is None:
        return []
    words, before = talk.words, talk.world.shelf[talk.assessment.earlier or ""]
    label = _in_full(talk, statement, answer.value or "")
    told = words("Last time: {answer}", answer=label)
    blocks: list[Block] = [Paragraph(f"{told} · {words.date(before.started)}")]
    if answer.note:
        blocks.append(Paragraph(words("Your note of then: {note}", note=answer.note)))
    return blocks


def _offered(talk: Talk, statement: str) -> Answer | None:
    """What may be kept, unless it is this time's answer already."""
    answer = answer_before(talk, statement)
    same = answer and answer.value == talk.assessment.values.get(statement)
    return None if same else answer


def _in_full(talk: Talk, statement: str, value: str) -> str:
    """Of a checklist, what was ticked: nobody confirms what they cannot see."""
    asked, label = talk.edition.statements[statement], answer_label(talk, statement, value)
    if asked.kind != "checklist" or not value:
        return label
    items = "; ".join(talk.text(asked.item_key(item)) for item in ticked(value))
    return f"{label}: {items}"


def keep_row(talk: Talk, statement: str) -> Rows:
    """The button that makes last time's answer this time's."""
    answer = _offered(talk, statement)
    if answer is None:
        return []
    revision = talk.edition.statements[statement].revision
    made = token("keep", talk.assessment.code, statement, revision, mark(answer))
    return [[Choice(talk.words("Keep this answer"), made)]]


def mark(answer: Answer) -> str:
    """Tells whether the answer is still the one that a button was shown with."""
    shown = "\n".join((answer.value or "", answer.note))
    return f"{crc32(shown.encode()):08x}"
