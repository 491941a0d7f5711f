"""Honest receipts of every shape are accepted, and every way to bend one is refused with its code."""

import json
import unittest

from roadbed_verify.encoding import u32, u64
from roadbed_verify.closings import COUNT_LIMIT, Checkpoint, checkpoint_of
from roadbed_verify.errors import Refusal
from roadbed_verify.genesis_file import read_genesis
from roadbed_verify.receipt_file import read_receipt
from roadbed_verify.suites import SUITES

from .bent import bent, block_of
from .bent_closings import bent_closings, receipt_maker
from .maker import ALL_OUTCOMES, Chain, Parts, amount, file_of, name, operation, text


class Receipts(unittest.TestCase):
    def accepted(self, chain: Chain, parts: Parts) -> dict[str, object]:
        """The summary of a receipt that must be valid."""
        return read_receipt(parts.document(), chain.genesis)[1]

    def refused(self, chain: Chain, data: bytes, code: str, checkpoint: Checkpoint | None = None) -> None:
        with self.assertRaises(Refusal) as caught:
            read_receipt(data, chain.genesis, checkpoint)
        self.assertEqual(caught.exception.code, code, caught.exception.message)
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

    def test_every_version_of_the_rules(self) -> None:
        for suite in SUITES:
            for version in (1, 2, 3, 4):
                chain = Chain(suite, version=version)
                self.assertEqual(read_genesis(chain.genesis_file), chain.genesis)
                parts = chain.receipt(block_of(chain, 2), 1, headers_above=1)
                self.assertEqual("epoch" in self.accepted(chain, parts), version >= 3)
                self.assertEqual(parts.encoded()[0], 2 if version >= 3 else 1)

    def test_a_receipt_of_a_version_that_the_chain_does_not_have(self) -> None:
        for version in (1, 2):
            chain = Chain.of("ed25519-sha256", version=version)
            parts = chain.receipt(block_of(chain, 1))
            later = parts.changed(version=2, result=parts.result + bytes(40), closings=[], format_version=1)
            later = chain.signed(later, parts.statement[:57] + chain.result_digest(later.result), range(3))
            self.refused(chain, later.document(), "receipt.malformed")
            for what, code, bent_parts in bent(chain):
                with self.subTest(version=version, what=what):
                    self.refused(chain, bent_parts.document(), f"receipt.{code}")

    def test_the_format_names_the_version_of_the_chain(self) -> None:
        for version in (2, 3, 4):
            chain = Chain.of("ed25519-sha256", version=version)
            encoded = chain.receipt(block_of(chain, 1)).encoded()
            read_receipt(file_of(encoded, version=encoded[0]), chain.genesis)
            for other in (0, 3 - encoded[0], 3):
                self.refused(chain, file_of(encoded, version=other), "json.invalid-value")

    def test_everything_that_is_bent_is_refused_with_its_code(self) -> None:
        for suite in SUITES:
            chain = Chain(suite)
            for what, code, parts in bent(chain):
                with self.subTest(suite=suite.name, what=what):
                    self.refused(chain, parts.document(), f"receipt.{code}")

    def test_closings_and_checkpoints(self) -> None:
        for suite in SUITES:
            chain = Chain(suite)
            for case in bent_closings(chain, receipt_maker(chain)):
                with self.subTest(suite=suite.name, what=case.what):
                    data = case.parts.document()
                    if case.code is None:
                        read_receipt(data, chain.genesis, case.checkpoint)
                    else:
                        self.refused(chain, data, case.code, case.checkpoint)

    def test_a_receipt_across_many_closings(self) -> None:
        for suite in SUITES:
            chain = Chain(suite)
            for epoch in (0, 1, 2, 50) if suite.name == "ed25519-sha256" else (0, 1, 2):
                parts = chain.receipt(block_of(chain, 2), 1, headers_above=epoch % 3, epoch=epoch)
                summary = self.accepted(chain, parts)
                self.assertEqual(summary["epoch"], epoch)
                self.assertEqual(summary["validators"], list(range(len(parts.signatures))))

    def test_a_checkpoint_replaces_the_closings_before_it(self) -> None:
        chain = Chain.of("ed25519-sha256")
        parts = chain.receipt(block_of(chain, 2), epoch=50)
        assert parts.closings is not None
        for epoch in (1, 25, 49, 50):
            short = parts.changed(first_closing=epoch - 1, closings=parts.closings[epoch - 1 :])
            for data in (parts.document(), short.document()):
                read_receipt(data, chain.genesis, chain.checkpoint(epoch))
            if epoch > 1:
                self.refused(chain, short.document(), "closing.unknown-first-epoch")

    def test_the_number_of_closings_is_limited(self) -> None:
        chain = Chain.of("ed25519-sha256")
        parts = chain.receipt(block_of(chain, 1), epoch=1)
        assert parts.closings is not None
        # Whoever has the checkpoint does not verify the others.
        most = parts.changed(closings=[*parts.closings] * (COUNT_LIMIT - 1) + [chain.closing(COUNT_LIMIT - 1)])
        most = most.changed(header=chain.header(100 * COUNT_LIMIT + 1, bytes(32), bytes(32), 1, most.header[117:]))
        self.refused(chain, most.document(), "receipt.result-of-other-block", chain.checkpoint(COUNT_LIMIT))
        self.refused(chain, parts.changed(closings=[*parts.closings] * 4097).document(), "receipt.malformed")

    def test_the_bytes_of_closings_are_limited(self) -> None:
        chain = Chain.of("ed25519-sha256", 253)
        parts = chain.receipt(block_of(chain, 1), epoch=1)
        assert parts.closings is not None
        count = 4_194_304 // len(parts.closings[0].encoded())
        self.refused(chain, parts.changed(closings=[*parts.closings] * count).document(), "closing.not-closing")
        self.refused(chain, parts.changed(closings=[*parts.closings] * (count + 1)).document(), "receipt.malformed")

    def test_spelling_of_checkpoints(self) -> None:
        digest = "0f" * 32
        self.assertEqual(checkpoint_of(f"1:{digest}"), Checkpoint(1, bytes([15]) * 32))
        self.assertEqual(checkpoint_of(f"{2**64 - 1}:{digest}"), Checkpoint(2**64 - 1, bytes([15]) * 32))
        for spelling in (
            "",
            "1",
            f"0:{digest}",
            f"01:{digest}",
            f"+1:{digest}",
            f"-1:{digest}",
            f" 1:{digest}",
            f"{2**64}:{digest}",
            f"1:{digest.upper()}",
            f"1:{digest}\n",
            f"1:{digest}00",
            f"1:{digest[1:]}",
            f"1{digest}",
            f"\u0661:{digest}",
        ):
            self.assertIsNone(checkpoint_of(spelling), spelling)

    def test_another_genesis_is_refused(self) -> None:
        for suite in SUITES:
            data = Chain(suite).receipt(block_of(Chain(suite), 1)).document()
            for other in (Chain(suite, 7), *(Chain(s) for s in SUITES if s is not suite)):
                self.refused(other, data, "receipt.malformed-transaction")
            self.refused(Chain(suite, version=1), data, "json.invalid-value")

    def test_sizes_are_limited_before_anything_is_decoded(self) -> None:
        chain = Chain.of("ed25519-sha256")
        encoded = chain.receipt(block_of(chain, 1)).encoded()
        self.refused(chain, file_of(encoded + b"\x00"), "receipt.malformed")
        self.refused(chain, file_of(encoded.ljust(5_460_992, b"\x00")), "receipt.malformed")
        self.refused(chain, file_of(encoded.ljust(5_460_993, b"\x00")), "receipt.too-large")
        for version in (b"\x01", b"\x02"):
            self.refused(chain, file_of(version + u32(2**32 - 1), version=2), "receipt.malformed")
        self.refused(chain, file_of(b"", version=2), "receipt.malformed")


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
            operation(0x50, b"\x01", u64(65_535)),
            operation(0x50, b"\x02", u64(1_052_672)),
            operation(0x50, b"\x03", u64(200_000)),
            operation(0x50, b"\x04", u64(86_400_000)),
        ]
        transaction = self.chain.transaction(operations, 2**64 - 1, 2**64 - 1)
        self.parts = self.chain.receipt([transaction], 0, [(34, 2)])
        self.summary = read_receipt(self.parts.document(), self.chain.genesis)[1]

    def test_amounts_have_decimals_only_after_the_definition(self) -> None:
        forms = self.summary["operations"]
        assert isinstance(forms, list)
        self.assertEqual(
            [form.get("amount") for form in forms], [None, None, "0.005", "12.345", None, str(2**128 - 1)] + [None] * 5
        )
        self.assertEqual(forms[3]["memoHex"], "00")
        self.assertEqual(forms[4]["description"], "")
        self.assertNotIn("metadata", forms[6])

    def test_parameters(self) -> None:
        forms = self.summary["operations"]
        assert isinstance(forms, list)
        self.assertEqual(
            forms[7:],
            [
                {"kind": "parameter.set", "parameter": parameter, "value": value}
                for parameter, value in (
                    ("administratorThreshold", 65_535),
                    ("blockBytes", 1_052_672),
                    ("blockOperations", 200_000),
                    ("validityMilliseconds", 86_400_000),
                )
            ],
        )
        for number, value in (
            *((number, 2**64 - 1) for number in (0, 1, 2, 3, 4, 5)),
            *((number, 0) for number in (0, 1, 2, 3, 4, 5)),
            *((0, 100_000), (5, 100_000), (255, 100_000)),
            *((1, 65_536), (2, 1_052_671), (2, 4_194_305), (3, 9_999), (3, 200_001), (4, 59_999), (4, 86_400_001)),
        ):
            transaction = self.chain.transaction([operation(0x50, bytes([number]), u64(value))])
            with self.assertRaises(Refusal) as caught:
                read_receipt(self.chain.receipt([transaction]).document(), self.chain.genesis)
            self.assertEqual(caught.exception.code, "receipt.malformed-transaction")

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
            {"epoch": 1},
            {"epoch": "0"},
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
