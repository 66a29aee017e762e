"""What the Bot API answers when it refuses a call.

The wording follows `Client.cpp` of tdlib/telegram-bot-api and the TDLib checks behind it, because
bots decide by these sentences: the API has no finer error codes than the HTTP status.
"""

from typing import Any

Json = dict[str, Any]


class ApiError(Exception):
    """A refusal: HTTP status, the sentence in `description`, and `parameters` if there are any."""

    def __init__(self, code: int, description: str, parameters: Json | None = None) -> None:
        super().__init__(description)
        self.code = code
        self.description = description
        self.parameters = parameters

    def to_json(self) -> Json:
        """The body of the answer."""
        body: Json = {"ok": False, "error_code": self.code, "description": self.description}
        if self.parameters:
            body["parameters"] = self.parameters
        return body


def bad_request(reason: str) -> ApiError:
    """400: what was asked for can't be done."""
    return ApiError(400, f"Bad Request: {reason}")


def forbidden(reason: str) -> ApiError:
    """403: the person or the group does not let the bot write."""
    return ApiError(403, f"Forbidden: {reason}")


def conflict(reason: str) -> ApiError:
    """409: two ways of receiving updates exclude each other."""
    return ApiError(409, f"Conflict: {reason}")


def too_many_requests(retry_after: int) -> ApiError:
    """429: come back after so many seconds."""
    reason = f"Too Many Requests: retry after {retry_after}"
    return ApiError(429, reason, {"retry_after": retry_after})
