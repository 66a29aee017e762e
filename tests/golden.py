"""The golden conversations as somebody has them on a real face: what to do, and what is said then."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from locales import words_in
from tests.chat import edition

FOLDER = Path(__file__).parent / "transcripts"
YEAR = re.compile(r"\b20\d\d\b")


@dataclass
class Turn:
    """``act`` is “press” or “say”; ``lines`` are the texts of the reply, without buttons and bars.

    Lines that name a year are left out: the real clock goes on.
    """

    act: str
    text: str
    lines: list[str] = field(default_factory=list)


def whole(instrument: str, language: str) -> list[Turn]:
    """A whole assessment, reached through the list of all that Merilo ships."""
    path = FOLDER / f"{instrument}.whole.{language}.txt"
    start, chosen, agreed, *turns = _turns(path.read_text(encoding="utf-8"))
    others = Turn("press", words_in(language)("Other assessments"))
    about = Turn("press", edition(instrument).text("title", language), agreed.lines)
    return [start, chosen, Turn(agreed.act, agreed.text), others, about, *turns]


def _turns(written: str) -> Iterator[Turn]:
    for block in written.split("\n\n")[1:]:
        action, *lines = block.splitlines()
        act, text = action.removeprefix("> ").split(" ", 1)
        texts = [plain for line in lines if (plain := _text(line))]
        yield Turn(act, text.strip('"') if act == "press" else text, texts)


def _text(line: str) -> str:
    """What a line of a reply says, whatever a face makes of its look; empty where there is nothing."""
    if not line.startswith("  ") or YEAR.search(line) or line[2] in "[▰▱":
        return ""
    if line.endswith(">") and " </" in line:
        return ""  # a page of our own, which only the browser shows
    bare = re.sub(r"^(## |• )", "", line.strip())
    if stated := re.fullmatch(r"[\w.]+ “(.+)”", bare):
        return stated[1]
    return re.sub(r"^\((.+)\)$|^(.+) <https?://\S+>$", r"\1\2", bare)
