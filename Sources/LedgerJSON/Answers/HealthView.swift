/// Whether a node is working, and if not, why. `GET /v1/health`, with HTTP status 200 or 503.
public struct HealthView: Codable, Hashable, Sendable {
  public var healthy: Bool
  /// Empty if the node is healthy.
  public var reasons: [ErrorDetail]

  public init(reasons: [ErrorDetail]) {
    healthy = reasons.isEmpty
    self.reasons = reasons
  }
}
