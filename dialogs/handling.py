"""What handlers of buttons have in common: showing where we are, pages above it, ownership, the end."""

from collections.abc import Callable

from dialogs.scenes import renewal
from dialogs.scenes.showing import show
from dialogs.talk import Talk, noticed
from dialogs.types import Reply, Step

Handler = Callable[..., Step]
Verbs = dict[str, tuple[Handler, tuple[int, ...]]]
"""What a verb does, and how many arguments it takes."""


def where_we_are(talk: Talk, notice: str = "") -> Step:
    """The open card, with a sentence ahead of it where there is something to say. The offer of another
    edition comes over it."""
    if renewal.is_due(talk):
        talk = renewal.shown(talk)
    card = show(talk)
    return talk.shows(noticed(card, notice) if notice else card)


def no_longer(talk: Talk) -> Step:
    """The open card, after a button that means nothing any more."""
    return where_we_are(talk, talk.words("This button no longer works."))


def shows(view: Callable[[Talk], Reply]) -> Callable[[Talk], Step]:
    """A button that only shows something and leaves the place as it is."""
    return lambda talk: talk.shows(view(talk))


def page(talk: Talk, shown: Reply | None) -> Step:
    """A page over the open card, which stays; None where there is none."""
    if shown is None:
        return no_longer(talk)
    return talk.shows(shown)


def reads(verb: str, view: Callable[..., Reply | None]) -> Handler:
    """A page that is shown over the open card; None where there is none."""

    def handler(talk: Talk, *arguments: str) -> Step:
        shown = view(talk, *arguments)
        if shown is None:
            return no_longer(talk)
        return talk.at(view=":".join((verb, *arguments))).shows(shown)

    return handler


def own(handle: Handler) -> Handler:
    """The assessment must be this person's: only their own are on the shelf."""

    def handler(talk: Talk, code: str, *arguments: str) -> Step:
        if code not in talk.world.shelf:
            return where_we_are(talk, talk.words("That assessment is no longer kept."))
        return handle(talk, code, *arguments)

    return handler


def of_another(talk: Talk, code: str) -> str:
    """A sentence for a button of an assessment that is not the one at hand."""
    return talk.words(
        "This card belongs to your assessment begun on {date}. To change it, open it with /results.",
        date=talk.words.date(talk.world.shelf[code].started.date()),
    )


def at_its_end(talk: Talk) -> Talk:
    """Whoever sees the overall result with nothing left to ask has finished."""
    return talk.finish() if talk.state.scene == "result" else talk
