"""What readers think of texts: was a tip of help, is a statement clear. Always beside the open card."""

from content.model import Tip
from dialogs.scenes.findings import tips_shown
from dialogs.scenes.plan import in_rows
from dialogs.talk import Talk, reply
from dialogs.tokens import token
from dialogs.types import Bullets, Choice, Heading, Paragraph, Reply

SENTENCE_LIMIT = 500
"""Letters of a sentence, as of a note."""

VERDICTS = {"1": "helpful", "0": "not_helpful", "u": "unclear"}
"""What a button's letter stands for."""


def way_in(talk: Talk, section: str) -> list[Choice]:
    """The button below a section's result, where that shows tips."""
    label = talk.words("Were the tips helpful?")
    return [Choice(label, token("opinions", talk.assessment.code, section))]


def is_unclear(talk: Talk, statement: str) -> list[Choice]:
    """The button below why a statement matters."""
    made = token("judge", talk.assessment.code, statement, "u")
    return [Choice(talk.words("This is unclear to me"), made)]


def choose(talk: Talk, code: str, section_id: str) -> Reply | None:
    """The tips of a section, a number for each; None where there is no such section."""
    talk = talk.at(assessment=code)
    section = next((s for s in talk.edition.sections if s.id == section_id), None)
    if section is None:
        return None
    words = talk.words
    shown = tips_shown(talk.edition, section, talk.assessment.values)
    tips = [(id_, tip) for id_, found in shown.items() for tip in found]
    lines = tuple(f"{n}. {talk.text(tip.key)} ({id_})" for n, (id_, tip) in enumerate(tips, 1))
    numbers = [Choice(str(n), token("opinion", code, t.key)) for n, (_, t) in enumerate(tips, 1)]
    nothing = Paragraph(words("There is no tip here now."))
    return reply(
        Heading(words("Were the tips helpful?")),
        Paragraph(words("Which tip do you want to say something about?")),
        Bullets(lines) if lines else nothing,
        choices=[*in_rows(numbers), [_back(talk)]],
    )


def ask(talk: Talk, code: str, key: str) -> Reply | None:
    """Whether that tip was helpful; None where there is no such tip."""
    talk = talk.at(assessment=code)
    if tip_of(talk, key) is None:
        return None
    words = talk.words
    return reply(
        Heading(words("Was this tip helpful?")),
        Paragraph(talk.text(key)),
        choices=[
            [
                Choice(words("Helpful"), token("judge", code, key, "1")),
                Choice(words("Not helpful"), token("judge", code, key, "0")),
            ],
            [_back(talk)],
        ],
    )


def ask_sentence(talk: Talk, code: str, key: str, letter: str) -> Reply | None:
    """What was marked, and a sentence more for whoever likes; None where there is nothing to judge so."""
    talk = talk.at(assessment=code)
    if not may_judge(talk, key, letter):
        return None
    words = talk.words
    return reply(
        Heading(_marked(talk, letter)),
        Paragraph(talk.text(key)),
        Paragraph(
            words(
                "If you like, say in a sentence why, at most {limit} characters. Those who look after the "
                "texts read it without learning who wrote it. Please leave out all names.",
                limit=SENTENCE_LIMIT,
            )
        ),
        choices=[[Choice(words("That is all"), token("here"))]],
    )


def _marked(talk: Talk, letter: str) -> str:
    words = talk.words
    told = {
        "1": words("Marked as helpful"),
        "0": words("Marked as not helpful"),
        "u": words("Marked as unclear"),
    }
    return told[letter]


def may_judge(talk: Talk, key: str, letter: str) -> bool:
    """Tips are helpful or not, statements unclear."""
    if letter == "u":
        return key in talk.edition.statements
    return letter in VERDICTS and tip_of(talk, key) is not None


def tip_of(talk: Talk, key: str) -> Tip | None:
    """Of the edition at hand."""
    every = (tip for s in talk.edition.statements.values() for tip in s.tips)
    return next((tip for tip in every if tip.key == key), None)


def _back(talk: Talk) -> Choice:
    return Choice(talk.words("Back to my place"), token("here"))
