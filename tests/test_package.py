"""Hostile and broken content packages, each with what its author is told; and what is taken."""

import io
import re
import stat
import warnings
import zipfile
from pathlib import Path

import pytest
from babel.messages.pofile import read_po

from bot.bases import shipped_package
from bot.shipped import INSTRUMENTS
from content.check import check
from content.compiled import load_edition
from content.compiler import compile_edition
from content.package import (
    FILES,
    Package,
    PackageRefused,
    chosen_base,
    read_folder,
    read_parts,
    to_zip,
)
from content.po_file import PoFile
from content.problems import Problem
from locales import catalogue_path
from tests.packages import (
    Edit,
    changed,
    everywhere,
    package,
    patched,
    put,
    refusal,
    report,
    with_file,
    zipped,
    zipped_entry,
)

TINY = package()
WHOLE = {f"tiny/{name}": content for name, content in TINY.files.items()}
LV, YAML = "lv.po", "instrument.yaml"


def entry(name: str, mode: int = stat.S_IFREG | 0o644) -> zipfile.ZipInfo:
    info = zipfile.ZipInfo(name)
    info.external_attr = mode << 16
    return info


def twice(name: str) -> bytes:
    packed = io.BytesIO()
    with warnings.catch_warnings(), zipfile.ZipFile(packed, "w") as archive:
        warnings.simplefilter("ignore")  # it warns of the very thing that is made here
        archive.writestr(name, b"a")
        archive.writestr(name, b"b")
    return packed.getvalue()


def with_flag(packed: bytes, bit: int) -> bytes:
    """The flag in both places where a zip keeps it."""
    raw = bytearray(packed)
    raw[6] |= bit
    raw[packed.index(b"PK\x01\x02") + 8] |= bit
    return bytes(raw)


def with_method(packed: bytes, method: int) -> bytes:
    raw = bytearray(packed)
    raw[8] = method
    raw[packed.index(b"PK\x01\x02") + 10] = method
    return bytes(raw)


def with_size(packed: bytes, size: int) -> bytes:
    """A zip that says its first file has that size unpacked."""
    raw = bytearray(packed)
    place = packed.index(b"PK\x01\x02") + 24
    raw[22:26] = raw[place : place + 4] = size.to_bytes(4, "little")
    return bytes(raw)


ONE = zipped({"lv.po": TINY.files[LV]})
ARCHIVE = "an archive within the zip"
LEADS_OUT, ODD = "leads out of the package", "is an odd name"
TOO_MANY, TOO_LARGE = "more than 20 files", "larger than 4 MB"
MEGABYTE = 1024 * 1024

# --- Refused for what they are -----------------------------------------------------------------

