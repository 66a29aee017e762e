"""``merilo content``: as somebody uses it at a shell, in processes of their own."""

import io
import json
import subprocess
import sys
import time
from pathlib import Path

import pytest

from bot import cli
from bot.bases import current_bases
from bot.checking import TOO_LARGE, TOO_LONG, Base, check_apart
from bot.rehearsal import Rehearsal
from bot.terminal import converse
from content.compiled import digest_of
from content.package import Package, PackageRefused, to_zip
from tests.chat import edition
from tests.packages import changed, package, put, zipped

ROOT = Path(__file__).parent.parent
TINY = package()
BASES = {"tiny": Base(TINY)}
MEGABYTE = 1024 * 1024


@pytest.fixture(autouse=True)
def check_in_place() -> None:
    """Not here."""


# --- In a process of its own, within limits ----------------------------------------------------


def test_good_package__by_every_door__gives_the_same_edition() -> None:
    doors = [
        check_apart("tiny.zip", to_zip(TINY), BASES),
        check_apart("tiny.lv.po", TINY.files["lv.po"], BASES),
        check_apart("instrument.yaml", TINY.files["instrument.yaml"], BASES),
    ]
    assert {digest_of(door.report.edition or b"") for door in doors} == {edition("tiny").digest}
    assert all(door.package == TINY for door in doors)


def test_broken_package__problems_come_back_from_the_child() -> None:
    spoilt = changed(put('"Izlasiet noteikumus."', '""'), file="lv.po")
    (problem,) = check_apart("tiny.zip", to_zip(spoilt), BASES).report.problems
    assert (problem.file, problem.message) == (
        "lv.po",
        "1.1/tip/1: the translation is empty: write it",
    )


def test_changed_package__is_compared_with_the_edition_that_is_current() -> None:
    lowered = changed(put("revision: 2", "revision: 1"))
    bases = {"tiny": Base(TINY, check_apart("a.zip", to_zip(TINY), BASES).report.edition)}
    (doubt,) = check_apart("tiny.zip", to_zip(lowered), bases).report.warnings
    assert "never lower it" in doubt.message


def test_bomb__is_refused_before_it_goes_off() -> None:
    with pytest.raises(PackageRefused, match="larger than 4 MB"):
        check_apart("a.zip", zipped({"lv.po": bytes(200 * MEGABYTE)}), BASES)


def test_greedy_file__is_stopped_at_its_limit_of_memory() -> None:
    """Two million lines that are none, each with something to tell about it."""
    with pytest.raises(PackageRefused) as refused:
        check_apart("a.zip", zipped({"tiny/lv.po": b"x\n" * 2_000_000}), BASES)
    assert str(refused.value) in (TOO_LARGE, TOO_LONG), "whichever it meets first"


def test_very_broken_file__is_told_in_a_thousand_problems() -> None:
    lines = b"x\n" * 5000
    found = check_apart("a.zip", zipped({"tiny/lv.po": lines}), BASES).report.problems
    assert len(found) == 1001
    assert found[-1].message.endswith("more: mend these first")


def test_endless_comparison__is_stopped_after_two_seconds() -> None:
    """Texts of two letters that differ a little: the worst that a comparison can meet."""
    began = time.monotonic()
    with pytest.raises(PackageRefused, match="takes longer than two seconds"):
        check_apart("a.zip", to_zip(long_texts("ab")), {"tiny": Base(long_texts("ba"))})
    assert time.monotonic() - began < 10


def long_texts(letters: str) -> Package:
    """The tiny package with forty more statements, each as long as a card can hold."""
    text, ids = f"{letters * 1100} {letters}", [f"2.{n}" for n in range(2, 42)]
    rows = "".join(STATEMENT.format(id=id_, text=text) for id_ in ids)
    entries = "".join(ENTRY.format(id=id_, text=text) for id_ in ids)
    files = {name: f"{content.decode()}{entries}" for name, content in TINY.files.items()}
    files["instrument.yaml"] = TINY.files["instrument.yaml"].decode() + rows
    return Package("tiny", {name: content.encode() for name, content in files.items()})


STATEMENT = '      - {{id: "{id}", revision: 1, source: ours, text: "{text}", why: "Why."}}\n'
ENTRY = '\nmsgctxt "{id}"\nmsgid "{text}"\nmsgstr "{text}"\n\nmsgctxt "{id}/why"\nmsgid "Why."\nmsgstr "?"\n'


