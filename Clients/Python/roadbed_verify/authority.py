"""Who may act for a member: formats.md, section 3."""

from dataclasses import dataclass

from .encoding import Reader
from .errors import EncodingFault

ROLES = {1: "administrator", 2: "issuer", 4: "notary", 8: "participant", 16: "registrar", 32: "auditor"}
# Those that the rules have from version 4 on.
LATER_ROLES = 16 | 32
KEY_LIMIT = 16


@dataclass(frozen=True)
class Authority:
    """Roles as bits, the keys in ascending order, and how many of them must sign."""

    roles: int
    threshold: int
    keys: tuple[bytes, ...]

    @property
    def role_names(self) -> list[str]:
        """The roles as words, in the order of their bits."""
        return [name for bit, name in ROLES.items() if self.roles & bit]

    def encoded(self) -> bytes:
        """The canonical bytes."""
        return bytes([self.roles, self.threshold, len(self.keys)]) + b"".join(self.keys)


def read_authority(reader: Reader) -> Authority:
    """Reads roles, threshold and keys."""
    roles = reader.within(reader.u8(), 0, sum(ROLES), "roles")
    threshold = reader.u8()
    count = reader.within(reader.u8(), 1, KEY_LIMIT, "number of keys")
    reader.within(threshold, 1, count, "threshold")
    keys = tuple(reader.take(33) for _ in range(count))
    for earlier, later in zip(keys, keys[1:]):
        if earlier >= later:
            raise EncodingFault(f"the keys before byte {reader.offset} are not in ascending order, or repeated")
    return Authority(roles, threshold, keys)
