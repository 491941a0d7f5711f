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
