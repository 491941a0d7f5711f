import Cryptography
import Primitives

@testable import Ledger

extension VectorChain {
  /// The new vote key of node3, and that of node5.
  static let voteKeys = 11...12

  /// Block 4: the member of node3 changes its vote key, then the administrators replace node1 by node5, a new node, and add
  /// and remove node6. With the entries that only such a block makes.
  func recordValidators() throws {
    let name = TestChain.name
    var configuration = genesis.configuration
    let update = try transaction(
      [
        .validatorUpdate(
          try keyProof("node3", Self.voteKeys.lowerBound), configuration: configuration.digest(hash: &hash))
      ],
      by: Self.bankB.map { ("bank-b", $0) })
    configuration.validators[2].voteKey = try Self.key(Self.voteKeys.lowerBound, suite).publicKey
    let found = configuration.digest(hash: &hash)
    let replace = try transaction(
      [
        .directorySet(
          name: name("node5"), member: name("bank-b"), pins: [Digest(1, 2, 3, 6), Digest(1, 2, 3, 5)],
          addresses: ["node5.example:7005", "[::1]:7005"]),
        .directorySet(
          name: name("node6"), member: name("bank-a"), pins: [Digest(1, 2, 3, 7)], addresses: ["[::1]:7006"]),
        .directoryRemove(name: name("node6")),
        .validatorAdd(try keyProof("node5", Self.voteKeys.upperBound), configuration: found),
        .validatorRemove(name: name("node1"), configuration: found),
      ], by: [("registry", Self.registry)])
    try block([update, replace], outcomes: [.applied, .applied])
    for (index, key) in [StateKey.keyChange(name("node3")), .node(name("node5")), .node(name("node6"))].enumerated() {
      let proof = state.prove(key)
      file.add("later-state-proof.\(index + 1)", encoded { proof.encode(into: &$0) })
      guard let entry = proof.entry else { continue }
      file.add("later-entry.\(index + 1).key", encoded { key.encode(into: &$0) })
      file.add("later-entry.\(index + 1).value", encoded { entry.encodeValue(into: &$0) })
    }
    file.add("configuration.next", state.configuration.bytes)
  }

  private func keyProof(_ validator: String, _ number: Int) throws -> KeyProof {
    let key = try Self.key(number, suite)
    let message = KeyProof.signedBytes(
      validator: TestChain.name(validator), key: key.publicKey, chain: genesis.chain)
    return KeyProof(
      validator: TestChain.name(validator), key: key.publicKey, signature: try file.signature(of: message, by: key))
  }
}
