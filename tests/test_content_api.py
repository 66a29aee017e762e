"""The content API over HTTP, as a program meets it."""

import asyncio
import io
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import aiohttp
import pytest
from sqlalchemy import Engine, text

from bot.app import running
from bot.keyring import keys_at_hand
from bot.settings import Settings
from locales import LANGUAGES, catalogue_path
from storage import announcements, api_tokens
from storage.database import open_database
from tests.readers import populate
from tests.servers import settings_for

API = "/api/v1/content"
NOW = datetime.now(UTC)
EVERYTHING = api_tokens.SCOPES
INSTRUMENT = "social-media"
LATVIAN = "Sociālie mediji karjeras atbalstā"
PO = catalogue_path("lv", INSTRUMENT).read_bytes()


@dataclass
class Server:
    """Merilo, serving, seen by somebody who holds tokens and can look into its database."""

    address: str
    engine: Engine
    http: aiohttp.ClientSession

    def token(self, *scopes: str, name: str = "riga", days: int = 1) -> str:
        with self.engine.begin() as connection:
            made = (connection, name, scopes or EVERYTHING, NOW, NOW + timedelta(days=days))
            return api_tokens.make(*made)

    async def ask(
        self, method: str, path: str, token: str = "", **options: Any
    ) -> tuple[int, Any, Any]:
        """Status, body (of JSON) and headers."""
        headers = {"Authorization": f"Bearer {token}"} if token else {}
        headers |= options.pop("headers", {})
        async with self.http.request(
            method, f"{self.address}{API}{path}", headers=headers, **options
        ) as response:
            is_json = response.content_type == "application/json"
            body = await response.json() if is_json else await response.read()
            return response.status, body, response.headers

    def state(self) -> list[Any]:
        return state_of(self.engine)


def state_of(engine: Engine) -> list[Any]:
    """All of the content that is live, to the byte."""
    with engine.connect() as connection:
        rows = connection.execute(text("SELECT * FROM editions ORDER BY id")).all()
        return [*rows, *connection.execute(text("SELECT * FROM current_editions")).all()]


@asynccontextmanager
async def serving(settings: Settings) -> AsyncIterator[Server]:
    async with running(settings) as (address, _), aiohttp.ClientSession() as http:
        engine = open_database(settings.database, keys_at_hand(settings))
        yield Server(address, engine, http)
        engine.dispose()


@pytest.fixture
async def server(data_folder: Path) -> AsyncIterator[Server]:
    async with serving(settings_for(None, data_folder)) as server:
        yield server


def retitled(title: str) -> bytes:
    changed = PO.replace(LATVIAN.encode(), title.encode())
    assert changed != PO
    return changed


AS_PO = {"Content-Type": "text/x-gettext-translation"}
NAMED = f"?instrument={INSTRUMENT}&name=lv.po"


async def drafted(server: Server, token: str, title: str, **headers: str) -> str:
    """Hand in a changed catalogue; the draft's id."""
    status, body, _ = await server.ask(
        "POST", f"/drafts{NAMED}", token, data=retitled(title), headers={**AS_PO, **headers}
    )
    assert status == 201, body
    assert body["problems"] == []
    return str(body["id"])


async def current(server: Server, token: str) -> str:
    """The tag of the current edition."""
    _, _, headers = await server.ask("GET", f"/instruments/{INSTRUMENT}/editions", token)
    return str(headers["ETag"])


# --- The whole way -------------------------------------------------------------------------------


