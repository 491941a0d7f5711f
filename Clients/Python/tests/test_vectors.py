"""Every format that this package implements, against the golden vectors of the repository."""

import json
import unittest
from collections.abc import Callable

from roadbed_verify.blocks import OUTCOMES, Header, Result, read_header, read_outcome, read_result
from roadbed_verify.closings import Checkpoint, Closing, Closings, read_closings
from roadbed_verify.configuration import Configuration, read_configuration
from roadbed_verify.encoding import Reader, short, u32, u64
from roadbed_verify.errors import EncodingFault, Refusal
from roadbed_verify.genesis import Genesis, decode_genesis
from roadbed_verify.genesis_file import read_genesis
from roadbed_verify.merkle import root_of
from roadbed_verify.operations import Operation, read_operation
from roadbed_verify.receipt import decode_receipt
from roadbed_verify.receipt_file import read_receipt
from roadbed_verify.state import read_key, read_value
from roadbed_verify.state_proof import read_state_proof
from roadbed_verify.suites import SUITES, Suite
from roadbed_verify.times import text_of
from roadbed_verify.transactions import decode_transaction
from roadbed_verify.votes import Certificate, Statement, read_certificate, read_statement

from .maker import path, root, text
from .vectors import JSON_GOLDEN, Vectors


def header_of(encoded: bytes) -> Header:
    """The header that the bytes consist of."""
    reader = Reader(encoded)
    header = read_header(reader)
    reader.finish()
    return header


def result_of(encoded: bytes) -> Result:
    """The result that the bytes consist of."""
    reader = Reader(encoded)
    result = read_result(reader, True)
    reader.finish()
    return result


def statement_of(encoded: bytes) -> Statement:
    """The statement that the bytes consist of."""
    reader = Reader(encoded)
    statement = read_statement(reader)
    reader.finish()
    return statement


def certificate_of(encoded: bytes) -> Certificate:
    """The certificate that the bytes consist of."""
    reader = Reader(encoded)
    certificate = read_certificate(reader)
    reader.finish()
    return certificate


def configuration_of(encoded: bytes) -> Configuration:
    """The configuration that the bytes consist of."""
    reader = Reader(encoded)
    configuration = read_configuration(reader)
    reader.finish()
    return configuration


def closing_of(encoded: bytes) -> Closing:
    """The closing that the bytes consist of."""
    reader = Reader(u64(0) + u32(1) + encoded)
    closings = read_closings(reader)
    reader.finish()
    return closings.closings[0]


def first_version(anchor: Operation, block: Header) -> bytes:
    """The value of the record that an anchor in this block creates."""
    fields = anchor.fields
    metadata = bytes.fromhex(str(fields.get("metadataHex", ""))) or str(fields.get("metadata", "")).encode()
    content = short(str(fields["author"]).encode()) + bytes.fromhex(str(fields["contentDigest"]))
    return u64(1) + content + u64(block.timestamp) + text(metadata) + bytes(32)


