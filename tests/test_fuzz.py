"""Whatever comes in, nothing is unhandled. ``fuzz`` says how many examples: see ``tests.sizes``."""

import json
from collections.abc import AsyncIterator, Iterator
from contextlib import suppress
from typing import Any, cast

import pytest
from aiohttp.test_utils import TestClient, TestServer
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import Engine
from telegram import Bot

from bot.telegram.face import TelegramFace
from bot.telegram.updates import NotAnUpdate
from bot.telegram.webhook import HEADER, PATH, Webhook, add_webhook
from bot.web.app import web_app
from bot.web.events import Malformed, read_update
from dialogs.presses import VERBS
from storage.conversations import Address
from storage.writer import Writer
from tests.servers import SECRET
from tests.sizes import size
from tests.test_storage import Desk

EXAMPLES = size("fuzz", short=150, full=100_000)
FUZZ = settings(
    max_examples=EXAMPLES,
    deadline=None,
    database=None,
    suppress_health_check=list(HealthCheck),
)
SQLITE_ONLY = pytest.mark.parametrize("empty_database", ["sqlite"], indirect=True)

json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner),
    max_leaves=8,
)
words = st.sampled_from(
    ["code3", "code5", "1.1", "2.1", "1", "full", "tiny", "en", "bg", "", "9" * 70]
)
tokens = st.builds(
    lambda stays, verb, given: stays + ":".join([verb, *given]),
    st.sampled_from(["", "+"]),
    st.sampled_from(sorted(VERBS)) | st.text(max_size=5),
    st.lists(words | st.text(max_size=10), max_size=5),
)
commands = st.sampled_from(
    ["/start", "/menu", "/review", "/cancel", "/privacy", "/help@x", "/", "1"]
)
texts = st.text(max_size=80) | commands | st.text(min_size=4000, max_size=4100)
people = st.integers(min_value=1, max_value=3)


def chat(number: int, kind: str = "private") -> dict[str, Any]:
    return {"id": number, "type": kind}


def sender(number: int) -> dict[str, Any]:
    return {"id": number, "is_bot": False, "language_code": "lv"}


def message(number: int, kind: str, content: dict[str, Any]) -> dict[str, Any]:
    return {"message_id": 5, "chat": chat(number, kind), "from": sender(number), **content}


contents = st.fixed_dictionaries({"text": texts}) | st.sampled_from(
    [{"photo": []}, {"voice": {}}, {}]
)
messages = st.builds(message, people, st.sampled_from(["private", "private", "group"]), contents)
taps = st.builds(
    lambda number, data: {
        "id": "7",
        "from": sender(number),
        "message": message(number, "private", {}),
        "data": data,
    },
    people,
    tokens,
)
kinds = st.fixed_dictionaries({"message": messages}) | st.fixed_dictionaries(
    {"callback_query": taps}
)
right = st.builds(lambda id_, kind: {"update_id": id_, **kind}, st.integers(0, 10**9), kinds)


@st.composite
def damaged(draw: st.DrawFn) -> Any:
    """A right update with something else in one place."""
    update = json.loads(json.dumps(draw(right)))
    where = update
    while isinstance(where, dict) and where:
        name = draw(st.sampled_from(sorted(where)))
        if draw(st.booleans()) or not isinstance(where[name], dict) or not where[name]:
            where[name] = draw(json_values)
            break
        where = where[name]
    return update


kicked = st.builds(lambda v: {"update_id": 1, "my_chat_member": v}, json_values)
updates = right | damaged() | kicked | json_values


class Deaf:
    """A Bot whose every call goes well, and which nobody hears."""

    base_url = "https://unused.invalid"
    link = "https://t.me/unused"

    @property
    def request(self) -> "Deaf":
        return self

    async def post(self, *_: object, **__: object) -> bool:
        return True

    async def send(self, url: str, *_: object) -> tuple[int, bytes]:
        sent = b'{"photo":[{"file_id":"AAA"}]}' if url.endswith("sendPhoto") else b"true"
        return 200, b'{"ok":true,"result":' + sent + b"}"

    async def send_document(self, *_: object, **__: object) -> bool:
        return True


@pytest.fixture
def desk(database: Engine) -> Iterator[Desk]:
    with Writer(database) as writer:
        yield Desk(database, writer)


@pytest.fixture
async def face(desk: Desk) -> TelegramFace:
    """Two of the three people are under way; the third is a stranger."""
    for number in ("1", "2"):
        await desk.begun(Address("telegram", number))
    return TelegramFace(cast(Bot, Deaf()), desk.reception)


@pytest.fixture
async def client(desk: Desk, face: TelegramFace) -> AsyncIterator[TestClient[Any, Any]]:
    app = web_app(desk.reception)
    add_webhook(app, Webhook(face, SECRET))
    async with TestClient(TestServer(app)) as client:
        yield client


@SQLITE_ONLY
@FUZZ
@given(st.lists(updates, min_size=1, max_size=8))
async def test_updates__are_handled_or_refused(
    face: TelegramFace, caplog: pytest.LogCaptureFixture, coming: list[Any]
) -> None:
    for update in coming:
        try:
            received = await face.receive(update)
        except NotAnUpdate:
            continue
        await received.settle()
    faults = [record for record in caplog.records if record.levelname in {"ERROR", "CRITICAL"}]
    assert [record.getMessage() for record in faults] == []


events = st.fixed_dictionaries(
    {
        "id": st.uuids().map(str),
        "event": st.fixed_dictionaries({"kind": st.just("said"), "text": texts}),
    }
)
bodies = (
    st.binary()
    | json_values.map(lambda v: json.dumps(v).encode())
    | events.map(lambda v: json.dumps(v).encode())
)


@FUZZ
@given(bodies)
def test_bodies__are_events_or_malformed(body: bytes) -> None:
    with suppress(Malformed):
        read_update(body)


headers = st.dictionaries(
    st.sampled_from(
        ["Origin", "Sec-Fetch-Site", "Accept-Language", "Cookie", HEADER, "X-Forwarded-Proto"]
    ),
    st.text(st.characters(min_codepoint=32, max_codepoint=126), max_size=40) | st.just(SECRET),
)
paths = st.sampled_from(
    ["/chat", PATH, "/documents/export", "/documents/%00", "/results/x", "/static/x", "/"]
)


@SQLITE_ONLY
@FUZZ
@given(st.sampled_from(["GET", "POST", "PUT"]), paths, headers, bodies)
async def test_requests__are_answered_or_refused(
    client: TestClient[Any, Any], method: str, path: str, sent: dict[str, str], body: bytes
) -> None:
    named = {"Content-Type": "application/json", **sent}
    async with client.request(method, path, headers=named, data=body) as response:
        await response.read()
        assert response.status < 500
