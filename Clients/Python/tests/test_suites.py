"""Hashes, signatures and trees, against published vectors, and at the edges of what may be accepted."""

import unittest
from hashlib import sha256, sha512

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from roadbed_verify import ed25519, p256, sm2
from roadbed_verify.merkle import root_of
from roadbed_verify.sm3 import sm3
from roadbed_verify.suites import BY_NAME, SUITES
from roadbed_verify.weierstrass import P256, SM2, Curve

from .maker import path, root, signer, sm2_sign


def number(value: int) -> bytes:
    """32 big-endian bytes."""
    return value.to_bytes(32, "big")


class SM3Hash(unittest.TestCase):
    def test_examples_of_the_standard(self) -> None:
        """GB/T 32905-2016, appendix A."""
        self.assertEqual(sm3(b"abc").hex(), "66c7f0f462eeedd9d1f2d46bdc10e4e24167c4875cf2f7a2297da02b8f4ba8e0")
        self.assertEqual(sm3(b"abcd" * 16).hex(), "debe9ff92275b8a138604889c18e5a4d6fdb70e5387e5765293dcba39c0c5732")

    def test_every_length_of_padding_gives_another_hash(self) -> None:
        self.assertEqual(len({sm3(bytes(length)) for length in range(130)}), 130)


class SM2Signature(unittest.TestCase):
    """GB/T 32918.5-2017, appendix A.2: the message is "message digest", the identity the default."""

    scalar = 0x3945208F7B2144B13F36E38AC6D39F95889393692860B51A42FB81EF4DF7C5B8
    random = 0x59276E27D506861A16680F3AD9C02DCCEF3CC1FA3CDBE4CE6D54B80DEAC1BC21
    x = 0x09F9DF311E5421A150DD7D161E4BC5C672179FAD1833FC076BB08FF356F35020
    y = 0xCCEA490CE26775A52DC6EA718CC1AA600AED05FBF35E084A6632F6072DA9AD13
    e = 0xF0B43E94BA45ACCAACE692ED534382EB17E6AB5A19CE7B31F4486FDFC0D28640
    r = 0xF5A03B0648D2C4630EEAC513E1BB81A15944DA3827D5B74143AC7EACEEE720B3
    s = 0xB1B6AA29DF212FD8763182BC0D421CA1BB9038FD1F7F42D4840B69C485BBC1AA
    key = b"\x03" + number(x)
    message = b"message digest"

    def test_example_of_the_standard(self) -> None:
        self.assertEqual(SM2.combine(self.scalar, 0, SM2.base), (self.x, self.y))
        self.assertEqual(sm2.digest((self.x, self.y), self.message), self.e)
        self.assertEqual(sm2_sign(self.scalar, self.random, self.message), number(self.r) + number(self.s))
        self.assertTrue(sm2.verify(self.key, self.message, number(self.r) + number(self.s)))

    def test_another_identity_is_refused(self) -> None:
        self.assertFalse(sm2.verify(self.key, self.message, sm2_sign(self.scalar, self.random, self.message, b"other")))

    def test_numbers_out_of_range_are_refused(self) -> None:
        n = SM2.order
        for r, s in (
            (0, self.s),
            (self.r, 0),
            (n, self.s),
            (self.r, n),
            (self.r, n - self.s),
            (self.r, n - self.r),
            (2**256 - 1, 2**256 - 1),
        ):
            self.assertFalse(sm2.verify(self.key, self.message, number(r) + number(s)), (r, s))

    def test_the_other_key_with_the_same_x_is_refused(self) -> None:
        self.assertFalse(sm2.verify(b"\x02" + self.key[1:], self.message, number(self.r) + number(self.s)))

    def test_a_signature_that_leads_to_infinity_is_refused(self) -> None:
        # s + (r + s) d = 0 for s = -r d / (1 + d).
        s = -self.r * self.scalar * pow(1 + self.scalar, -1, SM2.order) % SM2.order
        self.assertIsNone(SM2.combine(s, (self.r + s) % SM2.order, (self.x, self.y)))
        self.assertFalse(sm2.verify(self.key, self.message, number(self.r) + number(s)))

    def test_a_signature_by_the_private_key_1_passes_through_equal_points(self) -> None:
        key = b"\x02" + number(SM2.base[0])
        self.assertEqual(SM2.decompress(key), SM2.base)
        self.assertTrue(sm2.verify(key, b"m", sm2_sign(1, self.random, b"m")))


