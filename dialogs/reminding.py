"""What the buttons of the reminders' settings do, and the city that is typed there."""

from dialogs.handling import Verbs, no_longer, reads
from dialogs.scenes import remembering
from dialogs.talk import Talk, noticed
from dialogs.types import Step
from dialogs.zones import OFFERED, city, zone_meant


def _remind(talk: Talk, kind: str, on: str) -> Step:
    """Switch a kind on or off. With the first one, ask whose clock counts."""
    changed = remembering.switched(talk, kind, on)
    if changed is None:
        return no_longer(talk)
    words, (label, _) = talk.words, remembering.labels(talk.words)[kind]
    if on == "0":
        return _settings(changed, words("{reminder}: switched off.", reminder=label))
    told = words("{reminder}: switched on.", reminder=label)
    return _settings(changed, told) if changed.state.zone else _ask_zone(changed, told)


def _settings(talk: Talk, notice: str) -> Step:
    card = remembering.show(talk)
    return talk.at(view="reminders").shows(noticed(card, notice))


def _ask_zone(talk: Talk, notice: str) -> Step:
    return talk.at(view="zones").shows(noticed(remembering.ask_zone(talk), notice))


def _zone(talk: Talk, zone: str) -> Step:
    if zone not in (*OFFERED, talk.state.zone):
        return no_longer(talk)
    return _lives_by(talk, zone)


def _lives_by(talk: Talk, zone: str) -> Step:
    told = talk.words("Your time zone: {city}.", city=city(zone, talk.state.language))
    return _settings(talk.at(zone=zone), told)


def zone_typed(talk: Talk, text: str) -> Step:
    zone = zone_meant(text)
    if zone is None:
        words = talk.words
        unknown = words("I do not know that city. Try a larger one, such as Sofia, Riga or Berlin.")
        return _ask_zone(talk, unknown)
    return _lives_by(talk, zone)


REMINDERS: Verbs = {
    "reminders": (reads("reminders", remembering.show), (0,)),
    "remind": (_remind, (2,)),
    "zones": (reads("zones", remembering.ask_zone), (0,)),
    "zone": (_zone, (1,)),
}
