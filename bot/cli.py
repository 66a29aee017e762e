"""The command line: ``merilo serve`` and what operators need besides."""

import argparse
import os
import sys
from collections.abc import Callable
from typing import Any

from dotenv import dotenv_values

from bot import content_commands, token_commands
from bot.logs import set_up_logs
from bot.occupied import alone
from bot.refusal import Refused
from bot.settings import Settings, WrongSetting, documented, read_settings
from storage.keys import WrongKey

Command = Callable[[argparse.Namespace], int | None]


def main() -> int:
    """Run a command; 0 if all went well, 2 with one sentence if a setting or a key is wrong."""
    given = _parser().parse_args()
    try:
        return given.run(given) or 0
    except (WrongSetting, Refused) as wrong:
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
        for argument, options in ARGUMENTS.get(name, ()):
            command.add_argument(argument, **options)
    content_commands.add(chosen)
    token_commands.add(chosen)
    return parser


def settings_at_hand() -> Settings:
    """From a ``.env`` file here, and from the environment, which goes first."""
    file = {name: value or "" for name, value in dotenv_values(".env").items()}
    return read_settings({**file, **os.environ})


def ready() -> Settings:
    """The settings at hand, with logs set up by them. Raises WrongSetting."""
    settings = settings_at_hand()
    secrets = [
        settings.telegram_token,
        settings.webhook_secret,
        settings.content_token,
        *settings.key.split(","),
    ]
    set_up_logs(settings.log_level, secrets, settings.log_format)
    return settings


def serve(_: argparse.Namespace) -> None:
    """start Merilo; Ctrl-C stops it"""
    # Imported here: the other commands need not wait for Telegram and the web.
    from bot.lean import no_certificates, rest_the_collector

    settings = ready()
    rest_the_collector()
    from bot.ahead import begin_ahead

    preparing = begin_ahead(settings)
    import uvloop

    with no_certificates():
        from bot import app

    if preparing:
        if settings.telegram_token:
            import bot.telegram.service  # noqa: F401 - loaded while there is something to wait for
        preparing.wait()
    # uvloop does the loop's work on sockets in C, a fifth of an answer's CPU time.
    uvloop.run(app.serve(settings, _announce))
    print("Merilo has stopped. Everything is saved.", flush=True)


def print_settings(_: argparse.Namespace) -> None:
    """list every setting with its default"""
    for one in documented():
        print(f"{one.name} (default: {one.default or 'empty'})\n    {one.help}")


def migrate(_: argparse.Namespace) -> None:
    """bring the database up to date, after a copy"""
    from bot import commands

    commands.migrate_database(ready())


def rotate_key(_: argparse.Namespace) -> None:
    """seal notes and addresses under a new key; stop Merilo first"""
    from bot import commands

    settings = ready()
    with alone(settings):
        commands.rotate_key(settings)


def backup(given: argparse.Namespace) -> None:
    """copy the database into a file, while Merilo runs"""
    from bot import commands

    commands.back_up(ready(), given.file)


def restore(given: argparse.Namespace) -> None:
    """put a backup in the place of the database, without who was erased since; stop Merilo first"""
    from bot import commands

    settings = ready()
    with alone(settings):
        commands.restore(settings, given.file)


def copy(given: argparse.Namespace) -> None:
    """copy everything into another database, and compare; stop Merilo first"""
    from bot import commands

    settings = ready()
    with alone(settings):
        commands.copy(settings, given.to)


def export(given: argparse.Namespace) -> None:
    """write the answers to an instrument to standard output, without notes and names"""
    from bot import commands

    commands.export(ready(), given.instrument, given.format)


def doctor(_: argparse.Namespace) -> int:
    """look at settings, database, content, key, disk, Telegram, and say what to do"""
    from bot.doctor import report

    return report(ready())


def _announce(address: str) -> None:
    print(f"Merilo is ready: {address}  (Ctrl-C stops it)", flush=True)


COMMANDS: dict[str, Command] = {
    "serve": serve,
    "settings": print_settings,
    "doctor": doctor,
    "migrate": migrate,
    "backup": backup,
    "restore": restore,
    "copy": copy,
    "export": export,
    "rotate-key": rotate_key,
}

Argument = tuple[str, dict[str, Any]]

FILE: Argument = ("file", {"help": "the backup's file"})
ARGUMENTS: dict[str, tuple[Argument, ...]] = {
    "backup": (FILE,),
    "restore": (FILE,),
    "copy": (("--to", {"help": "address of the other database", "required": True}),),
    "export": (
        ("--instrument", {"help": "such as occay", "required": True}),
        ("--format", {"choices": ["csv", "json"], "default": "csv"}),
    ),
}
"""What a command is told besides: its arguments, and how each is read."""


if __name__ == "__main__":
    sys.exit(main())
