"""Honest receipts of every shape are accepted, and every way to bend one is refused with its code."""

import json
import unittest

from roadbed_verify.encoding import u32
from roadbed_verify.errors import Refusal
from roadbed_verify.genesis_file import read_genesis
from roadbed_verify.receipt_file import read_receipt
from roadbed_verify.suites import SUITES

from .bent import bent, block_of
from .maker import ALL_OUTCOMES, Chain, Parts, amount, file_of, name, operation, text


class Receipts(unittest.TestCase):
    def accepted(self, chain: Chain, parts: Parts) -> dict[str, object]:
        """The summary of a receipt that must be valid."""
        return read_receipt(parts.document(), chain.genesis)[1]

    def refused(self, chain: Chain, data: bytes, code: str) -> None:
        with self.assertRaises(Refusal) as caught:
            read_receipt(data, chain.genesis)
        self.assertEqual(caught.exception.code, code)
        self.assertTrue(caught.exception.message.isascii() and caught.exception.next_step)
        self.assertLess(len(caught.exception.message), 1000)

    def test_every_place_in_blocks_of_many_sizes(self) -> None:
        for suite in SUITES:
            chain = Chain(suite)
            for size in (1, 2, 3, 8, 13):
                transactions = block_of(chain, size)
                for index in {0, size // 2, size - 1}:
                    self.assertEqual(self.accepted(chain, chain.receipt(transactions, index))["index"], index)

    def test_headers_above(self) -> None:
        chain = Chain.of("ed25519-sha256")
        for above in (1, 2, 1024):
            self.accepted(chain, chain.receipt(block_of(chain, 2), 1, headers_above=above))
        self.refused(chain, chain.receipt(block_of(chain, 2), 1, headers_above=1025).document(), "receipt.malformed")

    def test_every_outcome(self) -> None:
        chain = Chain.of("ed25519-sha256")
        for code in ALL_OUTCOMES:
            summary = self.accepted(chain, chain.receipt(block_of(chain, 1), 0, [(code, 1 if code else 0)]))
            self.assertEqual("failedOperation" in summary, code != 0)

    def test_exactly_a_quorum_of_any_number_of_validators(self) -> None:
        for size, quorum in ((1, 1), (2, 2), (3, 3), (4, 3), (5, 4), (6, 5), (7, 5), (10, 7), (256, 171)):
            chain = Chain.of("ed25519-sha256", size)
            parts = chain.receipt(block_of(chain, 1))
            self.assertEqual(self.accepted(chain, parts)["validators"], list(range(quorum)))
            last = chain.signed(parts, parts.statement, range(size - quorum, size))
            self.accepted(chain, last)
            for wrong in (quorum - 1, quorum + 1):
                if 1 <= wrong <= size:
                    other = chain.signed(parts, parts.statement, range(wrong))
                    self.refused(chain, other.document(), "receipt.signers")

    def test_both_versions_of_the_rules(self) -> None:
        for version in (1, 2):
            chain = Chain.of("p256-sha256", version=version)
            self.assertEqual(read_genesis(chain.genesis_file), chain.genesis)
            self.accepted(chain, chain.receipt(block_of(chain, 1)))

    def test_everything_that_is_bent_is_refused_with_its_code(self) -> None:
        for suite in SUITES:
            chain = Chain(suite)
            for what, code, parts in bent(chain):
                with self.subTest(suite=suite.name, what=what):
                    self.refused(chain, parts.document(), f"receipt.{code}")

    def test_another_genesis_is_refused(self) -> None:
        for suite in SUITES:
            data = Chain(suite).receipt(block_of(Chain(suite), 1)).document()
            for other in (Chain(suite, 7), Chain(suite, version=1), *(Chain(s) for s in SUITES if s is not suite)):
                self.refused(other, data, "receipt.malformed-transaction")

    def test_sizes_are_limited_before_anything_is_decoded(self) -> None:
        chain = Chain.of("ed25519-sha256")
        encoded = chain.receipt(block_of(chain, 1)).encoded()
        self.refused(chain, file_of(encoded + b"\x00"), "receipt.malformed")
        self.refused(chain, file_of(encoded.ljust(1_266_688, b"\x00")), "receipt.malformed")
        self.refused(chain, file_of(encoded.ljust(1_266_689, b"\x00")), "receipt.too-large")
        self.refused(chain, file_of(b"\x01" + u32(2**32 - 1)), "receipt.malformed")
        self.refused(chain, file_of(b""), "receipt.malformed")


class Summaries(unittest.TestCase):
    def setUp(self) -> None:
        self.chain = Chain.of("ed25519-sha256")
        operations = [
            operation(0x21, name("gold"), name("a/b"), amount(5)),
            operation(0x20, name("gold"), name("mint"), b"\x03", text("caf\u00e9")),
            operation(0x21, name("gold"), name("a/b"), amount(5)),
            operation(0x23, name("gold"), name("a/b"), name("c"), amount(12_345), text(b"\x00")),
            operation(0x20, name("gold"), name("mint"), b"\x00", text("")),
            operation(0x22, name("gold"), name("c"), amount(2**128 - 1)),
            operation(0x40, name("bank"), name("x/y"), text("k"), bytes(32), text("")),
        ]
        transaction = self.chain.transaction(operations, 2**64 - 1, 2**64 - 1)
        self.parts = self.chain.receipt([transaction], 0, [(34, 2)])
        self.summary = read_receipt(self.parts.document(), self.chain.genesis)[1]

    def test_amounts_have_decimals_only_after_the_definition(self) -> None:
        forms = self.summary["operations"]
        assert isinstance(forms, list)
        self.assertEqual(
            [form.get("amount") for form in forms], [None, None, "0.005", "12.345", None, str(2**128 - 1), None]
        )
        self.assertEqual(forms[3]["memoHex"], "00")
        self.assertEqual(forms[4]["description"], "")
        self.assertNotIn("metadata", forms[6])

    def test_a_time_after_the_year_9999(self) -> None:
        self.assertEqual(self.summary["validUntil"], "9999-12-31T23:59:59.999Z")

    def judged(self, summary: object) -> None:
        read_receipt(file_of(self.parts.encoded(), summary), self.chain.genesis)

    def test_the_summary_that_the_receipt_gives_is_accepted(self) -> None:
        self.judged(self.summary)

    def test_any_other_summary_is_refused(self) -> None:
        for key in self.summary:
            changed = {other: value for other, value in self.summary.items() if other != key}
            with self.assertRaises(Refusal, msg=f"without {key}"):
                self.judged(changed)
            values: list[object] = [None, True, "x", 5, 0.5, [], {}]
            for value in values:
                with self.assertRaises(Refusal, msg=f"{key}: {value}"):
                    self.judged({**self.summary, key: value})
        for other_spelling in (
            {"view": 9.0},
            {"nonce": 2**64 - 1},
            {"block": str(self.summary["block"]).upper()},
            {"validators": [2, 1, 0]},
            {"more": 1},
        ):
            with self.assertRaises(Refusal):
                self.judged({**self.summary, **other_spelling})
        others: list[object] = [[], "x", {}, 5]
        for other in others:
            with self.assertRaises(Refusal):
                self.judged(other)

    def test_text_is_compared_byte_by_byte_and_not_normalised(self) -> None:
        decomposed = json.loads(json.dumps(self.summary).replace("caf\\u00e9", "cafe\\u0301"))
        self.assertNotEqual(decomposed, self.summary)
        with self.assertRaises(Refusal):
            self.judged(decomposed)


if __name__ == "__main__":
    unittest.main()
