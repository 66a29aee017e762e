"""``merilo`` as somebody types it at a shell."""

import asyncio
import io
import os
import sys
from collections.abc import Awaitable, Callable
from contextlib import redirect_stderr, redirect_stdout
from unittest.mock import patch

from bot import bases, cli

Said = tuple[int | None, str]
"""The status that it ended with, and all that it said."""

Command = Callable[..., Awaitable[Said]]


async def command(*words: str, **environment: str) -> Said:
    """In a process of its own."""
    started = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "bot.cli", *words),
        env={**os.environ, **environment},
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
    )
    said, _ = await asyncio.wait_for(started.communicate(), 60)
    return started.returncode, said.decode()


async def command_here(*words: str, **environment: str) -> Said:
    """The same in this process, where it is not the process that is tested: beside the event loop, so that a
    server of this test can answer. One at a time."""
    return await asyncio.to_thread(_run, words, environment)


def _run(words: tuple[str, ...], environment: dict[str, str]) -> Said:
    said = io.StringIO()
    with (
        patch.object(sys, "argv", ["merilo", *words]),
        patch.dict(os.environ, environment),
        redirect_stdout(said),
        redirect_stderr(said),
        patch.object(bases, "_published", bases._published.__wrapped__),  # read once by a process
        patch("bot.cli.set_up_logs"),  # there is one log of a process: the test run's
    ):
        try:
            status: int | None = cli.main()
        except SystemExit as ended:  # of argparse
            status = int(ended.code or 0)
    return status, said.getvalue()
