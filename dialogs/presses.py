"""What each button does. A verb is looked up here; its arguments come from the token, unchecked."""

from collections.abc import Callable, Mapping
from dataclasses import replace

from content.values import is_value, ticked, ticked_value
from dialogs.handling import own as _own
from dialogs.handling import reads as _reads
from dialogs.handling import where_we_are
from dialogs.judging import OPINIONS
from dialogs.judging import TYPED as OPINIONS_TYPED
from dialogs.place import looking_at, next_required, shown_statement
from dialogs.planning import PLAN
from dialogs.planning import TYPED as PLAN_TYPED
from dialogs.reminding import REMINDERS, zone_typed
from dialogs.scenes import (
    asking,
    comparing,
    earlier,
    files,
    guidance,
    guide,
    kinds,
    menu,
    privacy,
    reading,
    renewal,
    results,
    review,
    welcome,
)
from dialogs.talk import Talk
from dialogs.tokens import STAYS, parse
from dialogs.types import Forgotten, Reply, Step


def press(talk: Talk, made: str) -> Step:
    """The step that a tap leads to; an unknown token shows where we are and says so."""
    verb, arguments, _ = parse(made)
    known = VERBS.get(verb)
    if known is None or len(arguments) not in known[1]:
        return where_we_are(talk, talk.words("This button no longer works."))
    if talk.state.consent != welcome.CONSENT and verb not in BEFORE_CONSENT:
        return ask_consent(talk)
    done = known[0](talk.at(view="") if talk.state.view else talk, *arguments)
    return _viewing(done, made) if verb in VIEWS else done


def _viewing(done: Step, made: str) -> Step:
    """Remember what is shown over the open card, so that its buttons can be typed too."""
    if done.state.consent is None or Forgotten() in done.changes:
        return done
    return replace(done, state=replace(done.state, view=made.removeprefix(STAYS)))


def ask_consent(talk: Talk) -> Step:
    """First contact goes on; whoever agreed to an older notice is asked again, and keeps the place."""
    if talk.state.consent is None:
        return where_we_are(talk)
    return talk.shows(welcome.ask_consent(talk))


def _shows(view: Callable[[Talk], Reply]) -> Callable[[Talk], Step]:
    """A button that only shows something and leaves the place as it is."""
    return lambda talk: talk.shows(view(talk))


# --- The guide -------------------------------------------------------------------------------


def is_prompt(view: str) -> bool:
    """Whether the card on the screen asks for a text of its own."""
    return parse(view)[0] in TYPED


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


# --- First contact ---------------------------------------------------------------------------


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
    """Whoever has finished it before chooses first whether to begin with the answers of then."""
    if menu.may_begin(talk, instrument) and earlier.offer(talk, instrument):
        return _offer(talk, instrument)
    return _afresh(talk, instrument)


def _afresh(talk: Talk, instrument: str, beside: str = "") -> Step:
    begun = menu.begin(talk, instrument, beside)
    gone = talk.words("This assessment is no longer on offer.")
    return where_we_are(begun) if begun else where_we_are(talk, gone)


_offer = _reads("offer", earlier.offer)


def _extras(talk: Talk, instrument: str) -> Step:
    return _page(talk, reading.contents(talk, instrument))


def _extra(talk: Talk, instrument: str, id_: str) -> Step:
    return _page(talk, reading.page(talk, instrument, id_))


def _page(talk: Talk, page: Reply | None) -> Step:
    if page is None:
        return where_we_are(talk, talk.words("This button no longer works."))
    return talk.shows(page)


def _erase(talk: Talk, kept: str = "") -> Step:
    erased = privacy.erase(talk, kept) if kept else None
    return erased or talk.shows(privacy.confirm_erasure(talk))


# --- An assessment, named by its code ----------------------------------------------------------


