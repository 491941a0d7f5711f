"""Files and the command line: strict JSON, the genesis file, exit statuses, and no traceback on any input."""

import copy
import io
import json
import random
import subprocess
import sys
import tempfile
import unittest
from collections.abc import Callable
from pathlib import Path
from unittest import mock

from roadbed_verify.documents import parse
from roadbed_verify.errors import Refusal
from roadbed_verify.genesis_file import read_genesis
from roadbed_verify.proof_file import read_proof
from roadbed_verify.receipt_file import read_receipt
from roadbed_verify.times import milliseconds_of, text_of

from .maker import Chain, file_of, open_account
from .state_maker import account, proof_of
from .vectors import JSON_GOLDEN

PACKAGE_PARENT = Path(__file__).resolve().parents[1]


class StrictJSON(unittest.TestCase):
    def test_what_is_not_strict_json_is_refused(self) -> None:
        for data in (
            b"",
            b" ",
            b"{",
            b'{"a":1,"a":2}',
            b'{"a":1,"\\u0061":2}',
            b"{} {}",
            b"{}\x00",
            b"\xef\xbb\xbf{}",
            b"\x0b{}",
            b"[1,]",
            b"[01]",
            b"[+1]",
            b"[.5]",
            b"[5.]",
            b"[1e]",
            b"[NaN]",
            b"[-Infinity]",
            b"'a'",
            b'"\x01"',
            b'"\\x41"',
            b'"\\ud800"',
            b'"\\udc00\\ud800"',
            b'"\xff"',
            b'"\xc0\x80"',
            b'"\xed\xa0\x80"',
            b'{"\\ud800":1}',
            '"a"'.encode("utf-16"),
            b"[" * 33 + b"]" * 33,
            b"[" * 32 + b"1" + b"]" * 32,
            b"[" * 1_000_000,
            b'{"a":' * 100_000,
            b"," * 5_000_000,
        ):
            with self.assertRaises(Refusal, msg=repr(data[:40])) as caught:
                parse(data)
            self.assertEqual(caught.exception.code, "json.syntax")

    def test_numbers_keep_their_spelling_however_long(self) -> None:
        self.assertNotEqual(parse(b"[1.0]"), parse(b"[1]"))
        self.assertNotEqual(parse(b"[true]"), parse(b"[1]"))
        parse(b"[" + b"9" * 100_000 + b"]")
        parse(b"[" * 32 + b"]" * 32)
        parse(b"[" * 31 + b"1" + b"]" * 31)


class Times(unittest.TestCase):
    def test_one_spelling(self) -> None:
        for value in (0, 1, 951_782_400_000, 4_107_542_399_999, 253_402_300_799_999):
            self.assertEqual(milliseconds_of(text_of(value)), value)
        self.assertEqual(milliseconds_of("2030-03-17T17:46:40Z"), 1_900_000_000_000)
        for text in (
            "2030-03-17T17:46:40.1Z",
            "2030-03-17T17:46:40.0000Z",
            "2030-03-17T17:46:40.000",
            "2030-03-17T17:46:40.000+00:00",
            "2030-03-17 17:46:40.000Z",
            "2030-02-29T00:00:00.000Z",
            "2030-03-17T24:00:00.000Z",
            "2030-03-17T17:46:60.000Z",
            "1969-12-31T23:59:59.999Z",
            "0000-01-01T00:00:00.000Z",
            "203\u0660-03-17T17:46:40.000Z",
        ):
            self.assertIsNone(milliseconds_of(text), text)


