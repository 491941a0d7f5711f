"""Proofs against a state root: formats-state.md, sections 2 and 3."""

from dataclasses import dataclass

from .encoding import Reader
from .errors import EncodingFault, Refusal
from .state import Field, read_key, read_value
from .suites import Suite

STEP_LIMIT = 256
EMPTY_ROOT = bytes(32)

_ASK_ANOTHER = "ask another node for the proof, against the state root of a block that a certificate covers"


def _refusal(code: str, message: str) -> Refusal:
    return Refusal(f"state-proof.{code}", message, _ASK_ANOTHER)


def _bit(key: bytes, index: int) -> int:
    return key[index // 8] >> 7 - index % 8 & 1


@dataclass(frozen=True)
class MapProof:
    """The leaf to which a key's bits lead, as key and value digest, and the forks passed: bit, and other child.

    There is no leaf if the map is empty.
    """

    leaf: tuple[bytes, bytes] | None
    steps: tuple[tuple[int, bytes], ...]

    def value_of(self, key: bytes, root: bytes, suite: Suite) -> bytes | None:
        """The value digest under a key in the map with this root; ``None`` if it has none."""
        if self.leaf is None:
            if root != EMPTY_ROOT:
                raise _refusal("other-root", f"the state is not empty: its root is {root.hex()}")
            return None
        leaf_key, value = self.leaf
        for bit, _ in self.steps:
            if _bit(leaf_key, bit) != _bit(key, bit):
                raise _refusal("other-way", f"the proof's leaf and the key differ at bit {bit}, which the proof passes")
        digest = suite.tagged(b"rb.mlf.1", leaf_key + value)
        for bit, sibling in reversed(self.steps):
            children = sibling + digest if _bit(key, bit) else digest + sibling
            digest = suite.tagged(b"rb.mnd.1", bytes([bit]) + children)
        if digest != root:
            raise _refusal("other-root", f"the proof leads to root {digest.hex()}, but the state has {root.hex()}")
        return value if leaf_key == key else None


def read_map_proof(reader: Reader) -> MapProof:
    """Reads a map proof."""
    if reader.within(reader.u8(), 0, 1, "kind of a map proof") == 0:
        return MapProof(None, ())
    leaf = reader.digest(), reader.digest()
    count = reader.within(reader.u16(), 0, STEP_LIMIT, "number of steps")
    steps = tuple((reader.u8(), reader.digest()) for _ in range(count))
    for (bit, _), (next_bit, _) in zip(steps, steps[1:]):
        if bit >= next_bit:
            raise EncodingFault(f"the steps before byte {reader.offset} are out of order: bit {next_bit} after {bit}")
    return MapProof(leaf, steps)


@dataclass(frozen=True)
class StateProof:
    """What the state has under a key: a value, or ``None``."""

    key: Field
    value: Field | None
    path: MapProof

    def verify(self, root: bytes, suite: Suite) -> None:
        """Returns if the state with this root has exactly that, and raises ``Refusal`` otherwise."""
        found = self.path.value_of(suite.tagged(b"rb.key.1", self.key.encoded), root, suite)
        if found is None and self.value is not None:
            raise _refusal("entry-mismatch", "an entry came with a proof of absence")
        if found is not None and self.value is None:
            raise _refusal("entry-mismatch", "the state has an entry under the key, but the proof has none")
        if self.value is not None and suite.tagged(b"rb.val.1", self.value.encoded) != found:
            raise _refusal("other-value", "the entry is not the one that the state has under the key")


def read_state_proof(reader: Reader) -> StateProof:
    """Reads a state proof."""
    key = read_key(reader)
    value = read_value(reader, key) if reader.flag("mark of a value") else None
    return StateProof(key, value, read_map_proof(reader))
