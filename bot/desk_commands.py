"""``merilo content push`` and what else changes or shows published content, here or at a server.

Exit codes for a pipeline: 0 done, or nothing to do; 1 the content has problems or unconfirmed warnings; 2 it
was refused, is not there, or may not be done; 3 somebody else published meanwhile.
"""

import argparse
import asyncio
import sys
import time
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

from bot.desk_words import (
    announcement_lines,
    edition_line,
    entry_line,
    feedback_lines,
    instrument_line,
    print_json,
    problem_line,
    progress,
    published_line,
    show,
    tell_pushed,
)
from bot.progress import show_progress
from bot.refusal import Refused

if TYPE_CHECKING:
    # Loaded by the commands themselves, so that the others need not wait for it.
    from bot.doors import Door

Json = dict[str, Any]
Work = Callable[["Door", argparse.Namespace], Awaitable[int]]

PROBLEMS, REFUSED, MEANWHILE, INTERRUPTED = 1, 2, 3, 130
LANGUAGES = ("bg", "lv", "en")
"""Spelt out: ``locales`` takes longer to load than most commands to run."""

ROUND = 2.0
"""Seconds between two looks at how an announcement goes on."""

STATUSES = {409: MEANWHILE, 412: MEANWHILE, 422: PROBLEMS}
CODES = {
    "no_difference": 0,
    "nobody_to_tell": 0,
    "already_announced": REFUSED,
    "package_refused": REFUSED,
    "invalid": REFUSED,
}
"""Exit codes of errors, where the HTTP status alone does not tell."""


def _at_the_desk(work: Work) -> Callable[[argparse.Namespace], int]:
    """The command that does this, with every refusal told in one sentence."""

    def run(given: argparse.Namespace) -> int:
        try:
            return asyncio.run(_worked(work, given))
        except KeyboardInterrupt:
            return INTERRUPTED

    run.__doc__ = work.__doc__
    return run


async def _worked(work: Work, given: argparse.Namespace) -> int:
    from bot.cli import settings_at_hand
    from bot.doors import opened
    from bot.web.api.errors import ApiError

    async with opened(settings_at_hand(), given.server) as door:
        try:
            return await work(door, given)
        except ApiError as error:
            return _refused(given, error.status, error.body["error"])


def _refused(given: argparse.Namespace, status: int, error: Json) -> int:
    if given.json:
        print_json({"error": error})
    else:
        for row in (*error.get("problems", ()), *error.get("warnings", ())):
            print(problem_line(row))
        print(f"merilo: {error['message']}", file=sys.stderr)
    return CODES.get(error["code"], STATUSES.get(status, REFUSED))


# --- Changing ------------------------------------------------------------------------------------


async def push(door: "Door", given: argparse.Namespace) -> int:
    """hand in a package as a draft, and publish it where --publish is given"""
    from bot.content_commands import packed

    name, content = packed(Path(given.path), given.instrument)
    progress(f"checking {name}, {len(content) // 1024 + 1} KB")
    draft = await door.draft(content, name, given.instrument)
    told: Json = {"draft": draft}
    if not draft["problems"]:
        told["difference"] = await door.difference(draft["id"])
        told["impact"] = await door.impact(draft["id"])
    status = PROBLEMS if draft["problems"] else 0
    if given.publish and not status:
        status = await _publish_pushed(door, given, told)
    if given.json:
        print_json(told)
    else:
        tell_pushed(told, published="published" in told, server=given.server)
    return status


async def _publish_pushed(door: "Door", given: argparse.Namespace, told: Json) -> int:
    """Adds what was published to ``told``; the exit code."""
    draft = told["draft"]
    if draft["no_difference"]:
        await door.discard(draft["id"])
        return 0
    if draft["warnings"] and not given.confirm:
        return PROBLEMS
    progress(f"publishing {draft['instrument']}")
    told["published"] = await door.publish(
        draft["id"], draft["base"], given.why, confirmed=given.confirm
    )
    return 0


async def publish(door: "Door", given: argparse.Namespace) -> int:
    """make a draft the current edition"""
    draft = await door.report(given.draft)
    progress(f"publishing {draft['instrument']}")
    edition = await door.publish(draft["id"], draft["base"], given.why, confirmed=given.confirm)
    show(given, edition, published_line(edition))
    return 0


async def discard(door: "Door", given: argparse.Namespace) -> int:
    """throw a draft away"""
    await door.discard(given.draft)
    show(given, {"discarded": given.draft}, f"Draft {given.draft} is gone.")
    return 0


async def undo(door: "Door", given: argparse.Namespace) -> int:
    """make an earlier edition of an instrument current again"""
    current = next(one for one in await door.editions(given.instrument) if one["current"])
    edition = await door.undo(given.instrument, given.to, current["digest"], given.why)
    show(given, edition, published_line(edition))
    return 0


async def announce(door: "Door", given: argparse.Namespace) -> int:
    """tell the readers who want news of the current edition, and show how many have been told"""
    told = await door.offered(given.instrument, given.edition)
    if given.stop:
        # One that nobody has begun is not there to be stopped.
        told = await door.stop_announcing(told["id"] or 0)
    elif not given.look:
        texts = {one: text for one in LANGUAGES if (text := getattr(given, one)) is not None}
        told = await door.announce(given.instrument, told["digest"], texts)
        told = await _told(door, told, given.wait)
    show(given, told, announcement_lines(told))
    return 0


