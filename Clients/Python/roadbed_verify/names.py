"""Names, text and plain text: formats.md, section 3. Addresses: section 10."""

import re

from .encoding import Reader
from .errors import EncodingFault, shown

NAME_LIMIT = 32
PATH_LIMIT = 64
ADDRESS_LIMIT = 255
PORT_LIMIT = 65_535

_SEGMENT = re.compile(r"[a-z0-9][a-z0-9.-]*", re.ASCII)
_ADDRESS = re.compile(r"[!-~]+:[1-9][0-9]{0,4}")
_CONTROL = re.compile("[\x00-\x1f\x7f]")


def is_name(value: str) -> bool:
    """Whether it is the name of a member, an asset, a validator or a chain: one segment."""
    return len(value) <= NAME_LIMIT and _SEGMENT.fullmatch(value) is not None


def is_collection(value: str) -> bool:
    """Whether it is a collection of records: segments separated by single slashes."""
    return len(value) <= PATH_LIMIT and all(_SEGMENT.fullmatch(segment) for segment in value.split("/"))


def is_account(value: str) -> bool:
    """Whether it is an account: as a collection, and its first segment is a member's name."""
    return is_collection(value) and len(value.split("/", 1)[0]) <= NAME_LIMIT


def is_address(value: str) -> bool:
    """Whether it is ``host:port`` in visible ASCII, the port from 1 to 65535 without leading zeros."""
    if len(value) > ADDRESS_LIMIT or _ADDRESS.fullmatch(value) is None:
        return False
    return int(value.rsplit(":", 1)[1]) <= PORT_LIMIT


def plain_text(value: bytes) -> str | None:
    """The bytes as text if they are well-formed UTF-8 without control characters; otherwise ``None``."""
    try:
        text = value.decode("utf-8")
    except UnicodeDecodeError:
        return None
    return None if _CONTROL.search(text) else text


def _path(reader: Reader, what: str) -> str:
    # Nothing outside ASCII passes the rules of segments.
    return reader.short(PATH_LIMIT, f"length of the {what}").decode("ascii", "replace")


def read_name(reader: Reader, what: str) -> str:
    """Reads a name of one segment."""
    name = _path(reader, what)
    if not is_name(name):
        raise EncodingFault(f"{what} before byte {reader.offset}: '{shown(name)}' is not a name of one segment")
    return name


def read_account(reader: Reader, what: str) -> str:
    """Reads the name of an account."""
    name = _path(reader, what)
    if not is_account(name):
        raise EncodingFault(f"{what} before byte {reader.offset}: '{shown(name)}' is not an account")
    return name


def read_collection(reader: Reader) -> str:
    """Reads the name of a collection of records."""
    name = _path(reader, "collection")
    if not is_collection(name):
        raise EncodingFault(f"collection before byte {reader.offset}: '{shown(name)}' is not a collection")
    return name


def read_text(reader: Reader, least: int, most: int, what: str) -> str:
    """Reads text of ``least`` to ``most`` bytes."""
    value = reader.long(least, most, f"length of the {what}")
    text = plain_text(value)
    if text is None:
        raise EncodingFault(f"{what} before byte {reader.offset}: not UTF-8, or with control characters")
    return text


def read_address(reader: Reader) -> str:
    """Reads the address of a node."""
    address = read_text(reader, 1, ADDRESS_LIMIT, "address")
    if not is_address(address):
        raise EncodingFault(f"'{shown(address)}' before byte {reader.offset} is not an address, host:port")
    return address
