internal import Cryptography
internal import Ledger
internal import Primitives

extension FuzzTarget {
  /// Entries of the state and proofs about it.
  static func stateTargets(_ traffic: Traffic) -> [FuzzTarget] {
    let proofs = Samples.stateProofs(traffic)
    let root = LedgerState(genesis: traffic.genesis).tip.stateRoot
    let suite = traffic.chain.suite
    return [
      field("state-key", byteLimit: 512, seeds: proofs.map { proof in bytes { proof.key.encode(into: &$0) } }) {
        (reader) throws(CodecError) in
        try StateKey(from: &reader)
      } encode: { key, writer in
        key.encode(into: &writer)
      },
      field("state-entry", seeds: entries(proofs)) { (reader) throws(CodecError) in
        let key = try StateKey(from: &reader)
        return try StateEntry(key: key, from: &reader)
      } encode: { entry, writer in
        entry.key.encode(into: &writer)
        entry.encodeValue(into: &writer)
      },
      field("map-proof", byteLimit: 10_000, seeds: proofs.map { proof in bytes { proof.path.encode(into: &$0) } }) {
        (reader) throws(CodecError) in
        try MapProof(from: &reader)
      } encode: { proof, writer in
        proof.encode(into: &writer)
      },
      field("state-proof", byteLimit: 10_000, seeds: proofs.map { proof in bytes { proof.encode(into: &$0) } }) {
        (reader) throws(CodecError) in
        try StateProof(from: &reader)
      } encode: { proof, writer in
        proof.encode(into: &writer)
      },
      // No bytes prove anything that the state does not say.
      FuzzTarget(
        "state-proof-meaning", byteLimit: 10_000, mutations: 500,
        seeds: proofs.map { proof in bytes { proof.encode(into: &$0) } }
      ) { (bytes) throws(BrokenPromise) in
        let proof = try? Reader.whole(bytes) { (reader) throws(CodecError) in try StateProof(from: &reader) }
        guard let proof else { return }
        var hash = HashFunction(suite)
        let shown: StateEntry?
        do throws(MapProofError) {
          shown = try proof.verify(root: root, hash: &hash)
        } catch {
          return try promise(!error.explanation.isEmpty, "\(error) is not explained")
        }
        let entry = LedgerState(genesis: traffic.genesis).entry(proof.key)
        try promise(shown == entry, "\(Hex.encode(bytes)) proves \(String(describing: shown)) of \(proof.key)")
      },
    ]
  }

  /// An entry of every kind, preceded by its key.
  private static func entries(_ proofs: [StateProof]) -> [[UInt8]] {
    var entries = proofs.compactMap(\.entry)
    if let account = AccountName("bank-0/main"), let asset = Name("eur"),
      let collection = CollectionName("invoices/2031")
    {
      let record = RecordVersion(
        collection: collection, key: "INV 17", version: 2, author: asset, content: Digest(1, 2, 3, 4),
        metadata: [1, 255], time: Timestamp(5), previous: Digest(5, 6, 7, 8))
      entries += [
        .account(Account(name: account, description: "till", isFrozen: true)),
        .asset(Asset(name: asset, issuer: asset, decimals: 2, description: "euro", supply: Amount(7))),
        .balance(account, asset: asset, amount: Amount(7)), .collection(collection, owner: asset), .record(record),
        .configuration(
          ChainConfiguration(
            rulesVersion: 3, leaderTimeoutMilliseconds: 1000,
            validators: [
              ConfiguredValidator(
                name: asset, member: asset, voteKey: PublicKey(prefix: 2, body: Digest(1, 2, 3, 4)))
            ])),
        .node(
          DirectoryEntry(
            name: asset, member: asset, pins: [Digest(1, 2, 3, 4), Digest(1, 2, 3, 5)],
            addresses: ["node1.example:7001", "[::1]:7001"])),
        .keyChange(asset, time: Timestamp(5)), .assetTerms(asset, AssetTerms(cap: Amount(7))),
        .assetTerms(asset, AssetTerms(cap: Amount(.max), isFrozen: true)),
        .assetTerms(asset, AssetTerms(isFrozen: true)),
        .remembered(
          RememberedGroup(
            height: Height(7), number: 1,
            identities: [
              RememberedIdentity(id: Digest(1, 2, 3, 4), validUntil: Timestamp(8)),
              RememberedIdentity(id: Digest(1, 2, 3, 5), validUntil: Timestamp(9)),
            ])),
      ]
      if let payee = AccountName("bank-1"), let reference = HoldReference("INV 17") {
        for arbiter in [asset, nil] {
          entries.append(
            .hold(
              Hold(
                from: account, reference: reference, to: payee, asset: asset, amount: Amount(7), expires: Timestamp(5),
                arbiter: arbiter, placed: HoldNumber(height: Height(7), operation: 3))))
        }
      }
    }
    return entries.map { entry in
      bytes { writer in
        entry.key.encode(into: &writer)
        entry.encodeValue(into: &writer)
      }
    }
  }
}
