"""What each button does. A verb is looked up here; its arguments come from the token, unchecked."""

from collections.abc import Callable, Mapping

from dialogs.place import looking_at, shown_statement
from dialogs.scenes import asking, guidance, menu, privacy, results, review, welcome
from dialogs.scenes.showing import show
from dialogs.talk import Talk, noticed
from dialogs.tokens import parse
from dialogs.types import Reply, Step


def press(talk: Talk, made: str) -> Step:
    """The step that a tap leads to; an unknown token shows where we are and says so."""
    verb, arguments, _ = parse(made)
    known = VERBS.get(verb)
    if known is None or len(arguments) not in known[1]:
        return where_we_are(talk, talk.words("This button no longer works."))
    if talk.state.consent != welcome.CONSENT and verb not in BEFORE_CONSENT:
        return where_we_are(talk)
    return known[0](talk, *arguments)


def where_we_are(talk: Talk, notice: str = "") -> Step:
    """The open card, with a sentence ahead of it where there is something to say."""
    card = show(talk)
    return talk.shows(noticed(card, notice) if notice else card)


def _shows(view: Callable[[Talk], Reply]) -> Callable[[Talk], Step]:
    """A button that only shows something and leaves the place as it is."""
    return lambda talk: talk.shows(view(talk))


# --- First contact ---------------------------------------------------------------------------


def _start(talk: Talk) -> Step:
    return where_we_are(talk.at(scene="menu") if talk.state.consent else talk.at(scene="language"))


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


# --- Menu ------------------------------------------------------------------------------------


def _here(talk: Talk) -> Step:
    return where_we_are(asking.close_note(talk) if talk.state.scene == "note" else talk)


def _menu(talk: Talk) -> Step:
    return where_we_are(talk.at(scene="menu", cursor=None, reviewing=False))


def _about(talk: Talk, instrument: str) -> Step:
    if instrument not in talk.world.library.instruments:
        return where_we_are(talk, talk.words("This assessment is no longer on offer."))
    return talk.shows(menu.introduce(talk, instrument))


def _begin(talk: Talk, instrument: str) -> Step:
    begun = menu.begin(talk, instrument)
    gone = talk.words("This assessment is no longer on offer.")
    return where_we_are(begun) if begun else where_we_are(talk, gone)


def _anew(talk: Talk, code: str) -> Step:
    return where_we_are(menu.begin_anew(talk, code) or talk)


def _erase(talk: Talk, kept: str = "") -> Step:
    erased = privacy.erase(talk, kept) if kept else None
    return erased or talk.shows(privacy.confirm_erasure(talk))


# --- An assessment, named by its code ----------------------------------------------------------


def _own(handle: Callable[..., Step]) -> Callable[..., Step]:
    """The assessment must be this person's: only their own are on the shelf."""

    def handler(talk: Talk, code: str, *arguments: str) -> Step:
        if code not in talk.world.shelf:
            return where_we_are(talk, talk.words("That assessment is no longer kept."))
        return handle(talk, code, *arguments)

    return handler


@_own
def _resume(talk: Talk, code: str) -> Step:
    return where_we_are(menu.enter(talk, talk.world.shelf[code]))


@_own
def _fill(talk: Talk, code: str) -> Step:
    """Ask again what was left open."""
    talk = menu.enter(talk, talk.world.shelf[code]).at(postponed=(), passed=())
    return where_we_are(asking.position_or_result(talk))


@_own
def _open(talk: Talk, code: str) -> Step:
    return where_we_are(menu.enter(talk, talk.world.shelf[code]).at(scene="result"))


@_own
def _overall(talk: Talk, code: str) -> Step:
    """The end. An early tap on an old button must not finish what is still being answered."""
    talk = asking.position_or_result(menu.enter(talk, talk.world.shelf[code]))
    return where_we_are(talk.finish() if talk.state.scene == "result" else talk)


@_own
def _next(talk: Talk, code: str) -> Step:
    return where_we_are(menu.enter(talk, talk.world.shelf[code]))


@_own
def _review(talk: Talk, code: str, section: str = "") -> Step:
    if code != talk.state.assessment:
        talk = menu.enter(talk, talk.world.shelf[code])
    turned = review.turn_to(talk, section or talk.edition.sections[0].id)
    return where_we_are(turned or talk)


# --- A statement, named by assessment and id ---------------------------------------------------


def _statement(handle: Callable[..., Step]) -> Callable[..., Step]:
    """The statement must belong to the assessment at hand: an earlier one is changed on purpose only."""

    @_own
    def handler(talk: Talk, code: str, statement: str, *arguments: str) -> Step:
        if code != talk.state.assessment:
            return where_we_are(talk, _of_another(talk, code))
        if statement not in talk.edition.statements:
            return where_we_are(talk, talk.words("This button no longer works."))
        return handle(talk, statement, *arguments)

    return handler


