"""Where a bot of the benchmark is started: ``--port``, ``--api``, ``--data``. Imports next to nothing."""

import argparse
from dataclasses import dataclass
from pathlib import Path

TOKEN = "123456:TEST"
SECRET = "a-secret-for-tests-1234"
PATH = "/telegram"
PICKLE = "conversations.pickle"
DATABASE = "answers.db"


@dataclass(frozen=True, slots=True)
class Place:
    """The port to listen on, the address of the Bot API, the folder for everything kept."""

    port: int
    api: str
    data: Path
    inline: bool = False

    @property
    def webhook(self) -> str:
        return f"http://127.0.0.1:{self.port}{PATH}"


def read_place() -> Place:
    parser = argparse.ArgumentParser()
    parser.add_argument("--port", type=int, required=True)
    parser.add_argument("--api", required=True, help="base address of the Bot API")
    parser.add_argument("--data", type=Path, required=True, help="folder, with questions.json")
    parser.add_argument("--inline", action="store_true", help="B only: see aiogram_fsm")
    return Place(**vars(parser.parse_args()))
