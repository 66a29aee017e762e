"""Blocks as Telegram's HTML, cut into messages that fit; choices as an inline keyboard."""

from collections.abc import Iterator
from html import escape
from typing import Any

from dialogs.types import (
    Block,
    Bullets,
    Choice,
    Document,
    Heading,
    Link,
    Notice,
    Page,
    Paragraph,
    Picture,
    Progress,
    Statement,
)

LIMIT = 4096
"""Characters of a message; Telegram counts UTF-16 units after parsing, so counting before is safe."""

APART = (Picture, Page)
"""Blocks that are no text here: a picture is a message of its own, and a page needs our browser face."""

ATTACHED = (Bullets, Progress)
"""Blocks that follow the one before without an empty line."""


def messages(blocks: tuple[Block, ...]) -> list[str]:
    """The HTML of one or more messages, each within the limit, cut between blocks."""
    cut: list[str] = []
    text = ""
    for piece, attached in _pieces(blocks):
        joined = f"{text}{_gap(text, attached)}{piece}"
        if text and not _fits(joined):
            cut.append(text)
            joined = piece
        text = joined
    return [*cut, text]


def keyboard(choices: tuple[tuple[Choice, ...], ...]) -> dict[str, Any]:
    """The parameter that gives a message its buttons; none for a message without."""
    rows = [[{"text": c.label, "callback_data": c.token} for c in row] for row in choices]
    return {"reply_markup": {"inline_keyboard": rows}} if rows else {}


def _pieces(blocks: tuple[Block, ...]) -> Iterator[tuple[str, bool]]:
    """Each block's HTML; a list item by item, so that a long one can be cut."""
    for block in blocks:
        if isinstance(block, APART):
            continue
        if isinstance(block, Bullets):
            yield from ((f"• {escape(item, quote=False)}", True) for item in block.items)
        else:
            yield _html(block), isinstance(block, ATTACHED)


def _gap(text: str, attached: bool) -> str:
    if not text:
        return ""
    return "\n" if attached else "\n\n"


def _html(block: Block) -> str:
    match block:
        case Heading(text):
            return f"<b>{escape(text, quote=False)}</b>"
        case Notice(text):
            return f"<i>{escape(text, quote=False)}</i>"
        case Statement(id_, text):
            return f"<b>{escape(id_)}</b>  {escape(text, quote=False)}"
        case Progress(done, total, label):
            return f"{'▰' * done}{'▱' * (total - done)}  {escape(label, quote=False)}"
        case Link(text, url):
            return f'<a href="{escape(url)}">{escape(text, quote=False)}</a>'
        case Paragraph(text):
            return escape(text, quote=False)
        case Document(label, _, filename):
            # The file itself follows, as a message of its own.
            return f"{escape(label, quote=False)}: {escape(filename, quote=False)}"
        case Bullets() | Picture() | Page():
            raise AssertionError("taken apart, or left out, before")


def _fits(text: str) -> bool:
    """Two units a character are the most there can be, so the usual card need not be encoded."""
    return 2 * len(text) <= LIMIT or len(text.encode("utf-16-le")) <= 2 * LIMIT