HOSTILE_FILES = {
    "larger than 2 MB": ("a.zip", b"PK" + bytes(2 * MEGABYTE), "larger than 2 MB"),
    "catalogue larger than 2 MB": ("lv.po", b"#" * (2 * MEGABYTE + 1), "larger than 2 MB"),
    "a picture": ("photo.png", b"\x89PNG", "This is not a content package"),
    "no name": ("", b"id: tiny", "This is not a content package"),
    "a script": ("run.sh", b"#!/bin/sh", "This is not a content package"),
    "a tar": ("tiny.tar.gz", b"\x1f\x8b\x08", "This is not a content package"),
    "not a zip": ("a.zip", b"hello", "This is not a zip"),
    "empty": ("a.zip", b"", "This is not a zip"),
    "cut off": ("a.zip", ONE[:-30], "This is not a zip"),
    "only its end": ("a.zip", b"PK\x05\x06" + bytes(18), "There is nothing to read"),
    "directory elsewhere": ("a.zip", patched(ONE, b"PK\x01\x02", b"PK\x01\x03"), "is damaged"),
    "data damaged": ("a.zip", patched(ONE, b"PK\x03\x04", b"PK\x03\x05"), "is damaged"),
    "content damaged": ("a.zip", ONE[:60] + b"\x00" * 40 + ONE[100:], "is damaged"),
    "a folder only": ("a.zip", zipped({"tiny/": b""}), "There is nothing to read"),
    "climbs": ("a.zip", zipped({"../instrument.yaml": b"x"}), LEADS_OUT),
    "climbs inside": ("a.zip", zipped({"tiny/../../lv.po": b"x"}), LEADS_OUT),
    "absolute": ("a.zip", zipped({"/etc/passwd": b"x"}), LEADS_OUT),
    "home": ("a.zip", zipped({"~/lv.po": b"x"}), LEADS_OUT),
    "drive": ("a.zip", zipped({"C:/lv.po": b"x"}), LEADS_OUT),
    "backslash": ("a.zip", patched(zipped({"a/lv.po": b"x"}), b"a/lv.po", b"a\\lv.po"), LEADS_OUT),
    "stream": ("a.zip", zipped({"lv.po:hidden": b"x"}), LEADS_OUT),
    "letters of another script": ("a.zip", zipped({"lv.pо": b"x"}), ODD),
    "right to left": ("a.zip", zipped({"lv\u202eop.": b"x"}), ODD),
    "line break in it": ("a.zip", zipped({"lv\n.po": b"x"}), ODD),
    "null in it": ("a.zip", patched(zipped({"lvX.po": b"x"}), b"lvX.po", b"lv\0.po"), ODD),
    "very long": ("a.zip", zipped({"a" * 101 + ".po": b"x"}), ODD),
    "doubled slash": ("a.zip", zipped({"tiny//lv.po": b"x"}), ODD),
    "symlink": ("a.zip", zipped_entry(entry("lv.po", stat.S_IFLNK | 0o777)), "a link or a device"),
    "pipe": ("a.zip", zipped_entry(entry("lv.po", stat.S_IFIFO)), "a link or a device"),
    "device": ("a.zip", zipped_entry(entry("lv.po", stat.S_IFCHR)), "a link or a device"),
    "zip in it": ("a.zip", zipped({"more.zip": b"x"}), ARCHIVE),
    "tar in it": ("a.zip", zipped({"more.tar": b"x"}), ARCHIVE),
    "zip by another name": ("a.zip", zipped({"lv.po": ONE}), ARCHIVE),
    "gzip by another name": ("a.zip", zipped({"lv.po": b"\x1f\x8b\x08"}), ARCHIVE),
    "same name twice": ("a.zip", twice("lv.po"), "is in the zip twice"),
    "same name in capitals": ("a.zip", zipped({"lv.po": b"x", "LV.po": b"x"}), "in the zip twice"),
    "same file in two places": (
        "a.zip",
        zipped({"lv.po": b"x", "tiny/lv.po": b"x"}),
        "lv.po is there twice",
    ),
    "two instruments": ("a.zip", zipped({"a/lv.po": b"x", "b/bg.po": b"x"}), "several instruments"),
    "something else in it": ("a.zip", zipped({**WHOLE, "notes.txt": b"x"}), "is no file of a package"),
    "another language": ("a.zip", zipped({"de.po": b"x"}), "is no file of a package"),
    "a deep folder": ("a.zip", zipped({"a/b/c/lv.po": b"x"}), "is no file of a package"),
    "21 files": ("a.zip", zipped({f"{n}.po": b"" for n in range(21)}), TOO_MANY),
    "40,000 files": ("a.zip", ONE[:-22] + b"PK\x05\x06" + b"\0" * 4 + b"\x40\x9c" * 2 + bytes(10), TOO_MANY),
    "a long list of files": ("a.zip", ONE[:-10] + b"\xff\xff\xff\x00" + ONE[-6:], TOO_MANY),
    "bomb that says so": ("a.zip", zipped({"lv.po": bytes(5 * MEGABYTE)}), TOO_LARGE),
    "bomb of many": ("a.zip", zipped({f"{n}.po": bytes(MEGABYTE) for n in range(5)}), TOO_LARGE),
    "bomb that lies": ("a.zip", with_size(zipped({"lv.po": bytes(9 * MEGABYTE)}), 10), "is damaged"),
    "smaller than it says": ("a.zip", with_size(zipped({"lv.po": b"x"}), 900), "is damaged"),
    "locked": ("a.zip", with_flag(ONE, 1), "locked with a password"),
    "bzip2": ("a.zip", zipped({"lv.po": b"x"}, zipfile.ZIP_BZIP2), "an unusual way"),
    "lzma": ("a.zip", zipped({"lv.po": b"x"}, zipfile.ZIP_LZMA), "an unusual way"),
    "unknown method": ("a.zip", with_method(ONE, 99), "an unusual way"),
    "catalogue of no language": ("texts.po", b'msgid ""\nmsgstr ""\n', "does not say its language"),
    "catalogue in German": ("x.po", b'msgid ""\nmsgstr ""\n"Language: de\\n"\n', "say its language"),
}  # fmt: skip


@pytest.mark.parametrize("case", HOSTILE_FILES)
def test_hostile_file__is_refused_in_one_sentence(case: str) -> None:
    name, content, says = HOSTILE_FILES[case]
    told = refusal(name, content)
    assert says in told
    assert told.endswith(".")
    assert "\n" not in told
    assert ": " in told, "what to do stands behind a colon"


@pytest.mark.parametrize("place", range(0, len(ONE), 7))
def test_zip__with_any_byte_changed__is_taken_or_refused(place: int) -> None:
    """And never fails in another way."""
    spoilt = ONE[:place] + bytes([ONE[place] ^ 0xFF]) + ONE[place + 1 :]
    try:
        taken = bool(read_parts("a.zip", spoilt).files)
    except PackageRefused as refused:
        taken = str(refused).endswith(".")
    assert taken


# --- Refused for what is hidden in them --------------------------------------------------------

END = len(TINY.files[YAML].decode().splitlines()) + 2
LEVELS = "a: " + "[" * 21 + "]" * 21
ABOUT = "about: A check for tests."

