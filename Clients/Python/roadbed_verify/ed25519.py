"""Ed25519 with the acceptance rule of formats.md, section 2.

The library decides whether a signature holds. Which keys exist, and that S is below the order, is decided here, so that
it does not depend on the library.
"""

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

PREFIX = 0xED
P = 2**255 - 19
ORDER = 2**252 + 27742317777372353535851937790883648493
_D = -121665 * pow(121666, -1, P) % P
_ROOT_OF_MINUS_ONE = pow(2, (P - 1) // 4, P)


def decompress(encoded: bytes) -> tuple[int, int] | None:
    """The point of 32 bytes (RFC 8032, section 5.1.3); ``None`` if they are not the canonical encoding of one."""
    number = int.from_bytes(encoded, "little")
    sign, y = number >> 255, number & (2**255 - 1)
    if len(encoded) != 32 or y >= P:
        return None
    # x^2 = (y^2 - 1) / (d y^2 + 1); the divisor is never 0, because -1/d is not a square.
    square = (y * y - 1) * pow(_D * y * y + 1, -1, P) % P
    x = pow(square, (P + 3) // 8, P)
    if x * x % P != square:
        x = x * _ROOT_OF_MINUS_ONE % P
    if x * x % P != square or (x == 0 and sign == 1):
        return None
    return (x if x % 2 == sign else P - x, y)


def _double(point: tuple[int, int]) -> tuple[int, int]:
    x, y = point
    product = _D * x * x * y * y % P
    return (
        2 * x * y * pow(1 + product, -1, P) % P,
        (y * y + x * x) * pow(1 - product, -1, P) % P,
    )


def is_key(key: bytes) -> bool:
    """Whether the 33 bytes are 0xED and the canonical encoding of a point that is not of small order."""
    if len(key) != 33 or key[0] != PREFIX:
        return False
    point = decompress(key[1:])
    if point is None:
        return False
    for _ in range(3):
        point = _double(point)
    return point != (0, 1)


def verify(key: bytes, message: bytes, signature: bytes) -> bool:
    """Whether S B = R + k A, without cofactor, R being compared as bytes."""
    if not is_key(key) or int.from_bytes(signature[32:], "little") >= ORDER:
        return False
    try:
        Ed25519PublicKey.from_public_bytes(key[1:]).verify(signature, message)
    except (InvalidSignature, ValueError):
        return False
    return True
