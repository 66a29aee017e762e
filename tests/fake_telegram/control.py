"""People moved from another process: what a benchmark asks for over HTTP.

`POST {base}/control/{person}/{action}` with `{"text": …}` for `send`, `{"label": …}` for `press`,
and nothing for `quiet` and `screen`. The answer is the person's screen, as a list of messages with
`id`, `text` and `buttons`. This is not part of the Bot API.
"""

from typing import TYPE_CHECKING

from .errors import ApiError, Json
from .parameters import Parameters
from .people import Person

if TYPE_CHECKING:
    from .server import FakeTelegram


async def act(telegram: "FakeTelegram", person_id: int, action: str, given: Parameters) -> Json:
    """Let a person do one thing; raises `ApiError` where that is not possible."""
    person = telegram.person(person_id)
    try:
        await _do(person, action, given)
    except LookupError as error:
        raise ApiError(400, str(error)) from None
    return {"screen": _screen(person)}


async def _do(person: Person, action: str, given: Parameters) -> None:
    if action == "send":
        await person.send(given.text("text"))
    elif action == "press":
        await person.press(given.text("label"), at_once=True)
    elif action == "quiet":
        await person.quiet()
    elif action != "screen":
        raise LookupError(f"people cannot {action!r} here")


def _screen(person: Person) -> list[Json]:
    return [{"id": view.id, "text": view.text, "buttons": view.buttons} for view in person.screen]