async def test_correction__from_upload_to_undo(server: Server) -> None:
    token = server.token()
    tag = await current(server, token)
    id_ = await drafted(server, token, "Sociālie tīkli")
    _, report, _ = await server.ask("GET", f"/drafts/{id_}", token)
    assert (report["instrument"], report["who"]) == (INSTRUMENT, "token:riga")
    assert f'"{report["base"]}"' == tag
    _, difference, _ = await server.ask("GET", f"/drafts/{id_}/difference", token)
    assert difference["counts"] == {"lv": {"changed": 1}}
    assert difference["texts"][0]["new"] == "Sociālie tīkli"
    _, impact, _ = await server.ask("GET", f"/drafts/{id_}/impact", token)
    assert impact == {"assessments": 0, "asked_again": 0, "retired": 0, "carried": 0}

    status, published, headers = await server.ask(
        "POST", f"/drafts/{id_}/publish", token, json={"why": "shorter"}, headers={"If-Match": tag}
    )
    assert (status, published["number"], published["current"]) == (200, 2, True)
    assert headers["ETag"] == f'"{report["digest"]}"'
    status, undone, _ = await server.ask(
        "POST",
        f"/instruments/{INSTRUMENT}/undo",
        token,
        json={"edition": 1, "why": "it was right before"},
        headers={"If-Match": headers["ETag"]},
    )
    assert (status, undone["number"]) == (200, 1)
    _, log, _ = await server.ask("GET", f"/instruments/{INSTRUMENT}/log?limit=3", token)
    told = [(one["what"], one["who"], one["why"]) for one in log["entries"]]
    assert told == [
        ("undo", "token:riga", "it was right before"),
        ("publish", "token:riga", "shorter"),
        ("draft", "token:riga", id_),
    ]
    _, listed, _ = await server.ask("GET", "/instruments", token)
    assert listed["instruments"][0]["id"] == "occay"


async def test_package__exported_and_handed_in_again__is_no_difference(server: Server) -> None:
    token = server.token()
    status, package, headers = await server.ask("GET", f"/instruments/{INSTRUMENT}/package", token)
    assert (status, headers["Content-Type"]) == (200, "application/zip")
    form = aiohttp.FormData()
    form.add_field("file", package, filename="social-media.zip", content_type="application/zip")
    status, draft, place = await server.ask("POST", "/drafts", token, data=form)
    assert (status, draft["no_difference"]) == (201, True)
    assert place["Location"] == f"{API}/drafts/{draft['id']}"
    status, body, _ = await server.ask(
        "POST",
        f"/drafts/{draft['id']}/publish",
        token,
        json={},
        headers={"If-Match": await current(server, token)},
    )
    assert (status, body["error"]["code"]) == (409, "no_difference")


async def test_discarded__is_gone(server: Server) -> None:
    token = server.token()
    id_ = await drafted(server, token, "Sociālie tīkli")
    assert (await server.ask("DELETE", f"/drafts/{id_}", token))[0] == 204
    status, body, _ = await server.ask("GET", f"/drafts/{id_}", token)
    assert (status, body["error"]["code"]) == (404, "not_found")


async def test_announcement__offered_begun_looked_at_and_stopped(server: Server) -> None:
    token, path = server.token(), f"/instruments/{INSTRUMENT}/announcement"
    tag = await current(server, token)
    with server.engine.begin() as connection:
        populate(connection, 4)
    _, offered, _ = await server.ask("GET", path, token)
    assert (offered["id"], offered["state"], offered["readers"]) == (None, "written", 3)
    asked = {
        "json": {"texts": {"lv": "Jaunums"}},
        "headers": {"If-Match": tag, "Idempotency-Key": "k"},
    }
    status, begun, _ = await server.ask("POST", path, token, **asked)
    assert (status, begun["edition"], f'"{begun["digest"]}"') == (200, 1, tag)
    assert begun["texts"] == {**offered["texts"], "lv": "Jaunums"}
    status, replayed, headers = await server.ask("POST", path, token, **asked)
    assert (status, replayed, headers["Idempotency-Replayed"]) == (200, begun, "true")
    place = f"/announcements/{begun['id']}"
    async with asyncio.timeout(20):
        while (await server.ask("GET", place, token))[1]["state"] == "preparing":  # noqa: ASYNC110
            await asyncio.sleep(0.2)
    _, standing, _ = await server.ask("GET", place, token)
    assert (standing["sent"], standing["left"], standing["state"]) == (0, 3, "sending")
    for _ in range(2):
        status, stopped, _ = await server.ask("POST", f"{place}/stop", token)
        assert (status, stopped["left"], stopped["state"]) == (200, 0, "stopped")
    _, log, _ = await server.ask("GET", f"/instruments/{INSTRUMENT}/log?limit=2", token)
    told = [(one["what"], one["who"], one["before"] == one["after"]) for one in log["entries"]]
    assert told == [("stop announcing", "token:riga", True), ("announce", "token:riga", True)]


