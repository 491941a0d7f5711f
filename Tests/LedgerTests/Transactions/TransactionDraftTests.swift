import Cryptography
import Ledger
import Primitives
import TestHarness
import Testing

@Testing.Suite("Transactions that collect signatures")
struct TransactionDraftTests {
  private func read(_ bytes: [UInt8]) throws -> TransactionDraft {
    var hash = HashFunction(Samples.chain.suite)
    return try TransactionDraft(bytes: bytes, chain: Samples.chain, hash: &hash)
  }

  @Test("The bytes of a draft carry the signatures so far, of which there may be none, and are read back")
  func bytes() throws {
    var hash = HashFunction(Samples.chain.suite)
    let signed = try Samples.draft(try Samples.operations())
    #expect(signed.bytes == (try signed.assemble(hash: &hash).bytes))
    var unsigned = signed
    unsigned.keepSignatures { _ in false }
    #expect(unsigned.bytes == signed.unsignedBytes + [0])
    for draft in [signed, unsigned] {
      let again = try read(draft.bytes)
      #expect(again.id == draft.id)
      #expect(again.signatures == draft.signatures)
      #expect(again.operations == (try Samples.operations()))
      #expect(again.validUntil == Timestamp(1_900_000_000_000))
      #expect(again.nonce == 42)
    }
    // Signing goes on where it ended.
    unsigned = try read(unsigned.bytes)
    for signature in signed.signatures { unsigned.add(signature) }
    #expect(unsigned.bytes == signed.bytes)
  }

  @Test("E4: bytes of a draft that are cut or lengthened are refused, and so is too much of anything")
  func malformed() throws {
    var unsigned = try Samples.draft(try Samples.operations())
    let signed = unsigned
    unsigned.keepSignatures { _ in false }
    for bytes in [unsigned.bytes, signed.bytes] {
      for count in 0..<bytes.count {
        #expect(throws: TransactionError.self) { try read(Array(bytes.prefix(count))) }
      }
      #expect(throws: TransactionError.self) { try read(bytes + [0]) }
    }
    #expect(throws: TransactionError.tooLarge(bytes: (1 << 20) + 1)) {
      try read([UInt8](repeating: 0, count: (1 << 20) + 1))
    }
    var crowded = unsigned
    for key in 0..<300 { crowded.add(Samples.signature("bank-a", UInt64(key))) }
    #expect(throws: TransactionError.tooManySignatures(count: 255)) { try read(crowded.bytes) }
    #expect(throws: TransactionError.otherChain(Samples.chain.genesis)) {
      var hash = HashFunction(Samples.chain.suite)
      let other = ChainContext(suite: Samples.chain.suite, genesis: Digest(9, 9, 9, 9))
      return try TransactionDraft(bytes: unsigned.bytes, chain: other, hash: &hash)
    }
  }

  @Test("Each signature is verified with the key that it names, and each key proof with its own")
  func verification() throws {
    let chain = ChainContext(suite: .ed25519SHA256, genesis: Digest(1, 2, 3, 4))
    var hash = HashFunction(chain.suite)
    let key = try Samples.privateKey(9)
    let node = Samples.name("node2")
    let proof = KeyProof(
      validator: node, key: key.publicKey,
      signature: try key.sign(KeyProof.signedBytes(validator: node, key: key.publicKey, chain: chain)))
    let stolen = KeyProof(validator: Samples.name("node3"), key: key.publicKey, signature: proof.signature)
    var draft = try TransactionDraft(
      operations: [.validatorAdd(proof, configuration: .zero), .validatorAdd(stolen, configuration: .zero)],
      validUntil: Timestamp(9), nonce: 1, chain: chain, hash: &hash)
    try draft.sign(as: Samples.name("bank-a"), with: try Samples.privateKey(1))
    let first = draft.signatures[0]
    draft.add(
      TransactionSignature(
        member: Samples.name("bank-b"), key: try Samples.privateKey(2).publicKey, signature: first.signature))
    var verifier = SignatureVerifier(chain.suite)
    let shown = draft.verify(with: &verifier)
    #expect(shown.signatures == [true, false])
    #expect(shown.badKeyProofs == [Samples.name("node3")])
  }
}
