"""What the buttons of the plan do, and what is typed where one of its cards asks for it."""

from collections.abc import Callable, Mapping

from dialogs.handling import Handler, Verbs, no_longer, own, reads, where_we_are
from dialogs.scenes import plan, stepping
from dialogs.scenes.stepping import Changed
from dialogs.talk import Talk, noticed
from dialogs.types import PlanStep, Reply, Step


def _step(handle: Handler) -> Handler:
    """The step must be this person's: only their own are in their plan."""

    def handler(talk: Talk, code: str, *arguments: str) -> Step:
        step = talk.world.plan.get(code)
        if step is None:
            return where_we_are(talk, talk.words("That step is no longer kept."))
        return handle(talk, step, *arguments)

    return handler


def _card(talk: Talk, step: PlanStep, notice: str) -> Step:
    """The step, shown over the open card."""
    card = plan.show_step(talk, step.code)
    assert card, "the step is kept"  # noqa: S101
    return talk.at(view=f"step:{step.code}").shows(noticed(card, notice))


def _saved(talk: Talk, step: PlanStep) -> Step:
    return _card(talk.keep_step(step), step, talk.words("Saved."))


@own
def _put(talk: Talk, code: str, key: str) -> Step:
    made = stepping.put(talk, code, key)
    if made is None:
        return no_longer(talk)
    after, step = made
    words = talk.words
    there = words("This is in your plan already.") if after is talk else words("Put in your plan.")
    return _card(after, step, there)


@_step
def _stands(talk: Talk, step: PlanStep, to: str) -> Step:
    changed = stepping.standing(step, to)
    return _saved(talk, changed) if changed else no_longer(talk)


@_step
def _due(talk: Talk, step: PlanStep, day: str) -> Step:
    if day == stepping.NO_DAY:
        return _saved(talk, stepping.without_day(step))
    return _typed(talk, "stepdate", step, stepping.with_day(talk, step, day))


@_step
def _unnote(talk: Talk, step: PlanStep) -> Step:
    return _saved(talk, stepping.without_note(step))


def _typed(talk: Talk, prompt: str, step: PlanStep, changed: Changed) -> Step:
    """What was typed is kept; or the card asks again, and says what is wrong."""
    if isinstance(changed, PlanStep):
        return _saved(talk, changed)
    asked = PROMPTS[prompt](talk, step.code)
    assert asked, "the step is kept"  # noqa: S101
    return talk.at(view=f"{prompt}:{step.code}").shows(noticed(asked, changed))


def _types(prompt: str, change: Callable[[Talk, PlanStep, str], Changed]) -> Handler:
    @_step
    def handler(talk: Talk, step: PlanStep, text: str) -> Step:
        return _typed(talk, prompt, step, change(talk, step, text))

    return handler


PROMPTS: Mapping[str, Callable[[Talk, str], Reply | None]] = {
    "steptext": stepping.ask_text,
    "stepdate": stepping.ask_date,
    "stepnote": stepping.ask_note,
}

TYPED: Mapping[str, Handler] = {
    # card: what becomes of the text; it is given the card's arguments, then the text
    "steptext": _types("steptext", stepping.with_text),
    "stepdate": _types("stepdate", stepping.with_day),
    "stepnote": _types("stepnote", stepping.with_note),
}

PLAN: Verbs = {
    "tips": (own(reads("tips", plan.choose_tip)), (1, 2)),
    "put": (_put, (2,)),
    "steps": (reads("steps", plan.list_steps), (0, 2)),
    "step": (reads("step", plan.show_step), (1,)),
    **{verb: (reads(verb, ask), (1,)) for verb, ask in PROMPTS.items()},
    "stepis": (_stands, (2,)),
    "stepdue": (_due, (2,)),
    "stepunnote": (_unnote, (1,)),
    plan.CALENDAR: (reads(plan.CALENDAR, plan.calendar), (0,)),
}
