"""The command line: ``receipt|proof FILE --genesis GENESIS [--checkpoint EPOCH:DIGEST] [--applied] [--json]``."""

import argparse
import json
import sys
from collections.abc import Sequence

from .closings import Checkpoint, checkpoint_of
from .documents import Object, read_file
from .errors import Refusal
from .genesis import Genesis
from .genesis_file import read_genesis
from .proof import Proof
from .proof_file import read_proof
from .receipt import Receipt
from .receipt_file import read_receipt

VALID, INVALID = 0, 1


def _checkpoint(text: str) -> Checkpoint:
    checkpoint = checkpoint_of(text)
    if checkpoint is None:
        raise argparse.ArgumentTypeError("it is not EPOCH:DIGEST, an epoch from 1 and 64 lower-case hexadecimal digits")
    return checkpoint


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python3 -m roadbed_verify",
        description="Verify what a Roadbed node says, offline, with a program that shares no code with the node.",
    )
    commands = parser.add_subparsers(dest="command", required=True)
    for name, what in (("receipt", "receipt"), ("proof", "proof of the state")):
        command = commands.add_parser(
            name,
            help=f"verify a {what}",
            description=f"Verify a {what} with the genesis file alone, or also with a checkpoint.",
            epilog=f"Exit status: 0 if the {what} is valid, 1 if anything is invalid, 2 if the command line is wrong.",
        )
        command.add_argument("file", help=f"the {what}, or - for standard input")
        command.add_argument("--genesis", required=True, metavar="FILE", help="the chain's genesis file")
        command.add_argument(
            "--checkpoint",
            type=_checkpoint,
            metavar="EPOCH:DIGEST",
            help="an epoch that you trust, and the digest of the result that opened it",
        )
        command.add_argument("--json", action="store_true", help="print the result as one JSON value, for programs")
        if name == "receipt":
            command.add_argument("--applied", action="store_true", help="fail unless the transaction was applied")
    return parser


def _older(file: Receipt | Proof, checkpoint: Checkpoint | None) -> bool:
    return checkpoint is not None and file.block.certificate.statement.epoch < checkpoint.epoch


def _basis(file: Receipt | Proof, checkpoint: Checkpoint | None) -> str:
    if checkpoint is None or _older(file, checkpoint):
        return "the genesis file alone"
    return "the genesis file and the checkpoint"


def _remarks(file: Receipt | Proof, checkpoint: Checkpoint | None) -> list[str]:
    if checkpoint is None or not _older(file, checkpoint):
        return []
    epoch = file.block.certificate.statement.epoch
    return [f"note: epoch {epoch} is older than the checkpoint of epoch {checkpoint.epoch}: this rests on older keys"]


def _signers(file: Receipt | Proof, genesis: Genesis) -> str:
    certificate, validators = file.block.certificate, file.closings.configuration(genesis).validators
    names = ", ".join(validators[signer].name for signer in certificate.signers)
    return f"{names} (epoch {certificate.statement.epoch}, view {certificate.statement.view})"


def _receipt_text(receipt: Receipt, summary: Object, genesis: Genesis, checkpoint: Checkpoint | None) -> str:
    outcome = receipt.outcome
    became = "applied" if outcome.applied else f"FAILED at operation {outcome.operation} [{outcome.text}]"
    lines = [
        f"valid: with {_basis(receipt, checkpoint)}, this receipt proves that",
        f"  transaction  {summary['transaction']}",
        f"  of chain     {genesis.chain}, genesis {summary['genesis']}",
        f"  was          {became}",
        f"  in block     {summary['height']} at index {summary['index']}, {summary['block']}",
        f"  at           {summary['blockTime']}",
        f"  final by     {_signers(receipt, genesis)}",
        f"  signed by    {', '.join(entry.member for entry in receipt.transaction.signatures)}",
        "operations:",
    ]
    forms = summary["operations"]
    assert isinstance(forms, list)
    lines += [f"  {json.dumps(form, ensure_ascii=False)}" for form in forms]
    return "\n".join(lines + _remarks(receipt, checkpoint))


def _proof_text(proof: Proof, summary: Object, genesis: Genesis, checkpoint: Checkpoint | None) -> str:
    lines = [
        f"valid: with {_basis(proof, checkpoint)}, this file proves that",
        f"  after block  {summary['height']}, {summary['block']}",
        f"  of           {summary['blockTime']}",
        f"  of chain     {genesis.chain}, genesis {summary['genesis']}",
        f"  final by     {_signers(proof, genesis)}",
        "the state had",
        f"  under        {json.dumps(summary['key'], ensure_ascii=False)}",
        f"  the value    {json.dumps(summary['entry'], ensure_ascii=False)}",
    ]
    return "\n".join(lines + _remarks(proof, checkpoint))


def _check_applied(receipt: Receipt, summary: Object) -> None:
    outcome = receipt.outcome
    if not outcome.applied:
        raise Refusal(
            outcome.text,
            f"the receipt is valid and proves that transaction {summary['transaction']}"
            f" failed at operation {outcome.operation}",
            "submit a corrected transaction; this one changed nothing",
        )


def _verify(arguments: argparse.Namespace) -> str:
    try:
        genesis = read_genesis(read_file(arguments.genesis))
    except Refusal as fault:
        raise fault.at("genesis") from None
    data, checkpoint = read_file(arguments.file), arguments.checkpoint
    file: Receipt | Proof
    if arguments.command == "proof":
        file, summary = read_proof(data, genesis, checkpoint)
        text = _proof_text(file, summary, genesis, checkpoint)
    else:
        file, summary = read_receipt(data, genesis, checkpoint)
        if arguments.applied:
            _check_applied(file, summary)
        text = _receipt_text(file, summary, genesis, checkpoint)
    if arguments.json:
        answer: Object = {"summary": summary, "valid": True}
        if checkpoint is not None:
            answer["olderThanCheckpoint"] = _older(file, checkpoint)
        return json.dumps(answer, indent=2, sort_keys=True, ensure_ascii=False)
    return text


def _report(fault: Refusal, as_json: bool) -> None:
    if as_json:
        error = {"code": fault.code, "message": fault.message, "nextStep": fault.next_step}
        print(json.dumps({"error": error}, indent=2, sort_keys=True), file=sys.stderr)
    else:
        print(f"error [{fault.code}]: {fault.message}\n  next: {fault.next_step}", file=sys.stderr)


def main(arguments: Sequence[str] | None = None) -> int:
    """Runs the command and returns its exit status."""
    options = _parser().parse_args(arguments)
    try:
        text = _verify(options)
    except Refusal as fault:
        _report(fault, options.json)
        return INVALID
    # A name that the terminal cannot show must not turn a valid file into a failure.
    sys.stdout.buffer.write(text.encode("utf-8") + b"\n")
    return VALID
