"""Pictures as photos. Telegram keeps each that it was sent, and sends it again by its id: many people have
the same result, and an id costs a hundredth of an upload."""

import hashlib
from collections import OrderedDict

from telegram import Bot
from telegram.error import BadRequest

from bot.telegram.sending import is_closed, patiently
from bot.telegram.transport import call, upload
from dialogs.charts import shortened

CAPTION = 1024
"""Characters below a photo."""

KEPT = 1000
"""Ids of pictures that are remembered, some 200 bytes each."""


class Photos:
    """What Telegram calls the pictures that it knows from us, by their content's digest."""

    def __init__(self) -> None:
        self._ids: OrderedDict[bytes, str] = OrderedDict()

    async def send(self, bot: Bot, chat: int, content: bytes, alt: str) -> None:
        """A photo has no text for who does not see it but its caption."""
        caption, digest = shortened(alt, CAPTION), hashlib.sha256(content).digest()
        if not await self._sent_again(bot, chat, digest, caption):
            self._remember(digest, await _uploaded(bot, chat, content, caption))

    async def _sent_again(self, bot: Bot, chat: int, digest: bytes, caption: str) -> bool:
        """Whether Telegram knows the picture, and has sent it."""
        known = self._ids.get(digest)
        if known is None:
            return False
        try:
            await patiently(
                lambda: call(bot, "sendPhoto", chat_id=chat, photo=known, caption=caption)
            )
        except BadRequest as refusal:
            if is_closed(refusal):
                raise
            self._ids.pop(digest, None)  # ids are promised to last, but that is not ours to keep
            return False
        return True

    def _remember(self, digest: bytes, id_: str) -> None:
        self._ids[digest] = id_
        self._ids.move_to_end(digest)
        if len(self._ids) > KEPT:
            self._ids.popitem(last=False)


async def _uploaded(bot: Bot, chat: int, content: bytes, caption: str) -> str:
    """The id of the photo that was sent: that of its largest size."""
    about = {"chat_id": chat, "caption": caption}
    sent = await patiently(
        lambda: upload(bot, "sendPhoto", "photo", content, "result.png", **about)
    )
    return str(sent["photo"][-1]["file_id"])
