"""What the buttons of an assessment do: beginning it, its place, review, result, files, a newer edition.

It is named by its code; one that is to be begun, by the instrument.
"""

from dialogs.handling import (
    Verbs,
    at_its_end,
    no_longer,
    of_another,
    own,
    page,
    reads,
    where_we_are,
)
from dialogs.place import next_required
from dialogs.scenes import asking, comparing, earlier, files, menu, renewal, review
from dialogs.talk import Talk
from dialogs.types import Step

_offer = reads("offer", earlier.offer)


def _begin(talk: Talk, instrument: str) -> Step:
    """Whoever has finished it before chooses first whether to begin with the answers of then."""
    if menu.may_begin(talk, instrument) and earlier.offer(talk, instrument):
        return _offer(talk, instrument)
    return _afresh(talk, instrument)


def _afresh(talk: Talk, instrument: str, beside: str = "") -> Step:
    begun = menu.begin(talk, instrument, beside)
    gone = talk.words("This assessment is no longer on offer.")
    return where_we_are(begun) if begun else where_we_are(talk, gone)


@own
def _anew(talk: Talk, code: str) -> Step:
    """A new one beside the one under way that the button named."""
    instrument = talk.world.shelf[code].instrument
    if menu.is_running(talk, code) and earlier.offer(talk, instrument, code):
        return _offer(talk, instrument, code)
    return _afresh(talk, instrument, code)


@own
def _from(talk: Talk, code: str, beside: str = "") -> Step:
    """A new one that offers the answers of a finished one again."""
    before = talk.world.shelf[code]
    if not before.finished:
        return no_longer(talk)
    begun = menu.begin(talk, before.instrument, beside, earlier=code)
    gone = talk.words("This assessment is no longer on offer.")
    return where_we_are(begun) if begun else where_we_are(talk, gone)


@own
def _resume(talk: Talk, code: str) -> Step:
    return where_we_are(_entered(talk, code))


@own
def _fill(talk: Talk, code: str) -> Step:
    """Ask again what was left open."""
    talk = _entered(talk, code).at(postponed=(), passed=())
    return where_we_are(asking.position_or_result(talk))


@own
def _open(talk: Talk, code: str) -> Step:
    return where_we_are(_entered(talk, code).at(scene="result"))


@own
def _overall(talk: Talk, code: str) -> Step:
    """The end. An early tap on an old button must not finish what is still being answered."""
    talk = _entered(talk, code)
    if talk.assessment.finished or not next_required(talk):
        talk = talk.at(scene="result", cursor=None)
    return where_we_are(at_its_end(talk))


@own
def _next(talk: Talk, code: str) -> Step:
    return where_we_are(_entered(talk, code))


@own
def _review(talk: Talk, code: str, section: str = "") -> Step:
    if code != talk.state.assessment:
        talk = _entered(talk, code)
    turned = review.turn_to(talk, section or talk.edition.sections[0].id)
    return where_we_are(turned or talk)


@own
def _done(talk: Talk, code: str) -> Step:
    """Out of the review, to the place it was opened from."""
    return where_we_are(at_its_end(_placed(talk, code)))


def _placed(talk: Talk, code: str) -> Talk:
    """At the next open statement, or at the result where there is none or it was finished before."""
    talk = asking.position_or_result(_entered(talk, code))
    return talk.at(scene="result") if talk.assessment.finished else talk


@own
def _files(talk: Talk, code: str, language: str) -> Step:
    return page(talk, files.choose(talk, code, language))


@own
def _file(talk: Talk, code: str, format_: str, language: str) -> Step:
    return page(talk, files.give(talk, code, format_, language))


@own
def _stay(talk: Talk, code: str, target: str) -> Step:
    if code != talk.state.assessment:
        return where_we_are(talk, of_another(talk, code))
    return where_we_are(renewal.decline(talk, target))


@own
def _renew(talk: Talk, code: str, target: str) -> Step:
    if code != talk.state.assessment:
        return where_we_are(talk, of_another(talk, code))
    if talk.assessment.finished:
        return where_we_are(talk, talk.words("What is finished keeps the texts it began with."))
    if talk.assessment.edition.startswith(target):
        return where_we_are(talk, talk.words("You have these texts already."))
    moved = renewal.accept(talk, target)
    if moved is None:
        return where_we_are(talk, talk.words("This offer no longer holds."))
    return where_we_are(at_its_end(moved), talk.words("You go on with the new texts."))


def _entered(talk: Talk, code: str) -> Talk:
    return menu.enter(talk, talk.world.shelf[code])


ASSESSING: Verbs = {
    "begin": (_begin, (1,)),
    "afresh": (_afresh, (1, 2)),
    "anew": (_anew, (1,)),
    "from": (_from, (1, 2)),
    "offer": (_offer, (1, 2)),
    "resume": (_resume, (1,)),
    "fill": (_fill, (1,)),
    "open": (_open, (1,)),
    "overall": (_overall, (1,)),
    "next": (_next, (1,)),
    "review": (_review, (1, 2)),
    "done": (_done, (1,)),
    "compare": (own(reads("compare", comparing.view)), (1, 2, 3)),
    "files": (_files, (2,)),
    "file": (_file, (3,)),
    renewal.VIEW: (where_we_are, (0,)),
    "renew": (_renew, (2,)),
    "stay": (_stay, (2,)),
}
