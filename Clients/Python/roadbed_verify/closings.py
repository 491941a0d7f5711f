"""Closings: what proves the validators of an epoch to whoever knows those before. formats.md, section 10."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from .blocks import Result, read_result
from .configuration import Configuration, Voter, read_configuration
from .encoding import Reader
from .errors import EncodingFault, Refusal
from .genesis import Genesis
from .votes import FINALIZE, Certificate, QuorumFault, check_quorum, read_certificate

COUNT_LIMIT = 4096
SIZE_LIMIT = 4_194_304

_FETCH_AGAIN = "do not rely on it; fetch it again, preferably from another node"
_CHECKPOINT = re.compile("([1-9][0-9]{0,19}):([0-9a-f]{64})")


def _refusal(code: str, epoch: int, message: str, next_step: str = _FETCH_AGAIN) -> Refusal:
    return Refusal(f"closing.{code}", f"the closing of epoch {epoch}: {message}", next_step)


@dataclass(frozen=True)
class Checkpoint:
    """An epoch that somebody trusts: its number, not 0, and the digest of the result that opened it."""

    epoch: int
    digest: bytes


def checkpoint_of(text: str) -> Checkpoint | None:
    """The checkpoint that is written ``EPOCH:DIGEST``, or ``None`` if the text is not one."""
    found = _CHECKPOINT.fullmatch(text)
    if found is None or int(found[1]) >= 2**64:
        return None
    return Checkpoint(int(found[1]), bytes.fromhex(found[2]))


@dataclass(frozen=True)
class Epoch:
    """A known epoch: its number, its validators, and the height above which its blocks lie."""

    number: int
    validators: tuple[Voter, ...]
    # The height of the closing block; none in epoch 0, which genesis opens.
    opened_at: int | None


@dataclass(frozen=True)
class Closing:
    """The result of an epoch's last block, the certificate of that block, and the next epoch's configuration."""

    result: Result
    certificate: Certificate
    configuration: Configuration

    def verify(self, epoch: Epoch, genesis: Genesis) -> Epoch:
        """The next epoch, if this one's validators closed it. Raises ``Refusal`` otherwise."""
        suite, number, statement = genesis.suite, epoch.number, self.certificate.statement
        self._check_end_of(number)
        least = epoch.opened_at or 0
        if self.result.height <= least:
            reason = f"its height is {self.result.height}, but the blocks of the epoch lie above {least}"
            raise _refusal("height", number, reason)
        self._check_configuration(number, genesis)
        if statement.kind != FINALIZE:
            raise _refusal("not-final", number, f"its certificate is of kind {statement.kind}, not a finalization")
        if statement.block != self.result.block or statement.result != self.result.digest(suite):
            reason = "its certificate is about another block, or about another result of it"
            raise _refusal("certificate-of-other-block", number, reason)
        if statement.epoch != number:
            raise _refusal("other-epoch", number, f"its certificate is of epoch {statement.epoch}")
        try:
            check_quorum(self.certificate, epoch.validators, suite, genesis.digest)
        except QuorumFault as fault:
            raise _refusal(fault.reason, number, str(fault)) from None
        return self._opened(number)

    def verify_against(self, checkpoint: Checkpoint, genesis: Genesis) -> Epoch:
        """The checkpoint's epoch, if this closing is the one that opened it. Raises ``Refusal`` otherwise."""
        number, found = checkpoint.epoch - 1, self.result.digest(genesis.suite)
        if found != checkpoint.digest:
            reason = f"its result has the digest {found.hex()}, but the checkpoint has {checkpoint.digest.hex()}"
            next_step = "keep both, and ask the chain's members which one is theirs"
            raise _refusal("other-than-checkpoint", number, reason, next_step)
        self._check_end_of(number)
        self._check_configuration(number, genesis)
        return self._opened(number)

    def _check_end_of(self, number: int) -> None:
        # Above the highest epoch of 64 bits there is none: the comparison does not wrap.
        if self.result.epoch != number + 1:
            reason = f"its result names epoch {self.result.epoch} for the blocks above, not {number + 1}"
            raise _refusal("not-closing", number, reason)

    def _check_configuration(self, number: int, genesis: Genesis) -> None:
        found = self.configuration.digest(genesis.suite)
        if self.result.configuration != found:
            raise _refusal("other-configuration", number, f"its result does not name the configuration {found.hex()}")

    def _opened(self, number: int) -> Epoch:
        return Epoch(number + 1, self.configuration.validators, self.result.height)


@dataclass(frozen=True)
class Closings:
    """The closings of consecutive epochs from ``first`` on. They prove nothing before ``verify`` returns."""

    first: int
    closings: Sequence[Closing]

    def verify(self, genesis: Genesis, checkpoint: Checkpoint | None = None) -> Epoch:
        """The epoch after the last of them. Raises ``Refusal`` unless genesis or the checkpoint proves it."""
        place = -1 if checkpoint is None else checkpoint.epoch - 1 - self.first
        if checkpoint is not None and 0 <= place < len(self.closings):
            # What is before the checkpoint's closing need not be valid.
            epoch = self.closings[place].verify_against(checkpoint, genesis)
            rest = self.closings[place + 1 :]
        elif self.first == 0:
            epoch = Epoch(0, genesis.configuration.validators, None)
            rest = self.closings
        else:
            known = "there is no checkpoint" if checkpoint is None else f"the checkpoint opens {checkpoint.epoch}"
            raise Refusal(
                "closing.unknown-first-epoch",
                f"the closings begin with epoch {self.first}, whose validators nothing here proves: {known}",
                "fetch it with all closings from epoch 0, or give a checkpoint whose closing it contains",
            )
        for closing in rest:
            epoch = closing.verify(epoch, genesis)
        return epoch

    def configuration(self, genesis: Genesis) -> Configuration:
        """The configuration of the epoch after the last of them."""
        return self.closings[-1].configuration if self.closings else genesis.configuration


NONE = Closings(0, ())


def read_closings(reader: Reader) -> Closings:
    """Reads closings."""
    first, count = reader.u64(), reader.within(reader.u32(), 0, COUNT_LIMIT, "number of closings")
    start = reader.offset
    closings: list[Closing] = []
    for _ in range(count):
        closings.append(Closing(read_result(reader, True), read_certificate(reader), read_configuration(reader)))
        if reader.offset - start > SIZE_LIMIT:
            raise EncodingFault(f"the closings before byte {reader.offset} have more than {SIZE_LIMIT} bytes")
    return Closings(first, tuple(closings))
