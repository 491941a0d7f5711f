"""The three suites of algorithms: formats.md, section 2."""

import hashlib
from collections.abc import Callable
from dataclasses import dataclass

from . import ed25519, p256, sm2
from .sm3 import sm3


def _sha256(message: bytes) -> bytes:
    return hashlib.sha256(message).digest()


@dataclass(frozen=True)
class Suite:
    """One chain's algorithms. ``is_key`` takes 33 bytes; ``verify`` a key, a message and 64 bytes of signature."""

    byte: int
    name: str
    hash: Callable[[bytes], bytes]
    is_key: Callable[[bytes], bool]
    verify: Callable[[bytes, bytes, bytes], bool]

    def tagged(self, tag: bytes, content: bytes) -> bytes:
        """The hash of the content after a domain tag and the byte of the suite."""
        return self.hash(self.prefix(tag) + content)

    def prefix(self, tag: bytes) -> bytes:
        """A domain tag and the byte of the suite."""
        return tag + bytes([self.byte])


SUITES = (
    Suite(1, "p256-sha256", _sha256, p256.is_key, p256.verify),
    Suite(2, "ed25519-sha256", _sha256, ed25519.is_key, ed25519.verify),
    Suite(3, "sm2-sm3", sm3, sm2.is_key, sm2.verify),
)
BY_BYTE = {suite.byte: suite for suite in SUITES}
BY_NAME = {suite.name: suite for suite in SUITES}
