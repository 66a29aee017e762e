"""Golden conversations of admins: content from a file or a reply, to a published edition and back.

Each file under ``admin_transcripts/`` is played against a real desk and a real database:

    > 7 say /content            somebody, by their Telegram id, writes
    > 7 press "Publish"         taps the newest button of that name
    > 7 press "Publish" of 3    … of the third message that they were shown
    > 7 sends lv.po: old -> new a file of the instrument “tiny”, with one text in it another
    > 7 sends lv.po of 3000000 bytes
    > 7 loses the role
    > all forget                Merilo was started anew: what was in memory only is gone

Rewrite all with --update-transcripts.
"""

import re
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from sqlalchemy import Engine

from bot.admin.chat import VERBS, AdminChat
from bot.admin.pages import ROOM, pages
from bot.admin.roles import CONTENT, OPERATOR, read_roles
from bot.admin.status import Standing
from bot.admin.turn import Turn, Upload
from bot.desk import announcing
from dialogs.types import Event, Pressed, Reply, Said, Sent
from storage.conversations import Address
from storage.writer import Writer
from tests.readers import populate
from tests.test_desk import Office
from tests.test_storage import TINY
from tests.test_transcripts import lines

FILES = sorted((Path(__file__).parent / "admin_transcripts").glob("*.txt"))
ROLES = "7:content+operator, 8:content, 9:operator"


async def standing() -> Standing:
    return Standing("0.1.0", 7325, 6, 41, 0, 1, 2, "sqlite", 1234)


class Hall:
    """Admins and others who write to one Merilo. ``shown``: every message that each of them saw."""

    def __init__(self, office: Office) -> None:
        self.office = office
        self.roles = read_roles(ROLES)
        self.shown: dict[int, list[Reply]] = {}
        self.updates = 0
        self.begin_anew()

    def begin_anew(self) -> None:
        self.admin = AdminChat(self.roles, self.office.desk, self.office.reception, standing)

    async def receive(self, who: int, event: Event, file: Upload | None = None) -> list[Reply]:
        self.updates += 1
        return await self.deliver(who, f"u{self.updates}", event, file)

    async def deliver(
        self, who: int, update: str, event: Event, file: Upload | None = None
    ) -> list[Reply]:
        address = Address("telegram", str(who))
        replies = await self._replies(Turn(address, update, event, "en", file))
        self.shown.setdefault(who, []).extend(replies)
        return replies

    async def _replies(self, turn: Turn) -> list[Reply]:
        if self.admin.concerns(turn.chat, turn.event):
            answer = await self.admin.answer(turn)
            if answer is not None:
                return [shown async for shown in answer]
        took = await self.office.reception.receive(turn.address, turn.update, turn.event, turn.hint)
        return list(took.replies)

    def token(self, who: int, label: str, message: int = 0) -> str:
        shown = self.shown[who]
        messages = [shown[message - 1]] if message else reversed(shown)
        tokens = (c.token for m in messages for row in m.choices for c in row if c.label == label)
        found = next(tokens, None)
        assert found, f"there is no button {label!r}"
        return found

    async def press(self, who: int, label: str, message: int = 0) -> list[Reply]:
        return await self.receive(who, Pressed(self.token(who, label, message)))

    async def say(self, who: int, text: str) -> list[Reply]:
        return await self.receive(who, Said(text))

    async def sends(
        self, who: int, name: str, content: bytes, caption: str = "tiny"
    ) -> list[Reply]:
        async def fetch() -> bytes:
            assert len(content) < 2_100_000, "too large a file is never fetched"
            return content

        return await self.receive(who, Sent("document"), Upload(name, len(content), caption, fetch))

    async def begun(self, who: int) -> None:
        """First contact, up to the first statement."""
        for token in ("start", "language:en", "agree:1", "begin:tiny"):
            await self.receive(who, Pressed(token))


@pytest.fixture
async def hall(database: Engine) -> AsyncIterator[Hall]:
    with Writer(database) as writer:
        yield Hall(Office(database, writer))


# --- Golden conversations ------------------------------------------------------------------------


