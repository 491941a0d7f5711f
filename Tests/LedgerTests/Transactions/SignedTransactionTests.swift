import Cryptography
import Ledger
import Primitives
import TestHarness
import Testing

@Testing.Suite("Transactions")
struct SignedTransactionTests {
  @Test("A drafted transaction is read back from its bytes")
  func roundTrip() throws {
    var hash = HashFunction(Samples.chain.suite)
    let draft = try Samples.draft(try Samples.operations())
    let transaction = try draft.assemble(hash: &hash)
    let read = try SignedTransaction(bytes: transaction.bytes, chain: Samples.chain, hash: &hash)
    #expect(read == transaction)
    #expect(read.id == draft.id)
    #expect(read.operations == (try Samples.operations()))
    #expect(read.operationCount == read.operations.count)
    #expect(read.validUntil == Timestamp(1_900_000_000_000))
    #expect(read.nonce == 42)
    #expect(read.signatures == draft.signatures)
    #expect(read.sponsor.description == "bank-a")
    #expect(SignedTransaction.signedBytes(id: read.id, chain: Samples.chain) == draft.signedBytes)
    let reopened = try TransactionDraft(unsignedBytes: draft.unsignedBytes, chain: Samples.chain, hash: &hash)
    #expect(reopened.id == draft.id)
    #expect(try TransactionDraft(read, chain: Samples.chain).assemble(hash: &hash) == read)
  }

  @Test("E5: the id does not depend on the signatures")
  func idWithoutSignatures() throws {
    var hash = HashFunction(Samples.chain.suite)
    var draft = try Samples.draft(try Samples.operations())
    let before = try draft.assemble(hash: &hash)
    draft.add(Samples.signature("zz", 9))
    let after = try draft.assemble(hash: &hash)
    #expect(before.id == after.id)
    #expect(before.bytes != after.bytes)
  }

