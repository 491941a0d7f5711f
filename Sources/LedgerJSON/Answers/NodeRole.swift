/// What a node does in the running epoch.
public enum NodeRole: String, Codable, CaseIterable, Sendable {
  /// It holds the vote key of one of the validators, and votes.
  case validator
  /// It follows the chain.
  case observer
}