class Curves(unittest.TestCase):
    def affine_sum(
        self, curve: Curve, first: tuple[int, int] | None, second: tuple[int, int] | None
    ) -> tuple[int, int] | None:
        """The group law as textbooks give it."""
        if first is None or second is None:
            return first or second
        (x1, y1), (x2, y2) = first, second
        if x1 == x2 and (y1 + y2) % curve.p == 0:
            return None
        if first == second:
            slope = (3 * x1 * x1 - 3) * pow(2 * y1, -1, curve.p)
        else:
            slope = (y2 - y1) * pow(x2 - x1, -1, curve.p)
        x = (slope * slope - x1 - x2) % curve.p
        return (x, (slope * (x1 - x) - y1) % curve.p)

    def test_small_multiples_agree_with_the_textbook(self) -> None:
        for curve in (P256, SM2):
            multiples: list[tuple[int, int] | None] = [None]
            for _ in range(40):
                multiples.append(self.affine_sum(curve, multiples[-1], curve.base))
            for factor in range(20):
                self.assertEqual(curve.combine(factor, 0, curve.base), multiples[factor])
                for other in range(0, 20, 3):
                    self.assertEqual(curve.combine(factor, other, curve.base), multiples[factor + other])

    def test_the_order_leads_to_infinity(self) -> None:
        for curve in (P256, SM2):
            self.assertIsNone(curve.combine(curve.order, 0, curve.base))
            self.assertIsNone(curve.combine(curve.order - 1, 1, curve.base))
            minus = curve.combine(curve.order - 1, 0, curve.base)
            self.assertEqual(minus, (curve.base[0], curve.p - curve.base[1]))
            assert minus is not None
            self.assertIsNone(curve.combine(7, 7, minus))

    def test_only_canonical_points_of_the_curve_are_keys(self) -> None:
        for curve, is_key in ((P256, p256.is_key), (SM2, sm2.is_key)):
            on = next(x for x in range(100) if is_key(b"\x02" + number(x)))
            off = next(x for x in range(100) if not is_key(b"\x02" + number(x)))
            self.assertTrue(is_key(b"\x03" + number(on)))
            self.assertFalse(is_key(b"\x03" + number(off)))
            # The second encodings of the same x, and other first bytes.
            self.assertFalse(is_key(b"\x02" + number(on + curve.p)))
            for first in (0, 1, 4, 5, 6, 7, 0xED):
                self.assertFalse(is_key(bytes([first]) + number(on)))
            for length in (0, 1, 32, 34, 65):
                self.assertFalse(is_key(bytes([2]) * length))


class ECDSA(unittest.TestCase):
    """RFC 6979, appendix A.2.5, with SHA-256."""

    key = bytes.fromhex("0360FED4BA255A9D31C961EB74C6356D68C049B8923B61FA6CE669622E60F29FB6")
    r = 0xEFD48B2AACB6A8FD1140DD9CD45E81D69D2C877B56AAF991C34D0EA84EAF3716
    s = 0xF7CB1C942D657C41D436C7A1B6E29F65F3E900DBB9AFF4064DC4AB2F843ACDA8

    def test_example_with_low_s(self) -> None:
        signature = bytes.fromhex(
            "F1ABB023518351CD71D881567B1EA663ED3EFCF6C5132B354F28D3B0B7D38367"
            "019F4113742A2B14BD25926B49C649155F267E60D3814B4C0CC84250E46F0083"
        )
        self.assertTrue(p256.verify(self.key, b"test", signature))
        self.assertFalse(p256.verify(b"\x02" + self.key[1:], b"test", signature))

    def test_of_an_example_with_high_s_only_the_low_form_is_accepted(self) -> None:
        self.assertFalse(p256.verify(self.key, b"sample", number(self.r) + number(self.s)))
        self.assertTrue(p256.verify(self.key, b"sample", number(self.r) + number(P256.order - self.s)))

    def test_numbers_out_of_range_are_refused(self) -> None:
        low = P256.order - self.s
        for r, s in ((0, low), (self.r, 0), (P256.order, low), (self.r, P256.order), (2**256 - 1, 2**256 - 1)):
            self.assertFalse(p256.verify(self.key, b"sample", number(r) + number(s)))


