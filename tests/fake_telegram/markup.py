"""Formatted text: the HTML that Telegram reads, and the entities it makes of it.

The parser behaves as TDLib's `parse_html`, down to the byte offsets in its errors. Where TDLib is
forgiving (a bare `&`, `&nbsp;`, an attribute nobody knows, a link that leads nowhere), the text is
still accepted as it would be, and the fault goes to `problems`.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from html import escape
from typing import NoReturn

from .errors import Json, bad_request

_TYPES = {
    "b": "bold",
    "strong": "bold",
    "i": "italic",
    "em": "italic",
    "u": "underline",
    "ins": "underline",
    "s": "strikethrough",
    "strike": "strikethrough",
    "del": "strikethrough",
    "tg-spoiler": "spoiler",
    "span": "spoiler",
    "a": "text_link",
    "tg-emoji": "custom_emoji",
    "tg-time": "date_time",
    "code": "code",
    "pre": "pre",
    "blockquote": "blockquote",
}
_ATTRIBUTES = {
    "a": {"href"},
    "code": {"class"},
    "span": {"class"},
    "tg-emoji": {"emoji-id"},
    "tg-time": {"unix", "format"},
    "blockquote": {"expandable"},
}
_ORDER = [
    "blockquote",
    "expandable_blockquote",
    "text_link",
    "text_mention",
    "bold",
    "italic",
    "underline",
    "strikethrough",
    "spoiler",
    "custom_emoji",
    "date_time",
    "pre",
    "code",
]
_TAGS = {
    "bold": "b",
    "italic": "i",
    "underline": "u",
    "strikethrough": "s",
    "spoiler": "tg-spoiler",
    "code": "code",
    "pre": "pre",
    "blockquote": "blockquote",
}
_NAMED = {"lt": "<", "gt": ">", "amp": "&", "quot": '"'}
_SPACE = " \t\r\n\v"
_PLAIN = re.compile(r"[^<>&]+")
_REFERENCE = re.compile(r"&(?:#x([0-9a-fA-F]+)|#([0-9]+)|([a-zA-Z]+));?")
_TAG_NAME = re.compile(r"[^\s>]*")
_ATTRIBUTE_NAME = re.compile(r"[^\s=>]*")
_TOKEN = re.compile(r"[a-zA-Z0-9.-]*")
_FOUND_BY_TELEGRAM = re.compile(
    r"(?P<url>https?://[^\s<>\"]*[^\s<>\".,!?:;)])"
    r"|(?P<email>[\w.+-]+@[\w-]+(?:\.[\w-]+)+)"
    r"|(?<![\w/@])(?P<bot_command>/[A-Za-z0-9_]{1,64}(?:@[A-Za-z]\w{2,31})?)(?![\w/])"
    r"|(?<!\w)(?P<mention>@[A-Za-z]\w{3,31})"
    r"|(?<!\w)(?P<hashtag>#\w+)"
)


def units(text: str) -> int:
    """The length of a text in UTF-16 code units, which is how Telegram counts."""
    if text.isascii():
        return len(text)
    return len(text) + sum(letter > "\uffff" for letter in text)


@dataclass(frozen=True)
class FormattedText:
    """A text and its entities, offsets and lengths in UTF-16 code units."""

    text: str
    entities: list[Json] = field(default_factory=list)

    def stripped(self) -> "FormattedText":
        """Without white space at its ends, as every sent text is."""
        text = self.text.strip()
        if text == self.text:
            return self
        lead = units(self.text[: len(self.text) - len(self.text.lstrip())])
        return FormattedText(text, list(_shifted(self.entities, -lead, units(text))))

    def with_found(self) -> "FormattedText":
        """With the commands, links, mentions and hashtags that Telegram finds by itself."""
        if not any(mark in self.text for mark in "/@#"):
            return self
        taken = [e for e in self.entities if e["type"] in {"code", "pre", "text_link"}]
        found = [e for e in _found(self.text) if not any(_overlap(e, other) for other in taken)]
        return FormattedText(self.text, sorted([*self.entities, *found], key=_position))

    def to_html(self) -> str:
        """The text as the HTML that would produce it; entities that Telegram finds stay plain."""
        raw = self.text.encode("utf-16-le")
        pieces: list[str] = []
        at = 0
        for offset, tag in _tags(self.entities):
            pieces += [escape(raw[2 * at : 2 * offset].decode("utf-16-le"), quote=False), tag]
            at = offset
        pieces.append(escape(raw[2 * at :].decode("utf-16-le"), quote=False))
        return "".join(pieces)


def _shifted(entities: list[Json], by: int, length: int) -> Iterator[Json]:
    for entity in entities:
        start = max(entity["offset"] + by, 0)
        end = min(entity["offset"] + by + entity["length"], length)
        if end > start:
            yield {**entity, "offset": start, "length": end - start}


def _found(text: str) -> Iterator[Json]:
    for match in _FOUND_BY_TELEGRAM.finditer(text):
        kind = match.lastgroup
        assert kind is not None
        start, end = match.span(kind)
        offset = units(text[:start])
        yield {"type": kind, "offset": offset, "length": units(text[start:end])}


def _overlap(one: Json, other: Json) -> bool:
    start = max(one["offset"], other["offset"])
    return bool(start < one["offset"] + one["length"] and start < other["offset"] + other["length"])


def _position(entity: Json) -> tuple[int, int, int]:
    kind = entity["type"]
    rank = _ORDER.index(kind) if kind in _ORDER else len(_ORDER)
    return entity["offset"], -entity["length"], rank


def _tags(entities: list[Json]) -> Iterator[tuple[int, str]]:
    open_ends: list[tuple[int, str]] = []
    for entity in entities:
        opening, closing = _tag_pair(entity)
        while open_ends and open_ends[-1][0] <= entity["offset"]:
            yield open_ends.pop()
        if opening:
            yield entity["offset"], opening
            open_ends.append((entity["offset"] + entity["length"], closing))
    yield from reversed(open_ends)


def _tag_pair(entity: Json) -> tuple[str, str]:
    kind = entity["type"]
    if kind == "text_link":
        return f'<a href="{escape(entity["url"])}">', "</a>"
    if kind == "expandable_blockquote":
        return "<blockquote expandable>", "</blockquote>"
    if kind == "pre" and "language" in entity:
        return f'<pre><code class="language-{escape(entity["language"])}">', "</code></pre>"
    if kind in _TAGS:
        return f"<{_TAGS[kind]}>", f"</{_TAGS[kind]}>"
    return "", ""


@dataclass(frozen=True)
class _OpenTag:
    name: str
    attributes: dict[str, str]
    offset: int
    begun_after: int


class HtmlParser:
    """Reads one text in parse mode HTML."""

    def __init__(self, source: str, problems: list[str]) -> None:
        self._source = source
        self._problems = problems
        self._at = 0
        self._pieces: list[str] = []
        self._length = 0
        self._open: list[_OpenTag] = []
        self._entities: list[Json] = []

    def parse(self) -> FormattedText:
        """The text and its entities; raises `ApiError` where the markup is broken."""
        while self._at < len(self._source):
            if plain := _PLAIN.match(self._source, self._at):
                self._write(plain.group())
                self._at = plain.end()
            else:
                self._special()
        if self._open:
            name = self._open[-1].name
            raise _cannot_parse(f'Can\'t find end tag corresponding to start tag "{name}"')
        for entity in self._entities:
            if entity["type"] == "code":
                entity.pop("language", None)
        return FormattedText("".join(self._pieces), sorted(self._entities, key=_position))

    def _special(self) -> None:
        letter = self._peek()
        if letter == "&":
            self._reference()
        elif letter == ">":
            self._problems.append("a bare '>' in HTML: write &gt;")
            self._write(letter)
            self._at += 1
        elif self._source.startswith("</", self._at):
            self._end_tag()
        else:
            self._start_tag()

    def _write(self, text: str) -> None:
        self._pieces.append(text)
        self._length += units(text)

    def _peek(self) -> str:
        return self._source[self._at : self._at + 1]

    def _take(self, pattern: re.Pattern[str]) -> str:
        match = pattern.match(self._source, self._at)
        assert match is not None, "these patterns match the empty string too"
        self._at = match.end()
        return match.group()

    def _skip_space(self) -> None:
        while self._peek() and self._peek() in _SPACE:
            self._at += 1

    def _fail(self, what: str, at: int) -> NoReturn:
        raise _cannot_parse(f"{what} at byte offset {len(self._source[:at].encode())}")

    def _reference(self) -> None:
        match = _REFERENCE.match(self._source, self._at)
        character = _referenced(match, self._problems) if match else ""
        if match and character:
            self._write(character)
            self._at = match.end()
            return
        self._problems.append(f"a bare '&' in HTML: {self._source[self._at : self._at + 12]!r}")
        self._write("&")
        self._at += 1

    def _start_tag(self) -> None:
        begin = self._at
        self._at += 1
        name = self._take(_TAG_NAME).lower()
        if not self._peek():
            self._fail("Unclosed start tag", begin)
        if name not in _TYPES:
            self._fail(f'Unsupported start tag "{name}"', begin)
        attributes = self._attributes(name, begin)
        self._at += 1
        self._check_tag(name, attributes, begin)
        self._open.append(_OpenTag(name, attributes, self._length, len(self._pieces)))

    def _attributes(self, tag: str, begin: int) -> dict[str, str]:
        attributes: dict[str, str] = {}
        while True:
            self._skip_space()
            if self._peek() == ">":
                return attributes
            name = self._take(_ATTRIBUTE_NAME)
            if not name:
                self._fail(f'Empty attribute name in the tag "{tag}"', begin)
            self._skip_space()
            attributes[name] = self._attribute_value(tag, name, begin)

    def _attribute_value(self, tag: str, name: str, begin: int) -> str:
        if self._peek() != "=":
            if (tag, name) == ("blockquote", "expandable") and self._peek():
                return ""
            what = "Expected equal sign in declaration of an attribute of the tag"
            self._fail(f'{what} "{tag}"', begin)
        self._at += 1
        self._skip_space()
        if not self._peek():
            self._fail(f'Unclosed start tag "{tag}"', begin)
        value = self._quoted() if self._peek() in "'\"" else self._token()
        if not self._peek():
            self._fail("Unclosed start tag", begin)
        return value

    def _quoted(self) -> str:
        start = self._at + 1
        end = self._source.find(self._peek(), start)
        self._at = len(self._source) if end < 0 else end + 1
        raw = self._source[start:end]
        return _REFERENCE.sub(lambda m: _referenced(m, self._problems) or m.group(), raw)

    def _token(self) -> str:
        begin = self._at
        value = self._take(_TOKEN)
        if self._peek() and self._peek() not in _SPACE + ">":
            self._fail("Unexpected end of name token", begin)
        return value.lower()

    def _check_tag(self, name: str, attributes: dict[str, str], begin: int) -> None:
        if name == "span" and attributes.get("class") != "tg-spoiler":
            self._fail('Tag "span" must have class "tg-spoiler"', begin)
        for unknown in attributes.keys() - _ATTRIBUTES.get(name, set()):
            self._problems.append(f"attribute {unknown!r} of <{name}> is ignored")
        inside = {tag.name for tag in self._open}
        if inside & {"code", "pre"} and {name, *inside} != {"code", "pre"}:
            self._problems.append(f"<{name}> inside <code> or <pre> is ignored")
        if name in inside & {"a", "blockquote"}:
            self._problems.append(f"<{name}> inside <{name}> is ignored")

    def _end_tag(self) -> None:
        begin = self._at
        if not self._open:
            self._fail("Unexpected end tag", begin)
        self._at += 2
        found = self._take(_TAG_NAME).lower()
        self._skip_space()
        if self._peek() != ">":
            self._fail("Unclosed end tag", begin)
        expected = self._open[-1].name
        if found not in {"", expected}:
            offset = len(self._source[:begin].encode())
            tags = f'expected "</{expected}>", found "</{found}>"'
            raise _cannot_parse(f"Unmatched end tag at byte offset {offset}, {tags}")
        self._at += 1
        self._close(self._open.pop())

    def _close(self, tag: _OpenTag) -> None:
        length = self._length - tag.offset
        if not length:
            return
        place = {"offset": tag.offset, "length": length}
        content = "".join(self._pieces[tag.begun_after :])
        entity = {"type": _TYPES[tag.name], **place, **self._details(tag, content)}
        if self._is_one_block(tag, place):
            entity = {**self._entities.pop(), **entity, "type": "pre"}
        if self._is_kept(entity, tag):
            self._entities.append(entity)

    def _details(self, tag: _OpenTag, content: str) -> Json:
        given = tag.attributes
        if tag.name == "a":
            return {"url": normal_url(given.get("href", content)) or ""}
        if tag.name == "blockquote" and "expandable" in given:
            return {"type": "expandable_blockquote"}
        if tag.name == "tg-emoji":
            return {"custom_emoji_id": given.get("emoji-id", "")}
        if tag.name == "tg-time":
            moment = given.get("unix", "")
            return {"unix_time": int(moment) if moment.isdecimal() else 0}
        if tag.name == "code" and given.get("class", "").startswith("language-"):
            return {"language": given["class"].removeprefix("language-")}
        return {}

    def _is_one_block(self, tag: _OpenTag, place: Json) -> bool:
        """Whether <pre><code class="language-…"> ends here: together they are one entity."""
        if tag.name not in {"pre", "code"} or not self._entities:
            return False
        last = self._entities[-1]
        same_place = (last["offset"], last["length"]) == (place["offset"], place["length"])
        other = "code" if tag.name == "pre" else "pre"
        language = last if tag.name == "pre" else self._details(tag, "")
        return same_place and last["type"] == other and bool(language.get("language"))

    def _is_kept(self, entity: Json, tag: _OpenTag) -> bool:
        inside = {other.name for other in self._open}
        if entity["type"] == "text_link" and not entity["url"]:
            self._problems.append(f"a link that leads nowhere: {tag.attributes.get('href')!r}")
            return False
        if inside & {"code", "pre"} and {tag.name, *inside} != {"code", "pre"}:
            return False
        return tag.name not in inside & {"a", "blockquote"}


def _cannot_parse(what: str) -> Exception:
    return bad_request(f"can't parse entities: {what}")


def _referenced(match: re.Match[str], problems: list[str]) -> str:
    """The character that a reference stands for, or "" where Telegram leaves it as it is."""
    hexadecimal, decimal, name = match.groups()
    if name:
        character = _NAMED.get(name, "")
    else:
        code = int(hexadecimal, 16) if hexadecimal else int(decimal)
        is_known = 0 < code < 0x10FFFF and len(match.group().rstrip(";")) < 10
        character = _character(code) if is_known else ""
    if character and not match.group().endswith(";"):
        problems.append(f"a reference without its semicolon: {match.group()!r}")
    return character


def _character(code: int) -> str:
    if 0xD800 <= code <= 0xDFFF:
        raise _cannot_parse(
            "Text contains invalid Unicode characters after decoding HTML entities, check for"
            " unmatched surrogate code units"
        )
    return chr(code)


def normal_url(url: str) -> str | None:
    """The address as Telegram keeps it, or None where it sees no link in it."""
    match = re.fullmatch(r"(?:(\w+):(?://)?)?([^\s/?#]*)([^\s]*)", url.strip())
    if not match:
        return None
    scheme, host, rest = (match[1] or "http").lower(), match[2], match[3]
    if scheme in {"tg", "ton", "tonsite", "mailto", "tel"}:
        return url.strip()
    if scheme not in {"http", "https"} or "." not in host.strip("."):
        return None
    return f"{scheme}://{host.lower()}{rest or '/'}"
