"""A cluster of real nodes that makes receipts and proofs, driven through the program's commands and its HTTP API."""

import json
import socket
import subprocess
import time
import urllib.error
import urllib.request
from pathlib import Path

from .vectors import REPOSITORY

NODES = 4
# Seconds to wait for a node, on the slowest machine.
PATIENCE = 30


def _free_base_port() -> int:
    """A base port P with P + 1 to P + NODES and P + 101 to P + 100 + NODES free: cluster.md."""
    for base in range(23_000, 32_000, 211):
        try:
            for port in [base + offset + node for offset in (0, 100) for node in range(1, NODES + 1)]:
                with socket.socket() as probe:
                    probe.bind(("127.0.0.1", port))
        except OSError:
            continue
        return base
    raise RuntimeError("no free ports from 23000 to 32000")


class Cluster:
    """Four nodes in a folder. Use it in a ``with`` statement, which stops them at the end."""

    def __init__(self, program: str, folder: Path, suite: str) -> None:
        self._program = program
        self._folder = folder
        self._base_port = _free_base_port()
        self._run("cluster", "new", "--nodes", str(NODES), "--suite", suite, "--base-port", str(self._base_port))
        self.genesis = folder / "genesis.json"

    def __enter__(self) -> "Cluster":
        try:
            self._run("cluster", "up", "--detach")
        except BaseException:
            self.__exit__()
            raise
        return self

    def __exit__(self, *_: object) -> None:
        self._run("cluster", "stop")

    def _run(self, *arguments: str, stdin: str = "") -> str:
        command = [self._program, *arguments, "--dir", str(self._folder), "--json"]
        done = subprocess.run(command, input=stdin, capture_output=True, text=True, check=False)
        if done.returncode != 0:
            raise RuntimeError(f"{' '.join(command)} ended with {done.returncode}: {done.stderr}")
        return done.stdout

    def _ask(self, node: int, path: str, body: bytes | None = None) -> bytes:
        url = f"http://127.0.0.1:{self._base_port + 100 + node}/v1/{path}"
        request = urllib.request.Request(url, data=body, headers={"Content-Type": "application/json"})
        last = time.monotonic() + PATIENCE
        while True:
            try:
                with urllib.request.urlopen(request, timeout=2 * PATIENCE) as answer:
                    content: bytes = answer.read()
                return content
            except urllib.error.HTTPError as error:
                # 503 says that the node, or its index, is not ready yet.
                if error.code != 503 or time.monotonic() > last:
                    raise RuntimeError(f"{url}: {error.code} {error.read()!r}") from None
            time.sleep(0.1)

    def admit_members(self) -> str:
        """Submits the first file of the sample story, waits, and returns the transaction's id."""
        story = REPOSITORY / "Config/story/1-admit-members.json"
        return str(json.loads(self._run("tx", "submit", str(story), "--key", "registry", "--wait"))["id"])

    def submit(self, members: str, operations: list[dict[str, object]]) -> str:
        """Submits one transaction that these members sign, waits until it is final, and returns its id."""
        return self.submit_together([(members, operations)])[0]

    def submit_together(self, transactions: list[tuple[str, list[dict[str, object]]]]) -> list[str]:
        """Submits transactions in one request, waits until they are final, and returns their ids."""
        signed = []
        for members, operations in transactions:
            keys = [argument for member in members.split() for argument in ("--key", member)]
            signed.append(json.loads(self._run("tx", "sign", "-", *keys, stdin=json.dumps(operations))))
        answer = json.loads(self._ask(1, "transactions", json.dumps({"transactions": signed}).encode()))
        for result in answer["results"]:
            if result["status"] == "refused":
                raise RuntimeError(f"a transaction was refused: {result['error']}")
        ids = [str(transaction["id"]) for transaction in signed]
        for identifier in ids:
            self.wait(1, identifier)
        return ids

    def hold(self, action: str, payer: str, receiver: str, member: str, *options: str) -> str:
        """Places, captures or releases a hold of gold with the program's command, waits, and returns the id."""
        terms = ("--asset", "gold", "--from", payer, "--to", receiver)
        done = self._run("tx", "hold", action, *terms, *options, "--key", member, "--wait")
        return str(json.loads(done)["id"])

    def wait(self, node: int, identifier: str) -> None:
        """Waits until a transaction is final at a node."""
        timeout = 1000 * PATIENCE
        answer = json.loads(self._ask(node, f"transactions/{identifier}?wait=finalized&timeout={timeout}"))
        if answer["status"] != "finalized":
            raise RuntimeError(f"transaction {identifier} is not final at node {node} after {PATIENCE} seconds")

    def receipt(self, node: int, identifier: str) -> bytes:
        """A node's receipt of a transaction, once it is final there."""
        self.wait(node, identifier)
        return self._ask(node, f"transactions/{identifier}/receipt")

    def proof(self, node: int, path: str) -> bytes:
        """A node's proof of the state."""
        return self._ask(node, f"proofs/{path}")

    def kill(self, node: int) -> None:
        """Kills a node as a crash would."""
        self._run("cluster", "kill", f"node{node}")

    def start(self, node: int) -> None:
        """Starts a node again, and returns when it answers."""
        self._run("cluster", "start", f"node{node}")
        last = time.monotonic() + PATIENCE
        while time.monotonic() < last:
            try:
                self._ask(node, "status")
                return
            except OSError:
                time.sleep(0.1)
        raise RuntimeError(f"node {node} does not answer after {PATIENCE} seconds")