HOSTILE_TEXTS: dict[str, tuple[str, Edit, int, str]] = {
    "tag": (YAML, put("minutes: 1", "minutes: !!int 1"), 6, "a tag (!name)"),
    "tag of Python": (
        YAML,
        put("minutes: 1", "minutes: !!python/object/apply:os.system [ls]"),
        6,
        "a tag (!name)",
    ),
    "tag of its own": (YAML, put("title: ", "title: !secret "), 3, "a tag (!name)"),
    "anchor": (YAML, put("minutes: 1", "minutes: &a 1"), 6, "an anchor (&name)"),
    "anchor on a list": (YAML, put("levels:", "levels: &a"), 12, "an anchor (&name)"),
    "alias": (YAML, put("minutes: 1", "minutes: *a"), 6, "an alias (*name)"),
    "bomb of aliases": (
        YAML,
        lambda text: "a: &a [x, x]\nb: &b [*a, *a]\nc: [*b, *b]\n" + text,
        1,
        "an anchor (&name)",
    ),
    "directive": (YAML, lambda text: f"%YAML 1.1\n---\n{text}", 1, "a directive (%name)"),
    "directive for tags": (
        YAML,
        lambda text: f"%TAG ! tag:example.org,2026:\n---\n{text}",
        1,
        "a directive (%name)",
    ),
    "too deep": (YAML, lambda text: f"{text}\n{LEVELS}\n", END, "nesting deeper than 20"),
    "very deep": (YAML, lambda text: f"{text}\na: {'[' * 50_000}", END, "nesting deeper than 20"),
    "deep mappings": (
        YAML,
        lambda text: f"{text}\na: {'{b: ' * 21}1{'}' * 21}\n",
        END,
        "nesting deeper than 20",
    ),
    "null": (YAML, put("Tiny check", "Tiny\0check"), 3, "U+0000"),
    "bell": (YAML, put("Tiny check", "Tiny\x07check"), 3, "U+0007"),
    "escape": (LV, put("Maza", "\x1b[31mMaza"), 12, "U+001B"),
    "delete": (LV, put("Maza", "Maza\x7f"), 12, "U+007F"),
    "vertical tab": (LV, put("Maza", "Maza\x0b"), 12, "U+000B"),
    "bare carriage return": (LV, put("Maza", "Maza\r"), 12, "U+000D"),
    "right-to-left override": (LV, put("Maza", "\u202eMaza"), 12, "U+202E RIGHT-TO-LEFT OVERRIDE"),
    "left-to-right embedding": (LV, put("Maza", "\u202aMaza"), 12, "U+202A"),
    "isolate": (LV, put("Maza", "\u2066Maza"), 12, "U+2066"),
    "right-to-left mark": (YAML, put("Tiny", "\u200fTiny"), 3, "U+200F"),
    "zero-width space": (YAML, put("Tiny", "Ti\u200bny"), 3, "U+200B ZERO WIDTH SPACE"),
    "zero-width no-break space": (YAML, put("Tiny", "Ti\ufeffny"), 3, "U+FEFF"),
    "zero-width joiner in a word": (LV, put("Maza", "Ma\u200dza"), 12, "U+200D"),
    "zero-width non-joiner": (LV, put("Maza", "Ma\u200cza"), 12, "U+200C"),
    "joiner after an emoji only": (LV, put("Maza", "👩\u200dMaza"), 12, "U+200D"),
    "word joiner": (LV, put("Maza", "Ma\u2060za"), 12, "U+2060"),
    "soft hyphen": (LV, put("Maza", "Ma\u00adza"), 12, "U+00AD"),
    "line separator": (LV, put("Maza", "Ma\u2028za"), 12, "U+2028"),
    "tag letters": (LV, put("Maza", "Maza\U000e0041"), 12, "U+E0041"),
    "private letter": (LV, put("Maza", "Ma\ue000za"), 12, "U+E000"),
    "unassigned letter": (LV, put("Maza", "Ma\u0378za"), 12, "U+0378"),
    "blank letter": (LV, put("Maza", "\u3164Maza"), 12, "U+3164"),
    "hidden in a remark": (YAML, lambda text: f"# a\u202eb\n{text}", 1, "U+202E"),
    "hidden in a key": (YAML, put("title:", "ti\u200btle:"), 3, "U+200B"),
}


@pytest.mark.parametrize("case", HOSTILE_TEXTS)
def test_hostile_text__is_refused_with_file_line_and_remedy(case: str) -> None:
    file, edit, line, says = HOSTILE_TEXTS[case]
    with pytest.raises(PackageRefused) as refused:
        check(changed(edit, file=file))
    told = str(refused.value)
    assert told.startswith(f"{file}:{line}: ")
    assert says in told
    assert re.search(r": (remove it|write it out plainly)\.$", told)


ENCODINGS = ("utf-16", "utf-16-le", "cp1257", "iso-8859-13")


def encoded(file: str, encoding: str) -> Package:
    text = "# ā\n" + TINY.files[file].decode()
    return with_file(file, text.encode(encoding, "replace"))


@pytest.mark.parametrize("file", [YAML, LV])
@pytest.mark.parametrize("encoding", ENCODINGS)
def test_file__in_another_encoding__is_refused_with_its_line(file: str, encoding: str) -> None:
    with pytest.raises(
        PackageRefused, match=rf"^{file}:\d+: (this is not UTF-8|there is a hidden)"
    ):
        check(encoded(file, encoding))


# --- Mistakes that are told all at once --------------------------------------------------------


def link_to(url: str) -> Edit:
    return put("minutes: 1", f"minutes: 1\nlinks: [{{url: '{url}', text: A}}]")


def correction(key: str, english: str, flags: str = "") -> Edit:
    """An ``en.po`` with one entry."""
    return lambda _: f'{flags}msgctxt "{key}"\nmsgid "{english}"\nmsgstr "A"\n'


