"""What the API refuses, in one JSON shape: a code for programs, a sentence for people, what helps besides."""

import json
from collections.abc import Mapping
from typing import Any

from aiohttp import web

from bot.desk import (
    AlreadyAnnounced,
    Conflict,
    HasProblems,
    NobodyToTell,
    NoSuchAnnouncement,
    NoSuchDraft,
    NoSuchEdition,
    NoSuchInstrument,
    NothingNew,
    NotKept,
    TooManyDrafts,
    Unconfirmed,
    UnfitText,
)
from bot.reception import NotSaved
from bot.web.api import shapes
from content.problems import PackageRefused


class ApiError(Exception):
    """A response that ends a request. ``more`` goes beside code and message."""

    def __init__(
        self,
        status: int,
        code: str,
        message: str,
        headers: Mapping[str, str] | None = None,
        **more: Any,
    ) -> None:
        super().__init__(message)
        self.status = status
        self.headers = dict(headers or {})
        self.body = {"error": {"code": code, "message": message, **more}}

    def response(self) -> web.Response:
        return respond(self.body, self.status, self.headers)


def respond(
    body: object, status: int = 200, headers: Mapping[str, str] | None = None
) -> web.Response:
    text = json.dumps(body, ensure_ascii=False)
    return web.Response(text=text, status=status, headers=headers, content_type="application/json")


def unauthorised(message: str) -> ApiError:
    return ApiError(401, "unauthorized", message, {"WWW-Authenticate": "Bearer"})


def as_error(fault: Exception, expected: str | None = None) -> ApiError | None:
    """What a client is told of a fault; None for one of ours. ``expected``: the digest it named."""
    match fault:
        case ApiError():
            return fault
        case NoSuchAnnouncement() | NoSuchDraft() | NoSuchEdition() | NoSuchInstrument():
            return ApiError(404, "not_found", _sentence(fault))
        case NotKept():
            return ApiError(404, "not_kept", _sentence(fault))
        case Conflict():
            return _conflict(fault, expected)
        case NothingNew():
            return ApiError(409, "no_difference", _sentence(fault))
        case TooManyDrafts():
            return ApiError(409, "too_many_drafts", _sentence(fault))
        case AlreadyAnnounced():
            return ApiError(409, "already_announced", _sentence(fault))
        case NobodyToTell():
            return ApiError(409, "nobody_to_tell", _sentence(fault))
        case UnfitText():
            return ApiError(422, "invalid", _sentence(fault))
        case HasProblems():
            told = [shapes.problem(one) for one in fault.problems]
            return ApiError(422, "problems", _sentence(fault), problems=told)
        case Unconfirmed():
            told = [shapes.problem(one) for one in fault.warnings]
            return ApiError(422, "unconfirmed", _sentence(fault), warnings=told)
        case PackageRefused():
            # Whole as it is: it may begin with the name of a file.
            return ApiError(422, "package_refused", str(fault))
        case NotSaved():
            message = "Nothing can be saved just now, and nothing has changed: try again."
            return ApiError(503, "not_saved", message, {"Retry-After": "5"})
        case web.HTTPException():
            return _plain(fault)
    return None


def _conflict(fault: Conflict, expected: str | None) -> ApiError:
    """412 where the client named another edition than the current one; 409 where it knew, but the draft
    was made from an older one."""
    now = fault.current.digest if fault.current else ""
    more = {
        "current": shapes.edition(fault.current) if fault.current else None,
        "by": shapes.entry(fault.by) if fault.by else None,
    }
    if now == expected:
        return ApiError(409, "outdated_draft", _sentence(fault), **more)
    return ApiError(412, "changed_meanwhile", _sentence(fault), **more)


def _plain(fault: web.HTTPException) -> ApiError:
    """What aiohttp refuses by itself: an address or a method that there is not."""
    codes = {404: "not_found", 405: "method_not_allowed"}
    messages = {404: "There is nothing at this address.", 405: "This method does nothing here."}
    headers = {name: fault.headers[name] for name in ("Allow",) if name in fault.headers}
    code = codes.get(fault.status, "refused")
    return ApiError(fault.status, code, messages.get(fault.status, fault.reason), headers)


def _sentence(fault: Exception) -> str:
    told = str(fault)
    return told[:1].upper() + told[1:].rstrip(".") + "."
