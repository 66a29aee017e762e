"""Which scene shows what. Every state has a message, so there is never a dead end."""

from collections.abc import Callable, Mapping

from dialogs.place import shown_statement
from dialogs.scenes import asking, menu, renewal, results, review, welcome
from dialogs.talk import Talk
from dialogs.types import Reply


def show(talk: Talk) -> Reply:
    """The open message of this state, again."""
    if talk.state.view == renewal.VIEW and renewal.is_due(talk):
        return renewal.offer(talk)
    return SCENES[talk.state.scene](talk)


def _asking(talk: Talk) -> Reply:
    statement = shown_statement(talk)
    return asking.card(talk, statement) if statement else results.overall_result(talk)


SCENES: Mapping[str, Callable[[Talk], Reply]] = {
    "language": welcome.ask_language,
    "consent": welcome.ask_consent,
    "menu": menu.show,
    "asking": _asking,
    "note": asking.ask_note,
    "section": results.section_result,
    "result": results.overall_result,
    "review": review.page,
}

QUESTIONS = {"asking", "note"}
"""Scenes in which somebody is asked something: after what comes between, the question comes again."""
