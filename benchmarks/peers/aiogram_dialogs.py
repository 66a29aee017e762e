"""C. aiogram-dialog 2 on aiogram 3: windows and widgets; answers as in B.

After its documentation: "Quickstart", "Select", "Group", "Passing data". It edits the message and
answers the tap by itself.
"""

from typing import Any

from aiogram import Dispatcher
from aiogram.filters import CommandStart
from aiogram.fsm.state import State, StatesGroup
from aiogram.fsm.storage.memory import MemoryStorage
from aiogram.types import CallbackQuery, Message
from aiogram_dialog import Dialog, DialogManager, StartMode, Window, setup_dialogs
from aiogram_dialog.widgets.kbd import Button, Group, Row, Select
from aiogram_dialog.widgets.text import Const, Format
from sqlalchemy.ext.asyncio import async_sessionmaker

from benchmarks.peers import questions
from benchmarks.peers.answers import SessionOfUpdate, keep, open_engine
from benchmarks.peers.place import Place, read_place
from benchmarks.peers.questions import AGAIN, DONE, START_AGAIN, TOOLS, Questions
from benchmarks.peers.serving import serve


class Survey(StatesGroup):
    asking = State()
    finished = State()


def survey(asked: Questions) -> Dialog:
    """The conversation: two windows."""

    async def shown(dialog_manager: DialogManager, **_: Any) -> dict[str, Any]:
        place = dialog_manager.dialog_data.get("place", 0)
        return {"card": asked.asked[place].text, "options": asked.options}

    async def answer(
        query: CallbackQuery, _select: Any, manager: DialogManager, option: str
    ) -> None:
        place = manager.dialog_data.get("place", 0)
        session = manager.middleware_data["session"]
        await keep(session, query.from_user.id, asked.asked[place].id, option)
        if place + 1 == len(asked.asked):
            await manager.switch_to(Survey.finished)
        else:
            manager.dialog_data["place"] = place + 1

    async def again(_query: CallbackQuery, _button: Button, manager: DialogManager) -> None:
        manager.dialog_data["place"] = 0
        await manager.switch_to(Survey.asking)

    scale: Select[str] = Select(
        Format("{item[1]}"),
        id="scale",
        item_id_getter=lambda option: option[0],
        items="options",
        on_click=answer,
    )
    tools = [Row(*(Button(Const(label), id=id_) for label, id_ in row)) for row in TOOLS]
    return Dialog(
        Window(Format("{card}"), Group(scale, width=2), *tools, state=Survey.asking, getter=shown),
        Window(
            Const(DONE),
            Button(Const(START_AGAIN), id=AGAIN, on_click=again),
            state=Survey.finished,
        ),
    )


async def start(_message: Message, dialog_manager: DialogManager) -> None:
    await dialog_manager.start(Survey.asking, mode=StartMode.RESET_STACK)


def main(place: Place) -> None:
    engine = open_engine(place.data)
    dispatcher = Dispatcher(storage=MemoryStorage())
    sessions = async_sessionmaker(engine, expire_on_commit=False)
    dispatcher.callback_query.middleware(SessionOfUpdate(sessions))
    dispatcher.message.register(start, CommandStart())
    dispatcher.include_router(survey(questions.read(place.data)))
    setup_dialogs(dispatcher)
    serve(place, dispatcher, engine)


if __name__ == "__main__":
    main(read_place())
