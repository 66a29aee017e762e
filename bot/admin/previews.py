"""Previews under way: a draft walked in an admin's own chat, of which nothing is kept."""

from collections.abc import Iterator
from dataclasses import replace

from bot.admin.tokens import REHEARSAL, made
from bot.rehearsal import Rehearsal
from content.model import Edition
from dialogs.types import (
    Block,
    Choice,
    Document,
    Event,
    Notice,
    Page,
    Paragraph,
    Picture,
    Pressed,
    Reply,
)
from locales import Words


class Previews:
    """One a chat, in memory: after a restart it begins anew. ``words`` are the admin's own, for what stands
    around it: they may look at a language that they don't read."""

    def __init__(self) -> None:
        self._running: dict[int, tuple[str, Rehearsal]] = {}

    def is_running(self, chat: int, draft: str) -> bool:
        return chat in self._running and self._running[chat][0] == draft

    def begin(
        self, chat: int, draft: str, edition: Edition, language: str, words: Words
    ) -> Iterator[Reply]:
        rehearsal = Rehearsal(edition, language)
        self._running[chat] = draft, rehearsal
        yield _marked(words, rehearsal.card())

    def receive(self, chat: int, event: Event, words: Words) -> Iterator[Reply]:
        """Raises KeyError where none is running."""
        _, rehearsal = self._running[chat]
        if isinstance(event, Pressed):
            event = Pressed(event.token.removeprefix(REHEARSAL))
        for shown in rehearsal.receive(event):
            yield _marked(words, shown)

    def end(self, chat: int) -> None:
        self._running.pop(chat, None)


def _marked(words: Words, shown: Reply) -> Reply:
    """Said to be a preview, with the way out; its buttons are no buttons of a real conversation."""
    notice = Notice(words("Preview of a draft: nothing of it is kept."))
    rows = tuple(tuple(replace(c, token=REHEARSAL + c.token) for c in row) for row in shown.choices)
    leave = Choice(words("Leave the preview"), made("leave"))
    return replace(shown, blocks=(notice, *_kept(words, shown)), choices=(*rows, (leave,)))


def _kept(words: Words, shown: Reply) -> Iterator[Block]:
    """Files and pictures are made of what is kept: here there is nothing to make them of."""
    for block in shown.blocks:
        if isinstance(block, Document):
            yield Paragraph(words("A preview makes no files."))
        elif not isinstance(block, Page | Picture):
            yield block
