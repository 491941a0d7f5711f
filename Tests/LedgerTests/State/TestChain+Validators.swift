import Cryptography
import Ledger
import Primitives

extension TestChain {
  /// Adds or replaces a node with one pin and one address.
  static func node(_ node: String, of member: String, pin: UInt64, port: Int = 7000) -> Operation {
    .directorySet(
      name: name(node), member: name(member), pins: [Digest(pin, 0, 0, 0)], addresses: ["\(node).example:\(port)"])
  }

  /// A proof with a made-up signature, since the state does not verify it.
  static func keyProof(_ validator: String, _ key: PublicKey) -> KeyProof {
    KeyProof(validator: name(validator), key: key, signature: Signature(first: .zero, second: .zero))
  }

  static func remove(node: String) -> Operation { .directoryRemove(name: name(node)) }

  /// The digest of the configuration at the tip.
  var found: Digest { state.tip.above.configuration }

  // Each names the configuration at the tip unless it is given another one.

  func add(_ validator: String, _ key: PublicKey, finding digest: Digest? = nil) -> Operation {
    .validatorAdd(Self.keyProof(validator, key), configuration: digest ?? found)
  }

  func update(_ validator: String, _ key: PublicKey, finding digest: Digest? = nil) -> Operation {
    .validatorUpdate(Self.keyProof(validator, key), configuration: digest ?? found)
  }

  func remove(_ validator: String, finding digest: Digest? = nil) -> Operation {
    .validatorRemove(name: Self.name(validator), configuration: digest ?? found)
  }

  /// The names of the validators of the next block, in order.
  var validators: [String] { state.configuration.validators.map { "\($0.name)" } }

  /// A chain with the validators node1 (of admin-1), node2 (of bank-a) and node3 (of shop), which have the first keys, and
  /// the observer node4 (of bank-b); and six keys.
  static func withValidators() throws -> (chain: TestChain, keys: [PublicKey]) {
    let chain = TestChain()
    let keys = try realKeys(6)
    try chain.prepare(
      [
        node("node2", of: "bank-a", pin: 2), node("node3", of: "shop", pin: 3), node("node4", of: "bank-b", pin: 4),
        chain.update("node1", keys[0]), chain.add("node2", keys[1]), chain.add("node3", keys[2]),
      ], by: admins)
    return (chain, keys)
  }
}
