import Cryptography
import Ledger
import Primitives
import TestHarness
import Testing

@testable import Node

@Testing.Suite("The signatures of an audit")
struct AuditSignaturesTests {
  @Test("An audit finds an invalid proof of a vote key as it finds an invalid signature", arguments: [true, false])
  func keyProof(isSound: Bool) throws {
    let chain = ChainContext(suite: .ed25519SHA256, genesis: Digest(1, 2, 3, 4))
    var hash = HashFunction(chain.suite)
    let key = try Samples.privateKey(20)
    let name = Samples.name("node1")
    let message = KeyProof.signedBytes(validator: name, key: key.publicKey, chain: chain)
    let signer = isSound ? key : try Samples.privateKey(21)
    let proof = KeyProof(validator: name, key: key.publicKey, signature: try signer.sign(message))
    var draft = try TransactionDraft(
      operations: [.validatorAdd(proof, configuration: .zero)], validUntil: Timestamp(9), nonce: 1, chain: chain,
      hash: &hash)
    try draft.sign(as: Samples.name("bank-a"), with: try Samples.privateKey(1))
    let block = Block.assemble(
      height: Height(1), parent: .zero, parentResult: .zero, timestamp: Timestamp(1),
      transactions: [try draft.assemble(hash: &hash)], chain: chain, hash: &hash)
    let signatures = AuditSignatures(chain, threads: 1)
    signatures.check(block, position: LogPosition(7))
    signatures.stop()
    #expect(signatures.firstFault?.code == (isSound ? nil : "audit.transaction-signature"))
  }
}
