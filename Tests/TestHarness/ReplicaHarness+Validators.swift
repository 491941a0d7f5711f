package import Ledger
import Primitives
import Simulation

extension ReplicaHarness {
  /// A transaction of the member that runs a validator of genesis, which changes the validator's vote key and so the
  /// configuration that genesis leaves.
  /// - Parameter isProved: whether the new key signs the proof; otherwise the old one does.
  package func keyChange(of validator: Int, isProved: Bool = true) throws -> SignedTransaction {
    let running = population.genesis.configuration.validators[validator]
    let key = ring.makeKey()
    let message = KeyProof.signedBytes(validator: running.name, key: key, chain: population.chain)
    let signature = try unwrap(ring.sign(message, with: isProved ? key : running.voteKey))
    let proof = KeyProof(validator: running.name, key: key, signature: signature)
    return try transaction(
      [.validatorUpdate(proof, configuration: genesisPoint.above.configuration)], of: running.member)
  }
}
