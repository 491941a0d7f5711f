internal import Cryptography
internal import Ledger
internal import Primitives
internal import Replica

/// Honest values that no node sends, derived from what the nodes of the simulation wrote.
enum Samples {
  static func blocks(_ traffic: Traffic) -> [Block] {
    var hash = HashFunction(traffic.chain.suite)
    return traffic.payloads(.block).compactMap { try? Block(bytes: $0, chain: traffic.chain, hash: &hash) }
  }

  static func transactions(_ traffic: Traffic) -> [SignedTransaction] {
    blocks(traffic).flatMap { block in (0..<block.count).map { SignedTransaction(block.transaction(at: $0)) } }
  }

  /// Receipts from the blocks that have a finalization of their own.
  static func receipts(_ traffic: Traffic) -> [Receipt] {
    var hash = HashFunction(traffic.chain.suite)
    var executions: [Digest: ExecutionRecord] = [:]
    for payload in traffic.payloads(.execution) {
      guard let execution = try? ExecutionRecord(payload: payload) else { continue }
      executions[execution.result.block] = execution
    }
    var finalizations: [Digest: Certificate] = [:]
    for payload in traffic.payloads(.certificate) {
      let certificate = try? Reader.whole(payload) { (reader) throws(CodecError) in try Certificate(from: &reader) }
      guard let certificate, case .finalize(let proposal, _) = certificate.statement else { continue }
      finalizations[proposal.block] = certificate
    }
    return blocks(traffic).compactMap { block in
      guard block.count > 0, let execution = executions[block.digest], let certificate = finalizations[block.digest]
      else {
        return nil
      }
      return Receipt(
        block: block, index: block.count - 1, outcomes: execution.outcomes, result: execution.result, descendants: [],
        certificate: certificate, hash: &hash)
    }
  }

  /// Proofs of entries of the state after genesis, and of absent ones of the other kinds.
  static func stateProofs(_ traffic: Traffic) -> [StateProof] {
    let state = LedgerState(genesis: traffic.genesis)
    var keys: [StateKey] = [.parameters, .remembered(Height(7), group: 1)]
    keys += traffic.genesis.members.map { .member($0.name) }
    if let account = AccountName("bank-0/main"), let asset = Name("eur"),
      let collection = CollectionName("invoices/2031")
    {
      keys += [
        .account(account), .asset(asset), .balance(account, asset: asset), .collection(collection),
        .record(collection, key: "INV 17"), .configuration, .node(asset), .keyChange(asset), .assetTerms(asset),
      ]
      if let reference = HoldReference("INV 17") { keys.append(.hold(account, reference)) }
    }
    return keys.map { state.prove($0) }
  }

  /// Proofs with blocks that have a finalization of their own. Their forms are honest; the state is an earlier one.
  static func proofs(_ traffic: Traffic) -> [EntryProof] {
    zip(stateProofs(traffic), receipts(traffic)).map { EntryProof(state: $0, block: $1.certifiedBlock) }
  }

  /// Operations of the kinds that the simulation's clients do not use.
  static var operations: [Operation] {
    guard let bank = Name("bank-0"), let other = Name("gold"), let account = AccountName("bank-0/customers/17"),
      let collection = CollectionName("invoices/2031"), let payee = AccountName("bank-1"),
      let reference = HoldReference("INV 17/b")
    else { return [] }
    let key = PublicKey(prefix: 2, body: Digest(1, 2, 3, 4))
    let proof = KeyProof(
      validator: other, key: key, signature: Signature(first: Digest(1, 2, 3, 4), second: Digest(5, 6, 7, 8)))
    let authority = MemberAuthority(roles: [.issuer, .participant], keys: [key], threshold: 1)
    return [
      .memberAdd(name: bank, description: "Bank", authority: authority),
      .memberUpdate(name: bank, authority: authority), .memberSuspend(name: bank, reason: "licence withdrawn"),
      .memberRestore(name: bank), .accountOpen(account: account, description: "customers' \"money\""),
      .accountFreeze(account: account), .accountUnfreeze(account: account), .accountClose(account: account),
      .assetDefine(asset: other, issuer: bank, decimals: 3, description: "Gold, kg"),
      .assetIssue(asset: other, to: account, amount: Amount(1500)),
      .assetRetire(asset: other, from: account, amount: Amount(.max)),
      .assetTransfer(asset: other, from: account, to: account, amount: Amount(1), memo: [0, 255]),
      .assetCap(asset: other, cap: Amount(.max)), .assetHandOver(asset: other, to: bank), .assetFreeze(asset: other),
      .assetUnfreeze(asset: other),
      .holdPlace(
        asset: other, from: account, to: payee, amount: Amount(1500), reference: reference,
        expires: Timestamp(1_900_003_600_000), arbiter: bank),
      .holdPlace(
        asset: other, from: account, to: payee, amount: Amount(1), reference: reference, expires: Timestamp(5)),
      .holdCapture(
        asset: other, from: account, to: payee, reference: reference, amount: Amount(.max), closes: true),
      .holdRelease(asset: other, from: account, to: payee, reference: reference),
      .recordAnchor(
        author: bank, collection: collection, key: "INV 17/b", content: Digest(1, 2, 3, 4), metadata: [1, 2, 255]),
      .parameterSet(.blockBytes, to: 2_000_000),
      .directorySet(
        name: other, member: bank, pins: [Digest(1, 2, 3, 4), Digest(1, 2, 3, 5)], addresses: ["h:1", "[::1]:7001"]),
      .directoryRemove(name: other), .validatorAdd(proof, configuration: Digest(1, 2, 3, 4)),
      .validatorRemove(name: other, configuration: Digest(1, 2, 3, 4)),
      .validatorUpdate(proof, configuration: Digest(1, 2, 3, 4)),
    ]
  }
}
