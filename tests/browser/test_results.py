"""The page of a result: for everyone, on paper too, for nobody else, and the files that it links to."""

import json
import os
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from playwright.async_api import Browser, expect

from tests.browser.conftest import Browse
from tests.browser.visitor import DRAWN, Visitor
from tests.chat import edition

CIPO = edition("cipo")
SCREENSHOTS = os.environ.get("MERILO_TEST_SCREENSHOTS")
NOTE = "=cmd|' /C calc'!A0 <b>שלום</b> 👍"


async def _send(visitor: Visitor, **event: str) -> Any:
    """An event, as the page sends it, with the same cookie."""
    body = json.dumps({"id": str(uuid4()), "event": event})
    headers = {"Content-Type": "application/json"}
    response = await visitor.page.request.post(
        f"{visitor.address}/chat", data=body, headers=headers
    )
    assert response.ok
    return await response.json()


async def _assessed(
    browse: Browse, address: str, language: str, **options: Any
) -> tuple[Visitor, str]:
    """A visitor who has answered all of ``cipo``, with a note on the first; and the code."""
    visitor = await browse(address, **options)
    for token in ("start", f"language:{language}", "agree:1"):
        await _send(visitor, kind="pressed", token=token)
    shown = await _send(visitor, kind="pressed", token="begin:cipo")
    code = _token(shown, "a:").split(":")[1]
    await _send(visitor, kind="pressed", token=f"note:{code}:1.1")
    await _send(visitor, kind="said", text=NOTE)
    for number, statement in enumerate(CIPO.required):
        value = "no" if number % 3 else "yes"
        await _send(visitor, kind="pressed", token=f"a:{code}:{statement}:1:{value}")
    return visitor, code


def _token(shown: Any, begins: str) -> str:
    tokens: list[str] = [c["token"] for r in shown["replies"] for row in r["choices"] for c in row]
    return next(token for token in tokens if token.startswith(begins))


@pytest.mark.parametrize(
    ("language", "width", "scheme"),
    [("bg", 360, "light"), ("lv", 1280, "dark"), ("en", 360, "dark")],
)
async def test_page__tells_everything_and_has_no_barriers(
    browse: Browse, address: str, language: str, width: int, scheme: str
) -> None:
    visitor, code = await _assessed(browse, address, language, width=width, color_scheme=scheme)
    page = visitor.page
    await page.goto(f"{address}/results/{code}")
    picture = page.locator("img.picture")
    await expect(picture).to_have_js_property("complete", value=True, timeout=DRAWN)
    assert await picture.evaluate("image => image.naturalWidth") > 600
    if SCREENSHOTS:
        path = Path(SCREENSHOTS) / f"results-{language}-{width}.png"
        await page.screenshot(path=path, full_page=True)
    text = await page.locator("body").inner_text()
    for statement in CIPO.required:
        assert CIPO.text(statement, language) in text
    assert NOTE in text
    tips = await page.locator("ul.tips li").all_inner_texts()
    assert tips, "a third of the answers is no: each has a tip"
    assert all(tip.partition(" ")[0] in CIPO.statements for tip in tips)
    for once in ("scoring", "figures"):
        assert text.count(CIPO.text(once, language)) == 1
    assert await visitor.barriers() == ""
    assert await visitor.overflow() <= 0


async def test_page__is_linked_from_the_result_and_gives_its_files(
    browse: Browse, address: str
) -> None:
    visitor, _ = await _assessed(browse, address, "en")
    page = visitor.page
    await page.reload()
    await page.get_by_role("button", name="Overall result").first.click()
    await page.get_by_role("link", name="The result as a page, to print").click()
    await expect(page.get_by_role("heading", level=1)).to_have_text(CIPO.text("title", "en"))
    for label, suffix in (("PDF", "pdf"), ("XLSX", "xlsx"), ("CSV", "csv"), ("JSON", "json")):
        async with page.expect_download() as download:
            await page.get_by_role("link", name=label).click()
        assert (await download.value).suggested_filename.endswith(f"-en.{suffix}")
    await page.get_by_role("link", name="Latviešu").click()
    await expect(page.get_by_role("heading", level=1)).to_have_text(CIPO.text("title", "lv"))


@pytest.mark.parametrize(("width", "scheme"), [(360, "light"), (1280, "dark")])
async def test_file_that_cannot_be_made__is_told_on_a_page_with_the_way_back(
    browse: Browse, address: str, monkeypatch: pytest.MonkeyPatch, width: int, scheme: str
) -> None:
    monkeypatch.setattr("bot.child.sys.executable", "/bin/false")
    visitor, code = await _assessed(browse, address, "en", width=width, color_scheme=scheme)
    visitor.forgives = ("500", "/documents/chart")
    page = visitor.page
    await page.goto(f"{address}/results/{code}?language=lv")
    await page.get_by_role("link", name="PDF").click()
    await expect(page.get_by_role("heading", level=1)).to_have_text("Datnes nav")
    await expect(page.locator("html")).to_have_attribute("lang", "lv")
    assert "Datni neizdevās sagatavot" in await page.locator("main").inner_text()
    if SCREENSHOTS:
        await page.screenshot(path=Path(SCREENSHOTS) / f"no-file-lv-{width}.png")
    assert await visitor.barriers() == ""
    assert await visitor.overflow() <= 0
    await page.get_by_role("link", name="Uz rezultātu").click()
    await expect(page.get_by_role("heading", level=1)).to_have_text(CIPO.text("title", "lv"))


async def test_page__of_somebody_else__is_not_found(
    browse: Browse, browser: Browser, address: str
) -> None:
    _, code = await _assessed(browse, address, "en")
    async with await browser.new_context() as stranger:
        for path in (f"/results/{code}", "/results/nothing", f"/documents/report:{code}:pdf:en"):
            response = await stranger.request.get(f"{address}{path}")
            assert response.status == 404
            assert response.headers["cache-control"] == "no-store"
            assert CIPO.text("title", "en") not in await response.text()


async def test_page__on_paper__leaves_out_what_is_for_the_screen(
    browse: Browse, address: str
) -> None:
    visitor, code = await _assessed(browse, address, "en")
    await visitor.page.goto(f"{address}/results/{code}")
    await visitor.page.emulate_media(media="print")
    await expect(visitor.page.locator(".files")).to_be_hidden()
    await expect(visitor.page.locator("header.bar")).to_be_hidden()
    await expect(visitor.page.locator("table").first).to_be_visible()
    await expect(visitor.page.locator("ul.tips").first).to_be_visible()
