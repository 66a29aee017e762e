"""The command line: ``merilo serve`` and what operators need besides."""

import argparse
import asyncio
import os
import sys
from collections.abc import Callable

from dotenv import dotenv_values

from bot.logs import set_up_logs
from bot.settings import Settings, WrongSetting, documented, read_settings
from storage.keys import WrongKey

Command = Callable[[argparse.Namespace], int | None]


def main() -> int:
    """Run a command; 0 if all went well, 2 with one sentence if a setting or a key is wrong."""
    given = _parser().parse_args()
    try:
        return given.run(given) or 0
    except WrongSetting as wrong:
        print(f"merilo: {wrong}", file=sys.stderr)
    except WrongKey as wrong:
        remedy = "set MERILO_KEY, or put the key file back, as it was when this was written"
        print(f"merilo: {wrong}; {remedy}", file=sys.stderr)
    return 2


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="merilo", description="Self-assessment in conversation.")
    chosen = parser.add_subparsers(dest="command", required=True, metavar="COMMAND")
    for name, run in COMMANDS.items():
        command = chosen.add_parser(name, help=run.__doc__)
        command.set_defaults(run=run)
        for argument, help_ in ARGUMENTS.get(name, {}).items():
            command.add_argument(argument, help=help_)
    return parser


def settings_at_hand() -> Settings:
    """From a ``.env`` file here, and from the environment, which goes first."""
    file = {name: value or "" for name, value in dotenv_values(".env").items()}
    return read_settings({**file, **os.environ})


def _ready() -> Settings:
    settings = settings_at_hand()
    secrets = [settings.telegram_token, settings.webhook_secret, *settings.key.split(",")]
    set_up_logs(settings.log_level, secrets)
    return settings


def serve(_: argparse.Namespace) -> None:
    """start Merilo; Ctrl-C stops it"""
    # Imported here: the other commands need not wait for Telegram and the web.
    from bot import app

    asyncio.run(app.serve(_ready(), _announce))
    print("Merilo has stopped. Everything is saved.", flush=True)


def print_settings(_: argparse.Namespace) -> None:
    """list every setting with its default"""
    for one in documented():
        print(f"{one.name} (default: {one.default or 'empty'})\n    {one.help}")


def migrate(_: argparse.Namespace) -> None:
    """bring the database up to date, after a copy"""
    from bot import commands

    commands.migrate_database(_ready())


def rotate_key(_: argparse.Namespace) -> None:
    """seal notes and addresses under a new key; stop Merilo first"""
    from bot import commands

    commands.rotate_key(_ready())


def _announce(address: str) -> None:
    print(f"Merilo is ready: {address}  (Ctrl-C stops it)", flush=True)


COMMANDS: dict[str, Command] = {
    "serve": serve,
    "settings": print_settings,
    "migrate": migrate,
    "rotate-key": rotate_key,
}

ARGUMENTS: dict[str, dict[str, str]] = {}
"""What a command is told besides: its arguments with their help."""


if __name__ == "__main__":
    sys.exit(main())
