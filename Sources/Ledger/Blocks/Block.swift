public import Cryptography
public import Primitives

/// A header and its transactions: one contiguous buffer and a table of the transactions' positions in it.
///
/// A value of this type is well formed, and its digest and ids were computed from its own bytes (attacks C11 and
/// C12), so that nothing in it is taken on trust. The state decides whether it can follow the tip, and workers verify
/// the signatures.
public struct Block: Sendable {
  /// The canonical encoding: the header, then each transaction after a `UInt32` length.
  public let bytes: [UInt8]
  public let header: BlockHeader
  /// The digest of the header.
  public let digest: Digest
  /// One entry for each transaction, in order.
  public let layouts: [TransactionLayout]
  /// The number of operations of all transactions together.
  public let operationCount: Int

  public var count: Int { layouts.count }
  public var height: Height { header.height }

  /// Decodes all of `bytes` strictly. `hash` must be of the chain's suite.
  public init(bytes: [UInt8], chain: ChainContext, hash: inout HashFunction) throws(BlockError) {
    guard bytes.count <= Limits.blockBytes else { throw .tooLarge(bytes: bytes.count) }
    var reader = Reader(bytes.span.bytes)
    header = try BlockHeader(from: &reader, chain: chain)
    digest = hash.hash(.blockHeader, bytes.span.bytes.extracting(0..<BlockHeader.byteCount))
    let count = Int(header.transactionCount)
    // Each transaction takes at least a length, a head, an operation and a signature, which bounds the count and so
    // the memory that is reserved.
    guard reader.remaining / Block.leastTransactionBytes >= count else {
      throw .encoding(.truncated(offset: bytes.count, missing: count * Block.leastTransactionBytes - reader.remaining))
    }
    var layouts: [TransactionLayout] = []
    layouts.reserveCapacity(count)
    var tree = MerkleRootBuilder()
    var operations = 0
    for index in 0..<count {
      let range: ByteRange
      do throws(CodecError) {
        let length = try reader.count(limit: Limits.transactionBytes, "transaction")
        range = ByteRange(start: try reader.skip(length), count: length)
      } catch {
        throw .encoding(error)
      }
      let transaction = bytes.span.bytes.extracting(range.start..<range.end)
      do throws(TransactionError) {
        layouts.append(
          try TransactionLayout(validating: transaction, start: range.start, chain: chain, hash: &hash))
      } catch {
        throw .transaction(index: index, error)
      }
      operations += layouts[index].operationCount
      guard operations <= Limits.blockOperations else { throw .tooManyOperations(count: operations) }
      tree.append(MerkleTree.leaf(transaction, hash: &hash), hash: &hash)
    }
    do throws(CodecError) {
      try reader.end()
    } catch {
      throw .encoding(error)
    }
    let root = tree.root(hash: &hash)
    guard root == header.transactionRoot else {
      throw .wrongTransactionRoot(declared: header.transactionRoot, computed: root)
    }
    self.bytes = bytes
    self.layouts = layouts
    operationCount = operations
  }

  // Length, head, shortest operation (a kind and a name), signature count and shortest signature.
  private static let leastTransactionBytes =
    4 + TransactionLayout.headBytes + 3 + 1 + 2 + PublicKey.byteCount + Signature.byteCount

  /// Builds a block from transactions that are decoded already; they are copied, not decoded again.
  ///
  /// Together they must be within the limits of a block; see `BlockBudget`.
  public static func assemble(
    height: Height, parent: Digest, parentResult: Digest, timestamp: Timestamp, transactions: [SignedTransaction],
    chain: ChainContext, hash: inout HashFunction
  ) -> Block {
    var budget = BlockBudget()
    var tree = MerkleRootBuilder()
    for transaction in transactions {
      let fits = budget.take(transaction)
      precondition(fits, "\(transactions.count) transactions exceed the limits of a block")
      tree.append(MerkleTree.leaf(transaction.bytes.span.bytes, hash: &hash), hash: &hash)
    }
    let header = BlockHeader(
      height: height, parent: parent, parentResult: parentResult, timestamp: timestamp,
      transactionCount: UInt32(transactions.count), transactionRoot: tree.root(hash: &hash))
    var writer = Writer(capacity: budget.bytes)
    header.encode(into: &writer, chain: chain)
    let digest = hash.hash(.blockHeader, writer.bytes.span.bytes)
    var layouts: [TransactionLayout] = []
    layouts.reserveCapacity(transactions.count)
    for transaction in transactions {
      writer.count(transaction.bytes.count)
      layouts.append(transaction.layout.moved(to: writer.count))
      writer.raw(transaction.bytes)
    }
    return Block(
      bytes: writer.bytes, header: header, digest: digest, layouts: layouts, operationCount: budget.operations)
  }

  private init(
    bytes: [UInt8], header: BlockHeader, digest: Digest, layouts: [TransactionLayout], operationCount: Int
  ) {
    self.bytes = bytes
    self.header = header
    self.digest = digest
    self.layouts = layouts
    self.operationCount = operationCount
  }

  /// Transaction `index`, in place and without copying.
  @_lifetime(borrow self)
  public func transaction(at index: Int) -> TransactionView {
    TransactionView(layouts[index], in: bytes.span.bytes)
  }

  /// The ids of the transactions, in order.
  public var ids: [Digest] { layouts.map(\.id) }

  /// The leaf hashes of the transaction tree.
  public func leaves(hash: inout HashFunction) -> [Digest] {
    var leaves: [Digest] = []
    leaves.reserveCapacity(count)
    for layout in layouts {
      leaves.append(MerkleTree.leaf(bytes.span.bytes.extracting(layout.range.start..<layout.range.end), hash: &hash))
    }
    return leaves
  }
}
