"""The table of answers of the two bots on aiogram: SQLAlchemy's asyncio extension on aiosqlite.

One connection: SQLite has one writer, and connections that wait for its lock by asking again and
again are slower, and leave some waiting for long.
"""

from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

from aiogram import BaseMiddleware
from aiogram.types import TelegramObject
from sqlalchemy import BigInteger, event
from sqlalchemy.dialects.sqlite import insert
from sqlalchemy.ext.asyncio import (
    AsyncEngine,
    AsyncSession,
    async_sessionmaker,
    create_async_engine,
)
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

from benchmarks.peers.place import DATABASE


class Base(DeclarativeBase):
    pass


class Answer(Base):
    __tablename__ = "answers"

    chat: Mapped[int] = mapped_column(BigInteger, primary_key=True)
    statement: Mapped[str] = mapped_column(primary_key=True)
    option: Mapped[str]


class SessionOfUpdate(BaseMiddleware):
    """A session for each update, as aiogram's documentation on middlewares has it."""

    def __init__(self, sessions: async_sessionmaker[AsyncSession]) -> None:
        self._sessions = sessions

    async def __call__(
        self,
        handler: Callable[[TelegramObject, dict[str, Any]], Awaitable[Any]],
        event: TelegramObject,
        data: dict[str, Any],
    ) -> Any:
        async with self._sessions() as session:
            data["session"] = session
            return await handler(event, data)


def open_engine(folder: Path) -> AsyncEngine:
    """At the settings that Merilo has: nothing that was acknowledged is lost."""
    engine = create_async_engine(
        f"sqlite+aiosqlite:///{folder / DATABASE}", pool_size=1, max_overflow=0, pool_timeout=60
    )
    event.listen(engine.sync_engine, "connect", _set_up)
    return engine


def _set_up(connection: Any, _record: object) -> None:
    cursor = connection.cursor()
    cursor.execute("PRAGMA journal_mode=WAL")
    cursor.execute("PRAGMA synchronous=FULL")
    cursor.close()


async def create_tables(engine: AsyncEngine) -> None:
    async with engine.begin() as connection:
        await connection.run_sync(Base.metadata.create_all)


async def keep(session: AsyncSession, chat: int, statement: str, option: str) -> None:
    """One answer, committed."""
    values = {"chat": chat, "statement": statement, "option": option}
    new = insert(Answer).values(values)
    await session.execute(
        new.on_conflict_do_update(
            index_elements=[Answer.chat, Answer.statement], set_={"option": option}
        )
    )
    await session.commit()
