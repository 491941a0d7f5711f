"""What a refusal says: a stable code of errors.md, what happened, and what to do next."""

import re


class Refusal(Exception):
    """Something was read and found invalid. ``code`` is one of errors.md and never changes its meaning."""

    def __init__(self, code: str, message: str, next_step: str) -> None:
        super().__init__(message)
        self.code = code
        self.message = message
        self.next_step = next_step

    def at(self, place: str) -> "Refusal":
        """The same refusal, with the place where it was found in front."""
        # An array's index belongs to the key before it: members[2].
        separator = "" if re.match(r"\[[0-9]+\]", self.message) else ": "
        return Refusal(self.code, f"{place}{separator}{self.message}", self.next_step)


class EncodingFault(Exception):
    """Bytes that no encoder would have written. Whoever decodes a larger whole turns it into a ``Refusal``."""


def shown(value: object, limit: int = 80) -> str:
    """A value as a message may quote it: on one line, in ASCII, and of bounded length."""
    text = value if isinstance(value, str) else repr(value)
    quoted = ascii(text[: limit + 1])[1:-1]
    return quoted if len(quoted) <= limit else quoted[:limit] + "..."
