"""Makes keys, chains and receipts, honest or not, so that tests do not need a node.

The secrets are public: nothing made here is worth anything outside tests.
"""

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from functools import cache
from hashlib import sha512

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from roadbed_verify import sm2
from roadbed_verify.authority import Authority
from roadbed_verify.blocks import OUTCOMES
from roadbed_verify.closings import Checkpoint
from roadbed_verify.configuration import VALIDATOR_LIMIT, Configuration, Voter
from roadbed_verify.encoding import long, short, u16, u32, u64
from roadbed_verify.genesis import Genesis, Member, Validator
from roadbed_verify.merkle import leaf_hash
from roadbed_verify.suites import BY_NAME, Suite
from roadbed_verify.times import text_of
from roadbed_verify.votes import quorum_of
from roadbed_verify.weierstrass import P256, SM2

TIME = 1_900_000_000_000


@dataclass(frozen=True)
class Signer:
    """A key pair: the public key of 33 bytes, and what makes 64 bytes of signature of a message."""

    public: bytes
    sign: Callable[[bytes], bytes]


def _compressed(point: tuple[int, int]) -> bytes:
    return bytes([2 + point[1] % 2]) + point[0].to_bytes(32, "big")


def _pair(r: int, s: int) -> bytes:
    return r.to_bytes(32, "big") + s.to_bytes(32, "big")


def _p256_signer(scalar: int) -> Signer:
    private = ec.derive_private_key(scalar, ec.SECP256R1())

    def sign(message: bytes) -> bytes:
        r, s = decode_dss_signature(private.sign(message, ec.ECDSA(hashes.SHA256())))
        return _pair(r, min(s, P256.order - s))

    numbers = private.public_key().public_numbers()
    return Signer(_compressed((numbers.x, numbers.y)), sign)


def _ed25519_signer(scalar: int) -> Signer:
    private = Ed25519PrivateKey.from_private_bytes(scalar.to_bytes(32, "big"))
    return Signer(b"\xed" + private.public_key().public_bytes(Encoding.Raw, PublicFormat.Raw), private.sign)


def sm2_sign(scalar: int, random: int, message: bytes, identity: bytes = sm2.IDENTITY) -> bytes:
    """The signature of SM2 with a given random number (GB/T 32918.2, section 6.1)."""
    point, start = SM2.combine(scalar, 0, SM2.base), SM2.combine(random, 0, SM2.base)
    assert point is not None and start is not None
    r = (sm2.digest(point, message, identity) + start[0]) % SM2.order
    s = pow(1 + scalar, -1, SM2.order) * (random - r * scalar) % SM2.order
    return _pair(r, s)


def _sm2_signer(scalar: int) -> Signer:
    def sign(message: bytes) -> bytes:
        return sm2_sign(
            scalar, int.from_bytes(sha512(scalar.to_bytes(32, "big") + message).digest()[:31], "big"), message
        )

    point = SM2.combine(scalar, 0, SM2.base)
    assert point is not None
    return Signer(_compressed(point), sign)


_SIGNERS = {"p256-sha256": _p256_signer, "ed25519-sha256": _ed25519_signer, "sm2-sm3": _sm2_signer}


@cache
def signer(suite: Suite, number: int) -> Signer:
    """The key pair with a number from 1."""
    return _SIGNERS[suite.name](int.from_bytes(sha512(b"test key %d" % number).digest()[:31], "big"))


def root(suite: Suite, leaves: Sequence[bytes]) -> bytes:
    """The root of a tree, straight from its definition (RFC 6962, section 2.1)."""
    if len(leaves) < 2:
        return leaf_hash(suite.hash, leaves[0]) if leaves else suite.hash(b"")
    split = 1 << (len(leaves) - 1).bit_length() - 1
    return suite.hash(b"\x01" + root(suite, leaves[:split]) + root(suite, leaves[split:]))


def path(suite: Suite, leaves: Sequence[bytes], index: int) -> list[bytes]:
    """The path of a leaf, straight from its definition (RFC 6962, section 2.1.1)."""
    if len(leaves) == 1:
        return []
    split = 1 << (len(leaves) - 1).bit_length() - 1
    if index < split:
        return path(suite, leaves[:split], index) + [root(suite, leaves[split:])]
    return path(suite, leaves[split:], index - split) + [root(suite, leaves[:split])]


