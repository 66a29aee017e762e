"""Golden conversations. Each file under ``transcripts/`` is played, and what is said is compared.

    > say hello                 a typed text
    > press "Back"              a tap on the newest button of that name
    > press "Back" of 3         a tap on that button of the third message that appeared
    > send photo                something that is not a text
    > publish tiny-later        not an event: that edition is on offer from now on
    < 4 new                     the fourth message, a new one (or "in place": it replaces one)
    = asking en 1.1=full        the scene, the language and the answers kept

The first lines may set ``instruments:``, ``language:`` and ``guide:``, the instrument whose guide is
at hand. Rewrite all with --update-transcripts.
"""

import re
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest

from dialogs.types import (
    Block,
    Bullets,
    Document,
    Heading,
    Link,
    Notice,
    Page,
    Paragraph,
    Picture,
    Progress,
    Reply,
    Sent,
    Statement,
)
from tests.chat import Chat

FILES = sorted((Path(__file__).parent / "transcripts").glob("*.txt"))


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_transcript(path: Path, request: pytest.FixtureRequest) -> None:
    written = path.read_text(encoding="utf-8")
    played = "\n".join(play(written)) + "\n"
    if request.config.getoption("--update-transcripts"):
        path.write_text(played, encoding="utf-8")
    else:
        assert played == written


def play(written: str) -> Iterator[str]:
    """The same transcript with what the conversation says now."""
    chat: Chat | None = None
    settings = {"instruments": "tiny", "language": "en", "guide": ""}
    for line in written.splitlines():
        if line.startswith(">"):
            chat = chat or begun(settings)
            yield ""
            yield line
            if published := re.fullmatch(r"> publish (\S+)", line):
                chat.publish(published[1])
                continue
            yield from answer(chat, line[1:].strip())
        elif line.startswith("#"):
            yield line
        elif found := re.fullmatch(r"(instruments|language|guide): (.+)", line):
            settings[found[1]] = found[2]
            yield line


def begun(settings: Mapping[str, str]) -> Chat:
    instruments = settings["instruments"].split()
    return Chat(*instruments, language=settings["language"], guide_of=settings["guide"])


def answer(chat: Chat, action: str) -> Iterator[str]:
    before = len(chat.shown)
    act(chat, action)
    assert chat.shown[before:], "every event has a reply"
    for number, message in enumerate(chat.shown[before:], before + 1):
        yield f"< {number} {'in place' if message.replaces else 'new'}"
        yield from (f"  {line}" for line in lines(message))
    answers = " ".join(f"{statement}={option}" for statement, option in chat.answers.items())
    yield f"= {chat.state.scene} {chat.state.language} {answers}".rstrip()


def act(chat: Chat, action: str) -> None:
    if pressed := re.fullmatch(r'press "(.+?)"(?: of (\d+))?', action):
        chat.press(pressed[1], int(pressed[2] or 0))
    elif said := re.fullmatch(r"say (.+)", action):
        chat.say(said[1])
    elif sent := re.fullmatch(r"send (\w+)", action):
        chat.receive(Sent(sent[1]))
    else:
        raise ValueError(f"not an action: {action}")


def lines(message: Reply) -> Iterator[str]:
    for block in message.blocks:
        yield from block_lines(block)
    for row in message.choices:
        yield " ".join(f"[{choice.label}]" for choice in row)


def block_lines(block: Block) -> list[str]:
    match block:
        case Heading(text):
            return [f"## {text}"]
        case Notice(text):
            return [f"({text})"]
        case Statement(id_, text):
            return [f"{id_} “{text}”"]
        case Bullets(items):
            return [f"• {item}" for item in items]
        case Progress(done, total, label):
            return [f"{'▰' * done}{'▱' * (total - done)} {label}"]
        case Link(text, url):
            return [f"{text} <{url}>"]
        case Document(label, _, filename):
            return [f"{label} <{filename}>"]
        case Picture(which, chart):
            return [f"[picture {which}] {chart.words}"]
        case Page(text, path):
            return [f"{text} <{path}>"]
        case Paragraph(text):
            return [text]
