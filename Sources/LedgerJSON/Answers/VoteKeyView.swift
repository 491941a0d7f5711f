public import Ledger
public import Primitives

/// The vote key that the chain can name next for a node, with the proof that the node has it. `GET /v1/vote-key`.
public struct VoteKeyView: Codable, Hashable, Sendable {
  /// The node's name in the chain's directory, and the member that runs it.
  public var node: Name
  public var member: Name
  public var role: NodeRole
  public var voteKey: PublicKey
  /// The signature of `KeyProof` by this key.
  public var keyProof: Signature
  /// Whether the node would listen before it voted with this key in the next epoch, because its log does not say that the
  /// key has never voted. Until it has listened it does not count towards a quorum.
  public var listens: Bool

  public init(_ proof: KeyProof, member: Name, role: NodeRole, listens: Bool) {
    node = proof.validator
    self.member = member
    self.role = role
    voteKey = proof.key
    keyProof = proof.signature
    self.listens = listens
  }

  /// The proof in the form in which operations carry it. Whoever signs such an operation should verify it first.
  public var proof: KeyProof { KeyProof(validator: node, key: voteKey, signature: keyProof) }
}