async def test_announcement__that_cannot_be__is_refused(server: Server) -> None:
    token, path = server.token(), f"/instruments/{INSTRUMENT}/announcement"
    tag = {"If-Match": await current(server, token)}

    async def refused(body: Any, **headers: str) -> tuple[int, str]:
        status, told, _ = await server.ask("POST", path, token, json=body, headers=headers)
        return status, told["error"]["code"]

    assert await refused({}) == (428, "precondition_required")
    assert await refused({}, **tag) == (409, "nobody_to_tell")
    with server.engine.begin() as connection:
        populate(connection, 4)
    assert await refused({}, **{"If-Match": '"x"'}) == (412, "changed_meanwhile")
    wrong: tuple[Any, ...] = (
        {"de": "Neues"},
        {"lv": 5},
        {"lv": ""},
        {"lv": "\0"},
        {"lv": "\ud800"},
        [],
    )
    for texts in wrong:
        assert await refused({"texts": texts}, **tag) == (422, "invalid"), texts
    status, _, _ = await server.ask("POST", path, token, json={}, headers=tag)
    assert status == 200
    assert await refused({"texts": {"lv": "Cits"}}, **tag) == (409, "already_announced")
    for number in ("9", "0", "x", "99999999999"):
        assert (await server.ask("GET", f"/announcements/{number}", token))[0] == 404
        assert (await server.ask("POST", f"/announcements/{number}/stop", token))[0] == 404


# --- Who may -------------------------------------------------------------------------------------


async def test_token__missing_unknown_expired_or_revoked__is_401(server: Server) -> None:
    expired, revoked = server.token(name="old", days=-1), server.token(name="lost")
    with server.engine.begin() as connection:
        assert api_tokens.revoke(connection, "lost", NOW)
    for token in ("", "merilo_guess", expired, revoked):
        status, body, headers = await server.ask("GET", "/instruments", token)
        assert (status, body["error"]["code"]) == (401, "unauthorized")
        assert headers["WWW-Authenticate"] == "Bearer"


async def test_token__does_only_what_it_is_for(server: Server) -> None:
    reads = server.token("content:read", name="reader")
    writes = server.token("content:write", name="writer")
    refused = [
        ("POST", f"/drafts{NAMED}", reads),
        ("DELETE", "/drafts/x", reads),
        ("POST", "/drafts/x/publish", writes),
        ("POST", f"/instruments/{INSTRUMENT}/undo", writes),
        ("POST", f"/instruments/{INSTRUMENT}/announcement", writes),
        ("POST", "/announcements/1/stop", reads),
        ("GET", "/announcements/1", writes),
        ("GET", "/instruments", writes),
    ]
    before = server.state()
    for method, path, token in refused:
        status, body, _ = await server.ask(method, path, token, data=b"{}")
        assert (status, body["error"]["code"]) == (403, "forbidden")
    assert server.state() == before


async def test_token__is_nowhere_in_the_database(server: Server, data_folder: Path) -> None:
    token = server.token()
    await server.ask("GET", "/instruments", token)
    files = [data_folder / "merilo.db", data_folder / "merilo.db-wal"]
    written = b"".join(path.read_bytes() for path in files)
    assert b"riga" in written
    assert token.removeprefix(api_tokens.PREFIX).encode() not in written


async def test_too_many_requests__are_429(data_folder: Path) -> None:
    settings = replace(settings_for(None, data_folder), events_per_second="1")
    async with serving(settings) as server:
        token = server.token()
        asked = [server.ask("GET", "/drafts/x", token) for _ in range(110)]
        ends = await asyncio.gather(*asked)
        assert {status for status, *_ in ends} == {404, 429}
        refused = next(headers for status, _, headers in ends if status == 429)
        assert refused["Retry-After"] == "3"
        assert (await server.ask("GET", "/drafts/x", server.token(name="other")))[0] == 404


# --- Two at once, and the same again -------------------------------------------------------------


