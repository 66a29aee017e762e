"""What is said later: ``Due`` is kept as a row (``storage.due``); when it is time, the function of its kind
(``dialogs.later``) makes the message from the conversation as it is *then*."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from dialogs.talk import Talk
from dialogs.types import Reply


@dataclass(frozen=True, slots=True)
class Due:
    """Something to say at a time. A person hears of the same ``subject`` by the same ``kind`` once."""

    kind: str
    subject: str
    at: datetime
    payload: str = ""


@dataclass(frozen=True, slots=True)
class PutOff:
    """Not now: look again then."""

    until: datetime


Making = Callable[[Talk, Due], Reply | PutOff | None]
"""Makes the message; None where there is nothing to say any more."""