def test_child__knows_nothing_of_our_settings(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PYTHONSTARTUP", "x")
    monkeypatch.setenv("MERILO_KEY", "wrong on purpose")
    assert check_apart("tiny.zip", to_zip(TINY), BASES).report.edition


# --- The command line --------------------------------------------------------------------------


class Shell:
    """``merilo content …`` as typed at a prompt."""

    def __init__(self, patch: pytest.MonkeyPatch, said: pytest.CaptureFixture[str]) -> None:
        self._patch, self._said = patch, said

    def __call__(self, *arguments: object, typed: str = "") -> tuple[int, str]:
        """The exit code, and all that is said."""
        self._said.readouterr()
        self._patch.setattr(sys, "argv", ["merilo", "content", *map(str, arguments)])
        self._patch.setattr(sys, "stdin", io.StringIO(typed))
        try:
            code = cli.main()
        except SystemExit as ended:  # of argparse
            code = int(ended.code or 0)
        said = self._said.readouterr()
        return code, said.out + said.err


@pytest.fixture
def merilo(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Shell:
    return Shell(monkeypatch, capsys)


@pytest.fixture
def occay(merilo: Shell, tmp_path: Path) -> Path:
    """The files of occay in a folder, as a translator gets them."""
    code, told = merilo("template", "occay", "--into", tmp_path / "occay")
    assert code == 0
    assert "occay.pot" in told
    return tmp_path / "occay"


def test_command__in_a_pipeline__ends_with_two_where_there_is_nothing() -> None:
    command = [sys.executable, "-m", "bot.cli", "content", "check", "away.zip"]
    done = subprocess.run(
        command, capture_output=True, text=True, cwd=ROOT, timeout=60, check=False
    )
    assert done.returncode == 2
    assert done.stderr.startswith("merilo: There is no away.zip")


def test_translator__corrects_a_sentence_and_sees_the_difference(
    merilo: Shell, occay: Path
) -> None:
    catalogue = occay / "lv.po"
    assert merilo("diff", occay) == (0, "No difference.\n")
    text = catalogue.read_text(encoding="utf-8")
    catalogue.write_text(text.replace('"Pilnībā piekrītu"', '"Pilnīgi piekrītu"'), encoding="utf-8")
    assert merilo("check", occay) == (0, "occay: 0 to mend, 0 to confirm.\n")
    code, told = merilo("diff", occay)
    assert code == 0
    assert "  - Pilnībā piekrītu\n  + Pilnīgi piekrītu\n" in told


def test_check__of_a_mistake__ends_with_one_and_its_place(merilo: Shell, occay: Path) -> None:
    catalogue = occay / "lv.po"
    text = catalogue.read_text(encoding="utf-8")
    catalogue.write_text(text.replace('piekrītu"', "piekrītu", 1), encoding="utf-8")
    line = text[: text.index('piekrītu"')].count("\n") + 1
    code, told = merilo("check", catalogue, "--instrument", "occay", "--json")
    assert code == 1
    report = json.loads(told)
    assert (report["instrument"], report["ok"], report["digest"]) == ("occay", False, None)
    assert report["problems"][0]["file"] == "lv.po"
    assert line in [problem["line"] for problem in report["problems"]]


def test_check__of_nothing__ends_with_two_and_a_sentence(merilo: Shell, tmp_path: Path) -> None:
    code, told = merilo("check", tmp_path / "away.zip")
    assert code == 2
    assert told.startswith("merilo: There is no ")
    code, told = merilo("check", tmp_path / "away.zip", "--json")
    assert code == 2
    assert json.loads(told)["refused"].startswith("There is no ")


def test_author__changes_english__gets_catalogues_with_doubtful_translations(
    merilo: Shell, occay: Path, tmp_path: Path
) -> None:
    source = occay / "instrument.yaml"
    text = source.read_text(encoding="utf-8")
    source.write_text(text.replace("label: Fully agree", "label: Agree fully"), encoding="utf-8")
    into = tmp_path / "new"
    code, _ = merilo("template", "occay", "--from", source, "--into", into)
    assert code == 0
    code, told = merilo("check", into)
    assert code == 1
    assert told.count("marked as doubtful (fuzzy)") == 2


def test_template__over_somebodys_work__is_refused(merilo: Shell, occay: Path) -> None:
    catalogue = occay / "lv.po"
    edited = catalogue.read_bytes().replace(b"Merilo occay", b"Mine")
    catalogue.write_bytes(edited)
    code, told = merilo("template", "occay", "--into", occay)
    assert code == 2
    assert "is there already, with other content: name another folder with --into" in told
    assert catalogue.read_bytes() == edited
    assert merilo("template", "occay", "--from", occay, "--into", occay)[0] == 0


def test_preview__of_a_draft__is_a_chat_in_the_terminal(merilo: Shell, occay: Path) -> None:
    typed = "1\n2\nPilnībā piekrītu\nnekas\nq\n"
    code, told = merilo("preview", occay, "--language", "lv", typed=typed)
    assert code == 0
    assert "1.3" in told
    assert "[1 Pilnībā piekrītu]  [2 Drīzāk piekrītu]" in told


def test_coverage__of_what_is_shipped__is_whole(merilo: Shell) -> None:
    code, told = merilo("coverage")
    assert code == 0
    assert len(told.splitlines()) == 1 + 2 * (2 + len(current_bases()))
    assert all(row.endswith("100.0") for row in told.splitlines()[1:])


def test_wrong_use__ends_with_two(merilo: Shell) -> None:
    assert merilo()[0] == 2
    assert merilo("preview", ".", "--language", "de")[0] == 2


# --- Numbers typed in the terminal -------------------------------------------------------------


def said(name: str, *typed: str) -> str:
    answers, told = iter(typed), list[str]()

    def ask(_: str) -> str:
        try:
            return next(answers)
        except StopIteration:
            raise EOFError from None

    converse(Rehearsal(edition(name), "en"), ask, told.append)
    return "\n".join(told)


def test_number__presses_a_button__and_behind_an_equals_sign_is_itself() -> None:
    told = said("answers", "1", "Yes", "=7.5")
    assert "(1.2: 7.5. Saved.)" in told


def test_number__beyond_the_buttons__is_typed() -> None:
    assert "(1.2: 17. Saved.)" in said("answers", "1", "1", "17")


def test_whole_preview__to_the_result__keeps_nothing() -> None:
    told = said("tiny", "1", "1", "1", "next section", "1", "overall result")
    assert "100" in told
    assert "TINY CHECK" in said("tiny")
