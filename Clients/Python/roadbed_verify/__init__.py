"""A verifier of Roadbed's receipts and proofs of the state, written from the format documents alone.

It shares no code with the node. ``roadbed_verify.command`` is the command line; ``read_genesis``, ``read_receipt`` and
``read_proof`` are what another program needs.
"""

from .closings import Checkpoint, checkpoint_of
from .errors import Refusal
from .genesis import Genesis
from .genesis_file import read_genesis
from .proof import Proof
from .proof_file import read_proof
from .receipt import Receipt
from .receipt_file import read_receipt

__all__ = [
    "Checkpoint",
    "Genesis",
    "Proof",
    "Receipt",
    "Refusal",
    "checkpoint_of",
    "read_genesis",
    "read_proof",
    "read_receipt",
]
