import Cryptography
import Ledger
import Primitives
import TestHarness
import Testing

@Testing.Suite("Proofs of vote keys")
struct KeyProofTests {
  private let chain = ChainContext(suite: .ed25519SHA256, genesis: Digest(1, 2, 3, 4))

  private func proof(_ validator: String, _ key: PrivateKey, for chain: ChainContext? = nil) throws -> KeyProof {
    let name = Samples.name(validator)
    let message = KeyProof.signedBytes(validator: name, key: key.publicKey, chain: chain ?? self.chain)
    return KeyProof(validator: name, key: key.publicKey, signature: try key.sign(message))
  }

  private func transaction(_ operations: [Operation], signers: Int = 2) throws -> SignedTransaction {
    var hash = HashFunction(chain.suite)
    var draft = try TransactionDraft(
      operations: operations, validUntil: Timestamp(9), nonce: 1, chain: chain, hash: &hash)
    for number in 0..<signers {
      try draft.sign(as: Samples.name("bank-a"), with: try Samples.privateKey(UInt8(1 + number)))
    }
    return try draft.assemble(hash: &hash)
  }

  private func holding(_ transaction: SignedTransaction) -> [Bool] {
    var items: [VerificationItem] = []
    transaction.view.appendSignatures(chain, to: &items)
    #expect(items.count == transaction.layout.verificationCount)
    var verifier = SignatureVerifier(chain.suite)
    return verifier.verify(batch: items)
  }

  @Test("The proofs of a transaction are verified after its signatures, in the order of its operations")
  func order() throws {
    let keys = try (20...22).map { try Samples.privateKey($0) }
    let restore = Operation.memberRestore(name: Samples.name("bank-b"))
    var wrong = try proof("node2", keys[1])
    let operations: [Operation] = [
      .validatorAdd(try proof("node1", keys[0]), configuration: .zero), restore,
      .validatorUpdate(try proof("node2", keys[1]), configuration: .zero),
      .validatorRemove(name: Samples.name("node3"), configuration: .zero),
      .validatorUpdate(try proof("node3", keys[2]), configuration: .zero),
    ]
    let sound = try transaction(operations)
    #expect(sound.view.keyProofs.map { "\($0.validator)" } == ["node1", "node2", "node3"])
    #expect(holding(sound) == [true, true, true, true, true])
    #expect(sound.layout.signatureCount == 2)
    wrong = KeyProof(validator: wrong.validator, key: wrong.key, signature: try proof("node1", keys[1]).signature)
    var other = operations
    other[2] = .validatorUpdate(wrong, configuration: .zero)
    #expect(holding(try transaction(other)) == [true, true, true, false, true])
    let plain = try transaction([restore])
    #expect(plain.view.keyProofs.isEmpty)
    #expect(holding(plain) == [true, true])
  }

  @Test("E6: a proof holds for one validator, one key and one chain only")
  func bound() throws {
    let key = try Samples.privateKey(20)
    let sound = try proof("node1", key)
    let foreign = try proof("node1", key, for: ChainContext(suite: chain.suite, genesis: Digest(1, 2, 3, 5)))
    let elsewhere = try proof("node2", key)
    let stolen = KeyProof(
      validator: sound.validator, key: try Samples.privateKey(21).publicKey, signature: sound.signature)
    for (signature, holds) in [(sound.signature, true), (foreign.signature, false), (elsewhere.signature, false)] {
      let proof = KeyProof(validator: sound.validator, key: sound.key, signature: signature)
      #expect(holding(try transaction([.validatorAdd(proof, configuration: .zero)], signers: 1)) == [true, holds])
    }
    #expect(holding(try transaction([.validatorAdd(stolen, configuration: .zero)], signers: 1)) == [true, false])
  }

  @Test("Proofs count among the 64 signatures of a transaction")
  func limit() throws {
    let proof = try proof("node1", try Samples.privateKey(20))
    let add = Operation.validatorAdd(proof, configuration: .zero)
    let most = Limits.transactionSignatures
    #expect(try transaction(Array(repeating: add, count: most - 2)).layout.verificationCount == most)
    #expect(throws: TransactionError.tooManySignatures(count: most + 1)) {
      try transaction(Array(repeating: add, count: most - 1))
    }
    #expect(throws: TransactionError.tooManySignatures(count: 5_001)) {
      try transaction(Array(repeating: add, count: 5_000), signers: 1)
    }
  }
}