STATEMENT = "text: We follow the rules."
LATVIAN = '"Mēs ievērojam noteikumus."'
SCALE = "{id: full, points: 3, label: Fully agree, typed: completely agree}"
MISTAKES: dict[str, tuple[str, Edit, str]] = {
    # the file's shape
    "unknown key": (YAML, put("minutes: 1", "minutes: 1\nminuts: 2"), "there is no such key"),
    "unknown key in a tip": (YAML, put("{id: 1, for", "{id: 1, fore: x, for"), "there is no such key"),
    "key twice": (YAML, put("minutes: 1", "minutes: 1\nminutes: 2"), "stands here twice"),
    "key twice in a tip": (YAML, put("{id: 1, for", "{id: 1, id: 1, for"), "stands here twice"),
    "key that is a list": (YAML, put("minutes: 1", "minutes: 1\n? [a]\n: b"), "a single word"),
    "key missing": (YAML, put("minutes: 1\n", ""), "“minutes”: it is missing"),
    "text missing": (YAML, put("        why: Rules protect people.\n", ""), "“why”: it is missing"),
    "text empty": (YAML, put(STATEMENT, 'text: ""'), "the text is empty"),
    "text of spaces": (YAML, put(STATEMENT, 'text: "   "'), "the text is empty"),
    "number for a text": (YAML, put(STATEMENT, "text: 12"), "it must be a text"),
    "list for a text": (YAML, put(STATEMENT, "text: [a]"), "it must be a text"),
    "text for a number": (YAML, put("minutes: 1", "minutes: soon"), "correct it"),
    "null": (YAML, put("minutes: 1", "minutes: ~"), "put it in quotation marks"),
    "a date": (YAML, put('id: "1.1"', "id: 2026-11-21"), "put it in quotation marks"),
    "infinity": (YAML, put("minutes: 1", "minutes: .inf"), "put it in quotation marks"),
    "octal": (YAML, put("minutes: 1", "minutes: 0o17"), "minutes"),
    "negative minutes": (YAML, put("minutes: 1", "minutes: -1"), "put it in quotation marks"),
    "no minutes at all": (YAML, put("minutes: 1", "minutes: 0"), "too small"),
    "number without end": (YAML, put("minutes: 1", f"minutes: {'9' * 5000}"), "more than 15 digits"),
    "colon too many": (YAML, put("title: Tiny", "title: Tiny: a"), "not valid YAML"),
    "quotation mark open": (YAML, put("title: Tiny", 'title: "Tiny'), "not valid YAML"),
    "indented by a tab": (YAML, put("    title: Rules", "\ttitle: Rules"), "not valid YAML"),
    "two documents": (YAML, lambda text: f"{text}\n---\na: b\n", "not valid YAML"),
    "empty file": (YAML, lambda _: "", "the file is empty"),
    "only a remark": (YAML, lambda _: "# tiny\n", "the file is empty"),
    "a list": (YAML, lambda _: "- a\n", "it must have keys with values"),
    "a word": (YAML, lambda _: "hello\n", "it must have keys with values"),
    # ids and references
    "id of another script": (YAML, put('id: "1.1"', 'id: "1.1а"'), "an id is made of"),
    "id with a slash": (YAML, put('id: "1.1"', 'id: "1/1"'), "an id is made of"),
    "id with a colon": (YAML, put('id: "1.1"', 'id: "1:1"'), "an id is made of"),
    "id too long": (YAML, put('id: "1.1"', f'id: "{"a" * 25}"'), "an id is made of"),
    "id unquoted": (YAML, put('id: "1.1"', "id: 1.1"), "put it in quotation marks"),
    "statement twice": (YAML, put('id: "1.2"', 'id: "1.1"'), "“1.1” is used already"),
    "section twice": (YAML, put('- id: "2"', '- id: "1"'), "“1” is used already"),
    "tip twice": (YAML, put("{id: 2, for", "{id: 1, for"), "“1” is used already"),
    "level twice": (YAML, put("{id: high", "{id: low"), "“low” is used already"),
    "answer twice": (YAML, put("{id: rather", "{id: full"), "“full” is used already"),
    "unknown topic": (YAML, put("topic: G1", "topic: G9"), "is not among the topics"),
    "unknown answer in a tip": (YAML, put("[hardly, none]", "[hardly, nobody]"), "is not an answer"),
    "tip for nobody": (YAML, put("[hardly, none]", "[]"), "the list is empty"),
    "other instrument": (YAML, put("id: tiny", "id: other"), "the package's is “tiny”"),
    "scale unknown": (YAML, put('revision: 1', "revision: 1\n        scale: big"), "there is no scale"),
    "revision nought": (YAML, put("revision: 1", "revision: 0"), "“revision”: the number is too small"),
    "kind unknown": (YAML, put("revision: 1", "revision: 1\n        kind: song"), "kind"),
    "number without bounds": (YAML, put("revision: 1", "revision: 1\n        kind: number"), "needs “minimum”"),
    "list without items": (YAML, put("revision: 1", "revision: 1\n        kind: checklist"), "needs “items”"),
    "limit of a choice": (YAML, put("revision: 1", "revision: 1\n        limit: 5"), "has no “limit”"),
    # scale and scoring
    "scale of one": (YAML, everywhere("  - {id: hardly", "  # - {id: hardly"), "is not an answer"),
    "points that rise": (YAML, put("points: 3", "points: 0"), "must fall from the first answer"),
    "points all alike": (YAML, everywhere("points: ", "points: 1 # "), "not valid YAML"),
    "points below nought": (YAML, put("points: 0", "points: -1"), "put it in quotation marks"),
    "levels out of order": (YAML, put("from_percent: 60", "from_percent: 0"), "put them in order"),
    "levels not from nought": (YAML, put("from_percent: 0", "from_percent: 5"), "put them in order"),
    "levels beyond all": (YAML, put("from_percent: 60", "from_percent: 101"), "too large"),
    "levels in points": (YAML, put("from_percent: 60", "from_points: 2"), "begins at “from_percent”"),
    "result without levels": (YAML, put("minutes: 1", "minutes: 1\nresult: points"), "“from_points”"),
    "result that nothing counts for": (
        YAML,
        lambda text: text.replace("minutes: 1", "minutes: 1\nresult: points").replace("from_percent", "from_points"),
        "there is none, add one",
    ),
    "result unknown": (YAML, put("minutes: 1", "minutes: 1\nresult: stars"), "result"),
    "day that is none": (YAML, put("minutes: 1", 'minutes: 1\ndue: "02-30"'), "such as 01-31"),
    "leap day": (YAML, put("minutes: 1", 'minutes: 1\ndue: "02-29"'), "such as 01-31"),
    "required by nobody": (YAML, put("revision: 1", "revision: 1\n        required: 7"), "no answer counts 7"),
    "tip behind three others": (
        YAML,
        put(
            "          - {id: 2, for: [full, rather], topic: G1, source: ours, text: Teach the rules.}",
            "\n".join(
                f"          - {{id: {n}, for: [rather], topic: G1, source: ours, text: Tip {n}.}}"
                for n in range(2, 6)
            ),
        ),
        "no answer leads to this tip",
    ),
    # links
    "link not safe": (YAML, link_to("http://a.org"), "begins with https"),
    "link to a script": (YAML, link_to("javascript:alert(1)"), "https"),
    "link with a space": (YAML, link_to("https://a.org/a b"), "https"),
    "link with a password": (YAML, link_to("https://a@b.org"), "https"),
    "link to nowhere": (YAML, link_to("https://"), "https"),
    # texts
    "bold": (YAML, put("We follow the", "We <b>follow</b> the"), "“<b>” is an HTML tag"),
    "script": (YAML, put("We follow the", "We <script>x</script>"), "is an HTML tag"),
    "remark in HTML": (LV, put("Mēs ievērojam", "Mēs <!-- a --> ievērojam"), "is an HTML tag"),
    "entity": (YAML, put("We follow the", "We &amp; the"), "is an HTML entity"),
    "stars": (YAML, put("We follow the", "We **follow** the"), "is bold or struck type"),
    "underscores": (LV, put("Mēs ievērojam", "Mēs __ievērojam__"), "is bold or struck type"),
    "single stars": (LV, put("Mēs ievērojam", "Mēs *ievērojam*"), "is italic type"),
    "code": (LV, put("Mēs ievērojam", "Mēs `ievērojam`"), "is code"),
    "heading": (LV, put("Mēs ievērojam", "# Mēs ievērojam"), "is a heading"),
    "link in Markdown": (LV, put("Mēs ievērojam", "[Mēs](https://a.org)"), "is a link in the text"),
    "address": (LV, put("Mēs ievērojam", "Mēs, https://a.org, ievērojam"), "is an address"),
    "address without scheme": (LV, put("Mēs ievērojam", "Mēs www.a.org"), "is an address"),
    "link to a person": (LV, put("Mēs ievērojam", "Mēs tg://user?id=1"), "is an address"),
    "template": (LV, put("Mēs ievērojam", "Mēs {{config}}"), "is a template"),
    "hidden behind an escape": (
        YAML,
        put("title: Tiny check", 'title: "Tiny \\u202e check"'),
        "U+202E",
    ),
    "control behind an escape": (YAML, put("title: Tiny check", 'title: "Tiny \\x07"'), "U+0007"),
    "tab behind an escape": (LV, put('"Mēs iev', '"Mēs\\tiev'), "U+0009"),
    "label too long": (LV, put('"Drīzāk piekrītu"', f'"{"ā" * 33}"'), "too many for a button"),
    "title too long": (LV, put('"Maza pārbaude"', f'"{"ā" * 65}"'), "64 fit, shorten it"),
    "card too long": (LV, put(LATVIAN, f'"{"Mēs zinām. " * 400}"'), "its card can become"),
    "why too long": (LV, put('"Noteikumi sargā cilvēkus."', f'"{"Jā, tā. " * 500}"'), "its card can"),
    "tip too long": (LV, put('"Izlasiet noteikumus."', f'"{"Jā, tā. " * 520}"'), "the result with its tips"),
    "introduction too long": (LV, put('"Pārbaude testiem."', f'"{"Jā, tā. " * 520}"'), "the introduction can"),
    "scoring too long": (LV, put('"Pašu punkti."', f'"{"Jā, tā. " * 520}"'), "the overall result can"),
    "ampersands too many": (LV, put(LATVIAN, f'"{"& " * 700}"'), "its card can become"),
    "emoji too many": (LV, put(LATVIAN, f'"{"🙂" * 1900}"'), "its card can become"),
    # catalogues
    "missing": (LV, put(f'msgctxt "1.2"\nmsgid "We follow the rules."\nmsgstr {LATVIAN}\n', ""), "no translation"),
    "empty": (LV, put(LATVIAN, '""'), "the translation is empty"),
    "fuzzy": (LV, put('msgctxt "1.2"', '#, fuzzy\nmsgctxt "1.2"'), "marked as doubtful (fuzzy)"),
    "fuzzy among flags": (LV, put('msgctxt "1.2"', '#, c-format, fuzzy\nmsgctxt "1.2"'), "(fuzzy)"),
    "left over": (LV, lambda text: f'{text}\nmsgctxt "9"\nmsgid "a"\nmsgstr "b"\n', "not in the English"),
    "twice": (LV, lambda text: f'{text}\nmsgctxt "title"\nmsgid "Tiny check"\nmsgstr "b"\n', "translated twice"),
    "no place": (LV, lambda text: f'{text}\nmsgid "a"\nmsgstr "b"\n', "has no msgctxt"),
    "English changed": (LV, put('msgid "We follow the rules."', 'msgid "We follow rules."'), "has changed"),
    "plural forms": (
        LV,
        put(f"\nmsgstr {LATVIAN}", f'\nmsgid_plural "a"\nmsgstr[0] {LATVIAN}\nmsgstr[1] "b"'),
        "it has plural forms",
    ),
    "plural forms out of order": (
        LV,
        put(f"\nmsgstr {LATVIAN}", f'\nmsgid_plural "a"\nmsgstr[1] {LATVIAN}'),
        "“msgstr[1]” cannot stand here",
    ),
    "placeholder too many": (LV, put(LATVIAN, '"Mēs {count}."'), "make them the same"),
    "placeholder of C": (LV, put(LATVIAN, '"Mēs %s."'), "its placeholders are %s, in English none"),
    "quotation mark missing": (LV, put(LATVIAN, LATVIAN[:-1]), "cannot be read"),
    "quotation marks missing": (LV, put(LATVIAN, "Mēs"), "cannot be read"),
    "quotation mark within": (LV, put("Mēs iev", 'Mēs "iev'), "cannot be read"),
    "keyword misspelt": (LV, put("msgstr", "msgster"), "cannot be read"),
    "merge left over": (LV, put('msgctxt "1.2"', '<<<<<<< HEAD\nmsgctxt "1.2"'), "cannot be read"),
    "escape unknown": (LV, put("Mēs iev", "Mēs\\xiev"), "means nothing here"),
    "msgstr twice": (LV, put(LATVIAN, f'{LATVIAN}\nmsgstr "b"'), "“msgstr” cannot stand here"),
    "msgid twice": (LV, put('msgid "We f', 'msgid "We"\nmsgid "We f'), "“msgid” cannot stand here"),
    "msgstr first": (LV, lambda text: f'msgstr "a"\n{text}', "“msgstr” cannot stand here"),
    "text first": (LV, lambda text: f'"a"\n{text}', "this text belongs to nothing"),
    "cut off": (LV, lambda text: text[: text.rindex("msgstr")], "the entry is not finished"),
    "header of another language": (LV, put("Language: lv", "Language: bg"), "rename the file"),
    "header of another charset": (LV, put("charset=utf-8", "charset=cp1257"), "another charset"),
    "header twice": (LV, lambda text: f'{text}\nmsgid ""\nmsgstr ""\n', "there is a second header"),
    "empty catalogue": (LV, lambda _: "", "there is no translation"),
    "words to type shared": (LV, put('"pilnīgi piekrītu"', '"drīzāk piekrītu"'), "means two answers"),
    "words to type empty": (LV, put('"pilnīgi piekrītu"', '"pilnīgi piekrītu;"'), "nothing behind it"),
    "correction in doubt": ("en.po", correction("title", "Tiny check", "#, fuzzy\n"), "(fuzzy)"),
    "correction of nothing": ("en.po", correction("tittle", "Tiny check"), "not in the English"),
    "correction outdated": ("en.po", correction("title", "Old"), "has changed"),
}  # fmt: skip


