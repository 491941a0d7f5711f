"""Closings and checkpoints, honest ones and such as are bent in one place each, for receipts and proofs alike."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from roadbed_verify.closings import Checkpoint
from roadbed_verify.encoding import u16, u32, u64

from .bent import block_of
from .maker import Chain, ClosingParts, Parts, name
from .state_maker import ProofParts, proof_of

# All of them belong to the third epoch after the first, so three closings lead there.
EPOCH = 3

Maker = Callable[..., Parts]


@dataclass(frozen=True)
class Bent:
    """A receipt, or the block and closings of a proof, and the code of the refusal; ``None`` if it is valid."""

    what: str
    code: str | None
    parts: Parts
    checkpoint: Checkpoint | None = None

    @property
    def proof_code(self) -> str | None:
        """The code if the same is wrong in a proof."""
        if self.code is None or not self.code.startswith("receipt."):
            return self.code
        return "proof.malformed" if self.code == "receipt.malformed" else "proof.not-certified"


def receipt_maker(chain: Chain) -> Maker:
    """What makes receipts in the third epoch."""
    return lambda **options: chain.receipt(block_of(chain, 2), 1, **{"epoch": EPOCH, **options})


def proof_maker(chain: Chain, key: bytes) -> tuple[ProofParts, Maker]:
    """The same for the block and closings of a proof, and a proof to put them into."""
    return proof_of(chain, key), lambda **options: proof_of(chain, key, **{"epoch": EPOCH, **options}).block


def _configuration(*voters: bytes, timeout: int = 1000) -> bytes:
    return u16(3) + u32(timeout) + u32(len(voters)) + b"".join(voters)


def bent_configurations(chain: Chain) -> Iterator[tuple[str, bytes]]:
    """What is wrong, and a configuration that no decoder accepts."""
    keys = [voter.public for voter in chain.voters]
    first, second = name("a") + name("bank") + keys[0], name("b") + name("bank") + keys[1]
    yield "no validators", _configuration()
    many = (name(f"n{place}") + name("bank") + u64(place) * 4 + b"\x00" for place in range(257))
    yield "257 validators", _configuration(*many)
    yield "a name repeated", _configuration(first, second, name("a") + name("bank") + keys[2])
    yield "a vote key repeated", _configuration(first, second, name("c") + name("bank") + keys[0])
    yield "a name of two segments", _configuration(first, name("a/b") + name("bank") + keys[1])
    yield "a member's name of two segments", _configuration(first, name("b") + name("a/b") + keys[1])
    yield "a short time-out", _configuration(first, timeout=9)
    yield "a long time-out", _configuration(first, timeout=60_001)
    yield "a validator missing", _configuration(first, second)[:-1]


def _bent_closing(chain: Chain, closing: ClosingParts) -> Iterator[tuple[str, str, ClosingParts]]:
    """One closing, of epoch 1, bent."""
    result, statement, other = closing.result, closing.statement, bytes(32)
    signers = range(len(closing.signatures))

    def resigned(changed: bytes) -> ClosingParts:
        return chain.closed(closing.changed(result=changed))

    def certified(changed: bytes) -> ClosingParts:
        return chain.signed_closing(closing, changed, signers)

    def configured(configuration: bytes) -> ClosingParts:
        digest = chain.suite.tagged(b"rb.cfg.1", configuration)
        return chain.closed(closing.changed(result=result[:112] + digest, configuration=configuration))

    for epoch in (0, 1, 3, 2**64 - 1):
        yield f"epoch {epoch} in the result", "not-closing", resigned(result[:104] + u64(epoch) + result[112:])
    for height in (0, 99, 100):
        yield f"height {height}", "height", resigned(u64(height) + result[8:])
    yield "digest of the configuration", "other-configuration", resigned(result[:112] + other)
    later = chain.electorate(3).configuration
    yield "configuration of a later epoch", "other-configuration", closing.changed(configuration=later)
    timeout = closing.configuration[:2] + u32(2000) + closing.configuration[6:]
    yield "time-out of the configuration", "other-configuration", closing.changed(configuration=timeout)
    rules = u16(3) + closing.configuration[2:]
    yield "rules version of the configuration", "other-configuration", closing.changed(configuration=rules)
    yield "notarization", "not-final", certified(b"\x01" + statement[1:57])
    yield "nullification", "not-final", certified(b"\x02" + statement[1:17])
    yield "other block", "certificate-of-other-block", certified(statement[:25] + other + statement[57:])
    yield "other result", "certificate-of-other-block", certified(statement[:57] + other)
    yield "state root", "certificate-of-other-block", closing.changed(result=result[:40] + b"\x01" + result[41:])
    for epoch in (0, 2, 2**64 - 1):
        yield f"certificate of epoch {epoch}", "other-epoch", certified(b"\x03" + u64(epoch) + statement[9:])
    yield "too many signers", "signers", chain.signed_closing(closing, statement, range(len(signers) + 1))
    yield "too few signers", "signers", chain.signed_closing(closing, statement, signers[1:])
    yield "unknown signer", "signers", closing.changed(bitmap=b"\x87")
    yield "signatures swapped", "invalid-signature", closing.changed(signatures=closing.signatures[::-1])
    yield "signature repeated", "invalid-signature", closing.changed(signatures=closing.signatures[:1] * len(signers))
    beyond = closing.changed(epoch=2)
    yield "signed by the next epoch", "invalid-signature", chain.signed_closing(beyond, statement, signers)
    yield "kind of the statement", "malformed", closing.changed(statement=b"\x04" + statement[1:])
    yield "view 0", "malformed", closing.changed(statement=statement[:9] + u64(0) + u64(0) + statement[25:])
    yield "bitmap ends with 0", "malformed", closing.changed(bitmap=closing.bitmap + b"\x00")
    yield "signature missing", "malformed", closing.changed(signatures=closing.signatures[:-1])
    yield "result of 104 bytes", "malformed", closing.changed(result=result[:104])
    for what, configuration in bent_configurations(chain):
        yield f"configuration with {what}", "malformed", configured(configuration)


def _order_of_checks(chain: Chain) -> Iterator[tuple[str, str, ClosingParts]]:
    """A closing of epoch 1 in which everything from one check on is wrong."""
    closing = chain.closing(1)
    height, block, epoch, digest = u64(200), closing.result[8:40], u64(2), closing.result[112:]
    kind, tail = b"\x03", 80
    certified_epoch, signers = u64(1), list(range(len(closing.signatures)))
    wrong = bytes(32)
    for code in (
        "invalid-signature",
        "signers",
        "other-epoch",
        "certificate-of-other-block",
        "not-final",
        "other-configuration",
        "height",
        "not-closing",
    ):
        certified_block = block
        if code == "signers":
            signers = signers[1:]
        elif code == "other-epoch":
            certified_epoch = u64(7)
        elif code == "not-final":
            kind, tail = b"\x01", 48
        elif code == "other-configuration":
            digest = wrong
        elif code == "height":
            height = u64(100)
        elif code == "not-closing":
            epoch = u64(1)
        if code not in ("invalid-signature", "signers", "other-epoch"):
            certified_block = wrong
        result = height + block + bytes(64) + epoch + digest
        about = u64(9) + u64(3) + certified_block + chain.result_digest(result)
        parts = closing.changed(result=result)
        parts = chain.signed_closing(parts, kind + certified_epoch + about[:tail], signers)
        yield f"everything wrong from {code} on", code, parts.changed(signatures=parts.signatures[::-1])


def _bent_sequences(chain: Chain, make: Maker) -> Iterator[Bent]:
    """Closings that are honest one by one, but not together."""
    base = make()
    assert base.closings is not None
    zero, one, two = base.closings
    three = chain.closing(3)
    foreign = [Chain(chain.suite, named="other").closing(number) for number in range(3)]
    for what, code, closings in (
        ("first left out", "closing.not-closing", [one, two]),
        ("second left out", "closing.not-closing", [zero, two]),
        ("last left out", "receipt.unknown-epoch", [zero, one]),
        ("all left out", "receipt.unknown-epoch", []),
        ("first repeated", "closing.not-closing", [zero, zero, one, two]),
        ("last repeated", "closing.not-closing", [zero, one, two, two]),
        ("first two swapped", "closing.not-closing", [one, zero, two]),
        ("last two swapped", "closing.not-closing", [zero, two, one]),
        ("one too many", "receipt.height-of-other-epoch", [zero, one, two, three]),
        ("of another chain", "closing.invalid-signature", foreign),
        ("last of another chain", "closing.invalid-signature", [zero, one, foreign[2]]),
    ):
        yield Bent(what, code, base.changed(closings=closings))
    unknown = "closing.unknown-first-epoch"
    for first in (1, 3, 2**64 - 1):
        yield Bent(f"first is {first}", unknown, base.changed(first_closing=first))
        yield Bent(f"first is {first} of none", unknown, make(epoch=0).changed(first_closing=first))
    yield Bent("first left out and said so", unknown, base.changed(first_closing=1, closings=[one, two]))
    at_genesis = chain.closed(zero.changed(result=bytes(8) + zero.result[8:]))
    yield Bent("height 0 of the first", "closing.height", base.changed(closings=[at_genesis, one, two]))
    statement, signers = base.statement, range(len(base.signatures))
    for epoch in (0, 2, 4):
        other = chain.signed(base, b"\x03" + u64(epoch) + statement[9:], signers)
        yield Bent(f"certificate of epoch {epoch}", "receipt.unknown-epoch", other)
    genesis = chain.signed(base.changed(epoch=0), statement, signers).changed(epoch=EPOCH)
    yield Bent("certificate by genesis's validators", "receipt.invalid-signature", genesis)
    for height in (1, 299, 300):
        yield Bent(f"block of height {height}", "receipt.height-of-other-epoch", make(height=height))
    yield Bent("first block of the epoch", None, make(height=301))
    # The block of the last epoch, proved by a certificate of this one.
    yield Bent("headers across a closing", "receipt.height-of-other-epoch", make(height=299, headers_above=4))
    yield Bent("headers above", None, make(headers_above=4))


def _checkpoints(chain: Chain, make: Maker) -> Iterator[Bent]:
    base = make()
    assert base.closings is not None
    zero, one, two = base.closings
    points = {epoch: chain.checkpoint(epoch) for epoch in range(1, 7)}
    # Below, at and above the epoch of the certificate; of an epoch whose closing is not there it says nothing.
    for epoch, checkpoint in points.items():
        yield Bent(f"checkpoint {epoch}", None, base, checkpoint)
        yield Bent(f"checkpoint {epoch}, no closings", None, make(epoch=0), checkpoint)
    last = one.changed(signatures=one.signatures[::-1])
    for epoch, first, closings, code in (
        (1, 0, [last, one, two], "closing.other-than-checkpoint"),
        (2, 1, [one, two], None),
        (3, 1, [one, two], None),
        (3, 2, [two], None),
        (3, 0, [zero, last, two], None),
        (3, 0, [two, two, two], None),
        (3, 0, [zero, zero, two], None),
        (2, 0, [zero, last, two], None),
        (1, 0, [zero, last, two], "closing.invalid-signature"),
        (4, 0, [zero, last, two], "closing.invalid-signature"),
        (2, 0, [last, zero, two], "closing.other-than-checkpoint"),
        (3, 0, [zero, one, one], "closing.other-than-checkpoint"),
        (3, 1, [zero, one, two], "closing.other-than-checkpoint"),
        (1, 1, [one, two], "closing.unknown-first-epoch"),
        (4, 1, [one, two], "closing.unknown-first-epoch"),
        (2, 2, [two], "closing.unknown-first-epoch"),
        (3, 3, [], "closing.unknown-first-epoch"),
        (1, 0, [], "receipt.unknown-epoch"),
        (3, 2, [two, chain.closing(3)], "receipt.height-of-other-epoch"),
    ):
        what = f"checkpoint {epoch}, {len(closings)} closings from {first}"
        yield Bent(what, code, base.changed(first_closing=first, closings=closings), points[epoch])
    other = Checkpoint(2, bytes(32))
    yield Bent("checkpoint with another digest", "closing.other-than-checkpoint", base, other)
    foreign = Chain(chain.suite, named="other")
    old = base.changed(closings=[foreign.closing(number) for number in range(3)])
    # Its result is trusted, but the rest of the chain is signed for another genesis.
    yield Bent("checkpoint of another chain", "closing.invalid-signature", old, foreign.checkpoint(2))
    swapped = base.changed(first_closing=1, closings=[two])
    moved = Checkpoint(2, points[3].digest)
    yield Bent("digest of another epoch's checkpoint", "closing.not-closing", swapped, moved)
    configured = two.changed(configuration=one.configuration)
    yield Bent(
        "checkpoint's configuration",
        "closing.other-configuration",
        base.changed(closings=[zero, one, configured]),
        points[3],
    )
    uncertified = [zero.changed(statement=zero.statement[:25] + bytes(64)), one, two]
    yield Bent("checkpoint's certificate", None, base.changed(closings=uncertified), points[1])
    malformed = [zero.changed(bitmap=b"\x00"), one, two]
    yield Bent("malformed before the checkpoint", "receipt.malformed", base.changed(closings=malformed), points[3])
    below = make(height=300)
    yield Bent("block below the checkpoint", "receipt.height-of-other-epoch", below, points[3])


def bent_closings(chain: Chain, make: Maker) -> Iterator[Bent]:
    """Everything in this file for what ``make`` makes."""
    base = make()
    assert base.closings is not None
    zero, one, two = base.closings
    yield Bent("honest", None, base)
    for what, code, closing in (*_bent_closing(chain, one), *_order_of_checks(chain)):
        full = "receipt.malformed" if code == "malformed" else f"closing.{code}"
        yield Bent(f"closing: {what}", full, base.changed(closings=[zero, closing, two]))
    yield from _bent_sequences(chain, make)
    yield from _checkpoints(chain, make)
