"""What the desk refuses, in an admin's language: one sentence that says what to do."""

from bot.desk.types import (
    Conflict,
    HasProblems,
    NobodyToTell,
    NoSuchAnnouncement,
    NoSuchDraft,
    NoSuchEdition,
    NoSuchInstrument,
    NothingNew,
    NotKept,
    Refusal,
    TooManyDrafts,
    Unconfirmed,
    UnfitText,
)
from locales import Words


def sentence(words: Words, refusal: Refusal) -> str:
    match refusal:
        case Conflict():
            return _conflict(words, refusal)
        case NoSuchDraft():
            return words(
                "This draft is no longer there: it was discarded, or it is older than a week."
            )
        case HasProblems() | Unconfirmed():
            return words("Look at the report of this draft first.")
        case NothingNew():
            return words("No difference: it is what is current already.")
        case NoSuchInstrument() | NoSuchEdition():
            return words("There is no such edition.")
        case NoSuchAnnouncement():
            return words("This button no longer works.")
        case NobodyToTell():
            return words("Nobody wants to hear of news just now. Nothing was sent.")
        case UnfitText():
            return words(
                "Please say it in at most {limit} letters, without hidden characters.",
                limit=refusal.limit,
            )
        case TooManyDrafts():
            return words(
                "{instrument} has {limit} drafts that are not published. Publish or discard some of them "
                "first: /content lists them under each assessment.",
                instrument=refusal.instrument,
                limit=refusal.most,
            )
        case NotKept():
            return words("The files of this edition were not kept. Please send the whole package.")
        case _:
            return str(refusal)


def _conflict(words: Words, refusal: Conflict) -> str:
    """What changed under somebody, by whom, when and why."""
    now, by = refusal.current, refusal.by
    if now is None or by is None:
        return words("Something else was published meanwhile. Look at it, then begin again.")
    return words(
        "Meanwhile {who} made edition {number} current ({date}, “{why}”). Nothing of yours was "
        "published: look at it, then begin again.",
        who=by.who,
        number=now.number,
        date=words.date(by.at),
        why=by.why,
    )
