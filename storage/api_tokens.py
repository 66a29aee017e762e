"""Tokens for the API: made once, shown once, kept as a hash."""

import hashlib
import secrets
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, insert, select, update

from storage.tables import api_tokens

SCOPES = ("content:read", "content:write", "content:publish")
"""To look; to hand in and discard drafts; to publish and undo."""

PREFIX = "merilo_"
"""So that a token that leaked is recognised for what it is."""


@dataclass(frozen=True, slots=True)
class Token:
    """A token as it is kept. ``revoked`` is None as long as it is not."""

    id: int
    name: str
    scopes: tuple[str, ...]
    made: datetime
    expires: datetime
    revoked: datetime | None

    def is_good(self, now: datetime) -> bool:
        return self.revoked is None and now < self.expires


class NameTaken(Exception):
    """There is a token of that name: names are never used again, as the log tells who did what by them."""


def make(
    connection: Connection, name: str, scopes: tuple[str, ...], now: datetime, expires: datetime
) -> str:
    """A new token, to be shown once. Raises NameTaken."""
    if name in {token.name for token in every(connection)}:
        raise NameTaken(name)
    secret = PREFIX + secrets.token_urlsafe(32)
    values = {
        "name": name,
        "hash": _hash(secret),
        "scopes": " ".join(scopes),
        "made_at": now,
        "expires_at": expires,
    }
    connection.execute(insert(api_tokens), values)
    return secret


def find(connection: Connection, secret: str) -> Token | None:
    """The token, expired or revoked or not; None where nobody was given it."""
    query = _QUERY.where(api_tokens.c.hash == _hash(secret))
    row = connection.execute(query).one_or_none()
    return _token(*row) if row else None


def every(connection: Connection) -> list[Token]:
    return [_token(*row) for row in connection.execute(_QUERY.order_by(api_tokens.c.id))]


def revoke(connection: Connection, name: str, now: datetime) -> bool:
    """Whether there was one of that name that was not revoked yet."""
    changed = connection.execute(
        update(api_tokens)
        .where(api_tokens.c.name == name, api_tokens.c.revoked_at.is_(None))
        .values(revoked_at=now)
    )
    return changed.rowcount > 0


_QUERY = select(
    api_tokens.c.id,
    api_tokens.c.name,
    api_tokens.c.scopes,
    api_tokens.c.made_at,
    api_tokens.c.expires_at,
    api_tokens.c.revoked_at,
)


def _token(
    id_: int, name: str, scopes: str, made: datetime, expires: datetime, revoked: datetime | None
) -> Token:
    return Token(id_, name, tuple(scopes.split()), made, expires, revoked)


def _hash(secret: str) -> str:
    """A fast hash will do: 256 random bits are not guessed."""
    return hashlib.sha256(secret.encode()).hexdigest()
