"""A newer edition is on offer for an assessment under way: the offer, and what became of answers."""

from content.values import is_value
from dialogs.carrying import carried
from dialogs.place import next_statement
from dialogs.scenes.kinds import answer_label
from dialogs.talk import Rows, Talk, reply
from dialogs.tokens import token
from dialogs.types import Block, Bullets, Choice, Heading, Paragraph, Reply

DIGITS = 12
"""Of a digest: enough to tell the editions of one instrument apart, and short enough for a token."""

VIEW = "renewal"

REMEMBERED = 12
"""Offers declined that a conversation remembers, so that nobody is asked twice."""


def is_due(talk: Talk) -> bool:
    """Whether the offer stands over the open card, until it is answered. Mostly one look at a digest."""
    state = talk.state
    if state.scene != "asking" or talk.world.library.is_current(talk.assessment.edition):
        return False
    return not state.reviewing and _may_move(talk) and _name(talk) not in state.declined


def _may_move(talk: Talk) -> bool:
    """A finished assessment never moves, and there must be an edition to move to."""
    at_hand, library = talk.assessment, talk.world.library
    open_, on_offer = not at_hand.finished, at_hand.instrument in library.instruments
    return open_ and on_offer and not library.is_current(at_hand.edition)


def _target(talk: Talk) -> str:
    return talk.world.library.current(talk.assessment.instrument).digest[:DIGITS]


def _name(talk: Talk) -> str:
    return f"{talk.assessment.code}:{_target(talk)}"


def shown(talk: Talk) -> Talk:
    """The talk with the offer on the screen: what is typed is meant for it, not for the card below."""
    return talk.at(view=VIEW)


def offer(talk: Talk) -> Reply:
    """What changed, in numbers, and the two ways on."""
    words, code = talk.words, talk.assessment.code
    return reply(
        Heading(words("This assessment has new texts")),
        Paragraph(talk.text("title")),
        Bullets(tuple(_numbers(talk))),
        Paragraph(
            words(
                "If you stay with the texts you began with, you finish with them, and I do not ask again."
            )
        ),
        choices=[
            [Choice(words("Go on with the new texts"), token("renew", code, _target(talk)))],
            [Choice(words("Stay with the earlier texts"), token("stay", code, _target(talk)))],
        ],
    )


def _numbers(talk: Talk) -> list[str]:
    """How many answers carry over comes always, the rest where there is something to say."""
    words = talk.words
    current = talk.world.library.current(talk.assessment.instrument)
    result = carried(current, talk.assessment, talk.edition)
    kept = words.plural("{count} answer carries over.", "{count} answers carry over.", result.kept)
    again = words.plural(
        "{count} answered statement was reworded: you see both wordings and answer again.",
        "{count} answered statements were reworded: you see both wordings and answer again.",
        result.again,
    )
    new = words.plural("{count} statement is new.", "{count} statements are new.", result.new)
    withdrawn = words.plural(
        "{count} answered statement is no longer there: your answer is kept, but not counted.",
        "{count} answered statements are no longer there: your answers are kept, but not counted.",
        result.withdrawn,
    )
    more = ((result.again, again), (result.new, new), (result.withdrawn, withdrawn))
    return [kept, *(line for count, line in more if count)]


def decline(talk: Talk, target: str) -> Talk:
    """The talk with that offer out of the way for good; nothing changes where it no longer holds."""
    if not _may_move(talk) or target != _target(talk) or _name(talk) in talk.state.declined:
        return talk
    return talk.at(declined=(*talk.state.declined, _name(talk))[-REMEMBERED:])


# --- Moving ----------------------------------------------------------------------------------


def accept(talk: Talk, target: str) -> Talk | None:
    """The talk at its next statement in the new edition; None where that offer no longer holds.

    What was put off stays so, unless it was reworded: that is another question.
    """
    if not _may_move(talk) or target != _target(talk):
        return None
    new, old = talk.world.library.current(talk.assessment.instrument), talk.edition
    same = {
        id_
        for id_, statement in new.statements.items()
        if id_ in old.statements and old.statements[id_].revision == statement.revision
    }
    moved = talk.move(new).at(
        cursor=None,
        section=None,
        reviewing=False,
        postponed=tuple(id_ for id_ in talk.state.postponed if id_ in same),
        passed=tuple(id_ for id_ in talk.state.passed if id_ in same),
        declined=_of_others(talk),
    )
    return moved.at(scene="asking" if next_statement(moved) else "result")


def _of_others(talk: Talk) -> tuple[str, ...]:
    """After a move another may be offered, should an edition declined before become current again."""
    own = f"{talk.assessment.code}:"
    return tuple(name for name in talk.state.declined if not name.startswith(own))


# --- What became of answers --------------------------------------------------------------------


def earlier_wording(talk: Talk, statement: str) -> tuple[Block, ...]:
    """On a card: the wording that was answered, and the answer to it, which doesn't count."""
    left = talk.assessment.former.get(statement)
    if left is None or left.answer.value is None:
        return ()
    words, edition = talk.words, talk.world.library.edition(left.edition)
    old = edition.text(statement, talk.state.language)
    label = answer_label(talk, statement, left.answer.value, edition)
    reworded = words("The wording has changed. Before: “{text}”", text=old)
    return (
        *([Paragraph(reworded)] if old != talk.text(statement) else []),
        Paragraph(
            words(
                "Your answer then: {answer}. It does not count until you answer again.",
                answer=label,
            )
        ),
    )


def standing_value(talk: Talk, statement: str) -> str | None:
    """The earlier answer where it may be given to the new wording too."""
    left = talk.assessment.former.get(statement)
    value = left.answer.value if left else None
    possible = value is not None and is_value(talk.edition.statements[statement], value)
    return value if possible else None


def standing_row(talk: Talk, statement: str) -> Rows:
    """One tap for who thinks of the new wording as of the old."""
    if standing_value(talk, statement) is None:
        return []
    revision = talk.edition.statements[statement].revision
    made = token("stands", talk.assessment.code, statement, revision)
    return [[Choice(talk.words("My answer stands"), made)]]


def not_counted(talk: Talk) -> list[Block]:
    """In a result: answers to statements that were withdrawn."""
    gone = {
        id_: left
        for id_, left in talk.assessment.former.items()
        if id_ not in talk.edition.statements and left.answer.value is not None
    }
    if not gone:
        return []
    lead = talk.words("Kept, but not counted, as these texts do not have the statement:")
    return [Paragraph(lead), Bullets(tuple(_withdrawn(talk, id_) for id_ in gone))]


def _withdrawn(talk: Talk, statement: str) -> str:
    left = talk.assessment.former[statement]
    edition = talk.world.library.edition(left.edition)
    if edition.statements[statement].kind == "text":
        return statement  # it may be long, and stands in the export
    label = answer_label(talk, statement, left.answer.value or "", edition)
    return f"{statement}: {label}"
