"""From a file to a published edition, and back: what each button of an admin's card does."""

from bot.admin import cards, editions
from bot.admin.business import Business
from bot.admin.tokens import SHORT, made
from bot.admin.turn import Replies, Upload
from bot.desk.types import Conflict, Draft, NoSuchEdition, NotKept
from content.difference import Difference
from content.unpacking import PACKED_LIMIT
from dialogs.types import Choice, Event, Reply
from locales import LANGUAGES
from storage.editions import Published
from storage.impact import Impact, impact

ENDINGS = (".zip", ".po", ".yaml", ".yml")
MEGABYTE = 1024 * 1024
WHY_LIMIT = 200
"""Letters of a reason: it waits in the conversation's state, which is small."""


# --- A draft -------------------------------------------------------------------------------------


async def upload(at: Business, file: Upload) -> Replies:
    """Look at the size and the name before anything is fetched."""
    words = at.words
    if not file.name.lower().endswith(ENDINGS):
        yield at.told(words("I take content as a .zip, a .po or a .yaml file."))
        return
    if file.size > PACKED_LIMIT:
        limit = PACKED_LIMIT // MEGABYTE
        yield at.told(words("This file is too large: at most {limit} MB.", limit=limit))
        return
    yield cards.checking(words)
    content = await file.fetch()
    drafted = await at.desk.draft(at.who, content, file.name, file.caption or None)
    at.previews.end(at.chat)
    await at.put("")
    yield await _report(at, drafted, "0")


async def drafted(at: Business, content: bytes, name: str, instrument: str) -> Replies:
    """The same for a file that was made here."""
    yield cards.checking(at.words)
    yield await _report(at, await at.desk.draft(at.who, content, name, instrument), "0")


async def report(at: Business, draft: str, page: str) -> Replies:
    await at.put("")
    yield await _report(at, await at.desk.find(draft), page)


async def _report(at: Business, draft: Draft, page: str) -> Reply:
    return cards.report(at.words, draft, await _difference(at, draft), page)


async def _difference(at: Business, draft: Draft) -> Difference | None:
    return None if draft.problems else await at.desk.difference(draft.id)


async def difference(at: Business, draft: str, page: str) -> Replies:
    found = await at.desk.difference(draft)
    yield cards.difference(at.words, await at.desk.find(draft), found, page)


async def discard(at: Business, draft: str) -> Replies:
    await at.desk.discard(draft, at.who)
    await at.put("")
    yield at.told(at.words("Discarded. Nothing was changed."))
    async for card in at.open_card():
        yield card


# --- A preview -----------------------------------------------------------------------------------


async def preview(at: Business, draft: str) -> Replies:
    edition = await at.desk.edition(draft)
    await at.put(f"preview:{draft}:{at.state.language}")
    for shown in at.previews.begin(at.chat, draft, edition, at.state.language, at.words):
        yield shown


async def rehearse(at: Business, event: Event) -> Replies:
    """An event of the preview. After a restart it begins anew; a button of one that was left does nothing."""
    verb, *arguments = at.waiting
    if verb != "preview":
        yield at.told(at.words("This preview is over. Open it again from its draft."))
        return
    draft, language = arguments
    if not at.previews.is_running(at.chat, draft):
        language = language if language in LANGUAGES else at.state.language
        edition = await at.desk.edition(draft)
        for shown in at.previews.begin(at.chat, draft, edition, language, at.words):
            yield shown
        return
    for shown in at.previews.receive(at.chat, event, at.words):
        yield shown


async def leave(at: Business) -> Replies:
    """Back to the draft, and to the person's own open card."""
    verb, *arguments = at.waiting
    at.previews.end(at.chat)
    await at.put("")
    if verb == "preview":
        yield await _report(at, await at.desk.find(arguments[0]), "0")
    else:
        yield at.told(at.words("This preview is over. Open it again from its draft."))


# --- Publishing ----------------------------------------------------------------------------------


async def ask_why(at: Business, draft: str) -> Replies:
    found = await at.desk.find(draft)
    effect = await at.desk.impact(draft)
    await at.put(f"why:{draft}")
    yield cards.ask_why(at.words, found, effect)


async def why_given(at: Business, why: str) -> Replies:
    _, draft = at.waiting
    if too_long := _too_long(at, why):
        yield too_long
        return
    found = await at.desk.find(draft)
    effect = await at.desk.impact(draft)
    await at.put(f"go:{draft}:{why}")
    yield cards.confirm(at.words, found, effect, why)


