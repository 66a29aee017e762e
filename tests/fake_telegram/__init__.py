"""A strict fake of the Telegram Bot API, for tests and benchmarks.

It is an HTTP server on the own machine that any Bot API client can talk to, and at the same time
the people on the other side of the chat::

    async with FakeTelegram(token="123456:TEST") as telegram:
        ...                                   # start the bot with telegram.base_url
        person = telegram.person(1001, language_code="lv")
        await person.send("/start")
        await person.sees("Izvēlieties valodu")
        await person.press("Latviešu")
        await person.quiet()
        assert person.card.buttons == (("Sākt", "Citi pašvērtējumi"),)
        assert not telegram.problems

What the real API refuses, it refuses in the same words; what the real API silently overlooks is
in `telegram.problems`. It follows Bot API 10.3 for the methods in `parameters.KNOWN`; any other
method is answered with 404. `python -m tests.fake_telegram --port N` runs it as its own process.
"""

from .errors import ApiError
from .faults import (
    EVERY_METHOD,
    Fault,
    cut_after,
    cut_before,
    delay,
    server_error,
    too_many_requests,
)
from .inline import Offered
from .messages import Notice
from .parameters import Upload
from .people import Group, Person, View
from .server import Call, FakeTelegram

__all__ = [
    "EVERY_METHOD",
    "ApiError",
    "Call",
    "FakeTelegram",
    "Fault",
    "Group",
    "Notice",
    "Offered",
    "Person",
    "Upload",
    "View",
    "cut_after",
    "cut_before",
    "delay",
    "server_error",
    "too_many_requests",
]
