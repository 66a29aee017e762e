"""A browser, a server, and visitors who come to it."""

import os
import shutil
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack
from pathlib import Path
from typing import Any

import pytest
from aiohttp.test_utils import TestServer
from playwright.async_api import Browser, async_playwright

from bot.reception import Reception
from bot.web.app import web_app
from tests.browser.visitor import Visitor
from tests.servers import merilo

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
QUIET = (
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    # It must not ask hosts of its own: the tests run where there is no network.
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)

Serve = Callable[[Reception], Awaitable[str]]
Browse = Callable[..., Awaitable[Visitor]]
Visit = Callable[..., Awaitable[Visitor]]


@pytest.fixture(scope="session")
def chromium() -> str:
    """The path of a Chromium. None found: the tests are skipped, or fail where it is required."""
    found = next(filter(None, map(shutil.which, NAMES)), None)
    if found:
        return found
    reason = f"no Chromium found: none of {', '.join(NAMES)} is on the PATH"
    if os.environ.get("MERILO_TEST_BROWSER") == "required":
        pytest.fail(reason)
    pytest.skip(reason)


@pytest.fixture(scope="session")
async def browser(chromium: str) -> AsyncIterator[Browser]:
    """One browser for the whole run, always in a new profile."""
    async with async_playwright() as playwright:
        # As root, as in CI, Chromium has no sandbox.
        started = await playwright.chromium.launch(
            executable_path=chromium, chromium_sandbox=os.geteuid() != 0, args=QUIET
        )
        yield started
        await started.close()


@pytest.fixture
async def servers() -> AsyncIterator[AsyncExitStack]:
    """What is served to the visitors of a test. It closes when they have gone."""
    async with AsyncExitStack() as stack:
        yield stack


@pytest.fixture
def serve(servers: AsyncExitStack) -> Serve:
    """Serve a reception on a port of this machine: ``address = await serve(reception)``."""

    async def start(reception: Reception) -> str:
        server = await servers.enter_async_context(TestServer(web_app(reception)))
        return str(server.make_url("/"))

    return start


@pytest.fixture
async def address(servers: AsyncExitStack, data_folder: Path) -> str:
    """Where Merilo is served as a whole, with a database of its own."""
    return await servers.enter_async_context(merilo(data_folder))


@pytest.fixture
async def browse(browser: Browser, servers: AsyncExitStack) -> AsyncIterator[Browse]:
    """Come to an address in a new profile: ``visitor = await browse(address, width=360)``.

    Options of Playwright's contexts are passed on (``color_scheme="dark"``, ``locale="lv"``). The
    test fails where a visitor's browser complained.
    """
    visitors: list[Visitor] = []
    async with AsyncExitStack() as stack:

        async def come(
            address: str,
            width: int = 360,
            height: int = 740,
            entrance: str = "",
            **options: Any,
        ) -> Visitor:
            context = await browser.new_context(
                **{
                    "viewport": {"width": width, "height": height},
                    "reduced_motion": "reduce",
                    "locale": "en",
                    **options,
                }
            )
            await stack.enter_async_context(context)
            visitors.append(Visitor(await context.new_page(), address, entrance))
            await visitors[-1].open()
            return visitors[-1]

        yield come
    assert [complaint for visitor in visitors for complaint in visitor.complaints] == []


@pytest.fixture
async def visit(browse: Browse, serve: Serve) -> Visit:
    """The same for a reception, served for this visitor: ``visitor = await visit(reception)``."""

    async def come(reception: Reception, **options: Any) -> Visitor:
        return await browse(await serve(reception), **options)

    return come
