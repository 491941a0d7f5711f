/// What the outer process, which sets up the sandbox, tells the inner process, which does the work.
struct SandboxConfiguration: Codable, Sendable {
  var seed: UInt64
  var directory: String
  var roadbed: String
  /// Nil on loopback.
  var networkPrefix: String?
  var shaper: NodeNetwork.Shaper
  /// Why there are no network namespaces, if there are none.
  var refusal: String?
  /// Whether mounts are visible only to this run and end with it.
  var hasPrivateMounts: Bool
}
