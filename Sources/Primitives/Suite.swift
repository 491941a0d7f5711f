/// The hash and signature algorithms of a chain, chosen once and for all in its genesis.
public enum Suite: UInt8, CaseIterable, Sendable, BitwiseCopyable {
  /// ECDSA over NIST P-256 with SHA-256 (FIPS 186-5, FIPS 180-4). The default.
  case p256SHA256 = 1
  /// Ed25519 with SHA-256 (RFC 8032).
  case ed25519SHA256 = 2
  /// SM2 with SM3 (GB/T 32918, GB/T 32905), with the standard default identity.
  case sm2SM3 = 3

  /// The name in configuration, genesis files and JSON.
  public var name: String {
    switch self {
    case .p256SHA256: "p256-sha256"
    case .ed25519SHA256: "ed25519-sha256"
    case .sm2SM3: "sm2-sm3"
    }
  }

  public init?(name: some StringProtocol) {
    guard let suite = Suite.allCases.first(where: { $0.name == name }) else { return nil }
    self = suite
  }
}
