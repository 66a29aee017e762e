"""What the buttons of an announcement do, and how it is shown: written, begun, looked at, stopped."""

from bot.admin.business import Business
from bot.admin.tokens import made
from bot.admin.turn import Replies
from bot.desk import announcing
from bot.desk.announcing import Standing
from bot.desk.types import NoSuchAnnouncement
from dialogs.news import TEXT_LIMIT
from dialogs.talk import reply
from dialogs.types import Choice, Heading, Paragraph, Reply
from locales import LANGUAGES, Words


async def prepare(at: Business, instrument: str) -> Replies:
    yield _card(at.words, await announcing.prepare(at.desk, instrument))


async def look(at: Business, id_: str) -> Replies:
    await at.put("")
    yield _card(at.words, await announcing.look(at.desk, _number(id_)))


async def ask_text(at: Business, id_: str, language: str) -> Replies:
    standing = await announcing.look(at.desk, _number(id_))
    known = standing.announcement
    if known.begun or language not in LANGUAGES:
        yield _card(at.words, standing)
        return
    await at.put(f"news:{known.id}:{language}")
    yield reply(
        _heading(at.words, standing),
        Paragraph(_in_language(standing, language)),
        Paragraph(
            at.words(
                "Send the text in this language as one message, at most {limit} characters.",
                limit=TEXT_LIMIT,
            )
        ),
        choices=[[Choice(at.words("Leave it as it is"), made("news", known.id))]],
    )


async def text_given(at: Business, text: str) -> Replies:
    _, id_, language = at.waiting
    standing = await announcing.rewrite(at.desk, _number(id_), language, text)
    await at.put("")
    yield _card(at.words, standing)


async def begin(at: Business, id_: str) -> Replies:
    await at.put("")
    yield _card(at.words, await announcing.begin(at.desk, _number(id_), at.who))


async def stop(at: Business, id_: str) -> Replies:
    yield _card(at.words, await announcing.stop(at.desk, _number(id_), at.who))


def _number(id_: str) -> int:
    """Tokens are not to be trusted. Raises NoSuchAnnouncement."""
    if not id_.isascii() or not id_.isdecimal() or len(id_) > 9:
        raise NoSuchAnnouncement
    return int(id_)


# --- Cards ---------------------------------------------------------------------------------------


def _card(words: Words, standing: Standing) -> Reply:
    return (_under_way if standing.announcement.begun else _draft)(words, standing)


def _heading(words: Words, standing: Standing) -> Heading:
    known = standing.announcement
    return Heading(
        words(
            "News of {instrument}, edition {number}",
            instrument=known.instrument,
            number=known.number,
        )
    )


def _in_language(standing: Standing, language: str) -> str:
    return f"{language}: {standing.announcement.texts[language]}"


def _draft(words: Words, standing: Standing) -> Reply:
    """What would be said in each language, and to how many."""
    id_ = standing.announcement.id
    readers = words.plural(
        "{count} person wants to hear of news.",
        "{count} people want to hear of news.",
        standing.readers,
    )
    rewriting = [
        Choice(words("Text in {language}", language=one), made("newstext", id_, one))
        for one in LANGUAGES
    ]
    send = [Choice(words("Send it to them"), made("newsgo", id_))] if standing.readers else []
    return reply(
        _heading(words, standing),
        *(Paragraph(_in_language(standing, one)) for one in LANGUAGES),
        Paragraph(readers),
        choices=[rewriting, send, [Choice(words("Leave it"), made("close"))]],
    )


def _under_way(words: Words, standing: Standing) -> Reply:
    known = standing.announcement
    ways = [Choice(words("Refresh"), made("news", known.id))]
    if standing.state not in (announcing.STOPPED, announcing.OVER):
        ways.append(Choice(words("Stop announcing"), made("newsstop", known.id)))
    return reply(
        _heading(words, standing), *map(Paragraph, _progress(words, standing)), choices=[ways]
    )


def _progress(words: Words, standing: Standing) -> list[str]:
    done = standing.progress
    told = words(
        "Sent: {sent}. Still to send: {left}. Failed: {lost}.",
        sent=words.number(done.sent),
        left=words.number(done.left),
        lost=words.number(done.lost),
    )
    lines = [told]
    match standing.state:
        case announcing.STOPPED:
            lines.insert(0, words("Stopped: nobody else is told."))
        case announcing.PREPARING:
            lines.insert(0, words("The messages are being prepared; there will be more to send."))
        case announcing.OVER:
            lines.insert(0, words("Everybody has been told."))
    if done.away:
        lines.append(words("Of these blocked meanwhile: {away}.", away=words.number(done.away)))
    if done.needless:
        count = words.number(done.needless)
        lines.append(words("No longer wished to be told: {count}.", count=count))
    return lines
