"""What became of an update, for whoever acknowledges it."""

import asyncio

PATIENCE = 10.0
"""Seconds that the acknowledgement of an update waits for its replies to be shown."""

Showing = asyncio.Future[bool]
"""The sending of replies: False where they were not shown and should be tried again."""


class Received:
    """An update that was taken in. ``shown`` is the sending of its replies, under way.

    ``query`` is set where the tap is still to be answered: a webhook does it in its own response.
    ``is_saved``: False where the database was away.
    """

    __slots__ = ("is_saved", "notice", "query", "shown")

    def __init__(
        self,
        shown: Showing | None = None,
        query: str | None = None,
        notice: str = "",
        *,
        is_saved: bool = True,
    ) -> None:
        self.shown = shown
        self.query = query
        self.notice = notice
        self.is_saved = is_saved

    async def settle(self) -> None:
        """Wait for the replies to be shown, but not for ever: a chat may be told to wait long.

        If Merilo dies before the acknowledgement, Telegram delivers again and the card comes again.
        """
        if self.shown is None or self.shown.done():
            return
        # By hand: asyncio.wait does the same at four times the cost, and this is every tap.
        loop = asyncio.get_running_loop()
        enough = loop.create_future()
        timer = loop.call_later(PATIENCE, _release, enough)
        self.shown.add_done_callback(lambda _: _release(enough))
        await enough
        timer.cancel()

    @property
    def again(self) -> bool:
        """Whether Telegram should deliver it again: nothing was saved, or Merilo is stopping, or could
        not show what it has to say."""
        if not self.is_saved:
            return True
        if self.shown is None or not self.shown.done():
            return False
        return self.shown.cancelled() or not self.shown.result()


def _release(waiter: asyncio.Future[None]) -> None:
    if not waiter.done():
        waiter.set_result(None)