async def _told(door: "Door", told: Json, patience: float) -> Json:
    """How it stands when nobody is left, or nobody else was told for so many seconds: it may be night there,
    and a browser is told on the next visit."""
    shown, since = -1, time.monotonic()
    while True:
        done = told["sent"] + told["failed"] + told["needless"]
        if done != shown and told["state"] != "preparing":
            show_progress(done, done + told["left"], "told")
            shown, since = done, time.monotonic()
        if told["state"] not in {"preparing", "sending"} or time.monotonic() - since >= patience:
            return told
        await _a_while()
        told = await door.announcement(told["id"])


async def _a_while() -> None:
    try:
        await asyncio.sleep(ROUND)
    except asyncio.CancelledError:
        progress("it goes on: --look shows how it stands, --stop stops it")
        raise


# --- Looking -------------------------------------------------------------------------------------


async def list_(door: "Door", given: argparse.Namespace) -> int:
    """list the instruments, or the editions of one"""
    if given.instrument is None:
        every = await door.instruments()
        show(given, {"instruments": every}, "\n".join(map(instrument_line, every)))
    else:
        editions = await door.editions(given.instrument)
        show(given, {"editions": editions}, "\n".join(map(edition_line, editions)))
    return 0


async def log(door: "Door", given: argparse.Namespace) -> int:
    """show who changed what, when and why, the newest first; of one instrument or of all"""
    entries = await door.log(given.instrument, given.limit)
    show(given, {"entries": entries}, "\n".join(map(entry_line, entries)))
    return 0


async def feedback(door: "Door", given: argparse.Namespace) -> int:
    """show what readers think of the texts of an instrument, by text and language"""
    told = await door.feedback(given.instrument)
    words = "\n".join(map(feedback_lines, told)) or "Nobody has said anything yet."
    show(given, {"feedback": told}, words)
    return 0


async def export(door: "Door", given: argparse.Namespace) -> int:
    """write the package of an edition into a zip"""
    content = await door.export(given.instrument, given.edition)
    file = Path(given.into or f"{given.instrument}.zip")
    _write(file, content)
    show(given, {"file": str(file), "bytes": len(content)}, f"Written: {file}")
    return 0


def _write(file: Path, content: bytes) -> None:
    try:
        file.write_bytes(content)
    except OSError as fault:
        raise Refused(f"{file} cannot be written ({fault.strerror}): name another file") from None


async def _compare(door: "Door", given: argparse.Namespace) -> int:
    from bot.bases import bases_at
    from bot.content_commands import compare, named

    return compare(given, await bases_at(door, named(given)))


diff_there = _at_the_desk(_compare)
"""``merilo content diff`` against what is published at a server."""


COMMANDS: dict[str, Callable[[argparse.Namespace], int]] = {
    "push": _at_the_desk(push),
    "publish": _at_the_desk(publish),
    "discard": _at_the_desk(discard),
    "undo": _at_the_desk(undo),
    "announce": _at_the_desk(announce),
    "list": _at_the_desk(list_),
    "log": _at_the_desk(log),
    "feedback": _at_the_desk(feedback),
    "export": _at_the_desk(export),
}

DOOR: dict[str, Any] = {
    "--server": {
        "metavar": "URL",
        "help": "a Merilo elsewhere, by the token in MERILO_CONTENT_TOKEN (default: the database)",
    },
    "--json": {"action": "store_true", "help": "for programs"},
}
WHY: dict[str, Any] = {"--why": {"default": "", "help": "the reason, for the log"}}
CONFIRM: dict[str, Any] = {
    "--confirm": {"action": "store_true", "help": "the warnings have been looked at"}
}
DRAFT: dict[str, Any] = {"draft": {"metavar": "DRAFT", "help": "its id, as push told it"}}
ID: dict[str, Any] = {"instrument": {"metavar": "ID", "help": "such as occay"}}
ONE_OR_ALL: dict[str, Any] = {
    "instrument": {"metavar": "ID", "nargs": "?", "help": "such as occay (default: all)"}
}

ARGUMENTS: dict[str, dict[str, Any]] = {
    "push": {
        "path": {"metavar": "PATH", "help": "a folder, a .zip, a .po or instrument.yaml"},
        "--instrument": {
            "metavar": "ID",
            "help": "which one it is for, where it does not say so itself",
        },
        "--publish": {"action": "store_true", "help": "publish it where it has no problems"},
        **CONFIRM,
        **WHY,
        **DOOR,
    },
    "publish": {**DRAFT, **CONFIRM, **WHY, **DOOR},
    "discard": {**DRAFT, **DOOR},
    "undo": {
        **ID,
        "--to": {
            "type": int,
            "required": True,
            "metavar": "NUMBER",
            "help": "the edition, as list tells it",
        },
        **WHY,
        **DOOR,
    },
    "announce": {
        **ID,
        **{f"--{one}": {"metavar": "TEXT", "help": f"what to say in {one}"} for one in LANGUAGES},
        "--look": {
            "action": "store_true",
            "help": "only show what would be said, or how it stands",
        },
        "--stop": {"action": "store_true", "help": "tell nobody else"},
        "--edition": {
            "type": int,
            "metavar": "NUMBER",
            "help": "to look at or to stop (default: the current one)",
        },
        "--wait": {
            "type": float,
            "default": 60.0,
            "metavar": "SECONDS",
            "help": "leave off when nobody else was told for so long (default: 60)",
        },
        **DOOR,
    },
    "list": {**ONE_OR_ALL, **DOOR},
    "log": {
        **ONE_OR_ALL,
        "--limit": {"type": int, "default": 20, "help": "entries at most (default: 20)"},
        **DOOR,
    },
    "feedback": {**ID, **DOOR},
    "export": {
        **ID,
        "--edition": {"type": int, "metavar": "NUMBER", "help": "(default: the current one)"},
        "--into": {"metavar": "FILE", "help": "(default: ID.zip)"},
        **DOOR,
    },
}
"""What each command is told: names of arguments, and how they are read."""