@_own
def _anew(talk: Talk, code: str) -> Step:
    """A new one beside the one under way that the button named."""
    instrument = talk.world.shelf[code].instrument
    if menu.is_running(talk, code) and earlier.offer(talk, instrument, code):
        return _offer(talk, instrument, code)
    return _afresh(talk, instrument, code)


@_own
def _from(talk: Talk, code: str, beside: str = "") -> Step:
    """A new one that offers the answers of a finished one again."""
    before = talk.world.shelf[code]
    if not before.finished:
        return where_we_are(talk, talk.words("This button no longer works."))
    begun = menu.begin(talk, before.instrument, beside, earlier=code)
    gone = talk.words("This assessment is no longer on offer.")
    return where_we_are(begun) if begun else where_we_are(talk, gone)


@_own
def _resume(talk: Talk, code: str) -> Step:
    return where_we_are(_entered(talk, code))


@_own
def _fill(talk: Talk, code: str) -> Step:
    """Ask again what was left open."""
    talk = _entered(talk, code).at(postponed=(), passed=())
    return where_we_are(asking.position_or_result(talk))


@_own
def _open(talk: Talk, code: str) -> Step:
    return where_we_are(_entered(talk, code).at(scene="result"))


@_own
def _overall(talk: Talk, code: str) -> Step:
    """The end. An early tap on an old button must not finish what is still being answered."""
    talk = _entered(talk, code)
    if talk.assessment.finished or not next_required(talk):
        talk = talk.at(scene="result", cursor=None)
    return where_we_are(_at_its_end(talk))


def _placed(talk: Talk, code: str) -> Talk:
    """At the next open statement, or at the result where there is none or it was finished before."""
    talk = asking.position_or_result(_entered(talk, code))
    return talk.at(scene="result") if talk.assessment.finished else talk


def _entered(talk: Talk, code: str) -> Talk:
    return menu.enter(talk, talk.world.shelf[code])


def _at_its_end(talk: Talk) -> Talk:
    """Whoever sees the overall result with nothing left to ask has finished."""
    return talk.finish() if talk.state.scene == "result" else talk


@_own
def _next(talk: Talk, code: str) -> Step:
    return where_we_are(_entered(talk, code))


@_own
def _review(talk: Talk, code: str, section: str = "") -> Step:
    if code != talk.state.assessment:
        talk = _entered(talk, code)
    turned = review.turn_to(talk, section or talk.edition.sections[0].id)
    return where_we_are(turned or talk)


@_own
def _files(talk: Talk, code: str, language: str) -> Step:
    return _page(talk, files.choose(talk, code, language))


@_own
def _file(talk: Talk, code: str, format_: str, language: str) -> Step:
    return _page(talk, files.give(talk, code, format_, language))


# --- A newer edition ---------------------------------------------------------------------------


@_own
def _stay(talk: Talk, code: str, target: str) -> Step:
    if code != talk.state.assessment:
        return where_we_are(talk, _of_another(talk, code))
    return where_we_are(renewal.decline(talk, target))


@_own
def _renew(talk: Talk, code: str, target: str) -> Step:
    if code != talk.state.assessment:
        return where_we_are(talk, _of_another(talk, code))
    if talk.assessment.finished:
        return where_we_are(talk, talk.words("What is finished keeps the texts it began with."))
    if talk.assessment.edition.startswith(target):
        return where_we_are(talk, talk.words("You have these texts already."))
    moved = renewal.accept(talk, target)
    if moved is None:
        return where_we_are(talk, talk.words("This offer no longer holds."))
    return where_we_are(_at_its_end(moved), talk.words("You go on with the new texts."))


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
def _answer(talk: Talk, statement: str, revision: str, value: str) -> Step:
    asked = talk.edition.statements[statement]
    if asked.kind not in ("choice", "number") or not is_value(asked, value):
        return where_we_are(talk, talk.words("This button no longer works."))
    if revision != str(asked.revision):
        return _reworded(talk, statement)
    return keep(talk, statement, value)


