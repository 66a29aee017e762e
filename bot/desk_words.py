"""What the commands of ``bot.desk_commands`` print: for people, and for programs."""

import argparse
import json
import sys
from typing import Any

Json = dict[str, Any]


def tell_pushed(told: Json, *, published: bool, server: str | None) -> None:
    draft = told["draft"]
    for row in (*draft["problems"], *draft["warnings"]):
        print(problem_line(row))
    if draft["problems"]:
        print(f"{draft['instrument']}: {len(draft['problems'])} to mend. Nothing has changed.")
    elif draft["no_difference"]:
        print(f"{draft['instrument']}: no difference.")
    else:
        tell_difference(told)
        if published:
            print(published_line(told["published"]))
        else:
            print(_draft_line(draft, server))


def _draft_line(draft: Json, server: str | None) -> str:
    """With the command that publishes it, to be copied as it stands."""
    doubts = f", {len(draft['warnings'])} to confirm" if draft["warnings"] else ""
    words = ["merilo content publish", draft["id"]]
    words += ["--confirm"] if doubts else []
    words += ["--server", server] if server else []
    return f"Draft {draft['id']}{doubts}. {' '.join(words)} publishes it."


def tell_difference(told: Json) -> None:
    for language, kinds in told["difference"]["counts"].items():
        counted = ", ".join(f"{number} {kind}" for kind, number in kinds.items())
        print(f"{language}: {counted}")
    for row in told["difference"]["structure"]:
        print(" ".join(part for part in (row["part"], row["id"], row["kind"]) if part))
    impact = told["impact"]
    print(
        f"Unfinished assessments touched: {impact['assessments']}; "
        f"answers to be asked again: {impact['asked_again']}."
    )


def progress(what: str) -> None:
    print(f"  {what} …", file=sys.stderr, flush=True)


def show(given: argparse.Namespace, found: Json, words: str) -> None:
    if given.json:
        print_json(found)
    else:
        print(words)


def print_json(found: Json) -> None:
    print(json.dumps(found, ensure_ascii=False, indent=2))


def problem_line(problem: Json) -> str:
    return f"{problem['file']}:{problem['line']}: {problem['message']}"


def published_line(edition: Json) -> str:
    return f"{edition['instrument']}: edition {edition['number']} is current, {edition['digest'][:12]}."


def instrument_line(one: Json) -> str:
    newer = one["newer_shipped"]
    waiting = f"; Merilo brings edition {newer}, take it with undo --to {newer}" if newer else ""
    current = one["current"]
    return f"{one['id']}: edition {current['number']}, {current['published_at'][:10]}{waiting}"


def edition_line(one: Json) -> str:
    marks = [name for name in ("current", "shipped") if one[name]]
    return f"{one['number']:>4}  {one['published_at']}  {one['digest'][:12]}  {', '.join(marks)}".rstrip()


def entry_line(one: Json) -> str:
    moved = f"{one['before'][:12] or '–'} → {one['after'][:12] or '–'}"
    about = one["instrument"] or "–"
    return f"{one['at']}  {one['who']}  {one['what']}  {about}  {moved}  {one['why']}".rstrip()


STATES = {
    "written": "nobody has been told",
    "preparing": "the messages are being prepared",
    "sending": "on the way",
    "over": "everybody has been told",
    "stopped": "stopped",
}


def announcement_lines(one: Json) -> str:
    """How it stands; before it is begun, what would be said, and to how many."""
    head = f"{one['instrument']}, edition {one['edition']}: {STATES[one['state']]}."
    if one["state"] == "written":
        said = (f"  {language}: {text}" for language, text in one["texts"].items())
        return "\n".join([head, *said, f"Who want to hear of news: {one['readers']}."])
    away = f" ({one['away']} blocked meanwhile)" if one["away"] else ""
    counts = f"Sent {one['sent']}, left {one['left']}{away}, failed {one['failed']}"
    return f"{head}\n{counts}, no longer wished {one['needless']}."


def feedback_lines(one: Json) -> str:
    """A text in a language, how often it got each verdict, and the sentences below."""
    counted = ", ".join(f"{verdict} {number}" for verdict, number in one["counts"].items())
    said = (f"    {row['verdict']}: {row['text']}" for row in one["sentences"])
    head = f"{one['key']}  {one['language']}  edition {one['edition']}  {counted}"
    return "\n".join([head, *said])