def genesis_document(genesis: Genesis) -> dict[str, object]:
    """The genesis file."""
    return {
        "format": f"roadbed-genesis/{genesis.version}",
        "chain": genesis.chain,
        "suite": genesis.suite.name,
        "time": text_of(genesis.timestamp),
        "leaderTimeoutMilliseconds": genesis.leader_timeout,
        "administratorThreshold": genesis.administrator_threshold,
        "members": [
            {
                "name": member.name,
                "description": member.description,
                "roles": member.authority.role_names,
                "threshold": member.authority.threshold,
                "keys": [key.hex() for key in member.authority.keys],
            }
            for member in genesis.members
        ],
        "validators": [
            {
                "name": validator.name,
                "member": validator.member,
                "voteKey": validator.vote_key.hex(),
                "transportKey": validator.transport_key.hex(),
                "address": validator.address,
            }
            for validator in genesis.validators
        ],
        "digest": genesis.digest.hex(),
    }


def operation(kind: int, *fields: bytes) -> bytes:
    """An operation of encoded fields."""
    return bytes([kind]) + b"".join(fields)


def name(value: str) -> bytes:
    """An encoded name."""
    return short(value.encode())


def text(value: str | bytes) -> bytes:
    """Encoded text or bytes."""
    return long(value.encode() if isinstance(value, str) else value)


def amount(value: int) -> bytes:
    """An encoded amount."""
    return value.to_bytes(16, "little")


@dataclass(frozen=True)
class Electorate:
    """An epoch: its number, the height of the block that opened it, its configuration, and the validators' keys."""

    number: int
    opened_at: int
    configuration: bytes
    voters: tuple[Signer, ...]


@dataclass
class ClosingParts:
    """The fields of a closing before they become bytes."""

    epoch: int
    result: bytes
    statement: bytes
    bitmap: bytes
    signatures: list[bytes]
    configuration: bytes

    def encoded(self) -> bytes:
        """The closing."""
        return self.result + self.statement + short(self.bitmap) + b"".join(self.signatures) + self.configuration

    def changed(self, **fields: object) -> "ClosingParts":
        """A copy with other fields."""
        return replace(self, **fields)  # type: ignore[arg-type]


@dataclass
class Parts:
    """The fields of a receipt before they become bytes: tests change one of them."""

    genesis: Genesis
    epoch: int
    version: int
    transaction: bytes
    index: int
    transaction_path: list[bytes]
    outcome: bytes
    outcome_path: list[bytes]
    header: bytes
    result: bytes
    descent: list[bytes]
    statement: bytes
    bitmap: bytes
    signatures: list[bytes]
    first_closing: int = 0
    closings: list[ClosingParts] | None = None
    format_version: int | None = None

    def encoded(self) -> bytes:
        """The receipt."""
        paths = [bytes([len(digests)]) + b"".join(digests) for digests in (self.transaction_path, self.outcome_path)]
        return b"".join(
            [
                bytes([self.version]),
                u32(len(self.transaction)),
                self.transaction,
                u32(self.index),
                paths[0],
                self.outcome,
                paths[1],
                self.certified(),
                self.encoded_closings(),
            ]
        )

    def certified(self) -> bytes:
        """The certified block."""
        certificate = [self.statement, short(self.bitmap), *self.signatures]
        return b"".join([self.header, self.result, u32(len(self.descent)), *self.descent, *certificate])

    def encoded_closings(self) -> bytes:
        """The closings with which the receipt ends; no bytes in a chain without epochs."""
        if self.closings is None:
            return b""
        return u64(self.first_closing) + u32(len(self.closings)) + b"".join(each.encoded() for each in self.closings)

    def changed(self, **fields: object) -> "Parts":
        """A copy with other fields."""
        return replace(self, **fields)  # type: ignore[arg-type]

    def document(self) -> bytes:
        """The file of the receipt, without a summary. Its format is that of the chain, whatever the bytes are."""
        return file_of(self.encoded(), version=self.format_version or (1 if self.closings is None else 2))


def file_of(encoded: bytes, summary: object = None, version: int | None = None) -> bytes:
    """The file of a receipt, of the version that its bytes begin with unless another is given."""
    number = version if version is not None else 1 if encoded[:1] == b"\x01" else 2
    document: dict[str, object] = {"format": f"roadbed-receipt/{number}", "receipt": encoded.hex()}
    if summary is not None:
        document["summary"] = summary
    return json.dumps(document, ensure_ascii=False).encode()