class EdDSA(unittest.TestCase):
    def test_examples_of_the_standard(self) -> None:
        """RFC 8032, section 7.1, tests 1 and 2."""
        for key, message, signature in (
            (
                "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a",
                "",
                "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555fb8821590a33bacc61e39701cf9b46b"
                "d25bf5f0595bbe24655141438e7a100b",
            ),
            (
                "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c",
                "72",
                "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da085ac1e43e15996e458f3613d0f11d8c"
                "387b2eaeb4302aeeb00d291612bb0c00",
            ),
        ):
            encoded = bytes.fromhex(signature)
            self.assertTrue(ed25519.verify(b"\xed" + bytes.fromhex(key), bytes.fromhex(message), encoded))
            high = encoded[:32] + (int.from_bytes(encoded[32:], "little") + ed25519.ORDER).to_bytes(32, "little")
            self.assertFalse(ed25519.verify(b"\xed" + bytes.fromhex(key), bytes.fromhex(message), high))

    def test_keys_that_are_not_canonical_or_of_small_order_are_refused(self) -> None:
        one, minus_one = 1, ed25519.P - 1
        order_8 = 0x05FC536D880238B13933C6D305ACDFD5F098EFF289F4C345B027B2C28F95E826
        for y in (
            one,
            one | 1 << 255,
            minus_one,
            minus_one | 1 << 255,
            0,
            1 << 255,
            ed25519.P,
            ed25519.P + 1,
            ed25519.P + 3,
            order_8,
            ed25519.P - order_8,
            order_8 | 1 << 255,
            2,
        ):
            self.assertFalse(ed25519.is_key(b"\xed" + y.to_bytes(32, "little")), y)
        self.assertTrue(ed25519.is_key(b"\xed" + (3).to_bytes(32, "little")))
        for first in (0, 2, 3, 0xEC):
            self.assertFalse(ed25519.is_key(bytes([first]) + (3).to_bytes(32, "little")))

    def test_r_is_compared_as_bytes_and_without_cofactor(self) -> None:
        seed = bytes(range(32))
        key = Ed25519PrivateKey.from_private_bytes(seed).public_key().public_bytes(Encoding.Raw, PublicFormat.Raw)
        hashed = bytearray(sha512(seed).digest()[:32])
        hashed[0] &= 248
        hashed[31] = hashed[31] & 127 | 64
        secret = int.from_bytes(hashed, "little")

        def with_r(encoded: int) -> bytes:
            r = encoded.to_bytes(32, "little")
            factor = int.from_bytes(sha512(r + key + b"message").digest(), "little")
            return r + (factor * secret % ed25519.ORDER).to_bytes(32, "little")

        self.assertTrue(ed25519.verify(b"\xed" + key, b"message", with_r(1)), "R may be the neutral element")
        for encoded in (1 | 1 << 255, ed25519.P + 1):
            self.assertFalse(ed25519.verify(b"\xed" + key, b"message", with_r(encoded)), "another encoding of it")
        # With cofactor, any R of small order would be accepted.
        for encoded in (ed25519.P - 1, 0, 1 << 255):
            self.assertFalse(ed25519.verify(b"\xed" + key, b"message", with_r(encoded)))


class EverySuite(unittest.TestCase):
    def test_any_changed_bit_of_signature_key_or_message_is_refused(self) -> None:
        for suite in SUITES:
            pair = signer(suite, 1)
            signature = pair.sign(b"message")
            self.assertTrue(suite.verify(pair.public, b"message", signature))
            self.assertFalse(suite.verify(pair.public, b"massage", signature))
            for bit in range(0, 512, 29):
                changed = (int.from_bytes(signature, "big") ^ 1 << bit).to_bytes(64, "big")
                self.assertFalse(suite.verify(pair.public, b"message", changed), (suite.name, bit))
            for bit in range(0, 264, 29):
                changed = (int.from_bytes(pair.public, "big") ^ 1 << bit).to_bytes(33, "big")
                self.assertFalse(suite.verify(changed, b"message", signature), (suite.name, bit))

    def test_bytes_that_are_no_signature_are_refused(self) -> None:
        for suite in SUITES:
            for fill in (b"\x00", b"\xff", b"\x01"):
                self.assertFalse(suite.verify(signer(suite, 1).public, b"message", fill * 64))
                self.assertFalse(suite.verify(fill * 33, b"message", signer(suite, 1).sign(b"message")))


class Trees(unittest.TestCase):
    def test_published_roots(self) -> None:
        """The roots over 1 to 8 leaves in the tests of Certificate Transparency's reference implementation."""
        leaves = [bytes.fromhex(leaf) for leaf in ("", "00", "10", "2021", "3031", "40414243", "5051525354555657")]
        leaves.append(bytes(range(0x60, 0x70)))
        roots = """
            6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d
            fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125
            aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77
            d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7
            4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4
            76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef
            ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c
            5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328
        """.split()
        suite = BY_NAME["p256-sha256"]
        for size, expected in enumerate(roots, start=1):
            self.assertEqual(root(suite, leaves[:size]).hex(), expected)

    def test_a_path_proves_one_index_of_one_size(self) -> None:
        suite = BY_NAME["p256-sha256"]
        leaves = [bytes([index]) for index in range(13)]
        expected = root(suite, leaves)
        for index, leaf in enumerate(leaves):
            honest = path(suite, leaves, index)
            for other in range(-1, 15):
                found = root_of(suite.hash, leaf, other, 13, honest)
                self.assertEqual(found == expected, other == index)
            for changed in (honest[:-1], honest[1:], honest + [bytes(32)], honest[::-1], []):
                self.assertNotEqual(root_of(suite.hash, leaf, index, 13, changed), expected)
        self.assertIsNone(root_of(suite.hash, b"", 0, 0, []))

    def test_an_inner_node_is_not_a_leaf(self) -> None:
        suite = BY_NAME["p256-sha256"]
        leaves = [b"a", b"b"]
        joined = sha256(b"\x00a").digest() + sha256(b"\x00b").digest()
        self.assertNotEqual(root_of(suite.hash, joined, 0, 1, []), root(suite, leaves))


if __name__ == "__main__":
    unittest.main()