  @Test("E4: cut or lengthened bytes are refused; a changed byte gives an error or another transaction")
  func mutations() throws {
    var hash = HashFunction(Samples.chain.suite)
    let transaction = try Samples.draft(try Samples.operations()).assemble(hash: &hash)
    for length in 0..<transaction.bytes.count {
      #expect(throws: TransactionError.self) {
        try SignedTransaction(bytes: Array(transaction.bytes.prefix(length)), chain: Samples.chain, hash: &hash)
      }
    }
    #expect(throws: TransactionError.encoding(.trailingBytes(offset: transaction.bytes.count, count: 1))) {
      try SignedTransaction(bytes: transaction.bytes + [0], chain: Samples.chain, hash: &hash)
    }
    for position in transaction.bytes.indices {
      var bytes = transaction.bytes
      bytes[position] ^= 1
      guard let other = try? SignedTransaction(bytes: bytes, chain: Samples.chain, hash: &hash) else { continue }
      #expect(other.bytes == bytes)
      #expect((other.id != transaction.id) == (position < transaction.layout.unsignedCount))
    }
  }

  @Test("E4: random bytes never trap the decoder")
  func noise() throws {
    var hash = HashFunction(Samples.chain.suite)
    var random = SeededGenerator(seed: 11)
    let bytes = try Samples.draft(try Samples.operations()).assemble(hash: &hash).bytes
    for _ in 0..<5_000 {
      var noisy = bytes
      for _ in 0..<Int.random(in: 1...6, using: &random) {
        noisy[Int.random(in: 41..<noisy.count, using: &random)] = UInt8.random(in: 0...255, using: &random)
      }
      if let read = try? SignedTransaction(bytes: noisy, chain: Samples.chain, hash: &hash) {
        #expect(read.operations.count == read.operationCount)
      }
    }
  }

  @Test("E6: a transaction of another chain is refused, and another suite gives another id and other signed bytes")
  func otherChain() throws {
    var hash = HashFunction(Samples.chain.suite)
    let transaction = try Samples.draft(try Samples.operations()).assemble(hash: &hash)
    let other = ChainContext(suite: Samples.chain.suite, genesis: Digest(9, 9, 9, 9))
    #expect(throws: TransactionError.otherChain(Samples.chain.genesis)) {
      try SignedTransaction(bytes: transaction.bytes, chain: other, hash: &hash)
    }
    let suite = ChainContext(suite: .ed25519SHA256, genesis: Samples.chain.genesis)
    var otherHash = HashFunction(.ed25519SHA256)
    let read = try SignedTransaction(bytes: transaction.bytes, chain: suite, hash: &otherHash)
    #expect(read.id != transaction.id)
    #expect(
      SignedTransaction.signedBytes(id: read.id, chain: suite)
        != SignedTransaction.signedBytes(id: transaction.id, chain: Samples.chain))
    #expect(
      SignedTransaction.signedBytes(id: read.id, chain: other)
        != SignedTransaction.signedBytes(id: read.id, chain: Samples.chain))
  }

  @Test("E7: a signature that repeats a member's key, or is out of order, is refused")
  func repeatedSigner() throws {
    var hash = HashFunction(Samples.chain.suite)
    let draft = try Samples.draft(try Samples.operations())
    func assemble(_ signatures: [TransactionSignature], _ hash: inout HashFunction) throws -> SignedTransaction {
      var writer = Writer()
      writer.raw(draft.unsignedBytes)
      writer.byte(UInt8(signatures.count))
      for signature in signatures { signature.encode(into: &writer) }
      return try SignedTransaction(bytes: writer.bytes, chain: Samples.chain, hash: &hash)
    }
    let one = Samples.signature("bank-a", 1)
    let two = Samples.signature("bank-a", 2)
    let three = Samples.signature("bank-b", 0)
    let twin = TransactionSignature(member: one.member, key: one.key, signature: two.signature)
    #expect(try assemble([one, two, three], &hash).signatures == [one, two, three])
    for wrong in [[one, one], [one, twin], [two, one], [three, one]] {
      #expect(throws: TransactionError.signatureOrder(index: 1)) { try assemble(wrong, &hash) }
    }
    #expect(throws: TransactionError.noSignatures) { try assemble([], &hash) }
    let many = (0..<65).map { Samples.signature("bank-a", UInt64($0)) }
    #expect(throws: TransactionError.tooManySignatures(count: 65)) { try assemble(many, &hash) }
    #expect(try assemble(Array(many.prefix(64)), &hash).signatures.count == 64)
  }

  @Test("A draft keeps its signatures in order, one for each member and key")
  func draftOrder() throws {
    var hash = HashFunction(Samples.chain.suite)
    var draft = try TransactionDraft(
      operations: try Samples.operations(), validUntil: Timestamp(1), nonce: 0, chain: Samples.chain, hash: &hash)
    let signatures = [
      Samples.signature("bank-b", 1), Samples.signature("bank-a", 7), Samples.signature("bank-a", 3),
      Samples.signature("bank-a", 7), Samples.signature("a", 9),
    ]
    for signature in signatures { draft.add(signature) }
    #expect(draft.signatures == [signatures[4], signatures[2], signatures[1], signatures[0]])
    #expect(throws: Never.self) { try draft.assemble(hash: &hash) }
  }

  @Test("No operations, too many, and too many bytes are refused before anything is allocated for them")
  func counts() throws {
    var hash = HashFunction(Samples.chain.suite)
    func draft(_ operations: [Operation], _ hash: inout HashFunction) throws -> TransactionDraft {
      try TransactionDraft(
        operations: operations, validUntil: Timestamp(1), nonce: 0, chain: Samples.chain, hash: &hash)
    }
    let transfer = Operation.assetTransfer(
      asset: Samples.name("eur"), from: Samples.account("a"), to: Samples.account("b"),
      amount: Amount(1))
    #expect(throws: TransactionError.noOperations) { try draft([], &hash) }
    #expect(try draft(Array(repeating: transfer, count: 10_000), &hash).unsignedBytes.count < 1 << 20)
    #expect(throws: TransactionError.tooManyOperations(count: 10_001)) {
      try draft(Array(repeating: transfer, count: 10_001), &hash)
    }
    var bytes = try draft([transfer], &hash).unsignedBytes
    bytes.replaceSubrange(49..<53, with: [0xFF, 0xFF, 0xFF, 0xFF])
    #expect(throws: TransactionError.tooManyOperations(count: .max)) {
      try TransactionDraft(unsignedBytes: bytes, chain: Samples.chain, hash: &hash)
    }
    #expect(throws: TransactionError.tooLarge(bytes: (1 << 20) + 1)) {
      let bytes = [UInt8](repeating: 0, count: (1 << 20) + 1)
      return try SignedTransaction(bytes: bytes, chain: Samples.chain, hash: &hash)
    }
    #expect(throws: TransactionError.operation(index: 1, .invalid(field: "amount (must not be zero)"))) {
      let zero = Operation.assetIssue(asset: Samples.name("eur"), to: Samples.account("a"), amount: .zero)
      return try draft([transfer, zero], &hash)
    }
  }
}
