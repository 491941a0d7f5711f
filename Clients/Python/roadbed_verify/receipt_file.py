"""The file of a receipt: formats.md, section 11."""

from .closings import Checkpoint
from .documents import Object, as_hex, as_object, as_text, field, invalid, parse
from .errors import Refusal
from .genesis import Genesis
from .operations import summary as operations_summary
from .receipt import VERSION, VERSION_WITHOUT_EPOCHS, Receipt, decode_receipt
from .summaries import check_summary
from .times import text_of


def summary_of(receipt: Receipt, genesis: Genesis) -> Object:
    """What the receipt says, for people. Numbers are Python's."""
    transaction, outcome, header = receipt.transaction, receipt.outcome, receipt.block.header
    statement = receipt.block.certificate.statement
    summary: Object = {
        "transaction": transaction.id(genesis.suite).hex(),
        "genesis": genesis.digest.hex(),
        "block": header.digest(genesis.suite).hex(),
        "outcome": outcome.text,
        "height": header.height,
        "index": receipt.index,
        "blockTime": text_of(header.timestamp),
        "validUntil": text_of(transaction.valid_until),
        "view": statement.view,
        "validators": list(receipt.block.certificate.signers),
        "nonce": str(transaction.nonce),
        "operations": operations_summary(transaction.operations),
        "signatures": [
            {"member": entry.member, "key": entry.key.hex(), "signature": entry.signature.hex()}
            for entry in transaction.signatures
        ],
    }
    if receipt.version != VERSION_WITHOUT_EPOCHS:
        summary["epoch"] = statement.epoch
    if not outcome.applied:
        summary["failedOperation"] = outcome.operation
    return summary


def read_receipt(data: bytes, genesis: Genesis, checkpoint: Checkpoint | None = None) -> tuple[Receipt, Object]:
    """The verified receipt of a file, and its summary.

    Raises ``Refusal`` unless genesis, or the checkpoint as well, proves it, and the file's summary, if there is one,
    says the same.
    """
    fields = as_object(parse(data), {"format", "receipt"}, {"summary"})
    version = VERSION if genesis.has_epochs else VERSION_WITHOUT_EPOCHS
    expected = f"roadbed-receipt/{version}"
    if as_text(fields["format"]) != expected:
        raise invalid(fields["format"], expected).at("format")
    receipt = field(fields, "receipt", lambda value: decode_receipt(as_hex(value), genesis.digest))
    summary = summary_of(receipt, genesis)
    if "summary" in fields:
        field(fields, "summary", lambda value: check_summary(value, summary, "receipt"))
    try:
        receipt.verify(genesis, checkpoint)
    except Refusal as fault:
        raise fault.at("receipt") from None
    return receipt, summary
