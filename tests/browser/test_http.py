"""The chat over HTTP, without a browser: the cookie, the headers, and what is refused."""

import hashlib
import json
from collections.abc import AsyncIterator
from typing import Any
from uuid import UUID, uuid4

import pytest
from aiohttp.test_utils import TestClient, TestServer

from bot.web.app import STATIC, web_app
from dialogs.types import Pressed, Said, Started
from tests.browser.scripted import Scripted

Client = TestClient[Any, Any]
SAID = {"kind": "said", "text": "здравей"}
HTTPS = {"X-Forwarded-Proto": "https, http"}


@pytest.fixture
def scripted() -> Scripted:
    return Scripted()


@pytest.fixture
async def client(scripted: Scripted) -> AsyncIterator[Client]:
    async with TestClient(TestServer(web_app(scripted.reception))) as client:
        yield client


def _update(event: object = SAID) -> dict[str, object]:
    return {"id": str(uuid4()), "event": event}


def _first(event: object) -> dict[str, object]:
    """The same under a number that is known beforehand: the tests are named after it."""
    return _update(event) | {"id": str(UUID(int=0))}


# --- What is taken ---------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("sent", "event"),
    [
        (SAID, Said("здравей")),
        ({"kind": "pressed", "token": "a:k1"}, Pressed("a:k1")),
        ({"kind": "started"}, Started()),
    ],
)
async def test_event__reaches_the_reception(
    client: Client, scripted: Scripted, sent: object, event: object
) -> None:
    update = _update(sent)

    response = await client.post("/chat", json=update, headers={"Accept-Language": "lv"})

    (told,) = scripted.told
    assert response.status == 200
    assert (told.event, told.update, told.hint) == (event, update["id"], "lv")


async def test_answer__has_language_words_and_replies(client: Client) -> None:
    answer = await (await client.get("/chat")).json()

    assert answer["language"] == "en"
    assert answer["interface"]["send"] == "Send"
    (reply,) = answer["replies"]
    assert reply["replaces"] is True
    assert reply["blocks"][1] == {"kind": "progress", "done": 1, "total": 4, "label": "1 of 35"}
    assert reply["choices"][0][0] == {
        "label": "Fully agree",
        "token": "a:k1:1.1:1:4",
        "answers": True,
    }
    assert reply["choices"][2][0]["answers"] is False


# --- The cookie ------------------------------------------------------------------------------


async def test_cookie__is_the_person_and_only_its_hash_goes_on(
    client: Client, scripted: Scripted
) -> None:
    key = (await client.get("/chat")).cookies["merilo"]

    await client.post("/chat", json=_update())

    assert len(key.value) == 32
    assert scripted.told[0].address.channel == "web"
    assert scripted.told[0].address.id == hashlib.sha256(key.value.encode()).hexdigest()


async def test_cookie__cannot_be_read_by_scripts_or_sent_from_elsewhere(client: Client) -> None:
    cookie = (await client.get("/chat")).cookies["merilo"]

    assert cookie["httponly"]
    assert not cookie["secure"]
    assert (cookie["samesite"], cookie["path"], cookie["domain"]) == ("Lax", "/", "")
    assert int(cookie["max-age"]) == 365 * 24 * 60 * 60


async def test_cookie__over_https_is_bound_to_this_host(client: Client) -> None:
    cookies = (await client.get("/chat", headers=HTTPS)).cookies

    assert list(cookies) == ["__Host-merilo"]
    assert cookies["__Host-merilo"]["secure"]


@pytest.mark.parametrize("value", ["", "short", "x" * 31 + "!", "x" * 4000])
async def test_cookie__that_is_not_ours_is_replaced(client: Client, value: str) -> None:
    response = await client.get("/chat", cookies={"merilo": value})

    assert response.cookies["merilo"].value != value


async def test_page__sets_no_cookie(client: Client) -> None:
    assert not (await client.get("/")).cookies


# --- What is refused -------------------------------------------------------------------------


