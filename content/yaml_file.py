"""Reading YAML that people write, keeping the line of every value.

PyYAML's own loaders accept a key twice and forget the lines, so the tree of nodes is walked here.
Only what instruments need is taken: mappings, lists, texts, numbers, true and false.
"""

import re
from decimal import Decimal
from pathlib import Path
from typing import Any

import yaml

from content.problems import NOT_UTF_8, ContentError, PackageRefused, Problem, shown
from content.sentences import Sentence, at

Place = tuple[str | int, ...]
"""Where a value stands: keys and list positions from the top, as pydantic's ``loc``."""

INTEGER = "tag:yaml.org,2002:int"
TEXT = "tag:yaml.org,2002:str"
FLOAT = "tag:yaml.org,2002:float"
DIGITS = 15
BOOLEANS = {"true": True, "false": False}


class YamlFile:
    """``data`` is the file's content; ``line(place)`` tells where a value begins.

    Raises ContentError, naming every duplicate key and every value of an unknown kind.
    """

    def __init__(self, name: str, written: bytes) -> None:
        self.name = name
        self._lines: dict[Place, int] = {}
        self._problems: list[Problem] = []
        self._seen: set[int] = set()
        node = self._compose(written)
        self.data: Any = self._value(node, ())
        if self._problems:
            raise ContentError(self._problems)

    def line(self, place: Place) -> int:
        """The line of the value, or of the nearest thing that holds it."""
        while place not in self._lines:
            place = place[:-1]
        return self._lines[place]

    def problem(self, place: Place, message: str) -> Problem:
        """What is wrong with the value there, as its author is told."""
        return Problem(self.name, self.line(place), message)

    def _compose(self, written: bytes) -> yaml.Node:
        try:
            node = yaml.compose(written.decode("utf-8-sig"), Loader=yaml.CSafeLoader)
        except UnicodeDecodeError as error:
            line = written[: error.start].count(b"\n") + 1
            raise self._unreadable(line, NOT_UTF_8) from None
        except yaml.MarkedYAMLError as error:
            line = error.problem_mark.line + 1 if error.problem_mark else 1
            raise self._unreadable(line, _not_yaml(error.problem)) from None
        except yaml.YAMLError as error:
            raise self._unreadable(1, _not_yaml(error)) from None
        if node is None:
            told = Sentence("the file is empty: write the instrument into it")
            raise self._unreadable(1, told)
        return node

    def _unreadable(self, line: int, message: str) -> ContentError:
        return ContentError([Problem(self.name, line, message)])

    def _value(self, node: yaml.Node, place: Place) -> Any:
        self._lines[place] = node.start_mark.line + 1
        if id(node) in self._seen:
            self._report(node, Sentence("aliases (*name) are not taken: write the text out"))
            return None
        self._seen.add(id(node))
        if isinstance(node, yaml.MappingNode):
            return self._mapping(node, place)
        if isinstance(node, yaml.SequenceNode):
            return [self._value(item, (*place, i)) for i, item in enumerate(node.value)]
        return self._scalar(node)

    def _mapping(self, node: yaml.MappingNode, place: Place) -> dict[str, Any]:
        result: dict[str, Any] = {}
        for key_node, value_node in node.value:
            key = str(key_node.value)
            if not isinstance(key_node, yaml.ScalarNode):
                self._report(key_node, Sentence("a key must be a single word: correct it"))
            elif key in result:
                told = Sentence("“{key}” stands here twice: keep one of them", key=key)
                self._report(key_node, told)
            result[key] = self._value(value_node, (*place, key))
        return result

    def _scalar(self, node: yaml.Node) -> str | int | Decimal | None:
        if node.tag == TEXT:
            return str(node.value)
        if node.tag in (INTEGER, FLOAT) and len(str(node.value)) > DIGITS:
            told = Sentence(
                "the number has more than {limit} digits: write a shorter one", limit=DIGITS
            )
            self._report(node, told)
            return None
        if node.tag == INTEGER and str(node.value).isdecimal():
            return int(node.value)
        if node.tag == FLOAT and re.fullmatch(r"\d+\.\d+", str(node.value)):
            return Decimal(node.value)
        if str(node.value) in BOOLEANS:
            return BOOLEANS[node.value]
        told = Sentence("{value} is not a text: put it in quotation marks", value=repr(node.value))
        self._report(node, told)
        return None

    def _report(self, node: yaml.Node, message: str) -> None:
        self._problems.append(Problem(self.name, node.start_mark.line + 1, message))


def _not_yaml(reason: object) -> Sentence:
    """``reason`` is libyaml's own, in English."""
    return Sentence("not valid YAML: {reason}", reason=str(reason))


def read_yaml(path: Path) -> YamlFile:
    """Raises ContentError as ``YamlFile`` does."""
    return YamlFile(shown(path), path.read_bytes())


DEPTH = 20
"""Lists and mappings within each other; instruments need eight."""


def refuse_tricks(name: str, written: str) -> None:
    """Raises PackageRefused for what no instrument needs, before anything is built from the file:
    tags, anchors, aliases, directives, and nesting beyond DEPTH. Other faults are left to YamlFile."""
    depth = 0
    try:
        for event in yaml.parse(written, Loader=yaml.CSafeLoader):
            depth += _step(event)
            if trick := _trick(event) or (TOO_DEEP if depth > DEPTH else None):
                line = event.start_mark.line + 1 if event.start_mark else 1
                told = Sentence("{trick} is not taken: write it out plainly", trick=trick)
                raise PackageRefused(at(name, line, told))
    except yaml.YAMLError:
        return


TOO_DEEP = Sentence("nesting deeper than 20")


def _step(event: yaml.Event) -> int:
    if isinstance(event, yaml.CollectionStartEvent):
        return 1
    return -1 if isinstance(event, yaml.CollectionEndEvent) else 0


def _trick(event: yaml.Event) -> Sentence | None:
    if isinstance(event, yaml.AliasEvent):
        return Sentence("an alias (*name)")
    if getattr(event, "anchor", None):
        return Sentence("an anchor (&name)")
    if getattr(event, "tag", None):
        return Sentence("a tag (!name)")
    if isinstance(event, yaml.DocumentStartEvent) and (event.tags or event.version):
        return Sentence("a directive (%name)")
    return None