@pytest.mark.parametrize("case", MISTAKES)
def test_mistake__is_told_with_file_line_and_remedy(case: str) -> None:
    file, edit, says = MISTAKES[case]
    looked_at = changed(edit, file=file, of=with_file("en.po", b""))
    found = report(looked_at)
    assert found.edition is None
    assert any(says in problem.message for problem in found.problems), found.problems
    for problem in found.problems:
        assert 1 <= problem.line <= max(looked_at.files[problem.file].count(b"\n"), 1)
        assert re.search("[:,] ", problem.message), "what to do stands at the end"
    assert list(found.problems) == sorted(found.problems, key=place)


def place(problem: Problem) -> tuple[int, Problem]:
    """The instrument first, then the catalogues, each by line."""
    return FILES.index(problem.file), problem


def test_hostile_and_broken_packages__number_at_least_a_hundred_and_twenty() -> None:
    assert len(HOSTILE_FILES) + len(HOSTILE_TEXTS) + len(MISTAKES) >= 200


# --- Rules that other kinds of answers bring ---------------------------------------------------

KINDS: dict[str, tuple[str, Edit, str]] = {
    "condition on nothing": (
        "answers",
        put('statement: "1.1", value: "yes"', 'statement: "9.9", value: "yes"'),
        "name an earlier statement",
    ),
    "condition on itself": (
        "answers",
        put('statement: "1.1", value: "yes"', 'statement: "1.2", value: "1"'),
        "name an earlier statement",
    ),
    "condition that never holds": (
        "answers",
        put('statement: "1.1", value: "yes"', 'statement: "1.1", value: "perhaps"'),
        "“perhaps” is no answer to 1.1",
    ),
    "item twice": ("answers", put("{id: b, source", "{id: a, source"), "“a” is used already"),
    "tip for an answer to a list": ("answers", put("[missing]", "[good]"), "is not an answer"),
    "page twice": (
        "answers",
        lambda text: f"{text}  - {{id: story, source: ours, title: A, body: [B]}}\n",
        "“story” is used already",
    ),
    "step of nought": ("answers", put("step: 0.5", "step: 0"), "correct one of them"),
    "bounds the wrong way": ("answers", put("maximum: 20", "maximum: 0"), "correct one of them"),
    "steps that miss the maximum": ("answers", put("step: 0.5", "step: 3"), "correct one of them"),
    "limit too large": ("answers", put("limit: 40", "limit: 4000"), "lower it"),
    "previous of nothing": (
        "points",
        put('previous_of: "1.1"', 'previous_of: "9.9"'),
        "there is no statement “9.9”",
    ),
    "previous of itself": (
        "points",
        put('previous_of: "1.1"', 'previous_of: "2.1"'),
        "name another statement",
    ),
    "level out of reach": (
        "points",
        put("from_points: 20", "from_points: 31"),
        "30 are the most: lower it",
    ),
    "figure of an odd year": ("points", put("year: 2023", "year: 1023"), "too small"),
    "level out of the scale": ("gaps", put("required: 2", "required: 5"), "no answer counts 5"),
    "step missing": (
        "gaps",
        put('"2": I search alone.', '"3": I fly.'),
        "write one for each answer",
    ),
    "answer of two scales": (
        "answers",
        put("{id: good,", "{id: 'yes',"),
        "“yes” is used already",
    ),
}


