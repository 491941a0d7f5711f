"""Transactions: formats.md, section 5."""

from dataclasses import dataclass, field

from .encoding import Reader
from .errors import EncodingFault
from .names import read_name
from .operations import Operation, read_operation
from .suites import Suite

VERSION = 1
SIZE_LIMIT = 1_048_576
OPERATION_LIMIT = 10_000
SIGNATURE_LIMIT = 64


@dataclass(frozen=True)
class TransactionSignature:
    """Who signed, with which key. A receipt does not need these to be verified: section 11."""

    member: str
    key: bytes
    signature: bytes


@dataclass(frozen=True)
class Transaction:
    """A signed transaction: ``encoded`` is a leaf of its block's tree, ``unsigned`` is what its id covers."""

    encoded: bytes
    unsigned: bytes
    genesis: bytes
    valid_until: int
    nonce: int
    operations: tuple[Operation, ...]
    signatures: tuple[TransactionSignature, ...]
    # Ids by suite, because hashing a long transaction with SM3 takes seconds.
    _ids: dict[int, bytes] = field(default_factory=dict, init=False, compare=False, repr=False)

    def id(self, suite: Suite) -> bytes:
        """The transaction's id."""
        if suite.byte not in self._ids:
            self._ids[suite.byte] = suite.tagged(b"rb.txi.1", self.unsigned)
        return self._ids[suite.byte]

    def signed_message(self, suite: Suite) -> bytes:
        """What each signature signs."""
        return suite.prefix(b"rb.txs.1") + self.genesis + self.id(suite)


def _read_signature(reader: Reader) -> TransactionSignature:
    return TransactionSignature(read_name(reader, "member"), reader.take(33), reader.take(64))


def decode_transaction(encoded: bytes) -> Transaction:
    """The signed transaction of these bytes, all of them."""
    if len(encoded) > SIZE_LIMIT:
        raise EncodingFault(f"it has {len(encoded)} bytes, more than {SIZE_LIMIT}")
    reader = Reader(encoded)
    version = reader.u8()
    if version != VERSION:
        raise EncodingFault(f"its version is {version}, not {VERSION}")
    genesis, valid_until, nonce = reader.digest(), reader.u64(), reader.u64()
    count = reader.within(reader.u32(), 1, OPERATION_LIMIT, "number of operations")
    operations = tuple(read_operation(reader) for _ in range(count))
    unsigned = reader.since(0)
    # The proofs of vote keys count as signatures.
    proofs = sum("keyProof" in operation.fields for operation in operations)
    count = reader.within(reader.u8(), 1, SIGNATURE_LIMIT - proofs, "number of signatures")
    signatures = tuple(_read_signature(reader) for _ in range(count))
    reader.finish()
    places = [(signature.member.encode(), signature.key) for signature in signatures]
    for earlier, later in zip(places, places[1:]):
        if earlier >= later:
            raise EncodingFault("the signatures are not in ascending order of member and key, or repeated")
    return Transaction(encoded, unsigned, genesis, valid_until, nonce, operations, signatures)
