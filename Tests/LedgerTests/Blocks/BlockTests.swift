import Cryptography
import Ledger
import Primitives
import TestHarness
import Testing

@Testing.Suite("Blocks")
struct BlockTests {
  static func block(_ count: Int, _ hash: inout HashFunction) throws -> Block {
    Block.assemble(
      height: Height(7), parent: Digest(1, 1, 1, 1), parentResult: Digest(2, 2, 2, 2),
      timestamp: Timestamp(1_899_999_999_000), transactions: try Samples.transactions(count), chain: Samples.chain,
      hash: &hash)
  }

  @Test("An assembled block and the one decoded from its bytes are the same", arguments: [0, 1, 2, 3, 7, 64])
  func roundTrip(count: Int) throws {
    var hash = HashFunction(Samples.chain.suite)
    let transactions = try Samples.transactions(count)
    let block = try Self.block(count, &hash)
    let read = try Block(bytes: block.bytes, chain: Samples.chain, hash: &hash)
    #expect(read.bytes == block.bytes)
    #expect(read.header == block.header)
    #expect(read.digest == block.digest)
    #expect(read.digest == block.header.digest(Samples.chain, hash: &hash))
    #expect(read.layouts == block.layouts)
    #expect(read.operationCount == block.operationCount)
    #expect(read.ids == transactions.map(\.id))
    for (index, transaction) in transactions.enumerated() {
      #expect(SignedTransaction(read.transaction(at: index)) == transaction)
    }
    #expect(MerkleTree.root(of: read.leaves(hash: &hash), hash: &hash) == read.header.transactionRoot)
  }

  @Test("C12, E4: no byte of a block can be changed, cut or added without a refusal or another digest")
  func mutations() throws {
    var hash = HashFunction(Samples.chain.suite)
    let block = try Self.block(3, &hash)
    for position in block.bytes.indices {
      for flip in [1, 0x80] as [UInt8] {
        var bytes = block.bytes
        bytes[position] ^= flip
        guard let other = try? Block(bytes: bytes, chain: Samples.chain, hash: &hash) else { continue }
        // Only header fields that cannot be checked without the state can change, and then the digest changes.
        #expect(position < BlockHeader.byteCount)
        #expect(other.digest != block.digest)
      }
    }
    for length in 0..<block.bytes.count {
      #expect(throws: BlockError.self) {
        try Block(bytes: Array(block.bytes.prefix(length)), chain: Samples.chain, hash: &hash)
      }
    }
    #expect(throws: BlockError.encoding(.trailingBytes(offset: block.bytes.count, count: 1))) {
      try Block(bytes: block.bytes + [0], chain: Samples.chain, hash: &hash)
    }
  }

  @Test("C11: the transaction root is computed from the bytes, signatures included")
  func foreignBody() throws {
    var hash = HashFunction(Samples.chain.suite)
    let block = try Self.block(2, &hash)
    var bytes = block.bytes
    bytes[bytes.count - 1] ^= 1
    #expect {
      try Block(bytes: bytes, chain: Samples.chain, hash: &hash)
    } throws: { error in
      guard case .wrongTransactionRoot(let declared, let computed)? = error as? BlockError else { return false }
      return declared == block.header.transactionRoot && computed != declared
    }
  }

  @Test("E2: a block with its last transaction twice has another root and another digest")
  func duplicatedTransaction() throws {
    var hash = HashFunction(Samples.chain.suite)
    let block = try Self.block(3, &hash)
    var bytes = block.bytes
    let last = block.layouts[2].range
    bytes.append(contentsOf: bytes[last.start - 4..<last.end])
    bytes[113] += 1
    #expect(throws: BlockError.self) { try Block(bytes: bytes, chain: Samples.chain, hash: &hash) }
  }

  @Test("E1: bytes moved between neighbouring transactions change the root")
  func movedBoundary() throws {
    var hash = HashFunction(Samples.chain.suite)
    let left = [MerkleTree.leaf([1, 2].span.bytes, hash: &hash), MerkleTree.leaf([3].span.bytes, hash: &hash)]
    let right = [MerkleTree.leaf([1].span.bytes, hash: &hash), MerkleTree.leaf([2, 3].span.bytes, hash: &hash)]
    #expect(MerkleTree.root(of: left, hash: &hash) != MerkleTree.root(of: right, hash: &hash))
    let block = try Self.block(2, &hash)
    var bytes = block.bytes
    bytes[block.layouts[0].range.start - 4] += 1
    #expect(throws: BlockError.self) { try Block(bytes: bytes, chain: Samples.chain, hash: &hash) }
  }

  @Test("E6: a block of another chain is refused")
  func otherChain() throws {
    var hash = HashFunction(Samples.chain.suite)
    let other = ChainContext(suite: Samples.chain.suite, genesis: Digest(9, 9, 9, 9))
    let bytes = try Self.block(1, &hash).bytes
    #expect(throws: BlockError.otherChain(Samples.chain.genesis)) {
      try Block(bytes: bytes, chain: other, hash: &hash)
    }
  }

  @Test("A count or length over the limit is refused before anything is allocated for it")
  func bombs() throws {
    var hash = HashFunction(Samples.chain.suite)
    let bytes = try Self.block(0, &hash).bytes
    var many = bytes
    many.replaceSubrange(113..<117, with: [0x21, 0x4E, 0, 0])
    #expect(throws: BlockError.tooManyTransactions(count: 20_001)) {
      try Block(bytes: many, chain: Samples.chain, hash: &hash)
    }
    many.replaceSubrange(113..<117, with: [0x20, 0x4E, 0, 0])
    #expect {
      try Block(bytes: many, chain: Samples.chain, hash: &hash)
    } throws: { error in
      guard case .encoding(.truncated)? = error as? BlockError else { return false }
      return true
    }
    let large = [UInt8](repeating: 0, count: Limits.blockBytes + 1)
    #expect(throws: BlockError.tooLarge(bytes: large.count)) {
      try Block(bytes: large, chain: Samples.chain, hash: &hash)
    }
  }

  @Test("A block's budget accepts what fits and nothing over a limit")
  func budget() throws {
    var hash = HashFunction(Samples.chain.suite)
    let transfer = Operation.assetTransfer(
      asset: Samples.name("eur"), from: Samples.account("a"), to: Samples.account("b"),
      amount: Amount(1))
    let full = try Samples.draft(Array(repeating: transfer, count: 10_000)).assemble(hash: &hash)
    var budget = BlockBudget()
    var taken = 0
    while budget.take(full) { taken += 1 }
    #expect(taken == min(Limits.blockOperations / 10_000, (Limits.blockBytes - 149) / (full.bytes.count + 4)))
    #expect(budget.bytes <= Limits.blockBytes)
    #expect(budget.transactions == taken)
  }
}