def proof_file_of(encoded: bytes, summary: object = None) -> bytes:
    """The file of a proof of the state."""
    document: dict[str, object] = {"format": "roadbed-proof/1", "proof": encoded.hex()}
    if summary is not None:
        document["summary"] = summary
    return json.dumps(document, ensure_ascii=False).encode()


@dataclass
class Chain:
    """A genesis with validators whose keys are known, and what they can be made to sign."""

    suite: Suite
    size: int = 4
    version: int = 4
    named: str = "made"
    genesis: Genesis = field(init=False)
    _closings: dict[int, ClosingParts] = field(default_factory=dict, init=False, repr=False)

    def __post_init__(self) -> None:
        self.voters = [signer(self.suite, 100 + number) for number in range(self.size)]
        self.registry = signer(self.suite, 1)
        validators = tuple(
            Validator(f"node{number}", "registry", voter.public, bytes([number]) * 32, f"127.0.0.1:{7401 + number}")
            for number, voter in enumerate(self.voters)
        )
        member = Member("registry", "The registry", Authority(1, 1, (self.registry.public,)))
        self.genesis = Genesis(self.version, self.suite, self.named, TIME, 1000, 1, (member,), validators)

    @classmethod
    def of(cls, suite: str, size: int = 4, version: int = 4) -> "Chain":
        """A chain of the suite with this name."""
        return cls(BY_NAME[suite], size, version)

    @property
    def genesis_file(self) -> bytes:
        """The genesis file."""
        return json.dumps(genesis_document(self.genesis)).encode()

    def transaction(self, operations: Sequence[bytes], nonce: int = 0, valid_until: int = TIME + 60_000) -> bytes:
        """A transaction that the registry signed."""
        unsigned = (
            b"\x01" + self.genesis.digest + u64(valid_until) + u64(nonce) + u32(len(operations)) + b"".join(operations)
        )
        message = self.suite.prefix(b"rb.txs.1") + self.genesis.digest + self.suite.tagged(b"rb.txi.1", unsigned)
        return unsigned + b"\x01" + name("registry") + self.registry.public + self.registry.sign(message)

    def electorate(self, number: int) -> Electorate:
        """Who votes in an epoch. From each to the next a validator leaves, and one or two join, or none.

        The rules of later epochs are of version 4, so a chain of version 3 raises them at once.
        """
        if number == 0:
            return Electorate(0, 0, self.genesis.configuration.encoded(), tuple(self.voters))
        places = range(number, number + min(self.size + number % 3, VALIDATOR_LIMIT))
        voters = tuple(signer(self.suite, 100 + place) for place in places)
        named = tuple(Voter(f"node{place}", "registry", voter.public) for place, voter in zip(places, voters))
        return Electorate(number, 100 * number, Configuration(4, 1000 + number, named).encoded(), voters)

    def result_digest(self, result: bytes) -> bytes:
        """The digest of a result, with or without an epoch."""
        return self.suite.tagged(b"rb.res.2" if len(result) == 144 else b"rb.res.1", result)

    def closing(self, number: int) -> ClosingParts:
        """The closing of an epoch."""
        if number not in self._closings:
            self._closings[number] = self._new_closing(number)
        return self._closings[number]

    def _new_closing(self, number: int) -> ClosingParts:
        after = self.electorate(number + 1)
        digest = self.suite.tagged(b"rb.cfg.1", after.configuration)
        block = self.suite.hash(b"a block that closes epoch" + u64(number))
        result = u64(after.opened_at) + block + bytes(64) + u64(number + 1) + digest
        return self.closed(ClosingParts(number, result, b"", b"", [], after.configuration))

    def closed(self, parts: ClosingParts) -> ClosingParts:
        """A copy with the certificate of its result by its epoch's validators."""
        parts_of_statement = [u64(parts.epoch), u64(9), u64(3), parts.result[8:40], self.result_digest(parts.result)]
        voters = self.electorate(parts.epoch).voters
        return self.signed_closing(parts, b"\x03" + b"".join(parts_of_statement), range(quorum_of(len(voters))))

    def checkpoint(self, epoch: int) -> Checkpoint:
        """The checkpoint of an epoch, not 0."""
        return Checkpoint(epoch, self.result_digest(self.closing(epoch - 1).result))

    def header(self, height: int, parent: bytes, parent_result: bytes, count: int, root_digest: bytes) -> bytes:
        """A header."""
        links = u64(height) + parent + parent_result
        return b"\x01" + self.genesis.digest + links + u64(TIME + height % 1000) + u32(count) + root_digest

    def receipt(
        self,
        transactions: Sequence[bytes],
        index: int = 0,
        outcomes: Sequence[tuple[int, int]] = (),
        height: int | None = None,
        headers_above: int = 0,
        state_root: bytes | None = None,
        epoch: int = 0,
        earlier: bool = False,
    ) -> Parts:
        """The receipt of one of a block's transactions; all were applied unless ``outcomes`` says otherwise.

        ``earlier`` makes it as in chains without epochs.
        """
        suite, electorate = self.suite, self.electorate(epoch)
        version = 2 if self.genesis.has_epochs and not earlier else 1
        height = electorate.opened_at + 7 if height is None else height
        codes = list(outcomes) or [(0, 0)] * len(transactions)
        leaves = []
        for transaction, (code, failed) in zip(transactions, codes):
            unsigned = self.unsigned_part(transaction)
            leaves.append(suite.tagged(b"rb.txi.1", unsigned) + u16(code) + u32(failed))
        header = self.header(height, bytes(32), bytes(32), len(transactions), root(suite, transactions))
        block = suite.tagged(b"rb.blk.1", header)
        state = bytes([height % 256]) * 32 if state_root is None else state_root
        result = u64(height) + block + state + root(suite, leaves)
        if version == 2:
            result += u64(epoch) + suite.tagged(b"rb.cfg.1", electorate.configuration)
        result_digest = self.result_digest(result)
        descent: list[bytes] = []
        last_result = result_digest
        for above in range(1, headers_above + 1):
            descent.append(self.header((height + above) % 2**64, block, last_result, 1, bytes([above % 256]) * 32))
            block = suite.tagged(b"rb.blk.1", descent[-1])
            last_result = suite.hash(b"a result that the receipt does not show" + u32(above))
        statement = b"\x03" + u64(epoch) + u64(9) + u64(3) + block + last_result
        parts = Parts(
            self.genesis,
            epoch,
            version,
            transactions[index],
            index,
            path(suite, transactions, index),
            u16(codes[index][0]) + u32(codes[index][1]),
            path(suite, leaves, index),
            header,
            result,
            descent,
            statement,
            b"",
            [],
            closings=[self.closing(number) for number in range(epoch)] if version == 2 else None,
        )
        return self.signed(parts, statement, range(quorum_of(len(electorate.voters))))

    def unsigned_part(self, transaction: bytes) -> bytes:
        """The unsigned bytes of a transaction that ``transaction`` made: all but one signature by the registry."""
        return transaction[: len(transaction) - 1 - len(name("registry")) - 33 - 64]

    def _certificate(self, epoch: int, statement: bytes, signers: Sequence[int]) -> dict[str, object]:
        tag = {1: b"rb.not.1", 2: b"rb.nul.1", 3: b"rb.fin.1"}.get(statement[0], b"rb.fin.1")
        message = self.suite.prefix(tag) + self.genesis.digest + statement[1:]
        bitmap = bytearray(max(signers, default=0) // 8 + 1)
        for index in signers:
            bitmap[index // 8] |= 1 << index % 8
        voters = self.electorate(epoch).voters
        signatures = [voters[index].sign(message) for index in signers]
        return {"statement": statement, "bitmap": bytes(bitmap), "signatures": signatures}

    def signed(self, parts: Parts, statement: bytes, signers: Sequence[int]) -> Parts:
        """A copy with a certificate of the statement that these validators of its epoch signed."""
        return parts.changed(**self._certificate(parts.epoch, statement, signers))

    def signed_closing(self, parts: ClosingParts, statement: bytes, signers: Sequence[int]) -> ClosingParts:
        """The same for a closing."""
        return parts.changed(**self._certificate(parts.epoch, statement, signers))


def hold_terms(payer: str, receiver: str, asset: str = "gold") -> bytes:
    """The fields with which each operation on a hold begins."""
    return name(asset) + name(payer) + name(receiver)


def hold_end(expires: int, arbiter: str | None = None) -> bytes:
    """When a hold expires, and its arbiter."""
    return u64(expires) + (b"\x00" if arbiter is None else b"\x01" + name(arbiter))


def open_account(account: str) -> bytes:
    """An operation that opens an account."""
    return operation(0x10, name(account), text(""))


ALL_OUTCOMES = tuple(OUTCOMES)
