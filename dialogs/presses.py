"""What each button does. A verb is looked up here; its arguments come from the token, unchecked.

The verbs stand by subject: ``arriving``, ``assessing``, ``answering``, ``planning``, ``reminding``; the
guide's are below.
"""

from collections.abc import Mapping
from dataclasses import replace

from dialogs.answering import ANSWERING
from dialogs.arriving import ARRIVING, ask_consent
from dialogs.assessing import ASSESSING
from dialogs.handling import Handler, Verbs, no_longer, own, reads
from dialogs.judging import OPINIONS
from dialogs.judging import TYPED as OPINIONS_TYPED
from dialogs.planning import PLAN
from dialogs.planning import TYPED as PLAN_TYPED
from dialogs.reminding import REMINDERS, zone_typed
from dialogs.scenes import guide, welcome
from dialogs.talk import Talk
from dialogs.tokens import STAYS, parse
from dialogs.types import Forgotten, Step


def press(talk: Talk, made: str) -> Step:
    """The step that a tap leads to; an unknown token shows where we are and says so."""
    verb, arguments, _ = parse(made)
    known = VERBS.get(verb)
    if known is None or len(arguments) not in known[1]:
        return no_longer(talk)
    if talk.state.consent != welcome.CONSENT and verb not in BEFORE_CONSENT:
        return ask_consent(talk)
    done = known[0](talk.at(view="") if talk.state.view else talk, *arguments)
    return _viewing(done, made) if verb in VIEWS else done


def _viewing(done: Step, made: str) -> Step:
    """Remember what is shown over the open card, so that its buttons can be typed too."""
    if done.state.consent is None or Forgotten() in done.changes:
        return done
    return replace(done, state=replace(done.state, view=made.removeprefix(STAYS)))


def is_prompt(view: str) -> bool:
    """Whether the card on the screen asks for a text of its own."""
    return parse(view)[0] in TYPED


# --- The guide -------------------------------------------------------------------------------


def is_guide(view: str) -> bool:
    """Whether a page of the guide is on the screen."""
    return parse(view)[0] in GUIDE


def search(talk: Talk, text: str) -> Step:
    """What the guide has on a text that is meant for it."""
    if talk.state.consent != welcome.CONSENT:
        return ask_consent(talk)
    return talk.at(view="guide").shows(guide.found(talk, text))


def guess(talk: Talk, text: str) -> Step | None:
    """What the guide has on a text that was not understood otherwise; None unless it surely fits."""
    keys = guide.surely_meant(talk, text)
    if len(keys) == 1 and keys[0].startswith("fault/"):
        return press(talk, keys[0].replace("/", ":"))
    return talk.at(view="guide").shows(guide.guessed(talk, keys)) if keys else None


VIEWS = {
    "about",
    "others",
    "extras",
    "extra",
    "files",
    "file",
    "results",
    "languages",
    "privacy",
    "notice",
    "help",
    "erase",
}
"""What is shown over the open card and leaves it as it is."""

BEFORE_CONSENT = {
    *("start", "language", "languages", "agree", "notice", "refuse", "help"),
    # Whoever agreed to an older notice may still have everything deleted.
    *("privacy", "erase"),
}

GUIDE: Verbs = {
    "guide": (reads("guide", guide.contents), (0,)),
    "part": (reads("part", guide.part), (1,)),
    "topic": (reads("topic", guide.topic), (1,)),
    "more": (reads("more", guide.more_on_statement), (1,)),
    "related": (own(reads("related", guide.more_on_section)), (2,)),
    "terms": (reads("terms", guide.terms), (0, 1)),
    "term": (reads("term", guide.term), (1,)),
    "faults": (reads("faults", guide.faults), (0,)),
    "fault": (reads("fault", guide.fault), (1,)),
}

TYPED: Mapping[str, Handler] = {**PLAN_TYPED, **OPINIONS_TYPED, "zones": zone_typed}
"""Cards that ask for a text, and what becomes of it: given the card's arguments, then the text."""

VERBS: Mapping[str, tuple[Handler, tuple[int, ...]]] = {
    # verb: what it does, and how many arguments it takes
    **ARRIVING,
    **ASSESSING,
    **ANSWERING,
    **GUIDE,
    **PLAN,
    **REMINDERS,
    **OPINIONS,
}
