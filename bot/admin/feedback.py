"""What readers think of the texts of an instrument, as an admin sees it: counted, and never by whom."""

from bot.admin.business import Business
from bot.admin.pages import page_of, pages, turning
from bot.admin.tokens import made
from bot.admin.turn import Replies
from dialogs.talk import reply
from dialogs.types import Choice, Heading, Paragraph
from locales import Words
from storage.opinions import Feedback


async def show(at: Business, instrument: str, number: str) -> Replies:
    words, told = at.words, await at.desk.feedback(instrument)
    every = pages([_told(words, one) for one in told])
    page = page_of(every, number)
    place = words("Page {number} of {total}", number=page + 1, total=len(every))
    yield reply(
        Heading(words("What readers say of {instrument}", instrument=instrument)),
        *(Paragraph(row) for row in every[page]),
        Paragraph(words("Nobody has said anything yet.")) if not told else None,
        Paragraph(place) if len(every) > 1 else None,
        choices=[
            turning(words, every, page, "feedback", instrument),
            [Choice(words("Back to the editions"), made("editions", instrument, 0))],
        ],
    )


def _told(words: Words, one: Feedback) -> str:
    """“1.2/tip/1 · lv · edition 3 · helpful: 4, not helpful: 1”, and the sentences below it."""
    labels = {
        "helpful": words("helpful"),
        "not_helpful": words("not helpful"),
        "unclear": words("unclear"),
    }
    counted = ", ".join(f"{labels[verdict]}: {n}" for verdict, n in one.counts.items())
    edition = words("edition {number}", number=one.number)
    said = (f"– {labels[verdict]}: {sentence}" for verdict, sentence in one.sentences)
    return "\n".join([f"{one.key} · {one.language} · {edition} · {counted}", *said])
