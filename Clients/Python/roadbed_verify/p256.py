"""ECDSA on P-256 with SHA-256: formats.md, section 2."""

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature

from .weierstrass import P256


def is_key(key: bytes) -> bool:
    """Whether the 33 bytes are a compressed point of the curve."""
    return P256.decompress(key) is not None


def verify(key: bytes, message: bytes, signature: bytes) -> bool:
    """Whether r and s, 32 bytes each, sign the message. Of s and order - s, only the lower is accepted."""
    point = P256.decompress(key)
    r, s = int.from_bytes(signature[:32], "big"), int.from_bytes(signature[32:], "big")
    if point is None or not (0 < r < P256.order and 0 < s <= P256.order // 2):
        return False
    public = ec.EllipticCurvePublicNumbers(point[0], point[1], ec.SECP256R1()).public_key()
    try:
        public.verify(encode_dss_signature(r, s), message, ec.ECDSA(hashes.SHA256()))
    except InvalidSignature:
        return False
    return True
