"""Receipts: their bytes, and what a genesis proves about them. formats.md, section 11."""

from dataclasses import dataclass

from .blocks import Outcome, read_outcome
from .certified import CertificationFault, CertifiedBlock, HeaderFault, read_certified_block
from .closings import NONE, Checkpoint, Closings, read_closings
from .encoding import Reader
from .errors import EncodingFault, Refusal
from .genesis import Genesis
from .merkle import root_of
from .transactions import SIZE_LIMIT as TRANSACTION_SIZE_LIMIT
from .transactions import Transaction, decode_transaction

# The first is that of chains without epochs.
VERSION_WITHOUT_EPOCHS, VERSION = 1, 2
SIZE_LIMIT = 5_460_992
PATH_LIMIT = 32

FETCH_AGAIN = "do not rely on it; fetch the receipt again, preferably from another node"
OTHER_CHAIN = "verify it with the genesis file of its own chain"


def _refusal(code: str, message: str) -> Refusal:
    return Refusal(f"receipt.{code}", message, FETCH_AGAIN)


@dataclass(frozen=True)
class Receipt:
    """A decoded receipt. It proves nothing before ``verify`` returns."""

    version: int
    transaction: Transaction
    index: int
    transaction_path: tuple[bytes, ...]
    outcome: Outcome
    outcome_path: tuple[bytes, ...]
    block: CertifiedBlock
    closings: Closings

    def verify(self, genesis: Genesis, checkpoint: Checkpoint | None = None) -> None:
        """Returns if genesis, or the checkpoint as well, proves the receipt. Raises ``Refusal`` otherwise."""
        expected = VERSION if genesis.has_epochs else VERSION_WITHOUT_EPOCHS
        if self.version != expected:
            reason = f"its version is {self.version}; the receipts of this chain are of version {expected}"
            raise _refusal("malformed", f"the receipt is malformed: {reason}")
        self._check_places(genesis)
        epoch = self.closings.verify(genesis, checkpoint)
        try:
            self.block.verify(genesis, epoch)
        except CertificationFault as fault:
            raise _refusal(fault.reason, str(fault)) from None

    def _check_places(self, genesis: Genesis) -> None:
        suite, header = genesis.suite, self.block.header
        place = f"at index {self.index} of {header.transaction_count}"
        leaf, path = self.transaction.encoded, self.transaction_path
        if root_of(suite.hash, leaf, self.index, header.transaction_count, path) != header.transaction_root:
            raise _refusal("transaction-not-in-block", f"the transaction is not {place} in the block")
        leaf, path = self.outcome.leaf(self.transaction.id(suite)), self.outcome_path
        if root_of(suite.hash, leaf, self.index, header.transaction_count, path) != self.block.result.outcome_root:
            raise _refusal("outcome-not-in-result", f"the outcome is not {place} in the result")


def _read_transaction(reader: Reader, chain: bytes) -> Transaction:
    length = reader.within(reader.u32(), 0, TRANSACTION_SIZE_LIMIT, "length of the transaction")
    encoded = reader.take(length)
    try:
        transaction = decode_transaction(encoded)
    except EncodingFault as fault:
        raise _refusal("malformed-transaction", f"the transaction is malformed: {fault}") from None
    if transaction.genesis != chain:
        message = f"the transaction is for the chain with genesis {transaction.genesis.hex()}, not {chain.hex()}"
        raise Refusal("receipt.malformed-transaction", message, OTHER_CHAIN)
    return transaction


def _read(reader: Reader, chain: bytes) -> Receipt:
    version = reader.u8()
    if version not in (VERSION_WITHOUT_EPOCHS, VERSION):
        raise EncodingFault(f"its version is {version}; this program knows {VERSION_WITHOUT_EPOCHS} and {VERSION}")
    epochs = version == VERSION
    transaction, index = _read_transaction(reader, chain), reader.u32()
    transaction_path = reader.digests(PATH_LIMIT, "length of the path of the transaction")
    outcome, outcome_path = read_outcome(reader), reader.digests(PATH_LIMIT, "length of the path of the outcome")
    block = read_certified_block(reader, chain, epochs)
    closings = read_closings(reader) if epochs else NONE
    reader.finish()
    return Receipt(version, transaction, index, transaction_path, outcome, outcome_path, block, closings)


def decode_receipt(encoded: bytes, chain: bytes) -> Receipt:
    """The receipt of these bytes, all of them, for the chain with this genesis digest."""
    if len(encoded) > SIZE_LIMIT:
        raise _refusal("too-large", f"the receipt has {len(encoded)} bytes; the limit is {SIZE_LIMIT}")
    try:
        return _read(Reader(encoded), chain)
    except HeaderFault as fault:
        next_step = FETCH_AGAIN if fault.other is None else OTHER_CHAIN
        raise Refusal("receipt.malformed-header", str(fault), next_step) from None
    except EncodingFault as fault:
        raise _refusal("malformed", f"the receipt is malformed: {fault}") from None
