"""The genesis file: api.md, "The genesis file"."""

import re

from .authority import KEY_LIMIT, ROLES, Authority
from .configuration import LEADER_TIMEOUT
from .documents import as_hex, as_list, as_number, as_object, as_text, entries, field, invalid, parse
from .genesis import VERSIONS, Genesis, Member, Validator, refusal
from .names import is_address, is_name, plain_text
from .operations import TEXT_LIMIT
from .suites import BY_NAME, Suite
from .times import milliseconds_of

_KEYS = {
    "format",
    "chain",
    "suite",
    "time",
    "leaderTimeoutMilliseconds",
    "administratorThreshold",
    "members",
    "validators",
}


def _version(value: object) -> int:
    text = as_text(value)
    found = re.fullmatch("roadbed-genesis/(0|[1-9][0-9]{0,2})", text)
    if found is None:
        raise invalid(text, " or ".join(f"roadbed-genesis/{version}" for version in VERSIONS))
    version = int(found[1])
    if version not in VERSIONS:
        known = ", ".join(str(version) for version in VERSIONS)
        raise refusal("other-version", f"the chain follows rules version {version}; this program knows {known}")
    return version


def _suite(value: object) -> Suite:
    suite = BY_NAME.get(as_text(value))
    if suite is None:
        raise invalid(value, " or ".join(BY_NAME))
    return suite


def _time(value: object) -> int:
    time = milliseconds_of(as_text(value))
    if time is None:
        raise invalid(value, "a time such as 2031-07-21T09:30:00.000Z")
    return time


def _name(value: object) -> str:
    text = as_text(value)
    if not is_name(text):
        raise invalid(text, "a name: 1 to 32 of a-z, 0-9, '.' and '-', beginning with a letter or digit")
    return text


def _description(value: object) -> str:
    text = as_text(value)
    encoded = text.encode("utf-8")
    if len(encoded) > TEXT_LIMIT or plain_text(encoded) is None:
        raise refusal(
            "malformed-member",
            f"text of {len(encoded)} bytes; at most {TEXT_LIMIT} are allowed, and no control characters",
        )
    return text


def _roles(value: object) -> int:
    bits = {name: bit for bit, name in ROLES.items()}
    roles = 0
    for role in as_list(value):
        bit = bits.get(as_text(role), 0)
        if bit == 0 or roles & bit:
            raise invalid(role, f"each at most once: {', '.join(bits)}")
        roles |= bit
    return roles


def _keys(value: object) -> tuple[bytes, ...]:
    keys = entries(value, lambda key: as_hex(key, 33))
    if not 1 <= len(keys) <= KEY_LIMIT or len(set(keys)) != len(keys):
        raise invalid(value, f"1 to {KEY_LIMIT} keys, all different")
    return tuple(sorted(keys))


def _member(value: object) -> Member:
    fields = as_object(value, {"name", "roles", "keys"}, {"description", "threshold"})
    keys = field(fields, "keys", _keys)
    if len(keys) > 1:
        as_object(value, {"name", "roles", "keys", "threshold"}, {"description"})
    threshold = 1
    if "threshold" in fields:
        threshold = field(fields, "threshold", lambda number: as_number(number, 1, len(keys)))
    description = field(fields, "description", _description) if "description" in fields else ""
    return Member(field(fields, "name", _name), description, Authority(field(fields, "roles", _roles), threshold, keys))


def _address(value: object) -> str:
    text = as_text(value)
    if not is_address(text):
        raise refusal("malformed-validator", "it is not host:port in visible ASCII of at most 255 bytes")
    return text


def _validator(value: object) -> Validator:
    fields = as_object(value, {"name", "member", "voteKey", "transportKey", "address"}, set())
    return Validator(
        field(fields, "name", _name),
        field(fields, "member", _name),
        field(fields, "voteKey", lambda key: as_hex(key, 33)),
        field(fields, "transportKey", lambda key: as_hex(key, 32)),
        field(fields, "address", _address),
    )


def read_genesis(data: bytes) -> Genesis:
    """The validated genesis of a genesis file."""
    fields = as_object(parse(data), _KEYS, {"digest"})
    members = field(fields, "members", lambda value: entries(value, _member))
    genesis = Genesis(
        field(fields, "format", _version),
        field(fields, "suite", _suite),
        field(fields, "chain", _name),
        field(fields, "time", _time),
        field(fields, "leaderTimeoutMilliseconds", lambda value: as_number(value, *LEADER_TIMEOUT)),
        field(fields, "administratorThreshold", lambda value: as_number(value, 1, 2**16 - 1)),
        # The file may list the members in any order.
        tuple(sorted(members, key=lambda member: member.name)),
        tuple(field(fields, "validators", lambda value: entries(value, _validator))),
    )
    genesis.check()
    if "digest" in fields and field(fields, "digest", lambda value: as_hex(value, 32)) != genesis.digest:
        raise invalid(fields["digest"], f"the digest of the rest of the file, {genesis.digest.hex()}").at("digest")
    return genesis