async def test_condition__missing_is_428_and_outdated_is_412(server: Server) -> None:
    mine, theirs = server.token(name="mine"), server.token(name="theirs")
    tag = await current(server, mine)
    my_draft = await drafted(server, mine, "Viens")
    their_draft = await drafted(server, theirs, "Divi")
    status, body, _ = await server.ask("POST", f"/drafts/{my_draft}/publish", mine, json={})
    assert (status, body["error"]["code"]) == (428, "precondition_required")
    publish = {"json": {"why": "first"}, "headers": {"If-Match": tag}}
    assert (await server.ask("POST", f"/drafts/{their_draft}/publish", theirs, **publish))[0] == 200
    status, body, _ = await server.ask("POST", f"/drafts/{my_draft}/publish", mine, **publish)
    assert (status, body["error"]["code"]) == (412, "changed_meanwhile")
    assert body["error"]["by"]["who"] == "token:theirs"
    assert body["error"]["current"]["number"] == 2
    now = {"json": {}, "headers": {"If-Match": await current(server, mine)}}
    status, body, _ = await server.ask("POST", f"/drafts/{my_draft}/publish", mine, **now)
    assert (status, body["error"]["code"]) == (409, "outdated_draft")


async def test_idempotency_key__the_same_again_is_the_same_answer(server: Server) -> None:
    token = server.token()
    first = await drafted(server, token, "Viens", **{"Idempotency-Key": "k1"})
    assert await drafted(server, token, "Viens", **{"Idempotency-Key": "k1"}) == first
    assert await drafted(server, token, "Viens") != first
    other = server.token(name="other")
    assert await drafted(server, other, "Viens", **{"Idempotency-Key": "k1"}) != first
    status, body, _ = await server.ask(
        "POST",
        f"/drafts{NAMED}",
        token,
        data=retitled("Cits"),
        headers={**AS_PO, "Idempotency-Key": "k1"},
    )
    assert (status, body["error"]["code"]) == (422, "key_reused")


async def test_idempotency_key__a_form_packed_anew_is_the_same(server: Server) -> None:
    token, ids = server.token(), set()
    for _ in range(2):
        form = aiohttp.FormData()  # a boundary of its own each time
        form.add_field("file", retitled("Viens"), filename="lv.po")
        status, body, _ = await server.ask(
            "POST",
            f"/drafts?instrument={INSTRUMENT}",
            token,
            data=form,
            headers={"Idempotency-Key": "k"},
        )
        assert status == 201, body
        ids.add(body["id"])
    assert len(ids) == 1


async def test_publish__the_same_key_at_once_and_after_another_change(server: Server) -> None:
    token = server.token()
    tag = await current(server, token)
    id_ = await drafted(server, token, "Viens")
    path, asked = f"/drafts/{id_}/publish", {"json": {}, "headers": {"If-Match": tag}}
    asked["headers"]["Idempotency-Key"] = "press"
    ends = await asyncio.gather(*(server.ask("POST", path, token, **asked) for _ in range(4)))
    assert {status for status, *_ in ends} <= {200, 409}
    status, published, headers = await server.ask("POST", path, token, **asked)
    assert (status, published["number"]) == (200, 2)
    assert headers["Idempotency-Replayed"] == "true"
    assert len({row.digest for row in server.state() if hasattr(row, "digest")}) == 7


# --- What is refused changes nothing -------------------------------------------------------------


REFUSED: dict[str, tuple[int, str, dict[str, Any]]] = {
    "no package": (
        422,
        "package_refused",
        {"data": b"PK", "headers": {"Content-Type": "application/zip"}},
    ),
    "another type": (
        415,
        "unsupported_type",
        {"data": b"x", "headers": {"Content-Type": "text/html"}},
    ),
    "too large": (413, "too_large", {"data": io.BytesIO(b"x" * 2_200_000), "headers": AS_PO}),
    "a form without a file": (
        422,
        "invalid",
        {"data": aiohttp.FormData({"a": "b"}, default_to_multipart=True)},
    ),
    "a form cut off": (
        400,
        "malformed",
        {"data": b"--x\r\nbroken", "headers": {"Content-Type": "multipart/form-data; boundary=x"}},
    ),
    "a key with spaces": (
        400,
        "malformed",
        {"data": PO, "headers": {**AS_PO, "Idempotency-Key": "a b"}},
    ),
}


