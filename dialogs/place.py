"""Where somebody is in an assessment: derived from the answers, never stored."""

from collections.abc import Sequence

from content.model import Section
from dialogs.talk import Talk


def pending(talk: Talk, section: Section) -> list[str]:
    """Statements of the section still to ask: the untouched ones, then those postponed."""
    answered, state = talk.assessment.values, talk.state
    if section.ids <= answered.keys():
        return []
    left = [s for s in section.statements if s.id not in answered and s.id not in state.passed]
    open_ = [s.id for s in left if s.only_if is None or s.applies(answered)]
    untouched = [s for s in open_ if s not in state.postponed]
    return untouched + [s for s in state.postponed if s in open_]


def next_statement(talk: Talk) -> str | None:
    """The first statement still to ask, or None at the end."""
    for section in talk.edition.sections:
        if left := pending(talk, section):
            return left[0]
    return None


def next_required(talk: Talk) -> str | None:
    """The first statement still to ask that may not be left out."""
    for section in talk.edition.sections:
        for id_ in () if section.optional else pending(talk, section):
            if not talk.edition.statements[id_].optional:
                return id_
    return None


def asked(talk: Talk, *, required: bool = False) -> Sequence[str]:
    """The statements that are asked at all, given the answers so far; with or without optional ones."""
    edition, values = talk.edition, talk.assessment.values
    ids = edition.required if required else edition.order
    if not edition.has_conditions:
        return ids
    return [id_ for id_ in ids if edition.statements[id_].applies(values)]


def shown_statement(talk: Talk) -> str | None:
    """The statement on the open card: the one looked at again, or the next."""
    cursor = talk.state.cursor
    if cursor and talk.edition.statements[cursor].applies(talk.assessment.values):
        return cursor
    return next_statement(talk)  # what was looked at may no longer be asked, after another answer


def before(order: Sequence[str], statement: str) -> str | None:
    position = order.index(statement)
    return order[position - 1] if position else None


def looking_at(talk: Talk, statement: str) -> Talk:
    """The same talk with that statement's card open."""
    talk = talk.at(scene="asking", cursor=None)
    return talk if next_statement(talk) == statement else talk.at(cursor=statement)
