"""The admins' chat: which of an admin's messages are for the content desk, and what becomes of them.

It is a small dialogue beside the conversation. What an admin is in the middle of is one text in their
conversation's state (``State.desk``), so that a restart or another replica goes on with it; the rest of the
state is left alone, and the open card comes back when the business at the desk is done.
"""

from collections.abc import Callable

from bot.admin import announcing, editing, feedback, publishing, status
from bot.admin.business import Business
from bot.admin.editions import PACKAGE
from bot.admin.previews import Previews
from bot.admin.refusals import sentence
from bot.admin.roles import CONTENT, OPERATOR, Roles
from bot.admin.telling import told
from bot.admin.tokens import ADMIN, REHEARSAL, is_admins
from bot.admin.turn import Replies, Turn
from bot.desk import ContentDesk
from bot.desk.types import Refusal
from bot.reception import Reception
from content.problems import PackageRefused
from dialogs.talk import reply
from dialogs.types import Event, Paragraph, Pressed, Said, Sent
from locales import words_in

COMMANDS = {"/content": CONTENT, "/edit": CONTENT, "/status": OPERATOR}


class AdminChat:
    """``roles`` is looked at for every event, so that a role that was taken away is gone at once."""

    def __init__(
        self, roles: Roles, desk: ContentDesk, reception: Reception, look: status.Looking
    ) -> None:
        self._roles = roles
        self._desk = desk
        self._reception = reception
        self._look = look
        self._previews = Previews()

    def concerns(self, chat: int, event: Event) -> bool:
        """Whether to ask ``answer`` at all: a look into a dictionary for everybody else."""
        pressed = isinstance(event, Pressed) and is_admins(event.token)
        return pressed or chat in self._roles

    async def answer(self, turn: Turn) -> Replies | None:
        """What to show, one after the other; None where it is for the conversation as ever.
        Raises NotSaved, and TooFast for somebody without a role."""
        if turn.chat not in self._roles:
            await self._reception.pause(turn.address)
        state = await self._reception.standing(turn.address, turn.hint)
        business = Business(
            self._desk, self._reception, self._previews, turn.address, state, turn.hint
        )
        handled = await self._chosen(turn, business)
        return None if handled is None else self._once(turn, business, handled)

    async def file(self, which: str) -> bytes | None:
        """The package that a reply of the desk announces; None for what is none of ours, such as a file of the
        person's own on their open card."""
        if not which.startswith(PACKAGE):
            return None
        digest = which.removeprefix(PACKAGE)
        every = await self._desk.editions()
        found = next(one for one in every if one.digest == digest)
        return await self._desk.export(found.instrument, found.number)

    # --- Whose business it is --------------------------------------------------------------------

    async def _chosen(self, turn: Turn, business: Business) -> Replies | None:
        own = self._roles.get(turn.chat, frozenset())
        match turn.event:
            case Pressed(token) if is_admins(token):
                if CONTENT not in own:
                    return _refused(business)
                return self._pressed(business, token)
            case Said(text) if COMMANDS.get(_command(text)) in own:
                return self._commanded(business, _command(text), text.split()[1:])
            case Sent("document") if turn.file and CONTENT in own:
                return publishing.upload(business, turn.file)
        if CONTENT not in own or not business.state.desk:
            return None
        return await self._in_the_middle(turn, business)

    async def _in_the_middle(self, turn: Turn, business: Business) -> Replies | None:
        """A text may be what the desk waits for, or meant for a preview; anything else ends the waiting."""
        verb, said = business.waiting[0], turn.event
        if verb == "preview":
            if isinstance(said, Said | Sent):
                return publishing.rehearse(business, said)
            return None
        if isinstance(said, Said) and not said.text.startswith("/") and verb in AWAITED:
            return AWAITED[verb](business, said.text.strip())
        await business.put("")
        return None

    def _pressed(self, business: Business, token: str) -> Replies:
        if token.startswith(REHEARSAL):
            return publishing.rehearse(business, Pressed(token))
        verb, *arguments = token.removeprefix(ADMIN).split(":")
        known = VERBS.get(verb)
        if known is None or len(arguments) != known[1]:
            return _one(business, business.words("This button no longer works."))
        return known[0](business, *arguments)

    def _commanded(self, business: Business, command: str, words: list[str]) -> Replies:
        match command:
            case "/content":
                return publishing.contents(business)
            case "/edit":
                return editing.choose(business, words)
            case _:
                return self._status(business)

    async def _status(self, business: Business) -> Replies:
        yield status.card(business.words, await self._look())

    async def _once(self, turn: Turn, business: Business, handled: Replies) -> Replies:
        """What comes again is not done again. It counts as answered when everything was shown."""
        if await self._reception.has_taken(turn.address, turn.update):
            return
        try:
            async for shown in handled:
                yield shown
        except Refusal as refusal:
            yield business.told(sentence(business.words, refusal))
        except PackageRefused as refusal:
            yield business.told(
                business.words(
                    "This file cannot be taken: {reason}",
                    reason=told(business.words, refusal.sentence),
                )
            )
        await self._reception.take(turn.address, turn.update)


def _command(text: str) -> str:
    """``/content`` of “/content@MeriloBot now”; empty for what is no command."""
    first = text.split()[0] if text.split() else ""
    return first.split("@")[0].lower() if first.startswith("/") else ""


async def _refused(business: Business) -> Replies:
    """The role was taken away since the button was shown; the open card comes back."""
    words = words_in(business.state.language)
    await business.put("")
    yield reply(
        Paragraph(
            words("This is for those who look after the content, and you are not among them now.")
        ),
        replaces=False,
    )
    async for card in business.open_card():
        yield card


async def _one(business: Business, text: str) -> Replies:
    yield business.told(text)


AWAITED: dict[str, Callable[[Business, str], Replies]] = {
    "why": publishing.why_given,
    "undo": publishing.undo_why_given,
    "text": editing.text_given,
    "news": announcing.text_given,
}

VERBS: dict[str, tuple[Callable[..., Replies], int]] = {
    # verb: what it does, and how many arguments it takes
    "list": (publishing.contents, 0),
    "editions": (publishing.editions_of, 2),
    "drafts": (publishing.waiting, 1),
    "package": (publishing.package, 1),
    "report": (publishing.report, 2),
    "diff": (publishing.difference, 2),
    "preview": (publishing.preview, 1),
    "leave": (publishing.leave, 0),
    "publish": (publishing.ask_why, 1),
    "go": (publishing.publish, 1),
    "discard": (publishing.discard, 1),
    "undo": (publishing.undo_ask_why, 3),
    "goundo": (publishing.undo, 2),
    "text": (editing.ask_text, 3),
    "feedback": (feedback.show, 2),
    "announce": (announcing.prepare, 1),
    "news": (announcing.look, 1),
    "newstext": (announcing.ask_text, 2),
    "newsgo": (announcing.begin, 1),
    "newsstop": (announcing.stop, 1),
    "close": (publishing.close, 0),
}