def _reworded(talk: Talk, statement: str) -> Step:
    changed = talk.words("The wording of {statement} has changed.", statement=statement)
    return where_we_are(looking_at(talk, statement), changed)


@_statement
def _keep(talk: Talk, statement: str, revision: str, mark: str) -> Step:
    """Last time's answer is this time's too. ``mark``: it is still what the button was shown with."""
    if revision != str(talk.edition.statements[statement].revision):
        return _reworded(talk, statement)
    before = earlier.answer_before(talk, statement)
    if before is None or before.value is None or earlier.mark(before) != mark:
        gone = talk.words("Last time's answer has changed or is no longer kept.")
        return where_we_are(talk, gone)
    return keep(talk, statement, before.value, before.note)


def keep(talk: Talk, statement: str, value: str, note: str = "") -> Step:
    """An answer on the open card leads on; one on an older card is kept, and we stay where we are."""
    answered = asking.answer(talk, statement, value, note)
    if _is_open(talk, statement):
        return where_we_are(asking.move_on(answered, statement))
    if answered is talk:
        return where_we_are(talk)
    return where_we_are(answered, answer_notice(answered, statement, value))


def answer_notice(talk: Talk, statement: str, value: str) -> str:
    """“1.2: Rather agree.”, so that a typed or late answer is seen to be understood."""
    words = talk.words
    if talk.edition.statements[statement].kind == "text":
        return words("Your text for {statement} is saved.", statement=statement)
    label = kinds.answer_label(talk, statement, value)
    return words("{statement}: {answer}. Saved.", statement=statement, answer=label)


@_statement
def _stands(talk: Talk, statement: str, revision: str) -> Step:
    """The answer to the earlier wording is given to this one too."""
    value = renewal.standing_value(talk, statement)
    if value is None:
        return where_we_are(talk, _earlier_card(talk))
    if revision != str(talk.edition.statements[statement].revision):
        return _reworded(talk, statement)
    return keep(talk, statement, value)


@_statement
def _tick(talk: Talk, statement: str, revision: str, item: str, on: str) -> Step:
    """Tick (“1”) or untick (“0”) an item; the card stays open."""
    asked = talk.edition.statements[statement]
    if item not in asked.items or on not in ("0", "1"):
        return where_we_are(talk, talk.words("This button no longer works."))
    if revision != str(asked.revision):
        return _reworded(talk, statement)
    done = set(ticked(talk.assessment.values.get(statement, "")))
    value = ticked_value(asked, done | {item} if on == "1" else done - {item})
    answered = asking.answer(talk, statement, value)
    if _is_open(talk, statement):
        return where_we_are(answered.at(cursor=statement))
    return where_we_are(answered, answer_notice(answered, statement, value))


@_statement
def _ticked(talk: Talk, statement: str, revision: str) -> Step:
    """The checklist is done as it stands."""
    asked = talk.edition.statements[statement]
    if asked.kind != "checklist":
        return where_we_are(talk, talk.words("This button no longer works."))
    if revision != str(asked.revision):
        return _reworded(talk, statement)
    return keep(talk, statement, talk.assessment.values.get(statement, ""))


@_statement
def _skip(talk: Talk, statement: str) -> Step:
    optional = talk.edition.section_of(statement).optional
    if not optional or not _is_open(talk, statement):
        return where_we_are(talk, _earlier_card(talk))
    return where_we_are(_at_its_end(asking.skip_section(talk, statement)))


@_statement
def _why(talk: Talk, statement: str) -> Step:
    talk = talk if _is_open(talk, statement) else looking_at(talk, statement)
    if not _is_open(talk, statement):
        return where_we_are(talk, _not_asked(talk, statement))
    return talk.shows(asking.card(talk, why=True))


def _not_asked(talk: Talk, statement: str) -> str:
    """Its condition no longer holds since another answer was changed."""
    return talk.words("{statement} is not asked, as your answers stand.", statement=statement)


@_statement
def _note(talk: Talk, statement: str) -> Step:
    return where_we_are(talk.at(scene="note", cursor=statement))


