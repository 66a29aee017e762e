"""B. aiogram 3: its state machine, and SQLAlchemy's asyncio extension for the answers.

After aiogram's documentation: "Finite State Machine", "Callback Data Factory", "Middlewares". The
states are in MemoryStorage, the fastest storage that comes with aiogram; the others need a server.

With ``--inline`` a tap is answered in the response to the webhook ("As reply into Webhook in
handler"), which saves one call of two. For that the response has to wait for the handler.
"""

from collections.abc import Awaitable, Callable
from typing import Any

from aiogram import Dispatcher, F, Router
from aiogram.filters import CommandStart
from aiogram.filters.callback_data import CallbackData
from aiogram.fsm.context import FSMContext
from aiogram.fsm.state import State, StatesGroup
from aiogram.fsm.storage.memory import MemoryStorage
from aiogram.methods import AnswerCallbackQuery
from aiogram.types import CallbackQuery, InlineKeyboardMarkup, Message, ReplyKeyboardMarkup
from aiogram.utils.keyboard import InlineKeyboardBuilder
from sqlalchemy.ext.asyncio import AsyncSession, async_sessionmaker

from benchmarks.peers import questions
from benchmarks.peers.answers import SessionOfUpdate, keep, open_engine
from benchmarks.peers.place import Place, read_place
from benchmarks.peers.questions import AGAIN, DONE, START_AGAIN, TOOLS, Questions
from benchmarks.peers.serving import serve

Keyboard = InlineKeyboardMarkup | ReplyKeyboardMarkup
"""What a builder says that it makes."""
Show = Callable[[CallbackQuery, str, Keyboard], Awaitable[AnswerCallbackQuery | None]]
"""Edits the card; what it returns, aiogram sends."""


class Survey(StatesGroup):
    asking = State()
    finished = State()


class Tap(CallbackData, prefix="answer"):
    option: str


def card_keyboard(asked: Questions) -> Keyboard:
    builder = InlineKeyboardBuilder()
    for option, label in asked.options:
        builder.button(text=label, callback_data=Tap(option=option))
    for row in TOOLS:
        for label, data in row:
            builder.button(text=label, callback_data=data)
    return builder.adjust(2).as_markup()


def end_keyboard() -> Keyboard:
    return InlineKeyboardBuilder().button(text=START_AGAIN, callback_data=AGAIN).as_markup()


def survey(asked: Questions, show: Show) -> Router:
    """The conversation."""
    router = Router()
    card, end = card_keyboard(asked), end_keyboard()

    @router.message(CommandStart())
    async def start(message: Message, state: FSMContext) -> None:
        await state.set_state(Survey.asking)
        await state.set_data({"place": 0})
        await message.answer(asked.asked[0].text, reply_markup=card)

    @router.callback_query(Survey.asking, Tap.filter())
    async def answer(
        query: CallbackQuery, callback_data: Tap, state: FSMContext, session: AsyncSession
    ) -> AnswerCallbackQuery | None:
        place = (await state.get_data())["place"]
        await keep(session, query.from_user.id, asked.asked[place].id, callback_data.option)
        if place + 1 == len(asked.asked):
            await state.set_state(Survey.finished)
            return await show(query, DONE, end)
        await state.update_data(place=place + 1)
        return await show(query, asked.asked[place + 1].text, card)

    @router.callback_query(Survey.finished, F.data == AGAIN)
    async def again(query: CallbackQuery, state: FSMContext) -> AnswerCallbackQuery | None:
        await state.set_state(Survey.asking)
        await state.set_data({"place": 0})
        return await show(query, asked.asked[0].text, card)

    return router


async def show_by_two_calls(query: CallbackQuery, text: str, keyboard: Any) -> None:
    assert isinstance(query.message, Message)
    await query.message.edit_text(text, reply_markup=keyboard)
    await query.answer()


async def show_and_reply(query: CallbackQuery, text: str, keyboard: Any) -> AnswerCallbackQuery:
    assert isinstance(query.message, Message)
    await query.message.edit_text(text, reply_markup=keyboard)
    return query.answer()


def main(place: Place) -> None:
    engine = open_engine(place.data)
    dispatcher = Dispatcher(storage=MemoryStorage())
    sessions = async_sessionmaker(engine, expire_on_commit=False)
    dispatcher.callback_query.middleware(SessionOfUpdate(sessions))
    show = show_and_reply if place.inline else show_by_two_calls
    dispatcher.include_router(survey(questions.read(place.data), show))
    serve(place, dispatcher, engine)


if __name__ == "__main__":
    main(read_place())
