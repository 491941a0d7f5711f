"""Makes states and proofs about them, straight from the definitions of formats-state.md, sections 1 to 3."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from roadbed_verify.encoding import long, u16, u32, u64
from roadbed_verify.suites import Suite

from .maker import TIME, Chain, Parts, amount, hold_end, name, open_account, proof_file_of, text

Leaf = tuple[bytes, bytes]
Step = tuple[int, bytes]


def _bit(key: bytes, index: int) -> int:
    return int.from_bytes(key, "big") >> 255 - index & 1


def leaves_of(suite: Suite, entries: Mapping[bytes, bytes]) -> list[Leaf]:
    """Leaf key and value digest of each entry, in ascending order."""
    return sorted(
        (suite.tagged(b"rb.key.1", key), suite.tagged(b"rb.val.1", value)) for key, value in entries.items()
    )


def _fork_bit(leaves: Sequence[Leaf]) -> int:
    """The first bit in which any two of the keys differ."""
    return min(
        next(bit for bit in range(256) if _bit(one[0], bit) != _bit(other[0], bit))
        for one, other in zip(leaves, leaves[1:])
    )


def _parted(leaves: Sequence[Leaf]) -> tuple[int, list[list[Leaf]]]:
    bit = _fork_bit(leaves)
    return bit, [[leaf for leaf in leaves if _bit(leaf[0], bit) == side] for side in (0, 1)]


def node_over(suite: Suite, leaves: Sequence[Leaf]) -> bytes:
    """The digest of the node over these leaves."""
    if not leaves:
        return bytes(32)
    if len(leaves) == 1:
        return suite.tagged(b"rb.mlf.1", leaves[0][0] + leaves[0][1])
    bit, sides = _parted(leaves)
    return suite.tagged(b"rb.mnd.1", bytes([bit]) + node_over(suite, sides[0]) + node_over(suite, sides[1]))


def path_to(suite: Suite, leaves: Sequence[Leaf], key: bytes) -> tuple[Leaf | None, list[Step]]:
    """The leaf to which the key's bits lead, and the forks passed from the root down."""
    steps: list[Step] = []
    if not leaves:
        return None, steps
    while len(leaves) > 1:
        bit, sides = _parted(leaves)
        steps.append((bit, node_over(suite, sides[1 - _bit(key, bit)])))
        leaves = sides[_bit(key, bit)]
    return leaves[0], steps


@dataclass
class ProofParts:
    """The fields of a proof before they become bytes: tests change one of them."""

    version: int
    key: bytes
    value: bytes | None
    leaf: Leaf | None
    steps: list[Step]
    block: Parts

    def encoded(self) -> bytes:
        """The proof."""
        value = b"\x00" if self.value is None else b"\x01" + self.value
        path = b"\x00"
        if self.leaf is not None:
            steps = b"".join(bytes([bit]) + sibling for bit, sibling in self.steps)
            path = b"\x01" + self.leaf[0] + self.leaf[1] + u16(len(self.steps)) + steps
        return bytes([self.version]) + self.key + value + path + self.block.certified() + self.block.encoded_closings()

    def changed(self, **fields: object) -> "ProofParts":
        """A copy with other fields."""
        return replace(self, **fields)  # type: ignore[arg-type]

    def document(self) -> bytes:
        """The file of the proof, without a summary."""
        return proof_file_of(self.encoded())


def account(path: str) -> bytes:
    """The key of an account."""
    return b"\x03" + name(path)


def hold(payer: str, reference: str | bytes) -> bytes:
    """The key of a hold."""
    return b"\x0e" + name(payer) + text(reference)


def hold_value(receiver: str, units: int, end: bytes, height: int = 7, number: int = 0) -> bytes:
    """The value of a hold of gold."""
    return name(receiver) + name("gold") + amount(units) + end + u64(height) + u32(number)


def record_value(version: int, metadata: bytes, previous: bytes | None = None) -> bytes:
    """The value of a record."""
    before = previous if previous is not None else bytes(32) if version == 1 else bytes([255]) * 32
    return u64(version) + name("bank") + bytes(range(32)) + u64(2**63) + long(metadata) + before


