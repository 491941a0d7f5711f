"""Honest proofs of every kind of entry are accepted, and every way to bend one is refused with its code."""

import json
import unittest
from dataclasses import replace

from roadbed_verify.closings import Checkpoint
from roadbed_verify.errors import Refusal
from roadbed_verify.genesis import decode_genesis
from roadbed_verify.proof import decode_proof
from roadbed_verify.proof_file import read_proof, summary_of
from roadbed_verify.suites import SUITES

from .bent_closings import bent_closings, proof_maker
from .bent_proofs import bent_proofs
from .maker import TIME, Chain, hold_end, name, proof_file_of, text
from .state_maker import ABSENT, RECORD, ProofParts, account, entries_of, hold, hold_value, proof_of
from .vectors import JSON_GOLDEN, Vectors


class Proofs(unittest.TestCase):
    def accepted(self, chain: Chain, parts: ProofParts) -> dict[str, object]:
        """The summary of a proof that must be valid."""
        return read_proof(parts.document(), chain.genesis)[1]

    def refused(self, chain: Chain, data: bytes, code: str, checkpoint: Checkpoint | None = None) -> None:
        with self.assertRaises(Refusal) as caught:
            read_proof(data, chain.genesis, checkpoint)
        self.assertEqual(caught.exception.code, code, caught.exception.message)
        self.assertTrue(caught.exception.message.isascii() and caught.exception.next_step)
        self.assertLess(len(caught.exception.message), 1000)

    def test_every_kind_of_entry_and_its_absence(self) -> None:
        for suite in SUITES:
            chain = Chain(suite)
            kinds: set[object] = set()
            for key in entries_of(chain):
                summary = self.accepted(chain, proof_of(chain, key))
                shown = summary["key"]
                assert isinstance(shown, dict)
                kinds.add(shown["kind"])
                self.assertIsInstance(summary["entry"], dict)
            self.assertEqual(len(kinds), 12)
            for key in ABSENT:
                self.assertEqual(self.accepted(chain, proof_of(chain, key))["entry"], "no such entry")

    def test_small_states_and_headers_above(self) -> None:
        chain = Chain.of("ed25519-sha256")
        key = account("a")
        for entries in ({}, {key: b"\x00" + text("")}, {account("b"): b"\x00" + text("")}):
            for above in (0, 1, 1024):
                parts = proof_of(chain, key, entries, headers_above=above)
                self.assertEqual(self.accepted(chain, parts)["entry"] == "no such entry", key not in entries)
        self.refused(chain, proof_of(chain, key, headers_above=1025).document(), "proof.malformed")

    def test_everything_that_is_bent_is_refused_with_its_code(self) -> None:
        for suite in SUITES:
            chain = Chain(suite)
            for what, code, parts in bent_proofs(chain):
                with self.subTest(suite=suite.name, what=what):
                    self.refused(chain, parts.document(), code)

    def test_closings_and_checkpoints(self) -> None:
        for suite in SUITES:
            chain = Chain(suite)
            proof, make = proof_maker(chain, account("bank/main"))
            for case in bent_closings(chain, make):
                with self.subTest(suite=suite.name, what=case.what):
                    data = proof.changed(block=case.parts).document()
                    if case.proof_code is None:
                        self.assertIsInstance(read_proof(data, chain.genesis, case.checkpoint)[1]["entry"], dict)
                    else:
                        self.refused(chain, data, case.proof_code, case.checkpoint)

    def test_a_proof_across_many_closings(self) -> None:
        chain = Chain.of("ed25519-sha256")
        for epoch in (0, 1, 2, 50):
            parts = proof_of(chain, account("bank/main"), headers_above=epoch % 3, epoch=epoch)
            self.assertEqual(self.accepted(chain, parts)["epoch"], epoch)

    def test_chains_without_epochs_have_no_proofs(self) -> None:
        for version in (1, 2):
            chain = Chain.of("ed25519-sha256", version=version)
            parts = proof_of(chain, account("bank/main"))
            self.refused(chain, parts.document(), "proof.earlier-chain")
            # The same in the form of later chains, which their validators might sign.
            block = parts.block.changed(result=parts.block.result + bytes(40), closings=[])
            statement = block.statement[:57] + chain.result_digest(block.result)
            later = parts.changed(block=chain.signed(block, statement, range(3)))
            self.refused(chain, later.document(), "proof.earlier-chain")
            self.refused(chain, later.changed(value=None).document(), "proof.earlier-chain")

    def test_another_genesis_is_refused(self) -> None:
        for suite in SUITES:
            data = proof_of(Chain(suite), account("bank/main")).document()
            for other in (Chain(suite, 7), *(Chain(s) for s in SUITES if s is not suite)):
                self.refused(other, data, "proof.malformed-header")
            self.refused(Chain(suite, version=1), data, "proof.earlier-chain")

    def test_sizes_are_limited_before_anything_is_decoded(self) -> None:
        chain = Chain.of("ed25519-sha256")
        encoded = proof_of(chain, account("bank/main")).encoded()
        self.refused(chain, proof_file_of(encoded + b"\x00"), "proof.malformed")
        self.refused(chain, proof_file_of(encoded.ljust(4_477_952, b"\x00")), "proof.malformed")
        self.refused(chain, proof_file_of(encoded.ljust(4_477_953, b"\x00")), "proof.too-large")
        self.refused(chain, proof_file_of(b""), "proof.malformed")
        for length in range(len(encoded)):
            with self.assertRaises(Refusal):
                decode_proof(encoded[:length], chain.genesis)

    def test_a_summary_that_says_anything_else_is_refused(self) -> None:
        chain = Chain.of("ed25519-sha256")
        balance, held = b"\x05" + name("bank/main") + name("gold"), hold("bank/main", "order 17")
        for key in (balance, b"\x07" + RECORD, b"\x0b", held, ABSENT[0]):
            encoded = proof_of(chain, key).encoded()
            summary = read_proof(proof_file_of(encoded), chain.genesis)[1]
            read_proof(proof_file_of(encoded, summary), chain.genesis)
            for member in summary:
                for value in (None, True, "x", 5, [], {}):
                    with self.assertRaises(Refusal, msg=f"{member}: {value}"):
                        read_proof(proof_file_of(encoded, {**summary, member: value}), chain.genesis)
                without = {other: value for other, value in summary.items() if other != member}
                with self.assertRaises(Refusal):
                    read_proof(proof_file_of(encoded, without), chain.genesis)

    def test_what_a_summary_shows_of_a_hold(self) -> None:
        chain = Chain.of("ed25519-sha256")
        key = hold("bank/main", "order 17")
        placed = {"height": 7, "operation": 199_999}
        terms = {"to": "shop", "asset": "gold", "units": "5", "expires": "2030-03-17T17:46:40.000Z", "placed": placed}
        for arbiter, more in ((None, {}), ("notary", {"arbiter": "notary"})):
            value = hold_value("shop", 5, hold_end(TIME, arbiter), 7, 199_999)
            summary = self.accepted(chain, proof_of(chain, key, {key: value}))
            self.assertEqual(summary["key"], {"kind": "hold", "from": "bank/main", "reference": "order 17"})
            self.assertEqual(summary["entry"], {**terms, **more})
        self.assertEqual(self.accepted(chain, proof_of(chain, key, {}))["entry"], "no such entry")

    def test_chains_that_began_with_earlier_rules(self) -> None:
        chain = Chain.of("ed25519-sha256", version=3)
        for epoch in (0, 1):
            self.accepted(chain, proof_of(chain, hold("bank/main", "order 17"), epoch=epoch))

    def test_golden_vectors(self) -> None:
        for suite in SUITES:
            vectors = Vectors(suite.name)
            genesis = decode_genesis(vectors["genesis"])
            proofs = vectors.numbered("proof.*")
            entries = vectors.numbered("entry.*.key")
            self.assertGreater(len(proofs), len(entries) + 2)
            for number, (_, encoded) in enumerate(proofs, start=1):
                proof = decode_proof(encoded, genesis)
                proof.verify(genesis)
                self.assertEqual(proof.block.header.height, 2 if number == len(proofs) else 3)
                if number <= len(entries):
                    self.assertEqual(proof.state.key.encoded, vectors[f"entry.{number}.key"])
                    assert proof.state.value is not None
                    self.assertEqual(proof.state.value.encoded, vectors[f"entry.{number}.value"])
                elif number < len(proofs):
                    self.assertIsNone(proof.state.value)

    def test_golden_summaries(self) -> None:
        genesis_of_no_chain = Chain.of("ed25519-sha256").genesis
        for file in json.loads((JSON_GOLDEN / "proofs.json").read_text("utf-8")):
            # Nobody signed these: what is compared is how entries are shown.
            genesis = replace(genesis_of_no_chain)
            genesis.__dict__["digest"] = bytes.fromhex(file["summary"]["genesis"])
            proof = decode_proof(bytes.fromhex(file["proof"]), genesis)
            summary = summary_of(proof, genesis_of_no_chain)
            for member in ("key", "entry", "height", "blockTime", "epoch", "view", "validators"):
                self.assertEqual(summary[member], file["summary"][member])


if __name__ == "__main__":
    unittest.main()
