"""The file of a receipt: formats.md, section 11."""

from .documents import Object, as_hex, as_object, as_text, field, invalid, parse
from .errors import Refusal
from .genesis import Genesis
from .operations import summary as operations_summary
from .receipt import Receipt, decode_receipt
from .summaries import check_summary
from .times import text_of

FORMAT = "roadbed-receipt/1"


def summary_of(receipt: Receipt, genesis: Genesis) -> Object:
    """What the receipt says, for people. Numbers are Python's."""
    transaction, outcome, header = receipt.transaction, receipt.outcome, receipt.block.header
    summary: Object = {
        "transaction": transaction.id(genesis.suite).hex(),
        "genesis": genesis.digest.hex(),
        "block": header.digest(genesis.suite).hex(),
        "outcome": outcome.text,
        "height": header.height,
        "index": receipt.index,
        "blockTime": text_of(header.timestamp),
        "validUntil": text_of(transaction.valid_until),
        "view": receipt.block.certificate.statement.view,
        "validators": list(receipt.block.certificate.signers),
        "nonce": str(transaction.nonce),
        "operations": operations_summary(transaction.operations),
        "signatures": [
            {"member": entry.member, "key": entry.key.hex(), "signature": entry.signature.hex()}
            for entry in transaction.signatures
        ],
    }
    if not outcome.applied:
        summary["failedOperation"] = outcome.operation
    return summary


def read_receipt(data: bytes, genesis: Genesis) -> tuple[Receipt, Object]:
    """The verified receipt of a file, and its summary.

    Raises ``Refusal`` unless genesis proves the receipt and the file's summary, if there is one, says the same.
    """
    fields = as_object(parse(data), {"format", "receipt"}, {"summary"})
    if as_text(fields["format"]) != FORMAT:
        raise invalid(fields["format"], f'"{FORMAT}"').at("format")
    receipt = field(fields, "receipt", lambda value: decode_receipt(as_hex(value), genesis.digest))
    summary = summary_of(receipt, genesis)
    if "summary" in fields:
        field(fields, "summary", lambda value: check_summary(value, summary, "receipt"))
    try:
        receipt.verify(genesis)
    except Refusal as fault:
        raise fault.at("receipt") from None
    return receipt, summary
