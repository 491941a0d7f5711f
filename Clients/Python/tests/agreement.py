"""Lets the node's program and this verifier judge the same files, and fails if they ever differ.

    python3 -m tests.agreement ROADBED

The receipts and proofs come from a cluster of real nodes in each suite, and from tests/maker.py and
tests/state_maker.py. Both verifiers judge each of them as it is, and many changes of them; this one alone judges a
change of every byte. It keeps files on which they differ.
"""

import random
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from json import dumps, loads
from pathlib import Path

from roadbed_verify.closings import Checkpoint
from roadbed_verify.errors import Refusal
from roadbed_verify.genesis import Genesis
from roadbed_verify.genesis_file import read_genesis
from roadbed_verify.proof_file import read_proof
from roadbed_verify.receipt_file import read_receipt
from roadbed_verify.suites import SUITES
from roadbed_verify.times import text_of

from .bent import bent, block_of
from .bent_closings import bent_closings, proof_maker, receipt_maker
from .bent_holds import bent_holds, holds
from .bent_proofs import bent_proofs
from .maker import TIME, Chain, file_of, name, operation, proof_file_of, text
from .real import real_files
from .state_maker import ABSENT, account, entries_of, hold, proof_of

SEED = 20_311
# How many of each kind of change both judge, in each suite. A run of the node's program takes a while to start.
BYTES, CUTS, TEXTS, GENESES, SUMMARIES = 20, 3, 15, 10, 5
ACCEPTED = "accepted"


# The kinds of files, which are also the names of the commands, and what makes a file of bytes.
RECEIPT, PROOF = "receipt", "proof"
FILE_OF = {RECEIPT: file_of, PROOF: proof_file_of}


@dataclass(frozen=True)
class Case:
    """A file, a genesis file and a checkpoint, and whether they must be accepted.

    ``valid`` is ``None`` if only agreement matters.
    """

    label: str
    file: bytes
    genesis: bytes
    valid: bool | None
    kind: str = RECEIPT
    checkpoint: Checkpoint | None = None


def read(kind: str, file: bytes, chain: Genesis, checkpoint: Checkpoint | None = None) -> None:
    """Raises ``Refusal`` unless genesis, or the checkpoint as well, proves the file."""
    if kind == RECEIPT:
        read_receipt(file, chain, checkpoint)
    else:
        read_proof(file, chain, checkpoint)


def ours(case: Case) -> str:
    """This verifier's answer: ``accepted``, or the code and message of a refusal."""
    try:
        read(case.kind, case.file, read_genesis(case.genesis), case.checkpoint)
    except Refusal as refusal:
        return f"{refusal.code}: {refusal.message}"
    return ACCEPTED


def theirs(program: str, case: Case, file: Path, genesis: Path) -> str:
    """The node's program's answer, in the same form."""
    command = [program, case.kind, "verify", str(file), "--genesis", str(genesis), "--json"]
    if case.checkpoint is not None:
        command += ["--checkpoint", f"{case.checkpoint.epoch}:{case.checkpoint.digest.hex()}"]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode == 0:
        return ACCEPTED
    if done.returncode != 1:
        return f"ended with {done.returncode}: {done.stderr}"
    error = loads(done.stderr)["error"]
    return f"{error['code']}: {error['message']}"


def agree(first: str, second: str) -> bool:
    """Whether two answers are the same: both accept, or both refuse with the same code.

    One place changed in a JSON file can break two rules of the file, such as a missing key and an unknown one. No
    document says which of them is reported.
    """
    codes = [answer.split(":", 1)[0] for answer in (first, second)]
    return codes[0] == codes[1] or all(code.startswith(("json.", "genesis.")) for code in codes)


def changed_bytes(kind: str, file: bytes, source: random.Random) -> Iterator[bytes]:
    """The bytes of a receipt or proof with each one changed in turn."""
    encoded = bytes.fromhex(loads(file)[kind])
    for place in range(len(encoded)):
        other = encoded[place] ^ source.randint(1, 255)
        yield encoded[:place] + bytes([other]) + encoded[place + 1 :]