@pytest.mark.parametrize("empty_database", ["sqlite"], indirect=True)
@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
async def test_transcript(path: Path, hall: Hall, request: pytest.FixtureRequest) -> None:
    written = path.read_text(encoding="utf-8")  # noqa: ASYNC240 - nobody else is served here
    played = "\n".join([line async for line in play(hall, written)]) + "\n"
    if request.config.getoption("--update-transcripts"):
        path.write_text(played, encoding="utf-8")  # noqa: ASYNC240
    else:
        assert played == written


async def play(hall: Hall, written: str) -> AsyncIterator[str]:
    for line in written.splitlines():
        if line.startswith("#"):
            yield line
        if not line.startswith(">"):
            continue
        yield ""
        yield line
        who, replies = await act(hall, line[1:].strip())
        for number, message in enumerate(replies, len(hall.shown.get(who, ())) - len(replies) + 1):
            yield f"< {who}: {number} {'in place' if message.replaces else 'new'}"
            for text in "\n".join(lines(message)).split("\n"):
                yield f"  {text}"


async def act(hall: Hall, action: str) -> tuple[int, list[Reply]]:
    if action == "all forget":
        hall.begin_anew()
        return 0, []
    number, action = action.split(" ", 1)
    who = int(number)
    if pressed := re.fullmatch(r'press "(.+?)"(?: of (\d+))?', action):
        return who, await hall.press(who, pressed[1], int(pressed[2] or 0))
    if said := re.fullmatch(r"say (.+)", action):
        return who, await hall.say(who, said[1])
    if sent := re.fullmatch(r"sends (\S+): (.+) -> (.+)", action):
        content = (TINY / sent[1]).read_text(encoding="utf-8")
        assert sent[2] in content
        return who, await hall.sends(who, sent[1], content.replace(sent[2], sent[3]).encode())
    if sent := re.fullmatch(r"sends (\S+) of (\d+) bytes", action):
        return who, await hall.sends(who, sent[1], b"x" * int(sent[2]))
    if action == "begins":
        await hall.begun(who)
        return who, hall.shown[who][-1:]
    assert action == "loses the role", action
    hall.roles.pop(who)
    return who, []


# --- What does not show in a conversation ---------------------------------------------------------


async def test_same_update_again__is_done_once_and_shown_once(hall: Hall) -> None:
    async def fetch() -> bytes:
        return (TINY / "lv.po").read_bytes()

    file = Upload("lv.po", 100, "tiny", fetch)
    first = await hall.deliver(7, "77", Sent("document"), file)
    assert [await hall.deliver(7, "77", Sent("document"), file), len(first)] == [[], 2]
    assert len(await hall.office.desk.log()) == 1


async def test_desk__leaves_everything_else_of_the_conversation_alone(hall: Hall) -> None:
    await hall.begun(7)
    await hall.press(7, "Fully agree")
    await hall.press(7, "Back")
    address = Address("telegram", "7")
    before = await hall.office.reception.standing(address, "en")
    await hall.say(7, "/edit title lv")
    during = await hall.office.reception.standing(address, "en")
    assert during.desk.startswith("text:tiny:lv:title:")
    await hall.press(7, "Leave it as it is")
    assert await hall.office.reception.standing(address, "en") == before
    assert before.cursor == "1.1"


async def test_draft_from_a_reply__is_that_of_the_same_file_sent(hall: Hall) -> None:
    """Whichever door a change comes through, it makes the same edition."""
    await hall.say(7, "/edit title lv")
    await hall.say(7, "Jauna pārbaude")
    written = (TINY / "lv.po").read_text().replace("Maza pārbaude", "Jauna pārbaude")
    await hall.sends(7, "lv.po", written.encode())
    drafts = [entry.after for entry in await hall.office.desk.log()]
    assert len(drafts) == 2
    assert len(set(drafts)) == 1


ARGUMENTS = {
    "editions": "tiny:0",
    "feedback": "tiny:0",
    "undo": "tiny:1:{digest}",
    "goundo": "tiny:1",
    "text": "tiny:lv:title",
    "drafts": "tiny",
    "announce": "tiny",
    "package": "tiny",
    "news": "1",
    "newstext": "1:lv",
    "newsgo": "1",
    "newsstop": "1",
    "list": "",
    "leave": "",
    "close": "",
    **dict.fromkeys(("report", "diff"), "draft1:0"),
    **dict.fromkeys(("preview", "publish", "go", "discard"), "draft1"),
}


