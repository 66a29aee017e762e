"""Inline mode: the bot's name and a word, typed in any chat, offer the guide to share.

Stateless: an answer depends on the words and the person's language only, and Telegram keeps it.
"""

import logging
from typing import Any

from telegram import Bot
from telegram.error import BadRequest, TelegramError

from bot.telegram import rendering
from bot.telegram.sending import patiently
from bot.telegram.transport import call
from bot.telegram.updates import Asked
from content.guide.model import Guide
from dialogs.scenes.sharing import Offer, offers
from dialogs.types import Link
from locales import guess_language, words_in

log = logging.getLogger(__name__)

CACHED = 3600
"""Seconds for which Telegram answers the same words of the same person itself."""

ABOUT = 120
"""Characters of a description; the list shows two lines."""


async def answer(bot: Bot, guide: Guide, asked: Asked) -> None:
    """Offer what fits. A query that is too old needs no answer: the person has typed on."""
    language = guess_language(asked.language)
    results = [_result(bot, language, offer) for offer in offers(guide, language, asked.text)]
    parameters: dict[str, Any] = {
        "inline_query_id": asked.query,
        "results": results,
        "cache_time": CACHED,
        # The language is the person's, so their answer is not for others.
        "is_personal": True,
    }
    try:
        await patiently(lambda: call(bot, "answerInlineQuery", **parameters))
    except BadRequest as refusal:
        if "query is too old" not in refusal.message.lower():
            log.error("An inline query could not be answered: %s", refusal.message)
    except TelegramError as fault:
        log.warning("An inline query could not be answered: %s", fault.message)


def _result(bot: Bot, language: str, offer: Offer) -> dict[str, Any]:
    origin = Link(words_in(language)("From the guide of Merilo"), bot.link)
    html = rendering.messages((*offer.blocks, origin))[0]
    return {
        "type": "article",
        "id": offer.id,
        "title": offer.title,
        "description": _shortened(offer.about),
        "input_message_content": {
            "message_text": html,
            "parse_mode": "HTML",
            "link_preview_options": {"is_disabled": True},
        },
    }


def _shortened(text: str) -> str:
    return text if len(text) <= ABOUT else f"{text[: ABOUT - 1].rstrip()}…"
