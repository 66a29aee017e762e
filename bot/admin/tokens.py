"""What admins' buttons send back. The first letter tells them from everybody's buttons."""

from dialogs.tokens import LIMIT

ADMIN = "!"
"""A button of an admin's card."""

REHEARSAL = "="
"""A button of a preview: behind it, the token that the draft's conversation made."""

SHORT = 12
"""Of a digest, where it only has to tell editions of one instrument apart."""


def made(verb: str, *arguments: str | int) -> str:
    """Raises ValueError where it does not fit a button: a broken invariant, ids are checked for it."""
    token = ADMIN + ":".join((verb, *(str(argument) for argument in arguments)))
    if len(token.encode()) > LIMIT:
        raise ValueError(f"the token {token!r} is longer than {LIMIT} bytes")
    return token


def is_admins(token: str) -> bool:
    return token.startswith((ADMIN, REHEARSAL))
