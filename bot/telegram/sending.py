"""Calls of the Bot API as a chat needs them: patient with limits and faults, calm about old messages."""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from typing import Any, TypeVar

from telegram import Bot, InputFile
from telegram.error import BadRequest, Forbidden, NetworkError, RetryAfter, TimedOut

from bot.metrics import SEND_ERRORS
from bot.telegram import rendering
from bot.telegram.transport import call
from dialogs.types import Reply
from storage.writer import NotSaved

T = TypeVar("T")
log = logging.getLogger(__name__)

UPLOADING = "upload_document"
AGAIN = 4.0

TRIES = 5
TURNS = 20
"""How often a call is told to wait, and comes back when it is told to."""

PAUSE = 0.5
"""Seconds before a call is tried again after a fault; doubled each time."""


class _Unsure(Exception):
    """Nobody knows whether a call has been carried out, or when it will be."""


async def patiently(call: Callable[[], Awaitable[T]]) -> T:
    """Make a call; wait as told when there were too many, and try again after a fault.

    Raises what the last try raised. A call that timed out may have been carried out: repeating it
    shows a card twice at worst, which is harmless, while a card that never comes is a dead end.
    """
    for attempt in range(1, TRIES):
        try:
            return await _in_turn(call)
        except BadRequest:
            raise  # PTB counts it among the network errors; trying again would not help
        except (TimedOut, NetworkError) as fault:
            SEND_ERRORS.labels("timeout" if isinstance(fault, TimedOut) else "network").inc()
            log.warning("A call of the Bot API failed (%s), try %d", type(fault).__name__, attempt)
            await asyncio.sleep(PAUSE * 2 ** (attempt - 1))
    return await _in_turn(call)


async def _in_turn(call: Callable[[], Awaitable[T]]) -> T:
    """Make a call when Telegram lets us: being told to wait is no failure."""
    for _ in range(TURNS):
        try:
            return await call()
        except RetryAfter as wait:
            SEND_ERRORS.labels("too many").inc()
            await asyncio.sleep(seconds(wait))
    return await call()


def is_closed(fault: Exception) -> bool:
    """Whether the chat takes nothing from us any more: blocked, deactivated, deleted."""
    if isinstance(fault, BadRequest):
        return "chat not found" in fault.message.lower()
    return isinstance(fault, Forbidden)


def may_pass(fault: Exception) -> bool:
    """Whether the same may go well later."""
    passing = (NetworkError, RetryAfter, NotSaved)
    return isinstance(fault, passing) and not isinstance(fault, BadRequest)


def seconds(wait: RetryAfter) -> float:
    """How long Telegram asks to wait."""
    after = wait.retry_after
    return after if isinstance(after, int | float) else after.total_seconds()


async def show(bot: Bot, chat: int, reply: Reply, tapped: int | None) -> None:
    """Show a message: in place of the tapped one where it is meant so and still possible."""
    *first, last = rendering.messages(reply.blocks)
    place = tapped if reply.replaces else None
    for text in first:
        await _put(bot, _message(chat, text), place)
        place = None
    await _put(bot, _message(chat, last) | rendering.keyboard(reply.choices), place)


async def send(bot: Bot, chat: int, reply: Reply) -> None:
    """A new message, tried once. Raises python-telegram-bot's own errors."""
    *first, last = rendering.messages(reply.blocks)
    for text in first:
        await call(bot, "sendMessage", **_message(chat, text))
    await call(bot, "sendMessage", **_message(chat, last) | rendering.keyboard(reply.choices))


async def send_document(bot: Bot, chat: int, filename: str, content: bytes) -> None:
    await patiently(lambda: bot.send_document(chat, InputFile(content, filename)))


async def say_what_is_made(bot: Bot, chat: int) -> None:
    """“sending a file…” above the chat, until cancelled: Telegram shows it for five seconds."""
    while True:
        await patiently(lambda: call(bot, "sendChatAction", chat_id=chat, action=UPLOADING))
        await asyncio.sleep(AGAIN)


def _message(chat: int, text: str) -> dict[str, Any]:
    return {
        "chat_id": chat,
        "text": text,
        "parse_mode": "HTML",
        "link_preview_options": {"is_disabled": True},
    }


async def _put(bot: Bot, message: dict[str, Any], place: int | None) -> None:
    if place is None or not await _edit(bot, message, place):
        await patiently(lambda: call(bot, "sendMessage", **message))


async def _edit(bot: Bot, message: dict[str, Any], place: int) -> bool:
    """Whether the message now shows this; False where it is gone or too old to be changed, or where
    that timed out: carried out late, it must not stand in the place of a card that came after it."""

    async def edited() -> None:
        try:
            await call(bot, "editMessageText", message_id=place, **message)
        except TimedOut as fault:
            raise _Unsure from fault

    try:
        await patiently(edited)
    except _Unsure:
        SEND_ERRORS.labels("timeout").inc()
        log.warning("A card was not changed in time, and comes as a new message")
        return False
    except BadRequest as refusal:
        why = refusal.message.lower()
        if "not modified" in why:
            return True
        if "can't be edited" in why or "message to edit not found" in why:
            return False
        raise
    return True


def spinner_stop(query: str, notice: str = "") -> dict[str, Any]:
    """The parameters that answer a tap, so that its button stops turning."""
    said = {"text": notice, "show_alert": True} if notice else {}
    return {"callback_query_id": query, **said}


async def stop_spinner(bot: Bot, query: str, notice: str = "") -> None:
    """Answer a tap; one that is too old needs no answer."""
    try:
        await patiently(lambda: call(bot, "answerCallbackQuery", **spinner_stop(query, notice)))
    except BadRequest as refusal:
        if "query is too old" not in refusal.message.lower():
            raise
