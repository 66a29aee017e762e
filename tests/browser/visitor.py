"""A person with a browser: opens the page, taps, types, reads. Their browser must not complain."""

from dataclasses import dataclass, field

from axe_playwright_python.async_playwright import Axe
from playwright.async_api import ConsoleMessage, Locator, Page, Request

READ = """message => ({
  lines: [...message.children].filter(part => !part.matches(".choices")).flatMap(part =>
    part.matches("ul") ? [...part.children].map(item => "• " + item.textContent)
                       : [part.textContent]),
  buttons: [...message.querySelectorAll(".row")].map(row =>
    [...row.querySelectorAll("button")].map(button => button.textContent)),
})"""

WAIT = "#log:not([aria-busy=true])"
DRAWN = 20_000
"""Milliseconds for the first picture: the process that draws has to start."""


@dataclass(frozen=True)
class Shown:
    """A message as a person sees it: its lines from top to bottom, and its rows of buttons."""

    lines: list[str]
    buttons: list[list[str]]


@dataclass
class Visitor:
    """``complaints``: errors on the console, CSP violations, exceptions, other hosts asked.

    A test that breaks the connection on purpose names what it expects in ``forgives``.
    ``entrance`` is the path that they come in by.
    """

    page: Page
    address: str
    entrance: str = ""
    complaints: list[str] = field(default_factory=list)
    forgives: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        self.page.on("console", self._heard)
        self.page.on("pageerror", lambda error: self.complaints.append(str(error)))
        self.page.on("request", self._asked)

    async def open(self) -> None:
        """Come to the page, and wait for the open card."""
        await self.page.goto(self.address + self.entrance)
        await self.page.locator(".message").first.wait_for()

    async def tap(self, label: str, message: int = -1) -> None:
        """Tap a button of a message (the newest unless told), and wait for the reply."""
        await self.button(label, message).click()
        await self.settled()

    async def say(self, text: str) -> None:
        """Type a text, send it with Enter, and wait for the reply."""
        await self.field.fill(text)
        await self.field.press("Enter")
        await self.settled()

    async def settled(self) -> None:
        """Wait until the reply is there. A tap marks the log as busy before it returns."""
        await self.page.locator(WAIT).wait_for()

    async def read(self) -> list[Shown]:
        """All messages on the page, from top to bottom, without the person's own."""
        found = await self.page.locator(".message").all()
        return [Shown(**await message.evaluate(READ)) for message in found]

    async def newest(self) -> Shown:
        """The message that came last, wherever on the page it stands."""
        return Shown(**await self.current.evaluate(READ))

    def button(self, label: str, message: int = -1) -> Locator:
        """A button by its label: of the message at that place, -1 for the one that came last."""
        where = self.current if message == -1 else self.page.locator(".message").nth(message)
        return where.get_by_role("button", name=label, exact=True)

    @property
    def current(self) -> Locator:
        return self.page.locator(".message:not(.past)").last

    @property
    def field(self) -> Locator:
        return self.page.locator("#field")

    async def focused(self) -> str:
        """The text of what has the focus."""
        return str(await self.page.evaluate("document.activeElement.textContent"))

    async def barriers(self) -> str:
        """What axe finds on the page as it is; empty where it finds nothing."""
        results = await Axe().run(self.page)
        return str(results.generate_report()) if results.violations_count else ""

    async def overflow(self) -> int:
        """By how many pixels the page is wider than its window."""
        return int(
            await self.page.evaluate("document.documentElement.scrollWidth - window.innerWidth")
        )

    def _heard(self, message: ConsoleMessage) -> None:
        if message.type in ("error", "warning"):
            self._complain(message.text)

    def _asked(self, request: Request) -> None:
        if not request.url.startswith((self.address, "data:")):
            self._complain(f"asked {request.url}")

    def _complain(self, text: str) -> None:
        if not any(words in text for words in self.forgives):
            self.complaints.append(text)
