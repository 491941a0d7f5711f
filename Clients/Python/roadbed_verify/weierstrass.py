"""Short Weierstrass curves y^2 = x^3 + a x + b over a prime p = 3 mod 4, with a = -3 and cofactor 1.

Only public values are handled here, so nothing runs in constant time.
"""

from dataclasses import dataclass

Point = tuple[int, int]
# X, Y, Z stand for the point (X / Z^2, Y / Z^3); Z = 0 for infinity.
_Jacobian = tuple[int, int, int]
_INFINITY: _Jacobian = (1, 1, 0)


@dataclass(frozen=True)
class Curve:
    """The parameters: prime, b, base point and its order."""

    p: int
    b: int
    base: Point
    order: int

    def decompress(self, key: bytes) -> Point | None:
        """The point of 33 bytes: 2 or 3 for an even or odd y, then x below the prime. ``None`` if it is not one."""
        if len(key) != 33 or key[0] not in (2, 3):
            return None
        x = int.from_bytes(key[1:], "big")
        if x >= self.p:
            return None
        square = (pow(x, 3, self.p) - 3 * x + self.b) % self.p
        y = pow(square, (self.p + 1) // 4, self.p)
        if y * y % self.p != square:
            return None
        if y % 2 != key[0] % 2:
            # The group has odd order, so there is no point with y = 0, whose second sign would be another encoding.
            y = self.p - y
        return (x, y)

    def _double(self, point: _Jacobian) -> _Jacobian:
        x, y, z = point
        if z == 0:
            return _INFINITY
        p = self.p
        yy = y * y % p
        s = 4 * x * yy % p
        zz = z * z % p
        m = 3 * (x - zz) * (x + zz) % p
        x3 = (m * m - 2 * s) % p
        return (x3, (m * (s - x3) - 8 * yy * yy) % p, 2 * y * z % p)

    def _add(self, first: _Jacobian, second: _Jacobian) -> _Jacobian:
        if first[2] == 0:
            return second
        if second[2] == 0:
            return first
        p = self.p
        x1, y1, z1 = first
        x2, y2, z2 = second
        zz1, zz2 = z1 * z1 % p, z2 * z2 % p
        u1, u2 = x1 * zz2 % p, x2 * zz1 % p
        s1, s2 = y1 * zz2 * z2 % p, y2 * zz1 * z1 % p
        if u1 == u2:
            return self._double(first) if s1 == s2 else _INFINITY
        h, r = u2 - u1, s2 - s1
        hh = h * h % p
        hhh = h * hh % p
        v = u1 * hh % p
        x3 = (r * r - hhh - 2 * v) % p
        return (x3, (r * (v - x3) - s1 * hhh) % p, h * z1 * z2 % p)

    def combine(self, base_factor: int, factor: int, point: Point) -> Point | None:
        """base_factor * base + factor * point, or ``None`` for infinity. Both factors are at least 0."""
        base: _Jacobian = (*self.base, 1)
        other: _Jacobian = (*point, 1)
        both = self._add(base, other)
        total = _INFINITY
        for bit in range(max(base_factor.bit_length(), factor.bit_length()) - 1, -1, -1):
            total = self._double(total)
            choice = (base_factor >> bit & 1, factor >> bit & 1)
            if choice == (1, 1):
                total = self._add(total, both)
            elif choice == (1, 0):
                total = self._add(total, base)
            elif choice == (0, 1):
                total = self._add(total, other)
        x, y, z = total
        if z == 0:
            return None
        inverse = pow(z, -1, self.p)
        return (x * inverse * inverse % self.p, y * pow(inverse, 3, self.p) % self.p)


# SEC 2, version 2, section 2.4.2 (secp256r1).
P256 = Curve(
    p=0xFFFFFFFF00000001000000000000000000000000FFFFFFFFFFFFFFFFFFFFFFFF,
    b=0x5AC635D8AA3A93E7B3EBBD55769886BC651D06B0CC53B0F63BCE3C3E27D2604B,
    base=(
        0x6B17D1F2E12C4247F8BCE6E563A440F277037D812DEB33A0F4A13945D898C296,
        0x4FE342E2FE1A7F9B8EE7EB4A7C0F9E162BCE33576B315ECECBB6406837BF51F5,
    ),
    order=0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551,
)

# GB/T 32918.5-2017, section 3.
SM2 = Curve(
    p=0xFFFFFFFEFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFF00000000FFFFFFFFFFFFFFFF,
    b=0x28E9FA9E9D9F5E344D5A9E4BCF6509A7F39789F515AB8F92DDBCBD414D940E93,
    base=(
        0x32C4AE2C1F1981195F9904466A39C9948FE30BBFF2660BE1715A4589334C74C7,
        0xBC3736A2F4F6779C59BDCEE36B692153D0A9877CC62A474002DF32E52139F0A0,
    ),
    order=0xFFFFFFFEFFFFFFFFFFFFFFFFFFFFFFFF7203DF6B21C6052B53BBF40939D54123,
)