async def test_refused__in_one_shape_with_the_live_content_as_it_was(server: Server) -> None:
    token, before = server.token(), server.state()
    for name, (wanted, code, options) in REFUSED.items():
        status, body, headers = await server.ask("POST", f"/drafts{NAMED}", token, **options)
        assert (status, body["error"]["code"]) == (wanted, code), name
        assert body["error"]["message"].endswith("."), name
        assert headers["Cache-Control"] == "no-store"
    assert server.state() == before


async def test_problems__are_in_the_draft_and_cannot_be_published(server: Server) -> None:
    token, before = server.token(), server.state()
    broken = PO.replace(b'msgctxt "about"', b'msgctxt "abuot"')
    status, draft, _ = await server.ask(
        "POST", f"/drafts{NAMED}", token, data=broken, headers=AS_PO
    )
    assert (status, draft["digest"]) == (201, "")
    assert {one["file"] for one in draft["problems"]} == {"lv.po"}
    tag = {"If-Match": await current(server, token)}
    path = f"/drafts/{draft['id']}"
    status, body, _ = await server.ask("POST", f"{path}/publish", token, json={}, headers=tag)
    assert (status, body["error"]["problems"]) == (422, draft["problems"])
    assert server.state() == before


@pytest.mark.parametrize(
    ("body", "status"),
    [
        ({"why": 5}, 422),
        ({"wy": "x"}, 422),
        ({"confirm_warnings": "yes"}, 422),
        ({"why": "two\nlines"}, 422),
        ([], 422),
    ],
)
async def test_publish__fields_that_mean_nothing(server: Server, body: Any, status: int) -> None:
    token = server.token()
    headers = {"If-Match": '"x"'}
    found, told, _ = await server.ask(
        "POST", "/drafts/x/publish", token, json=body, headers=headers
    )
    assert (found, told["error"]["code"]) == (status, "invalid")


async def test_other_addresses_and_methods__in_the_same_shape(server: Server) -> None:
    token = server.token()
    status, body, _ = await server.ask("GET", "/nothing", token)
    assert (status, body["error"]["code"]) == (404, "not_found")
    status, body, headers = await server.ask("PUT", "/instruments", token)
    assert (status, body["error"]["code"], headers["Allow"]) == (405, "method_not_allowed", "GET")


# --- The document --------------------------------------------------------------------------------


STATES = '["2xx", "404", "409", "412", "422", "428"]'
SCHEMATHESIS = f"""
[[operations]]
include-method = "POST"
# Right by its shape, and still refused for what is current, or for what the package says.
checks.positive_data_acceptance.expected-statuses = {STATES}
"""


async def test_openapi__the_server_keeps_to_it(server: Server, tmp_path: Path) -> None:
    """Schemathesis makes requests from the document, right and wrong ones, and looks at what comes back."""
    token, config = server.token(), tmp_path / "schemathesis.toml"
    with server.engine.begin() as connection:
        populate(connection, 4)
        # The first number is always tried.
        assert announcements.written_for(connection, 1, dict.fromkeys(LANGUAGES, "x")).id == 1
    known = {"draft": await drafted(server, token, "Viens"), "instrument": INSTRUMENT}
    there = "\n".join(f'"path.{name}" = "{value}"' for name, value in known.items())
    config.write_text(f"[parameters]\n{there}\n{SCHEMATHESIS}")
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "schemathesis.cli", "--config-file", str(config)),
        *("run", f"{server.address}{API}/openapi.json"),
        *("--header", f"Authorization: Bearer {token}", "--no-color", "--continue-on-failure"),
        *("--max-examples", "8", "--seed", "1", "--phases", "examples,coverage,fuzzing"),
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
        cwd=tmp_path,
    )
    said, _ = await process.communicate()
    assert process.returncode == 0, said.decode()
    assert b"Tested: 17" in said
