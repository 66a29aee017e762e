"""The content API as an OpenAPI 3.1 document. ``tests/test_content_api.py`` holds the server to it."""

from typing import Any

from bot.web.api.bodies import NAMES
from bot.web.api.schemas import FLAG, TEXT, Json, object_of, ref, schemas
from dialogs.news import TEXT_LIMIT
from locales import LANGUAGES


def document() -> Json:
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "Merilo: content",
            "version": "1",
            "description": "Instruments are handed in as drafts, looked at, published and undone.",
        },
        "servers": [{"url": "/api/v1/content"}],
        "security": [{"token": []}],
        "paths": _paths(),
        "components": {
            "securitySchemes": {"token": {"type": "http", "scheme": "bearer"}},
            "schemas": schemas(),
            "headers": {
                "ETag": {"description": "The current digest, for If-Match.", "schema": TEXT}
            },
        },
    }


# --- Addresses -----------------------------------------------------------------------------------


def _paths() -> Json:
    return {**_of_instruments(), **_of_announcements(), **_of_drafts()}


def _of_instruments() -> Json:
    return {
        "/instruments": {"get": _get("instruments", "Instruments with their current edition")},
        "/instruments/{instrument}/editions": {
            "parameters": [INSTRUMENT],
            "get": _get("editions", "Every edition of an instrument", 404, tagged=True),
        },
        "/instruments/{instrument}/log": {
            "parameters": [INSTRUMENT],
            "get": _log("log", "What admins did to an instrument, the newest first", 404),
        },
        "/instruments/{instrument}/feedback": {
            "parameters": [INSTRUMENT],
            "get": _get("feedback", "What readers think of its texts, counted, and never who", 404),
        },
        "/log": {"get": _log("wholeLog", "What admins did, to tokens too, the newest first")},
        "/instruments/{instrument}/package": {"parameters": [INSTRUMENT], "get": _package()},
        "/instruments/{instrument}/undo": {"parameters": [INSTRUMENT], "post": _undo()},
    }


def _of_announcements() -> Json:
    return {
        "/instruments/{instrument}/announcement": {
            "parameters": [INSTRUMENT],
            "get": _offered(),
            "post": _announce(),
        },
        "/announcements/{announcement}": {
            "parameters": [ANNOUNCEMENT],
            "get": _get(
                "announcement", "How many were told of an edition, and how many are left", 404
            ),
        },
        "/announcements/{announcement}/stop": {
            "parameters": [ANNOUNCEMENT],
            "post": _stop(),
        },
    }


def _of_drafts() -> Json:
    return {
        "/drafts": {"post": _upload()},
        "/drafts/{draft}": {
            "parameters": [DRAFT],
            "get": _get("draft", "A draft and its report", 404),
            "delete": {
                "operationId": "discard",
                "summary": "Discard a draft",
                "responses": {"204": {"description": "It is gone."}, **_errors(404)},
            },
        },
        "/drafts/{draft}/difference": {
            "parameters": [DRAFT],
            "get": _get("difference", "What a draft changes, text by text", 404, 422),
        },
        "/drafts/{draft}/impact": {
            "parameters": [DRAFT],
            "get": _get("impact", "Who is in the middle of an assessment", 404, 422),
        },
        "/drafts/{draft}/publish": {"parameters": [DRAFT], "post": _publish()},
    }


def _log(name: str, summary: str, *errors: int) -> Json:
    return {
        "operationId": name,
        "summary": summary,
        "parameters": [_query("limit", "Entries at most.", 1000)],
        "responses": {"200": _answer("log"), **_errors(422, *errors)},
    }


def _get(name: str, summary: str, *errors: int, tagged: bool = False) -> Json:
    return {
        "operationId": name,
        "summary": summary,
        "responses": {"200": _answer(name, tagged=tagged), **_errors(*errors)},
    }


def _package() -> Json:
    content = {"application/zip": {"schema": {"type": "string", "format": "binary"}}}
    return {
        "operationId": "package",
        "summary": "The files of an edition, of the current one unless told",
        "parameters": [_query("edition", "The number of an edition.", 2**31 - 1)],
        "responses": {
            "200": {"description": "The package.", "content": content},
            **_errors(404, 422),
        },
    }


def _offered() -> Json:
    return {
        "operationId": "offeredAnnouncement",
        "summary": "The announcement of an edition, or what would be said of it, and to how many",
        "parameters": [_query("edition", "The number of an edition.", 2**31 - 1)],
        "responses": {"200": _answer("announcement"), **_errors(404, 422)},
    }


