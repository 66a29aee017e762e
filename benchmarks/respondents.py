"""Respondents: people in the fake Bot API who fill in whole assessments, one tap after another."""

import asyncio
import random
from collections.abc import Awaitable
from dataclasses import dataclass

from tests.fake_telegram import Call, FakeTelegram
from tests.fake_telegram.parameters import Parameters
from tests.servers import TOKEN

INSTRUMENT = "occay"
LANGUAGES = ("bg", "lv", "en")
FIRST_CHAT = 1_000_001
PATIENCE = 60.0
"""Seconds until a chat counts as left unanswered."""

SHOWING = {"sendMessage", "editMessageText"}
OPTION = "a:"
OVERALL = "overall:"
PATH = (
    "agree:",
    f"begin:{INSTRUMENT}",
    f"afresh:{INSTRUMENT}",
    f"about:{INSTRUMENT}",
    OPTION,
    OVERALL,
    "next:",
    "menu",
)
"""How the tokens of the wanted buttons begin, the most wanted first, after the language's own."""


@dataclass(frozen=True, slots=True)
class Card:
    """A message with buttons, as it arrived at the Bot API at the time ``at`` of the event loop."""

    message: int
    tokens: tuple[str, ...]
    at: float


class BusyTelegram(FakeTelegram):
    """The fake without its log, which tells a waiting respondent that a card has come.

    ``latency`` is in seconds. ``refused`` counts the calls that the Bot API did not accept.
    """

    def __init__(self, latency: float) -> None:
        super().__init__(TOKEN, strict=False, latency=latency)
        self.refused = 0
        self._waiting: dict[int, asyncio.Future[Card]] = {}
        self._called: dict[str, asyncio.Event] = {}

    async def hears(self, method: str) -> None:
        """Wait until the bot calls that method the next time."""
        self._called[method] = asyncio.Event()
        async with asyncio.timeout(PATIENCE):
            await self._called[method].wait()

    def next_card(self, chat: int) -> asyncio.Future[Card]:
        """The card that comes next into that chat. Ask before the tap, or it may be missed."""
        coming = asyncio.get_running_loop().create_future()
        self._waiting[chat] = coming
        return coming

    async def _execute(self, method: str, parameters: Parameters, via: str) -> Call:
        if method in self._called:
            self._called[method].set()
        call = await super()._execute(method, parameters, via)
        if call.error and method != "getUpdates":  # a poll ends so when Merilo starts again
            self.refused += 1
        elif not call.error and method in SHOWING and "reply_markup" in call.result:
            self._hand_over(call.result["chat"]["id"], _card(call))
        return call

    def _hand_over(self, chat: int, card: Card) -> None:
        coming = self._waiting.pop(chat, None)
        if coming and not coming.done():
            coming.set_result(card)


def _card(call: Call) -> Card:
    rows = call.result["reply_markup"]["inline_keyboard"]
    tokens = tuple(button["callback_data"] for row in rows for button in row)
    return Card(call.result["message_id"], tokens, asyncio.get_running_loop().time())


class Respondent:
    """One person. ``given``: by assessment and statement, the option that was tapped last.
    ``waits``: seconds from each tap to its card. ``unanswered``: a card did not come."""

    def __init__(self, telegram: BusyTelegram, number: int) -> None:
        language = LANGUAGES[number % len(LANGUAGES)]
        self._telegram = telegram
        self._person = telegram.person(FIRST_CHAT + number, language)
        self._path = (f"language:{language}", *PATH)
        self._choice = random.Random(number)
        self.chat: int | str = self._person.id
        self.given: dict[str, dict[str, str]] = {}
        self.waits: list[float] = []
        self.answers = 0
        self.unanswered = False

    async def fill_in(self, assessments: int) -> None:
        """From first contact to the overall result of the last assessment."""
        try:
            card = await self._card_after(self._person.send("/start"))
            while assessments:
                token = self._wanted(card)
                card = await self._card_after(self._person.press_data(token, card.message))
                assessments -= _verb(token).startswith(OVERALL)
        except TimeoutError:
            self.unanswered = True

    async def _card_after(self, act: Awaitable[object]) -> Card:
        loop = asyncio.get_running_loop()
        coming, began = self._telegram.next_card(self._person.id), loop.time()
        async with asyncio.timeout(PATIENCE):
            await act
            card = await coming
        self.waits.append(card.at - began)
        return card

    def _wanted(self, card: Card) -> str:
        for beginning in self._path:
            if fitting := [t for t in card.tokens if _verb(t).startswith(beginning)]:
                token = self._choice.choice(fitting)
                self._remember(token)
                return token
        raise LookupError(f"no way on from a card with {card.tokens}")

    def _remember(self, token: str) -> None:
        if token.startswith(OPTION):
            _, assessment, statement, _, option = token.split(":")
            self.given.setdefault(assessment, {})[statement] = option
            self.answers += 1


def _verb(token: str) -> str:
    """The token without the mark of a message that stays."""
    return token.removeprefix("+")