@pytest.mark.parametrize("case", KINDS)
def test_mistake__in_another_kind_of_answer__is_told(case: str) -> None:
    name, edit, says = KINDS[case]
    found = report(changed(edit, of=package(name)))
    assert any(says in problem.message for problem in found.problems), found.problems


# --- What is taken -----------------------------------------------------------------------------


def test_problems__of_all_files__are_told_in_one_go() -> None:
    spoilt = changed(put("topic: G1", "topic: G9"))
    spoilt = changed(put('"Izlasiet noteikumus."', '""'), file=LV, of=spoilt)
    spoilt = changed(put('msgctxt "1.2"', '#, fuzzy\nmsgctxt "1.2"'), file="bg.po", of=spoilt)
    assert [problem.file for problem in report(spoilt).problems] == [YAML, "bg.po", LV]


def test_faults_of_syntax__in_catalogues__are_told_beside_a_broken_instrument() -> None:
    spoilt = changed(put("minutes: 1\n", ""))
    spoilt = changed(put("msgstr", "msgster"), file=LV, of=spoilt)
    assert {problem.file for problem in report(spoilt).problems} == {YAML, LV}


@pytest.mark.parametrize("name", ["tiny", "answers", "points", "gaps", "yesno", "second"])
def test_good_package__has_neither_problems_nor_doubts(name: str) -> None:
    found = report(package(name), package(name))
    assert (found.problems, found.warnings) == ((), ())