class GoldenVectors(unittest.TestCase):
    def each(self, check: Callable[[Suite, Vectors, Genesis], None]) -> None:
        for suite in SUITES:
            with self.subTest(suite=suite.name):
                vectors = Vectors(suite.name)
                check(suite, vectors, decode_genesis(vectors["genesis"]))

    def test_genesis(self) -> None:
        def check(suite: Suite, vectors: Vectors, genesis: Genesis) -> None:
            self.assertEqual(genesis.suite, suite)
            self.assertEqual(genesis.encoded(), vectors["genesis"])
            self.assertEqual(genesis.digest, vectors["genesis.digest"])

        self.each(check)

    def test_trees(self) -> None:
        def check(suite: Suite, vectors: Vectors, genesis: Genesis) -> None:
            sizes = [int(name.split(".")[1]) for name, _ in vectors.numbered("tree.*.root")]
            self.assertGreater(len(sizes), 5)
            for size in sizes:
                leaves = [bytes([index]) for index in range(size)]
                expected = vectors[f"tree.{size}.root"]
                self.assertEqual(root(suite, leaves), expected)
                for name, joined in vectors.numbered(f"tree.{size}.path.*"):
                    index = int(name.split(".")[3])
                    found = [joined[place : place + 32] for place in range(0, len(joined), 32)]
                    self.assertEqual(found, path(suite, leaves, index))
                    self.assertEqual(root_of(suite.hash, leaves[index], index, size, found), expected)

        self.each(check)

    def test_outcomes(self) -> None:
        def check(suite: Suite, vectors: Vectors, genesis: Genesis) -> None:
            for code in OUTCOMES:
                reader = Reader(vectors[f"outcome.{code}"])
                outcome = read_outcome(reader)
                reader.finish()
                self.assertEqual((outcome.code, outcome.operation), (code, 258 if code else 0))

        self.each(check)

    def test_signatures(self) -> None:
        def check(suite: Suite, vectors: Vectors, genesis: Genesis) -> None:
            keys = vectors.numbered("signature.*.key")
            self.assertGreater(len(keys), 15)
            for name, key in keys:
                prefix = name.removesuffix("key")
                message, signature = vectors[prefix + "message"], vectors[prefix + "bytes"]
                self.assertTrue(suite.verify(key, message, signature), name)
                self.assertFalse(suite.verify(key, message + b"\x00", signature), name)
                for other in SUITES:
                    if other is not suite:
                        self.assertFalse(other.verify(key, message, signature), name)

        self.each(check)

    def test_operations(self) -> None:
        def check(suite: Suite, vectors: Vectors, genesis: Genesis) -> None:
            operations, kinds = vectors.numbered("operation.*"), set()
            self.assertGreater(len(operations), 13)
            for _, encoded in operations:
                reader = Reader(encoded)
                kinds.add(read_operation(reader).kind)
                reader.finish()
            self.assertIn("parameter.set", kinds)
            self.assertLessEqual({"hold.place", "hold.capture", "hold.release"}, kinds)
            self.assertLessEqual(
                {"directory.set", "directory.remove", "validator.add", "validator.remove", "validator.update"}, kinds
            )

        self.each(check)

    def test_transactions(self) -> None:
        def check(suite: Suite, vectors: Vectors, genesis: Genesis) -> None:
            for number in range(1, 11):
                name = f"transaction.{number}"
                transaction = decode_transaction(vectors[name])
                self.assertEqual(transaction.unsigned, vectors[f"{name}.unsigned"])
                self.assertEqual(transaction.id(suite), vectors[f"{name}.id"])
                self.assertEqual(transaction.signed_message(suite), vectors[f"{name}.signed-message"])
                for entry in transaction.signatures:
                    self.assertTrue(suite.verify(entry.key, transaction.signed_message(suite), entry.signature))

        self.each(check)

    def test_blocks(self) -> None:
        def check(suite: Suite, vectors: Vectors, genesis: Genesis) -> None:
            for height in range(4):
                header = header_of(vectors[f"header.{height}"])
                result = result_of(vectors[f"result.{height}"])
                self.assertEqual(header.digest(suite), vectors[f"header.{height}.digest"])
                self.assertEqual(result.digest(suite), vectors[f"result.{height}.digest"])
                self.assertEqual((header.height, result.height), (height, height))
                self.assertEqual(result.block, header.digest(suite))
                self.assertEqual((result.epoch, result.configuration), (0, genesis.configuration.digest(suite)))

        self.each(check)

    def test_the_transaction_root_of_a_block_is_that_of_its_transactions(self) -> None:
        def check(suite: Suite, vectors: Vectors, genesis: Genesis) -> None:
            for height, numbers in ((1, range(1, 6)), (2, range(6, 8)), (3, range(8, 9)), (4, range(9, 11))):
                transactions = [vectors[f"transaction.{number}"] for number in numbers]
                header = header_of(vectors[f"header.{height}"])
                self.assertEqual(root(suite, transactions), header.transaction_root)
                body = b"".join(len(entry).to_bytes(4, "little") + entry for entry in transactions)
                self.assertEqual(header.encoded + body, vectors[f"block.{height}"])

        self.each(check)

    def test_the_proofs_of_vote_keys(self) -> None:
        def check(suite: Suite, vectors: Vectors, genesis: Genesis) -> None:
            proofs = 0
            for number in (9, 10):
                for operation in decode_transaction(vectors[f"transaction.{number}"]).operations:
                    if "keyProof" not in operation.fields:
                        continue
                    proofs += 1
                    key = bytes.fromhex(str(operation.fields["voteKey"]))
                    message = suite.prefix(b"rb.pop.1") + genesis.digest
                    message += short(str(operation.fields["validator"]).encode()) + key
                    self.assertTrue(suite.verify(key, message, bytes.fromhex(str(operation.fields["keyProof"]))))
            self.assertEqual(proofs, 2)

        self.each(check)

    def test_entries_that_only_a_change_of_validators_makes(self) -> None:
        def check(suite: Suite, vectors: Vectors, genesis: Genesis) -> None:
            root_of_state = result_of(vectors["result.4"]).state_root
            shown = []
            for number in (1, 2, 3):
                reader = Reader(vectors[f"later-state-proof.{number}"])
                proof = read_state_proof(reader)
                reader.finish()
                proof.verify(root_of_state, suite)
                shown.append((proof.key.shown, None if proof.value is None else proof.value.shown))
            self.assertEqual(shown[0][0], {"kind": "keyChange", "validator": "node3"})
            self.assertEqual(shown[0][1], {"time": text_of(header_of(vectors["header.4"]).timestamp)})
            self.assertEqual(shown[2], ({"kind": "node", "node": "node6"}, None))

        self.each(check)

    def test_statements_votes_and_certificates(self) -> None:
        def check(suite: Suite, vectors: Vectors, genesis: Genesis) -> None:
            for kind in ("notarize", "nullify", "finalize"):
                statement = statement_of(vectors[f"statement.{kind}"])
                message = statement.signed_message(suite, genesis.digest)
                self.assertEqual(message, vectors[f"statement.{kind}.signed-message"])
                certificate = certificate_of(vectors[f"certificate.{kind}"])
                self.assertEqual(certificate.statement, statement)
                self.assertEqual(certificate.signers, (0, 2, 3))
                for signer, signature in zip(certificate.signers, certificate.signatures):
                    self.assertTrue(suite.verify(genesis.validators[signer].vote_key, message, signature))
                vote = statement.encoded + (3).to_bytes(2, "little") + certificate.signatures[2]
                self.assertEqual(vote, vectors[f"vote.{kind}"])

        self.each(check)

    def test_receipts(self) -> None:
        def check(suite: Suite, vectors: Vectors, genesis: Genesis) -> None:
            for number, transaction, above in ((1, 4, 2), (2, 5, 2), (3, 8, 0)):
                receipt = decode_receipt(vectors[f"receipt.{number}"], genesis.digest)
                receipt.verify(genesis)
                self.assertEqual(receipt.transaction.encoded, vectors[f"transaction.{transaction}"])
                self.assertEqual(len(receipt.block.descent), above)
                self.assertEqual(receipt.outcome.applied, transaction != 5)

        self.each(check)

    def test_configurations(self) -> None:
        def check(suite: Suite, vectors: Vectors, genesis: Genesis) -> None:
            found = vectors.numbered("configuration.*")
            self.assertEqual(len(found), 3)
            last = result_of(vectors["result.4"])
            following = configuration_of(vectors["configuration.next"])
            self.assertEqual((last.epoch, last.configuration), (1, following.digest(suite)))
            self.assertEqual(genesis.configuration.encoded(), vectors["configuration.0"])
            for name, encoded in found:
                configuration = configuration_of(encoded)
                self.assertEqual(configuration.encoded(), encoded)
                self.assertEqual(configuration.digest(suite), vectors[f"{name}.digest"])

        self.each(check)

    def test_closings(self) -> None:
        def check(suite: Suite, vectors: Vectors, genesis: Genesis) -> None:
            found = vectors.numbered("closing.*")
            self.assertEqual(len(found), 2)
            closings = [closing_of(encoded) for _, encoded in found]
            self.assertEqual([closing.result.height for closing in closings], [3, 9])
            epoch = Closings(0, closings).verify(genesis)
            self.assertEqual((epoch.number, epoch.opened_at), (2, 9))
            for number, closing in enumerate(closings, start=1):
                self.assertEqual(closing.configuration.encoded(), vectors[f"configuration.{number}"])
                checkpoint = Checkpoint(number, closing.result.digest(suite))
                self.assertEqual(Closings(number - 1, closings[number - 1 :]).verify(genesis, checkpoint), epoch)
            for wrong in (closings[:0:-1], closings[::-1], closings[:1] * 2, closings + closings[1:]):
                with self.assertRaises(Refusal):
                    Closings(0, wrong).verify(genesis)

        self.each(check)

    def test_a_receipt_of_a_later_epoch(self) -> None:
        def check(suite: Suite, vectors: Vectors, genesis: Genesis) -> None:
            receipt = decode_receipt(vectors["receipt.after"], genesis.digest)
            receipt.verify(genesis)
            self.assertEqual(receipt.transaction.encoded, vectors["transaction.8"])
            self.assertEqual(receipt.block.certificate.statement.epoch, 2)
            joined = b"".join(encoded for _, encoded in vectors.numbered("closing.*"))
            self.assertTrue(vectors["receipt.after"].endswith(u64(0) + u32(2) + joined))
            checkpoint = Checkpoint(2, receipt.closings.closings[1].result.digest(suite))
            receipt.verify(genesis, checkpoint)
            with self.assertRaises(Refusal):
                receipt.verify(genesis, Checkpoint(1, checkpoint.digest))

        self.each(check)

    def test_receipts_prove_the_version_before_that_a_record_names(self) -> None:
        def check(suite: Suite, vectors: Vectors, genesis: Genesis) -> None:
            key, name = next((key, name) for name, key in vectors.numbered("entry.*.key") if key[0] == 0x07)
            value = vectors[name.removesuffix("key") + "value"]
            shown = read_value(Reader(value), read_key(Reader(key))).shown
            self.assertEqual(shown["version"], 2)
            digests = []
            for number in range(1, 9):
                block = header_of(vectors[f"header.{1 if number < 6 else 2 if number < 8 else 3}"])
                for operation in decode_transaction(vectors[f"transaction.{number}"]).operations:
                    if operation.kind == "record.anchor":
                        digests.append(suite.tagged(b"rb.rec.1", key + first_version(operation, block)).hex())
            self.assertIn(shown["previous"], digests)

        self.each(check)

    def test_a_receipt_with_any_byte_changed_is_refused(self) -> None:
        def check(suite: Suite, vectors: Vectors, genesis: Genesis) -> None:
            # Verifying two signatures of SM2 for each byte takes minutes, so most of them are left to agreement.py.
            step = 7 if suite.name == "sm2-sm3" else 1
            for name in ("receipt.3", "receipt.after"):
                encoded = vectors[name]
                for place in range(0, len(encoded), step):
                    changed = bytearray(encoded)
                    changed[place] ^= 1 << place % 8
                    with self.assertRaises(Refusal, msg=f"{name}, byte {place}"):
                        decode_receipt(bytes(changed), genesis.digest).verify(genesis)

        self.each(check)

    def test_a_receipt_cut_anywhere_is_refused(self) -> None:
        def check(suite: Suite, vectors: Vectors, genesis: Genesis) -> None:
            for name in ("receipt.1", "receipt.after"):
                encoded = vectors[name]
                for length in range(len(encoded)):
                    with self.assertRaises(Refusal):
                        decode_receipt(encoded[:length], genesis.digest)

        self.each(check)

    def test_a_genesis_with_any_byte_changed_is_refused_or_is_another(self) -> None:
        def check(suite: Suite, vectors: Vectors, genesis: Genesis) -> None:
            encoded = vectors["genesis"]
            for place in range(len(encoded)):
                changed = bytearray(encoded)
                changed[place] ^= 1 << place % 8
                try:
                    other = decode_genesis(bytes(changed))
                except Refusal:
                    continue
                self.assertEqual(other.encoded(), bytes(changed))
                self.assertNotEqual(other.digest, genesis.digest)

        self.each(check)

    def test_what_is_cut_or_lengthened_is_refused(self) -> None:
        def check(suite: Suite, vectors: Vectors, genesis: Genesis) -> None:
            found = vectors.numbered("closing.*")
            for decode, name in (
                (header_of, "header.1"),
                (result_of, "result.1"),
                (statement_of, "statement.finalize"),
                (certificate_of, "certificate.nullify"),
                (configuration_of, "configuration.1"),
                (closing_of, found[0][0]),
                (decode_transaction, "transaction.3"),
            ):
                for changed in (vectors[name][:-1], vectors[name] + b"\x00", b""):
                    with self.assertRaises(EncodingFault, msg=name):
                        decode(changed)

        self.each(check)


class GoldenFiles(unittest.TestCase):
    def test_receipt_files_of_every_version_of_the_rules(self) -> None:
        folders = [JSON_GOLDEN, *sorted(JSON_GOLDEN.glob("version-*"))]
        self.assertGreater(len(folders), 1)
        for folder in folders:
            genesis = read_genesis((folder / "genesis.json").read_bytes())
            data = (folder / "receipt.json").read_bytes()
            receipt, summary = read_receipt(data, genesis)
            self.assertEqual(receipt.outcome.text, "account.frozen")
            self.assertEqual(summary, json.loads(data)["summary"])

    def test_a_receipt_of_another_chain_is_refused(self) -> None:
        genesis = read_genesis((JSON_GOLDEN / "version-1/genesis.json").read_bytes())
        with self.assertRaises(Refusal) as caught:
            read_receipt((JSON_GOLDEN / "version-2/receipt.json").read_bytes(), genesis)
        self.assertEqual(caught.exception.code, "receipt.malformed-transaction")


if __name__ == "__main__":
    unittest.main()
