"""What an admin sees of published content: instruments, editions, who, when, why, and the way back. Pure."""

from collections.abc import Iterable

from bot.admin.cards import effect
from bot.admin.pages import page_of, turning
from bot.admin.tokens import SHORT, made
from dialogs.talk import reply
from dialogs.types import Bullets, Choice, Document, Heading, Paragraph, Reply
from locales import Words
from storage.content_log import Entry
from storage.drafts import Waiting
from storage.editions import Published
from storage.impact import Impact

PER_PAGE = 6
"""Editions on a page: each has a button."""


def listed(words: Words, every: Iterable[Published], log: Iterable[Entry]) -> Reply:
    """Each instrument with its current edition, and how it became so."""
    current, entries = [one for one in every if one.current], list(log)
    rows = [
        words(
            "{instrument}: {edition}",
            instrument=one.instrument,
            edition=line(words, one, entries),
        )
        for one in current
    ]
    buttons = [Choice(one.instrument, made("editions", one.instrument, 0)) for one in current]
    return reply(
        Heading(words("Content")),
        Bullets(tuple(rows)),
        Paragraph(
            words("Send a file (.zip, .po or .yaml) to change something, or one text: /edit 3.2 lv")
        ),
        choices=[buttons[i : i + 2] for i in range(0, len(buttons), 2)],
    )


def line(words: Words, one: Published, entries: Iterable[Entry]) -> str:
    """“edition 3 · current · 21 November 2026 · telegram:7: “A typo””."""
    by = next((e for e in entries if e.instrument == one.instrument and e.after == one.digest
               and e.what in CHANGES), None)  # fmt: skip
    parts = [words("edition {number}", number=one.number)]
    parts += [words("current")] if one.current else []
    parts.append(f"{words.date(by.at if by else one.at)}, {(by.at if by else one.at):%H:%M} UTC")
    parts += [by.who] if by else []
    parts += [words("“{why}”", why=by.why)] if by and by.why else []
    return " · ".join(parts)


PACKAGE = "package:"
"""Before the digest of an edition: its files, among what a reply may enclose."""

CHANGES = ("publish", "undo", "shipped")
"""What makes an edition current."""


def editions(
    words: Words, instrument: str, every: list[Published], log: Iterable[Entry], number: str
) -> Reply:
    """The editions of an instrument, the newest first, a button for each that is not current."""
    newest, entries = every[::-1], list(log)
    leaves = [newest[i : i + PER_PAGE] for i in range(0, len(newest), PER_PAGE)]
    at = page_of(_digests(leaves), number)
    now = next((one.digest[:SHORT] for one in every if one.current), "")
    return reply(
        Heading(words("Editions of {instrument}", instrument=instrument)),
        Bullets(tuple(line(words, one, entries) for one in leaves[at])),
        choices=[
            *(
                [_again(words, one, now)]
                for one in leaves[at]
                if not one.current
            ),
            turning(words, _digests(leaves), at, "editions", instrument),
            [
                Choice(words("What readers say"), made("feedback", instrument, 0)),
                Choice(words("Announce it"), made("announce", instrument)),
            ],
            [
                Choice(words("Package"), made("package", instrument)),
                Choice(words("Drafts"), made("drafts", instrument)),
            ],
            [Choice(words("All content"), made("list"))],
        ],
    )  # fmt: skip


def _digests(leaves: list[list[Published]]) -> list[list[str]]:
    return [[one.digest for one in leaf] for leaf in leaves]


def _again(words: Words, one: Published, now: str) -> Choice:
    label = words("Make edition {number} current again", number=one.number)
    return Choice(label, made("undo", one.instrument, one.number, now))


def drafts(words: Words, instrument: str, waiting: list[Waiting]) -> Reply:
    """What is not published yet: each opens its report, where it can be discarded."""
    rows = [
        f"{n}. {words.date(one.at)}, {one.at:%H:%M} UTC · {one.who}"
        for n, one in enumerate(waiting, 1)
    ]
    numbers = [Choice(str(n), made("report", one.id, 0)) for n, one in enumerate(waiting, 1)]
    nothing = Paragraph(words("There are no drafts."))
    return reply(
        Heading(words("Drafts of {instrument}", instrument=instrument)),
        Bullets(tuple(rows)) if rows else nothing,
        choices=[
            *(numbers[i : i + 5] for i in range(0, len(numbers), 5)),
            [Choice(words("Back to the editions"), made("editions", instrument, 0))],
        ],
    )


def package(words: Words, one: Published) -> Reply:
    """The files of an edition, to work on; the way back is to send them."""
    filename = f"{one.instrument}-{one.number}.zip"
    return reply(
        Document(words("Package"), f"{PACKAGE}{one.digest}", filename),
        Paragraph(
            words(
                "These are all files of {instrument}, edition {number}. Change what you like and send it back "
                "here: the zip, or one file of it.",
                instrument=one.instrument,
                number=one.number,
            )
        ),
        choices=[_back(words, one)],
        replaces=False,
    )


def ask_why(words: Words, target: Published, impact: Impact) -> Reply:
    return reply(
        _heading(words, target),
        Bullets(tuple(effect(words, impact))),
        Paragraph(
            words("Why? Write it in one message: it goes into the log, and nothing is changed yet.")
        ),
        choices=[_back(words, target)],
    )


def confirm(words: Words, target: Published, impact: Impact, why: str) -> Reply:
    return reply(
        _heading(words, target),
        Bullets(tuple(effect(words, impact))),
        Paragraph(words("Why: “{why}”", why=why)),
        choices=[
            [Choice(words("Make it current"), made("goundo", target.instrument, target.number))],
            _back(words, target),
        ],
    )


def _heading(words: Words, target: Published) -> Heading:
    return Heading(
        words(
            "{instrument}: back to edition {number}",
            instrument=target.instrument,
            number=target.number,
        )
    )


def _back(words: Words, target: Published) -> list[Choice]:
    return [Choice(words("Back to the editions"), made("editions", target.instrument, 0))]
