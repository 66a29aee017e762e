"""``merilo token …``: who may use the content API."""

import argparse
import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

from bot.refusal import Refused

if TYPE_CHECKING:
    # Loaded by the commands themselves, so that the others need not wait for it.
    from sqlalchemy import Connection

    from storage.api_tokens import Token

LONGEST = 366
"""Days that a token may be good for: who leaves, or loses one, is forgotten in time."""


def add(commands: Any) -> None:
    """Put the group among the commands of ``merilo``."""
    group = commands.add_parser("token", help="who may push content over HTTP")
    chosen = group.add_subparsers(dest="token", required=True, metavar="WHAT")
    for name, run in COMMANDS.items():
        command = chosen.add_parser(name, help=run.__doc__)
        command.set_defaults(run=run)
        for argument, options in ARGUMENTS.get(name, {}).items():
            command.add_argument(argument, **options)


def create(given: argparse.Namespace) -> None:
    """make a token, and show it once"""
    from storage import api_tokens, content_log
    from storage.content_log import Entry

    if not re.fullmatch(r"[A-Za-z0-9][A-Za-z0-9_.-]{0,39}", given.name):
        raise Refused("a name is made of up to 40 Latin letters, digits, dots and dashes")
    if not 0 < given.days <= LONGEST:
        raise Refused(f"a token is good for 1 to {LONGEST} days")
    if unknown := set(given.scope) - set(api_tokens.SCOPES):
        known = ", ".join(api_tokens.SCOPES)
        raise Refused(f"there is no scope “{unknown.pop()}”: it is one of {known}")
    scopes = tuple(one for one in api_tokens.SCOPES if one in given.scope)
    now = datetime.now(UTC)
    expires = now + timedelta(days=given.days)

    def work(connection: "Connection", who: str) -> str:
        entry = Entry(now, who, "token made", "", why=f"{given.name}: {', '.join(scopes)}")
        content_log.write(connection, entry)
        return api_tokens.make(connection, given.name, scopes, now, expires)

    try:
        secret = _in_database(work)
    except api_tokens.NameTaken:
        raise Refused(f"there was a token “{given.name}” before: choose another name") from None
    print(secret)
    print(f"Good until {expires:%Y-%m-%d}, for {', '.join(scopes)}. It is not shown again.")


def list_(_: argparse.Namespace) -> None:
    """list the tokens, without what is secret about them"""
    from storage import api_tokens

    every = _in_database(lambda connection, _: api_tokens.every(connection))
    now = datetime.now(UTC)
    for token in every:
        print(f"{token.name}  {_state(token, now)}  {', '.join(token.scopes)}")


def _state(token: "Token", now: datetime) -> str:
    if token.revoked:
        return f"revoked {token.revoked:%Y-%m-%d}"
    word = "good until" if token.is_good(now) else "expired"
    return f"{word} {token.expires:%Y-%m-%d}"


def revoke(given: argparse.Namespace) -> None:
    """end a token, at once"""
    from storage import api_tokens, content_log
    from storage.content_log import Entry

    now = datetime.now(UTC)

    def work(connection: "Connection", who: str) -> bool:
        known = api_tokens.revoke(connection, given.name, now)
        if known:
            content_log.write(connection, Entry(now, who, "token revoked", "", why=given.name))
        return known

    if not _in_database(work):
        raise Refused(f"there is no token “{given.name}” that could be revoked")
    print(f"Revoked: {given.name}")


def _in_database(work: Callable[["Connection", str], Any]) -> Any:
    """What the work returns; it is given the person at the shell as the log knows them."""
    # Imported here, so that the other commands need not wait for it.
    from bot.cli import settings_at_hand
    from bot.doors import user
    from bot.keyring import keys_at_hand
    from storage.database import migrate, open_database

    settings = settings_at_hand()
    engine = open_database(settings.database, keys_at_hand(settings))
    migrate(engine)
    try:
        with engine.begin() as connection:
            return work(connection, f"shell:{user()}")
    finally:
        engine.dispose()


COMMANDS: dict[str, Callable[[argparse.Namespace], None]] = {
    "create": create,
    "list": list_,
    "revoke": revoke,
}

NAME: dict[str, Any] = {"required": True, "help": "whose it is, such as riga-translations"}
ARGUMENTS: dict[str, dict[str, Any]] = {
    "create": {
        "--name": NAME,
        "--scope": {
            "nargs": "+",
            "default": ["content:read"],
            "help": "any of content:read, content:write, content:publish (default: content:read)",
        },
        "--days": {"type": int, "default": 90, "help": "until it expires (default: 90)"},
    },
    "revoke": {"name": {"metavar": "NAME"}},
}
