"""``merilo content …``: what authors and translators do from a shell.

Exit codes for a pipeline: 0 all is well, 1 the content has faults, 2 it was refused or cannot be found.
"""

import argparse
import json
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from bot import desk_commands, desk_words
from bot.refusal import Refused
from content.problems import ContentError, PackageRefused
from content.sentences import Sentence

if TYPE_CHECKING:
    # Loaded by the commands themselves, so that the others need not wait for it.
    from bot.checking import Base, Checked
    from content.model import Edition
    from content.problems import Report

Command = Callable[[argparse.Namespace], int]


def add(commands: Any) -> None:
    """Put the group among the commands of ``merilo``."""
    group = commands.add_parser("content", help="check, compare, translate and try out instruments")
    chosen = group.add_subparsers(dest="content", required=True, metavar="WHAT")
    for name, run in {**COMMANDS, **desk_commands.COMMANDS}.items():
        command = chosen.add_parser(name, help=run.__doc__)
        command.set_defaults(run=_answering(run))
        for argument, options in {**ARGUMENTS, **desk_commands.ARGUMENTS}.get(name, {}).items():
            command.add_argument(argument, **options)


def _answering(run: Command) -> Command:
    """The command with every refusal told in one sentence."""

    def answered(given: argparse.Namespace) -> int:
        try:
            return run(given)
        except PackageRefused as refused:
            if not getattr(given, "json", False):
                raise Refused(str(refused)) from refused
            print(json.dumps({"refused": str(refused)}, ensure_ascii=False))
            return 2

    return answered


# --- Looking at a package ----------------------------------------------------------------------


def check(given: argparse.Namespace) -> int:
    """list everything that is wrong with a package: a folder, a .zip, a .po or instrument.yaml"""
    checked = _checked(given.path, given.instrument)
    _report(given, checked)
    return 1 if checked.report.problems else 0


def _report(given: argparse.Namespace, checked: "Checked") -> None:
    if given.json:
        print(json.dumps(as_json(checked.report), ensure_ascii=False, indent=2))
    else:
        _tell(checked.report)


def as_json(report: "Report") -> dict[str, Any]:
    """A report for programs; ``digest`` is that of the edition, None where there is none."""
    from content.compiled import digest_of

    return {
        "instrument": report.instrument,
        "ok": not report.problems,
        "digest": digest_of(report.edition) if report.edition else None,
        "problems": [_row(row) for row in report.problems],
        "warnings": [_row(row) for row in report.warnings],
    }


def _row(row: Any) -> dict[str, Any]:
    return {"file": row.file, "line": row.line, "message": row.message}


def _tell(report: "Report") -> None:
    for row in report.problems:
        print(row)
    for row in report.warnings:
        print(f"{row} (to confirm)")
    faults, doubts = len(report.problems), len(report.warnings)
    print(f"{report.instrument}: {faults} to mend, {doubts} to confirm.")


def diff(given: argparse.Namespace) -> int:
    """show what a package changes against the current edition, old above new"""
    from bot.bases import current_bases

    return desk_commands.diff_there(given) if given.server else compare(given, current_bases())


def compare(given: argparse.Namespace, bases: "Mapping[str, Base]") -> int:
    """With what is current in these. Raises PackageRefused."""
    from bot.bases import edition_of
    from bot.web.api import shapes
    from content.difference import difference, lines

    checked = _checked(given.path, given.instrument, bases)
    if checked.report.edition is None:
        _report(given, checked)
        return 1
    base = bases.get(checked.package.instrument)
    found = difference(edition_of(base) if base else None, _edition(checked))
    desk_words.show(given, shapes.difference(found), "\n".join(lines(found)))
    return 0


def named(given: argparse.Namespace) -> str | None:
    """The instrument that a package says it is for; None where it does not. Raises PackageRefused."""
    from content.package import read_parts

    return read_parts(*packed(Path(given.path), given.instrument)).named(given.instrument)


def preview(given: argparse.Namespace) -> int:
    """walk a package as a chat in the terminal; nothing is kept"""
    from bot.rehearsal import Rehearsal
    from bot.terminal import converse

    checked = _checked(given.path, given.instrument)
    if checked.report.edition is None:
        _tell(checked.report)
        return 1
    converse(Rehearsal(_edition(checked), given.language), input, print)
    return 0


