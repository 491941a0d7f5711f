public import Ledger
public import Primitives

/// A member. `GET /v1/members/{name}`.
public struct MemberView: Codable, Hashable, Sendable {
  public var name: Name
  public var description: String
  public var roles: Roles
  public var keys: [PublicKey]
  /// The number of keys that must sign.
  public var threshold: Int
  /// Whether the member is suspended: it cannot act, and its accounts can neither pay nor receive.
  public var suspended: Bool
  /// Present if the member is suspended.
  public var suspensionReason: String?

  public init(name: Name, description: String, authority: MemberAuthority, suspension: String?) {
    self.name = name
    self.description = description
    roles = authority.roles
    keys = authority.keys
    threshold = Int(authority.threshold)
    suspended = suspension != nil
    suspensionReason = suspension
  }
}
