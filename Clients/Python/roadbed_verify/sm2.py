"""The signature of SM2 with SM3, in plain Python: GB/T 32918.2-2016, ISO/IEC 14888-3:2018."""

from .sm3 import sm3
from .weierstrass import SM2

# The default identity, and in front of it its length in bits.
IDENTITY = b"1234567812345678"


def is_key(key: bytes) -> bool:
    """Whether the 33 bytes are a compressed point of the curve."""
    return SM2.decompress(key) is not None


def digest(point: tuple[int, int], message: bytes, identity: bytes = IDENTITY) -> int:
    """The number e of sections 5.5 and 7.1: the hash of the signer's hash Z and the message."""
    curve = (SM2.p - 3, SM2.b, *SM2.base, *point)
    z = sm3((8 * len(identity)).to_bytes(2, "big") + identity + b"".join(n.to_bytes(32, "big") for n in curve))
    return int.from_bytes(sm3(z + message), "big")


def verify(key: bytes, message: bytes, signature: bytes) -> bool:
    """Whether r and s, 32 bytes each, sign the message (section 7.1)."""
    point = SM2.decompress(key)
    r, s = int.from_bytes(signature[:32], "big"), int.from_bytes(signature[32:], "big")
    if point is None or not (0 < r < SM2.order and 0 < s < SM2.order):
        return False
    t = (r + s) % SM2.order
    if t == 0:
        return False
    found = SM2.combine(s, t, point)
    if found is None:
        return False
    return (digest(point, message) + found[0]) % SM2.order == r
