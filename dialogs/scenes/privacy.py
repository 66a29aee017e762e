"""Data rights: what is kept, and erasing it."""

from dialogs.scenes.welcome import notice_in_brief, notice_in_full
from dialogs.talk import Talk, reply
from dialogs.tokens import token
from dialogs.types import (
    Bullets,
    Choice,
    Document,
    Forgotten,
    Heading,
    Paragraph,
    Reply,
    State,
    Step,
)

EXPORT = "export"


def show(talk: Talk) -> Reply:
    words = talk.words
    return reply(
        Heading(words("Privacy")),
        Bullets(notice_in_brief(talk)),
        choices=[
            [Choice(words("Back to my place"), token("here"))],
            [Choice(words("Give me my data"), token(EXPORT))],
            [
                Choice(words("Full notice"), token("notice")),
                Choice(words("Delete everything"), token("erase")),
            ],
        ],
    )


def show_in_full(talk: Talk) -> Reply:
    """The full notice for those who agreed long ago."""
    words = talk.words
    return reply(
        Heading(words("The full notice")),
        *notice_in_full(talk),
        choices=[
            [
                Choice(words("Back to my place"), token("here")),
                Choice(words("Delete everything"), token("erase")),
            ]
        ],
    )


def export(talk: Talk) -> Reply:
    """Everything that is kept, as a file; what is in it is said in words."""
    words = talk.words
    return reply(
        Heading(words("Your data")),
        Paragraph(_holdings(talk)),
        Paragraph(
            words(
                "The file holds all of it: a table of your answers and notes for a spreadsheet (CSV), "
                "and everything else for a program (JSON). Anybody who opens it can read your notes."
            )
        ),
        Document(words("Download my data"), EXPORT, "merilo.zip"),
        choices=[[Choice(words("Back to my place"), token("here"))]],
    )


def confirm_erasure(talk: Talk) -> Reply:
    words = talk.words
    return reply(
        Heading(words("Delete everything?")),
        Paragraph(_holdings(talk)),
        Paragraph(words("This cannot be undone.")),
        choices=[
            [Choice(words("No, keep everything"), token("here"))],
            [Choice(words("Yes, delete everything"), token("erase", _kept(talk)))],
        ],
    )


def erase(talk: Talk, kept: str) -> Step | None:
    """Everything goes, with a receipt. None where the button told of other data than are kept now:
    an old button must not delete what came after it."""
    if kept != _kept(talk):
        return None
    words = talk.words
    receipt = reply(
        Heading(words("Deleted")),
        Paragraph(_holdings(talk)),
        Paragraph(
            words("All of this was deleted on {date}.", date=words.date(talk.world.now.date()))
        ),
        choices=[[Choice(words("Start again"), token("start"))]],
    )
    return Step(State(talk.state.language), (receipt,), (Forgotten(),))


def _kept(talk: Talk) -> str:
    """What is kept, as a few letters that never come again: the newest code, and how many
    answers and steps."""
    own = talk.world.shelf
    newest = list(own)[-1] if own else "-"
    answers = sum(len(assessment.answers) for assessment in own.values())
    return f"{newest}.{answers}.{len(talk.world.plan)}"


def _holdings(talk: Talk) -> str:
    words, own, steps = talk.words, talk.world.shelf.values(), len(talk.world.plan)
    assessments = words.plural("{count} assessment", "{count} assessments", len(own))
    answers = words.plural(
        "{count} answer", "{count} answers", sum(len(a.values) + len(a.former) for a in own)
    )
    if not steps:
        return words(
            "{assessments}, {answers}, your language and your consent.",
            assessments=assessments,
            answers=answers,
        )
    return words(
        "{assessments}, {answers}, {steps}, your language and your consent.",
        assessments=assessments,
        answers=answers,
        steps=words.plural("{count} step of your plan", "{count} steps of your plan", steps),
    )
