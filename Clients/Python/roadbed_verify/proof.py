"""Proofs of the state: their bytes, and what a genesis proves about them. formats-state.md, section 3."""

from dataclasses import dataclass

from .certified import CertificationFault, CertifiedBlock, HeaderFault, read_certified_block
from .encoding import Reader
from .errors import EncodingFault, Refusal
from .genesis import Genesis
from .state_proof import StateProof, read_state_proof

VERSION = 1
SIZE_LIMIT = 218_112

FETCH_AGAIN = "do not rely on it; fetch the proof again, preferably from another node"
OTHER_CHAIN = "verify it with the genesis file of its own chain"


@dataclass(frozen=True)
class Proof:
    """A decoded proof. It proves nothing before ``verify`` returns."""

    state: StateProof
    block: CertifiedBlock

    def verify(self, genesis: Genesis) -> None:
        """Returns if genesis proves what the state has under the key, and raises ``Refusal`` otherwise."""
        try:
            self.block.verify(genesis)
        except CertificationFault as fault:
            message = f"nothing proves that the block is final: {fault}"
            raise Refusal("proof.not-certified", message, FETCH_AGAIN) from None
        self.state.verify(self.block.result.state_root, genesis.suite)


def _read(reader: Reader, chain: bytes) -> Proof:
    version = reader.u8()
    if version != VERSION:
        raise EncodingFault(f"its version is {version}; this program knows {VERSION}")
    proof = Proof(read_state_proof(reader), read_certified_block(reader, chain))
    reader.finish()
    return proof


def decode_proof(encoded: bytes, chain: bytes) -> Proof:
    """The proof of these bytes, all of them, for the chain with this genesis digest."""
    if len(encoded) > SIZE_LIMIT:
        message = f"the proof has {len(encoded)} bytes; the limit is {SIZE_LIMIT}"
        raise Refusal("proof.too-large", message, FETCH_AGAIN)
    try:
        return _read(Reader(encoded), chain)
    except HeaderFault as fault:
        next_step = FETCH_AGAIN if fault.other is None else OTHER_CHAIN
        raise Refusal("proof.malformed-header", str(fault), next_step) from None
    except EncodingFault as fault:
        raise Refusal("proof.malformed", f"the proof is malformed: {fault}", FETCH_AGAIN) from None