def _checked(
    path: str, instrument: str | None, bases: "Mapping[str, Base] | None" = None
) -> "Checked":
    """Laid over what is current here unless told. Raises PackageRefused, also where there is no such file."""
    from bot.bases import current_bases
    from bot.checking import check_apart

    name, content = packed(Path(path), instrument)
    return check_apart(name, content, bases or current_bases(), instrument)


def packed(path: Path, instrument: str | None) -> tuple[str, bytes]:
    """A file as it is, a folder as a zip."""
    from content.package import Package, read_folder, to_zip
    from content.unpacking import PACKED_LIMIT

    if path.is_dir():
        parts = read_folder(path, instrument)
        return "folder.zip", to_zip(Package(parts.instrument or "", parts.files))
    if not path.is_file():
        # Said at a shell only, so it is not among the texts to translate.
        told = "There is no {path}: name a folder, a .zip, a .po or instrument.yaml."
        raise PackageRefused(Sentence(told, path=str(path)))
    with path.open("rb") as file:
        return path.name, file.read(PACKED_LIMIT + 1)


def _edition(checked: "Checked") -> "Edition":
    from content.compiled import load_edition

    return load_edition(checked.report.edition or b"")


# --- For translators ---------------------------------------------------------------------------


def template(given: argparse.Namespace) -> int:
    """write the catalogues of an instrument into a folder, fuzzy where its English has changed"""
    from bot import coverage

    package = _sources(given.instrument, given.source)
    folder = Path(given.into or given.instrument)
    try:
        brought = coverage.catalogues(package)
    except ContentError as faults:
        print(faults)
        return 1
    files = {**package.files, **brought}
    if given.source is None or Path(given.source).resolve() != folder.resolve():
        _keep_work(files, folder)
    try:
        coverage.write_files(files, folder)
    except OSError as fault:
        raise Refused(
            f"{folder} cannot be written ({fault.strerror}): name another folder"
        ) from None
    print(f"Written into {folder}: {', '.join(files)}")
    return 0


def _keep_work(files: Mapping[str, bytes], folder: Path) -> None:
    """Raises Refused where a file is there already that says something else: it may be hours of work."""
    for name, content in files.items():
        path = folder / name
        if path.exists() and path.read_bytes() != content:
            remedy = f"name another folder with --into, or take it along with --from {folder}"
            raise Refused(f"{path} is there already, with other content: {remedy}")


def _sources(instrument: str, source: str | None) -> Any:
    """The current sources, with what ``source`` holds laid over them."""
    from bot.bases import current_bases
    from content.package import chosen_base, read_parts, unknown

    bases = {name: base.package for name, base in current_bases().items()}
    if source is None:
        if instrument not in bases:
            raise PackageRefused(unknown(instrument, bases))
        return bases[instrument]
    parts = read_parts(*packed(Path(source), instrument))
    return parts.over(chosen_base(parts, bases, instrument), instrument)


def coverage(_: argparse.Namespace) -> int:
    """print how much of each file is translated; 1 where anything is missing or fuzzy"""
    from bot.bases import shipped_bases
    from bot.coverage import coverage as counted
    from bot.coverage import table

    rows = list(counted(shipped_bases()))
    print("\n".join(table(rows)))
    return 1 if any(row.missing or row.fuzzy for row in rows) else 0


COMMANDS: dict[str, Command] = {
    "check": check,
    "diff": diff,
    "preview": preview,
    "template": template,
    "coverage": coverage,
}

PATH: dict[str, Any] = {
    "path": {"metavar": "PATH", "help": "a folder, a .zip, a .po or instrument.yaml"},
    "--instrument": {
        "metavar": "ID",
        "help": "which one it is for, where it does not say so itself",
    },
}
ARGUMENTS: dict[str, dict[str, Any]] = {
    "check": {**PATH, "--json": {"action": "store_true", "help": "for programs"}},
    "diff": {**PATH, **desk_commands.DOOR},
    "preview": {
        **PATH,
        "--language": {"choices": ["bg", "lv", "en"], "default": "en", "help": "(default: en)"},
    },
    "template": {
        "instrument": {"metavar": "ID", "help": "such as occay"},
        "--from": {
            "dest": "source",
            "metavar": "PATH",
            "help": "changed files, such as instrument.yaml",
        },
        "--into": {
            "metavar": "FOLDER",
            "help": "where to write (default: one named after it, here)",
        },
    },
}
"""What each command is told: names of arguments, and how they are read."""
