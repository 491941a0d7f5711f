"""A verifier of Roadbed's receipts, written from the format documents alone.

It shares no code with the node. ``roadbed_verify.command`` is the command line; ``read_genesis`` and ``read_receipt``
are what another program needs.
"""

from .errors import Refusal
from .genesis import Genesis
from .genesis_file import read_genesis
from .receipt import Receipt
from .receipt_file import read_receipt

__all__ = ["Genesis", "Receipt", "Refusal", "read_genesis", "read_receipt"]
