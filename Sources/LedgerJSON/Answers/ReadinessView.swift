/// Whether a node can be given work. `GET /v1/ready`, with HTTP status 200 or 503.
public struct ReadinessView: Codable, Hashable, Sendable {
  /// Whether the node is level and, if it is a validator, votes.
  public var ready: Bool
  /// Whether the node has the blocks that its peers say they have, so that its answers are current.
  public var level: Bool
  /// Whether the node votes.
  public var voting: Bool

  public init(role: NodeRole, level: Bool, voting: Bool) {
    self.level = level
    self.voting = voting
    ready = level && (role == .observer || voting)
  }
}
