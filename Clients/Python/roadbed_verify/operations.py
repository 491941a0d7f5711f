"""Operations: their bytes (formats.md, section 4) and their JSON form (api.md, "Operations")."""

from collections.abc import Callable
from dataclasses import dataclass

from .authority import read_authority
from .encoding import Reader
from .errors import EncodingFault
from .names import plain_text, read_account, read_address, read_collection, read_name, read_text
from .times import text_of

TEXT_LIMIT = 256
DECIMALS_LIMIT = 30
MEMO_LIMIT = 64
RECORD_KEY_LIMIT = 128
METADATA_LIMIT = 1024
REFERENCE_LIMIT = 64
TRANSPORT_KEY_LIMIT = 2
NODE_ADDRESS_LIMIT = 4

# What parameter.set sets: name, least and greatest value.
PARAMETERS = {
    1: ("administratorThreshold", 1, 65_535),
    2: ("blockBytes", 1_052_672, 4_194_304),
    3: ("blockOperations", 10_000, 200_000),
    4: ("validityMilliseconds", 60_000, 86_400_000),
    5: ("leaderTimeoutMilliseconds", 10, 60_000),
    6: ("rulesVersion", 3, 65_535),
}
# Those that are part of the configuration, whose digest follows.
CONFIGURED = (5, 6)

Fields = dict[str, object]


@dataclass(frozen=True)
class Operation:
    """An operation as its JSON form shows it. Amounts are only in ``units``: ``summary`` adds decimals."""

    kind: str
    fields: Fields


def _member(reader: Reader) -> str:
    return read_name(reader, "member")


def shown_authority(reader: Reader) -> Fields:
    """Reads the authority of a member."""
    authority = read_authority(reader)
    return {
        "roles": authority.role_names,
        "threshold": authority.threshold,
        "keys": [key.hex() for key in authority.keys],
    }


def described(reader: Reader, what: str = "description") -> Fields:
    """Reads a description or reason, which is shown even if it is empty."""
    return {what: read_text(reader, 0, TEXT_LIMIT, what)}


def shown_units(reader: Reader) -> Fields:
    """Reads an amount that must not be zero."""
    units = reader.u128()
    if units == 0:
        raise EncodingFault(f"the amount before byte {reader.offset} is 0")
    return {"units": str(units)}


def shown_bytes(reader: Reader, what: str, most: int) -> Fields:
    """Reads a memo or metadata, which is not shown if it is empty."""
    value = reader.long(0, most, f"length of the {what}")
    if not value:
        return {}
    text = plain_text(value)
    return {f"{what}Hex": value.hex()} if text is None else {what: text}


def _member_add(reader: Reader) -> Fields:
    return {"name": _member(reader), **described(reader), **shown_authority(reader)}


def _member_update(reader: Reader) -> Fields:
    return {"name": _member(reader), **shown_authority(reader)}


def _member_suspend(reader: Reader) -> Fields:
    return {"name": _member(reader), **described(reader, "reason")}


def _member_restore(reader: Reader) -> Fields:
    return {"name": _member(reader)}


def _account_open(reader: Reader) -> Fields:
    return {"account": read_account(reader, "account"), **described(reader)}


def _account(reader: Reader) -> Fields:
    return {"account": read_account(reader, "account")}


def _asset_define(reader: Reader) -> Fields:
    return {
        "asset": read_name(reader, "asset"),
        "issuer": read_name(reader, "issuer"),
        "decimals": reader.within(reader.u8(), 0, DECIMALS_LIMIT, "decimals"),
        **described(reader),
    }


def _asset_issue(reader: Reader) -> Fields:
    return {"asset": read_name(reader, "asset"), "to": read_account(reader, "account"), **shown_units(reader)}


def _asset_retire(reader: Reader) -> Fields:
    return {"asset": read_name(reader, "asset"), "from": read_account(reader, "account"), **shown_units(reader)}


def shown_asset(reader: Reader) -> Fields:
    """Reads the name of an asset."""
    return {"asset": read_name(reader, "asset")}


def _asset_cap(reader: Reader) -> Fields:
    return {**shown_asset(reader), **shown_units(reader)}


def _asset_hand_over(reader: Reader) -> Fields:
    return {**shown_asset(reader), "to": read_name(reader, "new issuer")}


def _payment(reader: Reader) -> Fields:
    asset = read_name(reader, "asset")
    payer = read_account(reader, "paying account")
    receiver = read_account(reader, "receiving account")
    if payer == receiver:
        raise EncodingFault(f"the two accounts before byte {reader.offset} are the same")
    return {"asset": asset, "from": payer, "to": receiver}


def _asset_transfer(reader: Reader) -> Fields:
    return {**_payment(reader), **shown_units(reader), **shown_bytes(reader, "memo", MEMO_LIMIT)}


def shown_reference(reader: Reader) -> Fields:
    """Reads the reference of a hold."""
    return {"reference": read_text(reader, 1, REFERENCE_LIMIT, "reference of the hold")}


def shown_end(reader: Reader) -> Fields:
    """Reads when a hold expires, and its arbiter, which is not shown if there is none."""
    shown: Fields = {"expires": text_of(reader.u64())}
    if reader.flag("mark of an arbiter"):
        shown["arbiter"] = read_name(reader, "arbiter")
    return shown