@pytest.mark.parametrize("folder", sorted(INSTRUMENTS.iterdir()), ids=lambda path: path.name)
def test_shipped_instrument__keeps_every_rule(folder: Path) -> None:
    shipped = shipped_package(folder.name)
    found = report(shipped, shipped)
    assert (found.problems, found.warnings) == ((), ())
    assert found.edition == compile_shipped(folder.name)


def compile_shipped(name: str) -> bytes:
    catalogues = {language: catalogue_path(language, name) for language in ("bg", "lv")}
    return compile_edition(INSTRUMENTS / name / YAML, catalogues)


@pytest.mark.parametrize(
    "text", ["👩\u200d💻 Maza", "❤️ Maza", "👨\u200d👩\u200d👧 Maza", "85 % < 90 & 3*4"]
)
def test_text__with_emoji_or_arithmetic__is_taken(text: str) -> None:
    assert report(changed(put("Maza pārbaude", text), file=LV)).problems == ()


def test_files__saved_on_windows__give_the_same_edition() -> None:
    files = {n: b"\xef\xbb\xbf" + c.replace(b"\n", b"\r\n") for n, c in TINY.files.items()}
    assert report(Package("tiny", files)).edition == report(TINY).edition


def test_placeholders__the_same_in_both__are_taken() -> None:
    both = everywhere("We follow the rules.", "We follow {count} rules.")
    of = changed(both, file="bg.po", of=changed(both))
    of = changed(put('"Mēs ievērojam', '"Mēs {count} ievērojam'), both, file=LV, of=of)
    assert [p.file for p in report(of).problems] == ["bg.po"], "the Bulgarian has none"


