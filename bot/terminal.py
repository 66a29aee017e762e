"""A conversation in a terminal: messages as plain text, buttons by their number or label."""

from collections.abc import Callable, Iterator

from bot.rehearsal import Rehearsal
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
    Pressed,
    Progress,
    Reply,
    Said,
    Statement,
)

LEAVE = {"q", "quit", "exit"}
HELP = "Type a button's number or words; =5 types the 5 itself; q leaves. Nothing is kept."


def converse(rehearsal: Rehearsal, ask: Callable[[str], str], show: Callable[[str], None]) -> None:
    """Until “q” or the end of the input. ``ask`` reads a line after a prompt, ``show`` prints one."""
    show(HELP)
    shown = rehearsal.card()
    _print(shown, show)
    while True:
        try:
            typed = ask("> ").strip()
        except EOFError:
            return
        if typed.casefold() in LEAVE:
            return
        for message in rehearsal.receive(_event(typed, shown)):
            shown = message
            _print(message, show)


def _event(typed: str, shown: Reply) -> Pressed | Said:
    """The button on the last message that was named, or else what was typed."""
    choices = _numbered(shown)
    if typed.isdecimal() and typed.isascii() and 1 <= int(typed[:9]) <= len(choices):
        return Pressed(choices[int(typed[:9]) - 1].token)
    named = [choice for choice in choices if choice.label.casefold() == typed.casefold()]
    return Pressed(named[0].token) if named else Said(typed.removeprefix("="))


def _numbered(message: Reply) -> list[Choice]:
    return [choice for row in message.choices for choice in row]


def _print(message: Reply, show: Callable[[str], None]) -> None:
    show("")
    for line in lines(message):
        show(line)


def lines(message: Reply) -> Iterator[str]:
    """A message as a terminal shows it, its buttons numbered."""
    for block in message.blocks:
        yield from _block_lines(block)
    number = 0
    for row in message.choices:
        labels = []
        for choice in row:
            number += 1
            labels.append(f"[{number} {choice.label}]")
        yield "  ".join(labels)


def _block_lines(block: Block) -> list[str]:
    match block:
        case Heading(text):
            return [text.upper()]
        case Notice(text):
            return [f"({text})"]
        case Statement(id_, text):
            return [f"{id_}  {text}"]
        case Bullets(items):
            return [f"  • {item}" for item in items]
        case Progress(done, total, label):
            return [f"{'▰' * done}{'▱' * (total - done)}  {label}"]
        case Link(text, url):
            return [f"{text} <{url}>"]
        case Document(label, _, filename):
            return [f"{label} <{filename}>"]
        case Paragraph(text):
            return [text]
        case Picture(_, chart):
            return [f"({chart.words})"]
        case Page():
            return []
