"""The file of a proof of the state: formats-state.md, section 3."""

from .closings import Checkpoint
from .documents import Object, as_hex, as_object, as_text, field, invalid, parse
from .errors import Refusal
from .genesis import Genesis
from .proof import Proof, decode_proof
from .summaries import check_summary
from .times import text_of

FORMAT = "roadbed-proof/1"
ABSENT = "no such entry"


def summary_of(proof: Proof, genesis: Genesis) -> Object:
    """What the proof says, for people. Numbers are Python's."""
    header, certificate, value = proof.block.header, proof.block.certificate, proof.state.value
    return {
        "suite": genesis.suite.name,
        "genesis": genesis.digest.hex(),
        "height": header.height,
        "block": header.digest(genesis.suite).hex(),
        "blockTime": text_of(header.timestamp),
        "epoch": certificate.statement.epoch,
        "view": certificate.statement.view,
        "validators": list(certificate.signers),
        "key": proof.state.key.shown,
        "entry": ABSENT if value is None else value.shown,
    }


def read_proof(data: bytes, genesis: Genesis, checkpoint: Checkpoint | None = None) -> tuple[Proof, Object]:
    """The verified proof of a file, and its summary.

    Raises ``Refusal`` unless genesis, or the checkpoint as well, proves it, and the file's summary, if there is one,
    says the same.
    """
    fields = as_object(parse(data), {"format", "proof"}, {"summary"})
    if as_text(fields["format"]) != FORMAT:
        raise invalid(fields["format"], f'"{FORMAT}"').at("format")
    proof = field(fields, "proof", lambda value: decode_proof(as_hex(value), genesis))
    summary = summary_of(proof, genesis)
    if "summary" in fields:
        field(fields, "summary", lambda value: check_summary(value, summary, "proof"))
    try:
        proof.verify(genesis, checkpoint)
    except Refusal as fault:
        raise fault.at("proof") from None
    return proof, summary
