"""What the buttons do outside of an assessment: first contact, language, notice, menu, erasing."""

from dialogs.handling import Verbs, page, shows, where_we_are
from dialogs.scenes import asking, guidance, menu, privacy, reading, results, welcome
from dialogs.talk import Talk
from dialogs.types import Step


def ask_consent(talk: Talk) -> Step:
    """First contact goes on; whoever agreed to an older notice is asked again, and keeps the place."""
    if talk.state.consent is None:
        return where_we_are(talk)
    return talk.shows(welcome.ask_consent(talk))


def _start(talk: Talk) -> Step:
    if talk.state.consent is None:
        return where_we_are(talk.at(scene="language"))
    return _menu(talk) if talk.state.consent == welcome.CONSENT else ask_consent(talk)


def _language(talk: Talk, language: str) -> Step:
    changed = welcome.choose_language(talk, language)
    return where_we_are(changed or talk)


def _agree(talk: Talk, version: str) -> Step:
    return where_we_are(welcome.agree(talk) if version == str(welcome.CONSENT) else talk)


def _refuse(talk: Talk) -> Step:
    """Only before consent: later an old “No, thanks” must not delete anything."""
    if talk.state.consent:
        return where_we_are(
            talk, talk.words("You have agreed before. /privacy deletes everything.")
        )
    return welcome.refuse(talk)


def _notice(talk: Talk) -> Step:
    view = privacy.show_in_full if talk.state.consent else welcome.full_notice
    return talk.shows(view(talk))


def _here(talk: Talk) -> Step:
    return where_we_are(asking.close_note(talk) if talk.state.scene == "note" else talk)


def _menu(talk: Talk) -> Step:
    return where_we_are(talk.at(scene="menu", cursor=None, reviewing=False))


def _about(talk: Talk, instrument: str) -> Step:
    if instrument not in talk.world.library.instruments:
        return where_we_are(talk, talk.words("This assessment is no longer on offer."))
    return talk.shows(menu.introduce(talk, instrument))


def _extras(talk: Talk, instrument: str) -> Step:
    return page(talk, reading.contents(talk, instrument))


def _extra(talk: Talk, instrument: str, id_: str) -> Step:
    return page(talk, reading.page(talk, instrument, id_))


def _erase(talk: Talk, kept: str = "") -> Step:
    erased = privacy.erase(talk, kept) if kept else None
    return erased or talk.shows(privacy.confirm_erasure(talk))


ARRIVING: Verbs = {
    "start": (_start, (0,)),
    "language": (_language, (1,)),
    "languages": (shows(guidance.choose_language), (0,)),
    "agree": (_agree, (1,)),
    "refuse": (_refuse, (0,)),
    "notice": (_notice, (0,)),
    "here": (_here, (0,)),
    "menu": (_menu, (0,)),
    "others": (shows(menu.list_all), (0,)),
    "about": (_about, (1,)),
    "extras": (_extras, (1,)),
    "extra": (_extra, (2,)),
    "results": (shows(results.list_results), (0,)),
    "help": (shows(guidance.show_help), (0,)),
    "privacy": (shows(privacy.show), (0,)),
    "export": (shows(privacy.export), (0,)),
    "erase": (_erase, (0, 1)),
}
