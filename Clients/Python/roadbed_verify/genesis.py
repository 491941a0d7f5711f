"""Genesis: its contents, its bytes, and what makes it valid. formats.md, section 10."""

from dataclasses import dataclass
from functools import cached_property

from .authority import LATER_ROLES, Authority, read_authority
from .configuration import LEADER_TIMEOUT, VALIDATOR_LIMIT, Configuration, Voter
from .encoding import Reader, long, short, u16, u32, u64
from .errors import EncodingFault, Refusal, shown
from .names import read_address, read_name, read_text
from .operations import TEXT_LIMIT
from .suites import BY_BYTE, Suite

VERSIONS = (1, 2, 3, 4)
# Chains of earlier versions have no epochs but the first.
FIRST_VERSION_WITH_EPOCHS = 3
FIRST_VERSION_WITH_LATER_ROLES = 4
SIZE_LIMIT = 4_194_304
MEMBER_LIMIT = 1024
ADMINISTRATOR = 1

_SAME_FILE = "use the genesis file that the members agreed on"


def refusal(code: str, message: str) -> Refusal:
    """A refusal of a genesis."""
    return Refusal(f"genesis.{code}", message, _SAME_FILE)


@dataclass(frozen=True)
class Member:
    """An organisation that the chain begins with."""

    name: str
    description: str
    authority: Authority

    def encoded(self) -> bytes:
        """The canonical bytes."""
        return short(self.name.encode()) + long(self.description.encode()) + self.authority.encoded()


@dataclass(frozen=True)
class Validator:
    """A node that votes. Its place in the list is its index."""

    name: str
    member: str
    vote_key: bytes
    transport_key: bytes
    address: str

    def encoded(self) -> bytes:
        """The canonical bytes."""
        names = short(self.name.encode()) + short(self.member.encode())
        return names + self.vote_key + self.transport_key + long(self.address.encode())


@dataclass(frozen=True)
class Genesis:
    """The agreed start of a chain. Construct it with ``decode_genesis`` or ``read_genesis``, which validate it."""

    version: int
    suite: Suite
    chain: str
    timestamp: int
    leader_timeout: int
    administrator_threshold: int
    members: tuple[Member, ...]
    validators: tuple[Validator, ...]

    def encoded(self) -> bytes:
        """The canonical bytes."""
        fields = bytes([self.version, self.suite.byte]) + short(self.chain.encode()) + u64(self.timestamp)
        fields += u32(self.leader_timeout) + u16(self.administrator_threshold)
        for entries in (self.members, self.validators):
            fields += u32(len(entries)) + b"".join(entry.encoded() for entry in entries)
        return fields

    @cached_property
    def digest(self) -> bytes:
        """The digest that names the chain."""
        return self.suite.tagged(b"rb.gen.1", self.encoded())

    @property
    def has_epochs(self) -> bool:
        """Whether results name an epoch, and receipts and proofs contain closings."""
        return self.version >= FIRST_VERSION_WITH_EPOCHS

    @cached_property
    def configuration(self) -> Configuration:
        """The configuration of epoch 0."""
        voters = (Voter(validator.name, validator.member, validator.vote_key) for validator in self.validators)
        return Configuration(self.version, self.leader_timeout, tuple(voters))

    def check(self) -> None:
        """Raises ``Refusal`` unless everything that section 10 requires holds."""
        _check_counts(self)
        _check_members(self)
        _check_validators(self)
        size = len(self.encoded())
        if size > SIZE_LIMIT:
            raise refusal("too-large", f"genesis has {size} bytes; the limit is {SIZE_LIMIT}")


