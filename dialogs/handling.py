"""What handlers of buttons have in common: showing where we are, pages above it, ownership."""

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


def reads(verb: str, view: Callable[..., Reply | None]) -> Handler:
    """A page that is shown over the open card; None where there is none."""

    def handler(talk: Talk, *arguments: str) -> Step:
        page = view(talk, *arguments)
        if page is None:
            return where_we_are(talk, talk.words("This button no longer works."))
        return talk.at(view=":".join((verb, *arguments))).shows(page)

    return handler


def own(handle: Handler) -> Handler:
    """The assessment must be this person's: only their own are on the shelf."""

    def handler(talk: Talk, code: str, *arguments: str) -> Step:
        if code not in talk.world.shelf:
            return where_we_are(talk, talk.words("That assessment is no longer kept."))
        return handle(talk, code, *arguments)

    return handler
