"""A final block with its result and what proves both: formats-state.md, section 6, and formats.md, section 11."""

from dataclasses import dataclass

from .blocks import Header, Result, read_header, read_result
from .closings import Epoch
from .encoding import Reader
from .errors import EncodingFault
from .genesis import Genesis
from .votes import FINALIZE, Certificate, QuorumFault, check_quorum, read_certificate

DESCENT_LIMIT = 1024


class HeaderFault(Exception):
    """A header that is malformed, or of another chain, whose genesis then has the digest ``other``."""

    def __init__(self, message: str, other: bytes | None = None) -> None:
        super().__init__(message)
        self.other = other


class CertificationFault(Exception):
    """Nothing proves that the block is final. ``reason`` is the last part of a receipt's code in errors.md."""

    def __init__(self, reason: str, message: str) -> None:
        super().__init__(message)
        self.reason = reason


@dataclass(frozen=True)
class CertifiedBlock:
    """A block's header and result, the headers above up to the certified one, and its certificate."""

    header: Header
    result: Result
    descent: tuple[Header, ...]
    certificate: Certificate

    def verify(self, genesis: Genesis, epoch: Epoch) -> None:
        """Returns if the epoch's validators made block and result final. Raises ``CertificationFault`` otherwise."""
        if epoch.opened_at is not None and self.header.height <= epoch.opened_at:
            reason = f"the block at height {self.header.height} is not above height {epoch.opened_at},"
            raise CertificationFault("height-of-other-epoch", f"{reason} where epoch {epoch.number} was opened")
        self._check_descent(genesis)
        self._check_certificate(genesis, epoch)

    def _check_descent(self, genesis: Genesis) -> None:
        suite, below = genesis.suite, self.header
        if self.result.height != below.height or self.result.block != below.digest(suite):
            reason = f"the result is not that of the block at height {below.height}"
            raise CertificationFault("result-of-other-block", reason)
        for header in self.descent:
            # Above the highest height of 64 bits there is none: the comparison does not wrap.
            if header.parent != below.digest(suite) or header.height != below.height + 1:
                raise CertificationFault("broken-descent", f"the header above height {below.height} does not follow it")
            if below is self.header and header.parent_result != self.result.digest(suite):
                reason = f"the header above height {below.height} names another result"
                raise CertificationFault("broken-descent", reason)
            below = header

    def _check_certificate(self, genesis: Genesis, epoch: Epoch) -> None:
        suite, statement = genesis.suite, self.certificate.statement
        if statement.kind != FINALIZE:
            raise CertificationFault("not-final", f"the certificate is of kind {statement.kind}, not a finalization")
        last = self.descent[-1] if self.descent else self.header
        if statement.block != last.digest(suite):
            reason = "the certificate is not about the last header's block"
            raise CertificationFault("certificate-of-other-block", reason)
        if not self.descent and statement.result != self.result.digest(suite):
            reason = "the certificate is about another result of the block"
            raise CertificationFault("certificate-of-other-block", reason)
        if statement.epoch != epoch.number:
            reason = f"the certificate is of epoch {statement.epoch}; the closings lead to {epoch.number}"
            raise CertificationFault("unknown-epoch", reason)
        try:
            check_quorum(self.certificate, epoch.validators, suite, genesis.digest)
        except QuorumFault as fault:
            raise CertificationFault(fault.reason, str(fault)) from None


def _read_header(reader: Reader, chain: bytes) -> Header:
    try:
        header = read_header(reader)
    except EncodingFault as fault:
        raise HeaderFault(f"a header is malformed: {fault}") from None
    if header.genesis != chain:
        what = f"the header of height {header.height}"
        message = f"{what} is for the chain with genesis {header.genesis.hex()}, not {chain.hex()}"
        raise HeaderFault(message, header.genesis)
    return header


def read_certified_block(reader: Reader, chain: bytes, epochs: bool) -> CertifiedBlock:
    """Reads a certified block of the chain with this genesis digest, which has ``epochs`` from genesis version 3 on.

    It proves nothing before ``verify`` returns.
    """
    header, result = _read_header(reader, chain), read_result(reader, epochs)
    count = reader.within(reader.u32(), 0, DESCENT_LIMIT, "number of further headers")
    descent = tuple(_read_header(reader, chain) for _ in range(count))
    return CertifiedBlock(header, result, descent, read_certificate(reader))
