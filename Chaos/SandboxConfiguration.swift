/// What the part of the program that does the work is told by the part that makes its surroundings.
struct SandboxConfiguration: Codable, Sendable {
  var seed: UInt64
  var directory: String
  var roadbed: String
  /// Nil on loopback.
  var networkPrefix: String?
  var shaper: NodeNetwork.Shaper
  /// Why there are no network namespaces.
  var refusal: String?
  /// Whether a mount is seen by this run only, and ends with it.
  var hasPrivateMounts: Bool
}
