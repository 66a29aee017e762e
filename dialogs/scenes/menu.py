"""The menu: what can be assessed, and the way back into what is under way."""

from content.model import Edition
from dialogs.place import next_statement
from dialogs.scenes import reading
from dialogs.talk import Talk, reply
from dialogs.tokens import token
from dialogs.types import Assessment, Block, Choice, Heading, Paragraph, Reply

Rows = list[list[Choice]]


def show(talk: Talk) -> Reply:
    """The main instrument, the first on offer; the list where something else is under way."""
    instruments = talk.world.library.instruments
    if all(a.instrument in instruments[:1] for a in unfinished(talk)):
        return introduce(talk, instruments[0])
    return list_all(talk)


def list_all(talk: Talk) -> Reply:
    """What is under way first, then every instrument on offer."""
    words = talk.words
    rows = [_way_back(talk, assessment) for assessment in unfinished(talk)]
    rows += [[_about_choice(talk, instrument)] for instrument in talk.world.library.instruments]
    return reply(
        Heading(words("Assessments")),
        Paragraph(words("Choose what you would like to look at.")),
        choices=[*rows, *_side_ways(talk)],
    )


def introduce(talk: Talk, instrument: str) -> Reply:
    """One instrument: what it asks, how long it takes, and its first button: begin or continue."""
    edition, running = talk.world.library.current(instrument), _running(talk, instrument)
    onward = _way_back(talk, running) if running else [_begin(talk, instrument)]
    return reply(
        Heading(edition.text("title", talk.state.language)),
        Paragraph(_size(talk, edition)),
        *_standing(talk, running, edition),
        choices=[onward, _ways(talk, running, edition), *_side_ways(talk)],
    )


def begin(talk: Talk, instrument: str, beside: str = "", earlier: str | None = None) -> Talk | None:
    """A new assessment, or the one under way: a second tap opens no second one.

    ``beside``: the code of the one under way that a new one is wanted beside; nothing happens where
    that is over. ``earlier``: whose answers are offered again. None where it isn't on offer.
    """
    if instrument not in talk.world.library.instruments:
        return None
    running = _running(talk, instrument)
    if (running.code if running else "") == beside:
        return _open(talk, instrument, earlier)
    return talk if beside or running is None else enter(talk, running)


def is_running(talk: Talk, code: str) -> bool:
    """Whether it is the one under way of its instrument."""
    return _running(talk, talk.world.shelf[code].instrument) == talk.world.shelf[code]


def may_begin(talk: Talk, instrument: str) -> bool:
    """Whether none is under way."""
    return _running(talk, instrument) is None


def enter(talk: Talk, assessment: Assessment) -> Talk:
    """Take up an assessment where it was left."""
    if assessment.code != talk.state.assessment:
        talk = talk.at(assessment=assessment.code, postponed=(), passed=())
    talk = talk.at(scene="asking", cursor=None, section=None, reviewing=False)
    return talk if next_statement(talk) else talk.at(scene="result")


def unfinished(talk: Talk) -> list[Assessment]:
    """The latest assessment under way of each instrument, those no longer on offer included."""
    instruments = dict.fromkeys(a.instrument for a in talk.world.shelf.values())
    running = (_running(talk, instrument) for instrument in instruments)
    return [assessment for assessment in running if assessment]


def _running(talk: Talk, instrument: str) -> Assessment | None:
    own = [a for a in talk.world.shelf.values() if a.instrument == instrument]
    latest = own[-1] if own else None
    return latest if latest and not latest.finished else None


def _open(talk: Talk, instrument: str, earlier: str | None) -> Talk:
    digest, now = talk.world.library.current(instrument).digest, talk.world.now
    new = Assessment(talk.world.fresh, instrument, digest, started=now, earlier=earlier)
    return enter(talk.open(new), new)


def _size(talk: Talk, edition: Edition) -> str:
    words = talk.words
    required = [section for section in edition.sections if not section.optional]
    size = words(
        "{statements}, {sections}, about {minutes}. Stop any time, I keep your place.",
        statements=words.plural("{count} statement", "{count} statements", len(edition.required)),
        sections=words.plural("{count} section", "{count} sections", len(required)),
        minutes=words.plural("{count} minute", "{count} minutes", edition.minutes),
    )
    more = len(edition.order) - len(edition.required)
    optional = words.plural("{count} more may be left out.", "{count} more may be left out.", more)
    # A single extra is offered where it comes, and would only puzzle here.
    return f"{size} {optional}" if more > 1 else size


def _standing(talk: Talk, running: Assessment | None, edition: Edition) -> tuple[Block, ...]:
    if running is None:
        return (Paragraph(edition.text("about", talk.state.language)),)
    return (Paragraph(answered(talk, running)),)


def answered(talk: Talk, assessment: Assessment) -> str:
    """“12 of 35 statements answered”, in the person's language."""
    required = talk.world.library.edition(assessment.edition).required
    count = sum(statement in assessment.values for statement in required)
    return talk.words("Answered: {count} of {total} statements.", count=count, total=len(required))


def _others(talk: Talk) -> list[Choice]:
    """The way to the list, where there is more than one instrument."""
    if len(talk.world.library.instruments) < 2:
        return []
    return [Choice(talk.words("Other assessments"), token("others"))]


def _way_back(talk: Talk, running: Assessment) -> list[Choice]:
    words, instruments = talk.words, talk.world.library.instruments
    label = words("Continue")
    if instruments != [running.instrument]:
        edition = talk.world.library.edition(running.edition)
        label = words("Continue: {title}", title=edition.text("title", talk.state.language))
    return [Choice(label, token("resume", running.code))]


def _begin(talk: Talk, instrument: str) -> Choice:
    return Choice(talk.words("Begin"), token("begin", instrument))


def _ways(talk: Talk, running: Assessment | None, edition: Edition) -> list[Choice]:
    """What else can be done with assessments; who is under way finds what there is to read in the guide."""
    if running:
        return [_anew(talk, running), *_others(talk)]
    return [*_others(talk), *reading.way_in(talk, edition)]


def _anew(talk: Talk, running: Assessment) -> Choice:
    return Choice(talk.words("Begin a new one"), token("anew", running.code))


def _about_choice(talk: Talk, instrument: str) -> Choice:
    title = talk.world.library.current(instrument).text("title", talk.state.language)
    return Choice(title, token("about", instrument))


def _side_ways(talk: Talk) -> Rows:
    """Two beside each other, as many as a phone shows uncut. Reminders are found in the plan."""
    words = talk.words
    own = [Choice(words("My results"), token("results")), Choice(words("My plan"), token("steps"))]
    guide = [Choice(words("Guide"), token("guide"))] if talk.world.library.guide.topics else []
    return [
        own if talk.world.shelf else [],
        [*guide, Choice(words("Language"), token("languages"))],
        [Choice(words("Privacy"), token("privacy")), Choice(words("Help"), token("help"))],
    ]