def _check_counts(genesis: Genesis) -> None:
    least, most = LEADER_TIMEOUT
    if not least <= genesis.leader_timeout <= most:
        raise refusal(
            "leader-timeout", f"the leader time-out is {genesis.leader_timeout} ms; allowed: {least} to {most}"
        )
    if not 1 <= len(genesis.members) <= MEMBER_LIMIT:
        raise refusal("member-count", f"there are {len(genesis.members)} members; allowed: 1 to {MEMBER_LIMIT}")
    if not 1 <= len(genesis.validators) <= VALIDATOR_LIMIT:
        raise refusal(
            "validator-count", f"there are {len(genesis.validators)} validators; allowed: 1 to {VALIDATOR_LIMIT}"
        )
    administrators = sum(1 for member in genesis.members if member.authority.roles & ADMINISTRATOR)
    if not 1 <= genesis.administrator_threshold <= administrators:
        raise refusal(
            "administrator-threshold",
            f"the administrators' threshold is {genesis.administrator_threshold}; allowed: 1 to {administrators}",
        )


def _check_members(genesis: Genesis) -> None:
    owners: dict[bytes, str] = {}
    for earlier, later in zip(genesis.members, genesis.members[1:]):
        if earlier.name >= later.name:
            raise refusal("duplicate-member", f"member '{later.name}' is not after '{earlier.name}', or repeated")
    for member in genesis.members:
        if genesis.version < FIRST_VERSION_WITH_LATER_ROLES and member.authority.roles & LATER_ROLES:
            raise refusal(
                "malformed-member",
                f"member '{member.name}' has a role that version {genesis.version} of the rules does not have",
            )
        for key in member.authority.keys:
            if not genesis.suite.is_key(key):
                raise refusal("invalid-member-key", f"member '{member.name}': {key.hex()} is not a key of the suite")
            if key in owners:
                raise refusal("shared-member-key", f"members '{owners[key]}' and '{member.name}' share {key.hex()}")
            owners[key] = member.name


def _check_validators(genesis: Genesis) -> None:
    members = {member.name for member in genesis.members}
    seen: set[tuple[str, object]] = set()
    for validator in genesis.validators:
        if validator.member not in members:
            raise refusal("unknown-member", f"validator '{validator.name}': there is no member '{validator.member}'")
        if not genesis.suite.is_key(validator.vote_key):
            raise refusal("invalid-vote-key", f"validator '{validator.name}': the vote key is not one of the suite")
        for code, value in (
            ("duplicate-validator", validator.name),
            ("shared-vote-key", validator.vote_key),
            ("shared-transport-key", validator.transport_key),
            ("shared-address", validator.address),
        ):
            if (code, value) in seen:
                raise refusal(code, f"validator '{validator.name}' repeats another's value: {shown(value)}")
            seen.add((code, value))


def _read_member(reader: Reader) -> Member:
    return Member(read_name(reader, "member"), read_text(reader, 0, TEXT_LIMIT, "description"), read_authority(reader))


def _read_validator(reader: Reader) -> Validator:
    name, member = read_name(reader, "validator"), read_name(reader, "member")
    vote_key, transport_key = reader.take(33), reader.digest()
    return Validator(name, member, vote_key, transport_key, read_address(reader))


def _read(reader: Reader) -> Genesis:
    version, suite = reader.u8(), reader.u8()
    if version not in VERSIONS:
        raise refusal("other-version", f"genesis is of version {version}; this program knows {VERSIONS}")
    if suite not in BY_BYTE:
        raise EncodingFault(f"there is no suite {suite}")
    chain, timestamp, timeout, threshold = read_name(reader, "chain"), reader.u64(), reader.u32(), reader.u16()
    count = reader.within(reader.u32(), 1, MEMBER_LIMIT, "number of members")
    members = tuple(_read_member(reader) for _ in range(count))
    count = reader.within(reader.u32(), 1, VALIDATOR_LIMIT, "number of validators")
    validators = tuple(_read_validator(reader) for _ in range(count))
    reader.finish()
    return Genesis(version, BY_BYTE[suite], chain, timestamp, timeout, threshold, members, validators)


def decode_genesis(encoded: bytes) -> Genesis:
    """The genesis of these bytes, all of them, validated."""
    if len(encoded) > SIZE_LIMIT:
        raise refusal("too-large", f"genesis has {len(encoded)} bytes; the limit is {SIZE_LIMIT}")
    try:
        genesis = _read(Reader(encoded))
    except EncodingFault as fault:
        raise refusal("malformed", f"genesis is malformed: {fault}") from None
    genesis.check()
    return genesis
