"""Proofs that are bent in one place each: the same for the unit tests and for the comparison with the node."""

from collections.abc import Iterator

from roadbed_verify.encoding import u16, u64

from .bent import bent
from .bent_closings import bent_configurations
from .maker import TIME, Chain, amount, hold_end, name, text
from .state_maker import (
    RECORD,
    ProofParts,
    account,
    entries_of,
    group_of,
    hold,
    hold_value,
    node_value,
    parameters,
    proof_of,
    record_value,
)

_BALANCE = b"\x05" + name("bank/main") + name("gold")


# What is bent outside the certified block of a receipt.
_OTHER_CODES = {"transaction-not-in-block", "outcome-not-in-result", "malformed-transaction"}
_OTHER_PARTS = {
    "version",
    "version of other chains",
    "receipt of an earlier version",
    "path too long",
    "unknown outcome",
    "applied but failed",
}


def _bent_blocks(chain: Chain) -> Iterator[tuple[str, str, ProofParts]]:
    """Every way to bend the certified block of a receipt."""
    plain = proof_of(chain, _BALANCE)
    for what, code, parts in bent(chain):
        if code not in _OTHER_CODES and what not in _OTHER_PARTS:
            kept = code if code in ("malformed", "malformed-header") else "not-certified"
            yield f"block: {what}", f"proof.{kept}", plain.changed(block=parts)


