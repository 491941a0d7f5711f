/// Whether a node is working, and if not, why. `GET /v1/health`, with HTTP status 200 or 503.
public struct HealthView: Codable, Hashable, Sendable {
  public var healthy: Bool
  /// Empty if the node is healthy.
  public var reasons: [ErrorDetail]

  /// Peers that misbehaved in the last ten minutes; nil if none did. They do not make this node unhealthy.
  public var misbehaving: [MisbehavingPeer]?

  public init(reasons: [ErrorDetail], misbehaving: [MisbehavingPeer] = []) {
    healthy = reasons.isEmpty
    self.reasons = reasons
    self.misbehaving = misbehaving.isEmpty ? nil : misbehaving
  }
}
