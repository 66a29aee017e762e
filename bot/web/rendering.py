"""Answers as JSON. The page makes elements of it; no markup travels."""

from typing import Any

from bot.reception import Answer
from bot.web.interface import interface
from dialogs.tokens import parse
from dialogs.types import Block, Bullets, Choice, Forgotten, Picture, Reply

Json = dict[str, Any]

ANSWERING = {"a", "keep", "tick", "ticked"}
"""The verbs of tokens that answer a statement."""

HELPFUL = {"1", "0"}
"""What a tip may be judged to be: the two answers to a question of our own."""


def answer_json(answer: Answer) -> Json:
    """``forgotten``: the person was erased, and what the page shows of them should go as well."""
    return {
        "forgotten": any(isinstance(change, Forgotten) for change in answer.changes),
        "language": answer.language,
        "interface": interface(answer.language),
        "replies": [_reply_json(reply) for reply in answer.replies],
    }


def _reply_json(reply: Reply) -> Json:
    return {
        "replaces": reply.replaces,
        "blocks": [_block_json(block) for block in reply.blocks if not _is_said_twice(block)],
        "choices": [[_choice_json(choice) for choice in row] for row in reply.choices],
    }


def _is_said_twice(block: Block) -> bool:
    """A picture stands right beside the bar and the words that it would repeat, and buttons are as high as
    their words need."""
    return isinstance(block, Picture | Bullets) and block.repeats


def _block_json(block: Block) -> Json:
    """``Progress(1, 4, "1 of 4")`` is of the kind ``progress``, its fields by their own names."""
    if isinstance(block, Picture):
        return {"kind": "picture", "which": block.which, "alt": block.chart.words}
    # dataclasses.asdict does the same at ten times the cost, for values inside values that no block has.
    fields = {name: getattr(block, name) for name in block.__slots__}
    return {"kind": type(block).__name__.lower(), **fields}


def _choice_json(choice: Choice) -> Json:
    """Answers are marked: they are shown large, and none of them as the natural way forward."""
    verb, arguments, _ = parse(choice.token)
    answers = verb in ANSWERING or (verb == "judge" and arguments[-1] in HELPFUL)
    return {"label": choice.label, "token": choice.token, "answers": answers}
