"""The shapes of what the content API takes and gives, as JSON Schema."""

from typing import Any

Json = dict[str, Any]

TEXT: Json = {"type": "string"}
DIGEST: Json = {"type": "string", "pattern": "^([0-9a-f]{64})?$"}
MOMENT: Json = {"type": "string", "format": "date-time"}
FLAG: Json = {"type": "boolean"}
COUNT: Json = {"type": "integer", "minimum": 0}


def ref(name: str) -> Json:
    return {"$ref": f"#/components/schemas/{name}"}


def object_of(properties: Json, *required: str) -> Json:
    return {
        "type": "object",
        "properties": properties,
        "required": list(required),
        "additionalProperties": False,
    }


def whole(**properties: Json) -> Json:
    """An object that always has all of these."""
    return object_of(properties, *properties)


def list_of(items: Json) -> Json:
    return {"type": "array", "items": items}


def or_null(type_: str) -> Json:
    return {"type": [type_, "null"]}


def schemas() -> Json:
    listed = whole(id=TEXT, current=ref("edition"), newer_shipped=or_null("integer"))
    return {
        "problem": whole(file=TEXT, line=COUNT, message=TEXT),
        "edition": whole(
            instrument=TEXT,
            number={"type": "integer", "minimum": 1},
            digest=DIGEST,
            published_at=MOMENT,
            current=FLAG,
            shipped=FLAG,
            has_package=FLAG,
        ),
        "entry": whole(
            at=MOMENT,
            who=TEXT,
            what=TEXT,
            instrument=TEXT,
            before=DIGEST,
            after=DIGEST,
            why=TEXT,
        ),
        "instruments": whole(instruments=list_of(listed)),
        "editions": whole(editions=list_of(ref("edition"))),
        "log": whole(entries=list_of(ref("entry"))),
        "feedback": whole(feedback=list_of(_feedback())),
        "announcement": _announcement(),
        "draft": _draft(),
        "difference": _difference(),
        "impact": whole(assessments=COUNT, asked_again=COUNT, retired=COUNT, carried=COUNT),
        "error": _error(),
    }


def _draft() -> Json:
    return whole(
        id=TEXT,
        instrument=TEXT,
        base=DIGEST,
        digest=DIGEST,
        who=TEXT,
        made_at=MOMENT,
        expires_at=MOMENT,
        no_difference=FLAG,
        published_as=or_null("integer"),
        problems=list_of(ref("problem")),
        warnings=list_of(ref("problem")),
    )


def _announcement() -> Json:
    return whole(
        id=or_null("integer"),
        instrument=TEXT,
        edition={"type": "integer", "minimum": 1},
        digest=DIGEST,
        state={"enum": ["written", "preparing", "sending", "over", "stopped"]},
        texts=whole(bg=TEXT, lv=TEXT, en=TEXT),
        begun_at={**MOMENT, **or_null("string")},
        stopped_at={**MOMENT, **or_null("string")},
        readers=COUNT,
        sent=COUNT,
        left=COUNT,
        away=COUNT,
        failed=COUNT,
        needless=COUNT,
    )


def _feedback() -> Json:
    sentence = whole(verdict=TEXT, text=TEXT)
    counted = {"type": "object", "additionalProperties": COUNT}
    return whole(
        edition={"type": "integer", "minimum": 1},
        key=TEXT,
        language=TEXT,
        counts=counted,
        sentences=list_of(sentence),
    )


def _difference() -> Json:
    counted = {"type": "object", "additionalProperties": COUNT}
    text = whole(key=TEXT, language=TEXT, kind=TEXT, old=or_null("string"), new=or_null("string"))
    structure = whole(part=TEXT, id=TEXT, kind=TEXT, old=TEXT, new=TEXT)
    return whole(
        counts={"type": "object", "additionalProperties": counted},
        texts=list_of(text),
        structure=list_of(structure),
    )


def _error() -> Json:
    told = object_of({"code": TEXT, "message": TEXT}, "code", "message")
    told["properties"] |= {
        "problems": list_of(ref("problem")),
        "warnings": list_of(ref("problem")),
        "current": {"anyOf": [ref("edition"), {"type": "null"}]},
        "by": {"anyOf": [ref("entry"), {"type": "null"}]},
        "incident": TEXT,
    }
    return whole(error=told)