def bent_proofs(chain: Chain) -> Iterator[tuple[str, str, ProofParts]]:
    """What is bent, the code of the refusal, and the proof."""
    plain, absent = proof_of(chain, _BALANCE), proof_of(chain, account("bank/none"))
    steps, entries = plain.steps, entries_of(chain)
    other, node, held = bytes(32), b"\x0c" + name("node1"), hold("bank/main", "order 17")
    assert plain.leaf is not None and plain.value is not None

    yield "version", "proof.malformed", plain.changed(version=2)
    yield "value", "state-proof.other-value", plain.changed(value=amount(2**64 + 1))
    yield "value of zero", "proof.malformed", plain.changed(value=amount(0))
    yield "presence as absence", "state-proof.entry-mismatch", plain.changed(value=None)
    yield "absence as presence", "state-proof.entry-mismatch", absent.changed(value=b"\x00" + text(""))
    yield "first step missing", "state-proof.other-root", plain.changed(steps=steps[1:])
    yield "last step missing", "state-proof.other-root", plain.changed(steps=steps[:-1])
    yield "step repeated", "proof.malformed", plain.changed(steps=steps[:1] + steps)
    yield "steps swapped", "proof.malformed", plain.changed(steps=steps[::-1])
    yield "too many steps", "proof.malformed", plain.changed(steps=[(0, other)] * 257)
    yield "no leaf", "state-proof.other-root", plain.changed(leaf=None)
    yield "other sibling", "state-proof.other-root", plain.changed(steps=[(steps[0][0], other)] + steps[1:])
    yield "other leaf's value", "state-proof.other-root", plain.changed(leaf=(plain.leaf[0], other))
    away = bytes([plain.leaf[0][0] ^ 0x80 >> steps[0][0]]) + plain.leaf[0][1:] if steps[0][0] < 8 else other
    yield "leaf on another side", "state-proof.other-way", plain.changed(leaf=(away, plain.leaf[1]))
    for key in entries:
        moved = proof_of(chain, key)
        yield f"block of another state, key {key.hex()}", "state-proof.other-root", moved.changed(
            block=proof_of(chain, key, {**entries, account("new"): b"\x00" + text("")}).block
        )
    yield "another height", "state-proof.other-root", plain.changed(
        block=proof_of(chain, _BALANCE, {_BALANCE: amount(1)}, height=8).block
    )
    for what, key, bad in (
        ("threshold of zero", b"\x01", parameters(0, 4_194_304, 10_000, 60_000)),
        ("size of blocks", b"\x01", parameters(1, 4_194_305, 10_000, 60_000)),
        ("operations of blocks", b"\x01", parameters(1, 4_194_304, 9_999, 60_000)),
        ("validity", b"\x01", parameters(1, 4_194_304, 10_000, 86_400_001)),
        ("suspended 2", b"\x02" + name("bank"), text("") + b"\x05\x01\x01" + chain.registry.public + b"\x02"),
        ("frozen 2", account("bank/main"), b"\x02" + text("Main")),
        ("decimals", b"\x04" + name("gold"), name("mint") + b"\x1f" + amount(1) + text("")),
        ("owner", b"\x06" + name("deeds/2031"), name("a/b")),
        ("version of zero", b"\x07" + RECORD, record_value(0, b"")),
        ("version before the first", b"\x07" + RECORD, record_value(1, b"", other[:31] + b"\x01")),
        ("no version before", b"\x07" + RECORD, record_value(2, b"", other)),
        ("no transport key", node, node_value([], ["a:1"])),
        ("three transport keys", node, node_value([bytes([byte]) * 32 for byte in range(3)], ["a:1"])),
        ("transport keys repeated", node, node_value([other, other], ["a:1"])),
        ("transport keys out of order", node, node_value([b"\x01" + other[1:], other], ["a:1"])),
        ("no address", node, node_value([other], [])),
        ("five addresses", node, node_value([other], [f"a:{port}" for port in range(1, 6)])),
        ("addresses repeated", node, node_value([other], ["a:1", "b:1", "a:1"])),
        ("address without port", node, node_value([other], ["a"])),
        ("nothing held", held, hold_value("shop", 0, hold_end(TIME))),
        ("held for its payer", held, hold_value("bank/main", 1, hold_end(TIME))),
        ("held for no account", held, hold_value("bank/", 1, hold_end(TIME))),
        ("mark of an arbiter", held, hold_value("shop", 1, u64(TIME) + b"\x02" + name("bank"))),
        ("arbiter without a name", held, hold_value("shop", 1, hold_end(TIME, ""))),
        ("arbiter's account", held, hold_value("shop", 1, hold_end(TIME, "bank/main"))),
        ("hold's number cut", held, hold_value("shop", 1, hold_end(TIME))[:-1]),
        *((f"configuration with {what}", b"\x0b", bad) for what, bad in bent_configurations(chain)),
        ("no transactions", b"\x0a" + u64(7) + u16(1), group_of()),
        ("transactions repeated", b"\x0a" + u64(7) + u16(1), group_of((other, 5), (other, 5))),
        ("transactions out of order", b"\x0a" + u64(7) + u16(1), group_of((other, 6), (other, 5))),
        ("too many transactions", b"\x0a" + u64(7) + u16(1), group_of(*((other, end) for end in range(33)))),
    ):
        yield what, "proof.malformed", proof_of(chain, key).changed(value=bad)
    for what, key in (
        ("kind 0", b"\x00"),
        ("kind 8", b"\x08" + RECORD + u64(1)),
        ("kind 9", b"\x09" + other),
        ("kind 16", b"\x10" + name("bank")),
        ("validator's name", b"\x0d" + name("a/b")),
        ("no reference", hold("bank/main", "")),
        ("long reference", hold("bank/main", "x" * 65)),
        ("reference that is not UTF-8", hold("bank/main", b"\xc0\x80")),
        ("reference with a control character", hold("bank/main", "order\x7f17")),
        ("hold of no account", hold("bank//main", "order 17")),
        ("node's name", b"\x0c" + name("a/b")),
        ("member's name", b"\x02" + name("a/b")),
        ("account's name", account("Bank")),
        ("empty record key", b"\x07" + name("deeds/2031") + text("")),
        ("long record key", b"\x07" + name("deeds/2031") + text("x" * 129)),
        ("control character", b"\x07" + name("deeds/2031") + text("\x00")),
    ):
        yield what, "proof.malformed", absent.changed(key=key)
    yield from _bent_blocks(chain)
