"""Receipts and proofs of a cluster of real nodes: of operations of most kinds, applied and failed."""

import time
from pathlib import Path

from roadbed_verify.times import text_of

from .cluster import Cluster


def real_holds(cluster: Cluster) -> list[str]:
    """Places, captures and releases holds of gold, and fails to. Returns the ids of the transactions."""
    payer, receiver = "bank-a/main", "bank-b/main"
    terms: dict[str, object] = {"asset": "gold", "from": payer, "to": receiver}
    expires = text_of(1000 * (int(time.time()) + 86_400))
    placed = ("--amount", "0.010", "--expires", expires)
    first, second, third = "order 17", "Z\u00fcrich \u2014 18", "order 19"
    ids = [
        cluster.hold("place", payer, receiver, "bank-a", "--reference", first, "--arbiter", "notary", *placed),
        cluster.hold("place", payer, receiver, "bank-a", "--reference", second, *placed),
        cluster.hold("place", payer, receiver, "bank-a", "--reference", third, *placed),
        cluster.hold("capture", payer, receiver, "notary", "--reference", first, "--amount", "0.004"),
        cluster.hold("release", payer, receiver, "bank-b", "--reference", second),
    ]
    place = {"kind": "hold.place", **terms, "units": "1", "expires": expires}
    capture = {"kind": "hold.capture", **terms, "units": "1"}
    some, other = {**place, "reference": "order 20"}, {**place, "reference": "order 21", "arbiter": "notary"}
    attempts: list[tuple[str, list[dict[str, object]]]] = [
        ("bank-b", [{**capture, "reference": third, "closes": True}]),
        ("bank-a", [{**place, "reference": first}]),
        ("bank-b", [{**capture, "reference": "order 22"}]),
        ("bank-b", [{**capture, "reference": first, "to": "bank-b/more"}]),
        ("bank-b", [{**capture, "reference": first, "units": "7"}]),
        ("bank-b", [{"kind": "hold.release", **terms, "reference": third}]),
        ("bank-a", [{**some, "expires": text_of(1)}]),
        ("bank-a", [{**other, "expires": "9999-12-31T23:59:59.999Z"}]),
        ("bank-a", [some, other, other]),
        ("bank-a bank-b", [some, {**capture, "reference": "order 20", "closes": False}]),
    ]
    return ids + [cluster.submit(members, operations) for members, operations in attempts]


def real_files(program: str, folder: Path, suite: str) -> tuple[bytes, list[bytes], list[bytes]]:
    """The genesis file of a cluster, receipts of its transactions, and proofs of its state."""
    big = str(2**128 - 1)
    pay: dict[str, object] = {"kind": "asset.transfer", "asset": "gold", "from": "bank-a/main", "to": "bank-b/main"}
    note: dict[str, object] = {"kind": "record.anchor", "author": "notary", "collection": "deeds/2031"}
    together: list[tuple[str, list[dict[str, object]]]] = [
        ("bank-a", [{**pay, "units": "1", "memo": "Z\u00fcrich \u2014 7"}, {**pay, "units": "2", "memoHex": "00ff"}]),
        ("bank-a", [{**pay, "units": big}]),
        ("bank-a", [{**pay, "units": "3"}, {**pay, "units": big}]),
        (
            "bank-b",
            [{"kind": "account.open", "account": "bank-b/more"}, {"kind": "account.open", "account": "bank-b/more"}],
        ),
        ("mint bank-b", [{"kind": "asset.retire", "asset": "gold", "from": "bank-b/main", "units": "1"}]),
        ("notary", [{**note, "key": "deed 17/b", "contentDigest": "ab" * 32, "metadataHex": "0001"}]),
        (
            "registry",
            [{"kind": "member.suspend", "name": "mint", "reason": "test"}, {"kind": "member.restore", "name": "mint"}],
        ),
        ("registry", [{"kind": "account.freeze", "account": "bank-b/main"}]),
        ("registry", [{"kind": "account.unfreeze", "account": "bank-b/main"}]),
        ("notary", [{**note, "key": "deed 17/b", "contentDigest": "cd" * 32}]),
        (
            "registry",
            [
                {"kind": "parameter.set", "parameter": "blockOperations", "value": 100_000},
                {"kind": "parameter.set", "parameter": "administratorThreshold", "value": 65_535},
            ],
        ),
        ("registry", [{"kind": "parameter.set", "parameter": "validityMilliseconds", "value": 3_600_000}]),
    ]
    with Cluster(program, folder, suite) as cluster:
        ids = [cluster.admit_members()]
        ids.append(
            cluster.submit("bank-a", [{"kind": "account.open", "account": "bank-a/main", "description": "Main"}])
        )
        ids.append(cluster.submit("bank-b", [{"kind": "account.open", "account": "bank-b/main"}]))
        define: dict[str, object] = {"kind": "asset.define", "asset": "gold", "issuer": "mint", "decimals": 3}
        issue: dict[str, object] = {"kind": "asset.issue", "asset": "gold", "to": "bank-a/main", "amount": "1.500"}
        ids.append(cluster.submit("mint", [define, issue]))
        ids += cluster.submit_together(together)
        ids += real_holds(cluster)
        receipts = [cluster.receipt(1 + place % 4, identifier) for place, identifier in enumerate(ids)]
        # A node that was away has later certificates, so its receipts have headers above the block.
        cluster.kill(4)
        missed = [cluster.submit("bank-a", [{**pay, "units": str(units)}]) for units in (4, 5, 6)]
        cluster.start(4)
        receipts += [cluster.receipt(node, identifier) for identifier in missed for node in (1, 4)]
        # The first is one of presence, whose every byte counts; some of the others are of absence.
        proofs = [
            cluster.proof(1 + place % 4, path)
            for place, path in enumerate(
                [
                    "balances/gold/bank-b/main",
                    "balances/gold/bank-b/more",
                    "accounts/bank-b/main",
                    "accounts/bank-b/none",
                    "members/mint",
                    "assets/gold",
                    "assets/silver",
                    "collections/deeds%2F2031",
                    "records/deeds%2F2031/deed%2017%2Fb",
                    "records/deeds%2F2031/deed%2018",
                    "parameters",
                    "configuration",
                    "nodes/node1",
                    "nodes/node9",
                    "remembered/2/0",
                    "remembered/2/9",
                    "holds/order%2017/bank-a/main",
                    "holds/order%2019/bank-a/main",
                    "holds/Z%C3%BCrich%20%E2%80%94%2018/bank-a/main",
                ]
            )
        ]
        return cluster.genesis.read_bytes(), receipts, proofs
