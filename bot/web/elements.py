"""HTML as elements, not strings, so that nothing goes unescaped."""

from collections.abc import Iterable
from xml.etree import ElementTree as ET

Node = ET.Element


def element(tag: str, /, *inside: Node | str, **attributes: str) -> Node:
    """An element with a text, or with elements, inside."""
    made = ET.Element(tag, attributes)
    for part in inside:
        if isinstance(part, str):
            made.text = part
        else:
            made.append(part)
    return made


def link(text: str, address: str, **attributes: str) -> Node:
    return element("a", text, href=address, **attributes)


def listed(items: Iterable[Node | str]) -> Node:
    return element("ul", *(element("li", item) for item in items))


def head(title: str, *sheets: str) -> Node:
    """What every page of ours begins with; ``sheets`` are styles in ``static``, in order."""
    made = element("head", element("meta", charset="utf-8"), element("title", title))
    screen = "width=device-width, initial-scale=1, viewport-fit=cover"
    made.append(element("meta", name="viewport", content=screen))
    made.append(element("meta", name="color-scheme", content="light dark"))
    for sheet in sheets:
        made.append(element("link", rel="stylesheet", href=f"/static/{sheet}.css"))
    icon = {"rel": "icon", "href": "/static/favicon.svg", "type": "image/svg+xml"}
    made.append(element("link", **icon))
    return made


def document(head_: Node, body: Node, language: str) -> str:
    page = element("html", head_, body, lang=language)
    return "<!doctype html>\n" + ET.tostring(page, encoding="unicode", method="html") + "\n"