def parameters(threshold: int, size: int, operations: int, validity: int) -> bytes:
    """The value of the parameters."""
    return u16(threshold) + u32(size) + u32(operations) + u32(validity)


def node_value(keys: Sequence[bytes], addresses: Sequence[str]) -> bytes:
    """The value of a node of the directory."""
    texts = [bytes([len(addresses)]), *map(text, addresses)]
    return name("bank") + bytes([len(keys)]) + b"".join([*keys, *texts])


def group_of(*entries: tuple[bytes, int]) -> bytes:
    """The value of a group of remembered transactions."""
    return bytes([len(entries)]) + b"".join(identifier + u64(end) for identifier, end in entries)


RECORD = name("deeds/2031") + text("Zürich \"7\"")


def entries_of(chain: Chain) -> dict[bytes, bytes]:
    """Entries of every kind, and of every form that a summary tells apart."""
    authority = b"\x05\x01\x01" + chain.registry.public
    return {
        b"\x01": parameters(258, 4_194_304, 10_000, 60_000),
        b"\x02" + name("bank"): text("Bank, caf\u00e9") + authority + b"\x00",
        b"\x02" + name("mint"): text("") + authority + b"\x01" + text("licence withdrawn"),
        account("bank/main"): b"\x01" + text("Main"),
        account("bank/more"): b"\x00" + text(""),
        b"\x04" + name("gold"): name("mint") + b"\x03" + amount(2**128 - 1) + text("kg"),
        b"\x05" + name("bank/main") + name("gold"): amount(2**64),
        b"\x06" + name("deeds/2031"): name("bank"),
        b"\x07" + RECORD: record_value(2**64 - 1, b"plain"),
        b"\x07" + name("deeds/2031") + text("8"): record_value(1, b"\x00\xff"),
        b"\x07" + name("deeds/2031") + text("9"): record_value(2, b""),
        b"\x0a" + u64(7) + u16(1): group_of((bytes(32), 5), (bytes([1]) * 32, 5), (bytes(32), 2**64 - 1)),
        b"\x0b": chain.electorate(2).configuration,
        b"\x0c" + name("node1"): node_value([bytes(32)], ["127.0.0.1:7401"]),
        b"\x0c" + name("node2"): node_value([bytes(32), b"\x01" + bytes(31)], ["b:2", "a:1", "[::1]:65535", "a:2"]),
        b"\x0d" + name("node1"): u64(TIME),
        hold("bank/main", "order 17"): hold_value("shop", 2**128 - 1, hold_end(TIME), 2**64 - 1, 2**32 - 1),
        hold("bank/main", "\u00e9" * 32): hold_value("bank/more", 1, hold_end(2**64 - 1, "bank")),
    }


ABSENT = (
    b"\x02" + name("nobody"),
    account("bank/none"),
    b"\x04" + name("eur"),
    b"\x05" + name("bank/more") + name("gold"),
    b"\x06" + name("deeds"),
    b"\x07" + name("deeds/2031") + text("7"),
    b"\x0a" + u64(7) + u16(2),
    b"\x0c" + name("node3"),
    b"\x0d" + name("node3"),
    hold("bank/main", "order 18"),
    hold("bank/more", "order 17"),
)


def proof_of(
    chain: Chain,
    key: bytes,
    entries: Mapping[bytes, bytes] | None = None,
    height: int | None = None,
    headers_above: int = 0,
    epoch: int = 0,
) -> ProofParts:
    """The proof of what a state with these entries has under a key."""
    given = entries_of(chain) if entries is None else entries
    leaves = leaves_of(chain.suite, given)
    leaf, steps = path_to(chain.suite, leaves, chain.suite.tagged(b"rb.key.1", key))
    block = chain.receipt(
        [chain.transaction([open_account("registry/a")])],
        height=height,
        headers_above=headers_above,
        state_root=node_over(chain.suite, leaves),
        epoch=epoch,
    )
    return ProofParts(1, key, given.get(key), leaf, steps, block)


