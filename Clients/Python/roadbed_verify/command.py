"""The command line: ``receipt|proof FILE --genesis GENESIS [--applied] [--json]``."""

import argparse
import json
import sys
from collections.abc import Sequence

from .documents import Object, read_file
from .errors import Refusal
from .genesis import Genesis
from .genesis_file import read_genesis
from .proof import Proof
from .proof_file import read_proof
from .receipt import Receipt
from .receipt_file import read_receipt
from .votes import Certificate

VALID, INVALID = 0, 1


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
            description=f"Verify a {what} with the genesis file alone.",
            epilog=f"Exit status: 0 if the {what} is valid, 1 if anything is invalid, 2 if the command line is wrong.",
        )
        command.add_argument("file", help=f"the {what}, or - for standard input")
        command.add_argument("--genesis", required=True, metavar="FILE", help="the chain's genesis file")
        command.add_argument("--json", action="store_true", help="print the result as one JSON value, for programs")
        if name == "receipt":
            command.add_argument("--applied", action="store_true", help="fail unless the transaction was applied")
    return parser


def _signers(certificate: Certificate, genesis: Genesis) -> str:
    names = ", ".join(genesis.validators[signer].name for signer in certificate.signers)
    return f"{names} (view {certificate.statement.view})"


def _receipt_text(receipt: Receipt, summary: Object, genesis: Genesis) -> str:
    outcome = receipt.outcome
    became = "applied" if outcome.applied else f"FAILED at operation {outcome.operation} [{outcome.text}]"
    lines = [
        "valid: with the genesis file alone, this receipt proves that",
        f"  transaction  {summary['transaction']}",
        f"  of chain     {genesis.chain}, genesis {summary['genesis']}",
        f"  was          {became}",
        f"  in block     {summary['height']} at index {summary['index']}, {summary['block']}",
        f"  at           {summary['blockTime']}",
        f"  final by     {_signers(receipt.block.certificate, genesis)}",
        f"  signed by    {', '.join(entry.member for entry in receipt.transaction.signatures)}",
        "operations:",
    ]
    forms = summary["operations"]
    assert isinstance(forms, list)
    return "\n".join(lines + [f"  {json.dumps(form, ensure_ascii=False)}" for form in forms])


def _proof_text(proof: Proof, summary: Object, genesis: Genesis) -> str:
    lines = [
        "valid: with the genesis file alone, this file proves that",
        f"  after block  {summary['height']}, {summary['block']}",
        f"  of           {summary['blockTime']}",
        f"  of chain     {genesis.chain}, genesis {summary['genesis']}",
        f"  final by     {_signers(proof.block.certificate, genesis)}",
        "the state had",
        f"  under        {json.dumps(summary['key'], ensure_ascii=False)}",
        f"  the value    {json.dumps(summary['entry'], ensure_ascii=False)}",
    ]
    return "\n".join(lines)


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
    data = read_file(arguments.file)
    if arguments.command == "proof":
        proof, summary = read_proof(data, genesis)
        text = _proof_text(proof, summary, genesis)
    else:
        receipt, summary = read_receipt(data, genesis)
        if arguments.applied:
            _check_applied(receipt, summary)
        text = _receipt_text(receipt, summary, genesis)
    if arguments.json:
        return json.dumps({"summary": summary, "valid": True}, indent=2, sort_keys=True, ensure_ascii=False)
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
