"""Take the pictures of the README from the real chat: ``make pictures``."""

import asyncio
import shutil
import tempfile
from pathlib import Path

from playwright.async_api import Page, async_playwright

from tests.servers import merilo

HERE = Path(__file__).parent
ANSWERS = ("Fully agree", "Rather agree", "Fully disagree", "Rather agree")


async def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        async with merilo(Path(folder)) as address, async_playwright() as playwright:
            browser = await playwright.chromium.launch(
                executable_path=shutil.which("chromium"), args=["--no-sandbox", "--disable-gpu"]
            )
            page = await browser.new_page(
                viewport={"width": 360, "height": 700}, device_scale_factor=2, locale="en"
            )
            await page.goto(address)
            await take_all(page)
            await browser.close()


async def take_all(page: Page) -> None:
    """The menu, a statement, a section's result, and a statement in Latvian."""
    for label in ("English", "I agree"):
        await tap(page, label)
    await take(page, "menu")
    await tap(page, "Begin")
    await tap(page, ANSWERS[0])
    await take(page, "statement")
    for answer in ANSWERS[1:]:
        await tap(page, answer)
    await take(page, "section")
    for label in ("Next section", "Language", "Latviešu"):
        await tap(page, label)
    await take(page, "latvian")


async def tap(page: Page, label: str) -> None:
    await page.get_by_role("button", name=label, exact=True).last.click()
    await page.locator("#log:not([aria-busy=true])").wait_for()
    await page.wait_for_timeout(500)


async def take(page: Page, name: str) -> None:
    await page.screenshot(path=HERE / f"{name}.png")


if __name__ == "__main__":
    asyncio.run(main())
