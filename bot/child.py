"""Processes of our own for what is too heavy or too dangerous for the one that serves."""

import asyncio
import os
import sys
from asyncio.subprocess import PIPE
from pathlib import Path

SAID = 2000
"""Letters of what a child said in its last words: the end tells what went wrong."""


def command(module: str, *arguments: str) -> list[str]:
    """How a module of ours is run."""
    # -P: a folder of the operator's that is called "bot" is not meant.
    return [sys.executable, "-P", "-m", module, *arguments]


def environment() -> dict[str, str]:
    """Where our code is, and nothing of ours that is secret."""
    kept = {name: os.environ[name] for name in ("PATH", "LANG", "LC_ALL") if name in os.environ}
    return {**kept, "PYTHONPATH": os.pathsep.join(path or str(Path.cwd()) for path in sys.path)}


def last_words(said: bytes) -> str:
    """The end of what a child wrote to its standard error."""
    return said.decode(errors="replace")[-SAID:]


async def run(module: str, *arguments: str, given: bytes, patience: float | None = None) -> bytes:
    """What the module writes to its standard output, given that standard input.

    ``patience``: seconds that it may take. It ends with whoever waits for it. Raises TimeoutError, and
    RuntimeError with its last words where it fails.
    """
    child = await asyncio.create_subprocess_exec(
        *command(module, *arguments), stdin=PIPE, stdout=PIPE, stderr=PIPE, env=environment()
    )
    try:
        made, said = await asyncio.wait_for(child.communicate(given), patience)
    finally:
        if child.returncode is None:
            child.kill()
            await child.wait()
    if child.returncode:
        raise RuntimeError(f"{module} ended with status {child.returncode}: {last_words(said)}")
    return made
