"""An old assessment goes only after its owner was told, a fortnight ahead: on both databases."""

from collections.abc import Iterator
from datetime import datetime, timedelta

import pytest
from sqlalchemy import Engine, select

from bot.due import Outcome, Pushed
from dialogs.retention import ANNOUNCED, NOTICE
from dialogs.scenes.welcome import UNFINISHED_MONTHS
from dialogs.types import Reply
from locales import LANGUAGES
from storage.conversations import Address
from storage.housekeeping import MONTH, tidy_up
from storage.tables import due
from storage.writer import Writer
from tests.chat import NOON
from tests.test_due import ANNA, WEB, FakeFace, everything_sent
from tests.test_storage import Desk

OLD = NOON + UNFINISHED_MONTHS * MONTH
"""When an assessment that is answered at noon and then left alone is past its time."""

AHEAD = OLD - timedelta(days=13)
HOUR = timedelta(hours=1)


class Telling(FakeFace):
    """Takes any message, as Telegram does."""

    async def push(self, address: Address, message: Reply) -> Pushed:
        self.pushed.append((address.id, str(message.blocks)))
        return self.outcomes.pop(0) if self.outcomes else Pushed(Outcome.SENT)


@pytest.fixture
def desk(database: Engine) -> Iterator[Desk]:
    with Writer(database) as writer:
        yield Desk(database, writer)


async def answered(desk: Desk, who: Address) -> None:
    card = await desk.begun(who)
    await desk.press(who, "Fully agree", card)


def tidied(desk: Desk, now: datetime) -> int:
    """An hourly round at that time; how many assessments went."""
    desk.now = now
    with desk.engine.begin() as connection:
        return tidy_up(connection, now)


def announcements(desk: Desk) -> int:
    with desk.engine.connect() as connection:
        return len(connection.execute(select(due).where(due.c.kind == ANNOUNCED)).all())


async def test_old_assessment__is_announced_once_and_goes_a_fortnight_later(desk: Desk) -> None:
    face = Telling()
    await answered(desk, ANNA)
    assert tidied(desk, AHEAD - timedelta(days=2)) == announcements(desk) == 0
    for hours in range(3):
        assert tidied(desk, AHEAD + hours * HOUR) == 0
        await everything_sent(desk, face=face)
    assert len(face.texts) == 1
    assert tidied(desk, OLD + HOUR) == 0, "it was told less than a fortnight ago"
    assert tidied(desk, AHEAD + NOTICE + HOUR) == 1
    assert [desk.count(table) for table in ("assessments", "answers")] == [0, 0]
    tidied(desk, AHEAD + NOTICE + 2 * HOUR)
    assert announcements(desk) == 0


async def test_answer_after_the_announcement__keeps_it_and_it_is_announced_anew(desk: Desk) -> None:
    face = Telling()
    await answered(desk, ANNA)
    tidied(desk, AHEAD)
    await everything_sent(desk, face=face)
    await desk.send(ANNA, "a:code3:1.2:1:full")
    assert tidied(desk, AHEAD + NOTICE + HOUR) == 0
    again = AHEAD + UNFINISHED_MONTHS * MONTH - timedelta(days=13)
    assert tidied(desk, again) == 0
    await everything_sent(desk, face=face)
    assert len(face.texts) == 2
    assert tidied(desk, again + NOTICE + HOUR) == 1


async def test_nobody_to_tell__it_goes_when_the_announcement_has_waited_as_long(
    desk: Desk,
) -> None:
    """Somebody has blocked us, and somebody does not come back to their browser."""
    await answered(desk, ANNA)
    await answered(desk, WEB)
    await desk.reception.mark_blocked(ANNA)
    face = Telling()
    assert tidied(desk, AHEAD) == 0
    await everything_sent(desk, face=face)
    assert face.texts == []
    assert tidied(desk, OLD + HOUR) == 0
    assert tidied(desk, AHEAD + NOTICE + HOUR) == 2


async def test_telegram_down_for_weeks__nothing_goes_unannounced(desk: Desk) -> None:
    await answered(desk, ANNA)
    tidied(desk, AHEAD)
    await everything_sent(desk, face=Telling(outcomes=[Pushed(Outcome.FAILED)]))
    assert tidied(desk, AHEAD + 2 * NOTICE) == 0


async def test_browser__is_told_at_the_next_visit(desk: Desk) -> None:
    await answered(desk, WEB)
    tidied(desk, AHEAD)
    visit = await desk.reception.look(WEB, "en")
    assert "will be deleted after" in str(visit.replies[0])
    assert len((await desk.reception.look(WEB, "en")).replies) == 1
    assert tidied(desk, AHEAD + NOTICE + HOUR) == 1


@pytest.mark.parametrize("language", LANGUAGES)
async def test_announcement__reads_well_and_its_buttons_lead_on(desk: Desk, language: str) -> None:
    await answered(desk, WEB)
    await desk.send(WEB, f"language:{language}")
    tidied(desk, AHEAD)
    told, _ = (await desk.reception.look(WEB, "en")).replies
    assert not told.replaces
    tokens = [choice.token for row in told.choices for choice in row]
    assert tokens == ["+resume:code3", "+export"]
    card = await desk.send(WEB, tokens[0])
    assert "1.2" in str(card.blocks)