@pytest.mark.parametrize(
    "body",
    [
        "",
        "{",
        "[]",
        "7",
        "[" * 9000,
        '"\xff"',
        json.dumps({"event": SAID}),
        json.dumps({"id": "1", "event": SAID}),
        json.dumps({"id": 1, "event": SAID}),
        json.dumps(_first(None)),
        json.dumps(_first({"kind": "said"})),
        json.dumps(_first({"kind": "said", "text": 7})),
        json.dumps(_first({"kind": "said", "text": "\0"})),
        json.dumps(_first({"kind": "said", "text": "\ud800"})),
        json.dumps(_first({"kind": "erased"})),
        json.dumps(_first({"kind": "pressed", "token": None})),
    ],
)
async def test_malformed_body__is_refused(client: Client, scripted: Scripted, body: str) -> None:
    response = await client.post(
        "/chat", data=body.encode("latin-1"), headers={"Content-Type": "application/json"}
    )

    assert response.status == 400
    assert (await response.json())["error"]["code"] == "malformed"
    assert scripted.told == []


@pytest.mark.parametrize(
    "headers",
    [
        {"Origin": "https://evil.example"},
        {"Origin": "null"},
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},
    ],
)
async def test_other_site__is_refused(
    client: Client, scripted: Scripted, headers: dict[str, str]
) -> None:
    response = await client.post("/chat", json=_update(), headers=headers)

    assert response.status == 403
    assert (await response.json())["error"]["code"] == "cross_site"
    assert scripted.told == []


async def test_own_page__is_taken_with_and_without_fetch_metadata(client: Client) -> None:
    own = f"http://{client.host}:{client.port}"
    for headers in (
        {"Origin": own},
        {"Origin": own, "Sec-Fetch-Site": "same-origin"},
        # Behind a proxy that sends its own Host on, the browser's word is still good.
        {"Origin": "https://merilo.example", "Sec-Fetch-Site": "same-origin"},
    ):
        assert (await client.post("/chat", json=_update(), headers=headers)).status == 200


async def test_long_body__is_refused_whatever_length_it_claims(client: Client) -> None:
    async def body() -> AsyncIterator[bytes]:
        yield b" " * 10_000
        yield b" " * 10_000

    response = await client.post("/chat", data=body(), headers={"Content-Type": "application/json"})

    assert response.status == 413
    assert (await response.json())["error"]["code"] == "too_long"


async def test_form__is_refused(client: Client) -> None:
    response = await client.post("/chat", data={"id": "1"})

    assert response.status == 415
    assert (await response.json())["error"]["code"] == "not_json"


async def test_not_saved__is_said(client: Client, scripted: Scripted) -> None:
    scripted.refuse = 1

    response = await client.post("/chat", json=_update())

    assert response.status == 503
    error = (await response.json())["error"]
    assert error["code"] == "not_saved"
    assert "try again" in error["message"]


# --- Headers and files -----------------------------------------------------------------------


@pytest.mark.parametrize("path", ["/", "/chat", "/static/chat.js", "/nowhere"])
async def test_headers__protect_every_response(client: Client, path: str) -> None:
    headers = (await client.get(path)).headers

    policy = headers["Content-Security-Policy"]
    assert policy.startswith("default-src 'none'; script-src 'self';")
    assert "unsafe" not in policy
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Referrer-Policy"] == "no-referrer"
    assert "aiohttp" not in headers["Server"]


async def test_caching__chat_never_and_files_only_by_their_etag(client: Client) -> None:
    chat, script = await client.get("/chat"), await client.get("/static/chat.js")
    again = await client.get("/static/chat.js", headers={"If-None-Match": script.headers["ETag"]})

    assert chat.headers["Cache-Control"] == "no-store"
    assert script.headers["Cache-Control"] == "no-cache"
    assert script.content_type.endswith("/javascript")
    assert again.status == 304


@pytest.mark.parametrize("path", ["/static/", "/static/../app.py", "/static/%2e%2e/app.py"])
async def test_files__are_ours_only(client: Client, path: str) -> None:
    assert (await client.get(path)).status in (403, 404)


def test_files__are_light() -> None:
    assert sum(file.stat().st_size for file in STATIC.iterdir()) < 60_000
