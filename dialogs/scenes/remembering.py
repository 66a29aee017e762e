"""The settings of reminders: which, and by whose clock."""

from dialogs.scenes.kinds import TICKED, UNTICKED
from dialogs.talk import Talk, reply
from dialogs.tokens import token
from dialogs.types import Bullets, Choice, Heading, Paragraph, Reply
from dialogs.zones import GUESSED, OFFERED, city
from locales import Words


def labels(words: Words) -> dict[str, tuple[str, str]]:
    """Of each kind, what its button says, and what it does."""
    return {
        "unfinished": (
            words("Unfinished assessment"),
            words("Unfinished assessment: once, three days after your last answer."),
        ),
        "step": (
            words("Steps of my plan"),
            words("Steps of my plan: in the morning of the day that you set."),
        ),
        "yearly": (
            words("A year later"),
            words("A year later: to look again at what you have finished."),
        ),
        "deadline": (
            words("Yearly deadline"),
            words("Yearly deadline: three weeks and one week before a report is due."),
        ),
        "news": (
            words("News about assessments"),
            words("News about assessments: when one of them has been changed."),
        ),
    }


def show(talk: Talk) -> Reply:
    """What can be switched on and off. Nothing is on before somebody switches it on."""
    words, on = talk.words, talk.state.reminders
    told = labels(words)
    lines = (f"{_box(on=kind in on)} {about}" for kind, (_, about) in told.items())
    hours = words("I write between 8:00 and 20:00 only, by the clock of {city}.", city=_city(talk))
    return reply(
        Heading(words("Reminders")),
        Bullets(tuple(lines)),
        Paragraph(hours),
        choices=[
            *([_toggle(kind, label, on=kind in on)] for kind, (label, _) in told.items()),
            [Choice(words("Change the time zone"), token("zones"))],
            [Choice(words("Back to my place"), token("here"))],
        ],
    )


def _box(*, on: bool) -> str:
    return TICKED if on else UNTICKED


def _toggle(kind: str, label: str, *, on: bool) -> Choice:
    """The button says what a tap leads to, so that a second tap changes nothing."""
    return Choice(f"{_box(on=on)} {label}", token("remind", kind, int(not on)))


def _city(talk: Talk) -> str:
    language = talk.state.language
    return city(talk.state.zone or GUESSED[language], language)


def switched(talk: Talk, kind: str, on: str) -> Talk | None:
    """The talk with that kind on (“1”) or off (“0”); None where there is no such."""
    kinds = list(labels(talk.words))
    if kind not in kinds or on not in ("0", "1"):
        return None
    wanted = {*talk.state.reminders, kind} if on == "1" else {*talk.state.reminders} - {kind}
    return talk.at(reminders=tuple(k for k in kinds if k in wanted))


def ask_zone(talk: Talk) -> Reply:
    """The guessed city first."""
    words, language = talk.words, talk.state.language
    first = talk.state.zone or GUESSED[language]
    zones = dict.fromkeys([first, *OFFERED])
    return reply(
        Heading(words("Your time zone")),
        Paragraph(
            words(
                "By which city's clock do you live? I write between 8:00 and 20:00 only. "
                "Choose one, or type the name of a large city in your time zone."
            )
        ),
        choices=[
            [Choice(city(zone, language), token("zone", zone)) for zone in zones],
            [Choice(words("Back to my place"), token("here"))],
        ],
    )
