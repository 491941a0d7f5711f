"""Receipts that are bent in one place each: the same for the unit tests and for the comparison with the node."""

from collections.abc import Iterator, Sequence

from roadbed_verify.encoding import u32, u64

from .maker import Chain, Parts, open_account


def block_of(chain: Chain, count: int) -> list[bytes]:
    """So many transactions."""
    return [chain.transaction([open_account("registry/a")], nonce) for nonce in range(count)]


def bent(chain: Chain) -> Iterator[tuple[str, str, Parts]]:
    """What is bent, the code of the refusal, and the receipt."""
    transactions = block_of(chain, 13)
    plain, above = chain.receipt(transactions, 3), chain.receipt(transactions, 3, headers_above=2)
    statement, other = plain.statement, bytes(32)

    def certified(changed: bytes, signers: Sequence[int] = (0, 1, 2)) -> Parts:
        return chain.signed(plain, changed, signers)

    yield "notarization", "not-final", certified(b"\x01" + statement[1:57])
    yield "nullification", "not-final", certified(b"\x02" + statement[1:17])
    yield "kind of statement", "malformed", certified(b"\x04" + statement[1:])
    yield "view 0", "malformed", certified(statement[:9] + u64(0) + u64(0) + statement[25:])
    yield "parent view", "malformed", certified(statement[:17] + u64(9) + statement[25:])
    yield "epoch", "unknown-epoch", certified(b"\x03" + u64(1) + statement[9:])
    yield "block", "certificate-of-other-block", certified(statement[:25] + other + statement[57:])
    yield "result", "certificate-of-other-block", certified(statement[:57] + other)
    yield "too many signers", "signers", certified(statement, range(4))
    yield "too few signers", "signers", certified(statement, (0, 3))
    yield "unknown signer", "signers", plain.changed(bitmap=b"\x13")
    yield "last possible signer", "signers", plain.changed(bitmap=b"\x03" + bytes(30) + b"\x80")
    yield "bitmap too long", "malformed", plain.changed(bitmap=b"\x03" + bytes(31) + b"\x01")
    yield "bitmap empty", "malformed", plain.changed(bitmap=b"")
    yield "bitmap ends with 0", "malformed", plain.changed(bitmap=b"\x07\x00")
    yield "signature repeated", "invalid-signature", plain.changed(signatures=plain.signatures[:1] * 3)
    yield "signatures swapped", "invalid-signature", plain.changed(signatures=plain.signatures[::-1])
    yield "signature missing", "malformed", plain.changed(signatures=plain.signatures[:2])
    yield "version", "malformed", plain.changed(version=3)
    yield "version of other chains", "malformed", plain.changed(version=3 - plain.version)
    if plain.closings is not None:
        older = chain.receipt(transactions, 3, earlier=True)
        yield "receipt of an earlier version", "malformed", older.changed(format_version=2)
    yield "headers swapped", "broken-descent", above.changed(descent=above.descent[::-1])
    yield "first header missing", "broken-descent", above.changed(descent=above.descent[1:])
    yield "last header missing", "certificate-of-other-block", above.changed(descent=above.descent[:1])
    wrong = chain.header(8, above.descent[0][41:73], other, 1, other)
    yield "parent's result", "broken-descent", above.changed(descent=[wrong, above.descent[1]])
    yield "height wraps", "broken-descent", chain.receipt(transactions, height=2**64 - 1, headers_above=1)
    yield "header of another chain", "malformed-header", plain.changed(header=b"\x01" + other + plain.header[33:])
    foreign = b"\x01" + other + above.descent[1][33:]
    yield "last header of another chain", "malformed-header", above.changed(descent=[above.descent[0], foreign])
    yield "header's version", "malformed-header", plain.changed(header=b"\x02" + plain.header[1:])
    count = plain.header[:113] + u32(20_001) + plain.header[117:]
    yield "transactions in the header", "malformed-header", plain.changed(header=count)
    yield "path longer", "transaction-not-in-block", plain.changed(transaction_path=plain.transaction_path + [other])
    yield "path shorter", "transaction-not-in-block", plain.changed(transaction_path=plain.transaction_path[:-1])
    yield "path too long", "malformed", plain.changed(transaction_path=[other] * 33)
    yield "index", "transaction-not-in-block", plain.changed(index=4)
    yield "index beyond", "transaction-not-in-block", plain.changed(index=2**32 - 1)
    yield "outcome path", "outcome-not-in-result", plain.changed(outcome_path=plain.outcome_path[::-1])
    yield "outcome", "outcome-not-in-result", plain.changed(outcome=b"\x10\x00" + u32(0))
    yield "unknown outcome", "malformed", plain.changed(outcome=b"\x05\x00" + u32(0))
    yield "applied but failed", "malformed", plain.changed(outcome=b"\x00\x00" + u32(1))
    yield "height of the result", "result-of-other-block", plain.changed(result=u64(8) + plain.result[8:])
    yield (
        "block of the result",
        "result-of-other-block",
        plain.changed(result=plain.result[:8] + other + plain.result[40:]),
    )
    state = plain.result[:40] + other + plain.result[72:]
    yield "state root", "certificate-of-other-block", plain.changed(result=state)
    yield (
        "state root below headers",
        "broken-descent",
        above.changed(result=above.result[:40] + other + above.result[72:]),
    )
    yield (
        "signature of the transaction",
        "transaction-not-in-block",
        plain.changed(transaction=plain.transaction[:-1] + b"\xee"),
    )
    yield "transaction's version", "malformed-transaction", plain.changed(transaction=b"\x02" + plain.transaction[1:])
    yield (
        "transaction of another chain",
        "malformed-transaction",
        plain.changed(transaction=b"\x01" + other + plain.transaction[33:]),
    )
    yield (
        "no signature",
        "malformed-transaction",
        plain.changed(transaction=chain.unsigned_part(plain.transaction) + b"\x00"),
    )
