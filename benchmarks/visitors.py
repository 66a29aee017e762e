"""Visitors of the browser chat: they send what its page sends, and take the answer for the next card."""

import asyncio
import json
import uuid
from typing import Any

import aiohttp

from benchmarks.players import MeriloPlayer
from benchmarks.respondents import PATIENCE, BusyTelegram, Card
from bot.web.session import address_of

Json = dict[str, Any]


class Visitor(MeriloPlayer):
    """One browser, with a cookie of its own. The fake Bot API only tells it where Merilo is."""

    def __init__(self, telegram: BusyTelegram, number: int) -> None:
        super().__init__(telegram, number)
        self._browser: aiohttp.ClientSession | None = None

    @property
    def _address(self) -> str:
        return self._telegram.webhook.settings.url.removesuffix("/telegram/webhook") + "/chat"

    async def play(self, answers: int) -> None:
        try:
            await super().play(answers)
        finally:
            if self._browser:
                await self._browser.close()

    async def _start(self) -> Card:
        self._browser = aiohttp.ClientSession(
            cookie_jar=aiohttp.CookieJar(unsafe=True),  # the server has a number, not a name
            timeout=aiohttp.ClientTimeout(PATIENCE),
        )
        card = await self._sent({"kind": "started"})
        [cookie] = self._browser.cookie_jar
        self.chat = address_of(cookie.value).id
        return card

    async def _tap(self, card: Card) -> Card:
        return await self._sent({"kind": "pressed", "token": self.choose(card)})

    async def _sent(self, event: Json) -> Card:
        assert self._browser, "started"
        loop = asyncio.get_running_loop()
        envelope, began = {"id": str(uuid.uuid4()), "event": event}, loop.time()
        async with self._browser.post(self._address, json=envelope) as response:
            answer = json.loads(await response.read())
        self.waits.append(loop.time() - began)
        choices = answer["replies"][-1]["choices"]
        return Card(0, tuple(c["token"] for row in choices for c in row), loop.time())
