"""One event of an admin: what it is worked on with."""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from functools import cached_property

from bot.admin import cards
from bot.admin.previews import Previews
from bot.desk import ContentDesk
from bot.reception import Address, Reception
from dialogs.types import Choice, Reply, State
from locales import Words, words_in


@dataclass
class Business:
    desk: ContentDesk
    reception: Reception
    previews: Previews
    address: Address
    state: State
    hint: str

    @cached_property
    def words(self) -> Words:
        return words_in(self.state.language)

    @property
    def who(self) -> str:
        """As the log knows them."""
        return f"telegram:{self.address.id}"

    @property
    def chat(self) -> int:
        return int(self.address.id)

    @property
    def waiting(self) -> list[str]:
        """The verb that the desk waits with, and its arguments; the last may hold colons."""
        verb, *rest = self.state.desk.split(":", 1)
        return [verb, *(rest[0].split(":", ARGUMENTS.get(verb, 1) - 1) if rest else [])]

    async def put(self, desk: str) -> None:
        """Remember what the admin is in the middle of; empty for nothing."""
        await self.reception.put_desk(self.address, self.hint, desk)

    def told(self, sentence: str, *rows: list[Choice]) -> Reply:
        return cards.told(self.words, sentence, *rows)

    async def open_card(self) -> AsyncIterator[Reply]:
        """The question that waits for this person's own answer, where there is one."""
        card = await self.reception.open_question(self.address)
        if card:
            yield card


ARGUMENTS = {"why": 1, "go": 2, "undo": 3, "goundo": 4, "text": 4, "preview": 2, "news": 2}
"""How many arguments follow each verb in ``State.desk``."""