def test_english_catalogue__goes_before_the_instrument() -> None:
    own = 'msgctxt "title"\nmsgid "Tiny check"\nmsgstr "A small check"\n'
    found = report(with_file("en.po", own.encode()))
    assert load_edition(found.edition or b"").text("title", "en") == "A small check"


# --- Zips and folders --------------------------------------------------------------------------


def test_zip__of_a_package__is_the_same_to_the_byte_and_reads_back() -> None:
    backwards = Package(
        "tiny", {name: TINY.files[name] for name in reversed(FILES) if name in TINY.files}
    )
    assert to_zip(TINY) == to_zip(backwards)
    assert read_parts("a.zip", to_zip(TINY)).over(None) == TINY


def test_zip__of_a_folder_with_any_name__belongs_to_the_instrument_that_its_file_names() -> None:
    renamed = {f"My changes (2)/{name}": content for name, content in TINY.files.items()}
    assert read_parts("a.zip", zipped(renamed)).over(None) == TINY


def test_zip__from_a_mac__is_read_without_what_the_mac_added() -> None:
    extra = {"tiny/": b"", "__MACOSX/tiny/._lv.po": b"x", "tiny/.DS_Store": b"x"}
    assert read_parts("a.zip", zipped({**extra, **WHOLE})).over(None) == TINY


def test_zip__of_a_template__is_read_without_the_bare_english() -> None:
    files = {f"tiny/{name}": content for name, content in TINY.files.items()}
    assert read_parts("a.zip", zipped({**files, "tiny/tiny.pot": b"x"})).over(None) == TINY


@pytest.mark.parametrize(
    "name", ["lv.po", "tiny.lv.po", "tiny-lv.po", "lv (1).po", "lv_LV.po", "LV.po", "texts.po"]
)
def test_single_catalogue__says_its_language_by_name_or_header(name: str) -> None:
    parts = read_parts(name, TINY.files[LV])
    assert list(parts.files) == [LV]
    assert parts.over(TINY, "tiny") == TINY


def test_single_catalogue__as_we_ship_it__says_its_instrument() -> None:
    parts = read_parts("lv.po", shipped_package("occay").files[LV])
    assert (parts.instrument, list(parts.files)) == ("occay", [LV])


def test_single_catalogue__by_any_name__belongs_where_its_header_says() -> None:
    parts = read_parts("final-lv.po", shipped_package("occay").files[LV])
    assert parts.named() == "occay"


def test_single_catalogue__of_no_known_instrument__is_asked_for() -> None:
    parts = read_parts("lv.po", TINY.files[LV])
    with pytest.raises(PackageRefused, match="Nothing here says which instrument"):
        chosen_base(parts, {"tiny": TINY})
    assert chosen_base(parts, {"tiny": TINY}, "tiny") == TINY


def test_single_catalogue__of_an_instrument_that_is_not_there__is_refused() -> None:
    parts = read_parts("other.lv.po", TINY.files[LV])
    with pytest.raises(PackageRefused, match="There is no instrument “other”: it is one of tiny"):
        chosen_base(parts, {"tiny": TINY})


def test_package__sent_for_another_instrument__is_refused() -> None:
    with pytest.raises(PackageRefused, match="belongs to “tiny”, not to “other”"):
        read_parts("a.zip", to_zip(TINY)).over(TINY, "other")


def test_single_instrument_file__takes_the_catalogues_but_not_the_english_corrections() -> None:
    base = with_file("en.po", b"")
    parts = read_parts("instrument.yaml", TINY.files[YAML])
    assert parts.instrument == "tiny"
    assert parts.over(base) == TINY


def test_part__with_nothing_to_lay_it_over__is_refused() -> None:
    with pytest.raises(PackageRefused, match=r"bg\.po is missing"):
        read_parts("instrument.yaml", TINY.files[YAML]).over(None)


def test_folder__of_a_package_or_of_the_repository__is_read(tmp_path: Path) -> None:
    for name, content in TINY.files.items():
        (tmp_path / name).write_bytes(content)
    (tmp_path / "notes.txt").write_text("left alone")
    assert read_folder(tmp_path).over(None) == TINY
    assert shipped_package("occay").files.keys() == {YAML, "bg.po", LV}


def test_folder__with_a_link_or_nothing__is_refused(tmp_path: Path) -> None:
    with pytest.raises(PackageRefused, match="There is nothing to read"):
        read_folder(tmp_path)
    (tmp_path / LV).symlink_to("/etc/passwd")
    with pytest.raises(PackageRefused, match="is a link"):
        read_folder(tmp_path)


# --- Catalogues --------------------------------------------------------------------------------


@pytest.mark.parametrize("language", ["bg", "lv"])
@pytest.mark.parametrize("domain", ["occay", "counsellor", "guide"])
def test_catalogue__is_read_as_babel_reads_it(language: str, domain: str) -> None:
    written = catalogue_path(language, domain).read_bytes()
    theirs = {m.context: (m.id, m.string, m.fuzzy) for m in read_po(io.BytesIO(written)) if m.id}
    ours = PoFile("a.po", written)
    assert not ours.problems
    assert {e.context: (e.source, e.text, e.fuzzy) for e in ours.entries} == theirs
