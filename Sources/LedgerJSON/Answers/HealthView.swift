public import Primitives

/// What a node finds out about itself and its chain. `GET /v1/health`, with HTTP status 200 or 503.
public struct HealthView: Codable, Hashable, Sendable {
  /// Whether the node does its part, and the chain can make transactions final, as far as the node sees.
  public var healthy: Bool
  /// The critical findings, what is nearest to the cause first; empty if the node is healthy.
  public var reasons: [Finding]
  /// The other findings: warnings, then notices.
  public var warnings: [Finding]

  /// Peers that misbehaved in the last ten minutes; nil if none did. They do not make this node unhealthy.
  public var misbehaving: [MisbehavingPeer]?

  /// - Parameter findings: in any order of severity; the order of those of one severity is kept.
  public init(findings: [Finding], misbehaving: [MisbehavingPeer] = []) {
    reasons = findings.filter { $0.severity == .critical }
    warnings = findings.filter { $0.severity == .warning } + findings.filter { $0.severity == .notice }
    healthy = reasons.isEmpty
    self.misbehaving = misbehaving.isEmpty ? nil : misbehaving
  }

  /// Reasons, then warnings.
  public var findings: [Finding] { reasons + warnings }
}
