"""The command line: ``merilo serve``, ``merilo settings``."""

import argparse
import os
import sys
from collections.abc import Callable

from dotenv import dotenv_values

from bot.logs import set_up_logs
from bot.settings import Settings, WrongSetting, documented, read_settings


def main() -> int:
    """Run a command; 0 if all went well, 2 with one sentence if a setting is wrong."""
    commands: dict[str, Callable[[], None]] = {"serve": serve, "settings": print_settings}
    parser = argparse.ArgumentParser(prog="merilo", description="Self-assessment in conversation.")
    chosen = parser.add_subparsers(dest="command", required=True, metavar="COMMAND")
    for name, run in commands.items():
        chosen.add_parser(name, help=run.__doc__)
    try:
        commands[parser.parse_args().command]()
    except WrongSetting as wrong:
        print(f"merilo: {wrong}", file=sys.stderr)
        return 2
    return 0


def settings_at_hand() -> Settings:
    """From a ``.env`` file here, and from the environment, which goes first."""
    file = {name: value or "" for name, value in dotenv_values(".env").items()}
    return read_settings({**file, **os.environ})


def serve() -> None:
    """start Merilo; Ctrl-C stops it"""
    # Imported here: the other commands need not wait for Telegram and the web.
    import uvloop

    from bot import app

    settings = settings_at_hand()
    set_up_logs(settings.log_level, [settings.telegram_token, settings.webhook_secret])
    # uvloop does the loop's work on sockets in C, a fifth of an answer's CPU time.
    uvloop.run(app.serve(settings, _announce))
    print("Merilo has stopped. Everything is saved.", flush=True)


def print_settings() -> None:
    """list every setting with its default"""
    for one in documented():
        print(f"{one.name} (default: {one.default or 'empty'})\n    {one.help}")


def _announce(address: str) -> None:
    print(f"Merilo is ready: {address}  (Ctrl-C stops it)", flush=True)


if __name__ == "__main__":
    sys.exit(main())