def changed_text(text: bytes, source: random.Random) -> bytes:
    """A file with one place changed, cut out or filled in."""
    place = source.randrange(len(text))
    choice = source.randrange(3)
    if choice == 0:
        other = source.choice(b'0123456789abcdefZ"{}[],:. -\\\xff')
        return text[:place] + bytes([other]) + text[place + 1 :]
    if choice == 1:
        return text[:place] + text[place + source.randint(1, 5) :]
    more = source.choice([b"0", b'"', b"[", b"}", b"null,", b"-", b"\\u00e9", b" "])
    return text[:place] + more + text[place:]


def variations(
    kind: str, genesis: bytes, files: list[bytes], others: list[bytes], source: random.Random
) -> Iterator[Case]:
    """Changes of real files and of their genesis."""
    made = FILE_OF[kind]
    # A proof of absence may prove the absence of another key as well; without a summary, nothing else tells them apart.
    present = [file for file in files if loads(file)["summary"].get("entry") != "no such entry"]
    for _ in range(BYTES):
        encoded = source.choice(list(changed_bytes(kind, source.choice(present), source)))
        yield Case("byte", made(encoded), genesis, False, kind)
    for _ in range(CUTS):
        encoded = bytes.fromhex(loads(source.choice(files))[kind])
        yield Case("cut", made(encoded[: source.randrange(len(encoded))]), genesis, False, kind)
        yield Case("extended", made(encoded + source.randbytes(source.randint(1, 80))), genesis, False, kind)
        start, end = sorted(source.sample(range(len(encoded)), 2))
        yield Case("cut out", made(encoded[:start] + encoded[end:]), genesis, False, kind)
    for _ in range(TEXTS):
        yield Case("text", changed_text(source.choice(files), source), genesis, None, kind)
    for _ in range(GENESES):
        yield Case("genesis", source.choice(files), changed_text(genesis, source), None, kind)
    for other in others:
        yield Case("other genesis", source.choice(files), other, False, kind)
    for _ in range(SUMMARIES):
        document = loads(source.choice(files))
        key = source.choice(sorted(document["summary"]))
        document["summary"].pop(key)
        yield Case(f"summary without {key}", dumps(document).encode(), genesis, False, kind)


def spelt_cases(chain: Chain) -> Iterator[Case]:
    """Spellings that a lenient reader takes for the right one."""
    parts = chain.receipt([chain.transaction([operation(0x10, name("registry/a"), text("caf\u00e9"))])])
    summary = dumps(read_receipt(parts.document(), chain.genesis)[1])
    for spelling, valid in (("caf\\u00e9", True), ("cafe\\u0301", False)):
        changed = loads(summary.replace("caf\\u00e9", spelling))
        yield Case(f"summary with {spelling}", file_of(parts.encoded(), changed), chain.genesis_file, valid)
    time = text_of(TIME).encode()
    for digits, valid in ((b"", True), (b".000", True), (b".0", False), (b".00", False), (b".0000", False)):
        genesis = chain.genesis_file.replace(time, time.split(b".")[0] + digits + b"Z")
        yield Case(f"genesis time with {digits.decode()!r}", parts.document(), genesis, valid)


def made_cases(chain: Chain) -> Iterator[Case]:
    """Receipts and proofs that no honest node makes, or seldom."""
    genesis = chain.genesis_file
    for above in (0, 1, 4):
        parts = chain.receipt(block_of(chain, 13), 12, headers_above=above)
        yield Case(f"made, {above} headers above", parts.document(), genesis, True)
        yield Case("made, other validators", parts.document(), Chain(chain.suite, 7).genesis_file, False)
    for what, _, parts in bent(chain):
        yield Case(f"bent: {what}", parts.document(), genesis, False)
    for number, key in enumerate([*entries_of(chain), *ABSENT]):
        yield Case("made proof", proof_of(chain, key, headers_above=number % 3).document(), genesis, True, PROOF)
    for what, _, proof in bent_proofs(chain):
        yield Case(f"bent proof: {what}", proof.document(), genesis, False, PROOF)
    yield Case("made, holds", chain.receipt([chain.transaction(holds())]).document(), genesis, True)
    for what, operation_on_hold in bent_holds():
        parts = chain.receipt([chain.transaction([operation_on_hold])])
        yield Case(f"bent hold: {what}", parts.document(), genesis, False)
    yield from _cases_with_closings(chain)
    yield from _cases_of_earlier_chains(chain)


