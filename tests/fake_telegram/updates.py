"""The queue of updates, and `getUpdates`.

An update waits here until the bot has confirmed it, by long polling or by a good answer to the
webhook. It gets its number when it enters the queue; a shuffled one only once its window is full
or a moment has passed, because numbers always rise in the order of delivery.
"""

import asyncio
import random
from collections.abc import Callable
from dataclasses import dataclass, field

from .errors import ApiError, Json, conflict
from .parameters import Parameters

_ON_REQUEST_ONLY = {"chat_member", "message_reaction", "message_reaction_count"}
_KIND_NAMES = (
    "message edited_message channel_post edited_channel_post business_connection business_message"
    " edited_business_message deleted_business_messages message_reaction message_reaction_count"
    " inline_query chosen_inline_result callback_query shipping_query pre_checkout_query"
    " purchased_paid_media poll poll_answer my_chat_member chat_member chat_join_request"
    " chat_boost removed_chat_boost"
)
_KINDS = frozenset(_KIND_NAMES.split())
_OTHER_POLLER = (
    "terminated by other getUpdates request; make sure that only one bot instance is running"
)
_WEBHOOK_IS_ACTIVE = (
    "can't use getUpdates method while webhook is active; use deleteWebhook to delete the webhook"
    " first"
)


@dataclass(eq=False)
class Update:
    """One update. Those of one `lane` are never delivered at the same time to a webhook."""

    kind: str
    payload: Json
    lane: str
    repeats_left: int
    id: int = 0

    def to_json(self) -> Json:
        """The update as an `Update` of the Bot API."""
        return {"update_id": self.id, self.kind: self.payload}


@dataclass
class UpdateQueue:
    """Updates on their way to the bot.

    `duplicates` is how many times more each update is delivered, under the same number.
    `shuffle_window` is how many updates are mixed at a time, and `shuffle_delay` how many seconds
    the first of them waits for the others.
    """

    randomness: random.Random
    now: Callable[[], float]
    duplicates: int = 0
    shuffle_window: int = 1
    shuffle_delay: float = 0.02
    allowed: frozenset[str] = _KINDS - _ON_REQUEST_ONLY
    pending: dict[int, Update] = field(default_factory=dict)
    listeners: list[Callable[[Update], None]] = field(default_factory=list)
    last_change: float = 0.0
    _window: list[Update] = field(default_factory=list)
    _last_id: int = 0

    def __post_init__(self) -> None:
        self._last_id = self.randomness.randrange(100_000_000, 900_000_000)

    def __len__(self) -> int:
        return len(self.pending) + len(self._window)

    def add(self, kind: str, payload: Json, lane: str) -> None:
        """Put an update at the end, if the bot wants this kind at all."""
        if kind not in self.allowed:
            return
        self.last_change = self.now()
        self._window.append(Update(kind, payload, lane, self.duplicates))
        if len(self._window) >= self.shuffle_window:
            self.flush()
        elif len(self._window) == 1:
            asyncio.get_running_loop().call_later(self.shuffle_delay, self.flush)

    def flush(self) -> None:
        """Number and release what waits for company."""
        released, self._window = self._window, []
        if len(released) > 1:
            self.randomness.shuffle(released)
        for update in released:
            self._last_id += 1
            update.id = self._last_id
            self.pending[update.id] = update
        for update in released:
            for listener in self.listeners:
                listener(update)

    def confirm(self, update: Update) -> bool:
        """Take note that the bot has it; tells whether it is done with, or will come again."""
        self.last_change = self.now()
        if update.repeats_left:
            update.repeats_left -= 1
            return False
        self.pending.pop(update.id, None)
        return True

    def confirm_before(self, offset: int) -> None:
        """Take note of the `offset` of `getUpdates`; a negative one counts from the end."""
        if offset < 0:
            self.pending = dict(list(self.pending.items())[offset:])
            return
        for update in [each for each in self.pending.values() if each.id < offset]:
            self.confirm(update)

    def clear(self) -> None:
        """Forget everything that is pending."""
        self.pending.clear()
        self._window.clear()

    def allow(self, parameters: Parameters) -> None:
        """Take over `allowed_updates`: left out it changes nothing, empty it is the default."""
        wanted = parameters.structure("allowed_updates", "allowed updates")
        if not isinstance(wanted, list):
            return
        for unknown in set(wanted) - _KINDS:
            parameters.problems.append(f"unknown kind of update {unknown!r}")
        self.allowed = frozenset(wanted) & _KINDS or _KINDS - _ON_REQUEST_ONLY

    def allowed_json(self) -> Json:
        """The kinds as `getWebhookInfo` tells them: not at all where they are the default."""
        is_default = self.allowed == _KINDS - _ON_REQUEST_ONLY
        return {} if is_default else {"allowed_updates": sorted(self.allowed)}


class Polling:
    """`getUpdates`: one caller at a time, who may wait for something to happen."""

    def __init__(self, queue: UpdateQueue, has_webhook: Callable[[], bool]) -> None:
        self._queue = queue
        self._has_webhook = has_webhook
        self._waiting: asyncio.Future[None] | None = None
        queue.listeners.append(lambda _update: self.wake())

    async def get_updates(self, parameters: Parameters) -> list[Json]:
        """`getUpdates`."""
        if self._has_webhook():
            raise conflict(_WEBHOOK_IS_ACTIVE)
        self.abort(conflict(_OTHER_POLLER))
        self._queue.allow(parameters)
        self._queue.confirm_before(parameters.integer("offset"))
        limit = min(max(parameters.integer("limit", 100), 1), 100)
        timeout = min(max(parameters.integer("timeout"), 0), 50)
        if not self._queue.pending and timeout:
            await self._wait(timeout)
        return [update.to_json() for update in list(self._queue.pending.values())[:limit]]

    async def _wait(self, seconds: float) -> None:
        waiting = self._waiting = asyncio.get_running_loop().create_future()
        try:
            async with asyncio.timeout(seconds):
                await waiting
        except TimeoutError:
            pass
        finally:
            if self._waiting is waiting:
                self._waiting = None

    def wake(self) -> None:
        """Let the waiting caller have what there is."""
        if self._waiting and not self._waiting.done():
            self._waiting.set_result(None)

    def abort(self, error: ApiError) -> None:
        """Send the waiting caller away."""
        if self._waiting and not self._waiting.done():
            self._waiting.set_exception(error)