class GenesisFiles(unittest.TestCase):
    def setUp(self) -> None:
        self.document = json.loads((JSON_GOLDEN / "genesis.json").read_text("utf-8"))
        self.digest = self.document.pop("digest")

    def read(self, change: Callable[[dict], object]) -> str:
        """The digest of a changed genesis file."""
        document = copy.deepcopy(self.document)
        change(document)
        return read_genesis(json.dumps(document).encode()).digest.hex()

    def test_what_does_not_matter(self) -> None:
        for change in (
            lambda d: None,
            lambda d: d.update(digest=self.digest),
            lambda d: d["members"].reverse(),
            lambda d: d["members"][1]["keys"].reverse(),
            lambda d: d["members"][0]["roles"].reverse(),
            lambda d: d["members"][0].pop("threshold"),
            lambda d: d["members"][0].pop("description"),
            lambda d: d.update(time="2030-03-17T17:46:40Z"),
        ):
            self.assertEqual(self.read(change), self.digest)

    def test_what_is_refused(self) -> None:
        def member(**fields: object) -> Callable[[dict], object]:
            return lambda document: document["members"][1].update(fields)

        def validator(**fields: object) -> Callable[[dict], object]:
            return lambda document: document["validators"][1].update(fields)

        first = self.document["validators"][0]
        first_key = self.document["members"][0]["keys"]
        for code, change in (
            ("json.invalid-value", lambda d: d.update(digest="00" * 32)),
            ("json.invalid-value", lambda d: d.update(digest=self.digest.upper())),
            ("json.invalid-value", lambda d: d.update(format="roadbed-receipt/1")),
            ("genesis.other-version", lambda d: d.update(format="roadbed-genesis/0")),
            ("genesis.other-version", lambda d: d.update(format="roadbed-genesis/5")),
            ("json.invalid-value", lambda d: d.update(suite="md5")),
            ("json.invalid-value", lambda d: d.update(chain="a/b")),
            ("json.wrong-type", lambda d: d.update(time=5)),
            ("json.invalid-value", lambda d: d.update(leaderTimeoutMilliseconds=9)),
            ("json.invalid-value", lambda d: d.update(leaderTimeoutMilliseconds=1000.0)),
            ("json.invalid-value", lambda d: d.update(administratorThreshold=0)),
            ("genesis.administrator-threshold", lambda d: d.update(administratorThreshold=2)),
            ("genesis.member-count", lambda d: d.update(members=[])),
            ("genesis.validator-count", lambda d: d.update(validators=[])),
            ("genesis.duplicate-member", lambda d: d["members"].append(d["members"][0])),
            ("json.invalid-value", member(keys=[])),
            ("json.invalid-value", member(keys=self.document["members"][1]["keys"] * 2)),
            ("json.invalid-value", member(threshold=3)),
            ("json.missing-key", lambda d: d["members"][1].pop("threshold")),
            ("json.invalid-value", member(roles=["king"])),
            ("genesis.malformed-member", member(description="\x7f")),
            ("genesis.malformed-member", member(description="\u00e9" * 129)),
            ("genesis.invalid-member-key", member(keys=["02" + "00" * 32], threshold=1)),
            ("genesis.shared-member-key", member(keys=first_key, threshold=1)),
            ("genesis.unknown-member", validator(member="bank-c")),
            ("genesis.duplicate-validator", validator(name=first["name"])),
            ("genesis.invalid-vote-key", validator(voteKey="ed" + "00" * 32)),
            ("genesis.shared-vote-key", validator(voteKey=first["voteKey"])),
            ("genesis.shared-transport-key", validator(transportKey=first["transportKey"])),
            ("genesis.shared-address", validator(address=first["address"])),
            ("genesis.malformed-validator", validator(address="h:0")),
            ("genesis.malformed-validator", validator(address="h:01")),
            ("genesis.malformed-validator", validator(address="h:65536")),
            ("genesis.malformed-validator", validator(address=":1")),
            ("genesis.malformed-validator", validator(address="\u00e9:1")),
            ("genesis.malformed-validator", validator(address="h" * 254 + ":1")),
            ("json.unknown-key", validator(more=1)),
        ):
            with self.assertRaises(Refusal) as caught:
                self.read(change)
            self.assertEqual(caught.exception.code, code, caught.exception.message)


class NoTraceback(unittest.TestCase):
    def test_random_changes_of_files_are_accepted_or_refused(self) -> None:
        source = random.Random(1)
        chain = Chain.of("ed25519-sha256")
        transactions = [chain.transaction([open_account("registry/a")])]
        receipt, later = (chain.receipt(transactions, epoch=epoch).document() for epoch in (0, 2))
        proof = proof_of(chain, b"\x0b", epoch=2).document()
        checkpoint = chain.checkpoint(1)
        for original, read in (
            (receipt, lambda data: read_receipt(data, chain.genesis)),
            (later, lambda data: read_receipt(data, chain.genesis, checkpoint)),
            (proof, lambda data: read_proof(data, chain.genesis, checkpoint)),
            (chain.genesis_file, read_genesis),
        ):
            for _ in range(1500):
                changed = bytearray(original)
                for _ in range(source.randint(1, 4)):
                    place = source.randrange(len(changed))
                    choice = source.randrange(4)
                    if choice == 0:
                        changed[place] = source.randrange(256)
                    elif choice == 1:
                        del changed[place : place + source.randint(1, 40)]
                    elif choice == 2:
                        changed[place:place] = source.choice(
                            [b"[", b'"', b"{}", b"null", b"-1", b"\\u0000", b"00", b"\xff"]
                        )
                    else:
                        changed[place:place] = changed[place : place + 66]
                try:
                    read(bytes(changed))
                except Refusal as refusal:
                    self.assertRegex(refusal.code, r"^[a-z-]+\.[a-z-]+$")

    def test_random_bytes_are_no_receipt(self) -> None:
        source = random.Random(2)
        chain = Chain.of("p256-sha256")
        for length in range(600):
            with self.assertRaises(Refusal):
                read_receipt(file_of(bytes([1 + length % 2]) + source.randbytes(length)), chain.genesis)


