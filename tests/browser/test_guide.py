"""The guide in the browser: addresses to link to, for everyone, on paper too, without JavaScript."""

import os
from pathlib import Path
from urllib.parse import urlencode

import aiohttp
import pytest
from playwright.async_api import Browser, expect

from tests.browser.conftest import Browse
from tests.browser.visitor import Visitor
from tests.chat import guide

GUIDE = guide("occay")
SCREENSHOTS = os.environ.get("MERILO_TEST_SCREENSHOTS")
PAGES = {
    "contents": "lv/",
    "article": "bg/G1-1",
    "statements": "en/G2-4",
    "terms": "lv/terms",
    "problems": "bg/problems",
    "found": "lv/?q=konsultantiem",
    "nothing": "en/?q=xyzzyqwrt",
    "missing": "en/G9-9",
}


async def _reading(browse: Browse, address: str, page: str, **options: object) -> Visitor:
    return await browse(address, entrance=f"/guide/{page}", **options)


@pytest.mark.parametrize("name", PAGES)
@pytest.mark.parametrize(("width", "scheme"), [(360, "light"), (1280, "dark")])
async def test_page__has_no_barriers_and_fits(
    browse: Browse, address: str, name: str, width: int, scheme: str
) -> None:
    visitor = await _reading(browse, address, PAGES[name], width=width, color_scheme=scheme)

    if SCREENSHOTS:
        path = Path(SCREENSHOTS) / f"guide-{name}-{width}.png"
        await visitor.page.screenshot(path=path)
    # The browser tells of a missing page on its console.
    visitor.complaints = [told for told in visitor.complaints if "404" not in told]
    assert await visitor.barriers() == ""
    assert await visitor.overflow() <= 0


async def test_reading__from_contents_to_article_to_another_language(
    browse: Browse, address: str
) -> None:
    visitor = await _reading(browse, address, "lv/")
    page = visitor.page

    await page.get_by_role("link", name=GUIDE.text("topic/G1-4", "lv"), exact=True).click()
    await expect(page.get_by_role("heading", level=1)).to_have_text(GUIDE.text("topic/G1-4", "lv"))
    await page.get_by_role("link", name="Български").click()
    await expect(page.get_by_role("heading", level=1)).to_have_text(GUIDE.text("topic/G1-4", "bg"))
    assert page.url == f"{address}/guide/bg/G1-4"


async def test_search__by_the_form__leads_to_what_was_meant(browse: Browse, address: str) -> None:
    page = (await _reading(browse, address, "bg/")).page

    await page.get_by_role("searchbox").fill("супервизията")
    await page.get_by_role("searchbox").press("Enter")

    await expect(page.get_by_role("link", name=GUIDE.text("topic/G4-5", "bg"))).to_be_visible()


async def test_print__leaves_out_what_is_for_the_screen(browse: Browse, address: str) -> None:
    page = (await _reading(browse, address, "en/G1-1")).page
    await page.emulate_media(media="print")

    await expect(page.get_by_role("search")).to_be_hidden()
    await expect(page.locator(".bar")).to_be_hidden()
    await expect(page.get_by_role("heading", level=1)).to_be_visible()


async def test_without_javascript__everything_is_there(browser: Browser, address: str) -> None:
    context = await browser.new_context(java_script_enabled=False, locale="lv")
    async with context:
        page = await context.new_page()
        await page.goto(f"{address}/guide")
        assert page.url == f"{address}/guide/lv/"
        await expect(page.get_by_role("link", name=GUIDE.text("topic/G7-7", "lv"))).to_be_visible()


async def test_every_page__is_there_and_tells_nothing_else(address: str) -> None:
    topics = [topic.id for topic in GUIDE.topics]
    async with aiohttp.ClientSession(address) as http:
        for language in ("bg", "lv", "en"):
            for page in ("", "terms", "problems", *topics):
                async with http.get(f"/guide/{language}/{page}") as response:
                    assert response.status == 200, page
                    assert "script" not in response.headers["Content-Security-Policy"]
                    assert "Set-Cookie" not in response.headers


async def test_hostile_query__is_text(browse: Browse, address: str) -> None:
    hostile = "<script>document.title='gone'</script>\"><img src=x onerror=alert(1)>"
    page = (await _reading(browse, address, f"en/?{urlencode({'q': hostile})}")).page

    await expect(page.get_by_role("searchbox")).to_have_value(hostile[:120])
    assert await page.locator("script, main img").count() == 0


@pytest.mark.parametrize(
    ("path", "status"),
    [("/guide/xx/", 404), ("/guide/en/G9-9", 404), ("/guide/en", 301), ("/guide/xx", 302)],
)
async def test_wrong_address__is_told(address: str, path: str, status: int) -> None:
    async with (
        aiohttp.ClientSession(address) as http,
        http.get(path, allow_redirects=False) as response,
    ):
        assert response.status == status
