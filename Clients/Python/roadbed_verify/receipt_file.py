"""The file of a receipt: formats.md, section 11."""

from .documents import Number, Object, as_hex, as_object, as_text, compact, field, invalid, parse
from .errors import Refusal
from .genesis import Genesis
from .operations import summary as operations_summary
from .receipt import Receipt, decode_receipt
from .times import text_of

FORMAT = "roadbed-receipt/1"


def summary_of(receipt: Receipt, genesis: Genesis) -> Object:
    """What the receipt says, for people. Numbers are Python's."""
    transaction, outcome, header = receipt.transaction, receipt.outcome, receipt.header
    summary: Object = {
        "transaction": transaction.id(genesis.suite).hex(),
        "genesis": genesis.digest.hex(),
        "block": header.digest(genesis.suite).hex(),
        "outcome": outcome.text,
        "height": header.height,
        "index": receipt.index,
        "blockTime": text_of(header.timestamp),
        "validUntil": text_of(transaction.valid_until),
        "view": receipt.certificate.statement.view,
        "validators": list(receipt.certificate.signers),
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


def _spelt(value: object) -> object:
    """The value as the parser would have read it: with numbers as they are spelt."""
    if isinstance(value, int):
        return Number(str(value))
    if isinstance(value, dict):
        return {key: _spelt(item) for key, item in value.items()}
    if isinstance(value, list):
        return [_spelt(item) for item in value]
    return value


def _check_summary(found: object, derived: Object) -> None:
    if not isinstance(found, dict):
        raise invalid(found, "an object with what the receipt says")
    as_object(found, set(derived), set())
    for key in sorted(derived):
        expected = _spelt(derived[key])
        if found[key] != expected:
            raise invalid(found[key], f"what the receipt says, {compact(expected)[:200]}").at(key)


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
        field(fields, "summary", lambda value: _check_summary(value, summary))
    try:
        receipt.verify(genesis)
    except Refusal as fault:
        raise fault.at("receipt") from None
    return receipt, summary