class Command(unittest.TestCase):
    def setUp(self) -> None:
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = Path(folder.name)

    def run_command(self, *arguments: str, stdin: bytes = b"") -> subprocess.CompletedProcess[bytes]:
        command = [sys.executable, "-m", "roadbed_verify", *arguments]
        return subprocess.run(command, cwd=PACKAGE_PARENT, input=stdin, capture_output=True, check=False)

    def test_exit_statuses(self) -> None:
        receipt, genesis = str(JSON_GOLDEN / "receipt.json"), str(JSON_GOLDEN / "genesis.json")
        other = str(JSON_GOLDEN / "version-1/genesis.json")
        for status, code, arguments in (
            (0, None, ("receipt", receipt, "--genesis", genesis)),
            (1, "account.frozen", ("receipt", receipt, "--genesis", genesis, "--applied")),
            (1, "json.invalid-value", ("receipt", receipt, "--genesis", other)),
            (1, "json.missing-key", ("receipt", genesis, "--genesis", genesis)),
            (1, "json.missing-key", ("receipt", receipt, "--genesis", receipt)),
            (1, "file.missing", ("receipt", str(self.folder / "none"), "--genesis", genesis)),
            (1, "file.unreadable", ("receipt", str(self.folder), "--genesis", genesis)),
        ):
            for as_json in (False, True):
                done = self.run_command(*arguments, *(["--json"] if as_json else []))
                self.assertEqual(done.returncode, status, done.stderr)
                if code is None:
                    self.assertEqual(done.stderr, b"")
                    if as_json:
                        self.assertTrue(json.loads(done.stdout)["valid"])
                else:
                    self.assertEqual(done.stdout, b"")
                    if as_json:
                        self.assertEqual(json.loads(done.stderr)["error"]["code"], code)
                    else:
                        self.assertIn(f"[{code}]".encode(), done.stderr)
        for wrong in (f"0:{'00' * 32}", "1:00", "", f"1:{'AA' * 32}"):
            arguments = ("receipt", receipt, "--genesis", genesis, "--checkpoint", wrong)
            self.assertEqual(self.run_command(*arguments).returncode, 2)
        for wrong in ([], ["receipt"], ["receipt", receipt], ["receipt", receipt, "--genesis", genesis, "--more"]):
            self.assertEqual(self.run_command(*wrong).returncode, 2)

    def test_checkpoints(self) -> None:
        chain = Chain.of("ed25519-sha256")
        genesis = self.folder / "genesis.json"
        genesis.write_bytes(chain.genesis_file)
        receipt = chain.receipt([chain.transaction([open_account("registry/a")])], epoch=2)
        for kind, whole, rest in (
            ("receipt", receipt.document(), None),
            ("proof", proof_of(chain, account("bank/main"), epoch=2).document(), None),
            ("receipt", None, receipt.changed(first_closing=1, closings=[chain.closing(1)]).document()),
        ):
            file = self.folder / f"{kind}.json"
            file.write_bytes(whole or rest or b"")
            for epoch, older in ((None, False), (1, False), (2, False), (3, True)):
                arguments = [kind, str(file), "--genesis", str(genesis)]
                if epoch is not None:
                    checkpoint = chain.checkpoint(epoch)
                    arguments += ["--checkpoint", f"{checkpoint.epoch}:{checkpoint.digest.hex()}"]
                done, as_json = self.run_command(*arguments), self.run_command(*arguments, "--json")
                self.assertEqual(done.returncode, as_json.returncode)
                if whole is None and epoch != 2:
                    self.assertEqual(done.returncode, 1)
                    self.assertIn(b"[closing.unknown-first-epoch]", done.stderr)
                    continue
                self.assertEqual(done.returncode, 0, done.stderr)
                self.assertEqual(b"is older than the checkpoint" in done.stdout, older)
                self.assertEqual(b"and the checkpoint" in done.stdout, epoch in (1, 2))
                self.assertIn(b"node2, node3, node4, node5, node6 (epoch 2, view 9)", done.stdout)
                expected = None if epoch is None else older
                self.assertEqual(json.loads(as_json.stdout).get("olderThanCheckpoint"), expected)

    def test_standard_input(self) -> None:
        data = (JSON_GOLDEN / "receipt.json").read_bytes()
        genesis = str(JSON_GOLDEN / "genesis.json")
        self.assertEqual(self.run_command("receipt", "-", "--genesis", genesis, stdin=data).returncode, 0)
        self.assertEqual(self.run_command("receipt", "-", "--genesis", genesis).returncode, 1)

    def test_a_file_over_the_limit_is_not_read_to_its_end(self) -> None:
        from roadbed_verify import documents

        with mock.patch.object(documents, "FILE_LIMIT", 10), mock.patch("sys.stdin") as stdin:
            stdin.buffer = io.BytesIO(b"x" * 1000)
            with self.assertRaises(Refusal) as caught:
                documents.read_file("-")
        self.assertEqual(caught.exception.code, "file.too-large")


if __name__ == "__main__":
    unittest.main()
