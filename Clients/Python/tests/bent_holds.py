"""Operations on holds, honest ones and such as are bent in one place each, for the unit tests and the comparison."""

from collections.abc import Iterator

from .maker import TIME, amount, hold_end, hold_terms, name, operation, text

PLACE, CAPTURE, RELEASE = 0x30, 0x31, 0x32
TERMS = hold_terms("bank-a/main", "bank-b")
REFERENCE = text("order 17")


def holds() -> list[bytes]:
    """Operations of each kind and form."""
    return [
        operation(PLACE, TERMS, amount(5), REFERENCE, hold_end(TIME)),
        operation(PLACE, TERMS, amount(5), REFERENCE, hold_end(TIME, "notary")),
        operation(CAPTURE, TERMS, REFERENCE, amount(4), b"\x00"),
        operation(CAPTURE, TERMS, REFERENCE, amount(2**128 - 1), b"\x01"),
        operation(RELEASE, TERMS, text("\u00e9" * 32)),
    ]


def _bent_references() -> Iterator[tuple[str, bytes]]:
    yield "no reference", text("")
    yield "long reference", text("x" * 65)
    yield "long reference of two bytes each", text("\u00e9" * 33)
    yield "reference with U+0000", text(b"a\x00")
    yield "reference of U+001F", text(b"\x1f")
    yield "reference with U+007F", text(b"a\x7f")
    yield "overlong reference", text(b"\xc0\x80")
    yield "surrogate in a reference", text(b"\xed\xa0\x80")
    yield "short length of a reference", b"\x08order 17"


def bent_holds() -> Iterator[tuple[str, bytes]]:
    """What is bent, and an operation that no decoder accepts."""
    end = hold_end(TIME)
    for what, reference in _bent_references():
        yield f"place, {what}", operation(PLACE, TERMS, amount(5), reference, end)
        yield f"capture, {what}", operation(CAPTURE, TERMS, reference, amount(5), b"\x00")
        yield f"release, {what}", operation(RELEASE, TERMS, reference)
    for what, terms in (
        ("one account", hold_terms("bank-a", "bank-a")),
        ("an account in capitals", hold_terms("bank-a", "Bank")),
        ("an owner of 33 bytes", hold_terms("a" * 33 + "/b", "bank-b")),
        ("an asset of two segments", hold_terms("bank-a", "bank-b", "gold/x")),
    ):
        yield f"place, {what}", operation(PLACE, terms, amount(5), REFERENCE, end)
        yield f"capture, {what}", operation(CAPTURE, terms, REFERENCE, amount(5), b"\x00")
        yield f"release, {what}", operation(RELEASE, terms, REFERENCE)
    yield "kind 0x33", operation(0x33, TERMS, REFERENCE)
    yield "capture, no amount", operation(CAPTURE, TERMS, REFERENCE, amount(0), b"\x00")
    yield "capture, closes 2", operation(CAPTURE, TERMS, REFERENCE, amount(5), b"\x02")
    yield "capture, closes missing", operation(CAPTURE, TERMS, REFERENCE, amount(5))
    yield "capture, the amount before the reference", operation(CAPTURE, TERMS, amount(5), REFERENCE, b"\x00")
    yield "place, no amount", operation(PLACE, TERMS, amount(0), REFERENCE, end)
    yield "place, the reference before the amount", operation(PLACE, TERMS, REFERENCE, amount(5), end)
    for what, bent in (
        ("mark of an arbiter missing", end[:-1]),
        ("mark of an arbiter 2", end[:-1] + b"\x02" + name("notary")),
        ("arbiter without a name", hold_end(TIME, "")),
        ("account of an arbiter", hold_end(TIME, "notary/a")),
        ("arbiter of 33 bytes", hold_end(TIME, "a" * 33)),
    ):
        yield f"place, {what}", operation(PLACE, TERMS, amount(5), REFERENCE, bent)
