"""Statements and certificates: formats.md, section 9."""

from collections.abc import Sequence
from dataclasses import dataclass

from .configuration import Voter
from .encoding import Reader
from .errors import EncodingFault
from .suites import Suite

NOTARIZE, NULLIFY, FINALIZE = 1, 2, 3
BITMAP_LIMIT = 32

_TAGS = {NOTARIZE: b"rb.not.1", NULLIFY: b"rb.nul.1", FINALIZE: b"rb.fin.1"}


@dataclass(frozen=True)
class Statement:
    """What a vote says. A nullification has neither parent view nor digests, a notarization no result."""

    encoded: bytes
    kind: int
    epoch: int
    view: int
    parent_view: int | None
    block: bytes | None
    result: bytes | None

    def signed_message(self, suite: Suite, genesis: bytes) -> bytes:
        """What each validator signs."""
        return suite.prefix(_TAGS[self.kind]) + genesis + self.encoded[1:]


def read_statement(reader: Reader) -> Statement:
    """Reads a statement."""
    start = reader.offset
    kind = reader.u8()
    if kind not in _TAGS:
        raise EncodingFault(f"there is no statement of kind {kind}, at byte {start}")
    epoch, view = reader.u64(), reader.u64()
    parent_view = None if kind == NULLIFY else reader.u64()
    block = None if kind == NULLIFY else reader.digest()
    result = reader.digest() if kind == FINALIZE else None
    if view == 0:
        raise EncodingFault(f"the view of the statement at byte {start} is 0")
    if parent_view is not None and parent_view >= view:
        raise EncodingFault(f"the parent view {parent_view} of the statement at byte {start} is not below {view}")
    return Statement(reader.since(start), kind, epoch, view, parent_view, block, result)


@dataclass(frozen=True)
class Certificate:
    """A statement and who signed it: validators' indices in ascending order, and a signature for each."""

    statement: Statement
    signers: tuple[int, ...]
    signatures: tuple[bytes, ...]


def read_certificate(reader: Reader) -> Certificate:
    """Reads a certificate. Whether the signers are a quorum is for those to judge who know the validators."""
    statement = read_statement(reader)
    bitmap = reader.take(reader.within(reader.u8(), 1, BITMAP_LIMIT, "length of the bitmap"))
    if bitmap[-1] == 0:
        raise EncodingFault(f"the last byte of the bitmap before byte {reader.offset} is 0")
    signers = tuple(index for index in range(8 * len(bitmap)) if bitmap[index // 8] >> index % 8 & 1)
    return Certificate(statement, signers, tuple(reader.take(64) for _ in signers))


class QuorumFault(Exception):
    """Not exactly a quorum signed, or not validly. ``reason`` is the last part of a code in errors.md."""

    def __init__(self, reason: str, message: str) -> None:
        super().__init__(message)
        self.reason = reason


def quorum_of(validators: int) -> int:
    """How many of the validators sign a certificate."""
    return validators - (validators - 1) // 3


def check_quorum(certificate: Certificate, validators: Sequence[Voter], suite: Suite, chain: bytes) -> None:
    """Raises ``QuorumFault`` unless exactly a quorum of these validators signed. ``chain`` is the genesis digest."""
    signers, quorum = certificate.signers, quorum_of(len(validators))
    if len(signers) != quorum or signers[-1] >= len(validators):
        message = f"validators {list(signers)[:16]} signed; exactly {quorum} of the {len(validators)} must"
        raise QuorumFault("signers", message)
    signed = certificate.statement.signed_message(suite, chain)
    for signer, signature in zip(signers, certificate.signatures):
        if not suite.verify(validators[signer].vote_key, signed, signature):
            raise QuorumFault("invalid-signature", f"the signature of validator {signer} is invalid")
