import Cryptography
package import Ledger
package import Primitives
package import QueryIndex
import TestHarness

/// Chains of blocks for the index. Nothing in them is executed or signed.
package struct IndexSamples {
  package static let chain = ChainContext(suite: .p256SHA256, genesis: Digest(1, 2, 3, 4))

  package var chain = IndexSamples.chain
  package private(set) var blocks: [IndexedBlock] = []
  private var nonce: UInt64 = 0

  package init(chain: ChainContext = IndexSamples.chain, firstNonce: UInt64 = 0) {
    self.chain = chain
    nonce = firstNonce
  }

  package static func account(_ text: String) -> AccountName { Samples.account(text) }

  package static func name(_ text: String) -> Name { Samples.name(text) }

  package static func collection(_ text: String) -> CollectionName { Samples.collection(text) }

  package static func transfer(_ from: String, _ to: String) -> Ledger.Operation {
    .assetTransfer(asset: name("eur"), from: account(from), to: account(to), amount: Amount(1))
  }

  package static func anchor(_ collection: String, _ key: String) -> Ledger.Operation {
    .recordAnchor(
      author: name("bank-a"), collection: Self.collection(collection), key: key, content: Digest(5, 6, 7, 8))
  }

  package static let failed = TransactionOutcome(code: .assetInsufficientFunds, operation: 0)

  /// The time of blocks of which no other is given.
  package static let time = Timestamp(1_899_999_999_000)

  /// Appends a block with one transaction for each entry.
  package mutating func append(
    _ transactions: [[Ledger.Operation]], outcomes: [Int: TransactionOutcome] = [:], at time: Timestamp = Self.time
  ) throws {
    var hash = HashFunction(chain.suite)
    var signed: [SignedTransaction] = []
    for operations in transactions {
      nonce += 1
      var draft = try TransactionDraft(
        operations: operations, validUntil: Timestamp(1_900_000_000_000), nonce: nonce, chain: chain, hash: &hash)
      let half = Digest(nonce, 0, 0, 1)
      draft.add(
        TransactionSignature(
          member: Self.name("bank-a"), key: PublicKey(prefix: 2, body: half),
          signature: Signature(first: half, second: half)))
      signed.append(try draft.assemble(hash: &hash))
    }
    add(signed, outcomes: signed.indices.map { outcomes[$0] ?? .applied }, at: time)
  }

  /// Appends a block with the transactions of another.
  package mutating func append(transactionsOf other: IndexedBlock) {
    let transactions = (0..<other.block.count).map { SignedTransaction(other.block.transaction(at: $0)) }
    add(transactions, outcomes: other.outcomes, at: other.block.header.timestamp)
  }

  private mutating func add(
    _ transactions: [SignedTransaction], outcomes: [TransactionOutcome], at time: Timestamp
  ) {
    var hash = HashFunction(chain.suite)
    let block = Block.assemble(
      height: Height(UInt64(blocks.count) + 1), parent: blocks.last?.block.digest ?? Digest(9, 9, 9, 9),
      parentResult: .zero, timestamp: time, transactions: transactions, chain: chain,
      hash: &hash)
    blocks.append(IndexedBlock(block: block, outcomes: outcomes))
  }

  /// A chain of blocks with one transfer each.
  package static func transfers(
    blocks count: Int, chain: ChainContext = chain, firstNonce: UInt64 = 0
  ) throws -> IndexSamples {
    var samples = IndexSamples(chain: chain, firstNonce: firstNonce)
    for _ in 0..<count { try samples.append([[transfer("bank-a", "bank-b")]]) }
    return samples
  }

  package func id(_ height: Int, _ index: Int = 0) -> Digest { blocks[height - 1].block.layouts[index].id }

  package static func place(_ height: UInt64, _ index: Int = 0) -> IndexedPlace {
    IndexedPlace(height: Height(height), index: index)
  }
}
