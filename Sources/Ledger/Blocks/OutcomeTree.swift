public import Cryptography
public import Primitives

/// The RFC 6962 tree over the outcomes of a block's transactions. A leaf is a transaction's id and outcome.
public enum OutcomeTree {
  /// The leaf hash of the outcome of transaction `id`, over id, code and operation.
  public static func leaf(id: Digest, outcome: TransactionOutcome, hash: inout HashFunction) -> Digest {
    var writer = Writer(capacity: Digest.byteCount + 6)
    writer.digest(id)
    outcome.encode(into: &writer)
    return MerkleTree.leaf(writer.bytes.span.bytes, hash: &hash)
  }

  /// The root over the outcomes of `block`, which must be one for each transaction, in order.
  public static func root(of block: Block, outcomes: [TransactionOutcome], hash: inout HashFunction) -> Digest {
    precondition(outcomes.count == block.count, "\(outcomes.count) outcomes for \(block.count) transactions")
    var builder = MerkleRootBuilder()
    for index in 0..<block.count {
      builder.append(leaf(id: block.layouts[index].id, outcome: outcomes[index], hash: &hash), hash: &hash)
    }
    return builder.root(hash: &hash)
  }

  /// The leaf hashes of the outcomes of `block`.
  public static func leaves(of block: Block, outcomes: [TransactionOutcome], hash: inout HashFunction) -> [Digest] {
    precondition(outcomes.count == block.count, "\(outcomes.count) outcomes for \(block.count) transactions")
    return block.layouts.indices.map { leaf(id: block.layouts[$0].id, outcome: outcomes[$0], hash: &hash) }
  }
}