def _of_another(talk: Talk, code: str) -> str:
    return talk.words(
        "This card belongs to your assessment begun on {date}. To change it, open it with /results.",
        date=talk.words.date(talk.world.shelf[code].started.date()),
    )


@_statement
def _answer(talk: Talk, statement: str, revision: str, option: str) -> Step:
    if option not in talk.edition.options:
        return where_we_are(talk, talk.words("This button no longer works."))
    if revision != str(talk.edition.statements[statement].revision):
        changed = talk.words("The wording of {statement} has changed.", statement=statement)
        return where_we_are(looking_at(talk, statement), changed)
    return _keep(talk, statement, option)


def _keep(talk: Talk, statement: str, option: str) -> Step:
    """An answer on the open card leads on; one on an older card is kept, and we stay where we are."""
    on_open_card = talk.state.scene == "asking" and shown_statement(talk) == statement
    answered = asking.answer(talk, statement, option)
    if on_open_card:
        return where_we_are(asking.move_on(answered, statement))
    if answered is talk:
        return where_we_are(talk)
    return where_we_are(answered, answer_notice(answered, statement, option))


def answer_notice(talk: Talk, statement: str, option: str) -> str:
    """“1.2: Rather agree.”, so that a typed or late answer is seen to be understood."""
    return talk.words(
        "{statement}: {answer}. Saved.",
        statement=statement,
        answer=asking.option_label(talk, option),
    )


@_statement
def _why(talk: Talk, statement: str) -> Step:
    talk = talk if _is_open(talk, statement) else looking_at(talk, statement)
    return talk.shows(asking.card(talk, why=True))


@_statement
def _note(talk: Talk, statement: str) -> Step:
    return where_we_are(talk.at(scene="note", cursor=statement))


@_statement
def _unnote(talk: Talk, statement: str) -> Step:
    return where_we_are(asking.write_note(talk.at(scene="note", cursor=statement), ""))


@_statement
def _later(talk: Talk, statement: str) -> Step:
    return where_we_are(asking.postpone(talk, statement) if _is_open(talk, statement) else talk)


@_statement
def _back(talk: Talk, statement: str) -> Step:
    if not _is_open(talk, statement):
        return where_we_are(talk)
    earlier = asking.go_back(talk, statement)
    first = talk.words("This is the first statement. /menu leads out of here.")
    return where_we_are(earlier) if earlier else where_we_are(talk, first)


@_statement
def _change(talk: Talk, statement: str) -> Step:
    return where_we_are(review.change(talk, statement))


@_own
def _done(talk: Talk, code: str) -> Step:
    """Out of the review, to the place it was opened from."""
    return where_we_are(asking.position_or_result(menu.enter(talk, talk.world.shelf[code])))


def _is_open(talk: Talk, statement: str) -> bool:
    return talk.state.scene == "asking" and shown_statement(talk) == statement


BEFORE_CONSENT = {"start", "language", "languages", "agree", "notice", "refuse", "help", "here"}

VERBS: Mapping[str, tuple[Callable[..., Step], tuple[int, ...]]] = {
    # verb: what it does, and how many arguments it takes
    "start": (_start, (0,)),
    "language": (_language, (1,)),
    "agree": (_agree, (1,)),
    "refuse": (_refuse, (0,)),
    "notice": (_notice, (0,)),
    "here": (_here, (0,)),
    "menu": (_menu, (0,)),
    "about": (_about, (1,)),
    "begin": (_begin, (1,)),
    "anew": (_anew, (1,)),
    "resume": (_resume, (1,)),
    "fill": (_fill, (1,)),
    "open": (_open, (1,)),
    "overall": (_overall, (1,)),
    "next": (_next, (1,)),
    "review": (_review, (1, 2)),
    "done": (_done, (1,)),
    "a": (_answer, (4,)),
    "why": (_why, (2,)),
    "note": (_note, (2,)),
    "unnote": (_unnote, (2,)),
    "later": (_later, (2,)),
    "back": (_back, (2,)),
    "change": (_change, (2,)),
    "results": (_shows(results.list_results), (0,)),
    "languages": (_shows(guidance.choose_language), (0,)),
    "privacy": (_shows(privacy.show), (0,)),
    "help": (_shows(guidance.show_help), (0,)),
    "export": (_shows(privacy.export), (0,)),
    "erase": (_erase, (0, 1)),
}
