"""The statements as cards. Merilo's content is read once, by ``write``; a bot reads a small file."""

import json
from dataclasses import asdict, dataclass
from html import escape
from pathlib import Path

FILE = "questions.json"
START_AGAIN = "Start again"
AGAIN = "again"
DONE = "<b>Thank you</b>\n\nThat was the last statement."
TOOLS = (
    (("Why it matters", "why"), ("Add a note", "note")),
    (("Later", "later"), ("Back", "back")),
)
"""Labels and what their buttons send."""


@dataclass(frozen=True, slots=True)
class Question:
    """``text`` is the whole card in Telegram's HTML."""

    id: str
    text: str


@dataclass(frozen=True, slots=True)
class Questions:
    """``options`` are ids and labels, from full agreement to full disagreement."""

    asked: tuple[Question, ...]
    options: tuple[tuple[str, str], ...]


def write(folder: Path) -> Questions:
    """Put the file there. The compiler is imported here: a measured bot must not pay for it."""
    questions = compiled()
    (folder / FILE).write_text(json.dumps(asdict(questions)), encoding="utf-8")
    return questions


def read(folder: Path) -> Questions:
    given = json.loads((folder / FILE).read_text(encoding="utf-8"))
    return Questions(
        tuple(Question(**one) for one in given["asked"]),
        tuple((option, label) for option, label in given["options"]),
    )


def compiled() -> Questions:
    """From the shipped edition, in English."""
    from tests.chat import edition

    occay = edition("occay")
    texts = occay.texts["en"]
    asked: list[Question] = []
    required = [section for section in occay.sections if not section.optional]
    for number, section in enumerate(required, 1):
        heading = f"<b>Section {number} of {len(required)} · {escape(texts[section.key])}</b>"
        for place, statement in enumerate(section.statements, 1):
            done = "▰" * place + "▱" * (len(section.statements) - place)
            progress = f"{done}  {len(asked) + 1} of {len(occay.required)}"
            introduction = [texts[section.intro_key]] if place == 1 else []
            body = f"<b>{statement.id}</b>  {escape(texts[statement.key], quote=False)}"
            card = [f"{heading}\n{progress}", *introduction, body]
            asked.append(Question(statement.id, "\n\n".join(card)))
    return Questions(tuple(asked), tuple((o.id, texts[o.key]) for o in occay.scale))
