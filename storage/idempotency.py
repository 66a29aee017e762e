"""What a request with a key of its client's own was answered, so that the same again changes nothing."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, Connection, delete, select, update

from storage.prepared import insert_new
from storage.tables import idempotency_keys

KEPT = timedelta(days=1)

BEGIN = timedelta(minutes=2)
"""After that, a request that never ended (the process did) may be made again."""

_RESERVE = insert_new(
    idempotency_keys, "token_id", "key", "request", "status", "response", "received_at"
)


@dataclass(frozen=True, slots=True)
class Known:
    """A request that came before: ``request`` is its digest; ``status`` is 0 while it is being worked on."""

    request: str
    status: int
    response: str


def reserve(
    connection: Connection, token: int, key: str, request: str, now: datetime
) -> Known | None:
    """None where this key comes for the first time: then it is taken. Else what came with it."""
    _drop_unfinished(connection, token, key, now)
    values = {"token_id": token, "key": key, "request": request, "status": 0, "response": ""}
    if _RESERVE(connection, {**values, "received_at": now}):
        return None
    row = idempotency_keys.c
    found = connection.execute(
        select(row.request, row.status, row.response).where(row.token_id == token, row.key == key)
    ).one()
    return Known(*found)


def settle(connection: Connection, token: int, key: str, status: int, response: str) -> None:
    connection.execute(
        update(idempotency_keys).where(*_is(token, key)).values(status=status, response=response)
    )


def release(connection: Connection, token: int, key: str) -> None:
    """It failed for a reason of ours, and may be tried again with the same key."""
    connection.execute(delete(idempotency_keys).where(*_is(token, key)))


def drop_old(connection: Connection, now: datetime) -> None:
    connection.execute(delete(idempotency_keys).where(idempotency_keys.c.received_at < now - KEPT))


def _drop_unfinished(connection: Connection, token: int, key: str, now: datetime) -> None:
    row = idempotency_keys.c
    connection.execute(
        delete(idempotency_keys).where(
            *_is(token, key),
            ((row.status == 0) & (row.received_at < now - BEGIN)) | (row.received_at < now - KEPT),
        )
    )


def _is(token: int, key: str) -> tuple[ColumnElement[bool], ...]:
    return (idempotency_keys.c.token_id == token, idempotency_keys.c.key == key)
