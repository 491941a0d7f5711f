"""Proofs of the state: their bytes, and what a genesis proves about them. formats-state.md, section 3."""

from dataclasses import dataclass

from .certified import CertificationFault, CertifiedBlock, HeaderFault, read_certified_block
from .closings import Checkpoint, Closings, read_closings
from .encoding import Reader
from .errors import EncodingFault, Refusal
from .genesis import Genesis
from .state_proof import StateProof, read_state_proof

VERSION = 1
SIZE_LIMIT = 4_477_952

FETCH_AGAIN = "do not rely on it; fetch the proof again, preferably from another node"
OTHER_CHAIN = "verify it with the genesis file of its own chain"


@dataclass(frozen=True)
class Proof:
    """A decoded proof. It proves nothing before ``verify`` returns."""

    state: StateProof
    block: CertifiedBlock
    closings: Closings

    def verify(self, genesis: Genesis, checkpoint: Checkpoint | None = None) -> None:
        """Returns if genesis, or the checkpoint as well, proves what the state has. Raises ``Refusal`` otherwise."""
        epoch = self.closings.verify(genesis, checkpoint)
        try:
            self.block.verify(genesis, epoch)
        except CertificationFault as fault:
            message = f"nothing proves that the block is final: {fault}"
            raise Refusal("proof.not-certified", message, FETCH_AGAIN) from None
        self.state.verify(self.block.result.state_root, genesis.suite)


def _read(reader: Reader, chain: bytes) -> Proof:
    version = reader.u8()
    if version != VERSION:
        raise EncodingFault(f"its version is {version}; this program knows {VERSION}")
    proof = Proof(read_state_proof(reader), read_certified_block(reader, chain, True), read_closings(reader))
    reader.finish()
    return proof


def decode_proof(encoded: bytes, genesis: Genesis) -> Proof:
    """The proof of these bytes, all of them, for the chain with this genesis."""
    if not genesis.has_epochs:
        message = f"the chain's genesis is of version {genesis.version}; such chains have no proofs of this form"
        raise Refusal("proof.earlier-chain", message, "verify receipts of that chain instead")
    if len(encoded) > SIZE_LIMIT:
        message = f"the proof has {len(encoded)} bytes; the limit is {SIZE_LIMIT}"
        raise Refusal("proof.too-large", message, FETCH_AGAIN)
    try:
        return _read(Reader(encoded), genesis.digest)
    except HeaderFault as fault:
        next_step = FETCH_AGAIN if fault.other is None else OTHER_CHAIN
        raise Refusal("proof.malformed-header", str(fault), next_step) from None
    except EncodingFault as fault:
        raise Refusal("proof.malformed", f"the proof is malformed: {fault}", FETCH_AGAIN) from None
