"""What ends a command of the command line."""


class Refused(Exception):
    """A command cannot do what it was asked: one sentence, for the person at the shell."""
