"""What else version 4 of the rules adds, byte by byte: terms of assets, closed accounts, and two roles."""

import unittest
from dataclasses import replace

from roadbed_verify.authority import Authority
from roadbed_verify.encoding import Reader
from roadbed_verify.errors import EncodingFault, Refusal
from roadbed_verify.genesis import decode_genesis
from roadbed_verify.operations import read_operation
from roadbed_verify.state import read_key, read_value

from .maker import Chain

EUR = "03657572"


def shown_operation(encoded: str) -> dict[str, object]:
    """What a summary shows of an operation, all of whose bytes are read."""
    reader = Reader(bytes.fromhex(encoded))
    operation = read_operation(reader)
    reader.finish()
    return {"kind": operation.kind, **operation.fields}


def shown_entry(key: str, value: str) -> tuple[dict[str, object], dict[str, object]]:
    """What a summary shows of a key and its value, all of whose bytes are read."""
    reader = Reader(bytes.fromhex(key))
    read = read_key(reader)
    reader.finish()
    reader = Reader(bytes.fromhex(value))
    entry = read_value(reader, read)
    reader.finish()
    return read.shown, entry.shown


class Terms(unittest.TestCase):
    def test_the_bytes_of_each_operation(self) -> None:
        for encoded, expected in (
            ("13" + "0662616e6b2d61", {"kind": "account.close", "account": "bank-a"}),
            ("24" + EUR + "05" + "00" * 15, {"kind": "asset.cap", "asset": "eur", "units": "5"}),
            ("25" + EUR + "0662616e6b2d61", {"kind": "asset.hand-over", "asset": "eur", "to": "bank-a"}),
            ("26" + EUR, {"kind": "asset.freeze", "asset": "eur"}),
            ("27" + EUR, {"kind": "asset.unfreeze", "asset": "eur"}),
        ):
            with self.subTest(encoded=encoded):
                self.assertEqual(shown_operation(encoded), expected)
            for length in range(0, len(encoded), 2):
                with self.subTest(cut=encoded[:length]), self.assertRaises(EncodingFault):
                    shown_operation(encoded[:length])

    def test_what_is_malformed_is_refused(self) -> None:
        for encoded in (
            "24" + EUR + "00" * 16,
            "25" + EUR + "0862616e6b2d612f78",
            "28" + EUR,
            "14" + "0662616e6b2d61",
            "26" + "0145",
        ):
            with self.subTest(encoded=encoded), self.assertRaises(EncodingFault):
                shown_operation(encoded)

    def test_the_entry_of_the_terms(self) -> None:
        cap = "4d" + "00" * 15
        for value, expected in (
            ("01" + cap + "00", {"capUnits": "77", "frozen": False}),
            ("01" + cap + "01", {"capUnits": "77", "frozen": True}),
            ("0001", {"frozen": True}),
        ):
            with self.subTest(value=value):
                self.assertEqual(shown_entry("0f" + EUR, value), ({"kind": "assetTerms", "asset": "eur"}, expected))
        for value in ("0000", "01" + "00" * 17, "0002", "0201", "01" + cap, "00"):
            with self.subTest(value=value), self.assertRaises(EncodingFault):
                shown_entry("0f" + EUR, value)

    def test_the_roles_of_version_4(self) -> None:
        self.assertEqual(Authority(48, 1, ()).role_names, ["registrar", "auditor"])
        genesis = Chain.of("ed25519-sha256").genesis
        first, *others = genesis.members
        for roles in (first.authority.roles | 16, first.authority.roles | 32):
            member = replace(first, authority=replace(first.authority, roles=roles))
            later = replace(genesis, members=(member, *others))
            self.assertEqual(decode_genesis(replace(later, version=4).encoded()).members[0], member)
            for version in (1, 2, 3):
                with self.subTest(version=version), self.assertRaises(Refusal) as caught:
                    decode_genesis(replace(later, version=version).encoded())
                self.assertEqual(caught.exception.code, "genesis.malformed-member")


if __name__ == "__main__":
    unittest.main()