def _cases_with_closings(chain: Chain) -> Iterator[Case]:
    """Receipts and proofs of later epochs, honest and bent, with checkpoints and without."""
    genesis = chain.genesis_file
    for epoch in (1, 2, 50):
        parts = chain.receipt(block_of(chain, 3), 1, headers_above=epoch % 3, epoch=epoch)
        yield Case(f"made, {epoch} closings", parts.document(), genesis, True)
        proof = proof_of(chain, account("bank/main"), headers_above=epoch % 3, epoch=epoch)
        yield Case(f"made proof, {epoch} closings", proof.document(), genesis, True, PROOF)
    for case in bent_closings(chain, receipt_maker(chain)):
        data = case.parts.document()
        yield Case(f"closings: {case.what}", data, genesis, case.code is None, RECEIPT, case.checkpoint)
    proof, make = proof_maker(chain, account("bank/main"))
    for case in bent_closings(chain, make):
        data = proof.changed(block=case.parts).document()
        yield Case(f"proof's closings: {case.what}", data, genesis, case.code is None, PROOF, case.checkpoint)


def _cases_of_earlier_chains(chain: Chain) -> Iterator[Case]:
    """Files of chains that began with earlier rules. Receipts are valid; so are proofs if the chain has epochs."""
    third = Chain(chain.suite, version=3)
    for epoch in (0, 1):
        parts = third.receipt([third.transaction(holds())], epoch=epoch)
        yield Case(f"made, genesis version 3, epoch {epoch}", parts.document(), third.genesis_file, True)
        for key in (hold("bank/main", "order 17"), hold("bank/main", "order 18")):
            data = proof_of(third, key, epoch=epoch).document()
            yield Case(f"made proof, genesis version 3, epoch {epoch}", data, third.genesis_file, True, PROOF)
    for version in (1, 2):
        earlier = Chain(chain.suite, version=version)
        genesis = earlier.genesis_file
        parts = earlier.receipt(block_of(earlier, 13), 12, headers_above=version)
        yield Case(f"made, genesis version {version}", parts.document(), genesis, True)
        checkpoint = Checkpoint(1, bytes(32))
        yield Case(f"the same with a checkpoint, {version}", parts.document(), genesis, True, RECEIPT, checkpoint)
        yield Case("made proof", proof_of(earlier, account("bank/main")).document(), genesis, False, PROOF)
    for what, _, bent_parts in bent(earlier):
        yield Case(f"bent, genesis version {version}: {what}", bent_parts.document(), genesis, False)


def files_with_closings(chain: Chain) -> tuple[list[bytes], list[bytes]]:
    """Receipts and proofs of later epochs, with their summaries as a node would write them."""
    made_receipts, made_proofs = [], []
    for epoch in (1, 2):
        encoded = chain.receipt(block_of(chain, 3), 1, headers_above=epoch - 1, epoch=epoch).encoded()
        made_receipts.append(file_of(encoded, read_receipt(file_of(encoded), chain.genesis)[1]))
        encoded = proof_of(chain, account("bank/main"), headers_above=epoch - 1, epoch=epoch).encoded()
        made_proofs.append(proof_file_of(encoded, read_proof(proof_file_of(encoded), chain.genesis)[1]))
    return made_receipts, made_proofs


class Comparison:
    """Judges cases with both verifiers and counts."""

    def __init__(self, program: str, folder: Path) -> None:
        self._program = program
        self._folder = folder
        self._pool = ThreadPoolExecutor(2)
        self.differences = 0

    def _judge(self, number: int, case: Case) -> bool:
        file = self._folder / f"{number}-{case.kind}.json"
        genesis = self._folder / f"{number}-genesis.json"
        file.write_bytes(case.file)
        genesis.write_bytes(case.genesis)
        first, second = ours(case), theirs(self._program, case, file, genesis)
        wrong = case.valid is not None and (first == ACCEPTED) != case.valid
        if agree(first, second) and not wrong:
            file.unlink()
            genesis.unlink()
            return True
        print(f"DIFFERENT: {case.label}\n  files    {file}, {genesis}\n  Python   {first}\n  roadbed  {second}")
        return False

    def compare(self, cases: list[Case], first_number: int) -> None:
        """Judges the cases, two at a time."""
        agreed = list(self._pool.map(self._judge, range(first_number, first_number + len(cases)), cases))
        self.differences += agreed.count(False)

    def sweep(self, kind: str, genesis: bytes, file: bytes, source: random.Random) -> int:
        """Changes every byte of a file's proof, which this verifier must refuse. Returns how many there were."""
        chain = read_genesis(genesis)
        count = 0
        for count, encoded in enumerate(changed_bytes(kind, file, source), start=1):
            changed = FILE_OF[kind](encoded)
            try:
                read(kind, changed, chain)
            except Refusal:
                continue
            kept = self._folder / f"accepted-{kind}-{count}.json"
            kept.write_bytes(changed)
            print(f"ACCEPTED: byte {count - 1} changed, {kept}")
            self.differences += 1
        return count


