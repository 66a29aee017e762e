"""The conversation, pure: an event comes in, the next state and the replies go out. See ``types``."""
