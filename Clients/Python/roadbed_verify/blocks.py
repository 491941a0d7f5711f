"""Headers, outcomes and results of blocks: formats.md, sections 7 and 8."""

from dataclasses import dataclass

from .encoding import Reader, u16, u32
from .errors import EncodingFault
from .suites import Suite

VERSION = 1
TRANSACTION_LIMIT = 20_000

OUTCOMES = {
    0: "applied",
    1: "authority.missing",
    2: "authority.administrators-missing",
    3: "authority.role-missing",
    16: "member.unknown",
    17: "member.exists",
    18: "member.suspended",
    19: "member.not-suspended",
    20: "member.invalid-key",
    21: "member.administrators-locked-out",
    22: "member.shared-key",
    23: "member.too-many-admissions",
    32: "account.unknown",
    33: "account.exists",
    34: "account.frozen",
    35: "account.not-frozen",
    36: "account.not-empty",
    37: "account.main",
    46: "asset.same-issuer",
    47: "asset.cap-below-supply",
    48: "asset.unknown",
    49: "asset.exists",
    50: "asset.insufficient-funds",
    51: "asset.balance-overflow",
    52: "asset.supply-overflow",
    53: "asset.cap-exceeded",
    54: "asset.cap-not-lower",
    55: "asset.frozen",
    56: "hold.exists",
    57: "hold.unknown",
    58: "hold.expired",
    59: "hold.other-terms",
    60: "hold.amount-exceeded",
    61: "hold.expiry-passed",
    62: "hold.expiry-too-far",
    63: "asset.not-frozen",
    64: "record.foreign-collection",
    65: "record.version-overflow",
    80: "configuration.outdated",
    81: "configuration.rules-version-not-next",
    82: "directory.unknown-node",
    83: "directory.other-member",
    84: "directory.pin-in-use",
    85: "directory.full",
    86: "directory.validator",
    87: "validator.unknown",
    88: "validator.exists",
    89: "validator.last",
    90: "validator.too-many",
    91: "validator.invalid-key",
    92: "validator.key-in-use",
    93: "validator.key-changed-recently",
}


@dataclass(frozen=True)
class Header:
    """A block's header of 149 bytes."""

    encoded: bytes
    genesis: bytes
    height: int
    parent: bytes
    parent_result: bytes
    timestamp: int
    transaction_count: int
    transaction_root: bytes

    def digest(self, suite: Suite) -> bytes:
        """The block's digest."""
        return suite.tagged(b"rb.blk.1", self.encoded)


def read_header(reader: Reader) -> Header:
    """Reads a header."""
    start = reader.offset
    version = reader.u8()
    if version != VERSION:
        raise EncodingFault(f"the version of the header at byte {start} is {version}, not {VERSION}")
    genesis, height, parent, parent_result = reader.digest(), reader.u64(), reader.digest(), reader.digest()
    timestamp = reader.u64()
    count = reader.within(reader.u32(), 0, TRANSACTION_LIMIT, "number of transactions")
    root = reader.digest()
    return Header(reader.since(start), genesis, height, parent, parent_result, timestamp, count, root)


@dataclass(frozen=True)
class Outcome:
    """What became of a transaction: a code, and the index of the operation that failed."""

    code: int
    operation: int

    @property
    def text(self) -> str:
        """The text of the code."""
        return OUTCOMES[self.code]

    @property
    def applied(self) -> bool:
        """Whether every operation was applied."""
        return self.code == 0

    def leaf(self, transaction_id: bytes) -> bytes:
        """The leaf of the outcome tree."""
        return transaction_id + u16(self.code) + u32(self.operation)


def read_outcome(reader: Reader) -> Outcome:
    """Reads an outcome."""
    outcome = Outcome(reader.u16(), reader.u32())
    if outcome.code not in OUTCOMES:
        raise EncodingFault(f"there is no outcome {outcome.code}, before byte {reader.offset}")
    if outcome.applied and outcome.operation != 0:
        raise EncodingFault(f"the outcome before byte {reader.offset} is 'applied', but names a failed operation")
    return outcome


@dataclass(frozen=True)
class Result:
    """What executing a block produced: 144 bytes, or 104 in chains of genesis version 1 and 2.

    Epoch and configuration are those of the blocks above. The shorter form has neither.
    """

    encoded: bytes
    height: int
    block: bytes
    state_root: bytes
    outcome_root: bytes
    epoch: int | None
    configuration: bytes | None

    def digest(self, suite: Suite) -> bytes:
        """The result's digest, which a finalization signs."""
        return suite.tagged(b"rb.res.1" if self.epoch is None else b"rb.res.2", self.encoded)


def read_result(reader: Reader, epochs: bool) -> Result:
    """Reads a result, with epoch and configuration if the chain has ``epochs``."""
    start = reader.offset
    height, block, state_root, outcome_root = reader.u64(), reader.digest(), reader.digest(), reader.digest()
    epoch, configuration = (reader.u64(), reader.digest()) if epochs else (None, None)
    return Result(reader.since(start), height, block, state_root, outcome_root, epoch, configuration)