def _hold_place(reader: Reader) -> Fields:
    return {**_payment(reader), **shown_units(reader), **shown_reference(reader), **shown_end(reader)}


def _hold(reader: Reader) -> Fields:
    return {**_payment(reader), **shown_reference(reader)}


def _hold_capture(reader: Reader) -> Fields:
    return {**_hold(reader), **shown_units(reader), "closes": reader.flag("closes")}


def _record_anchor(reader: Reader) -> Fields:
    return {
        "author": read_name(reader, "author"),
        "collection": read_collection(reader),
        "key": read_text(reader, 1, RECORD_KEY_LIMIT, "key of the record"),
        "contentDigest": reader.digest().hex(),
        **shown_bytes(reader, "metadata", METADATA_LIMIT),
    }


def _parameter_set(reader: Reader) -> Fields:
    number, value = reader.u8(), reader.u64()
    if number not in PARAMETERS:
        raise EncodingFault(f"there is no parameter {number}, before byte {reader.offset}")
    name, least, most = PARAMETERS[number]
    fields: Fields = {"parameter": name, "value": reader.within(value, least, most, name)}
    if number in CONFIGURED:
        fields["configuration"] = reader.digest().hex()
    return fields


def shown_node(reader: Reader) -> Fields:
    """Reads how a node is reached and recognised."""
    member = read_name(reader, "member")
    count = reader.within(reader.u8(), 1, TRANSPORT_KEY_LIMIT, "number of transport keys")
    keys = [reader.digest() for _ in range(count)]
    if any(earlier >= later for earlier, later in zip(keys, keys[1:])):
        raise EncodingFault(f"the transport keys before byte {reader.offset} are not in ascending order, or repeated")
    count = reader.within(reader.u8(), 1, NODE_ADDRESS_LIMIT, "number of addresses")
    addresses = [read_address(reader) for _ in range(count)]
    if len(set(addresses)) != count:
        raise EncodingFault(f"an address before byte {reader.offset} is repeated")
    return {"member": member, "transportKeys": [key.hex() for key in keys], "addresses": addresses}


def _node(reader: Reader) -> Fields:
    return {"node": read_name(reader, "node")}


def _directory_set(reader: Reader) -> Fields:
    return {**_node(reader), **shown_node(reader)}


def _validator(reader: Reader) -> Fields:
    return {"validator": read_name(reader, "validator")}


def _configuration(reader: Reader) -> Fields:
    return {"configuration": reader.digest().hex()}


def _validator_change(reader: Reader) -> Fields:
    return {
        **_validator(reader),
        "voteKey": reader.take(33).hex(),
        "keyProof": reader.take(64).hex(),
        **_configuration(reader),
    }


def _validator_remove(reader: Reader) -> Fields:
    return {**_validator(reader), **_configuration(reader)}


_KINDS: dict[int, tuple[str, Callable[[Reader], Fields]]] = {
    0x01: ("member.add", _member_add),
    0x02: ("member.update", _member_update),
    0x03: ("member.suspend", _member_suspend),
    0x04: ("member.restore", _member_restore),
    0x10: ("account.open", _account_open),
    0x11: ("account.freeze", _account),
    0x12: ("account.unfreeze", _account),
    0x13: ("account.close", _account),
    0x20: ("asset.define", _asset_define),
    0x21: ("asset.issue", _asset_issue),
    0x22: ("asset.retire", _asset_retire),
    0x23: ("asset.transfer", _asset_transfer),
    0x24: ("asset.cap", _asset_cap),
    0x25: ("asset.hand-over", _asset_hand_over),
    0x26: ("asset.freeze", shown_asset),
    0x27: ("asset.unfreeze", shown_asset),
    0x30: ("hold.place", _hold_place),
    0x31: ("hold.capture", _hold_capture),
    0x32: ("hold.release", _hold),
    0x40: ("record.anchor", _record_anchor),
    0x50: ("parameter.set", _parameter_set),
    0x60: ("directory.set", _directory_set),
    0x61: ("directory.remove", _node),
    0x62: ("validator.add", _validator_change),
    0x63: ("validator.remove", _validator_remove),
    0x64: ("validator.update", _validator_change),
}


def read_operation(reader: Reader) -> Operation:
    """Reads one operation."""
    kind = reader.u8()
    if kind not in _KINDS:
        raise EncodingFault(f"there is no operation of kind 0x{kind:02x}, before byte {reader.offset}")
    name, read = _KINDS[kind]
    return Operation(name, read(reader))


def _scaled(units: str, decimals: int) -> str:
    if decimals == 0:
        return units
    digits = units.rjust(decimals + 1, "0")
    return f"{digits[:-decimals]}.{digits[-decimals:]}"


def summary(operations: tuple[Operation, ...]) -> list[Fields]:
    """The JSON forms. An amount has decimals only if an earlier operation of the same list defines its asset."""
    forms: list[Fields] = []
    decimals: dict[object, int] = {}
    for operation in operations:
        form: Fields = {"kind": operation.kind, **operation.fields}
        asset = operation.fields.get("asset")
        units, places = operation.fields.get("units"), decimals.get(asset)
        if isinstance(units, str) and places is not None:
            form["amount"] = _scaled(units, places)
        defined = operation.fields.get("decimals")
        if isinstance(defined, int):
            decimals[asset] = defined
        forms.append(form)
    return forms
