"""Pictures as photos. Telegram keeps each that it was sent, and sends it again by its id: many people have
the same result, and an id costs a hundredth of an upload."""

from collections import OrderedDict
from collections.abc import Awaitable, Callable

from telegram import Bot
from telegram.error import BadRequest

from bot.telegram.sending import is_closed, patiently
from bot.telegram.transport import call, upload
from dialogs.charts import shortened
from dialogs.types import Chart

CAPTION = 1024
"""Characters below a photo."""

KEPT = 1000
"""Ids of pictures that are remembered, some 200 bytes each."""


class Photos:
    """What Telegram calls the pictures that it knows from us, by a hash of what they show.

    That is Python's own, of 64 bits and another in every process: two of a thousand never meet.
    """

    def __init__(self) -> None:
        self._ids: OrderedDict[tuple[int, int], str] = OrderedDict()

    async def send(
        self, bot: Bot, chat: int, chart: Chart, language: str, draw: Callable[[], Awaitable[bytes]]
    ) -> None:
        """A photo has no text for who does not see it but its caption. Raises what ``draw`` raises, where
        it has to be drawn."""
        told = chart.words
        caption, key = shortened(told, CAPTION), (hash((chart, language)), len(told))
        if not await self._sent_again(bot, chat, key, caption):
            self._remember(key, await _uploaded(bot, chat, await draw(), caption))

    async def _sent_again(self, bot: Bot, chat: int, key: tuple[int, int], caption: str) -> bool:
        """Whether Telegram knows the picture, and has sent it."""
        known = self._ids.get(key)
        if known is None:
            return False
        try:
            await patiently(
                lambda: call(bot, "sendPhoto", chat_id=chat, photo=known, caption=caption)
            )
        except BadRequest as refusal:
            if is_closed(refusal):
                raise
            self._ids.pop(key, None)  # ids are promised to last, but that is not ours to keep
            return False
        return True

    def _remember(self, key: tuple[int, int], id_: str) -> None:
        self._ids[key] = id_
        self._ids.move_to_end(key)
        if len(self._ids) > KEPT:
            self._ids.popitem(last=False)


async def _uploaded(bot: Bot, chat: int, content: bytes, caption: str) -> str:
    """The id of the photo that was sent: that of its largest size."""
    about = {"chat_id": chat, "caption": caption}
    sent = await patiently(
        lambda: upload(bot, "sendPhoto", "photo", content, "result.png", **about)
    )
    return str(sent["photo"][-1]["file_id"])