@pytest.mark.parametrize("waiting", ["go:draft1:why", "goundo:tiny:1:x:why", "preview:draft1:en"])
async def test_restart_without_the_role__every_old_button_is_refused(
    hall: Hall, waiting: str
) -> None:
    """A role goes with the setting, and so with a restart; whatever was shown before does nothing then."""
    office = hall.office
    with office.engine.begin() as connection:
        populate(connection, 4, first=100)
    current = await office.published("Jauna pārbaude")
    await office.retitled("Liela pārbaude")
    await announcing.prepare(office.desk, "tiny")
    assert ARGUMENTS.keys() == VERBS.keys()
    hall.roles = read_roles("8:content")
    hall.begin_anew()
    before = await office.desk.log(), office.count("drafts"), office.title()
    tokens = [f"!{verb}:{given}".rstrip(":") for verb, given in ARGUMENTS.items()]
    for token in (*tokens, "=menu"):
        await office.reception.put_desk(Address("telegram", "7"), "en", waiting)
        pressed = Pressed(token.format(digest=current.digest[:12]))
        [refused, *_] = await hall.receive(7, pressed)
        assert "not among them" in str(refused.blocks), token
    assert (await office.desk.log(), office.count("drafts"), office.title()) == before
    offered = await announcing.look(office.desk, 1)
    assert offered.state == announcing.WRITTEN


@pytest.mark.parametrize("verb", ["list", "publish:draft0", "go:draft0", "undo:tiny:1:x", "zz:1:2"])
async def test_forged_button__of_somebody_without_a_role__does_nothing(
    hall: Hall, verb: str
) -> None:
    await hall.office.retitled("Jauna pārbaude")
    replies = await hall.receive(5, Pressed(f"!{verb}"))
    assert "not among them" in str(replies[0].blocks)
    assert hall.office.title() == "Maza pārbaude"


@pytest.mark.parametrize(
    "token",
    [
        *("!", "!list:1", "!report:nobody:0", "!report:draft0:-1", "!report:draft0:٣", "!diff:x:1"),
        *("!editions:nobody:0", "!editions:tiny:99999999", "!undo:tiny:9:x", "!undo:tiny:1:x"),
        *("!goundo:tiny:1", "!text:tiny:de:title", "!text:tiny:lv:9.9", "!text:none:lv:title"),
        *("!go:nobody", "!leave", "=menu", "=", "=a:draft1:1.1:1:full"),
    ],
)
async def test_odd_button__of_an_admin__gets_a_sentence_and_changes_nothing(
    hall: Hall, token: str
) -> None:
    await hall.office.retitled("Jauna pārbaude")
    replies = await hall.receive(7, Pressed(token))
    assert replies
    assert hall.office.title() == "Maza pārbaude"


def test_pages__long_rows__fit_a_message_and_none_is_lost() -> None:
    rows = pages(["x" * 5000, *("y" * 300 for _ in range(40))])
    assert all(sum(map(len, page)) <= ROOM for page in rows)
    assert sum(map(len, rows)) == 41


async def test_hostile_file__is_refused_in_a_sentence_and_nothing_is_kept(hall: Hall) -> None:
    shown = await hall.sends(7, "lv.zip", b"PK\x03\x04 this is no zip")
    assert "cannot be taken" in str(shown[-1].blocks)
    assert await hall.office.desk.log() == []


@pytest.mark.parametrize(
    "wrong", ["x:content", "7", "7:owner", "7:content+", "7:content, 7:operator", "-7:content"]
)
def test_roles__that_cannot_be_read__are_told(wrong: str) -> None:
    with pytest.raises(ValueError, match=r"."):
        read_roles(wrong)


def test_roles__as_they_are_written() -> None:
    found = read_roles(" 123456:content, 234567:operator,345678:content+operator ,")
    assert found == {123456: {CONTENT}, 234567: {OPERATOR}, 345678: {CONTENT, OPERATOR}}
