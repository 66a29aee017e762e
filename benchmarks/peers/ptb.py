"""A. python-telegram-bot: ConversationHandler, PicklePersistence, its own webhook server.

After the project's examples (persistentconversationbot, inlinekeyboard2) and its wiki, "Making your
bot persistent" and "Webhooks". It handles one update at a time: ``concurrent_updates`` is ruled out
with a ConversationHandler, and with ``block=False`` a tap that comes while the one before is still
being handled finds no state and is dropped.
"""

import logging
from typing import Any

from telegram import CallbackQuery, InlineKeyboardButton, InlineKeyboardMarkup, Message, Update
from telegram.constants import ParseMode
from telegram.ext import (
    Application,
    BaseHandler,
    CallbackQueryHandler,
    CommandHandler,
    ContextTypes,
    ConversationHandler,
    PicklePersistence,
)

from benchmarks.peers import questions
from benchmarks.peers.place import PATH, PICKLE, SECRET, TOKEN, Place, read_place
from benchmarks.peers.questions import AGAIN, DONE, START_AGAIN, TOOLS, Questions

ASKING, FINISHED = range(2)


class Survey:
    """The conversation. A person's answers are in ``user_data``, in the order given."""

    def __init__(self, asked: Questions) -> None:
        self._asked = asked.asked
        scale = [InlineKeyboardButton(label, callback_data=id_) for id_, label in asked.options]
        tools = [[InlineKeyboardButton(label, callback_data=d) for label, d in r] for r in TOOLS]
        self._card = InlineKeyboardMarkup([scale[:2], scale[2:], *tools])
        self._end = InlineKeyboardMarkup.from_button(
            InlineKeyboardButton(START_AGAIN, callback_data=AGAIN)
        )
        self._options = "|".join(id_ for id_, _ in asked.options)

    async def start(self, update: Update, context: ContextTypes.DEFAULT_TYPE) -> int:
        """The first card."""
        _data(context)["answers"] = {}
        message = update.message
        assert isinstance(message, Message)
        await message.reply_text(
            self._asked[0].text, reply_markup=self._card, parse_mode=ParseMode.HTML
        )
        return ASKING

    async def answer(self, update: Update, context: ContextTypes.DEFAULT_TYPE) -> int:
        """Keep an answer, show the next card."""
        query = update.callback_query
        assert isinstance(query, CallbackQuery)
        await query.answer()
        answers = _data(context)["answers"]
        answers[self._asked[len(answers)].id] = query.data
        if len(answers) == len(self._asked):
            await query.edit_message_text(DONE, reply_markup=self._end, parse_mode=ParseMode.HTML)
            return FINISHED
        await query.edit_message_text(
            self._asked[len(answers)].text, reply_markup=self._card, parse_mode=ParseMode.HTML
        )
        return ASKING

    async def again(self, update: Update, context: ContextTypes.DEFAULT_TYPE) -> int:
        """The first card, in place of the last one."""
        query = update.callback_query
        assert isinstance(query, CallbackQuery)
        await query.answer()
        _data(context)["answers"] = {}
        await query.edit_message_text(
            self._asked[0].text, reply_markup=self._card, parse_mode=ParseMode.HTML
        )
        return ASKING

    def handler(self) -> ConversationHandler[Any]:
        start: BaseHandler[Any, Any, Any] = CommandHandler("start", self.start)
        return ConversationHandler(
            entry_points=[start],
            states={
                ASKING: [CallbackQueryHandler(self.answer, pattern=f"^({self._options})$")],
                FINISHED: [CallbackQueryHandler(self.again, pattern=f"^{AGAIN}$")],
            },
            fallbacks=[start],
            name="survey",
            persistent=True,
        )


def _data(context: ContextTypes.DEFAULT_TYPE) -> dict[Any, Any]:
    assert context.user_data is not None
    return context.user_data


def main(place: Place) -> None:
    logging.basicConfig(level=logging.WARNING)
    persistence = PicklePersistence(filepath=place.data / PICKLE)
    application = (
        Application.builder()
        .token(TOKEN)
        .base_url(f"{place.api}/bot")
        .persistence(persistence)
        .build()
    )
    application.add_handler(Survey(questions.read(place.data)).handler())
    application.run_webhook(
        listen="127.0.0.1",
        port=place.port,
        url_path=PATH,
        secret_token=SECRET,
        webhook_url=place.webhook,
        max_connections=100,
        allowed_updates=[Update.MESSAGE, Update.CALLBACK_QUERY],
    )


if __name__ == "__main__":
    main(read_place())