def _too_long(at: Business, why: str) -> Reply | None:
    if 0 < len(why) <= WHY_LIMIT:
        return None
    return at.told(at.words("Please say it in at most {limit} characters.", limit=WHY_LIMIT))


async def publish(at: Business, draft: str) -> Replies:
    """The reason waits in the state; a button of another draft, or pressed too late, asks for it again."""
    verb, *arguments = at.waiting
    if verb != "go" or arguments[0] != draft:
        async for shown in _published_or_asked(at, draft):
            yield shown
        return
    found = await at.desk.find(draft)
    await at.put("")
    published = await at.desk.publish(draft, at.who, found.base, arguments[1], confirmed=True)
    async for shown in _is_current(at, published):
        yield shown


async def _published_or_asked(at: Business, draft: str) -> Replies:
    found = await at.desk.find(draft)
    if found.became:
        yield at.told(
            at.words(
                "{instrument}: this draft was published as edition {number}.",
                instrument=found.instrument,
                number=found.became,
            )
        )
        return
    async for shown in ask_why(at, draft):
        yield shown


async def _is_current(at: Business, published: Published) -> Replies:
    yield at.told(
        at.words(
            "{instrument}: edition {number} is current now.",
            instrument=published.instrument,
            number=published.number,
        ),
        [Choice(at.words("Announce it"), made("announce", published.instrument))],
    )
    async for card in at.open_card():
        yield card


# --- What is published ---------------------------------------------------------------------------


async def contents(at: Business) -> Replies:
    yield editions.listed(at.words, await at.desk.editions(), await at.desk.log())


async def editions_of(at: Business, instrument: str, page: str) -> Replies:
    every, log = await at.desk.editions(instrument), await at.desk.log(instrument)
    yield editions.editions(at.words, instrument, every, log, page)


async def waiting(at: Business, instrument: str) -> Replies:
    yield editions.drafts(at.words, instrument, await at.desk.waiting(instrument))


async def package(at: Business, instrument: str) -> Replies:
    now = await at.desk.current(instrument)
    if not now.has_sources:
        raise NotKept(instrument, now.number)
    yield editions.package(at.words, now)


async def undo_ask_why(at: Business, instrument: str, number: str, seen: str) -> Replies:
    """``seen``: the beginning of the digest that was current when the button was shown."""
    target = await _edition(at, instrument, number)
    await _as_seen(at, instrument, seen)
    await at.put(f"undo:{instrument}:{number}:{seen}")
    yield editions.ask_why(at.words, target, await _effect(at, target))


async def undo_why_given(at: Business, why: str) -> Replies:
    _, instrument, number, seen = at.waiting
    if too_long := _too_long(at, why):
        yield too_long
        return
    target = await _edition(at, instrument, number)
    await at.put(f"goundo:{instrument}:{number}:{seen}:{why}")
    yield editions.confirm(at.words, target, await _effect(at, target), why)


async def undo(at: Business, instrument: str, number: str) -> Replies:
    verb, *arguments = at.waiting
    if verb != "goundo" or arguments[:2] != [instrument, number]:
        async for shown in editions_of(at, instrument, "0"):
            yield shown
        return
    _, _, seen, why = arguments
    await at.put("")
    now = await _as_seen(at, instrument, seen)
    published = await at.desk.undo(instrument, int(number), at.who, why, now.digest)
    async for shown in _is_current(at, published):
        yield shown


async def _edition(at: Business, instrument: str, number: str) -> Published:
    every = await at.desk.editions(instrument)
    found = next((one for one in every if str(one.number) == number), None)
    if found is None:
        raise NoSuchEdition(instrument, 0)
    return found


async def _as_seen(at: Business, instrument: str, seen: str) -> Published:
    """What is current. Raises Conflict where that is not what the admin saw."""
    now = await at.desk.current(instrument)
    if now.digest[:SHORT] != seen:
        log = await at.desk.log(instrument)
        raise Conflict(
            now,
            next(
                (one for one in log if one.after == now.digest and one.what in editions.CHANGES),
                None,
            ),
        )
    return now


async def _effect(at: Business, target: Published) -> Impact:
    edition = at.reception.library.edition(target.digest)
    return await at.desk.writer.run(lambda c: impact(c, edition))


async def close(at: Business) -> Replies:
    """Enough of the desk: the person's own open card."""
    await at.put("")
    async for card in at.open_card():
        yield card
