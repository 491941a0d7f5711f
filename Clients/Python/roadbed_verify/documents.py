"""Strict reading of JSON files: api.md, "General rules".

Numbers keep their spelling, because every value has exactly one.
"""

import json
import re
import sys
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import TypeVar

from .errors import Refusal, shown

FILE_LIMIT = 67_108_864
DEPTH_LIMIT = 32
# No file has as many: a transaction has at most 1 MiB of text, and fewer values than that. A value costs far more
# memory than its byte.
COMPLEXITY_LIMIT = 2_097_152

_SURROGATE = re.compile("[\ud800-\udfff]")
_CORRECT = "correct the JSON at that place"

Object = dict[str, object]
Value = TypeVar("Value")


@dataclass(frozen=True, slots=True)
class Number:
    """A JSON number as it was spelt."""

    text: str


def read_file(path: str) -> bytes:
    """The bytes of a file, or of standard input for ``-``."""
    name = "standard input" if path == "-" else path
    try:
        if path == "-":
            data = sys.stdin.buffer.read(FILE_LIMIT + 1)
        else:
            with open(path, "rb") as file:
                data = file.read(FILE_LIMIT + 1)
    except FileNotFoundError:
        raise Refusal("file.missing", f"{shown(name)} does not exist", "check the path") from None
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or str(error)
        message = f"{shown(name)} cannot be read: {shown(reason)}"
        raise Refusal("file.unreadable", message, "check the path and its permissions") from None
    if len(data) > FILE_LIMIT:
        raise Refusal(
            "file.too-large",
            f"{shown(name)} is larger than {FILE_LIMIT} bytes, the limit for such a file",
            "check that it is the right file",
        )
    return data


def _syntax(message: str) -> Refusal:
    return Refusal("json.syntax", message, _CORRECT)


def _object(pairs: list[tuple[str, object]]) -> Object:
    result: Object = {}
    for key, value in pairs:
        if key in result:
            raise _syntax(f"the key '{shown(key)}' occurs twice in one object")
        result[key] = value
    return result


def _constant(text: str) -> object:
    raise _syntax(f"{text} is not a JSON value")


def _check_values(root: object) -> None:
    """Refuses what the parser of the standard library lets pass: deep nesting and halves of surrogate pairs."""
    level: list[object] = [root]
    for _ in range(DEPTH_LIMIT):
        below: list[object] = []
        for value in level:
            texts: Iterable[object] = ()
            if isinstance(value, str):
                texts = (value,)
            elif isinstance(value, dict):
                texts = value
                below.extend(value.values())
            elif isinstance(value, list):
                below.extend(value)
            if any(_SURROGATE.search(str(text)) for text in texts):
                raise _syntax("half of a surrogate pair is missing in a text")
        if not below:
            return
        level = below
    raise _syntax(f"values are nested more than {DEPTH_LIMIT} deep")


def parse(data: bytes) -> object:
    """The JSON value that the bytes consist of: ``dict``, ``list``, ``str``, ``Number``, ``bool`` or ``None``."""
    if sum(data.count(mark) for mark in b",[{") > COMPLEXITY_LIMIT:
        raise _syntax(f"there are more than {COMPLEXITY_LIMIT} commas and brackets, which no file of this kind has")
    try:
        root: object = json.loads(
            data.decode("utf-8"),
            object_pairs_hook=_object,
            parse_int=Number,
            parse_float=Number,
            parse_constant=_constant,
        )
    except UnicodeDecodeError as error:
        raise _syntax(f"byte {error.start} is not UTF-8") from None
    except json.JSONDecodeError as error:
        raise _syntax(f"line {error.lineno}, column {error.colno}: {shown(error.msg)}") from None
    except RecursionError:
        raise _syntax(f"values are nested more than {DEPTH_LIMIT} deep") from None
    _check_values(root)
    return root


def compact(value: object) -> str:
    """A value as compact JSON with sorted keys, numbers as they were spelt."""
    if isinstance(value, Number):
        return value.text
    if isinstance(value, dict):
        return "{" + ",".join(f"{json.dumps(key)}:{compact(value[key])}" for key in sorted(value)) + "}"
    if isinstance(value, list):
        return "[" + ",".join(compact(item) for item in value) + "]"
    return json.dumps(value)


def invalid(value: object, allowed: str) -> Refusal:
    """A refusal of a value."""
    return Refusal(
        "json.invalid-value", f"{shown(compact(value))} is not allowed here; allowed: {allowed}", f"write {allowed}"
    )


def _kind(value: object) -> str:
    kinds: dict[type, str] = {
        dict: "an object",
        list: "an array",
        str: "a text",
        Number: "a number",
        bool: "true or false",
    }
    return kinds.get(type(value), "null")


def _wrong_type(value: object, expected: str) -> Refusal:
    return Refusal("json.wrong-type", f"expected {expected}, found {_kind(value)}", f"write {expected}")


def as_object(value: object, required: set[str], optional: set[str]) -> Object:
    """The value as an object that has all required keys and no others than these and the optional ones."""
    if not isinstance(value, dict):
        raise _wrong_type(value, "an object")
    for key in sorted(required - value.keys()):
        raise Refusal("json.missing-key", f'the key "{key}" is missing', f'add "{key}"')
    for key in sorted(value):
        if key not in required | optional:
            known = ", ".join(sorted(required | optional))
            raise Refusal(
                "json.unknown-key",
                f"the key '{shown(key)}' is unknown here",
                f"remove the key, or use one of: {known}",
            )
    return value


def as_list(value: object) -> list[object]:
    """The value as an array."""
    if not isinstance(value, list):
        raise _wrong_type(value, "an array")
    return value


def as_text(value: object) -> str:
    """The value as a text."""
    if not isinstance(value, str):
        raise _wrong_type(value, "a text")
    return value


def as_number(value: object, least: int, most: int) -> int:
    """The value as a whole number in these limits: digits without sign, point, exponent or leading zeros."""
    if not isinstance(value, Number):
        raise _wrong_type(value, "a number")
    digits = re.fullmatch("0|[1-9][0-9]{0,19}", value.text)
    if digits is None or not least <= int(value.text) <= most:
        raise invalid(value, f"an integer from {least} to {most}")
    return int(value.text)


def as_hex(value: object, size: int | None = None) -> bytes:
    """The value as bytes in lower-case hexadecimal, ``size`` of them if given."""
    text = as_text(value)
    allowed = "an even number of hexadecimal digits" if size is None else f"{2 * size} hexadecimal digits"
    if len(text) % 2 or re.fullmatch("[0-9a-f]*", text) is None or (size is not None and len(text) != 2 * size):
        raise invalid(text, f"{allowed}, in lower case")
    return bytes.fromhex(text)


def field(fields: Object, key: str, read: Callable[[object], Value]) -> Value:
    """What ``read`` makes of the value of a key, which a refusal names."""
    try:
        return read(fields[key])
    except Refusal as fault:
        raise fault.at(key) from None


def entries(value: object, read: Callable[[object], Value]) -> list[Value]:
    """What ``read`` makes of the values of an array, whose place a refusal names."""
    result: list[Value] = []
    for index, entry in enumerate(as_list(value)):
        try:
            result.append(read(entry))
        except Refusal as fault:
            raise fault.at(f"[{index}]") from None
    return result
