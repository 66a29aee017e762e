"""Starting without what a start does not need: collections of garbage."""

import gc


def rest_the_collector() -> None:
    """Loading makes a hundred thousand objects that stay: looking through them again and again, and once
    more at the end, takes a fifth of the CPU time of a start, and frees less than a megabyte."""
    gc.disable()


def calm_the_collector() -> None:
    """What is loaded now stays, and an answer leaves no cycles behind: looking through all of it as
    often as Python does by default takes a sixth of the CPU time of an answer."""
    gc.freeze()
    gc.set_threshold(50_000, 20, 100)
    gc.enable()
