"""Configurations: what validators agree on to vote in one epoch. formats.md, section 10."""

from dataclasses import dataclass

from .encoding import Reader, short, u16, u32
from .errors import EncodingFault, shown
from .names import read_name
from .suites import Suite

VALIDATOR_LIMIT = 256
LEADER_TIMEOUT = (10, 60_000)


@dataclass(frozen=True)
class Voter:
    """A validator as a configuration names it. Its place in the list is its index."""

    name: str
    member: str
    vote_key: bytes

    def encoded(self) -> bytes:
        """The canonical bytes."""
        return short(self.name.encode()) + short(self.member.encode()) + self.vote_key


@dataclass(frozen=True)
class Configuration:
    """Version of the rules for blocks, leader time-out, and who votes."""

    rules_version: int
    leader_timeout: int
    validators: tuple[Voter, ...]

    def encoded(self) -> bytes:
        """The canonical bytes."""
        fields = u16(self.rules_version) + u32(self.leader_timeout) + u32(len(self.validators))
        return fields + b"".join(voter.encoded() for voter in self.validators)

    def digest(self, suite: Suite) -> bytes:
        """The digest that a block's result names."""
        return suite.tagged(b"rb.cfg.1", self.encoded())


def read_configuration(reader: Reader) -> Configuration:
    """Reads a configuration. To a decoder a vote key is any 33 bytes: section 2."""
    rules_version = reader.u16()
    timeout = reader.within(reader.u32(), *LEADER_TIMEOUT, "leader time-out")
    count = reader.within(reader.u32(), 1, VALIDATOR_LIMIT, "number of validators")
    voters: list[Voter] = []
    seen: set[str | bytes] = set()
    for _ in range(count):
        voter = Voter(read_name(reader, "validator"), read_name(reader, "member"), reader.take(33))
        if voter.name in seen or voter.vote_key in seen:
            what = f"validator '{shown(voter.name)}' before byte {reader.offset}"
            raise EncodingFault(f"{what} repeats another's name or vote key")
        seen |= {voter.name, voter.vote_key}
        voters.append(voter)
    return Configuration(rules_version, timeout, tuple(voters))
