"""What the buttons of a statement's card do. A statement is named by its assessment and its id."""

from content.values import is_value, ticked, ticked_value
from dialogs.handling import Handler, Verbs, at_its_end, no_longer, of_another, own, where_we_are
from dialogs.place import looking_at, shown_statement
from dialogs.scenes import asking, earlier, kinds, renewal, review
from dialogs.talk import Talk
from dialogs.types import Step


def _statement(handle: Handler) -> Handler:
    """The statement must belong to the assessment at hand: an earlier one is changed on purpose only."""

    @own
    def handler(talk: Talk, code: str, statement: str, *arguments: str) -> Step:
        if code != talk.state.assessment:
            return where_we_are(talk, of_another(talk, code))
        if statement not in talk.edition.statements:
            return no_longer(talk)
        return handle(talk, statement, *arguments)

    return handler


@_statement
def _answer(talk: Talk, statement: str, revision: str, value: str) -> Step:
    asked = talk.edition.statements[statement]
    if asked.kind not in ("choice", "number") or not is_value(asked, value):
        return no_longer(talk)
    if revision != str(asked.revision):
        return _reworded(talk, statement)
    return keep(talk, statement, value)


@_statement
def _keep(talk: Talk, statement: str, revision: str, mark: str) -> Step:
    """Last time's answer is this time's too. ``mark``: it is still what the button was shown with."""
    if revision != str(talk.edition.statements[statement].revision):
        return _reworded(talk, statement)
    before = earlier.answer_before(talk, statement)
    if before is None or before.value is None or earlier.mark(before) != mark:
        gone = talk.words("Last time's answer has changed or is no longer kept.")
        return where_we_are(talk, gone)
    return keep(talk, statement, before.value, before.note)


def keep(talk: Talk, statement: str, value: str, note: str = "") -> Step:
    """An answer on the open card leads on; one on an older card is kept, and we stay where we are."""
    answered = asking.answer(talk, statement, value, note)
    if _is_open(talk, statement):
        return where_we_are(asking.move_on(answered, statement))
    if answered is talk:
        return where_we_are(talk)
    return where_we_are(answered, answer_notice(answered, statement, value))


def answer_notice(talk: Talk, statement: str, value: str) -> str:
    """“1.2: Rather agree.”, so that a typed or late answer is seen to be understood."""
    words = talk.words
    if talk.edition.statements[statement].kind == "text":
        return words("Your text for {statement} is saved.", statement=statement)
    label = kinds.answer_label(talk, statement, value)
    return words("{statement}: {answer}. Saved.", statement=statement, answer=label)


@_statement
def _stands(talk: Talk, statement: str, revision: str) -> Step:
    """The answer to the earlier wording is given to this one too."""
    value = renewal.standing_value(talk, statement)
    if value is None:
        return where_we_are(talk, _earlier_card(talk))
    if revision != str(talk.edition.statements[statement].revision):
        return _reworded(talk, statement)
    return keep(talk, statement, value)


@_statement
def _tick(talk: Talk, statement: str, revision: str, item: str, on: str) -> Step:
    """Tick (“1”) or untick (“0”) an item; the card stays open."""
    asked = talk.edition.statements[statement]
    if item not in asked.items or on not in ("0", "1"):
        return no_longer(talk)
    if revision != str(asked.revision):
        return _reworded(talk, statement)
    done = set(ticked(talk.assessment.values.get(statement, "")))
    value = ticked_value(asked, done | {item} if on == "1" else done - {item})
    answered = asking.answer(talk, statement, value)
    if _is_open(talk, statement):
        return where_we_are(answered.at(cursor=statement))
    return where_we_are(answered, answer_notice(answered, statement, value))


@_statement
def _ticked(talk: Talk, statement: str, revision: str) -> Step:
    """The checklist is done as it stands."""
    asked = talk.edition.statements[statement]
    if asked.kind != "checklist":
        return no_longer(talk)
    if revision != str(asked.revision):
        return _reworded(talk, statement)
    return keep(talk, statement, talk.assessment.values.get(statement, ""))


@_statement
def _skip(talk: Talk, statement: str) -> Step:
    optional = talk.edition.section_of(statement).optional
    if not optional or not _is_open(talk, statement):
        return where_we_are(talk, _earlier_card(talk))
    return where_we_are(at_its_end(asking.skip_section(talk, statement)))


@_statement
def _why(talk: Talk, statement: str) -> Step:
    talk = talk if _is_open(talk, statement) else looking_at(talk, statement)
    if not _is_open(talk, statement):
        return where_we_are(talk, _not_asked(talk, statement))
    return talk.shows(asking.card(talk, statement, why=True))


@_statement
def _note(talk: Talk, statement: str) -> Step:
    return where_we_are(talk.at(scene="note", cursor=statement))


@_statement
def _unnote(talk: Talk, statement: str) -> Step:
    return where_we_are(asking.write_note(talk.at(scene="note", cursor=statement), ""))


@_statement
def _later(talk: Talk, statement: str, time: str) -> Step:
    """``time``: whether the card was shown before. A late first tap is not taken for a second."""
    if not _is_open(talk, statement) or time != asking.showing(talk, statement):
        return where_we_are(talk, _earlier_card(talk))
    return where_we_are(at_its_end(asking.postpone(talk, statement)))


@_statement
def _back(talk: Talk, statement: str) -> Step:
    if not _is_open(talk, statement):
        return where_we_are(talk, _earlier_card(talk))
    earlier = asking.go_back(talk, statement)
    first = talk.words("This is the first statement. /menu leads out of here.")
    return where_we_are(earlier) if earlier else where_we_are(talk, first)


@_statement
def _change(talk: Talk, statement: str) -> Step:
    if not talk.edition.statements[statement].applies(talk.assessment.values):
        return where_we_are(talk, _not_asked(talk, statement))
    return where_we_are(review.change(talk, statement))


def _is_open(talk: Talk, statement: str) -> bool:
    return talk.state.scene == "asking" and shown_statement(talk) == statement


def _reworded(talk: Talk, statement: str) -> Step:
    changed = talk.words("The wording of {statement} has changed.", statement=statement)
    return where_we_are(looking_at(talk, statement), changed)


def _earlier_card(talk: Talk) -> str:
    return talk.words("That button was on an earlier card. Here is where you are.")


def _not_asked(talk: Talk, statement: str) -> str:
    """Its condition no longer holds since another answer was changed."""
    return talk.words("{statement} is not asked, as your answers stand.", statement=statement)


ANSWERING: Verbs = {
    "a": (_answer, (4,)),
    "stands": (_stands, (3,)),
    "keep": (_keep, (4,)),
    "tick": (_tick, (5,)),
    "ticked": (_ticked, (3,)),
    "skip": (_skip, (2,)),
    "why": (_why, (2,)),
    "note": (_note, (2,)),
    "unnote": (_unnote, (2,)),
    "later": (_later, (3,)),
    "back": (_back, (2,)),
    "change": (_change, (2,)),
}