def _announce() -> Json:
    text = {"type": "string", "minLength": 1, "maxLength": TEXT_LIMIT}
    texts = object_of(dict.fromkeys(LANGUAGES, text))
    summary = (
        "Tell those who want news of the current edition, once; standard texts where none are given"
    )
    return _change("announce", summary, object_of({"texts": texts}), "announcement")


def _stop() -> Json:
    return {
        "operationId": "stopAnnouncing",
        "summary": "Tell nobody else",
        "parameters": [IDEMPOTENCY_KEY],
        "responses": {"200": _answer("announcement"), **_errors(400, 404, 409, 422)},
    }


def _undo() -> Json:
    body = object_of(
        {
            "edition": {"type": "integer", "minimum": 1, "maximum": 2**31 - 1},
            "why": WHY,
        },
        "edition",
    )
    return _change("undo", "Make an earlier edition current again", body)


def _publish() -> Json:
    return _change(
        "publish",
        "Make a draft's edition current",
        object_of({"why": WHY, "confirm_warnings": FLAG}),
    )


def _change(name: str, summary: str, body: Json, answer: str = "edition") -> Json:
    errors = _errors(400, 404, 408, 409, 412, 413, 415, 422, 428)
    return {
        "operationId": name,
        "summary": summary,
        "parameters": [IF_MATCH, IF_NONE_MATCH, IDEMPOTENCY_KEY],
        "requestBody": {"required": True, "content": {"application/json": {"schema": body}}},
        "responses": {"200": _answer(answer, tagged=answer == "edition"), **errors},
    }


def _upload() -> Json:
    plain = {type_: {"schema": {"type": "string", "format": "binary"}} for type_ in NAMES}
    file = object_of({"file": {"type": "string", "format": "binary"}}, "file")
    return {
        "operationId": "upload",
        "summary": "Hand in a package, or a file of one, as a draft",
        "description": "2 MB at most. What is not whole is laid over the current edition.",
        "parameters": [
            {**_named("instrument", "query"), "description": "Where the file does not say it."},
            {**_named("name", "query"), "description": "The file's name, such as lv.po."},
            IDEMPOTENCY_KEY,
        ],
        "requestBody": {
            "required": True,
            "content": {**plain, "multipart/form-data": {"schema": file}},
        },
        "responses": {"201": _answer("draft"), **_errors(400, 408, 409, 413, 415, 422)},
    }


def _named(name: str, place: str, **more: Any) -> Json:
    return {"name": name, "in": place, "schema": TEXT, **more}


def _query(name: str, description: str, most: int) -> Json:
    schema = {"type": "integer", "minimum": 1, "maximum": most}
    return {"name": name, "in": "query", "description": description, "schema": schema}


INSTRUMENT = _named("instrument", "path", required=True)
DRAFT = _named("draft", "path", required=True)
ANNOUNCEMENT = {
    **_named("announcement", "path", required=True),
    "schema": {"type": "integer", "minimum": 1, "maximum": 2**31 - 1},
}
IF_MATCH = _named(
    "If-Match",
    "header",
    description="The digest that is believed to be current, in quotation marks. This, or If-None-Match.",
)
IF_NONE_MATCH = {
    **_named("If-None-Match", "header", description="* for a new instrument."),
    "schema": {"const": "*"},
}
IDEMPOTENCY_KEY = {
    **_named("Idempotency-Key", "header", description="The same again changes nothing, for a day."),
    "schema": {"type": "string", "pattern": "^[!-~]{1,200}$"},
}
WHY: Json = {"type": "string", "maxLength": 500, "description": "For the log; one line."}


def _answer(schema: str, *, tagged: bool = False) -> Json:
    content = {"application/json": {"schema": ref(schema)}}
    headers = {"headers": {"ETag": {"$ref": "#/components/headers/ETag"}}} if tagged else {}
    return {"description": "Done.", "content": content, **headers}


MEANINGS = {
    400: "The body or a header cannot be read.",
    401: "The token is missing, unknown, expired or revoked.",
    403: "The token lacks the scope.",
    404: "There is no such thing.",
    408: "The body did not arrive in time.",
    409: "No difference; too many open drafts; a draft made from an older edition; an announcement that was begun with "
    "other texts, or that nobody wants to hear; or the same request is under way.",
    412: "Another edition is current than If-Match says. “by” tells who published it, and when.",
    413: "The body is too large.",
    415: "The body is of another type.",
    422: "The package is refused, has problems or unconfirmed warnings, or a value means nothing.",
    428: "If-Match is missing.",
    429: "Too many requests a second.",
    503: "Nothing can be saved just now.",
}


def _errors(*statuses: int) -> Json:
    content = {"application/json": {"schema": ref("error")}}
    return {
        str(status): {"description": MEANINGS[status], "content": content}
        for status in sorted({401, 403, 429, 503, *statuses})
    }
