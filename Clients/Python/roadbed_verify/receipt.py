"""Receipts: their bytes, and what a genesis proves about them. formats.md, section 11."""

from dataclasses import dataclass

from .blocks import Header, Outcome, Result, read_header, read_outcome, read_result
from .encoding import Reader
from .errors import EncodingFault, Refusal
from .genesis import Genesis
from .merkle import root_of
from .transactions import SIZE_LIMIT as TRANSACTION_SIZE_LIMIT
from .transactions import Transaction, decode_transaction
from .votes import FINALIZE, Certificate, quorum_of, read_certificate

VERSION = 1
SIZE_LIMIT = 1_266_688
PATH_LIMIT = 32
DESCENT_LIMIT = 1024
EPOCH = 0

FETCH_AGAIN = "do not rely on it; fetch the receipt again, preferably from another node"


def _refusal(code: str, message: str) -> Refusal:
    return Refusal(f"receipt.{code}", message, FETCH_AGAIN)


@dataclass(frozen=True)
class Receipt:
    """A decoded receipt. It proves nothing before ``verify`` returns."""

    transaction: Transaction
    index: int
    transaction_path: tuple[bytes, ...]
    outcome: Outcome
    outcome_path: tuple[bytes, ...]
    header: Header
    result: Result
    descent: tuple[Header, ...]
    certificate: Certificate

    def verify(self, genesis: Genesis) -> None:
        """Returns if genesis proves the receipt, and raises ``Refusal`` otherwise."""
        self._check_paths(genesis)
        self._check_descent(genesis)
        self._check_certificate(genesis)

    def _check_paths(self, genesis: Genesis) -> None:
        suite, header = genesis.suite, self.header
        place = f"at index {self.index} of {header.transaction_count}"
        leaf, path = self.transaction.encoded, self.transaction_path
        if root_of(suite.hash, leaf, self.index, header.transaction_count, path) != header.transaction_root:
            raise _refusal("transaction-not-in-block", f"the transaction is not {place} in the block")
        if self.result.height != header.height or self.result.block != header.digest(suite):
            raise _refusal("result-of-other-block", f"the result is not that of the block at height {header.height}")
        leaf, path = self.outcome.leaf(self.transaction.id(suite)), self.outcome_path
        if root_of(suite.hash, leaf, self.index, header.transaction_count, path) != self.result.outcome_root:
            raise _refusal("outcome-not-in-result", f"the outcome is not {place} in the result")

    def _check_descent(self, genesis: Genesis) -> None:
        suite, below = genesis.suite, self.header
        for header in self.descent:
            # Above the highest height of 64 bits there is none: the comparison does not wrap.
            if header.parent != below.digest(suite) or header.height != below.height + 1:
                raise _refusal("broken-descent", f"the header above height {below.height} does not follow it")
            if below is self.header and header.parent_result != self.result.digest(suite):
                raise _refusal("broken-descent", f"the header above height {below.height} names another result")
            below = header

    def _check_certificate(self, genesis: Genesis) -> None:
        suite, statement = genesis.suite, self.certificate.statement
        if statement.kind != FINALIZE:
            raise _refusal("not-final", f"the certificate is of kind {statement.kind}, not a finalization")
        if statement.epoch != EPOCH:
            raise _refusal("unknown-epoch", f"the certificate is of epoch {statement.epoch}; only {EPOCH} is known")
        last = self.descent[-1] if self.descent else self.header
        if statement.block != last.digest(suite):
            raise _refusal("certificate-of-other-block", "the certificate is not about the last header's block")
        if not self.descent and statement.result != self.result.digest(suite):
            raise _refusal("certificate-of-other-block", "the certificate is about another result of the block")

        signers, validators = self.certificate.signers, genesis.validators
        quorum = quorum_of(len(validators))
        if len(signers) != quorum or signers[-1] >= len(validators):
            raise _refusal(
                "signers",
                f"validators {list(signers)[:16]} signed; exactly {quorum} of the {len(validators)} must",
            )
        message = statement.signed_message(suite, genesis.digest)
        for signer, signature in zip(signers, self.certificate.signatures):
            if not suite.verify(validators[signer].vote_key, message, signature):
                raise _refusal("invalid-signature", f"the signature of validator {signer} is invalid")


def _check_chain(code: str, what: str, found: bytes, chain: bytes) -> None:
    if found != chain:
        raise Refusal(
            f"receipt.{code}",
            f"{what} is for the chain with genesis {found.hex()}, not {chain.hex()}",
            "verify it with the genesis file of its own chain",
        )


def _read_transaction(reader: Reader, chain: bytes) -> Transaction:
    length = reader.within(reader.u32(), 0, TRANSACTION_SIZE_LIMIT, "length of the transaction")
    encoded = reader.take(length)
    try:
        transaction = decode_transaction(encoded)
    except EncodingFault as fault:
        raise _refusal("malformed-transaction", f"the transaction is malformed: {fault}") from None
    _check_chain("malformed-transaction", "the transaction", transaction.genesis, chain)
    return transaction


def _read_header(reader: Reader, chain: bytes) -> Header:
    try:
        header = read_header(reader)
    except EncodingFault as fault:
        raise _refusal("malformed-header", f"a header is malformed: {fault}") from None
    _check_chain("malformed-header", f"the header of height {header.height}", header.genesis, chain)
    return header


def _read(reader: Reader, chain: bytes) -> Receipt:
    version = reader.u8()
    if version != VERSION:
        raise EncodingFault(f"its version is {version}; this program knows {VERSION}")
    transaction, index = _read_transaction(reader, chain), reader.u32()
    transaction_path = reader.digests(PATH_LIMIT, "length of the path of the transaction")
    outcome, outcome_path = read_outcome(reader), reader.digests(PATH_LIMIT, "length of the path of the outcome")
    header, result = _read_header(reader, chain), read_result(reader)
    count = reader.within(reader.u32(), 0, DESCENT_LIMIT, "number of further headers")
    descent = tuple(_read_header(reader, chain) for _ in range(count))
    certificate = read_certificate(reader)
    reader.finish()
    return Receipt(transaction, index, transaction_path, outcome, outcome_path, header, result, descent, certificate)


def decode_receipt(encoded: bytes, chain: bytes) -> Receipt:
    """The receipt of these bytes, all of them, for the chain with this genesis digest."""
    if len(encoded) > SIZE_LIMIT:
        raise _refusal("too-large", f"the receipt has {len(encoded)} bytes; the limit is {SIZE_LIMIT}")
    try:
        return _read(Reader(encoded), chain)
    except EncodingFault as fault:
        raise _refusal("malformed", f"the receipt is malformed: {fault}") from None