def described(genesis: bytes, receipts: list[bytes], proofs: list[bytes]) -> str:
    """What the real files are like. Fails if they are not as different as they must be."""
    chain = read_genesis(genesis)
    absent = [read_proof(proof, chain)[1]["entry"] == "no such entry" for proof in proofs].count(True)
    read = [read_receipt(receipt, chain)[0] for receipt in receipts]
    sizes = sorted({receipt.block.header.transaction_count for receipt in read})
    outcomes = sorted({receipt.outcome.text for receipt in read})
    above = sorted({len(receipt.block.descent) for receipt in read})
    text = f"{len(read)} real receipts, of blocks of {sizes} transactions, {above} headers above, {', '.join(outcomes)}"
    text += f"; {len(proofs)} real proofs, {absent} of absence"
    held = [outcome for outcome in outcomes if outcome.startswith("hold.")]
    if sizes[0] != 1 or sizes[-1] == 1 or len(outcomes) < 3 or len(held) < 6 or not 2 < absent < len(proofs) - 2:
        raise RuntimeError(f"too much alike: {text}")
    return text


def main() -> int:
    """Runs the comparison and returns the exit status."""
    if len(sys.argv) != 2:
        print("usage: python3 -m tests.agreement ROADBED", file=sys.stderr)
        return 2
    program = str(Path(sys.argv[1]).resolve())
    folder = Path(tempfile.mkdtemp(prefix="roadbed-agreement-"))
    comparison = Comparison(program, folder)
    source = random.Random(SEED)
    made = {suite.name: Chain(suite) for suite in SUITES}
    judged = 0
    for suite in SUITES:
        begun = time.monotonic()
        with tempfile.TemporaryDirectory(prefix="roadbed-cluster-") as cluster:
            genesis, receipts, proofs = real_files(program, Path(cluster) / "cluster", suite.name)
        others = [chain.genesis_file for chain in made.values()]
        cases = [Case("real", receipt, genesis, True) for receipt in receipts]
        cases += [Case("real proof", proof, genesis, True, PROOF) for proof in proofs]
        cases += variations(RECEIPT, genesis, receipts, others, source)
        cases += variations(PROOF, genesis, proofs, others, source)
        cases += made_cases(made[suite.name])
        chain = made[suite.name]
        made_receipts, made_proofs = files_with_closings(chain)
        cases += variations(RECEIPT, chain.genesis_file, made_receipts, [], source)
        cases += variations(PROOF, chain.genesis_file, made_proofs, [], source)
        cases += spelt_cases(made[suite.name])
        comparison.compare(cases, judged)
        judged += len(cases)
        swept = comparison.sweep(RECEIPT, genesis, receipts[-1], source)
        swept += comparison.sweep(PROOF, genesis, proofs[0], source)
        if suite.name != "sm2-sm3":
            # In plain Python, so many signatures of SM2 take minutes.
            swept += comparison.sweep(RECEIPT, chain.genesis_file, made_receipts[0], source)
            swept += comparison.sweep(PROOF, chain.genesis_file, made_proofs[0], source)
        print(f"{suite.name}: {described(genesis, receipts, proofs)}")
        took = time.monotonic() - begun
        print(f"  {len(cases)} files judged by both, {swept} changes of one byte by Python alone, {took:.0f} s")
    if comparison.differences:
        print(f"agreement: {comparison.differences} differences; the files are in {folder}", file=sys.stderr)
        return 1
    folder.rmdir()
    print("agreement: OK")
    return 0


if __name__ == "__main__":
    sys.exit(main())
