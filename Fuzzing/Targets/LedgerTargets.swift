internal import Cryptography
internal import Ledger
internal import Primitives
internal import Replica

extension FuzzTarget {
  /// Blocks, their contents, and the proofs about them.
  static func ledgerTargets(_ traffic: Traffic) -> [FuzzTarget] {
    let chain = traffic.chain
    let blocks = traffic.payloads(.block)
    let transactions = Samples.transactions(traffic)
    let operations = transactions.flatMap(\.operations) + Samples.operations
    return [
      codec("block", byteLimit: 8192, seeds: blocks) { bytes in
        var hash = HashFunction(chain.suite)
        return try Block(bytes: bytes, chain: chain, hash: &hash)
      } encode: { block in
        try encode(block, chain)
      },
      codec("block-header", byteLimit: 256, seeds: blocks.map { Array($0.prefix(BlockHeader.byteCount)) }) { bytes in
        var reader = Reader(bytes.span.bytes)
        let header = try BlockHeader(from: &reader, chain: chain)
        try reader.end()
        return header
      } encode: { header in
        FuzzTarget.bytes { header.encode(into: &$0, chain: chain) }
      },
      codec("transaction", seeds: transactions.map(\.bytes)) { bytes in
        var hash = HashFunction(chain.suite)
        return try SignedTransaction(bytes: bytes, chain: chain, hash: &hash)
      } encode: { transaction in
        try encode(transaction, chain)
      },
      codec("transaction-draft", seeds: drafts(transactions, chain).map(\.bytes)) { bytes in
        var hash = HashFunction(chain.suite)
        return try TransactionDraft(bytes: bytes, chain: chain, hash: &hash)
      } encode: { draft in
        var hash = HashFunction(chain.suite)
        var again = try TransactionDraft(
          operations: draft.operations, validUntil: draft.validUntil, nonce: draft.nonce, chain: chain, hash: &hash)
        for signature in draft.signatures { again.add(signature) }
        try promise(again.id == draft.id, "\(draft.id) has id \(again.id) when it is built again")
        return again.bytes
      },
      preview(traffic, seeds: (drafts(transactions, chain) + complete(operations, traffic)).map(\.bytes)),
      field("operation", seeds: operations.map { operation in bytes { operation.encode(into: &$0) } }) {
        (reader) throws(CodecError) in
        try Operation(from: &reader)
      } encode: { operation, writer in
        operation.encode(into: &writer)
      },
      codec("receipt", byteLimit: 8192, seeds: Samples.receipts(traffic).map { $0.bytes(chain) }) { bytes in
        var hash = HashFunction(chain.suite)
        return try Receipt(bytes: bytes, chain: chain, hash: &hash)
      } encode: { receipt in
        receipt.bytes(chain)
      },
      codec("entry-proof", byteLimit: 8192, seeds: Samples.proofs(traffic).map { $0.bytes(chain) }) { bytes in
        try EntryProof(bytes: bytes, chain: chain)
      } encode: { proof in
        proof.bytes(chain)
      },
      codec("genesis", seeds: [traffic.genesis.bytes]) { bytes in
        try Genesis(bytes: bytes)
      } encode: { genesis in
        genesis.bytes
      },
    ]
  }

  /// Transactions as they are, and without their signatures.
  private static func drafts(_ transactions: [SignedTransaction], _ chain: ChainContext) -> [TransactionDraft] {
    transactions.map { TransactionDraft($0, chain: chain) }.flatMap { draft -> [TransactionDraft] in
      var unsigned = draft
      unsigned.keepSignatures { _ in false }
      return [draft, unsigned]
    }
  }

  /// Transactions of one operation each that all members of genesis have signed.
  private static func complete(_ operations: [Operation], _ traffic: Traffic) -> [TransactionDraft] {
    var hash = HashFunction(traffic.chain.suite)
    return operations.compactMap { operation in
      var draft = try? TransactionDraft(
        operations: [operation], validUntil: traffic.genesis.timestamp.advanced(byMilliseconds: 1000), nonce: 1,
        chain: traffic.chain, hash: &hash)
      for member in traffic.genesis.members {
        guard let key = member.authority.keys.first else { continue }
        draft?.add(
          TransactionSignature(member: member.name, key: key, signature: Signature(first: .zero, second: .zero)))
      }
      return draft
    }
  }

  /// Trying a transaction changes nothing, and foretells what a block with it does if everyone has signed.
  private static func preview(_ traffic: Traffic, seeds: [[UInt8]]) -> FuzzTarget {
    let chain = traffic.chain
    return FuzzTarget("transaction-preview", mutations: 500, seeds: seeds) { (bytes) throws(BrokenPromise) in
      var hash = HashFunction(chain.suite)
      guard let draft = try? TransactionDraft(bytes: bytes, chain: chain, hash: &hash) else { return }
      var state = LedgerState(genesis: traffic.genesis)
      let tip = state.tip
      let preview = state.preview(draft, now: tip.timestamp)
      let again = state.preview(draft, now: tip.timestamp)
      let kept = state.tip
      try promise(kept == tip && again == preview, "trying \(draft.id) changed something")
      guard preview.fault == nil, preview.required.allSatisfy(\.areThere),
        let transaction = try? draft.assemble(hash: &hash)
      else { return }
      let block = Block.assemble(
        height: Height(1), parent: tip.block, parentResult: tip.result, timestamp: preview.time,
        transactions: [transaction], chain: chain, hash: &hash)
      let outcome = (try? state.execute(block))?.outcomes.first
      try promise(outcome == preview.outcome, "\(draft.id) does something else than was foretold: \(preview.outcome)")
    }
  }

  /// Encodes the block from its parts: the header, then each transaction from its operations and signatures.
  private static func encode(_ block: Block, _ chain: ChainContext) throws -> [UInt8] {
    var writer = Writer()
    block.header.encode(into: &writer, chain: chain)
    for index in 0..<block.count {
      let transaction = SignedTransaction(block.transaction(at: index))
      writer.longBytes(try encode(transaction, chain))
    }
    return writer.bytes
  }

  private static func encode(_ transaction: SignedTransaction, _ chain: ChainContext) throws -> [UInt8] {
    var hash = HashFunction(chain.suite)
    var draft = try TransactionDraft(
      operations: transaction.operations, validUntil: transaction.validUntil, nonce: transaction.nonce, chain: chain,
      hash: &hash)
    for signature in transaction.signatures { draft.add(signature) }
    let again = try draft.assemble(hash: &hash)
    try promise(again.id == transaction.id, "\(transaction.id) has id \(again.id) when it is built again")
    return again.bytes
  }
}