@_statement
def _unnote(talk: Talk, statement: str) -> Step:
    return where_we_are(asking.write_note(talk.at(scene="note", cursor=statement), ""))


@_statement
def _later(talk: Talk, statement: str, time: str) -> Step:
    """``time``: whether the card was shown before. A late first tap is not taken for a second."""
    if not _is_open(talk, statement) or time != asking.showing(talk, statement):
        return where_we_are(talk, _earlier_card(talk))
    return where_we_are(_at_its_end(asking.postpone(talk, statement)))


def _earlier_card(talk: Talk) -> str:
    return talk.words("That button was on an earlier card. Here is where you are.")


@_statement
def _back(talk: Talk, statement: str) -> Step:
    if not _is_open(talk, statement):
        return where_we_are(talk, _earlier_card(talk))
    earlier = asking.go_back(talk, statement)
    first = talk.words("This is the first statement. /menu leads out of here.")
    return where_we_are(earlier) if earlier else where_we_are(talk, first)


@_statement
def _change(talk: Talk, statement: str) -> Step:
    if not talk.edition.statements[statement].applies(talk.assessment.values):
        return where_we_are(talk, _not_asked(talk, statement))
    return where_we_are(review.change(talk, statement))


@_own
def _done(talk: Talk, code: str) -> Step:
    """Out of the review, to the place it was opened from."""
    return where_we_are(_at_its_end(_placed(talk, code)))


def _is_open(talk: Talk, statement: str) -> bool:
    return talk.state.scene == "asking" and shown_statement(talk) == statement


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

GUIDE: Mapping[str, tuple[Callable[..., Step], tuple[int, ...]]] = {
    "guide": (_reads("guide", guide.contents), (0,)),
    "part": (_reads("part", guide.part), (1,)),
    "topic": (_reads("topic", guide.topic), (1,)),
    "more": (_reads("more", guide.more_on_statement), (1,)),
    "related": (_own(_reads("related", guide.more_on_section)), (2,)),
    "terms": (_reads("terms", guide.terms), (0, 1)),
    "term": (_reads("term", guide.term), (1,)),
    "faults": (_reads("faults", guide.faults), (0,)),
    "fault": (_reads("fault", guide.fault), (1,)),
}

TYPED: Mapping[str, Callable[..., Step]] = {**PLAN_TYPED, **OPINIONS_TYPED, "zones": zone_typed}
"""Cards that ask for a text, and what becomes of it: given the card's arguments, then the text."""

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
    "others": (_shows(menu.list_all), (0,)),
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
    renewal.VIEW: (where_we_are, (0,)),
    "renew": (_renew, (2,)),
    "stay": (_stay, (2,)),
    "review": (_review, (1, 2)),
    "done": (_done, (1,)),
    "files": (_files, (2,)),
    "file": (_file, (3,)),
    "a": (_answer, (4,)),
    "stands": (_stands, (3,)),
    "keep": (_keep, (4,)),
    "tick": (_tick, (5,)),
    "ticked": (_ticked, (3,)),
    "skip": (_skip, (2,)),
    "why": (_why, (2,)),
    "note": (_note, (2,)),
    "unnote": (_unnote, (2,)),
    "later": (_later, (3,)),
    "back": (_back, (2,)),
    "change": (_change, (2,)),
    "compare": (_own(_reads("compare", comparing.view)), (1, 2, 3)),
    "extras": (_extras, (1,)),
    "extra": (_extra, (2,)),
    "results": (_shows(results.list_results), (0,)),
    "languages": (_shows(guidance.choose_language), (0,)),
    "privacy": (_shows(privacy.show), (0,)),
    "help": (_shows(guidance.show_help), (0,)),
    "export": (_shows(privacy.export), (0,)),
    "erase": (_erase, (0, 1)),
    **GUIDE,
    **PLAN,
    **REMINDERS,
    **OPINIONS,
}
