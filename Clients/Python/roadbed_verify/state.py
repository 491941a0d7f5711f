"""Entries of the state: keys, values and their JSON forms. formats-state.md, sections 1 and 3."""

from collections.abc import Callable
from dataclasses import dataclass

from .configuration import read_configuration
from .encoding import Reader
from .errors import EncodingFault
from .names import read_account, read_collection, read_name, read_text
from .operations import (
    CONFIGURED,
    DECIMALS_LIMIT,
    METADATA_LIMIT,
    PARAMETERS,
    RECORD_KEY_LIMIT,
    Fields,
    described,
    shown_asset,
    shown_authority,
    shown_bytes,
    shown_end,
    shown_node,
    shown_reference,
    shown_units,
)
from .times import text_of

GROUP_LIMIT = 32
NO_VERSION = bytes(32)


@dataclass(frozen=True)
class Field:
    """A key or a value: its bytes, and what the summary of a proof shows of it."""

    encoded: bytes
    shown: Fields


def _nothing(_: Reader) -> Fields:
    return {}


def _member_key(reader: Reader) -> Fields:
    return {"member": read_name(reader, "member")}


def _account_key(reader: Reader) -> Fields:
    return {"account": read_account(reader, "account")}


def _balance_key(reader: Reader) -> Fields:
    return {**_account_key(reader), **shown_asset(reader)}


def _collection_key(reader: Reader) -> Fields:
    return {"collection": read_collection(reader)}


def _record_key(reader: Reader) -> Fields:
    return {**_collection_key(reader), "key": read_text(reader, 1, RECORD_KEY_LIMIT, "key of the record")}


def _remembered_key(reader: Reader) -> Fields:
    return {"height": reader.u64(), "group": reader.u16()}


def _node_key(reader: Reader) -> Fields:
    return {"node": read_name(reader, "node")}


def _key_change_key(reader: Reader) -> Fields:
    return {"validator": read_name(reader, "validator")}


def _hold_key(reader: Reader) -> Fields:
    return {"from": read_account(reader, "paying account"), **shown_reference(reader)}


def _parameters(reader: Reader) -> Fields:
    shown: Fields = {}
    for number, (name, least, most) in PARAMETERS.items():
        if number in CONFIGURED:
            continue
        shown[name] = reader.within(reader.u32() if shown else reader.u16(), least, most, name)
    return shown


def _member(reader: Reader) -> Fields:
    value: Fields = {**described(reader), **shown_authority(reader)}
    value["suspended"] = reader.flag("suspended")
    return {**value, **described(reader, "reason")} if value["suspended"] else value


def _account(reader: Reader) -> Fields:
    return {"frozen": reader.flag("frozen"), **described(reader)}


def _asset(reader: Reader) -> Fields:
    return {
        "issuer": read_name(reader, "issuer"),
        "decimals": reader.within(reader.u8(), 0, DECIMALS_LIMIT, "decimals"),
        "supplyUnits": str(reader.u128()),
        **described(reader),
    }


def _collection(reader: Reader) -> Fields:
    return {"owner": read_name(reader, "owner")}


def _record(reader: Reader) -> Fields:
    version = reader.u64()
    if version == 0:
        raise EncodingFault(f"the version before byte {reader.offset} is 0")
    shown: Fields = {
        "version": version,
        "author": read_name(reader, "author"),
        "contentDigest": reader.digest().hex(),
        "time": text_of(reader.u64()),
        **shown_bytes(reader, "metadata", METADATA_LIMIT),
    }
    previous = reader.digest()
    if (previous == NO_VERSION) != (version == 1):
        raise EncodingFault(f"version {version} before byte {reader.offset} names {previous.hex()} as the one before")
    return shown if version == 1 else {**shown, "previous": previous.hex()}


def _remembered(reader: Reader) -> Fields:
    count = reader.within(reader.u8(), 1, GROUP_LIMIT, "number of remembered transactions")
    entries = [(reader.digest(), reader.u64()) for _ in range(count)]
    for (identifier, end), (other, later) in zip(entries, entries[1:]):
        if (end, identifier) >= (later, other):
            raise EncodingFault(f"the transactions before byte {reader.offset} are out of order, or repeated")
    return {"transactions": [{"id": entry.hex(), "validUntil": text_of(end)} for entry, end in entries]}


def _configuration(reader: Reader) -> Fields:
    configuration = read_configuration(reader)
    return {
        "rulesVersion": configuration.rules_version,
        "leaderTimeoutMilliseconds": configuration.leader_timeout,
        "validators": [
            {"name": voter.name, "member": voter.member, "voteKey": voter.vote_key.hex()}
            for voter in configuration.validators
        ],
    }


def _key_change(reader: Reader) -> Fields:
    return {"time": text_of(reader.u64())}


def _hold(reader: Reader) -> Fields:
    return {
        "to": read_account(reader, "receiving account"),
        "asset": read_name(reader, "asset"),
        **shown_units(reader),
        **shown_end(reader),
        "placed": {"height": reader.u64(), "operation": reader.u32()},
    }


def _asset_terms(reader: Reader) -> Fields:
    shown: Fields = {}
    if reader.flag("mark of a cap"):
        shown["capUnits"] = shown_units(reader)["units"]
    shown["frozen"] = reader.flag("frozen")
    if shown == {"frozen": False}:
        raise EncodingFault(f"the terms before byte {reader.offset} have neither a cap nor a freeze")
    return shown


_KINDS: dict[int, tuple[str, Callable[[Reader], Fields], Callable[[Reader], Fields]]] = {
    0x01: ("parameters", _nothing, _parameters),
    0x02: ("member", _member_key, _member),
    0x03: ("account", _account_key, _account),
    0x04: ("asset", shown_asset, _asset),
    0x05: ("balance", _balance_key, shown_units),
    0x06: ("collection", _collection_key, _collection),
    0x07: ("record", _record_key, _record),
    0x0A: ("remembered", _remembered_key, _remembered),
    0x0B: ("configuration", _nothing, _configuration),
    0x0C: ("node", _node_key, shown_node),
    0x0D: ("keyChange", _key_change_key, _key_change),
    0x0E: ("hold", _hold_key, _hold),
    0x0F: ("assetTerms", shown_asset, _asset_terms),
}


def read_key(reader: Reader) -> Field:
    """Reads the key of an entry."""
    start = reader.offset
    kind = reader.u8()
    if kind not in _KINDS:
        raise EncodingFault(f"there is no entry of kind 0x{kind:02x}, at byte {start}")
    name, read, _ = _KINDS[kind]
    shown: Fields = {"kind": name, **read(reader)}
    return Field(reader.since(start), shown)


def read_value(reader: Reader, key: Field) -> Field:
    """Reads the value of the entry with this key."""
    start = reader.offset
    shown = _KINDS[key.encoded[0]][2](reader)
    # Of all entries, a hold alone has both.
    if "from" in key.shown and key.shown["from"] == shown["to"]:
        raise EncodingFault(f"the hold before byte {reader.offset} is for the account that pays")
    return Field(reader.since(start), shown)
